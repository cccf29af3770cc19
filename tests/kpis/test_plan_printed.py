"""The first plan, loaded whole and held against a table typed by hand from what is printed."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from kpis.models import KPI, Baseline, Clause, ClauseVersion, Due, Measure, Reading, Target
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read_path
from priorities.models import Node
from schools.tenancy import inside
from tests.factories import make_trust
from tests.plans import collaborative_learning_trust as printed

FILE = Path(__file__).parents[2] / "fixtures" / "plans" / "collaborative-learning-trust.yaml"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The plan, loaded once for all tests here and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        trust = make_trust()
        load_plan(read_path(FILE), trust)
        yield trust
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _inside(_loaded):
    with inside(_loaded):
        yield


def test_the_plan_has_as_many_entries_of_each_kind_as_are_printed():
    assert Counter(Node.objects.values_list("role", flat=True)) == printed.COUNTS
    assert Clause.objects.count() == 87
    assert Reading.objects.count() == 100
    assert Measure.objects.count() == 79
    rules = ClauseVersion.objects.values_list("rule", flat=True)
    assert Counter(rules) == printed.CLAUSES_BY_RULE


def test_every_clause_says_what_is_printed():
    loaded = {}
    for clause in Clause.objects.select_related("node"):
        rule = clause.versions.get()
        measure = clause.readings.first().measure
        loaded[f"{clause.node.code} {clause.key}"] = (
            rule.rule,
            rule.operator,
            number_of(clause, rule),
            measure.unit if measure.is_figure or measure.kind == "cases" else "",
            rule.level,
            rule.group.code,
        )

    assert loaded == printed.clauses()


def number_of(clause, rule):
    """What must be reached, as the printed table has it."""
    if rule.months_allowed:
        return str(rule.months_allowed)
    if levels := rule.scale_targets.all():
        return " ".join(one.level.key for one in levels)
    target = Target.objects.filter(reading__clause=clause).first()
    return "" if target is None or target.value is None else f"{target.value.normalize():f}"


def test_clauses_are_combined_and_rolled_up_as_printed():
    combined = dict(KPI.objects.values_list("code", "combine"))
    rules = {f"{one.clause.node.code} {one.clause.key}": one for one in ClauseVersion.objects.all()}
    rolled = {name: rule.roll_up for name, rule in rules.items()}
    assert {code for code, word in combined.items() if word == "any"} == printed.COMBINED_BY_ANY
    assert {n: r for n, r in rolled.items() if r in ("pooled", "sum", "ratio")} == printed.ROLLED_UP
    assert {name for name, rule in rules.items() if rule.when == "by"} == printed.BY_A_DATE
    for name, rule in rules.items():
        everywhere = rule.rule == "done" or rule.when == "by"
        if rule.level != "trust":
            either_or = combined[name.split()[0]] == "any"
            expected = "rollout" if everywhere and not either_or else "each_school"
            assert rolled[name] == expected, name
        elif name not in printed.ROLLED_UP:
            assert rolled[name] == "trust_only", name


def test_baselines_stand_as_printed_undated_and_with_their_differences():
    found = {
        one.reading.clause.node.code: (
            f"{one.value.normalize():f}",
            one.printed,
            None if one.difference is None else f"{one.difference:.0f}",
            one.difference_from,
        )
        for one in Baseline.objects.all()
    }
    assert found == printed.BASELINES
    assert not Baseline.objects.exclude(dated=None).exists()
    differences = Baseline.objects.exclude(difference=None)
    assert set(differences.values_list("difference_in", flat=True)) == {"unknown"}
    assert set(Baseline.objects.values_list("unit__kind", "group__code")) == {("trust", "all")}


def test_targets_tell_what_is_printed_from_what_is_read_into_words():
    targets = {
        f"{one.reading.clause.node.code} {one.reading.clause.key}": one
        for one in Target.objects.all()
    }
    assert {name for name, one in targets.items() if one.printed} == printed.PRINTED
    without = {name for name, one in targets.items() if one.value is None and one.words}
    assert without == printed.WITHOUT_A_NUMBER
    on_a_path = {name for name, one in targets.items() if one.path == "even"}
    assert on_a_path == {"B2 c1", "B4 c1"}


def test_a_clause_reads_one_measure_or_one_for_each_phase():
    count = Counter(f"{one.clause.node.code} {one.clause.key}" for one in Reading.objects.all())
    assert {name: number for name, number in count.items() if number > 1} == printed.READINGS


def test_a_kpi_without_a_date_is_due_when_the_plan_ends():
    dues = set(Due.objects.values_list("precision", "resolved", "clause"))
    assert dues == {("plan_end", date(2028, 8, 31), None)}
    assert Due.objects.count() == 49


def test_a_primary_school_is_asked_each_measure_once_and_few_of_them():
    own = Measure.objects.filter(of="school", office=None, source="typed")
    lines = Counter()
    for measure in own.prefetch_related("groups").select_related("applicability"):
        where = measure.applicability
        for_older = where and ("secondary" in where.phases or where.sixth_form)
        for part in () if for_older else measure.asked_parts():
            lines[part.name.lower()] += measure.groups.count()

    assert lines == {"autumn": 22, "spring": 25, "summer": 20}


def test_the_live_and_the_census_figures_are_two_series():
    attendance = Measure.objects.get(code="attendance")
    assert str(attendance.series) == "DfE: attendance_live, year to date"
    assert attendance.basis == attendance.series.basis
