"""All five plans together: how many promises they hold, counted from their files."""

from collections import Counter

import pytest

from kpis.plan_files.reading import read_path

from .stored import FILES

# Of the KPIs and outcomes of all five; the tests of milestones come on top.
CLAUSES_BY_RULE = {
    "threshold": 43,
    "band": 3,
    "compare": 31,
    "trend": 12,
    "gap": 16,
    "scale": 20,
    "done": 41,
    "cases": 2,
    "judged": 63,
}
CLAUSES_BY_PLAN = {
    "collaborative-learning-trust": 87,
    "learning-together-trust": 56,
    "plantsbrook-learning-trust": 47,
    "education-improvement-plan": 41,
    "seven-aims-plan": 0,
}
KPIS_BY_PLAN = {
    "collaborative-learning-trust": 49,
    "learning-together-trust": 10,
    "plantsbrook-learning-trust": 32,
    "education-improvement-plan": 24,
    "seven-aims-plan": 0,
}


def rules_of(name):
    data = read_path(FILES / f"{name}.yaml").data
    entries = [*data.get("kpis", []), *data.get("outcomes", [])]
    return [clause["rule"] for entry in entries for clause in entry.get("clauses", [])]


@pytest.mark.parametrize(("plan", "clauses"), CLAUSES_BY_PLAN.items())
def test_each_plan_has_as_many_clauses_as_its_promises_need(plan, clauses):
    assert len(rules_of(plan)) == clauses


@pytest.mark.parametrize(("plan", "kpis"), KPIS_BY_PLAN.items())
def test_each_plan_has_as_many_kpis_as_are_printed(plan, kpis):
    assert len(read_path(FILES / f"{plan}.yaml").data.get("kpis", [])) == kpis


def test_the_five_plans_hold_231_clauses_by_nine_rules():
    counted = Counter(rule for plan in CLAUSES_BY_PLAN for rule in rules_of(plan))
    assert counted == CLAUSES_BY_RULE
    assert counted.total() == 231


def test_every_plan_that_is_shipped_is_counted_here():
    assert {file.stem for file in FILES.glob("*.yaml")} == set(CLAUSES_BY_PLAN)
