"""A unit keeps its log of cases inside its return; the counts follow from it."""

import re
from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from kpis.models import Case, CountedCase, Entry
from returns.models import Line
from schools.models import AuditRow, Role
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_clause,
    make_entry,
    make_head,
    make_kpi,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db


class Log:
    """A school that mends what is dangerous within a month, its log and its return."""

    def __init__(self, client, term="2025-autumn"):
        self.trust, self.client = make_trust(), client
        self.school = make_school(self.trust)
        columns = {"kind": "cases", "basis": "term", "keeps_log": True, "decimals": 0}
        self.measure = make_measure(self.trust, "Repairs", better="lower", **columns)
        make_clause(make_kpi(make_plan(self.trust)), self.measure, rule="cases", months_allowed=1)
        self.return_ = make_return(self.school, make_term(self.trust, term))
        client.force_login(make_head(self.school))

    def page(self, name="log", return_=None):
        at = [self.trust, (return_ or self.return_).pk]
        at += [self.measure.pk, self.school.pk] if name == "log" else []
        return reverse(f"returns:return-{name}", args=at)

    def post(self, then="all", return_=None, **boxes):
        held = boxes_of(self.client.get(self.page(return_=return_)))
        said = {name.replace("_", "-", 1): text for name, text in boxes.items()}
        return self.client.post(self.page(return_=return_), held | said | {"then": then})

    def add(self, what, opened, row=0, **more):
        boxes = {f"case-{row}-what": what, f"case-{row}-opened": opened}
        boxes |= {f"case-{row}-{name}": text for name, text in more.items()}
        held = boxes_of(self.client.get(self.page()))
        return self.client.post(self.page(), held | boxes | {"then": "all"})

    def counts(self):
        """What the return says: (overdue, all)."""
        line = Line.everywhere.filter(return_to=self.return_).first()
        return (line.numerator, line.denominator) if line else None

    def version(self):
        self.school.refresh_from_db()
        return self.school.data_version


def test_the_counts_of_the_return_follow_from_the_log(client):
    log = Log(client)

    assert log.add("Loose tiles", "3 October 2025", closed="20 October 2025").status_code == 302
    assert log.add("Fire door", "1 December 2025", row=1).status_code == 302

    assert Case.everywhere.count() == 2
    assert log.counts() == ("1", "2")  # the door is a month old and open
    opened = AuditRow.everywhere.filter(action="opened a case")
    assert [row.after["what"] for row in opened] == ["Fire door", "Loose tiles"]
    edit = client.get(log.page("edit")).text
    assert "1 overdue of 2" in edit
    assert log.page() in edit


def test_closing_a_case_changes_the_counts_and_says_so_in_the_history(client):
    log = Log(client)
    log.add("Fire door", "1 December 2025")

    log.post(**{"case_0-closed": "10 December 2025"})

    assert log.counts() == ("0", "1")
    [row] = AuditRow.everywhere.filter(action="closed a case")
    assert row.thing_name.startswith("Fire door")
    assert (row.before, row.after) == ({}, {"closed": "2025-12-10"})


def test_the_return_says_nothing_until_the_log_is_said_to_be_all(client):
    log = Log(client)

    log.post(then="more", **{"case_0-what": "Fire door", "case_0-opened": "1 December 2025"})
    assert (Case.everywhere.count(), log.counts()) == (1, None)
    assert "confirm that this is all" in client.get(log.page()).text

    log.post(then="all")
    assert log.counts() == ("1", "1")


def test_none_is_confirmed_and_is_not_the_same_as_a_blank(client):
    log = Log(client)
    assert log.counts() is None

    log.post(then="all")

    assert log.counts() == ("0", "0")


def test_what_is_open_goes_on_into_the_next_term_and_what_was_closed_does_not(client):
    log = Log(client)
    log.add("Fire door", "1 December 2025")
    log.add("Loose tiles", "3 October 2025", row=1, closed="20 October 2025")
    spring = make_return(log.school, make_term(log.trust, "2026-spring"))

    page = client.get(log.page(return_=spring)).text

    assert "Fire door" in page
    assert "Loose tiles" not in page


def test_a_case_of_which_only_the_plan_is_told_is_asked_about_and_not_dropped(client):
    log = Log(client)

    page = log.post(**{"case_0-planned": "2 December 2025"})

    assert page.status_code == 422
    assert "Say in a few words what the case is." in page.text
    assert boxes_of(page)["case-0-planned"] == "2 December 2025"


