"""Opening again what was approved or closed: one line or all, and what counts meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest

from kpis.models import Entry, Judgement
from returns.asked.asking import Asking
from returns.asked.questions import Typed
from returns.collecting.terms import close
from returns.grid.saving import Change, save_lines
from returns.life.approving import approve, send_back
from returns.life.reopening import reopen
from returns.life.sending import submit, withdraw
from returns.models import Line, Return
from schools.models import AuditRow, Memberships, Role, Unit
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import (
    make_head,
    make_house,
    make_line,
    make_measure,
    make_return,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 20, 15, 10, tzinfo=UTC)


class House:
    """A school with two figures in an approved return, its head and the data manager."""

    def __init__(self):
        self.trust, self.term, self.attendance, [self.school] = make_house()
        self.punctuality = make_measure(self.trust, "Punctuality")
        self.return_ = make_return(self.school, self.term, typed="93.5", measure=self.attendance)
        make_line(self.return_, self.punctuality, value="88.0")
        self.manager = Memberships(make_user(Role.DATA_MANAGER, self.trust), self.trust)
        self.head = Memberships(make_head(self.school), self.trust)

    def now(self):
        with inside(self.trust):
            return Return.objects.to_show().get(pk=self.return_.pk)

    def line(self, measure):
        return Line.everywhere.get(return_to=self.return_, measure=measure)

    def type(self, measure, text, by=None, **more):
        with inside(self.trust):
            asking = Asking(self.term)
            [asked] = [
                one
                for one in asking.of_return(self.school.pk)
                if one.measure == measure and one.unit.id == self.school.pk
            ]
            line = Line.objects.filter(return_to=self.return_, measure=measure).first()
            change = Change(asked, Typed(value=text, **more), seen=line.version if line else 0)
            save_lines(self.now(), [change], memberships=by or self.head, at=NOW)

    def submit(self, by=None):
        with inside(self.trust):
            submit(self.now(), version=self.now().version, memberships=by or self.head, at=NOW)

    def approve(self):
        with inside(self.trust):
            approve(self.now(), version=self.now().version, memberships=self.manager, at=NOW)

    def reopen(self, *measures, reason="Year 6 was left out.", by=None):
        lines = [self.line(measure).pk for measure in measures] or None
        with inside(self.trust):
            reopen(self.return_, lines=lines, reason=reason, memberships=by or self.manager, at=NOW)

    def close(self):
        with inside(self.trust):
            close(self.term, memberships=self.manager, at=NOW)

    def figures(self, measure):
        entries = Entry.everywhere.filter(measure=measure).order_by("standing")
        return [(float(entry.value), entry.standing) for entry in entries]


@pytest.fixture
def house():
    house = House()
    house.submit()
    house.approve()
    return house


def test_only_the_reopened_line_can_be_typed_over(house):
    house.reopen(house.attendance)

    assert house.now().state == "in_progress"
    house.type(house.attendance, "94.1")
    with pytest.raises(Refused, match="Punctuality has been approved"):
        house.type(house.punctuality, "99.0")
    assert house.line(house.punctuality).value == "88.0"


def test_the_approved_figure_counts_until_the_new_one_is_approved(house):
    house.reopen(house.attendance)
    house.type(house.attendance, "94.1")
    assert house.figures(house.attendance) == [(93.5, "approved")]

    house.submit()
    assert house.figures(house.attendance) == [(93.5, "approved"), (94.1, "provisional")]
    assert house.figures(house.punctuality) == [(88.0, "approved")]

    house.approve()
    assert house.figures(house.attendance) == [(94.1, "approved")]
    assert house.figures(house.punctuality) == [(88.0, "approved")]
    assert house.line(house.attendance).reopened is False
    assert house.now().reopened_at is None


def test_a_reopened_figure_that_is_emptied_counts_no_more_once_that_is_approved(house):
    house.reopen(house.attendance)
    house.type(house.attendance, "")
    house.submit()
    assert house.figures(house.attendance) == [(93.5, "approved")]

    house.approve()

    assert house.figures(house.attendance) == []
    [gone] = AuditRow.everywhere.filter(action="approved").first().before["answers"]
    assert gone["value"] == "93.5"


def test_a_reopened_rating_of_another_day_takes_the_place_of_the_old_one(house):
    rated = {
        "rating": "On target",
        "kind": "internal",
        "reviewer": "The careers lead",
        "evidence": "A survey",
    }
    neet = make_measure(house.trust, "Leavers", rated=True)
    spring = make_term(house.trust, "2026-spring")
    other = House.__new__(House)
    other.__dict__ |= house.__dict__ | {
        "term": spring,
        "return_": make_return(house.school, spring),
    }
    make_line(other.return_, neet, value="4.2", on="2 December 2025", **rated)
    at = datetime(2026, 4, 20, tzinfo=UTC)
    with inside(house.trust):
        submit(other.now(), version=other.now().version, memberships=house.manager, at=at)
        approve(other.now(), version=other.now().version, memberships=house.manager, at=at)
        reopen(other.return_, reason="Another day.", memberships=house.manager, at=at)
    Line.everywhere.filter(return_to=other.return_, measure=neet).update(on="9 December 2025")
    with inside(house.trust):
        submit(other.now(), version=other.now().version, memberships=house.manager, at=at)
        approve(other.now(), version=other.now().version, memberships=house.manager, at=at)

    [rating] = Judgement.everywhere.filter(measure=neet)
    assert (rating.on.day, rating.standing) == (9, "approved")


@pytest.mark.parametrize("back", ["withdraw", "send back"])
def test_taken_or_sent_back_the_approved_figure_is_what_the_line_became(house, back):
    before = house.line(house.attendance).entry
    house.reopen(house.attendance)
    house.type(house.attendance, "94.1")
    house.submit()
    with inside(house.trust):
        if back == "withdraw":
            withdraw(house.now(), memberships=house.head, at=NOW)
        else:
            send_back(
                house.now(),
                version=house.now().version,
                questions={},
                note="Is Year 6 in it now?",
                memberships=house.manager,
                at=NOW,
            )

    assert house.figures(house.attendance) == [(93.5, "approved")]
    assert house.line(house.attendance).entry == before
    assert house.line(house.attendance).reopened is True
    house.type(house.attendance, "94.3")
    house.submit()
    house.approve()
    assert house.figures(house.attendance) == [(94.3, "approved")]


def test_all_lines_are_reopened_where_none_is_named(house):
    house.reopen()

    house.type(house.attendance, "94.1")
    house.type(house.punctuality, "89.0")
    house.submit()
    house.approve()

    assert house.figures(house.attendance) == [(94.1, "approved")]
    assert house.figures(house.punctuality) == [(89.0, "approved")]


def test_what_is_asked_since_waits_for_the_next_term(house):
    late = make_measure(house.trust, "Suspensions")
    house.reopen()

    with pytest.raises(Refused, match="Suspensions has been approved"):
        house.type(late, "3")
    house.submit()
    assert not Line.everywhere.filter(measure=late).exists()


def test_reopening_again_changes_nothing_and_another_line_can_follow(house):
    for _ in range(3):
        house.reopen(house.attendance)
    assert AuditRow.everywhere.filter(action="reopened").count() == 1

    house.reopen(house.punctuality, reason="This one too.")

    assert AuditRow.everywhere.filter(action="reopened").count() == 2
    house.type(house.punctuality, "89.0")


def test_the_trail_says_who_reopened_which_lines_and_why(house):
    house.reopen(house.attendance)

    row = AuditRow.everywhere.get(action="reopened")
    assert (row.by, row.reason) == (house.manager.user, "Year 6 was left out.")
    assert row.before == {"state": "approved"}
    assert row.after == {"state": "in_progress", "lines": [house.line(house.attendance).pk]}


def test_reopening_wants_a_reason_and_a_figure_of_this_return(house):
    with pytest.raises(Refused, match="Say why"):
        house.reopen(house.attendance, reason="")
    with inside(house.trust), pytest.raises(Refused, match="not in this return"):
        reopen(house.return_, lines=[10**6], reason="Why", memberships=house.manager, at=NOW)
    with inside(house.trust), pytest.raises(Refused, match="Choose the figures"):
        reopen(house.return_, lines=[], reason="Why", memberships=house.manager, at=NOW)
    assert house.now().state == "approved"


@pytest.mark.parametrize("role", ["headteacher", "leader", "auditor"])
def test_only_the_data_manager_reopens(house, role):
    by = house.head
    if role != "headteacher":
        by = Memberships(make_user(Role(role), house.trust), house.trust)
    with pytest.raises(Refused, match="not for you"):
        house.reopen(house.attendance, by=by)
    house.reopen(house.attendance)
    with pytest.raises(Refused, match="not for you"):
        house.reopen(house.attendance, by=by)


def test_a_line_of_a_closed_term_can_be_reopened_and_approved_again(house):
    house.close()
    house.reopen(house.attendance)
    house.type(house.attendance, "94.1")
    house.submit()
    house.approve()

    assert house.figures(house.attendance) == [(94.1, "approved")]
    today = NOW.date()
    assert house.now().state_on(today) == "approved"


def test_a_return_that_was_never_sent_can_be_reopened_after_the_term_was_closed():
    house = House()
    house.close()
    assert house.now().state_on(NOW.date()) == "locked"
    with pytest.raises(Refused, match="is locked"):
        house.type(house.attendance, "94.1")

    with inside(house.trust):
        after = NOW + timedelta(hours=1)
        reopen(house.return_, reason="They were ill.", memberships=house.manager, at=after)
    house.type(house.attendance, "94.1")
    house.submit()
    house.approve()
    assert house.figures(house.attendance) == [(94.1, "approved")]


def test_what_came_in_time_is_not_late_while_it_is_put_right(house):
    house.reopen(house.attendance)
    after = house.term.due + timedelta(days=3)

    assert not house.now().is_late(after)
    house.close()
    assert not house.now().is_late(after)
    assert AuditRow.everywhere.get(action="closed").after == {"late for good": []}


def test_what_was_never_sent_is_late_while_it_is_reopened():
    house = House()
    house.close()
    with inside(house.trust):
        reopen(house.return_, reason="They were ill.", memberships=house.manager, at=NOW)

    assert house.now().is_late(house.term.due + timedelta(days=3))


def test_a_school_that_reopens_nothing_new_raises_no_version(house):
    house.reopen(house.attendance)
    house.type(house.attendance, "94.1")
    before = Unit.everywhere.get(pk=house.school.pk).data_version

    assert before == house.school.data_version + 2  # sent and approved; typing raises none
    house.submit()
    house.approve()
    assert Unit.everywhere.get(pk=house.school.pk).data_version == before + 2


def test_a_trust_can_say_that_nobody_approves_what_they_sent_themselves():
    house = House()
    type(house.trust).objects.filter(pk=house.trust.pk).update(approves_own=False)
    house.trust.refresh_from_db()
    house.manager = Memberships(house.manager.user, house.trust)
    house.submit(by=house.manager)
    with pytest.raises(Refused, match="somebody else has to approve"):
        house.approve()
    assert house.figures(house.attendance) == [(93.5, "provisional")]
