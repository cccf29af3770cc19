"""The fourth plan, loaded whole and held against tables typed by hand from what is printed."""

from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from kpis.models import (
    Baseline,
    Clause,
    ClauseVersion,
    Due,
    Entry,
    Measure,
    PupilGroup,
    Reading,
    Target,
)
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read_path
from priorities.models import Node, NodeCost, NodeLink, NodeOwner, NodePhase, PlanPhase
from schools.models import AuditRow, School
from schools.tenancy import inside
from tests.factories import make_trust

from . import education_improvement_plan as printed
from .stored import FILES, clauses_as_stored, dues_as_stored, name_of

FILE = FILES / "education-improvement-plan.yaml"

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


def keys(role, **where):
    return list(Node.objects.of(role).filter(**where).values_list("key", flat=True))


def in_phases(**where):
    rows = NodePhase.objects.filter(**where).select_related("node", "phase", "year__year")
    return {(one.node.key, one.phase.key, str(one.year.year), one.certain) for one in rows}


# How much there is


def test_the_plan_has_as_many_entries_of_each_kind_as_are_printed():
    assert Counter(Node.objects.values_list("role", flat=True)) == printed.COUNTS


def test_metrics_are_tested_as_often_by_each_rule_as_is_printed():
    rules = Counter(ClauseVersion.objects.values_list("rule", flat=True))
    assert rules == printed.CLAUSES_BY_RULE
    assert rules.total() == 41


def test_no_code_is_printed_so_none_is_shown():
    assert set(Node.objects.values_list("code", flat=True)) == {""}


def test_a_plan_file_brings_no_school_and_no_figure():
    assert not School.objects.exists()
    assert not Entry.objects.exists()
    assert not Baseline.objects.exists()


# The tree


def test_values_and_reconnection_points_are_told_apart_by_their_labels():
    labels = Node.objects.of("principle").values_list("label", flat=True)
    assert Counter(labels) == printed.PRINCIPLES


def test_goals_are_tagged_with_several_beliefs_and_beliefs_with_several_goals():
    assert set(NodeLink.objects.values_list("node__key", "kind", "to__key")) == printed.TAGS


def test_goal_points_stand_under_goals_and_one_statement_under_each_belief():
    points = Node.objects.of("outcome").filter(label="Goal point")
    assert Counter(points.values_list("parent__key", flat=True)) == printed.POINTS_UNDER_GOALS
    statements = Node.objects.of("outcome").filter(label="")
    assert Counter(statements.values_list("parent__key", flat=True)) == dict.fromkeys(
        ["st", "sb", "rb", "rp"], 1
    )


def test_a_row_without_a_belief_continues_the_one_above_it():
    rows = dict(Node.objects.of("group").values_list("key", "parent__key"))
    assert rows == printed.ROWS
    assert not Node.objects.of("priority").filter(title="").exists()


def test_rows_hold_tactics_metrics_and_time_frames_in_their_own_numbers():
    counted = {
        row: tuple(len(keys(role, parent__key=row)) for role in ("action", "kpi", "milestone"))
        for row in printed.IN_ROWS
    }
    assert counted == printed.IN_ROWS
    assert keys("action", parent__key="row1.t7") == ["row1.t7a", "row1.t7b", "row1.t7c", "row1.t7d"]


def test_nothing_is_paired_by_its_place_in_a_row():
    assert not NodeLink.objects.filter(kind="pairs").exists()


# Clauses


def test_every_clause_says_what_is_printed():
    assert clauses_as_stored() == printed.clauses()


def test_every_metric_of_several_clauses_needs_them_all():
    assert set(Node.objects.values_list("combine", flat=True)) == {"all"}


def test_clauses_are_rolled_up_by_their_level():
    for rule in ClauseVersion.objects.select_related("clause__node"):
        usual = "rollout" if rule.rule == "done" else "each_school"
        expected = "trust_only" if rule.level == "trust" else usual
        assert rule.roll_up == expected, name_of(rule.clause)


def test_only_the_days_of_headship_are_a_printed_number_and_all_is_read_as_100():
    targets = Target.objects.select_related("reading__clause__node")
    assert {name_of(one.reading.clause) for one in targets if one.printed} == {"row5.m4 c1"}
    read = [one.reading.clause for one in targets if not one.printed]
    assert all("100 is our reading of all" in clause.versions.get().note for clause in read)


def test_only_church_schools_are_asked_about_leading_one():
    measure = Measure.objects.exclude(applicability=None).get()
    rule = ClauseVersion.objects.exclude(applicability=None).get()
    assert (measure.code, name_of(rule.clause)) == ("church_leaders_confident", "row3.m3 c1")
    assert measure.applicability.church
    assert rule.applicability.church


def test_vulnerable_groups_are_a_group_of_their_own_since_the_plan_does_not_say_who_they_are():
    group = PupilGroup.objects.get(code="vulnerable")
    asked = Measure.objects.filter(groups=group)
    assert list(asked.values_list("code", flat=True)) == ["attendance"]
    assert group.complement is None


def test_every_clause_reads_a_measure_of_its_own():
    assert Reading.objects.count() == Measure.objects.count() == 41
    assert not Measure.objects.filter(readings=None).exists()


