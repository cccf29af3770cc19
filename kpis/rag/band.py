"""A figure inside a range, or "about" a number.

Source: docs/rag.md, Band.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from kpis.rag.grey import no_data
from kpis.rag.shown import PERCENTAGE, Shown
from kpis.rag.verdict import Reason, Status, Verdict


class BadSide(StrEnum):
    """Which ends of the range count against a figure."""

    BOTH = "both"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Band:
    """What was promised: from ``low`` to ``high``, both ends inside.

    All are Decimal in the measure's unit and decimals. A limit that has not
    been entered is None; the one on a side that does not count may stay so.
    """

    low: Decimal | None
    high: Decimal | None
    margin: Decimal
    bad_side: BadSide = BadSide.BOTH
    shown: Shown = PERCENTAGE

    @classmethod
    def about(
        cls,
        target: Decimal,
        tolerance: Decimal,
        margin: Decimal,
        shown: Shown = PERCENTAGE,
    ) -> Self:
        """ "About 10", read as 8 to 12 with a tolerance of 2."""
        return cls(target - tolerance, target + tolerance, margin, shown=shown)


def judge(figure: Decimal | None, rule: Band) -> Verdict:
    """Judge one figure, as shown, against its range.

    Never raises: what cannot be judged is grey.

    >>> about_ten = Band.about(Decimal("10.0"), Decimal("2.0"), Decimal("2.0"))
    >>> judge(Decimal("5.9"), about_ten).sentence
    'Off target: 5.9%, target 8.0% to 12.0%, margin 2.0.'
    """
    say = rule.shown.write
    if figure is None:
        return no_data()

    low = None if rule.bad_side is BadSide.ABOVE else rule.low
    high = None if rule.bad_side is BadSide.BELOW else rule.high
    ends = [end for end in (low, high) if end is not None]
    if len(ends) < (2 if rule.bad_side is BadSide.BOTH else 1):
        because = f"{say(figure)}, and the limits of the range are not entered"
        return Verdict(Status.GREY, Reason.NO_TARGET, because, figure=say(figure))

    words = _WORDS[rule.bad_side] + " to ".join(say(end) for end in ends)
    because = f"{say(figure)}, target {words}"
    misses = [figure - high] if high is not None else []
    misses += [low - figure] if low is not None else []
    outside = max(misses)
    if outside <= 0:
        return Verdict(Status.GREEN, Reason.IN_BAND, because, figure=say(figure))

    because += f", margin {rule.shown.plain(rule.margin)}"
    if outside <= rule.margin:
        return Verdict(Status.AMBER, Reason.NEAR, because, figure=say(figure))
    return Verdict(Status.RED, Reason.OUT, because, figure=say(figure))


_WORDS = {BadSide.BOTH: "", BadSide.BELOW: "at least ", BadSide.ABOVE: "at most "}
