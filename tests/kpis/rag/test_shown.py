"""The figure judged is the figure shown."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.rag.shown import Kind, Shown, counted, rounded

from .tables import COUNT, POUNDS, RATE, SCORE, case

PERCENT = Shown()
WHOLE = Shown(Kind.PERCENTAGE, 0)


@pytest.mark.parametrize(
    ("exact", "decimals", "shown"),
    [
        case("a half goes up", Decimal("84.95"), 1, "85.0"),
        case("where floats go down", Decimal("0.235"), 2, "0.24"),
        case("where bankers go down", Decimal("84.85"), 1, "84.9"),
        case("just under a half", Decimal("84.9499999999"), 1, "84.9"),
        case("a negative half goes away from zero", Decimal("-0.125"), 2, "-0.13"),
        case("just under a negative half", Decimal("-0.1249"), 2, "-0.12"),
        case("a third", Fraction(1, 3), 1, "0.3"),
        case("two thirds", Fraction(2, 3), 1, "0.7"),
        case("no decimals", Decimal("2.5"), 0, "3"),
        case("zero", 0, 1, "0.0"),
        case("there is no minus zero", Decimal("-0.04"), 1, "0.0"),
        case("a whole number", 7, 2, "7.00"),
        case("once, never twice", Decimal("0.2449"), 2, "0.24"),
        case("more digits than Decimal reckons with", 10**40 + 1, 0, str(10**40 + 1)),
    ],
)
def test_rounding_is_half_up_from_the_exact_value(exact, decimals, shown):
    figure = rounded(exact, decimals)

    assert str(figure) == shown


@pytest.mark.parametrize(
    ("exact", "how", "figure"),
    [
        case("all but one of 2,000", Fraction(199_900, 2000), PERCENT, "99.9"),
        case("one of 5,000", Fraction(100, 5000), PERCENT, "0.1"),
        case("all", Fraction(100), PERCENT, "100.0"),
        case("none", Fraction(0), PERCENT, "0.0"),
        case("all but one, whole percent", Fraction(99_900, 1000), WHOLE, "99"),
        case("one, whole percent", Fraction(100, 1000), WHOLE, "1"),
        case("just under all, typed", Decimal("99.96"), PERCENT, "99.9"),
        case("more than all", Decimal("100.04"), PERCENT, "100.0"),
        case("less than none", Decimal("-0.04"), PERCENT, "0.0"),
        case("a rate is no part of a whole", Fraction(100, 30_000), RATE, "0.00"),
        case("a score is none either", Decimal("99.996"), SCORE, "100.00"),
        case("in the middle", Fraction(100, 3), PERCENT, "33.3"),
    ],
)
def test_all_and_nothing_are_never_shown_for_a_part(exact, how, figure):
    assert how.figure(exact) == Decimal(figure)


@pytest.mark.parametrize(
    ("amount", "how", "written"),
    [
        case("percentage", "93.5", PERCENT, "93.5%"),
        case("percentage with its zero", "95", PERCENT, "95.0%"),
        case("whole percentage", "95", WHOLE, "95%"),
        case("negative percentage", "-1.2", PERCENT, "−1.2%"),
        case("rate", "1.4", RATE, "1.40 per 100 pupils"),
        case("a rate of one", "1", RATE, "1.00 per 100 pupils"),
        case("score", "0.1", SCORE, "0.10"),
        case("negative score", "-0.02", SCORE, "−0.02"),
        case("money", "340000", POUNDS, "£340,000"),
        case("pennies", "12.5", Shown(Kind.MONEY, 2), "£12.50"),
        case("no money", "0", POUNDS, "£0"),
        case("less than a pound", "0.5", Shown(Kind.MONEY, 2), "£0.50"),
        case("money owed", "-1", POUNDS, "−£1"),
        case("thousands", "1204", Shown(Kind.NUMBER, 0, "pupils"), "1,204 pupils"),
        case("one", "1", COUNT, "1 vacancy"),
        case("none", "0", COUNT, "0 vacancies"),
        case("one pupil", "1", Shown(Kind.NUMBER, 0, "pupils"), "1 pupil"),
        case("one of ten", "1", Shown(Kind.NUMBER, 0, "of 10 measures"), "1 of 10 measures"),
        case("one class", "1", Shown(Kind.NUMBER, 0, "class"), "1 class"),
        case("one day a term", "1", Shown(Kind.NUMBER, 0, "days per term"), "1 day per term"),
        case("no digit of a target is hidden", "4.25", PERCENT, "4.25%"),
        case("a large round number", "1E+3", COUNT, "1,000 vacancies"),
    ],
)
def test_how_a_figure_is_written(amount, how, written):
    assert how.write(Decimal(amount)) == written


@pytest.mark.parametrize(
    ("amount", "how", "written"),
    [
        case("up", "1.2", PERCENT, "+1.2 points"),
        case("down", "-0.4", PERCENT, "−0.4 points"),
        case("none", "0", PERCENT, "0.0 points"),
        case("score up", "0.1", SCORE, "+0.10"),
        case("money down", "-500", POUNDS, "−£500"),
        case("money up", "500", POUNDS, "+£500"),
        case("count up", "1", COUNT, "+1 vacancy"),
    ],
)
def test_a_change_has_its_sign_and_percentages_are_points_apart(amount, how, written):
    assert how.change(Decimal(amount)) == written


@pytest.mark.parametrize(("how", "digit"), [(PERCENT, "0.1"), (SCORE, "0.01"), (COUNT, "1")])
def test_the_smallest_difference_that_can_be_seen(how, digit):
    assert how.last_digit == Decimal(digit)


def test_a_margin_is_written_without_its_unit():
    assert RATE.plain(Decimal("0.5")) == "0.50"
    assert POUNDS.plain(Decimal(-1500)) == "−1,500"


def test_things_are_counted_in_words():
    assert [counted(number, "schools") for number in (0, 1, 10, 11, 1000)] == [
        "0 schools",
        "1 school",
        "10 schools",
        "11 schools",
        "1,000 schools",
    ]


def test_a_distance_of_exactly_one_is_one_point():
    assert [WHOLE.distance(Decimal(number)) for number in (0, 1, -1, 11)] == [
        "0 points",
        "1 point",
        "−1 point",
        "11 points",
    ]
    assert PERCENT.distance(Decimal("1.0")) == "1.0 points"
    assert WHOLE.write(Decimal(1)) == "1%"
