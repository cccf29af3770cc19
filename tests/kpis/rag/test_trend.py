"""A figure against one's own past."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.rag.shown import Kind, Shown
from kpis.rag.side import Better
from kpis.rag.trend import Trend, judge
from kpis.rag.verdict import Reason

from .tables import COUNT, case, number

UP = Trend(Better.HIGHER, Decimal("0.1"), best=Decimal(100))
DOWN = Trend(Better.LOWER, Decimal("0.1"), best=Decimal(0))
STEEP = Trend(Better.HIGHER, Decimal("2.0"), best=Decimal(100))
FAR_DOWN = Trend(Better.LOWER, Decimal("2.0"), best=Decimal(0))
PUPILS = Trend(Better.HIGHER, Decimal(1), shown=COUNT)
CARBON = Trend(Better.LOWER, Decimal("0.01"), shown=Shown(Kind.NUMBER, 2, "tonnes per pupil"))

TABLE = [
    case("tr2: first follow-up", "72", UP, "71", None, "IMPROVED"),
    case("tr4: cannot rise further", "100", UP, "100", "100", "AT_BEST"),
    case("tr8: nothing to judge by yet", "48.0", UP, None, None, "BASELINE_YEAR"),
    case("tr1: better, and than last time", "73.0", UP, "71.0", "72.0", "IMPROVED"),
    case("better, as last time", "72.0", UP, "71.0", "72.0", "IMPROVED"),
    case("tr3: better, but not than last time", "72.0", UP, "71.0", "72.1", "SLIPPING"),
    case("tr5: no change", "71.0", UP, "71.0", None, "FLAT"),
    case("no change, and worse than last time", "71.0", UP, "71.0", "72.0", "FLAT"),
    case("tr7: worse, by however little", "70.9", UP, "71.0", None, "WORSE"),
    case("worse, though better than last time", "70.9", UP, "71.0", "60.0", "WORSE"),
    case("better by less than the step", "72.9", STEEP, "71.0", None, "FLAT"),
    case("better by the step", "73.0", STEEP, "71.0", None, "IMPROVED"),
    case("better by the step, but slipping", "73.0", STEEP, "71.0", "74.0", "SLIPPING"),
    case(
        "a step of nothing wants a rise still",
        "71.0",
        Trend(Better.HIGHER, Decimal(0)),
        "71.0",
        None,
        "FLAT",
    ),
    case("less is better, fell", "17.9", DOWN, "18.0", None, "IMPROVED"),
    case("less is better, rose", "18.1", DOWN, "18.0", None, "WORSE"),
    case("less is better, no change", "18.0", DOWN, "18.0", None, "FLAT"),
    case("less is better, slipping", "17.0", DOWN, "18.0", "16.9", "SLIPPING"),
    case("less is better, none left", "0", DOWN, "0", "0", "AT_BEST"),
    case("less is better, none left after some", "0", DOWN, "18.0", "3.0", "AT_BEST"),
    case("from zero", "5", PUPILS, "0", None, "IMPROVED"),
    case("zero from zero", "0", PUPILS, "0", None, "FLAT"),
    case("down to zero", "0", PUPILS, "5", None, "WORSE"),
    case("last time zero", "5", PUPILS, "3", "0", "IMPROVED"),
    case("from below zero", "-1.0", Trend(Better.HIGHER, Decimal("0.1")), "-2.0", None, "IMPROVED"),
    case("further below zero", "-3.0", Trend(Better.HIGHER, Decimal("0.1")), "-2.0", None, "WORSE"),
    case("just short of the best", "99.5", UP, "99.0", None, "IMPROVED"),
    case("beyond the best", "100.4", UP, "100.0", None, "AT_BEST"),
    case("less is better, just short of none", "0.5", DOWN, "0.4", None, "WORSE"),
    case("less is better, by less than the step", "16.1", FAR_DOWN, "18.0", None, "FLAT"),
    case("less is better, by the step", "16.0", FAR_DOWN, "18.0", None, "IMPROVED"),
    case("less is better, better than last time too", "17.0", DOWN, "18.0", "17.1", "IMPROVED"),
    case("less is better, no past", "18.0", DOWN, None, "18.0", "BASELINE_YEAR"),
    case("no baseline, whatever it was last time", "72.0", UP, None, "71.0", "BASELINE_YEAR"),
    case("at best without a past", "100", UP, None, None, "AT_BEST"),
    case("nothing sent", None, UP, "71.0", "72.0", "NO_DATA"),
    case("nothing sent and no past", None, UP, None, None, "NO_DATA"),
    case("a first zero", "0", UP, None, None, "BASELINE_YEAR"),
]


@pytest.mark.parametrize(("figure", "rule", "baseline", "previous", "reason"), TABLE)
def test_a_figure_is_judged_against_its_own_past(figure, rule, baseline, previous, reason):
    verdict = judge(number(figure), rule, baseline=number(baseline), previous=number(previous))

    assert verdict.reason == Reason(reason)


def of_carbon():
    """420 tonnes over 1,700 pupils, 0.2471 each."""
    return judge(CARBON.shown.figure(Fraction(420, 1700)), CARBON, baseline=Decimal("0.24"))


def test_tr6_rounding_alone_can_make_it_worse():
    assert of_carbon().sentence == (
        "Off target: 0.25 tonnes per pupil, target below the baseline of"
        " 0.24 tonnes per pupil by at least 0.01."
    )


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        case("a changed question cannot be judged", "72.0", "NO_LIKE_FOR_LIKE"),
        case("the best possible can", "100.0", "AT_BEST"),
        case("nothing sent comes first", None, "NO_DATA"),
    ],
)
def test_a_break_ends_the_past(figure, reason):
    verdict = judge(number(figure), UP, baseline=Decimal("71.0"), broken="the question changed")

    assert verdict.reason == Reason(reason)


def test_a_break_comes_before_a_missing_baseline():
    verdict = judge(Decimal("72.0"), UP, baseline=None, broken="the question changed")

    assert verdict.reason == Reason.NO_LIKE_FOR_LIKE


@pytest.mark.parametrize(
    ("figure", "previous", "sentence"),
    [
        case(
            "first",
            "72.0",
            None,
            "On target: 72.0%, target above the baseline of 71.0% by at least 0.1.",
        ),
        case(
            "slipping",
            "72.0",
            "73.0",
            "Close to target: 72.0%, target above the baseline of 71.0% by at least 0.1,"
            " last time 73.0%.",
        ),
        case("best", "100.0", None, "On target: 100.0%, and 100.0% is the best possible."),
    ],
)
def test_the_sentence_has_the_past(figure, previous, sentence):
    verdict = judge(Decimal(figure), UP, baseline=Decimal("71.0"), previous=number(previous))

    assert verdict.sentence == sentence
