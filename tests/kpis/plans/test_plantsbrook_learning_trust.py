"""The third plan, loaded whole and held against a table typed by hand from what is printed."""

from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from kpis.models import (
    Baseline,
    Clause,
    ClauseVersion,
    Comparator,
    Due,
    Entry,
    Measure,
    Reading,
    Target,
)
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read_path
from priorities.models import Node
from schools.models import AuditRow, School
from schools.tenancy import inside
from tests.factories import make_trust

from . import plantsbrook_learning_trust as printed
from .stored import FILES, clauses_as_stored, name_of

FILE = FILES / "plantsbrook-learning-trust.yaml"

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """The plan, loaded once for all tests here and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        trust = make_trust()
        load_plan(read_path(FILE), trust)
        yield trust
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def trust(_loaded):
    with inside(_loaded):
        yield _loaded


def versions():
    said = ClauseVersion.objects.select_related("clause__node", "applicability", "against_group")
    return {name_of(one.clause): one for one in said}


def under(role):
    return Counter(Node.objects.of(role).values_list("parent__key", flat=True))


# How much there is


def test_the_plan_has_as_many_entries_of_each_kind_as_are_printed():
    assert Counter(Node.objects.values_list("role", flat=True)) == printed.COUNTS
    assert under("strand") == printed.STRANDS_UNDER_AIMS


def test_indicators_are_tested_as_often_by_each_rule_as_is_printed():
    rules = Counter(ClauseVersion.objects.values_list("rule", flat=True))
    assert rules == printed.CLAUSES_BY_RULE
    assert rules.total() == 47


def test_the_headings_match_no_aim_and_stand_on_the_plan_itself():
    assert under("group") == {None: 6, "ts": 2}
    assert under("kpi") == printed.KPIS_UNDER_HEADINGS
    assert not Node.objects.get(key="ts").children.of("kpi").exists()


def test_no_code_is_printed_so_none_is_shown():
    assert set(Node.objects.values_list("code", flat=True)) == {""}


def test_a_plan_file_brings_no_school_and_no_figure():
    assert not School.objects.exists()
    assert not Entry.objects.exists()
    assert not Baseline.objects.exists()


# Clauses


def test_every_clause_says_what_is_printed():
    assert clauses_as_stored() == printed.clauses()


def test_every_indicator_of_several_clauses_needs_them_all():
    assert set(Node.objects.values_list("combine", flat=True)) == {"all"}


def test_clauses_are_rolled_up_by_their_level_where_they_are_not_pooled():
    for name, rule in versions().items():
        usual = "rollout" if rule.rule == "done" else "each_school"
        of_trust = "pooled" if name in printed.POOLED else "trust_only"
        assert rule.roll_up == (of_trust if rule.level == "trust" else usual), name


def test_three_cohorts_have_three_kinds_of_reference():
    gaps = {
        name: (
            rule.against,
            "" if rule.against_group is None else rule.against_group.code,
            rule.symmetric,
        )
        for name, rule in versions().items()
        if rule.rule == "gap"
    }
    assert gaps == printed.GAPS


def test_every_promise_holds_from_the_first_day_and_some_come_again():
    assert {rule.when for rule in versions().values()} == {"always"}
    repeated = {name: rule.repeated for name, rule in versions().items() if rule.repeated}
    assert repeated == printed.REPEATED


def test_targets_tell_what_is_printed_from_what_is_read_into_words():
    targets = Target.objects.select_related("reading__clause__node")
    assert {name_of(one.reading.clause) for one in targets if one.printed} == printed.PRINTED
    words = {name_of(one.reading.clause): one.words for one in targets if one.words}
    assert words == {"op1 c1": "≈10%"}
    for name, rule in versions().items():
        has_target = Target.objects.filter(reading__clause=rule.clause).exists()
        if has_target and name not in printed.PRINTED:
            assert "our reading" in rule.note, name


def test_a_printed_comparator_is_kept_phase_by_phase_with_its_year(trust):
    figures = {one.scope_code: one for one in Comparator.objects.filter(series__owner=trust.slug)}
    assert len(figures) == len(printed.YARDSTICKS)
    for name, (phase, figure) in printed.YARDSTICKS.items():
        rule = versions()[name]
        assert rule.applicability.phases == phase
        yardstick = figures[phase]
        assert yardstick.value == int(figure)
        assert str(yardstick.period.year) == "2015/16"
        assert yardstick.period.basis == "financial_year"
        assert yardstick.printed_in_plan
        assert yardstick.series.what == rule.clause.readings.get().measure.series.what
        assert yardstick.series.provider == rule.provider == "DfE"
        margins = Reading.objects.get(clause=rule.clause).versions.get()
        assert (margins.tolerance, margins.margin) == (2, 5)


def test_staff_cost_and_turnover_have_no_better_side():
    two_sided = Measure.objects.filter(code__in=["staffing_share", "staff_turnover"])
    assert set(two_sided.values_list("better", flat=True)) == {"none"}


def test_exclusions_are_rates_since_numbers_cannot_be_held_against_an_average():
    for code in ("suspension_rate", "permanent_exclusion_rate"):
        measure = Measure.objects.get(code=code)
        assert (measure.kind, measure.per, measure.counts) == ("rate", 100, "both")


def test_grades_are_asked_for_only_on_the_version_of_the_scale_that_the_plan_names():
    asked = {
        name: {target.scale_version.key for target in rule.scale_targets.all()}
        for name, rule in versions().items()
        if rule.rule == "scale"
    }
    assert asked == {"gf1 c1": set(), "gf2 c1": {"grades"}, "qt2 c1": {"grades"}}
    dates = Measure.objects.get(code="ofsted_overall").scale.versions.values_list("key", "since")
    assert dict(dates) == {"grades": None, "report_card": date(2025, 11, 10)}


def test_the_grade_on_joining_and_the_bar_for_all_academies_are_read_off_one_inspection():
    first, bar = (Clause.objects.get(node__key=key) for key in ("gf1", "qt2"))
    assert first.readings.get().measure == bar.readings.get().measure


def test_nearly_equal_indicators_ask_a_school_once():
    progress = Reading.objects.filter(clause__node__key__in=["ap3", "ap4"])
    assert progress.count() == 9
    assert progress.values("measure").distinct().count() == 3


def test_a_clause_reads_one_measure_or_one_for_each_key_stage_and_subject():
    count = Counter(name_of(one.clause) for one in Reading.objects.select_related("clause__node"))
    assert {name: number for name, number in count.items() if number > 1} == printed.READINGS


def test_no_measure_is_asked_that_no_clause_reads():
    assert not Measure.objects.filter(readings=None).exists()


# Dates


def test_every_indicator_is_due_when_the_plan_ends():
    dues = set(Due.objects.values_list("node__role", "precision", "resolved", "clause"))
    assert dues == {("kpi", "plan_end", date(2022, 8, 31), None)}
    assert Due.objects.count() == 32


# Loading


def test_loading_again_changes_nothing(trust):
    tables = [AuditRow, Node, Clause, ClauseVersion, Measure, Reading, Target, Due, Comparator]
    rows = [table.objects.count() for table in tables]

    again = load_plan(read_path(FILE), trust)

    assert again.nothing_changed
    assert again.kept == []
    assert [table.objects.count() for table in tables] == rows
