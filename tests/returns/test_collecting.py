"""Collecting a term: its dates, one school's own deadline, and closing it."""

from datetime import UTC, date, datetime

import pytest

from returns.collecting.terms import close, late_for_good, move_deadline, set_dates
from returns.grid.rows import late_words
from returns.life.sending import submit
from returns.models import Return
from schools.models import AuditRow, Deadline, Memberships, Role, Term, Unit
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import make_head, make_house, make_return, make_term, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def house():
    return make_house(schools=2)


def manager_of(trust):
    return Memberships(make_user(Role.DATA_MANAGER, trust), trust)


def test_a_school_gets_its_own_deadline_with_a_reason(house):
    trust, term, _, [school, other] = house
    by, due = manager_of(trust), datetime(2026, 1, 30, 17, tzinfo=UTC)
    before = school.data_version
    with inside(trust):
        for _ in range(2):
            move_deadline(term, school, due=due, reason="Flood", memberships=by, at=NOW)
        assert term.due_for(school) == due
        assert term.due_for(other) == term.due

    [row] = AuditRow.everywhere.filter(action="moved the deadline of")
    assert (row.unit.pk, row.reason, row.by) == (school.pk, "Flood", by.user)
    assert row.after == {"due": "30 January 2026, 5pm"}
    assert Unit.everywhere.get(pk=school.pk).data_version == before + 1


def test_a_deadline_without_a_reason_or_before_the_term_opens_is_refused(house):
    trust, term, _, [school, _] = house
    by = manager_of(trust)
    with inside(trust):
        with pytest.raises(Refused, match="Say why"):
            move_deadline(term, school, due=NOW, reason="", memberships=by, at=NOW)
        early = datetime(2025, 9, 1, 17, tzinfo=UTC)
        with pytest.raises(Refused, match="choose a later day"):
            move_deadline(term, school, due=early, reason="Flood", memberships=by, at=NOW)
    assert not Deadline.everywhere.exists()


def test_a_term_that_is_being_collected_can_be_due_later_but_not_open_later(house):
    trust, term, _, _ = house
    by, due = manager_of(trust), datetime(2026, 2, 1, 17, tzinfo=UTC)
    with inside(trust):
        set_dates(term, opens=term.opens, due=due, memberships=by, at=NOW)
        with pytest.raises(Refused, match="open already"):
            set_dates(term, opens=date(2026, 1, 10), due=due, memberships=by, at=NOW)
        with pytest.raises(Refused, match="due after they open"):
            set_dates(
                term,
                opens=term.opens,
                due=datetime(2025, 10, 1, tzinfo=UTC),
                memberships=by,
                at=NOW,
            )
    assert Term.everywhere.get(pk=term.pk).due == due
    assert AuditRow.everywhere.get(action="set the dates of").after["due"] == "1 February 2026, 5pm"


def test_a_term_can_be_opened_before_its_day(house):
    trust, *_ = house
    spring, by = make_term(trust, "2026-spring"), manager_of(trust)
    with inside(trust):
        set_dates(spring, opens=NOW.date(), due=spring.due, memberships=by, at=NOW)
        assert Term.objects.get(pk=spring.pk).is_open(NOW.date())


def test_closing_a_term_names_what_stays_late_and_locks_it(house):
    trust, term, attendance, [school, other] = house
    by = manager_of(trust)
    sent = make_return(school, term, typed="93.5", measure=attendance)
    make_return(other, term, typed="90.0", measure=attendance)
    with inside(trust):
        head = Memberships(make_head(school), trust)
        submit(sent, version=sent.version, memberships=head, at=NOW)
        with pytest.raises(Refused, match=f"Approve these returns .* first: {school}"):
            close(term, memberships=by, at=NOW)
        Return.objects.filter(pk=sent.pk).update(state="approved", approved_at=NOW)
        assert [str(each.unit) for each in late_for_good(term)] == [str(other)]
        for _ in range(2):
            close(term, memberships=by, at=NOW)
        locked = {str(each.unit): each.state_on(NOW.date()) for each in Return.objects.all()}

    assert locked == {str(school): "approved", str(other): "locked"}
    [row] = AuditRow.everywhere.filter(action="closed")
    assert row.after == {"late for good": [other.pk]}
    with inside(trust), pytest.raises(Refused, match="is closed"):
        set_dates(term, opens=term.opens, due=NOW, memberships=by, at=NOW)


def test_a_school_with_a_later_day_is_late_once_its_term_is_closed(house):
    trust, term, attendance, [school, _] = house
    by, due = manager_of(trust), datetime(2026, 3, 2, 17, tzinfo=UTC)
    return_ = make_return(school, term, typed="", measure=attendance)
    with inside(trust):
        move_deadline(term, school, due=due, reason="Flood", memberships=by, at=NOW)
        before = Return.objects.to_show().get(pk=return_.pk)
        close(term, memberships=by, at=NOW)
        after = Return.objects.to_show().get(pk=return_.pk)

    assert not before.is_late(NOW)
    assert after.is_late(NOW)
    assert late_words(after, NOW) == "late"


def test_a_term_that_has_not_opened_cannot_be_closed(house):
    trust, *_ = house
    spring = make_term(trust, "2026-spring")
    with inside(trust), pytest.raises(Refused, match="not opened yet"):
        close(spring, memberships=manager_of(trust), at=NOW)


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.TRUST_ADMINISTRATOR])
def test_only_the_data_manager_collects(house, role):
    trust, term, _, [school, _] = house
    by = Memberships(make_user(role, trust), trust)
    with inside(trust):
        for act in (
            lambda: close(term, memberships=by, at=NOW),
            lambda: set_dates(term, opens=term.opens, due=NOW, memberships=by, at=NOW),
            lambda: move_deadline(term, school, due=NOW, reason="x", memberships=by, at=NOW),
        ):
            with pytest.raises(Refused, match="Only the data manager"):
                act()
