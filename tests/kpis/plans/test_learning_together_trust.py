"""The second plan, loaded whole and held against a table typed by hand from what is printed."""

from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from kpis.models import Baseline, Clause, ClauseVersion, Due, Measure, Reading, Target
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read_path
from priorities.models import Milestone, Node, NodeLink, Risk
from schools.models import AuditRow
from schools.tenancy import inside
from tests.factories import make_trust

from . import learning_together_trust as printed
from .stored import FILES, clauses_as_stored, dues_as_stored, name_of

FILE = FILES / "learning-together-trust.yaml"

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
    return {
        name_of(one.clause): one
        for one in ClauseVersion.objects.select_related("clause__node", "applicability")
    }


# How much there is


def test_the_plan_has_as_many_entries_of_each_kind_as_are_printed():
    assert Counter(Node.objects.values_list("role", flat=True)) == printed.COUNTS


def test_criteria_and_kpis_are_tested_as_often_by_each_rule_as_is_printed():
    rules = ClauseVersion.objects.exclude(clause__node__role="milestone")
    of_milestones = ClauseVersion.objects.filter(clause__node__role="milestone")

    assert Counter(rules.values_list("rule", flat=True)) == printed.CLAUSES_BY_RULE
    assert rules.count() == 56
    counted = Counter(of_milestones.values_list("rule", flat=True))
    assert counted == printed.CLAUSES_OF_MILESTONES_BY_RULE


def test_entries_stand_under_the_aims_as_printed():
    for role, counts in printed.UNDER_AIMS.items():
        under = Counter(Node.objects.of(role).values_list("parent__code", flat=True))
        assert [under[aim] for aim in "1234"] == counts, role
    assert set(Node.objects.of("risk").values_list("parent", flat=True)) == {None}


# Codes


def test_codes_are_the_printed_ones_with_their_gap_and_their_double():
    codes = list(Node.objects.of("outcome").values_list("code", flat=True))
    assert codes == printed.CODES_OF_CRITERIA
    milestones = list(Node.objects.of("milestone").values_list("code", flat=True))
    assert milestones == printed.CODES_OF_MILESTONES
    twice = Node.objects.of("outcome").filter(code="SC 22")
    assert [node.parent.code for node in twice] == ["3", "4"]


# Clauses


def test_every_clause_says_what_is_printed():
    assert clauses_as_stored() == printed.clauses()


def test_every_entry_of_several_clauses_needs_them_all():
    assert set(Node.objects.values_list("combine", flat=True)) == {"all"}


def test_clauses_are_rolled_up_by_their_level():
    for name, rule in versions().items():
        usual = "rollout" if rule.rule == "done" or rule.when == "by" else "each_school"
        expected = "trust_only" if rule.level == "trust" else usual
        assert rule.roll_up == expected, name


def test_some_clauses_hold_by_a_date_and_some_come_again():
    assert {name for name, rule in versions().items() if rule.when == "by"} == printed.BY_A_DATE
    repeated = {name: rule.repeated for name, rule in versions().items() if rule.repeated}
    assert repeated == printed.REPEATED


def test_targets_tell_what_is_printed_from_what_is_read_into_words():
    targets = {
        name_of(one.reading.clause): one
        for one in Target.objects.select_related("reading__clause__node")
    }
    assert {name for name, one in targets.items() if one.printed} == printed.PRINTED
    words = {name: one.words for name, one in targets.items() if one.words}
    assert words == printed.WITHOUT_A_NUMBER
    assert not any(one.path for one in targets.values())
    assert not Baseline.objects.exists()


def test_a_level_is_asked_for_only_on_the_versions_of_a_scale_that_the_plan_names():
    asked = {
        name: {target.scale_version.key for target in rule.scale_targets.all()}
        for name, rule in versions().items()
        if rule.rule == "scale"
    }
    assert asked == printed.SCALE_VERSIONS
    dates = Measure.objects.get(code="ofsted_overall").scale.versions.values_list("key", "since")
    assert dict(dates) == {"grades": None, "report_card": date(2025, 11, 10)}


