"""A place on an ordered scale."""

from datetime import date

import pytest

from kpis.rag.scale import (
    AtLeast,
    Held,
    MaintainOrImprove,
    Scale,
    judge_at_least,
    judge_improved,
    judge_maintained,
)
from kpis.rag.verdict import Reason, Status

from .tables import case

GRADES = Scale(
    "grades", ("inadequate", "requires improvement", "good", "outstanding"), {"inadequate"}
)
CARDS = Scale(
    "cards",
    ("urgent improvement", "needs attention", "expected", "strong", "exceptional"),
    {"urgent improvement"},
)
AWARD = Scale("award", ("none", "committed", "achieved"))
GOOD = AtLeast({"grades": "good"}, inspected=True)
BEST = AtLeast({"grades": "outstanding"})
ACHIEVED = AtLeast({"award": "achieved"})
NEXT_TO_FAILING = AtLeast({"grades": "requires improvement"})


def held(level, scale=GRADES):
    return None if level is None else Held(level, scale)


AT_LEAST = [
    case("sc2: not inspected since joining", None, GOOD, "NOT_JUDGED"),
    case("sc1: at the level", held("good"), GOOD, "AT_LEVEL"),
    case("above it", held("outstanding"), GOOD, "AT_LEVEL"),
    case("sc3: one step below", held("requires improvement"), GOOD, "ONE_STEP"),
    case("sc5: failing", held("inadequate"), GOOD, "FAILING"),
    case("sc6: two steps below", held("requires improvement"), BEST, "TWO_STEPS"),
    case("three steps below and failing", held("inadequate"), BEST, "FAILING"),
    case("one step below and failing", held("inadequate"), NEXT_TO_FAILING, "FAILING"),
    case("the lowest, of a scale that fails nobody", held("none", AWARD), ACHIEVED, "TWO_STEPS"),
    case("on the way", held("committed", AWARD), ACHIEVED, "ONE_STEP"),
    case("the highest", held("achieved", AWARD), ACHIEVED, "AT_LEVEL"),
    case("sc7: judged on a new version", held("strong", CARDS), GOOD, "NO_MAPPING"),
    case("failing on a new version", held("urgent improvement", CARDS), GOOD, "NO_MAPPING"),
    case("no level sent", None, ACHIEVED, "NO_DATA"),
]


@pytest.mark.parametrize(("held", "rule", "reason"), AT_LEAST)
def test_a_level_is_judged_against_the_one_promised(held, rule, reason):
    assert judge_at_least(held, rule).reason == Reason(reason)


IMPROVED = [
    case("sc8: a step up", held("good"), held("requires improvement"), "IMPROVED"),
    case("two steps up", held("good"), held("inadequate"), "IMPROVED"),
    case("sc9: the same", held("good"), held("good"), "FLAT"),
    case("sc10: a step down", held("requires improvement"), held("good"), "WORSE"),
    case("sc11: the top, as before", held("outstanding"), held("outstanding"), "AT_BEST"),
    case("the top, from below", held("outstanding"), held("good"), "AT_BEST"),
    case("the top, with no past", held("outstanding"), None, "AT_BEST"),
    case("sc12: no earlier grade", held("good"), None, "BASELINE_YEAR"),
    case("on another version", held("strong", CARDS), held("good"), "BASELINE_YEAR"),
    case("on an older version", held("good"), held("strong", CARDS), "BASELINE_YEAR"),
    case("nothing sent", None, held("good"), "NO_DATA"),
    case("nothing at all", None, None, "NO_DATA"),
]


@pytest.mark.parametrize(("now", "earlier", "reason"), IMPROVED)
def test_a_level_is_judged_against_an_earlier_one(now, earlier, reason):
    assert judge_improved(now, earlier).reason == Reason(reason)


def test_an_inspection_that_has_not_come_is_nobodys_omission():
    assert judge_improved(None, held("good"), inspected=True).reason == Reason.NOT_JUDGED


MAINTAINED = [
    case(
        "sc4: kept at requires improvement",
        held("requires improvement"),
        held("requires improvement"),
        "KEPT_OR_RAISED",
    ),
    case("raised", held("good"), held("requires improvement"), "KEPT_OR_RAISED"),
    case(
        "raised from failing",
        held("requires improvement"),
        held("inadequate"),
        "KEPT_OR_RAISED",
    ),
    case("one step lower", held("good"), held("outstanding"), "ONE_STEP"),
    case("two steps lower", held("requires improvement"), held("outstanding"), "TWO_STEPS"),
    case(
        "one step lower and failing",
        held("inadequate"),
        held("requires improvement"),
        "FAILING",
    ),
    case("failing as on joining", held("inadequate"), held("inadequate"), "FAILING"),
    case("on another version", held("strong", CARDS), held("good"), "NO_MAPPING"),
    case("on an older version", held("good"), held("strong", CARDS), "NO_MAPPING"),
    case("no grade on joining", held("good"), None, "BASELINE_YEAR"),
    case("not inspected yet", None, held("good"), "NOT_JUDGED"),
    case("nothing known at all", None, None, "NOT_JUDGED"),
]


@pytest.mark.parametrize(("first", "joining", "reason"), MAINTAINED)
def test_the_first_inspection_is_judged_against_the_grade_on_joining(first, joining, reason):
    rule = MaintainOrImprove(joined=date(2024, 2, 29))

    verdict = judge_maintained(first, joining, rule, as_at=date(2025, 9, 1))

    assert verdict.reason == Reason(reason)


@pytest.mark.parametrize(
    ("as_at", "words"),
    [
        case("long before", date(2025, 9, 1), "28 February 2026 to come"),
        case("the last day", date(2026, 2, 28), "28 February 2026 to come"),
        case("two years gone", date(2026, 3, 1), "28 February 2026 passed"),
    ],
)
def test_two_years_without_an_inspection_are_said_and_not_judged(as_at, words):
    rule = MaintainOrImprove(joined=date(2024, 2, 29))

    verdict = judge_maintained(None, held("good"), rule, as_at=as_at)

    assert verdict.sentence == f"No status: not inspected since joining, {words}."


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (
            judge_at_least(held("requires improvement"), BEST),
            "Off target: requires improvement, target at least outstanding, 2 steps below.",
        ),
        (
            judge_at_least(held("outstanding"), GOOD),
            "On target: outstanding, target at least good, 1 step above.",
        ),
        (
            judge_at_least(held("inadequate"), NEXT_TO_FAILING),
            "Off target: inadequate, target at least requires improvement, 1 step below,"
            " a failing level.",
        ),
        (
            judge_improved(held("good"), held("good")),
            "Close to target: good, target above good, the same level.",
        ),
        (
            judge_maintained(
                held("good"),
                held("outstanding"),
                MaintainOrImprove(date(2025, 1, 1)),
                as_at=date(2025, 9, 1),
            ),
            "Close to target: good, target at least outstanding as on joining, 1 step below.",
        ),
    ],
)
def test_the_sentence_counts_the_steps(verdict, sentence):
    assert verdict.sentence == sentence


def test_a_grade_without_a_target_is_shown_without_a_colour():
    verdict = judge_at_least(held("strong", CARDS), GOOD)

    assert (verdict.status, verdict.figure) == (Status.GREY, "strong")