def test_a_count_told_before_the_log_was_kept_is_named_with_what_becomes_of_it(client):
    log = Log(client)
    log.add("Loose tiles", "3 October 2025")
    assert "The return says the same." in client.get(log.page()).text

    Line.everywhere.update(numerator="2", denominator="5")
    page = client.get(log.page())

    assert "The return says 2 overdue of 5: saving here puts the count of this log" in page.text
    log.post()
    assert log.counts() == ("1", "1")


def test_a_sent_count_that_no_case_stands_behind_is_not_shown_beside_an_empty_log_unexplained(
    client,
):
    log = Log(client)
    log.post()
    Line.everywhere.update(numerator="2", denominator="5")
    type(log.return_).everywhere.filter(pk=log.return_.pk).update(state="submitted")

    page = client.get(log.page()).text

    assert "The return says 2 overdue of 5: its two counts were given without this log." in page


def test_a_sent_count_that_has_grown_older_is_said_to_be_of_the_day_when_it_was_sent(client):
    log = Log(client)
    log.add("Fire door", "1 December 2025")
    Line.everywhere.update(numerator="0", denominator="1")
    type(log.return_).everywhere.filter(pk=log.return_.pk).update(state="submitted")

    page = client.get(log.page()).text

    assert "The return says 0 overdue of 1, as it was counted when it was sent." in page


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        ({"what": "Door"}, "Enter the day on which it came up"),
        ({"opened": "1 December 2025"}, "Say in a few words what the case is"),
        ({"what": "Door", "opened": "soon"}, "Enter the day as a day"),
        ({"what": "Door", "opened": "1 May 2026"}, "it belongs to the next return"),
        (
            {"what": "Door", "opened": "1 December 2025", "closed": "1 October 2025"},
            "cannot close before it came up",
        ),
    ],
)
def test_days_that_cannot_be_are_named_and_nothing_is_kept(boxes, words, client):
    log = Log(client)

    page = log.post(**{f"case_0-{name}": text for name, text in boxes.items()})

    assert page.status_code == 422
    assert words in page.text
    assert (Case.everywhere.count(), log.counts()) == (0, None)


def test_a_log_that_somebody_else_has_changed_is_not_written_over(client):
    log = Log(client)
    stale = boxes_of(client.get(log.page()))
    log.add("Fire door", "1 December 2025")

    boxes = {"case-0-what": "Gas", "case-0-opened": "2 December 2025", "then": "all"}
    answer = client.post(log.page(), stale | boxes)

    assert answer.status_code == 409
    assert [case.what for case in Case.everywhere.all()] == ["Fire door"]


def test_a_mistake_is_taken_out_and_lives_on_in_the_history(client):
    log = Log(client)
    log.add("Fire door", "1 December 2025")

    log.post(**{"case_0-out": "on"})

    assert (Case.everywhere.count(), log.counts()) == (0, ("0", "0"))
    [row] = AuditRow.everywhere.filter(action="took out a case")
    assert row.before["what"] == "Fire door"


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_the_log_of_what_has_been_sent_is_read_and_not_changed(state, client):
    log = Log(client)
    log.add("Fire door", "1 December 2025")
    held = boxes_of(client.get(log.page()))
    type(log.return_).everywhere.filter(pk=log.return_.pk).update(state=state)

    answer = client.post(log.page(), held | {"case-0-what": "Gas", "then": "all"})

    assert answer.status_code == 409
    assert Case.everywhere.get().what == "Fire door"
    assert "Fire door" in client.get(log.page()).text


class Sent(Log):
    """The same, with those who decide on the return and who read the dashboard."""

    def __init__(self, client):
        super().__init__(client)
        self.leader, self.manager = Client(), Client()
        self.leader.force_login(make_user(Role.LEADER, self.trust))
        self.manager.force_login(make_user(Role.DATA_MANAGER, self.trust))

    def move(self, page, decides=False, **form):
        self.return_.refresh_from_db()
        form = {"version": self.return_.version, "confirm": "on", **form}
        answer = (self.manager if decides else self.client).post(self.page(page), form)
        assert answer.status_code == 302
        return answer

    def shown(self, term="2025-autumn"):
        """What the trust reads of it: how many cases and overdue, and with what reserve."""
        page = self.leader.get(reverse("dashboard:matrix", args=[self.trust], query={"term": term}))
        found = re.search(r"(\d+) cases?, (\d+) overdue now", page.text)
        provisional = "Sent in, not approved yet" in page.text
        return (*map(int, found.groups()), provisional) if found else None


