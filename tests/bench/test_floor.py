"""The floor is honest: it has fetched every figure by which the page judges, and says it."""

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from bench.bare import Bare
from bench.figures import fill
from bench.floor import Floor
from bench.floor_kpi import KpiFloor
from bench.history import measured_kpi, remember
from bench.house import House
from kpis import facts
from kpis.rag.judging import judge_all
from schools.tenancy import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """Three schools and the whole mix of rules, for this module, then gone again."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = House(3, 49, seed=1)
        fill(made)
        remember(made)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def bare():
    connection.ensure_connection()
    return Bare(connection.connection)


def ground_of(house):
    return SimpleNamespace(trust=house.trust, term=house.term)


def rows_of(table):
    """{clause: the text of each school's cell}, the clauses in the order of the plan."""
    rows = table.decode().split("\n<tr><th>")[1:]
    return [row.split("\n<td>")[1:] for row in rows if "\n<td>" in row]


def numbers_in(text):
    return [Decimal(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


def test_every_figure_that_the_page_judges_by_stands_in_the_floors_table(house, bare):
    table = rows_of(Floor(bare, ground_of(house)).page())
    with inside(house.trust):
        plan = facts.plan_for(house.term)
        read = facts.read(house.trust, plan, house.term, timezone.localdate())
    lines = [line for judged in judge_all(read.given) for line in judged.lines]

    assert len(table) == len(lines)
    missing, found = [], 0
    for line, cells in zip(lines, table, strict=True):
        for school, cell in zip(house.schools, cells, strict=True):
            said = line.schools.get(school.pk)
            for figure in wanted_of(line, said):
                found += 1
                if not any(abs(number - figure) <= Decimal("0.06") for number in numbers_in(cell)):
                    missing.append((line.clause.key, line.clause.title, figure, cell))
    assert missing == []
    assert found > 100


def wanted_of(line, said):
    """The figures behind a verdict; a gap's own are a difference of those."""
    if said is None or said.shown is None or line.clause.terms[-1].rule == "gap":
        return []
    return [figure for figure in (said.figure, said.before) if figure is not None]


def test_the_floor_of_a_kpi_has_all_its_terms_and_the_trail(house, bare):
    floor = KpiFloor(bare, ground_of(house), measured_kpi(house).pk)
    told = floor.read()

    terms = {row[2] for row in told["entries"]}
    assert len(terms) == 15
    assert told["trail"]
    assert told["said"]
    assert "Illness in the spring." in floor.joined(told).decode()
