"""A figure against a fixed number, or against its place on the way there."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.rag.shown import PERCENTAGE
from kpis.rag.threshold import Threshold, judge
from kpis.rag.verdict import Reason, Status

from .tables import COUNT, POUNDS, SCORE, SIGNS, case, number


def rule(promise, margin="5.0", *, shown=PERCENTAGE, **more):
    """ "at least 85.0" as a Threshold; figures in ``more`` as text."""
    words, target = promise.rsplit(" ", 1)
    figures = {key: number(more[key]) for key in ("expected", "baseline") if key in more}
    return Threshold(
        SIGNS[words],
        None if target == "?" else Decimal(target),
        Decimal(margin),
        met_before=more.get("met_before", False),
        shown=shown,
        **figures,
    )


RISING = rule("at least 85.0", expected="77.2", baseline="75.0")
FALLING = rule("at most 18.0", "1.0", expected="21.3", baseline="23.0")
MET_ONCE = rule("at least 85.0", expected="80.0", baseline="75.0", met_before=True)

TABLE = [
    case("th1: 84.95 is shown as 85.0", "84.95", rule("at least 85"), "MET"),
    case("th3: on the line", "77.2", RISING, "ON_TRACK"),
    case("th5: under where it began", "74.9", RISING, "WORSE_THAN_BASELINE"),
    case("th7: all but one of 2,000", Fraction(199_900, 2000), rule("at least 100"), "NEAR"),
    case("th9: 5 of 120", Fraction(500, 120), rule("less than 5", "1.0"), "MET"),
    case("th11: strict and equal", "95.0", rule("more than 95.0", "1.0"), "NEAR"),
    case("th13: one pound short", "-1", rule("at least 0", "0", shown=POUNDS), "OFF"),
    case("equal is met", "85.0", rule("at least 85.0"), "MET"),
    case("th14: equal is met when less is better", "18.0", rule("at most 18.0", "1.0"), "MET"),
    case("just short is close", "84.9", rule("at least 85.0"), "NEAR"),
    case("th2: on the edge is close", "80.0", rule("at least 85.0"), "NEAR"),
    case("th4: past the edge is off", "79.9", rule("at least 85.0"), "OFF"),
    case("just over is close when less is better", "18.1", rule("at most 18.0", "1.0"), "NEAR"),
    case("on the edge when less is better", "19.0", rule("at most 18.0", "1.0"), "NEAR"),
    case("far past the edge", "12.0", rule("at least 85.0"), "OFF"),
    case("past the edge when less is better", "19.1", rule("at most 18.0", "1.0"), "OFF"),
    case("well over when less is better", "27.0", rule("at most 18.0", "1.0"), "OFF"),
    case("overshot when less is better", "9.0", rule("at most 18.0", "1.0"), "MET"),
    case("strict, no margin", "95.0", rule("more than 95.0", "0"), "OFF"),
    case("strict and beyond", "95.1", rule("more than 95.0"), "MET"),
    case("strict, equal, less is better", "5.0", rule("less than 5.0", "1.0"), "NEAR"),
    case("strict, equal, less is better, no margin", "5.0", rule("less than 5.0", "0"), "OFF"),
    case("strict, on the outer edge, less is better", "6.0", rule("less than 5.0", "1.0"), "NEAR"),
    case("strict, past it, less is better", "6.1", rule("less than 5.0", "1.0"), "OFF"),
    case("strict, past the outer edge", "89.9", rule("more than 95.0"), "OFF"),
    case("strict and under", "4.9", rule("less than 5.0", "1.0"), "MET"),
    case("strict, on the outer edge", "90.0", rule("more than 95.0"), "NEAR"),
    case("no margin, just short", "99.9", rule("at least 100.0", "0"), "OFF"),
    case("th8: zero is a figure", "0", rule("at least 85.0"), "OFF"),
    case("zero can be the target", "0", rule("at most 0", "0", shown=COUNT), "MET"),
    case("one over a target of zero", "1", rule("at most 0", "0", shown=COUNT), "OFF"),
    case("a negative score", "-0.01", rule("more than 0", "0.20", shown=SCORE), "NEAR"),
    case("a score of zero, strict", "0", rule("more than 0", "0.20", shown=SCORE), "NEAR"),
    case("a negative target", "-0.10", rule("at least -0.10", "0.20", shown=SCORE), "MET"),
    case("beyond a negative target", "-0.31", rule("at least -0.10", "0.20", shown=SCORE), "OFF"),
    case("th10: nothing sent is no zero", None, rule("at least 85.0"), "NO_DATA"),
    case("nothing sent and no number", None, rule("at least ?"), "NO_DATA"),
    case("th12: a word instead of a number", "41.0", rule("at least ?"), "NO_TARGET"),
    case("nothing sent, less is better", None, rule("at most 18.0", "1.0"), "NO_DATA"),
    case(
        "nothing sent, and a target of zero", None, rule("at most 0", "0", shown=COUNT), "NO_DATA"
    ),
    case("zero where less is better", "0", rule("at most 18.0", "1.0"), "MET"),
    case("below zero where less is better", "-1", rule("at most 0", "0", shown=POUNDS), "MET"),
    case("below zero, on the edge", "-5", rule("at least 0", "5", shown=POUNDS), "NEAR"),
    case("below zero, past the edge", "-6", rule("at least 0", "5", shown=POUNDS), "OFF"),
    case("none of a cohort", Fraction(0, 40), rule("at least 85.0"), "OFF"),
    case("all of a cohort", Fraction(4000, 40), rule("at least 100"), "MET"),
    case("one of 5,000 is not none", Fraction(100, 5000), rule("at most 0", "0.5"), "NEAR"),
    case("zero, and a word instead of a number", "0", rule("at least ?"), "NO_TARGET"),
    case("just off the line", "77.1", RISING, "NEAR"),
    case("as it began, off the line", "75.0", RISING, "NEAR"),
    case("met before its time", "85.0", RISING, "MET"),
    case("on the line and the target", "85.0", rule("at least 85.0", expected="85.0"), "MET"),
    case("far off the line", "70.0", rule("at least 85.0", expected="77.2"), "OFF"),
    case("on the edge off the line", "72.2", rule("at least 85.0", expected="77.2"), "NEAR"),
    case("strict, on the line", "80.0", rule("more than 85.0", expected="80.0"), "NEAR"),
    case("falling, on the line", "21.3", FALLING, "ON_TRACK"),
    case("falling, off the line", "21.4", FALLING, "NEAR"),
    case("falling, on the edge", "22.3", FALLING, "NEAR"),
    case("falling, past the edge", "22.4", FALLING, "OFF"),
    case("falling, worse than it began", "23.1", FALLING, "WORSE_THAN_BASELINE"),
    case("falling, met", "18.0", FALLING, "MET"),
    case("th6: met once, then close", "80.0", MET_ONCE, "FELL_BACK"),
    case("met once, then beyond the margin", "79.9", MET_ONCE, "OFF"),
    case("met once, and still", "85.0", MET_ONCE, "MET"),
    case("met once, under the start", "74.9", MET_ONCE, "WORSE_THAN_BASELINE"),
    case("began on target", "84.5", rule("at least 85.0", baseline="85.0"), "NEAR"),
    case("began beyond it", "84.5", rule("at least 85.0", baseline="90.0"), "NEAR"),
    case("began short, equal to that", "80.0", rule("at least 85.0", baseline="80.0"), "NEAR"),
    case(
        "began short, below that",
        "80.0",
        rule("at least 85.0", baseline="80.1"),
        "WORSE_THAN_BASELINE",
    ),
    case("began at zero", "0", rule("at least 3", "5", baseline="0", shown=COUNT), "NEAR"),
    case(
        "began on a strict target",
        "94.9",
        rule("more than 95.0", baseline="95.0"),
        "WORSE_THAN_BASELINE",
    ),
    case(
        "less is better, began short",
        "18.6",
        rule("at most 18.0", "1.0", baseline="18.5"),
        "WORSE_THAN_BASELINE",
    ),
    case(
        "less is better, began on target",
        "18.6",
        rule("at most 18.0", "1.0", baseline="18.0"),
        "NEAR",
    ),
]


@pytest.mark.parametrize(("exact", "rule", "reason"), TABLE)
def test_a_figure_is_judged_against_the_number_promised(exact, rule, reason):
    figure = None if exact is None else rule.shown.figure(_exact(exact))

    assert judge(figure, rule).reason == Reason(reason)


def _exact(figure):
    return Decimal(figure) if isinstance(figure, str) else figure


@pytest.mark.parametrize(
    ("figure", "rule", "met"),
    [
        case("on track is not met yet", "77.2", RISING, False),
        case("met early", "85.0", RISING, True),
        case("close is not met", "84.0", rule("at least 85.0"), False),
        case("off is not met", "1.0", rule("at least 85.0"), False),
        case("met where less is better", "17.0", FALLING, True),
        case("on track where less is better", "21.0", FALLING, False),
    ],
)
def test_whether_the_target_is_met_is_said_beside_the_colour(figure, rule, met):
    assert judge(Decimal(figure), rule).target_met is met


@pytest.mark.parametrize("figure", [None, "41.0"])
def test_without_a_target_nobody_can_say_whether_it_is_met(figure):
    assert judge(number(figure), rule("at least ?")).target_met is None


@pytest.mark.parametrize(
    ("figure", "rule", "sentence"),
    [
        case(
            "close",
            "80.0",
            rule("at least 85.0"),
            "Close to target: 80.0%, target at least 85.0%, margin 5.0.",
        ),
        case(
            "on the way",
            "77.2",
            RISING,
            "On target: 77.2%, target at least 85.0%, 77.2% expected by now.",
        ),
        case(
            "on the way down",
            "21.4",
            FALLING,
            "Close to target: 21.4%, target at most 18.0%, 21.3% expected by now, margin 1.0.",
        ),
        case(
            "worse than at the start",
            "74.9",
            RISING,
            "Off target: 74.9%, target at least 85.0%, 77.2% expected by now,"
            " worse than the baseline of 75.0%.",
        ),
        case(
            "fell back",
            "84.0",
            MET_ONCE,
            "Close to target: 84.0%, target at least 85.0%, margin 5.0, met before.",
        ),
        case(
            "money",
            "-1200",
            rule("at least 0", "0", shown=POUNDS),
            "Off target: −£1,200, target at least £0, margin 0.",
        ),
        case(
            "a count of one",
            "1",
            rule("at most 0", "0", shown=COUNT),
            "Off target: 1 vacancy, target at most 0 vacancies, margin 0.",
        ),
        case("nothing", None, RISING, "No status: no figure has been sent."),
        case(
            "no number",
            "41.0",
            rule("at least ?"),
            "No status: 41.0%, and the plan names no number to reach.",
        ),
    ],
)
def test_the_sentence_has_every_number_that_decided(figure, rule, sentence):
    assert judge(number(figure), rule).sentence == sentence


def test_a_grey_verdict_shows_the_figure_that_it_cannot_judge():
    verdict = judge(Decimal("41.0"), rule("at least ?"))

    assert (verdict.status, verdict.figure) == (Status.GREY, "41.0%")
