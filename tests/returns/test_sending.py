"""Submitting, taking back, sending back and approving, and what counts after each."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest
from django.db import transaction
from django.urls import reverse

from kpis.models import Comment, Entry, Judgement
from returns.life.approving import approve, send_back
from returns.life.sending import submit, withdraw
from returns.life.states import MOVES, ROLES, Action, State
from returns.models import Line, Return
from schools import kept
from schools.models import AuditRow, Memberships, Role, Unit
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
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


def page_of(return_, name):
    return reverse(f"returns:return-{name}", args=[return_.term.trust, return_.pk])


def sent(return_, by=None):
    """The return, submitted by its headteacher."""
    trust = return_.term.trust
    by = by or make_user(Role.DATA_MANAGER, trust)
    with inside(trust):
        version = Return.objects.get(pk=return_.pk).version
        return submit(return_, version=version, memberships=Memberships(by, trust), at=NOW)


def approved(return_, by=None):
    trust = return_.term.trust
    by = by or make_user(Role.DATA_MANAGER, trust)
    with inside(trust):
        version = Return.objects.get(pk=return_.pk).version
        return approve(return_, version=version, memberships=Memberships(by, trust), at=NOW)


def figures(measure):
    return list(
        Entry.everywhere.filter(measure=measure)
        .order_by("standing")
        .values_list("value", "standing")
    )


def versions():
    return dict(Unit.everywhere.values_list("code", "data_version"))


def test_what_a_school_sends_counts_at_once_and_provisionally(client):
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    head, before = make_head(school), versions()

    client.force_login(head)
    check = client.get(page_of(return_, "check"))
    answer = client.post(page_of(return_, "submit"), {"version": return_.version, "confirm": "on"})

    assert "93.5%" in check.text
    assert answer.status_code == 302
    assert figures(attendance) == [(93.5, "provisional")]
    return_.refresh_from_db()
    assert (return_.state, return_.submitted_by) == ("submitted", head)
    assert Line.everywhere.get().entry == Entry.everywhere.get()
    assert versions() == {**before, school.code: before[school.code] + 1}
    row = AuditRow.everywhere.get(action="submitted")
    assert (row.by, row.before["state"], row.after["state"]) == (head, "in_progress", "submitted")
    assert row.at == return_.submitted_at
    assert row.after["answers"][0]["value"] == "93.5"
    assert trust.slug in check.request["PATH_INFO"]


def test_a_nought_is_told_in_the_trail_like_any_other_figure(client):
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="0", measure=attendance)
    Line.everywhere.update(note="Flood.", why="Flood.", what_next="Open again in May.")
    client.force_login(make_head(school))

    client.post(page_of(return_, "submit"), {"version": return_.version, "confirm": "on"})

    assert figures(attendance) == [(0, "provisional")]
    assert AuditRow.everywhere.get(action="submitted").after["answers"][0]["value"] == "0"


def test_sending_without_the_tick_sends_nothing(client):
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    client.force_login(make_head(school))

    answer = client.post(page_of(return_, "submit"), {"version": return_.version})

    assert answer.status_code == 422
    assert "Tick the box" in answer.text
    assert figures(attendance) == []


def test_what_is_empty_is_said_before_sending_and_a_blank_is_no_zero(client):
    trust, term, attendance, [school] = make_house()
    make_measure(trust, "Punctuality")
    return_ = make_return(school, term, typed="0", measure=attendance)
    client.force_login(make_head(school))

    page = client.get(page_of(return_, "check"))

    assert "<b>0.0%</b>" in page.text
    assert ">Not filled in<" in page.text
    assert "One is not filled in and counts as not sent." in page.text


def test_an_answer_that_cannot_be_read_stops_sending_and_names_its_row(client):
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="lots", measure=attendance)
    client.force_login(make_head(school))

    check = client.get(page_of(return_, "check"))
    answer = client.post(page_of(return_, "submit"), {"version": return_.version, "confirm": "on"})

    for page in (check, answer):
        assert "Enter Attendance as a number, like 94.1." in page.text
        assert f"#line-{attendance.pk}-" in page.text
    assert answer.status_code == 422
    assert figures(attendance) == []
    with pytest.raises(Refused, match=r"One thing is to do first\. Enter Attendance"):
        sent(return_)


def test_a_return_that_changed_since_it_was_checked_is_not_sent(client):
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    client.force_login(make_head(school))

    answer = client.post(
        page_of(return_, "submit"), {"version": return_.version - 1, "confirm": "on"}
    )

    assert answer.status_code == 409
    assert "has changed since you read it" in answer.text
    assert figures(attendance) == []


def test_a_blank_line_makes_no_entry_and_stays_on_record_as_asked():
    trust, term, attendance, [school] = make_house()
    punctuality = make_measure(trust, "Punctuality")
    return_ = sent(make_return(school, term, typed="93.5", measure=attendance))

    assert figures(punctuality) == []
    assert [line.measure for line in Line.everywhere.filter(return_to=return_)] == [
        attendance,
        punctuality,
    ]


def test_sending_and_approving_again_changes_nothing():
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)

    for _ in range(3):
        sent(return_)
    once = versions()
    for _ in range(3):
        approved(return_)

    assert figures(attendance) == [(93.5, "approved")]
    assert AuditRow.everywhere.filter(action="submitted").count() == 1
    assert AuditRow.everywhere.filter(action="approved").count() == 1
    assert versions() == {**once, school.code: once[school.code] + 1}
    assert trust.own_unit.data_version == once[trust.own_unit.code]


def test_approving_takes_the_mark_away_and_replaces_what_was_approved_before(client):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, value="91.0")
    return_ = sent(make_return(school, term, typed="93.5", measure=attendance))
    assert figures(attendance) == [(91.0, "approved"), (93.5, "provisional")]

    client.force_login(make_user(Role.DATA_MANAGER, trust))
    answer = client.post(
        page_of(return_, "approve"), {"version": return_.version, "action": "approve"}
    )

    assert answer.status_code == 302
    assert figures(attendance) == [(93.5, "approved")]
    [gone] = AuditRow.everywhere.get(action="approved").before["answers"]
    assert gone["value"] == "91"


def test_approving_a_page_that_is_out_of_date_is_refused(client):
    trust, term, attendance, [school] = make_house()
    return_ = sent(make_return(school, term, typed="93.5", measure=attendance))
    before = versions()

    client.force_login(make_user(Role.DATA_MANAGER, trust))
    stale = client.post(
        page_of(return_, "approve"), {"version": return_.version - 1, "action": "approve"}
    )

    assert stale.status_code == 409
    assert "Read it again" in stale.text
    assert figures(attendance) == [(93.5, "provisional")]
    assert versions() == before
    assert not AuditRow.everywhere.filter(action="approved").exists()


def test_a_return_that_is_taken_back_counts_no_more_and_the_approved_figure_stays():
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, value="91.0")
    return_ = sent(make_return(school, term, typed="93.5", measure=attendance))

    with inside(trust):
        withdraw(return_, memberships=Memberships(make_head(school), trust), at=NOW)

    assert figures(attendance) == [(91.0, "approved")]
    assert Line.everywhere.get().value == "93.5"
    return_.refresh_from_db()
    assert return_.state == "in_progress"
    [gone] = AuditRow.everywhere.get(action="taken back").before["answers"]
    assert gone["value"] == "93.5"


def test_a_return_is_sent_back_with_a_question_beside_the_figure(client):
    trust, term, attendance, [school] = make_house()
    return_ = sent(make_return(school, term, typed="93.5", measure=attendance))
    line = Line.everywhere.get()

    client.force_login(make_user(Role.DATA_MANAGER, trust))
    form = {"version": return_.version, "action": "send_back"}
    silent = client.post(page_of(return_, "approve"), form)
    asked = client.post(
        page_of(return_, "approve"), {**form, f"question-{line.pk}": "Is Year 6 in it?"}
    )
    client.force_login(make_head(school))
    page = client.get(page_of(return_, "edit"))

    assert (silent.status_code, asked.status_code) == (422, 302)
    assert figures(attendance) == []
    assert "Is Year 6 in it?" in page.text
    assert "Sent back" in page.text
    sent(return_)
    approved(return_)
    assert Line.everywhere.get().question == ""


def test_a_question_about_another_schools_line_is_no_part_of_the_form(client):
    trust, term, attendance, [mine, other] = make_house(schools=2)
    return_ = sent(make_return(mine, term, typed="93.5", measure=attendance))
    elsewhere = make_return(other, term, typed="41.7", measure=attendance)
    line = Line.everywhere.get(return_to=elsewhere)

    client.force_login(make_user(Role.DATA_MANAGER, trust))
    client.post(
        page_of(return_, "approve"),
        {"version": return_.version, "action": "send_back", f"question-{line.pk}": "Why?"},
    )

    assert Line.everywhere.get(pk=line.pk).question == ""
    assert figures(attendance) == [(93.5, "provisional")]


def test_a_later_return_about_the_same_period_takes_the_place_of_the_earlier_one():
    trust, term, _, [school] = make_house()
    results = make_measure(trust, "KS2", basis="academic_year", about="last", seasonal=False)
    spring = make_term(trust, "2026-spring")
    first = sent(make_return(school, term, typed="60", measure=results))
    second = sent(make_return(school, spring, typed="62", measure=results))

    assert figures(results) == [(62, "provisional")]
    assert Line.everywhere.get(return_to=first, measure=results).entry is None
    approved(first)
    approved(second)
    assert figures(results) == [(62, "approved")]


def test_a_claim_is_accepted_at_approval_and_not_before():
    _trust, term, attendance, [school] = make_house()
    return_ = sent(make_return(school, term, typed="n/a", measure=attendance))

    claimed = Entry.everywhere.get()
    assert (claimed.why_none, claimed.claim_accepted) == ("not_applicable", False)
    approved(return_)
    claimed.refresh_from_db()
    assert claimed.claim_accepted is True


def test_a_figure_that_comes_later_is_no_claim():
    _trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term)
    make_line(return_, attendance, value="later", until="13 February 2026")
    approved(sent(return_))

    entry = Entry.everywhere.get()
    assert (entry.why_none, entry.expected_on) == ("not_available", date(2026, 2, 13))
    assert entry.claim_accepted is False


def test_a_rating_becomes_a_judgement_and_its_figure_an_entry():
    trust, term, _, [school] = make_house()
    neet = make_measure(trust, "Leavers", rated=True)
    return_ = make_return(school, term)
    make_line(
        return_,
        neet,
        value="4.2",
        rating="On target",
        on="2 December 2025",
        kind="internal",
        reviewer="The careers lead",
        evidence="Destinations survey",
    )
    sent(return_)

    judgement = Judgement.everywhere.get()
    assert (judgement.rating, judgement.rated_by, judgement.on) == (
        "green",
        "school",
        date(2025, 12, 2),
    )
    assert figures(neet) == [(Decimal("4.2"), "provisional")]
    approved(return_)
    judgement.refresh_from_db()
    assert judgement.standing == "approved"


@pytest.mark.parametrize(
    ("asked", "kind", "refused"),
    [
        ("outside", "internal", True),
        ("outside", "external", False),
        ("trust", "internal", True),
        ("school", "internal", False),
        ("", "internal", False),
    ],
)
def test_a_school_cannot_rate_itself_where_the_plan_asks_for_somebody_else(asked, kind, refused):
    trust = make_trust()
    term, school = make_term(trust), make_school(trust)
    review = make_measure(trust, "Review", kind="rating", basis="date", unit="", seasonal=False)
    make_clause(make_kpi(make_plan(trust)), review, rule="judged", rated_by=asked)
    return_ = make_return(school, term)
    make_line(
        return_,
        review,
        rating="red",
        on="2025-12-02",
        kind=kind,
        reviewer="A. N. Other",
        evidence="Visit",
    )

    if refused:
        with pytest.raises(Refused, match="The plan asks somebody outside"):
            sent(return_)
    else:
        sent(return_)
    assert Judgement.everywhere.count() == (0 if refused else 1)


def test_the_trust_may_rate_a_school_where_the_plan_asks_the_trust():
    trust = make_trust()
    term, school = make_term(trust), make_school(trust)
    with inside(trust):
        office = trust.offices.create(code="improvement", name="School improvement")
    review = make_measure(trust, "Review", kind="rating", basis="date", unit="", office=office)
    make_clause(make_kpi(make_plan(trust)), review, rule="judged", rated_by="trust")
    return_ = make_return(trust.own_unit, term)
    make_line(
        return_,
        review,
        unit=school.unit_ptr,
        rating="amber",
        on="2025-12-02",
        kind="internal",
        reviewer="Director of improvement",
        evidence="Visit",
    )
    before = versions()
    sent(return_)

    assert Judgement.everywhere.get().rated_by == "trust"
    assert versions() == {**before, school.code: before[school.code] + 1}


def test_two_inspections_of_one_day_are_one_too_many():
    trust = make_trust()
    term, school = make_term(trust), make_school(trust)
    review = make_measure(trust, "Review", kind="rating", basis="date", unit="", seasonal=False)
    return_ = make_return(school, term)
    for number in (1, 2):
        make_line(
            return_,
            review,
            number=number,
            rating="red",
            on="2025-12-02",
            kind="internal",
            reviewer="A. N. Other",
            evidence="Visit",
        )

    with pytest.raises(Refused, match="two answers for one day"):
        sent(return_)
    Line.everywhere.filter(number=2).update(on="2025-12-03")
    sent(return_)
    assert Judgement.everywhere.count() == 2


def test_what_is_said_of_a_figure_stands_beside_each_kpi_that_reads_it():
    trust, term, attendance, [school] = make_house()
    other = make_kpi(make_plan(trust), title="Attendance gap")
    make_clause(other, attendance, target="90.0")
    return_ = make_return(school, term)
    make_line(return_, attendance, value="90.5", why="Flu in November", what_next="Call families")
    sent(return_)

    assert set(Comment.everywhere.values_list("node__title", "unit__code", "why", "what_next")) == {
        ("Attendance", school.code, "Flu in November", "Call families"),
        ("Attendance gap", school.code, "Flu in November", "Call families"),
    }
    with inside(trust):
        withdraw(return_, memberships=Memberships(make_head(school), trust), at=NOW)
    assert not Comment.everywhere.exists()


# The table of state, action and role

ACTIONS = {
    Action.SAVE: "edit",
    Action.SUBMIT: "submit",
    Action.WITHDRAW: "withdraw",
    Action.SEND_BACK: "approve",
    Action.APPROVE: "approve",
}
STORED = [state for state in State if state not in (State.NOT_OPEN, State.LOCKED)]


def a_return_in(state, school, term, attendance):
    """A school's return with one typed figure, come to a state as people bring it there."""
    if state == State.NOT_STARTED:
        return make_return(school, term)
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    if state in (State.SUBMITTED, State.SENT_BACK, State.APPROVED):
        return_ = sent(return_)
    if state == State.APPROVED:
        return approved(return_)
    if state == State.SENT_BACK:
        manager = Memberships(make_user(Role.DATA_MANAGER, term.trust), term.trust)
        with inside(term.trust):
            asks = {"version": return_.version, "questions": {}, "note": "Please check"}
            return send_back(return_, **asks, memberships=manager, at=NOW)
    return return_


