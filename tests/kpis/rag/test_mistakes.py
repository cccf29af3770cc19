"""Mistakes that systems of this kind have shipped, each tried here."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.rag import done, threshold, trend
from kpis.rag.combine import all_of
from kpis.rag.done import Done
from kpis.rag.line import StraightLine, expected_by_now
from kpis.rag.outcome import Said
from kpis.rag.pool import Amount, pooled, summed
from kpis.rag.rollup import Cell, each_school
from kpis.rag.shown import PERCENTAGE
from kpis.rag.side import Better, Sign
from kpis.rag.threshold import Threshold
from kpis.rag.trend import Trend
from kpis.rag.verdict import Mark, Part, Reason, Status

from .tables import COUNT, GREEN, MISSING, POUNDS, SCORE

FALLING = Threshold(Sign.AT_MOST, Decimal("18.0"), Decimal("1.0"), baseline=Decimal("24.0"))


def test_a_zero_never_becomes_a_blank():
    verdict = threshold.judge(Decimal(0), FALLING)

    assert (verdict.reason, verdict.figure) == (Reason.MET, "0.0%")


def test_a_blank_never_becomes_a_zero():
    verdict = threshold.judge(None, FALLING)

    assert (verdict.reason, verdict.figure) == (Reason.NO_DATA, None)


@pytest.mark.parametrize("figure", ["18.0", "17.9", "9.0", "0.0"])
def test_what_should_fall_is_on_target_at_its_target_and_beyond(figure):
    verdict = threshold.judge(Decimal(figure), FALLING)

    assert (verdict.reason, verdict.target_met) == (Reason.MET, True)


def test_equal_to_the_target_is_not_off_where_less_is_better():
    assert threshold.judge(Decimal("18.0"), FALLING).status is Status.GREEN


def test_a_target_of_zero_can_be_met():
    none_open = Threshold(Sign.AT_MOST, Decimal(0), Decimal(0), shown=COUNT)

    assert threshold.judge(Decimal(0), none_open).reason is Reason.MET


def test_a_target_of_zero_is_a_target():
    balanced = Threshold(Sign.AT_LEAST, Decimal(0), Decimal(0), shown=POUNDS)

    assert threshold.judge(Decimal(-1), balanced).reason is Reason.OFF


def test_nothing_has_moved_and_nothing_is_on_its_way():
    way = StraightLine(Decimal("75.0"), Decimal("85.0"), 9, 1)
    expected = expected_by_now(way, Sign.AT_LEAST, Decimal("85.0"), 3, met_before=False)
    rule = Threshold(Sign.AT_LEAST, Decimal("85.0"), Decimal("5.0"), expected=expected)

    assert threshold.judge(Decimal("75.0"), rule).reason is Reason.NEAR
    still = trend.judge(
        Decimal("75.0"), Trend(Better.HIGHER, Decimal("0.1")), baseline=Decimal("75.0")
    )
    assert still.reason is Reason.FLAT


def test_three_schools_at_45_of_50_do_not_average_to_less_than_90():
    pool = pooled([Amount(Decimal(45), Decimal(50))] * 3)

    assert PERCENTAGE.figure(pool.exact(per=100)) == Decimal("90.0")


def test_percentages_are_not_summed_into_a_parent():
    pool = pooled([Amount(Decimal(9), Decimal(10)), Amount(Decimal(45), Decimal(50))])

    assert pool.exact(per=100) == Fraction(90)


def test_negative_numbers_are_not_dropped():
    assert summed([Decimal(100), Decimal(-40)]).total == Decimal(60)
    assert pooled([Amount.weighted(Decimal("-0.10"), 240)]).exact(per=1) == Fraction(-1, 10)


def test_a_zero_is_not_dropped_from_a_pool():
    pool = pooled([Amount(Decimal(0), Decimal(50)), Amount(Decimal(50), Decimal(50))])

    assert (pool.exact(per=100), pool.of) == (50, 2)


def test_late_does_not_vanish_when_what_was_done_is_undone():
    duty = Done(date(2026, 1, 16))

    kept = done.judge(date(2026, 1, 20), duty, as_at=date(2026, 4, 1))
    undone = done.judge(None, duty, as_at=date(2026, 4, 1))

    assert (kept.reason, undone.reason) == (Reason.DONE_LATE, Reason.OVERDUE)


def test_late_does_not_vanish_in_what_is_above_it():
    late = MISSING.marked(Mark.LATE)

    assert Mark.LATE in each_school([Cell(GREEN), Cell(late)]).marks
    assert Mark.LATE in all_of([Part("c1", GREEN), Part("c2", late)]).marks


@pytest.mark.parametrize(
    ("better", "figure", "before", "change", "got_worse"),
    [
        ("higher", "72.0", "71.0", "1.0", False),
        ("higher", "71.0", "72.0", "-1.0", True),
        ("lower", "72.0", "71.0", "1.0", True),
        ("lower", "71.0", "72.0", "-1.0", False),
        ("none", "71.0", "72.0", "-1.0", False),
    ],
)
def test_an_arrow_points_where_the_number_went_and_not_where_it_is_good(
    better, figure, before, change, got_worse
):
    said = Said(GREEN, figure=Decimal(figure), before=Decimal(before), better=better)

    assert (said.moved, said.got_worse) == (Decimal(change), got_worse)


def test_what_has_not_moved_has_no_arrow_and_zero_is_no_missing_past():
    still = Said(GREEN, figure=Decimal(0), before=Decimal(0), better="higher")
    up_from_zero = Said(GREEN, figure=Decimal(1), before=Decimal(0), better="higher")
    without_a_past = Said(GREEN, figure=Decimal(1), better="higher")

    assert (still.change, still.moved) == (0, None)
    assert up_from_zero.moved == 1
    assert (without_a_past.change, without_a_past.moved) == (None, None)


def test_the_figure_judged_is_not_a_binary_one():
    assert SCORE.figure(Decimal("0.235")) == Decimal("0.24")
    assert round(0.235, 2) < 0.24  # what a float says
