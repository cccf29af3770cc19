"""First steps of a trust: what is done has a tick, what comes next says how."""

from datetime import date

import pytest
from django.urls import reverse

from dashboard.first_steps import DOERS, steps_of
from schools.models import Memberships, Role
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_kpi,
    make_measure,
    make_plan,
    make_school,
    make_terms,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

TITLES = [
    "Add your schools",
    "Bring in your plan",
    "Set targets",
    "Open the first term",
    "Invite schools",
]


@pytest.fixture
def trust():
    """A trust that has been founded, and nothing more."""
    return make_trust("north", contact_name="Joan Pettifer", contact_email="joan@north.example")


def done(trust, today):
    with inside(trust):
        steps = steps_of(trust, today, Memberships(make_user(Role.LEADER, trust), trust))
    assert [step.title for step in steps] == TITLES
    return [step.title for step in steps if step.done]


def test_each_step_is_ticked_by_what_is_there(trust):
    before, after = date(2020, 1, 1), date(2026, 1, 1)

    assert done(trust, before) == []
    assert done(trust, after) == ["Open the first term"]

    school = make_school(trust)
    assert done(trust, before) == ["Add your schools"]

    kpi = make_kpi(make_plan(trust), "Attendance is high")
    assert done(trust, before) == TITLES[:2]

    make_clause(kpi, make_measure(trust), target="95.0")
    assert done(trust, before) == TITLES[:3]

    make_user(Role.SCHOOL_EDITOR, trust, [school])
    assert done(trust, after) == TITLES


def test_what_another_trust_has_is_not_ticked(trust):
    other = make_trust("south")
    make_user(Role.HEADTEACHER, other, [make_school(other)])
    make_clause(make_kpi(make_plan(other), "Attendance"), make_measure(other), target="95.0")

    assert done(trust, date(2020, 1, 1)) == []


@pytest.mark.parametrize("role", Role)
def test_how_it_is_done_is_said_to_those_who_can_have_it_done(role, trust, sign_in):
    if role in (Role.HEADTEACHER, Role.SCHOOL_EDITOR):
        make_school(trust)
    page = sign_in(make_user(role, trust)).get(reverse("dashboard:first-steps", args=[trust]))

    assert page.status_code == 200
    assert all(title in page.text for title in TITLES)
    assert ("manage.py load_plan FILE --trust north" in page.text) == (role in DOERS)
    assert "Joan Pettifer" in page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("name", ["dashboard:matrix", "dashboard:plan", "dashboard:schools"])
def test_an_empty_page_leads_to_the_first_steps(name, trust, sign_in):
    page = sign_in(make_user(Role.LEADER, trust)).get(reverse(name, args=[trust]))

    assert reverse("dashboard:first-steps", args=[trust]) in page.text


def test_the_returns_of_a_trust_without_a_term_lead_to_the_first_steps(sign_in):
    trust = make_trust("north", terms=make_terms(first=2090, years=1))
    page = sign_in(make_user(Role.DATA_MANAGER, trust)).get(
        reverse("returns:return-list", args=[trust])
    )

    assert reverse("dashboard:first-steps", args=[trust]) in page.text


def test_each_command_that_is_named_exists():
    from django.core.management import get_commands

    trust = make_trust("north")
    with inside(trust):
        steps = steps_of(trust, date(2026, 1, 1), Memberships(make_user(Role.LEADER, trust), trust))

    named = {command.split()[1] for step in steps for command in step.commands}
    assert named == {"add_school", "import_gias", "load_plan", "add_person"}
    assert named <= get_commands().keys()
