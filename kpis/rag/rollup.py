"""From the units to the trust, by their verdicts: sentences have counts, never names.

Roll-ups of figures (pooled, ratio of sums, sum) are in `pool`.

Source: docs/rag.md, From schools to the trust.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple

from kpis.rag import threshold
from kpis.rag.dates import written
from kpis.rag.done import DUE_SOON_DAYS
from kpis.rag.shown import counted
from kpis.rag.tally import in_words, tally
from kpis.rag.threshold import Threshold
from kpis.rag.verdict import Counts, Mark, Reason, Status, Verdict, marks_of, rank

HAS_NO_PAST = frozenset({Reason.NOT_JUDGED, Reason.BASELINE_YEAR})


class Cell(NamedTuple):
    """One unit's verdict. ``is_new``: not yet a whole academic year in the trust."""

    verdict: Verdict
    is_new: bool = False

    @property
    def is_too_new(self) -> bool:
        """A new school without a past to be judged by does not hold the rest back."""
        return self.is_new and self.verdict.reason in HAS_NO_PAST


def each_school(cells: Sequence[Cell], *, things: str = "schools") -> Verdict:
    """Every unit must hold. Not applicable, not due and too new drop out.

    >>> green = Cell(Verdict(Status.GREEN, Reason.MET, "95.0%"))
    >>> unknown = Cell(Verdict(Status.GREY, Reason.NO_DATA, "nothing sent"))
    >>> each_school([green] * 14 + [unknown]).sentence
    'No status: 14 on target, 1 not known, of 15 schools.'
    """
    verdicts = [cell.verdict for cell in cells if not cell.is_too_new]
    counts = tally(verdicts, too_new=len(cells) - len(verdicts))
    standing = _standing(verdicts)
    if not standing:
        return _nothing_left(cells, counts, things)

    status = min(standing, key=rank).status
    return Verdict(
        status,
        _each_reason(status, standing),
        partial(in_words, counts, things),
        marks=_marks(status, standing, counts),
        counts=counts,
    )


def worst_of(cells: Sequence[Cell], *, things: str) -> Verdict:
    """What the cell of a school shows of its sites, bodies or parts: the worst.

    Its figure and reason, and how many of them stand where.
    """
    verdicts = [cell.verdict for cell in cells if not cell.is_too_new]
    counts = tally(verdicts, too_new=len(cells) - len(verdicts))
    standing = _standing(verdicts)
    if not standing:
        return _nothing_left(cells, counts, things)
    worst = min(standing, key=rank)
    return worst.but(
        because=lambda: f"{worst.because}; {in_words(counts, things)}",
        marks=_marks(worst.status, standing, counts),
        counts=counts,
    )


def share_of_schools(cells: Sequence[Cell], rule: Threshold, *, things: str = "schools") -> Verdict:
    """Enough of the units on target: ``rule`` is a threshold on their percentage.

    What is missing stays in the denominator; where all is missing, nothing is known.
    """
    verdicts = [cell.verdict for cell in cells if not cell.is_too_new]
    counts = tally(verdicts, too_new=len(cells) - len(verdicts))
    if not counts.of:
        return _nothing_left(cells, counts, things)
    if counts.unknown == counts.of:
        return each_school(cells, things=things)
    share = rule.shown.share(counts.green, counts.of, per=100)
    judged = threshold.judge(share, rule)
    return judged.but(
        because=lambda: f"{in_words(counts, things)}; {judged.because}",
        marks=_marks(judged.status, _standing(verdicts), counts),
        counts=counts,
    )


@dataclass(frozen=True, slots=True)
class Rollout:
    """What was promised: all units there by the end of the day ``due``.

    ``steps`` are (day, how many by then) on the way. ``by``: the units have a
    threshold or a level to reach by that day, not a thing to do, and each is
    judged by itself from then on.
    """

    due: date | None
    steps: tuple[tuple[date, int], ...] = ()
    by: bool = False
    warning: int = DUE_SOON_DAYS


