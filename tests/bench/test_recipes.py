"""The mix of rules that is measured is that of real plans."""

from collections import Counter

from bench.recipes import recipes
from kpis.models.promises import Rule


def rules_of(count):
    return Counter(clause.rule for recipe in recipes(count) for clause in recipe.clauses)


def test_a_plan_of_49_kpis_has_every_rule_and_thresholds_most():
    rules = rules_of(49)

    assert len(recipes(49)) == 49
    assert set(rules) == set(Rule.values)
    assert rules.most_common(1)[0][0] == "threshold"


def test_a_bigger_plan_goes_through_the_same_recipes_again():
    assert len(recipes(100)) == 100
    assert recipes(100)[:49] == recipes(49) == recipes(100)[49:98]


def test_some_kpis_have_several_clauses_and_some_are_either_or():
    several = [recipe for recipe in recipes(49) if len(recipe.clauses) > 1]

    assert len(several) >= 5
    assert {recipe.combine for recipe in several} == {"all", "any"}