def test_only_church_schools_are_held_to_siams():
    of_church = {
        name
        for name, rule in versions().items()
        if rule.applicability and rule.applicability.church
    }
    assert of_church == printed.CHURCH_SCHOOLS


def test_attendance_of_members_is_two_counts_with_the_bar_on_the_clause():
    bars = {name: rule.person_bar for name, rule in versions().items() if rule.person_bar}
    assert bars == printed.PERSON_BARS
    measure = Measure.objects.get(code="members_under_the_bar")
    assert (measure.numerator_name, measure.denominator_name) == (
        "Members under the bar",
        "Members",
    )


def test_a_clause_reads_one_measure_or_one_for_each_subject_and_year():
    count = Counter(name_of(one.clause) for one in Reading.objects.select_related("clause__node"))
    assert {name: number for name, number in count.items() if number > 1} == printed.READINGS


def test_no_measure_is_asked_that_no_clause_reads():
    assert not Measure.objects.filter(readings=None).exists()


def test_criteria_and_kpis_read_one_figure_where_they_promise_one_thing():
    for one, other in [("sc-4 c1", "kpi-4 c1"), ("sc-4 c2", "kpi-5 c1"), ("sc-13 c1", "kpi-9 c1")]:
        pairs = {
            name_of(clause): (
                list(clause.readings.values_list("measure__code", flat=True)),
                clauses_as_stored()[name_of(clause)],
            )
            for clause in Clause.objects.select_related("node")
            if name_of(clause) in (one, other)
        }
        assert pairs[one] == pairs[other]


# Dates


def test_milestones_keep_their_printed_words_and_the_days_that_they_mean():
    assert dues_as_stored("milestone") == printed.DUES


def test_a_revised_date_keeps_that_there_was_an_earlier_one():
    for key, rows in printed.DUES.items():
        dues = Due.objects.filter(node__key=key)
        series = len(rows) if key not in printed.MOVED else 1
        assert dues.values("step").distinct().count() == series, key
    earlier = Due.objects.filter(version=1, node__key__in=printed.MOVED)
    assert set(earlier.values_list("resolved", flat=True)) == {None}
    assert all(due.reason for due in earlier)


def test_undated_milestones_have_no_day_by_which_they_could_be_late():
    days = Due.objects.exclude(resolved=None).filter(node__role="milestone")
    dated = set(days.values_list("node__key", flat=True))
    assert (
        set(Node.objects.of("milestone").values_list("key", flat=True)) - dated == printed.UNDATED
    )


def test_a_caveat_among_the_milestones_is_only_a_note_and_tests_nothing():
    notes = Milestone.objects.filter(only_a_note=True)
    assert set(notes.values_list("key", flat=True)) == printed.ONLY_A_NOTE
    assert not Clause.objects.filter(node__key__in=printed.ONLY_A_NOTE).exists()
    tested = Node.objects.of("milestone").exclude(clauses=None).distinct()
    assert tested.count() == 15


def test_kpis_are_due_when_the_plan_ends_and_no_criterion_has_a_date_of_its_own():
    at_the_end = [("", "plan_end", "2021-08-31")]
    kpis = Node.objects.of("kpi").values_list("key", flat=True)
    assert dues_as_stored("kpi") == dict.fromkeys(kpis, at_the_end)
    assert dues_as_stored("outcome") == {}


# Links and risks


def test_entries_are_linked_as_the_plan_shows_them_to_belong_together():
    links = NodeLink.objects.values_list("node__key", "kind", "to__key")
    assert set(links) == printed.LINKS


def test_each_risk_has_its_mitigations_and_no_guess_at_likelihood_or_impact():
    for risk in Risk.objects.all():
        assert risk.children.count() == printed.MITIGATIONS[risk.code], risk.code
        assert (risk.likelihood, risk.impact) == (None, None)


# Loading


def test_loading_again_changes_nothing(trust):
    rows = AuditRow.objects.count(), Node.objects.count(), Due.objects.count()

    again = load_plan(read_path(FILE), trust)

    assert again.nothing_changed
    assert again.kept == []
    assert (AuditRow.objects.count(), Node.objects.count(), Due.objects.count()) == rows