def test_a_log_counts_as_a_typed_figure_does_from_the_day_it_is_sent(client):
    log = Sent(client)
    before = log.version()

    log.add("Fire door", "1 December 2025")
    assert (log.shown(), log.version()) == (None, before)  # overdue, and still being typed

    log.move("submit")
    assert log.shown() == (1, 1, True)

    log.move("withdraw")
    assert log.shown() is None

    log.move("submit")
    log.move("approve", decides=True, action="send_back", note="Is it not mended?")
    assert log.shown() is None

    log.post(**{"case_0-closed": "10 December 2025"})
    log.move("submit")
    log.move("approve", decides=True, action="approve")
    assert log.shown() == (1, 0, False)
    assert CountedCase.everywhere.get().closed == date(2025, 12, 10)


def test_what_was_approved_stands_while_its_log_is_reopened_and_goes_on(client):
    log = Sent(client)
    log.add("Fire door", "1 December 2025")
    log.move("submit")
    log.move("approve", decides=True, action="approve")
    log.move("reopen", decides=True, reason="It was mended")

    log.post(**{"case_0-closed": "10 December 2025"})
    assert log.shown() == (1, 1, False)

    log.move("submit")
    assert log.shown() == (1, 0, True)

    log.move("approve", decides=True, action="approve")
    assert log.shown() == (1, 0, False)
    assert CountedCase.everywhere.count() == 1


def test_the_next_terms_log_changes_nothing_of_what_was_sent_before(client):
    log = Sent(client)
    log.add("Fire door", "1 December 2025")
    log.move("submit")
    log.move("approve", decides=True, action="approve")
    autumn, log.return_ = log.return_, make_return(log.school, make_term(log.trust, "2026-spring"))

    log.post(**{"case_0-what": "Gas tap", "case_0-closed": "10 January 2026"})

    assert log.shown() == (1, 1, False)
    assert "Fire door" in client.get(log.page(return_=autumn)).text
    assert log.shown("2026-spring") == (1, 1, False)  # as autumn left it, until spring is sent

    log.move("submit")
    assert log.shown("2026-spring") == (1, 0, True)
    assert log.shown() == (1, 1, False)


def test_a_log_written_in_since_it_was_said_to_be_all_is_not_sent(client):
    log = Sent(client)
    log.add("Fire door", "1 December 2025")
    Case.everywhere.create(
        measure=log.measure, unit=log.school, what="Gas tap", opened=date(2025, 12, 2)
    )

    log.return_.refresh_from_db()
    answer = client.post(
        log.page("submit"), {"version": log.return_.version, "confirm": "on"}, follow=True
    )

    assert "2 cases in its log now. Open the log, and say that this is all." in answer.text
    assert Entry.everywhere.count() == 0

    log.post(then="all")
    log.move("submit")
    assert CountedCase.everywhere.count() == 2


def test_while_it_is_kept_a_log_is_judged_inside_the_return_only(client):
    log = Sent(client)
    log.add("Fire door", "1 December 2025")

    results = client.get(log.page("results")).json()

    assert "1 overdue now" in str(results)
    assert log.shown() is None


def test_what_is_sent_is_judged_by_the_log(client):
    log = Log(client)
    log.add("Fire door", "1 December 2025", closed="20 December 2025")
    log.return_.refresh_from_db()
    form = {"version": log.return_.version, "confirm": "on"}
    client.post(log.page("submit"), form)

    client.force_login(make_user(Role.LEADER, log.trust))
    page = client.get(reverse("dashboard:matrix", args=[log.trust], query={"term": "2025-autumn"}))

    assert Entry.everywhere.get().value == 1
    assert Case.everywhere.get().closed == date(2025, 12, 20)
    assert "1 case, 0 overdue now" in page.text


def test_logs_that_were_sent_before_cases_went_in_with_their_entry_go_on_counting(client):
    log = Sent(client)
    log.add("Fire door", "1 December 2025")
    log.move("submit")
    CountedCase.everywhere.all().delete()  # as it was before
    spring = make_entry(log.measure, log.school, make_term(log.trust, "2026-spring"), value=3)

    migration = import_module("kpis.migrations.0006_logs_that_have_been_sent")
    with inside(log.trust):
        migration.let_logs_count(apps, SimpleNamespace(connection=connection))

    [case] = CountedCase.everywhere.exclude(entry=spring)
    assert (case.what, case.opened, case.closed) == ("Fire door", date(2025, 12, 1), None)
    assert log.shown() == (1, 1, True)
    assert not CountedCase.everywhere.filter(entry=spring).exists()  # three told, one in the log
