"""A figure inside a range, or "about" a number.

Source: docs/rag.md, Band.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
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
    if figure is None:
        return no_data()
    shown = rule.shown.write(figure)

    low = None if rule.bad_side is BadSide.ABOVE else rule.low
    high = None if rule.bad_side is BadSide.BELOW else rule.high
    ends = [end for end in (low, high) if end is not None]
    if len(ends) < (2 if rule.bad_side is BadSide.BOTH else 1):
        because = f"{shown}, and the limits of the range are not entered"
        return Verdict(Status.GREY, Reason.NO_TARGET, because, figure=shown)

    misses = [figure - high] if high is not None else []
    misses += [low - figure] if low is not None else []
    outside = max(misses)
    if outside <= 0:
        status, reason = Status.GREEN, Reason.IN_BAND
    elif outside <= rule.margin:
        status, reason = Status.AMBER, Reason.NEAR
    else:
        status, reason = Status.RED, Reason.OUT
    return Verdict(status, reason, partial(_because, shown, rule, ends, reason), figure=shown)


def _because(shown: str, rule: Band, ends: list[Decimal], reason: Reason) -> str:
    words = _WORDS[rule.bad_side] + " to ".join(rule.shown.write(end) for end in ends)
    because = f"{shown}, target {words}"
    if reason is Reason.IN_BAND:
        return because
    return f"{because}, margin {rule.shown.plain(rule.margin)}"


_WORDS = {BadSide.BOTH: "", BadSide.BELOW: "at least ", BadSide.ABOVE: "at most "}
