"""A figure inside a range, or "about" a number."""

from decimal import Decimal

import pytest

from kpis.rag.band import BadSide, Band, judge
from kpis.rag.verdict import Reason

from .tables import POUNDS, PUPILS, case, number


def band(low, high, margin="2.0", **more):
    return Band(number(low), number(high), Decimal(margin), **more)


ABOUT_TEN = Band.about(Decimal("10.0"), Decimal("2.0"), Decimal("2.0"))
ROLL = band("2500", "3500", "250", shown=PUPILS)
ONLY_OVER = band("8.0", "12.0", bad_side=BadSide.ABOVE)
ONLY_UNDER = band("8.0", "12.0", bad_side=BadSide.BELOW)

TABLE = [
    case("bd2: very low turnover leaves the band too", "5.9", ABOUT_TEN, "OUT"),
    case("bd4: over the cap is no success", "3501", ROLL, "NEAR"),
    case("inside", "10.0", ABOUT_TEN, "IN_BAND"),
    case("bd1: on the lower end", "8.0", ABOUT_TEN, "IN_BAND"),
    case("on the upper end", "12.0", ABOUT_TEN, "IN_BAND"),
    case("just under", "7.9", ABOUT_TEN, "NEAR"),
    case("just over", "12.1", ABOUT_TEN, "NEAR"),
    case("under, on the edge", "6.0", ABOUT_TEN, "NEAR"),
    case("bd3: over, on the edge", "14.0", ABOUT_TEN, "NEAR"),
    case("over, past the edge", "14.1", ABOUT_TEN, "OUT"),
    case("no margin, just over", "12.1", band("8.0", "12.0", "0"), "OUT"),
    case("no margin, just under", "7.9", band("8.0", "12.0", "0"), "OUT"),
    case("a range of one number", "10.0", band("10.0", "10.0"), "IN_BAND"),
    case("zero inside", "0", band("-1.0", "1.0"), "IN_BAND"),
    case("zero outside", "0", ABOUT_TEN, "OUT"),
    case("negative inside", "-500", band("-1000", "0", "0", shown=POUNDS), "IN_BAND"),
    case("negative outside", "-1001", band("-1000", "0", "0", shown=POUNDS), "OUT"),
    case("bd6: only over counts, far under", "0.1", ONLY_OVER, "IN_BAND"),
    case("only over counts, at the end", "12.0", ONLY_OVER, "IN_BAND"),
    case("only over counts, just over", "12.1", ONLY_OVER, "NEAR"),
    case("only over counts, far over", "14.1", ONLY_OVER, "OUT"),
    case("only under counts, far over", "99.9", ONLY_UNDER, "IN_BAND"),
    case("only under counts, just under", "7.9", ONLY_UNDER, "NEAR"),
    case("only under counts, far under", "5.9", ONLY_UNDER, "OUT"),
    case("no upper end needed", "99.9", band("8.0", None, bad_side=BadSide.BELOW), "IN_BAND"),
    case("no lower end needed", "0.1", band(None, "12.0", bad_side=BadSide.ABOVE), "IN_BAND"),
    case("a limit of zero is a limit", "0.1", band(None, "0", "0", bad_side=BadSide.ABOVE), "OUT"),
    case("bd5: limits not entered", "9.0", band(None, None), "NO_TARGET"),
    case("lower limit not entered", "9.0", band(None, "12.0"), "NO_TARGET"),
    case("upper limit not entered", "9.0", band("8.0", None), "NO_TARGET"),
    case(
        "the limit that counts not entered",
        "9.0",
        band("8.0", None, bad_side=BadSide.ABOVE),
        "NO_TARGET",
    ),
    case("under, past the edge", "5.9", ABOUT_TEN, "OUT"),
    case("only over counts, on the edge", "14.0", ONLY_OVER, "NEAR"),
    case("only under counts, at the end", "8.0", ONLY_UNDER, "IN_BAND"),
    case("only under counts, on the edge", "6.0", ONLY_UNDER, "NEAR"),
    case("zero, limits not entered", "0", band(None, None), "NO_TARGET"),
    case("negative, under, on the edge", "-3.0", band("-1.0", "1.0"), "NEAR"),
    case("negative, under, past the edge", "-3.1", band("-1.0", "1.0"), "OUT"),
    case("nothing sent", None, ABOUT_TEN, "NO_DATA"),
    case("nothing sent and no limits", None, band(None, None), "NO_DATA"),
]


@pytest.mark.parametrize(("figure", "band", "reason"), TABLE)
def test_a_figure_is_judged_against_its_range(figure, band, reason):
    assert judge(number(figure), band).reason == Reason(reason)


@pytest.mark.parametrize(
    ("figure", "band", "sentence"),
    [
        case("out", "5.9", ABOUT_TEN, "Off target: 5.9%, target 8.0% to 12.0%, margin 2.0."),
        case("in", "9.0", ABOUT_TEN, "On target: 9.0%, target 8.0% to 12.0%."),
        case("from zero", "0.0", band("0", "1.0"), "On target: 0.0%, target 0.0% to 1.0%."),
        case(
            "one end",
            "12.1",
            ONLY_OVER,
            "Close to target: 12.1%, target at most 12.0%, margin 2.0.",
        ),
        case(
            "other end",
            "7.9",
            ONLY_UNDER,
            "Close to target: 7.9%, target at least 8.0%, margin 2.0.",
        ),
        case(
            "no ends",
            "9.0",
            band(None, None),
            "No status: 9.0%, and the limits of the range are not entered.",
        ),
    ],
)
def test_the_sentence_has_the_ends_that_count(figure, band, sentence):
    assert judge(number(figure), band).sentence == sentence
