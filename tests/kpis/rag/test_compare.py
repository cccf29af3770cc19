"""A figure against an outside figure of the same period."""

from decimal import Decimal

import pytest

from kpis.rag.compare import Against, Comparator, Compare, Interval, judge
from kpis.rag.side import Better
from kpis.rag.verdict import Reason

from .tables import RATE, SCORE, case, number

HIGHER, LOWER = Better.HIGHER, Better.LOWER


def promise(against, better=HIGHER, margin="1.0", **more):
    figures = {key: number(more.pop(key)) for key in ("tolerance", "step") if key in more}
    return Compare(Against(against), better, Decimal(margin), **figures, **more)


IN_LINE = promise("in_line_or_better", tolerance="0.5")
ABSENCE = promise("in_line_or_better", LOWER, tolerance="0.5")
ABOVE = promise("better")
BELOW = promise("better", LOWER, "0.50", shown=RATE)
CLEARLY = promise("significantly_better", step="1.0")
CLEARLY_LESS = promise("significantly_better", LOWER, step="1.0")
SHARE = promise("in_line", tolerance="2.0", margin="2.0")
SCORES = promise("in_line_or_better", tolerance="0", margin="0.20", shown=SCORE)

TABLE = [
    case("cp2: 0.7 under similar schools", "92.9", IN_LINE, "93.6", "NEAR"),
    case("cp4: nothing published yet", "1.40", BELOW, None, "NO_COMPARATOR"),
    case("cp6: above, but not by much", "94.5", CLEARLY, "93.6", "NOT_ENOUGH"),
    case("in line, equal", "93.6", IN_LINE, "93.6", "MET"),
    case("in line, above", "99.0", IN_LINE, "93.6", "MET"),
    case("cp1: in line, on the tolerance", "93.1", IN_LINE, "93.6", "MET"),
    case("in line, past the tolerance", "93.0", IN_LINE, "93.6", "NEAR"),
    case("in line, on the edge", "92.1", IN_LINE, "93.6", "NEAR"),
    case("cp3: in line, past the edge", "92.0", IN_LINE, "93.6", "OFF"),
    case("less is better, on the tolerance", "18.5", ABSENCE, "18.0", "MET"),
    case("less is better, below", "3.0", ABSENCE, "18.0", "MET"),
    case("less is better, past the tolerance", "18.6", ABSENCE, "18.0", "NEAR"),
    case("less is better, on the edge", "19.5", ABSENCE, "18.0", "NEAR"),
    case("less is better, past the edge", "19.6", ABSENCE, "18.0", "OFF"),
    case("no tolerance, equal", "0.00", SCORES, "0.00", "MET"),
    case("no tolerance, just under", "-0.01", SCORES, "0.00", "NEAR"),
    case("no tolerance, no margin", "-0.01", promise("in_line_or_better", margin="0"), "0", "OFF"),
    case("a comparator of zero is a comparator", "-0.21", SCORES, "0", "OFF"),
    case("strict, above", "93.7", ABOVE, "93.6", "MET"),
    case("cp5: strict, equal is close", "93.6", ABOVE, "93.6", "NEAR"),
    case("strict, on the edge", "92.6", ABOVE, "93.6", "NEAR"),
    case("strict, past the edge", "92.5", ABOVE, "93.6", "OFF"),
    case("strict, equal, no margin", "93.6", promise("better", margin="0"), "93.6", "OFF"),
    case("strict, above, no margin", "93.7", promise("better", margin="0"), "93.6", "MET"),
    case("less is better, strict, below", "1.39", BELOW, "1.40", "MET"),
    case("less is better, strict, equal", "1.40", BELOW, "1.40", "NEAR"),
    case("less is better, strict, on the edge", "1.90", BELOW, "1.40", "NEAR"),
    case("less is better, strict, past the edge", "1.91", BELOW, "1.40", "OFF"),
    case("none at all is below", "0", BELOW, "0.03", "MET"),
    case("none where nobody has any", "0", BELOW, "0", "NEAR"),
    case("cp7: clearly above, on the step", "94.6", CLEARLY, "93.6", "MET"),
    case("clearly above, by far more than the step", "99.0", CLEARLY, "93.6", "MET"),
    case("clearly below, by far more than the step", "3.0", CLEARLY_LESS, "18.0", "MET"),
    case("clearly below, equal", "18.0", CLEARLY_LESS, "18.0", "NOT_ENOUGH"),
    case("in line, no tolerance set, equal", "0", promise("in_line_or_better"), "0", "MET"),
    case("in line, no tolerance set", "-0.1", promise("in_line_or_better"), "0", "NEAR"),
    case("below zero, above a comparator below zero", "-0.02", SCORES, "-0.03", "MET"),
    case("below zero, on the edge", "-0.23", SCORES, "-0.03", "NEAR"),
    case("below zero, past the edge", "-0.24", SCORES, "-0.03", "OFF"),
    case("clearly above, equal", "93.6", CLEARLY, "93.6", "NOT_ENOUGH"),
    case("clearly above, under", "93.5", CLEARLY, "93.6", "OFF"),
    case("clearly below, on the step", "17.0", CLEARLY_LESS, "18.0", "MET"),
    case("clearly below, not by much", "17.1", CLEARLY_LESS, "18.0", "NOT_ENOUGH"),
    case("clearly below, above", "18.1", CLEARLY_LESS, "18.0", "OFF"),
    case("level with, equal", "75.0", SHARE, "75.0", "IN_BAND"),
    case("level with, over, on the tolerance", "77.0", SHARE, "75.0", "IN_BAND"),
    case("cp9: level with, under, on the tolerance", "73.0", SHARE, "75.0", "IN_BAND"),
    case("level with, over, close", "77.1", SHARE, "75.0", "NEAR"),
    case("level with, under, close", "72.9", SHARE, "75.0", "NEAR"),
    case("level with, over, on the edge", "79.0", SHARE, "75.0", "NEAR"),
    case("cp10: level with, over, out", "79.1", SHARE, "75.0", "OUT"),
    case("level with, under, on the edge", "71.0", SHARE, "75.0", "NEAR"),
    case("level with, under, out", "70.9", SHARE, "75.0", "OUT"),
    case("nothing sent", None, IN_LINE, "93.6", "NO_DATA"),
    case("nothing sent, nothing published", None, IN_LINE, None, "NO_DATA"),
    case("zero, nothing published", "0", IN_LINE, None, "NO_COMPARATOR"),
]


