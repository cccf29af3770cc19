"""A figure against an outside figure of the same period.

Source: docs/rag.md, Compare.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from kpis.rag.grey import no_data
from kpis.rag.shown import PERCENTAGE, Shown, divided
from kpis.rag.side import Better
from kpis.rag.verdict import Reason, Status, Verdict


class Against(StrEnum):
    """How a figure is promised to stand to the outside one."""

    IN_LINE_OR_BETTER = "in_line_or_better"
    BETTER = "better"
    SIGNIFICANTLY_BETTER = "significantly_better"
    IN_LINE = "in_line"


class Comparator(NamedTuple):
    """A dated outside figure, as shown, with the release that it comes from."""

    figure: Decimal
    source: str  # "England, autumn 2025, provisional"


@dataclass(frozen=True, slots=True)
class Compare:
    """What was promised. All are Decimal in the measure's unit and decimals.

    ``tolerance`` is what still counts as in line, ``step`` what counts as
    significant. ``one_pupil``: the tolerance is at least one pupil's worth.
    """

    against: Against
    better: Better
    margin: Decimal
    tolerance: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    one_pupil: bool = False
    shown: Shown = PERCENTAGE

    def tolerance_for(self, pupils: int | None) -> Decimal:
        """The tolerance among ``pupils``: one of 30 is worth 3.3 points."""
        if not (self.one_pupil and pupils):
            return self.tolerance
        worth = divided(100, pupils, self.shown.decimals)
        return max(self.tolerance, worth)


@dataclass(frozen=True, slots=True)
class Interval:
    """The published confidence interval of the figure, both ends as shown."""

    low: Decimal
    high: Decimal

    def beats(self, bar: Decimal, better: Better) -> bool:
        """Whether it lies wholly on the good side of ``bar``; touching it is not enough."""
        worst = self.low if better is Better.HIGHER else self.high
        return better.gain(worst, bar) > 0

    def holds(self, bar: Decimal) -> bool:
        """Whether it reaches ``bar``, its ends included."""
        return self.low <= bar <= self.high


def judge(
    figure: Decimal | None,
    rule: Compare,
    comparator: Comparator | None,
    *,
    interval: Interval | None = None,
    pupils: int | None = None,
) -> Verdict:
    """Judge one figure, as shown, against the comparator of the same period.

    ``interval`` is the figure's published one, ``pupils`` how many it is about.
    A comparator not yet published is grey, never last year's in silence. Never
    raises.

    >>> promise = Compare(
    ...     Against.IN_LINE_OR_BETTER, Better.HIGHER, Decimal("1.0"), Decimal("0.5")
    ... )
    >>> similar = Comparator(Decimal("93.6"), "similar schools")
    >>> judge(Decimal("92.9"), promise, similar).because
    '92.9%, target in line with 93.6% (similar schools) or above, tolerance 0.5, margin 1.0'
    """
    if figure is None:
        return no_data()
    shown = rule.shown.write(figure)
    if comparator is None:
        because = f"{shown}, and there is no outside figure for the period yet"
        return Verdict(Status.GREY, Reason.NO_COMPARATOR, because, figure=shown)

    gain = rule.better.gain(figure, comparator.figure)
    tolerance = rule.tolerance_for(pupils)
    match rule.against:
        case Against.BETTER:
            status, reason = _better(gain, rule)
        case Against.SIGNIFICANTLY_BETTER:
            beaten = interval is not None and interval.beats(comparator.figure, rule.better)
            status, reason = _significantly_better(gain, rule, beaten)
        case _:
            within = interval is not None and interval.holds(comparator.figure)
            status, reason = _in_line(gain, rule, tolerance, within)
    words = partial(_because, shown, rule, comparator, tolerance, interval)
    return Verdict(status, reason, words, figure=shown)


def _better(gain: Decimal, rule: Compare) -> tuple[Status, Reason]:
    if gain > 0:
        return Status.GREEN, Reason.MET
    if rule.margin > 0 and -gain <= rule.margin:
        return Status.AMBER, Reason.NEAR
    return Status.RED, Reason.OFF


def _significantly_better(gain: Decimal, rule: Compare, beaten: bool) -> tuple[Status, Reason]:
    if gain < 0:
        return Status.RED, Reason.OFF
    if gain >= rule.step or beaten:
        return Status.GREEN, Reason.MET
    return Status.AMBER, Reason.NOT_ENOUGH


def _in_line(
    gain: Decimal, rule: Compare, tolerance: Decimal, within: bool
) -> tuple[Status, Reason]:
    or_better = rule.against is Against.IN_LINE_OR_BETTER
    short = -gain if or_better else abs(gain)
    if short <= tolerance or within:
        return Status.GREEN, Reason.MET if or_better else Reason.IN_BAND
    if short <= tolerance + rule.margin:
        return Status.AMBER, Reason.NEAR
    return Status.RED, Reason.OFF if or_better else Reason.OUT


def _because(
    shown: str,
    rule: Compare,
    comparator: Comparator,
    tolerance: Decimal,
    interval: Interval | None,
) -> str:
    say, plain, side = rule.shown.write, rule.shown.plain, rule.better.side
    yardstick = f"{say(comparator.figure)} ({comparator.source})"
    match rule.against:
        case Against.BETTER:
            return f"{shown}, target {side} {yardstick}, margin {plain(rule.margin)}"
        case Against.SIGNIFICANTLY_BETTER:
            target = f"significantly {side} {yardstick}, by at least {plain(rule.step)}"
        case _:
            target = f"in line with {yardstick}"
            if rule.against is Against.IN_LINE_OR_BETTER:
                target += f" or {side}"
            target += f", tolerance {plain(tolerance)}, margin {plain(rule.margin)}"
    because = f"{shown}, target {target}"
    if interval is not None:
        because += f", confidence interval {say(interval.low)} to {say(interval.high)}"
    return because
