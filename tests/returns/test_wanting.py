"""What is to do before a return can be submitted, whichever way it is sent."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from kpis.models import Entry, PupilGroup
from returns.life.sending import submit
from returns.life.wanting import Kind, Unready
from returns.models import Line, Return
from schools.models import AuditRow, Memberships, Outbox, Role
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 20, 15, 10, tzinfo=UTC)


class School:
    """A school that had 94.1 a year ago, promises 94.0, and has typed something else."""

    def __init__(self, typed, schools=1, wants_comments=True, **texts):
        self.trust = make_trust(wants_comments=wants_comments)
        self.term = make_term(self.trust)
        self.schools = [make_school(self.trust) for _ in range(schools)]
        self.own = self.schools[0]
        groups = ("all", "disadvantaged")
        self.attendance = make_measure(self.trust, groups=groups)
        self.plan = make_plan(self.trust)
        make_clause(make_kpi(self.plan), self.attendance, target="94.0", margin="1.0")
        for school in self.schools:
            self.entry(school, "94.1", "2024-autumn")
        self.return_ = make_return(self.own, self.term, state="in_progress")
        self.line = make_line(self.return_, self.attendance, value=typed, **texts)
        self.head = make_head(self.own)

    def entry(self, school, value, term="2025-autumn"):
        make_entry(self.attendance, school, make_term(self.trust, term), value=value)

    def say(self, **texts):
        Line.everywhere.filter(pk=self.line.pk).update(**texts)

    def send(self):
        with inside(self.trust):
            version = Return.objects.get(pk=self.return_.pk).version
            memberships = Memberships(self.head, self.trust)
            return submit(self.return_, version=version, memberships=memberships, at=NOW)

    def refused(self):
        """What stops it: (kind, words)."""
        with pytest.raises(Unready) as why:
            self.send()
        assert not Entry.everywhere.filter(standing="provisional").exists()
        assert not AuditRow.everywhere.filter(action="submitted").exists()
        return [(want.kind, want.words) for want in why.value.wanted]

    def page(self, name):
        return reverse(f"returns:return-{name}", args=[self.trust, self.return_.pk])


def test_a_figure_that_looks_odd_is_sent_with_a_note_and_not_without():
    school = School("71.0", wants_comments=False)

    [(kind, words)] = school.refused()
    assert kind == Kind.QUERY
    assert words == (
        "Attendance: 23.1 points less than Autumn 2024 (94.1%). Change it, or say why it is right."
    )

    school.say(note="Small year group")
    assert school.send().state == "submitted"


def test_a_figure_that_is_off_target_is_sent_with_why_and_what_next():
    school = School("90.0")

    asked = [(Kind.COMMENT, "Attendance is off target: say why, and what next.")]
    assert school.refused() == asked
    school.say(why="Flu")
    assert school.refused() == asked  # half of it is not enough
    school.say(what_next="The office calls on the first day.")
    assert school.send().state == "submitted"


def test_a_figure_that_is_on_target_wants_no_words():
    assert School("94.2").send().state == "submitted"


def test_a_trust_can_take_figures_that_are_off_target_without_a_word():
    assert School("90.0", wants_comments=False).send().state == "submitted"


def test_why_and_what_next_are_told_once_for_all_groups_of_a_measure():
    school = School("90.0", why="Flu", what_next="Calls")
    group = PupilGroup.objects.get(code="disadvantaged")
    make_clause(make_kpi(school.plan), school.attendance, target="94.0", group=group)
    make_line(school.return_, school.attendance, group="disadvantaged", value="88.0")

    assert school.send().state == "submitted"


@pytest.mark.parametrize(("value", "wanted"), [("50.0", []), ("49.0", [Kind.COMMENT])])
def test_only_the_very_same_figure_about_the_same_time_is_explained_already(value, wanted):
    school = School("94.2")
    results = make_measure(school.trust, "Results", basis="academic_year")
    make_clause(make_kpi(school.plan), results, target="60.0")
    now = make_return(school.own, make_term(school.trust, "2026-spring"), state="in_progress")
    make_line(now, results, value=value)
    make_line(school.return_, results, value="50.0", why="A hard year", what_next="More lessons")
    Return.everywhere.filter(pk=school.return_.pk).update(state="approved")
    school.return_ = now

    assert Line.everywhere.filter(measure=results).values("period").distinct().count() == 1
    if wanted:
        assert [kind for kind, _ in school.refused()] == wanted
    else:
        assert school.send().state == "submitted"


def test_the_largest_fall_in_the_trust_is_said_without_naming_a_school():
    school = School("80.0", schools=5, wants_comments=False)
    for other, value in zip(school.schools[1:], ["93.0", "90.0", "94.4", "84.0"], strict=True):
        school.entry(other, value)

    [(_, words)] = school.refused()

    assert "14.1 points less than Autumn 2024 (94.1%): the largest fall in the trust." in words
    assert not any(other.name in words for other in school.schools)


@pytest.mark.parametrize(
    ("others", "why"),
    [
        (["93.0", "70.0", "94.4", "84.0"], "another fell more"),
        (["93.0", "90.0"], "it would tell too much of two schools"),
    ],
)
def test_it_is_not_said_where(others, why):
    school = School("80.0", schools=len(others) + 1, wants_comments=False)
    for other, value in zip(school.schools[1:], others, strict=True):
        school.entry(other, value)

    [(_, words)] = school.refused()

    assert "14.1 points less" in words
    assert "the largest fall" not in words, why


def test_the_page_lists_what_is_to_do_and_a_direct_post_gets_the_same(client):
    school = School("71.0")
    client.force_login(school.head)

    check = client.get(school.page("check"))
    form = {"version": school.return_.version, "confirm": "on"}
    answer = client.post(school.page("submit"), form)

    assert "2 things to do first" in check.text
    assert "There is a problem" in answer.text
    for page in (check, answer):
        assert page.text.count(f"#line-{school.attendance.pk}-") >= 2
    assert answer.status_code == 422
    assert school.refused()


def test_what_stops_it_is_listed_once_each_with_a_link(client):
    school = School("71.0")
    client.force_login(school.head)

    page = client.post(school.page("submit"), {"version": school.return_.version})

    assert "to do first" not in page.text
    assert re.findall(r'<li><a href="([^"#]*)#(\w+)', page.text.partition("<h1>")[0]) == [
        (school.page("edit"), "line"),
        (school.page("edit"), "line"),
        ("", "id_confirm"),
    ]


def test_what_was_sent_is_confirmed_with_its_counts_and_can_be_printed(client):
    school = School("90.0", why="Flu", what_next="Calls")
    client.force_login(school.head)

    assert client.get(school.page("sent")).status_code == 302  # nothing has been sent
    form = {"version": school.return_.version, "confirm": "on"}
    page = client.post(school.page("submit"), form, follow=True)

    assert "Return submitted. 1 of 2 figures, 1 off target, all explained." in page.text
    assert "Print a copy" in page.text
    assert "90.0%" in page.text
    assert "Flu" in page.text


class Approving(School):
    """The same school, its return sent, and the data manager who reads it."""

    def __init__(self, client):
        super().__init__("90.0", why="Flu", what_next="Calls")
        self.few = make_line(
            self.return_, self.attendance, group="disadvantaged", why_none="too_few"
        )
        self.return_, self.client = self.send(), client
        client.force_login(make_user(Role.DATA_MANAGER, self.trust))

    def post(self, **boxes):
        self.return_.refresh_from_db()
        boxes = {"version": self.return_.version, "note": "", **boxes}
        return self.client.post(self.page("approve"), boxes)

    def claim(self):
        return Entry.everywhere.get(why_none="too_few", standing="provisional")


def test_one_claim_is_accepted_before_the_rest_and_the_questions_stay_in_their_boxes(client):
    school = Approving(client)
    school.own.refresh_from_db()
    before = school.own.data_version

    question = {f"question-{school.line.pk}": "Was a week left out?"}
    page = school.post(accept=school.few.pk, **question)
    school.own.refresh_from_db()
    again = school.post(accept=school.few.pk)

    assert page.status_code == again.status_code == 200
    assert "Was a week left out?" in page.text
    assert school.claim().claim_accepted
    assert AuditRow.everywhere.filter(action="accepted a claim").count() == 1
    assert school.own.data_version > before
    school.return_.refresh_from_db()
    assert school.return_.state == "submitted"


def test_a_figure_is_no_claim_and_a_stale_page_accepts_nothing(client):
    school = Approving(client)

    figure = school.post(accept=school.line.pk)
    stale = client.post(school.page("approve"), {"version": 1, "accept": school.few.pk})

    assert (figure.status_code, stale.status_code) == (409, 409)
    assert not school.claim().claim_accepted


def test_one_mail_with_links_and_no_figure_goes_to_each_of_the_schools_people(client):
    school = Approving(client)
    office = make_user(Role.SCHOOL_EDITOR, school.trust, [school.own])
    make_head(make_school(school.trust))
    boxes = {"action": "send_back", f"question-{school.line.pk}": "Is 90.0 right?"}

    school.post(**boxes)
    again = school.post(**boxes)

    assert again.status_code == 409
    mails = Outbox.objects.all()
    assert {mail.to for mail in mails} == {school.head.email, office.email}
    assert len(mails) == 2
    for mail in mails:
        assert f"{school.page('edit')}#line-{school.attendance.pk}-" in mail.body
        assert "90.0" not in mail.body + mail.subject


def test_who_approves_reads_first_what_has_changed_since_it_was_last_sent(client):
    school = Approving(client)
    assert "when last sent" not in client.get(school.page("approve")).text

    school.post(action="send_back", note="Look again.")
    school.say(value="93.4")
    school.send()
    page = client.get(school.page("approve")).text
    by_plan = client.get(school.page("approve") + "?first=plan").text

    assert "Was 90.0% when last sent." in page
    assert page.index("Queries and big changes</h2>") < page.index("Was 90.0%")
    assert "Queries and big changes</h2>" not in by_plan
    assert "Was 90.0% when last sent." in by_plan


@pytest.mark.parametrize(
    ("action", "asks", "words"),
    [
        ("send_back", False, "so that they know why"),
        ("approve", True, "goes only with a return that is sent back"),
    ],
)
def test_what_was_asked_decides_which_button_is_meant_and_stays_in_its_box(
    client, action, asks, words
):
    school = Approving(client)
    question = {f"question-{school.line.pk}": "Was a week left out?"} if asks else {}

    page = school.post(action=action, **question)

    assert page.status_code == 422
    assert words in page.text
    assert ("Was a week left out?" in page.text) is asks
    school.return_.refresh_from_db()
    assert school.return_.state == "submitted"
    assert not Outbox.objects.exists()


def test_from_the_return_its_data_manager_goes_on_to_approve_it_and_then_to_reopen_it(client):
    school = Approving(client)
    leads_on = f'href="{school.page("approve")}"'

    sent = client.get(school.page("edit")).text
    school.post(action="approve")
    approved = client.get(school.page("edit")).text
    client.force_login(school.head)

    assert f"{leads_on}>Check and approve it, or send it back" in sent
    assert f"{leads_on}>Reopen figures of this return" in approved
    assert leads_on not in client.get(school.page("edit")).text
