"""The way to a target."""

from decimal import Decimal

import pytest

from kpis.rag.line import Steps, StraightLine, expected_by_now, was_met
from kpis.rag.side import Sign

from .tables import case, number

UP = StraightLine(Decimal("75.0"), Decimal("85.0"), 9, 1)
DOWN = StraightLine(Decimal("23.0"), Decimal("18.0"), 3, 1)
YEARLY = Steps(((3, Decimal(2)), (6, Decimal(4)), (9, Decimal(6))))
FROM_FIVE = Steps(((6, Decimal(8)), (3, Decimal(7))), baseline=Decimal(5))


@pytest.mark.parametrize(
    ("way", "term", "expected"),
    [
        case("th3: two of nine terms", UP, 2, "77.2"),
        case("where it begins", UP, 0, "75.0"),
        case("before it begins", UP, -3, "75.0"),
        case("a half goes up", StraightLine(Decimal("0"), Decimal("0.5"), 2, 1), 1, "0.3"),
        case("where it ends", UP, 9, "85.0"),
        case("after it ends", UP, 12, "85.0"),
        case("falling", DOWN, 1, "21.3"),
        case("falling, two of three", DOWN, 2, "19.7"),
        case("through zero", StraightLine(Decimal("-0.10"), Decimal("0.10"), 2, 2), 1, "0.00"),
        case("no time left", StraightLine(Decimal(5), Decimal(7), 0, 0), 0, "7"),
        case("before the first step", YEARLY, 2, None),
        case("on the first step", YEARLY, 3, "2"),
        case("between two steps", YEARLY, 5, "2"),
        case("on the second", YEARLY, 6, "4"),
        case("after the last", YEARLY, 20, "6"),
        case("steps from a baseline", FROM_FIVE, 0, "5"),
        case("steps in any order", FROM_FIVE, 4, "7"),
    ],
)
def test_what_is_expected_after_so_many_terms(way, term, expected):
    assert way.expected(term) == number(expected)


@pytest.mark.parametrize(
    ("way", "sign", "target", "met", "expected"),
    [
        case("on the way", UP, Sign.AT_LEAST, "85.0", False, "77.2"),
        case("met once: it stays", UP, Sign.AT_LEAST, "85.0", True, "85.0"),
        case(
            "began on target",
            StraightLine(Decimal("90.0"), Decimal("85.0"), 9, 1),
            Sign.AT_LEAST,
            "85.0",
            False,
            "85.0",
        ),
        case(
            "began on target, less is better",
            StraightLine(Decimal("17.0"), Decimal("18.0"), 9, 1),
            Sign.AT_MOST,
            "18.0",
            False,
            "18.0",
        ),
        case("nothing expected yet", YEARLY, Sign.AT_LEAST, "6", False, None),
        case("steps, met once", YEARLY, Sign.AT_LEAST, "6", True, "6"),
    ],
)
def test_what_is_expected_stays_at_a_target_once_met(way, sign, target, met, expected):
    found = expected_by_now(way, sign, Decimal(target), 2, met)

    assert found == number(expected)


@pytest.mark.parametrize(
    ("earlier", "sign", "met"),
    [
        case("none yet", [], Sign.AT_LEAST, False),
        case("never", ["84.9", "80.0"], Sign.AT_LEAST, False),
        case("once, long ago", ["85.0", "70.0"], Sign.AT_LEAST, True),
        case("equal to a strict one", ["85.0"], Sign.MORE_THAN, False),
        case("less is better", ["86.0", "85.0"], Sign.AT_MOST, True),
    ],
)
def test_whether_the_target_was_met_before(earlier, sign, met):
    figures = [Decimal(figure) for figure in earlier]

    assert was_met(figures, sign, Decimal("85.0")) is met
