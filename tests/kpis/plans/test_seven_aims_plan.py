"""A plan of themes, aims and outcomes with nothing to measure: it loads, and blanks stay blank."""

from collections import Counter

import pytest
from django.db import transaction

from kpis.models import Clause, Due, Measure
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read_path
from priorities.models import FrameworkLink, Node, Plan, Priority
from schools.models import AuditRow
from schools.tenancy import inside
from tests.factories import make_trust

from .stored import FILES

FILE = FILES / "seven-aims-plan.yaml"

# Typed by hand from what is printed: the strapline of each aim, in our words.
AIMS = {
    "1": ("Children", "Highest outcomes", "Excellence and equity for each person"),
    "2": ("Children", "Richer children's lives", "Confidence and lasting interests"),
    "3": ("Staff", "Joyful, purposeful workplace", "Staff like work and feel valued"),
    "4": ("Staff", "Professional growth", "Learn and innovate together"),
    "5": ("Schools", "Welcoming, inspiring places", "Inclusive, stimulating spaces"),
    "6": (
        "Schools",
        "Economic and environmental sustainability",
        "Stewardship of money and environment",
    ),
    "7": (
        "Schools",
        "Constructive restlessness",
        "Leadership and governance that drive improvement",
    ),
}
# Lines of the four outcomes of each aim.
LINES = {
    "1": [19, 20, 21, 22],
    "2": [29, 30, 31, 32],
    "3": [42, 43, 44, 45],
    "4": [54, 55, 56, 57],
    "5": [67, 68, 69, 70],
    "6": [77, 78, 79, 80],
    "7": [89, 90, 91, 92],
}
# Our reading of which entry serves which part of the two frameworks that the plan names.
SERVES = {
    "aim-1": {"tqd1", "cst3"},
    "aim-2": {"tqd1", "cst3"},
    "aim-3": {"tqd3", "cst5"},
    "aim-4": {"tqd3", "cst5"},
    "aim-5-1": {"cst7"},
    "aim-5-2": {"tqd4", "cst6"},
    "aim-5-4": {"tqd4", "cst6"},
    "aim-6": {"tqd4", "cst6"},
    "aim-7": {"tqd2", "tqd5", "cst1", "cst2", "cst4"},
}

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """What loading the plan did, once for all tests here and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_plan(read_path(FILE), make_trust())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def trust(loaded):
    with inside(loaded.plan.trust):
        yield loaded.plan.trust


def test_the_plan_has_three_themes_seven_aims_and_28_outcomes_and_nothing_else():
    counts = Counter(Node.objects.values_list("role", flat=True))
    assert counts == {"theme": 3, "priority": 7, "outcome": 28}


def test_a_plan_without_any_kpi_loads_and_asks_nobody_for_anything(loaded):
    assert loaded.counts["kpi"] == 0
    assert not Clause.objects.exists()
    assert not Measure.objects.exists()
    assert not Due.objects.exclude(precision="plan_end").exists()


def test_each_aim_stands_under_its_strapline_with_its_two_wordings():
    aims = {
        aim.code: (aim.parent.title, aim.title, aim.statement)
        for aim in Priority.objects.select_related("parent")
    }
    assert aims == AIMS


def test_each_aim_has_its_four_outcomes_in_the_order_of_the_page():
    for code, lines in LINES.items():
        outcomes = Node.objects.of("outcome").filter(parent__code=code)
        assert [one.source_line for one in outcomes] == lines, code
    assert set(Node.objects.of("outcome").values_list("code", flat=True)) == {""}


def test_which_aim_serves_which_part_of_the_frameworks_is_told_as_our_reading():
    served = {}
    for link in FrameworkLink.objects.select_related("node", "item"):
        served.setdefault(link.node.key, set()).add(link.item.key)
    assert served == SERVES
    notes = Node.objects.filter(key__in=SERVES).values_list("note", flat=True)
    assert all("our reading" in note for note in notes)


def test_its_levels_have_names_of_their_own():
    plan = Plan.objects.get()
    assert dict(plan.labels.values_list("role", "plural")) == {
        "theme": "Straplines",
        "priority": "Strategic aims",
        "outcome": "Outcomes",
    }


def test_loading_again_changes_nothing(trust):
    rows = AuditRow.objects.count(), Node.objects.count()

    again = load_plan(read_path(FILE), trust)

    assert again.nothing_changed
    assert (AuditRow.objects.count(), Node.objects.count()) == rows
