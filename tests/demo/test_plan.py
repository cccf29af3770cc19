from collections import Counter
from datetime import date
from string import Template

import pytest

from demo.outside import COMPARED, INVENTED
from demo.plan import FILE, written
from demo.timetable import timetable
from kpis.models import Clause, ClauseVersion, Due, Measure, Target
from kpis.models.promises import Rule
from kpis.plan_files.reading import read
from priorities.models import (
    FrameworkItem,
    FrameworkLink,
    Node,
    NodeCost,
    NodeLink,
    NodePhase,
    NodeRole,
    Risk,
)

pytestmark = pytest.mark.any_database

PROVIDERS = dict.fromkeys(COMPARED, INVENTED)


def text(today=date(2026, 11, 22)):
    return written(timetable(today), PROVIDERS)


def test_the_plan_has_the_full_shape(northmere):
    count = Counter(Node.objects.values_list("role", flat=True))

    assert count[NodeRole.PRIORITY] == 4
    assert count[NodeRole.STRAND] == 3
    assert count[NodeRole.OUTCOME] == 29
    assert count[NodeRole.KPI] == 49
    assert count[NodeRole.MILESTONE] == 8
    assert count[NodeRole.ACTION] == 9
    assert count[NodeRole.RISK] == 6
    assert count[NodeRole.MITIGATION] == 9
    assert count[NodeRole.THEME] == 2
    assert Clause.objects.count() == 105
    assert Measure.objects.count() == 89


def test_outcomes_and_milestones_are_tested_too(northmere):
    roles = Counter(Clause.objects.values_list("node__role", flat=True))

    assert roles == {NodeRole.KPI: 87, NodeRole.OUTCOME: 11, NodeRole.MILESTONE: 7}


def test_a_board_finds_what_it_asks_for(northmere):
    """Risks with an answer and one without, what things cost, dates that moved, jobs."""
    answered = Node.objects.of(NodeRole.MITIGATION).values("parent")
    risks = Risk.objects.all()

    assert risks.exclude(pk__in=answered).count() == 1
    assert not risks.filter(likelihood=None).exists()
    assert set(NodeCost.objects.values_list("certainty", flat=True)) == set(
        NodeCost.Certainty.values
    )
    assert Due.objects.filter(version=2, node__role=NodeRole.MILESTONE).count() == 1
    assert set(NodeLink.objects.values_list("kind", flat=True)) == set(NodeLink.Kind.values)
    assert NodePhase.objects.filter(certain=False).exists()
    assert not Node.objects.of(NodeRole.ACTION).filter(owners=None).exists()
    kpis = Node.objects.of(NodeRole.KPI)
    assert [kpi.key for kpi in kpis.filter(owners=None)] == ["d10"]


def test_its_kpis_serve_the_frameworks_but_for_a_gap_to_find(northmere):
    served = FrameworkLink.objects.filter(node__role=NodeRole.KPI).values("item")
    left = FrameworkItem.objects.filter(framework__version__gt="").exclude(pk__in=served)

    assert list(left.values_list("key", flat=True)) == ["tqd1.culture"]


def test_every_rule_is_promised_somewhere(northmere):
    assert set(ClauseVersion.objects.values_list("rule", flat=True)) == set(Rule.values)


def test_every_number_and_date_that_the_plan_needs_is_set(northmere):
    bands_and_thresholds = Target.objects.all()

    assert bands_and_thresholds.exists()
    assert not bands_and_thresholds.filter(value=None, low=None).exists()
    assert set(bands_and_thresholds.values_list("path", flat=True)) >= {
        "even",
        "steps",
    }
    for version in ClauseVersion.objects.filter(rule__in=["trend", "gap"]):
        assert version.baseline_period.year_id == northmere.table.baseline_year


def test_some_duties_are_overdue_some_due_soon_and_some_later(northmere):
    dated = Due.objects.exclude(resolved=None)
    days = {(due.resolved - northmere.today).days for due in dated}

    assert any(day < 0 for day in days)
    assert any(0 < day <= 30 for day in days)
    assert any(day > 30 for day in days)


def test_every_word_with_a_dollar_sign_stands_for_something():
    words = set(Template(FILE.read_text()).get_identifiers())

    assert words <= {*timetable(date(2026, 11, 22)).words(), *COMPARED}


def test_on_every_day_it_is_a_plan_file_like_any_other():
    for month in range(1, 13):
        plan_file = read(text(date(2027, month, 15)), "plan.yaml")

        assert len(plan_file.data["kpis"]) == 49
        assert "$" not in text(date(2027, month, 15)).split("plan:", 1)[1]


def test_where_england_has_no_figure_yet_an_invented_one_stands_in_from_then_on(northmere):
    attendance = Clause.objects.get(node__key="a5", key="c3")
    versions = attendance.versions.order_by("from_period__on")

    assert versions.last().provider == INVENTED
    assert all(version.reason and version.by for version in versions[1:])