def rollout(
    cells: Sequence[Cell],
    rule: Rollout,
    *,
    as_at: date,
    at_risk: bool = False,
    things: str = "schools",
) -> Verdict:
    """How many of the units are there, as it stood at the end of ``as_at``.

    Green only when all are. A unit that is late with its answer is not there; one
    whose answer is not due yet is not known.

    >>> there = Cell(Verdict(Status.GREEN, Reason.DONE, "done"))
    >>> waiting = Cell(Verdict(Status.GREY, Reason.NOT_DUE, "not done"))
    >>> promise = Rollout(due=date(2028, 8, 31))
    >>> rollout([there] + [waiting] * 10, promise, as_at=date(2026, 5, 1)).sentence
    'No status: 1 of 11 schools done by 1 May 2026, due 31 August 2028.'
    """
    if rule.by and rule.due is not None and as_at > rule.due:
        return each_school(cells, things=things)
    verdicts = [cell.verdict for cell in cells if cell.verdict.status is not Status.NOT_APPLICABLE]
    counts = tally(cell.verdict for cell in cells)
    if not verdicts:
        return _nothing_left(cells, counts, things)

    there, of = counts.green, len(verdicts)
    any_at_risk = any(verdict.reason is Reason.AT_RISK for verdict in verdicts)
    status, reason, note = _rolled_out(there, of, rule, as_at, at_risk or any_at_risk)
    if reason is Reason.OVERDUE and there + counts.unknown == of:
        # Those not there are not late themselves: their returns are not due yet.
        return each_school(cells, things=things)
    word = "on target" if rule.by else "done"
    due = "no due date set" if rule.due is None else f"due {written(rule.due)}"
    because = f"{there} of {counted(of, things)} {word} by {written(as_at)}, {due}{note}"
    return Verdict(
        status,
        reason,
        because,
        marks=marks_of(verdict for verdict in verdicts if not verdict.drops_out),
        figure=f"{there} of {of}",
        counts=counts,
    )


def _rolled_out(
    there: int, of: int, rule: Rollout, as_at: date, at_risk: bool
) -> tuple[Status, Reason, str]:
    if there == of:
        return Status.GREEN, Reason.ALL_GREEN if rule.by else Reason.DONE, ""
    if rule.due is not None and as_at > rule.due:
        return Status.RED, Reason.OVERDUE, ""

    passed = [step for step in rule.steps if as_at > step[0]]
    step_day, expected = max(passed, default=(None, 0))
    note = f", {expected} expected by {written(step_day)}" if step_day else ""
    if there < expected:
        return Status.RED, Reason.OVERDUE, note
    if at_risk:
        return Status.AMBER, Reason.AT_RISK, f"{note}, at risk"
    if rule.due is None:
        return Status.GREY, Reason.NO_DATE, note
    left = (rule.due - as_at).days
    if left <= rule.warning:
        return Status.AMBER, Reason.DUE_SOON, f"{note}, {counted(left, 'days')} left"
    if step_day:
        return Status.GREEN, Reason.ON_TRACK, note
    return Status.GREY, Reason.NOT_DUE, note


def _standing(verdicts: Sequence[Verdict]) -> list[Verdict]:
    return [verdict for verdict in verdicts if not verdict.drops_out]


_EACH_REASONS = {
    Status.GREEN: Reason.ALL_GREEN,
    Status.AMBER: Reason.ANY_AMBER,
    Status.RED: Reason.ANY_RED,
}


def _each_reason(status: Status, standing: Sequence[Verdict]) -> Reason:
    if status is not Status.GREY:
        return _EACH_REASONS[status]
    reasons = {verdict.reason for verdict in standing}
    return reasons.pop() if len(reasons) == 1 else Reason.PARTIAL


def _marks(status: Status, standing: Sequence[Verdict], counts: Counts) -> frozenset[Mark]:
    marks = marks_of(standing)
    if counts.unknown and status is not Status.GREY:
        marks |= {Mark.PARTIAL}
    if counts.not_due:
        marks |= {Mark.PART_DUE}
    return marks


def _nothing_left(cells: Sequence[Cell], counts: Counts, things: str) -> Verdict:
    words = in_words(counts, things) or f"no {things} to judge"
    if counts.not_due:
        return Verdict(Status.GREY, Reason.NOT_DUE, words, counts=counts)
    for cell in cells:
        if cell.is_too_new:
            return Verdict(Status.GREY, cell.verdict.reason, words, counts=counts)
    reasons = {cell.verdict.reason for cell in cells}
    reason = reasons.pop() if len(reasons) == 1 else Reason.NOT_APPLICABLE
    return Verdict(Status.NOT_APPLICABLE, reason, words, counts=counts)
