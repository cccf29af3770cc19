"""Pages of returns cost the same number of queries, whatever the size of the trust."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis.models import PupilGroup
from returns.models import Return
from schools.models import Role
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
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


def make_full_house(size):
    """As many schools, measures and groups as that, with figures of a year ago."""
    trust = make_trust()
    term, before = make_term(trust), make_term(trust, "2024-autumn")
    plan = make_plan(trust)
    with inside(trust):
        scale = trust.scales.create(code="grades", name="Grades")
        version = scale.versions.create(key="1")
        for order in range(4):
            version.levels.create(order=order, key=f"l{order}", name=f"Level {order}")
        office = trust.offices.create(code="hr", name="HR")
    schools = [make_school(trust) for _ in range(size)]
    for number in range(size):
        measure = make_measure(trust, f"Share {number}", groups=["all", "send"], counts="both")
        make_clause(make_kpi(plan, title=f"KPI {number}"), measure, target="90.0")
        dated = {"basis": "date", "kind": "level", "scale": scale, "unit": ""}
        make_measure(trust, f"Grade {number}", **dated)
        make_measure(trust, f"Seats {number}", of="trust", office=office)
        for school in schools:
            make_entry(measure, school, before, value="90", numerator="9", denominator="10")
    return trust, term, schools


def cost_of(ask):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = ask()
    assert answer.status_code in (200, 302)
    return len(queries)


@pytest.mark.parametrize("size", [1, 3, 25])
@pytest.mark.parametrize(("role", "most"), [(Role.LEADER, 14), (Role.DATA_MANAGER, 30)])
def test_the_list_costs_the_same_for_every_size(size, role, most, sign_in):
    """The data manager's is a board: whom to remind, what is hidden, what looks odd."""
    trust, term, schools = make_full_house(size)
    reader = sign_in(make_user(role, trust))
    page = reverse("returns:return-list", args=[trust], query={"term": term.slug})
    reader.get(page)

    assert cost_of(lambda: reader.get(page)) <= most
    assert len(schools) == size


@pytest.mark.parametrize("size", [1, 3, 25])
@pytest.mark.parametrize(
    ("name", "cost"), [("edit", 17), ("check", 28), ("approve", 30)]
)  # before it is sent and approved it is judged too
def test_the_pages_of_a_return_cost_the_same_for_every_size(name, cost, size, sign_in):
    trust, term, [school, *_] = make_full_house(size)
    return_ = make_return(school, term)
    with inside(trust):
        for measure in trust.measures.filter(of="school", kind="percentage"):
            make_line(return_, measure, numerator="9", denominator="10", why="Flu")
    manager = sign_in(make_user(Role.DATA_MANAGER, trust))
    page = reverse(f"returns:return-{name}", args=[trust, return_.pk])

    assert cost_of(lambda: manager.get(page)) <= cost


@pytest.mark.parametrize("size", [1, 3, 25])
def test_the_trusts_own_return_costs_the_same_for_every_size(size, sign_in):
    trust, term, _ = make_full_house(size)
    return_ = make_return(trust.own_unit, term)
    manager = sign_in(make_user(Role.DATA_MANAGER, trust))
    page = reverse("returns:return-edit", args=[trust, return_.pk])

    assert cost_of(lambda: manager.get(page)) <= 16


@pytest.mark.parametrize("lines", [1, 60])
@pytest.mark.parametrize("is_first", [True, False], ids=["the first figure", "another figure"])
@pytest.mark.parametrize("way", ["by script", "without script"])
def test_saving_one_figure_costs_at_most_fourteen_queries(way, is_first, lines, sign_in):
    trust, term, measure, [school] = make_house()
    for number in range(lines - 1):
        make_measure(trust, f"More {number}")
    sign_in(make_user(Role.DATA_MANAGER, trust)).get(
        reverse("returns:return-list", args=[trust], query={"term": term.slug})
    )
    return_ = Return.everywhere.get(unit=school, term=term)
    head = sign_in(make_head(school))
    page = reverse("returns:return-edit", args=[trust, return_.pk])
    everyone = PupilGroup.objects.get(code="all")
    if not is_first:
        make_line(return_, measure, value="93.9")
    boxes = boxes_of(head.get(page))
    assert sum(name.endswith("-seen") for name in boxes) == lines
    line = f"l-{measure.pk}-{school.pk}-{everyone.pk}-1"
    boxes[f"{line}-value"] = "94.1"
    if way == "by script":
        page = reverse("returns:return-line", args=[trust, return_.pk])
        boxes = {name: text for name, text in boxes.items() if name.startswith(f"{line}-")}

    assert cost_of(lambda: head.post(page, boxes)) <= 14
    assert return_.lines(manager="everywhere").get().value == "94.1"