@pytest.mark.parametrize(("figure", "promise", "outside", "reason"), TABLE)
def test_a_figure_is_judged_against_the_outside_one(figure, promise, outside, reason):
    comparator = None if outside is None else Comparator(Decimal(outside), "England")

    assert judge(number(figure), promise, comparator).reason == Reason(reason)


@pytest.mark.parametrize(
    ("figure", "promise", "outside", "low", "high", "reason"),
    [
        case("wholly above", "94.0", CLEARLY, "93.6", "93.7", "94.3", "MET"),
        case("touching it", "94.0", CLEARLY, "93.6", "93.6", "94.4", "NOT_ENOUGH"),
        case("astride it", "94.0", CLEARLY, "93.6", "93.0", "95.0", "NOT_ENOUGH"),
        case("a step above and astride", "94.6", CLEARLY, "93.6", "93.0", "96.2", "MET"),
        case("wholly below, less is better", "17.5", CLEARLY_LESS, "18.0", "17.1", "17.9", "MET"),
        case(
            "touching, less is better", "17.5", CLEARLY_LESS, "18.0", "17.0", "18.0", "NOT_ENOUGH"
        ),
        case("in line if it reaches", "-0.10", SCORES, "0.00", "-0.30", "0.10", "MET"),
        case("in line if it touches", "-0.10", SCORES, "0.00", "-0.20", "0.00", "MET"),
        case("not in line if it does not", "-0.10", SCORES, "0.00", "-0.19", "-0.01", "NEAR"),
        case("off if it is far", "-0.50", SCORES, "0.00", "-0.60", "-0.40", "OFF"),
        case("better, whatever it reaches", "0.50", SCORES, "0.00", "0.40", "0.60", "MET"),
        case("level with if it reaches", "79.5", SHARE, "75.0", "74.0", "85.0", "IN_BAND"),
        case("level with if it touches", "80.0", SHARE, "75.0", "75.0", "85.0", "IN_BAND"),
        case("level with, wholly above", "80.0", SHARE, "75.0", "76.0", "84.0", "OUT"),
        case("level with, wholly below", "70.0", SHARE, "75.0", "66.0", "74.0", "OUT"),
        case("under it and wholly below", "93.0", CLEARLY, "93.6", "92.0", "93.5", "OFF"),
        case("strict does not ask it", "93.6", ABOVE, "93.6", "90.0", "97.0", "NEAR"),
    ],
)
def test_a_published_interval_counts_where_it_is_given(figure, promise, outside, low, high, reason):
    comparator = Comparator(Decimal(outside), "England")
    interval = Interval(Decimal(low), Decimal(high))

    verdict = judge(Decimal(figure), promise, comparator, interval=interval)

    assert verdict.reason == Reason(reason)


