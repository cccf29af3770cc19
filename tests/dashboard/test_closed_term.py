"""A closed term is read-only, and each page about it says since when and whom to ask."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from kpis.actions import set_by_hand, take_back
from kpis.models import KPI, Override
from schools.models import Deadline, Memberships, Role, Term, Unit, User
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_kpi,
    make_measure,
    make_plan,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

CLOSED = "Autumn 2025 was closed on 30 January 2026."
ASK = "Joan Pettifer"


@pytest.fixture
def trust():
    """Autumn 2025 is closed, and the terms after it are not."""
    trust = make_trust("north", contact_name=ASK, contact_email="joan@north.example")
    school, measure = make_school(trust), make_measure(trust)
    make_clause(make_kpi(make_plan(trust)), measure, target="94.0")
    make_entry(measure, school, make_term(trust), value="95.0")
    with inside(trust):
        Term.objects.filter(pk=make_term(trust).pk).update(
            closed_at=datetime(2026, 1, 30, 12, tzinfo=UTC)
        )
    return trust


def main_of(client, page, trust, term, **kwargs):
    address = reverse(page, kwargs={"trust": trust, **kwargs}, query={"term": term})
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    "page",
    ["dashboard:plan", "dashboard:plan-coverage", "dashboard:schools", "returns:return-list"],
)
def test_a_page_about_a_closed_term_says_so_and_whom_to_ask(page, trust, sign_in):
    client = sign_in(make_user(Role.LEADER, trust))

    closed = main_of(client, page, trust, "2025-autumn")
    still_open = main_of(client, page, trust, "2026-spring")

    assert CLOSED in closed
    assert ASK in closed
    assert "was closed on" not in still_open


def test_the_data_manager_is_led_to_the_return_and_not_told_to_ask(trust, sign_in):
    client = sign_in(make_user(Role.DATA_MANAGER, trust))

    main = main_of(client, "dashboard:schools", trust, "2025-autumn")

    returns = reverse("returns:return-list", args=[trust], query={"term": "2025-autumn"})
    assert CLOSED in main
    assert f'<a href="{returns}">open its return</a>' in main
    assert ASK not in main


def test_the_dashboard_says_it_once_above_its_figures(trust, sign_in):
    main = main_of(sign_in(make_user(Role.LEADER, trust)), "dashboard:matrix", trust, "2025-autumn")

    assert "Closed. Figures as at 30 January 2026." in main
    assert CLOSED not in main


def test_who_had_longer_is_late_all_the_same_once_the_term_is_closed(trust, sign_in):
    client, flooded = sign_in(make_user(Role.LEADER, trust)), make_school(trust, "Flooded")
    with inside(trust):
        day = datetime(2030, 1, 31, 17, tzinfo=UTC)
        term = make_term(trust)
        Deadline.objects.create(term=term, unit=flooded, due=day, reason="Flood")

    closed = main_of(client, "dashboard:school", trust, "2025-autumn", code=flooded.code)
    with inside(trust):
        Term.objects.filter(pk=term.pk).update(closed_at=None)
        Unit.objects.all().changed()
    still_open = main_of(client, "dashboard:school", trust, "2025-autumn", code=flooded.code)

    assert "not sent before the term was closed" in closed
    assert "Late" in closed
    assert "Late" not in still_open


def test_a_kpi_in_a_closed_term_says_so(trust, sign_in):
    client = sign_in(make_user(Role.LEADER, trust))
    matrix = main_of(client, "dashboard:matrix", trust, "2025-autumn")
    number = int(matrix.partition("/kpis/")[2].partition("/")[0])

    assert CLOSED in main_of(client, "dashboard:kpi", trust, "2025-autumn", pk=number)


def test_how_to_read_the_statuses_is_the_same_in_every_term(trust, sign_in):
    client = sign_in(make_user(Role.TRUSTEE, trust))

    assert CLOSED not in main_of(client, "dashboard:reading", trust, "2025-autumn")


def test_no_status_is_set_by_hand_in_a_closed_term(trust, sign_in):
    client, kpi = sign_in(make_user(Role.LEADER, trust)), KPI.everywhere.get()
    by_hand = reverse("dashboard:by-hand", args=[trust, kpi.pk])
    told = {"do": "set", "status": "green", "reason": "On second thoughts", "shown": "none"}

    closed = main_of(client, "dashboard:kpi", trust, "2025-autumn", pk=kpi.pk)
    form = main_of(client, "dashboard:by-hand", trust, "2025-autumn", pk=kpi.pk)
    saved = client.post(f"{by_hand}?term=2025-autumn", told)

    assert by_hand in main_of(client, "dashboard:kpi", trust, "2026-spring", pk=kpi.pk)
    assert by_hand not in closed
    assert "so its statuses stand" in form
    assert "<form" not in form
    assert saved.status_code in (409, 422)
    assert not Override.everywhere.exists()
    with inside(trust):
        leader = Memberships(User.objects.get(pk=client.session["_auth_user_id"]), trust)
        term, unit = make_term(trust), trust.own_unit
        for action, more in ((set_by_hand, ["green"]), (take_back, [])):
            with pytest.raises(Refused, match="is closed"):
                action(kpi, unit, term, *more, reason="Why", memberships=leader)