def post_of(action, return_, school, attendance):
    """What the page's own form would send."""
    question = f"l-{attendance.pk}-{school.pk}-{attendance_group(attendance)}-1"
    line = Line.everywhere.filter(return_to=return_).first()
    match action:
        case Action.SAVE:
            return {
                f"{question}-seen": f"{line.version if line else 0}.0",
                f"{question}-value": "95",
            }
        case Action.SUBMIT:
            return {"version": return_.version, "confirm": "on"}
        case Action.SEND_BACK:
            return {"version": return_.version, "action": "send_back", "note": "Why?"}
        case Action.APPROVE:
            return {"version": return_.version, "action": "approve"}
    return {}


def attendance_group(attendance):
    return attendance.groups.get(code="all").pk


def everything():
    """All that an action could change, to see that a refused one changes nothing."""
    return (
        list(Return.everywhere.order_by("pk").values()),
        list(Line.everywhere.order_by("pk").values()),
        list(Entry.everywhere.order_by("pk").values()),
        AuditRow.everywhere.count(),
        versions(),
    )


@contextmanager
def undone():
    """What happens within is undone, so that the next case finds everything as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    kept.forget()


@pytest.mark.parametrize("state", STORED)
def test_each_action_is_done_from_the_states_and_by_the_roles_of_the_table_alone(client, state):
    trust, term, attendance, [school] = make_house()
    users = {role: make_user(role, trust) for role in Role}
    return_ = a_return_in(state, school, term, attendance)
    before = everything()
    for role, action in product(Role, ACTIONS):
        allowed = (state, action) in MOVES and role in ROLES[action]
        allowed = allowed and role != Role.CONTRIBUTOR  # of the trust's own return only
        with undone():
            client.force_login(users[role])
            answer = client.post(
                page_of(return_, ACTIONS[action]), post_of(action, return_, school, attendance)
            )

            case = f"{state} {action} {role}: {answer.status_code}"
            if allowed:
                assert answer.status_code == 302, case
                assert Return.everywhere.get(pk=return_.pk).state == MOVES[state, action], case
                assert AuditRow.everywhere.count() == before[3] + 1, case
            else:
                assert answer.status_code in (302, 404, 409, 422), case
                assert everything() == before, case


def test_an_editor_submits_only_where_the_trust_says_so(client):
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    form = {"version": return_.version, "confirm": "on"}
    client.force_login(make_user(Role.SCHOOL_EDITOR, trust, units=[school]))

    refused = client.post(page_of(return_, "submit"), form)
    type(trust).objects.filter(pk=trust.pk).update(editor_submits=True)
    allowed = client.post(page_of(return_, "submit"), form)

    assert (refused.status_code, allowed.status_code) == (409, 302)
    assert figures(attendance) == [(93.5, "provisional")]


def test_the_trusts_own_return_is_sent_by_the_data_manager_and_not_by_a_contributor(client):
    trust, term, _, _ = make_house()
    contributor = make_user(Role.CONTRIBUTOR, trust)
    with inside(trust):
        hr = trust.offices.get()
    vacancies = make_measure(trust, "Vacancies", of="trust", office=hr, kind="number")
    return_ = make_return(trust.own_unit, term, typed="3", measure=vacancies)
    form = {"version": return_.version, "confirm": "on"}

    client.force_login(contributor)
    assert client.post(page_of(return_, "submit"), form).status_code == 404
    client.force_login(make_user(Role.DATA_MANAGER, trust))
    assert client.post(page_of(return_, "submit"), form).status_code == 302
    assert figures(vacancies) == [(3, "provisional")]


def test_nothing_of_another_trust_can_be_sent_or_approved(client):
    _trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    theirs = make_trust()
    client.force_login(make_user(Role.DATA_MANAGER, theirs))

    for name in ("edit", "check", "submit", "withdraw", "approve"):
        assert client.post(page_of(return_, name), {"version": 2}).status_code == 404
        assert client.get(page_of(return_, name)).status_code == 404
    for page in ("edit", "approve"):
        own_trust = reverse(f"returns:return-{page}", args=[theirs, return_.pk])
        assert client.get(own_trust).status_code == 404
    assert not Entry.everywhere.exists()


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
def test_a_return_that_never_was_is_not_found(client, pk):
    trust = make_trust()
    client.force_login(make_user(Role.DATA_MANAGER, trust))

    assert client.get(f"/t/{trust.slug}/returns/{pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.LEADER, Role.AUDITOR])
def test_the_list_names_every_return_with_its_state_and_lateness(client, role):
    trust, term, attendance, [one, two] = make_house(schools=2)
    sent(make_return(one, term, typed="93.5", measure=attendance))
    client.force_login(make_user(role, trust))

    page = client.get(reverse("returns:return-list", args=[trust]), {"term": term.slug})

    assert one.name in page.text
    assert two.name in page.text
    assert "0 approved, 1 to approve, 1 late" in page.text
    assert ("Check and approve" in page.text) == (role == Role.DATA_MANAGER)
