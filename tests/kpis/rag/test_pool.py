"""From the units to the trust, by their figures."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.rag.pool import Amount, if_sure, if_whole, pooled, summed
from kpis.rag.shown import PERCENTAGE
from kpis.rag.side import Sign
from kpis.rag.threshold import Threshold, judge
from kpis.rag.verdict import Mark, Reason

from .tables import COUNT, POUNDS, SCORE, case


def amounts(*pairs):
    """ "45/50" is 45 of 50; "-" is a school without counts."""
    return [
        None if pair == "-" else Amount(*(Decimal(number) for number in pair.split("/")))
        for pair in pairs
    ]


def test_percentages_are_pooled_and_never_averaged():
    pool = pooled(amounts("45/50", "45/50", "45/50", "5/10"))

    assert pool.exact(per=100) == Fraction(175, 2)
    assert PERCENTAGE.figure(pool.exact(per=100)) == Decimal("87.5")


def test_three_schools_at_45_of_50_are_at_90():
    assert PERCENTAGE.figure(pooled(amounts(*["45/50"] * 3)).exact(per=100)) == Decimal("90.0")


def of_scores():
    """+0.30 of 60 pupils and −0.10 of 240, pooled: the figure and its verdict."""
    scores = [Amount.weighted(Decimal("0.30"), 60), Amount.weighted(Decimal("-0.10"), 240)]

    figure = SCORE.figure(pooled(scores).exact(per=1))
    rule = Threshold(Sign.MORE_THAN, Decimal(0), Decimal("0.20"), shown=SCORE)
    return figure, judge(figure, rule)


def test_ru4_a_plain_mean_would_be_a_false_green():
    figure, verdict = of_scores()

    assert (figure, verdict.reason) == (Decimal("-0.02"), Reason.NEAR)


def test_a_ratio_of_sums_is_not_a_mean_of_ratios():
    tonnes = pooled(amounts("400/1600", "20/100"))

    assert SCORE.figure(tonnes.exact(per=1)) == Decimal("0.25")


@pytest.mark.parametrize(
    ("pairs", "inside", "of"),
    [
        case("all in", ["45/50", "5/10"], 2, 2),
        case("one missing", ["45/50", "-"], 1, 2),
        case("nobody there drops out", ["45/50", "0/0"], 1, 1),
        case("zero of some stays", ["45/50", "0/10"], 2, 2),
        case("nobody in", ["-", "-"], 0, 2),
        case("nobody there at all", ["0/0"], 0, 0),
    ],
)
def test_who_is_in_the_pool(pairs, inside, of):
    pool = pooled(amounts(*pairs))

    assert (pool.inside, pool.of) == (inside, of)


@pytest.mark.parametrize("pairs", [["0/0"], ["-"], []])
def test_of_nobody_there_is_no_figure(pairs):
    assert pooled(amounts(*pairs)).exact(per=100) is None


PROMISE = Threshold(Sign.AT_LEAST, Decimal("85.0"), Decimal("5.0"))


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        case("whole", ["9/10", "9/10"], "On target: 90.0%, target at least 85.0%."),
        case("one missing", ["9/10", "-"], "No status: 90.0% from 1 of 2 schools."),
    ],
)
def test_a_pooled_figure_has_a_colour_only_when_it_is_whole(pairs, sentence):
    pool = pooled(amounts(*pairs))
    figure = PERCENTAGE.figure(pool.exact(per=100))

    verdict = if_whole(judge(figure, PROMISE), pool, PERCENTAGE.write(figure))

    assert verdict.sentence == sentence


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        case("nobody has sent", ["-", "-"], "NO_DATA"),
        case("nobody there", ["0/0"], "NO_COHORT"),
        case("no school", [], "NO_COHORT"),
        case("one missing", ["9/10", "-"], "PARTIAL"),
    ],
)
def test_why_a_pool_has_no_colour(pairs, reason):
    assert if_whole(judge(None, PROMISE), pooled(amounts(*pairs)), "").reason == Reason(reason)


def promise(sign, target, margin="5", shown=COUNT, **more):
    return Threshold(sign, Decimal(target), Decimal(margin), shown=shown, **more)


AT_LEAST = promise(Sign.AT_LEAST, "100")
MORE = promise(Sign.MORE_THAN, "100")
AT_MOST = promise(Sign.AT_MOST, "100")


def of_sum(rule, values, negative):
    """The verdict on a total of what has been sent so far."""
    figures = [None if value is None else Decimal(value) for value in values]
    total = summed(figures, may_be_negative=negative)
    return if_sure(judge(total.total, rule), total, rule.sign, COUNT.write(total.total))


SUMS = [
    case("a minimum, whole", AT_LEAST, ["60", "40"], False, "MET", False),
    case("a minimum, whole, missed", AT_LEAST, ["60", "4"], False, "OFF", False),
    case("ru8: a minimum already reached", AT_LEAST, ["60", "40", None], False, "MET", True),
    case("a minimum not reached", AT_LEAST, ["60", "39", None], False, "PARTIAL", False),
    case("a strict minimum, equal", MORE, ["60", "40", None], False, "PARTIAL", False),
    case("a strict minimum, beyond", MORE, ["60", "41", None], False, "MET", True),
    case("a maximum, whole", AT_MOST, ["60", "40"], False, "MET", False),
    case("ru9: a maximum not passed yet", AT_MOST, ["60", "39", None], False, "PARTIAL", False),
    case("a maximum just passed", AT_MOST, ["60", "41", None], False, "PARTIAL", False),
    case("ru10: a maximum passed for good", AT_MOST, ["60", "46", None], False, "OFF", True),
    case("a minimum, may still fall", AT_LEAST, ["60", "40", None], True, "PARTIAL", False),
    case("a maximum, may still fall", AT_MOST, ["60", "46", None], True, "PARTIAL", False),
    case("one has fallen", AT_LEAST, ["160", "-40", None], False, "PARTIAL", False),
    case("zeros count as in", AT_LEAST, ["100", "0"], False, "MET", False),
    case("a zero does not fall", AT_LEAST, ["100", "0", None], False, "MET", True),
    case("a little below zero does", AT_LEAST, ["101", "-0.5", None], False, "PARTIAL", False),
    case("nobody in", AT_LEAST, [None, None], False, "NO_DATA", False),
    case(
        "a minimum of zero, nobody in",
        promise(Sign.AT_LEAST, "0"),
        [None],
        False,
        "NO_DATA",
        False,
    ),
    case("no school", AT_LEAST, [], False, "NO_COHORT", False),
]


@pytest.mark.parametrize(("rule", "values", "negative", "reason", "partial"), SUMS)
def test_what_a_part_of_a_sum_proves(rule, values, negative, reason, partial):
    verdict = of_sum(rule, values, negative)

    assert verdict.reason == Reason(reason)
    assert (Mark.PARTIAL in verdict.marks) is partial


def test_a_sum_that_is_not_whole_says_how_many_are_in():
    rule = promise(Sign.AT_LEAST, "100", shown=POUNDS)
    total = summed([Decimal(60), Decimal(40), None])

    verdict = if_sure(judge(total.total, rule), total, rule.sign, "£100")

    assert verdict.sentence == "On target: £100, target at least £100, 2 of 3 schools."