@pytest.mark.parametrize(
    ("pupils", "figure", "reason"),
    [
        case("one of 30 is 3.3 points", 30, "59.7", "MET"),
        case("and no more", 30, "59.6", "NEAR"),
        case("one of 10 is all of 10 points", 10, "53.0", "MET"),
        case("and no more than 10", 10, "52.9", "NEAR"),
        case("one of 300 is less than the tolerance", 300, "62.5", "MET"),
        case("which still counts", 300, "62.4", "NEAR"),
        case("nobody said how many", None, "62.4", "NEAR"),
        case("none at all", 0, "62.4", "NEAR"),
    ],
)
def test_one_pupils_worth_is_in_line_where_the_trust_says_so(pupils, figure, reason):
    promised = promise("in_line_or_better", tolerance="0.5", margin="5.0", one_pupil=True)
    comparator = Comparator(Decimal("63.0"), "England")

    assert judge(Decimal(figure), promised, comparator, pupils=pupils).reason == Reason(reason)


def test_one_pupils_worth_is_nothing_where_the_trust_does_not_say_so():
    comparator = Comparator(Decimal("63.0"), "England")

    assert judge(Decimal("59.7"), IN_LINE, comparator, pupils=30).reason == Reason.OFF


@pytest.mark.parametrize(
    ("promise", "interval", "sentence"),
    [
        case(
            "in line or better",
            IN_LINE,
            None,
            "93.0%, target in line with 93.6% (England 2024/25) or above,"
            " tolerance 0.5, margin 1.0",
        ),
        case(
            "in line, less is better",
            ABSENCE,
            None,
            "93.0%, target in line with 93.6% (England 2024/25) or below,"
            " tolerance 0.5, margin 1.0",
        ),
        case("strict", ABOVE, None, "93.0%, target above 93.6% (England 2024/25), margin 1.0"),
        case(
            "significantly",
            CLEARLY,
            Interval(Decimal("92.0"), Decimal("94.0")),
            "93.0%, target significantly above 93.6% (England 2024/25), by at least 1.0,"
            " confidence interval 92.0% to 94.0%",
        ),
        case(
            "level with",
            SHARE,
            None,
            "93.0%, target in line with 93.6% (England 2024/25), tolerance 2.0, margin 2.0",
        ),
    ],
)
def test_the_sentence_names_the_release_and_every_number(promise, interval, sentence):
    comparator = Comparator(Decimal("93.6"), "England 2024/25")

    assert judge(Decimal("93.0"), promise, comparator, interval=interval).because == sentence


def test_significantly_is_a_whole_point_unless_the_trust_says_otherwise():
    comparator = Comparator(Decimal("93.6"), "England")
    clearly = promise("significantly_better")

    assert judge(Decimal("94.6"), clearly, comparator).reason == Reason.MET
    assert judge(Decimal("94.5"), clearly, comparator).reason == Reason.NOT_ENOUGH