# Dates, leads and costs


def test_metrics_have_the_days_that_their_words_mean_or_the_plans_end():
    dues = {}
    for due in Due.objects.filter(node__role="kpi").select_related("node", "clause__node"):
        if due.precision == "plan_end":
            assert due.resolved == date(2026, 8, 31)
            continue
        name = due.node.key if due.clause is None else name_of(due.clause)
        dues[name] = (due.label, due.precision, due.resolved.isoformat())
    assert dues == printed.DUES_OF_METRICS


def test_time_frames_keep_their_printed_words_and_the_days_that_they_mean():
    dated = {key: [step for step in steps if step[2]] for key, steps in all_dues().items()}
    assert dated == {key: steps for key, (steps, *_) in printed.time_frames().items()}


def all_dues():
    return {key: [] for key in keys("milestone")} | dues_as_stored("milestone")


def test_dates_that_follow_each_other_are_steps_and_not_revisions():
    steps = Counter(Due.objects.filter(step__gt=1).values_list("node__key", flat=True))
    assert steps == {"row2.f3": 2, "row5.f4": 1}
    assert set(Due.objects.values_list("version", flat=True)) == {1}


def test_a_time_frame_without_a_day_is_never_late():
    without = {key for key, steps in all_dues().items() if not any(day for _, _, day in steps)}
    assert without == {"row1.f4", "row3.f3"}


def test_time_frames_are_led_by_jobs_several_of_them_or_none():
    leads = {key: [] for key in keys("milestone")}
    for owner in NodeOwner.objects.filter(node__role="milestone").select_related("node"):
        leads[owner.node.key].append(owner.role)
    assert leads == {key: leads for key, (_, leads, *_) in printed.time_frames().items()}


def test_costs_are_words_and_only_one_is_an_amount():
    costs = {key: [] for key in keys("milestone")}
    for cost in NodeCost.objects.select_related("node"):
        costs[cost.node.key].append("words" if cost.amount is None else f"£{cost.amount:.0f}")
    assert costs == {key: costs for key, (_, _, costs, _) in printed.time_frames().items()}


def test_costs_in_question_are_told_from_those_to_be_confirmed():
    def of(certainty):
        costs = NodeCost.objects.filter(certainty=certainty)
        return set(costs.values_list("node__key", flat=True))

    assert of("question") == printed.QUESTIONS
    assert of("to_be_confirmed") == printed.TO_BE_CONFIRMED
    uncertain = {key for key, (*_, certain) in printed.time_frames().items() if not certain}
    assert of("question") | of("to_be_confirmed") == uncertain


# Phases


def test_the_four_phases_of_carrying_out_the_plan_are_in_their_order():
    assert list(PlanPhase.objects.values_list("name", flat=True)) == printed.PHASES


def test_the_phase_table_has_its_items_in_the_phases_of_its_columns():
    table = {phase: [] for phase in printed.PHASE_TABLE}
    items = NodePhase.objects.filter(node__parent__key="ph").order_by("node__order")
    for item in items.select_related("node", "phase", "year__year"):
        assert (str(item.year.year), item.node.label) == ("2023/24", "Phase item")
        assert item.node.key.startswith(f"ph.{item.phase.key[0]}")
        table[item.phase.key].append(item.node.source_line)
    assert table == printed.PHASE_TABLE
    assert len(keys("action", parent__key="ph")) == items.count() == 26


def test_only_the_item_with_a_question_mark_is_in_its_phase_uncertainly():
    uncertain = NodePhase.objects.filter(node__parent__key="ph", certain=False)
    assert [one.node.key for one in uncertain] == [printed.UNCERTAIN]


def test_time_frames_name_phases_of_two_years_some_only_possible():
    assert in_phases(node__role="milestone") == printed.PHASES_OF_TIME_FRAMES
    others = NodePhase.objects.exclude(node__role="milestone").exclude(node__parent__key="ph")
    assert not others.exists()


def test_sustain_as_a_phase_of_a_school_is_no_phase_of_the_plan():
    about_schools = Node.objects.filter(key__in=["g2.1", "g3.1", "row2.t1", "ph.d1", "ph.s5"])
    assert all("a school's improvement" in node.note for node in about_schools)
    in_sustain = {key for key, phase, *_ in in_phases() if phase == "sustain"}
    assert in_sustain == {"row1.f1", *(f"ph.s{number}" for number in range(1, 7))}


def test_contradictions_between_dates_are_kept_on_both_sides_and_said():
    said = Node.objects.filter(key__in=printed.CONTRADICTED)
    assert said.count() == len(printed.CONTRADICTED)
    assert [node.key for node in said if not node.note] == []


# Loading


def test_loading_again_changes_nothing(trust):
    tables = [AuditRow, Node, NodeLink, NodeCost, NodePhase, NodeOwner, Clause, Measure, Due]
    rows = [table.objects.count() for table in tables]

    again = load_plan(read_path(FILE), trust)

    assert again.nothing_changed
    assert again.kept == []
    assert [table.objects.count() for table in tables] == rows
