"""Something to be done, by a date or at all.

Source: docs/rag.md, Done.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

from kpis.rag.dates import written
from kpis.rag.shown import counted
from kpis.rag.verdict import Reason, Status, Verdict

DUE_SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Done:
    """What was promised: done by the end of the day ``due``.

    ``due`` is the current date; ``moved`` says how often it was put off.
    ``warning`` is the number of days before it in which it is close.
    """

    due: date | None
    moved: int = 0
    warning: int = DUE_SOON_DAYS


def judge(done_on: date | None, rule: Done, *, as_at: date, at_risk: bool = False) -> Verdict:
    """Judge one thing to do as it stood at the end of the day ``as_at``.

    The due day itself is not late, and what is done late stays green and says
    so. ``at_risk`` is the owner's own word. Never raises.

    >>> promise = Done(due=date(2020, 8, 31))
    >>> judge(None, promise, as_at=date(2020, 9, 1)).sentence
    'Off target: not done by 1 September 2020, due 31 August 2020.'
    """
    if done_on is not None and done_on <= as_at:
        is_late = rule.due is not None and done_on > rule.due
        reason = Reason.DONE_LATE if is_late else Reason.DONE
        return Verdict(Status.GREEN, reason, partial(_done, done_on, rule, is_late), figure="Done")

    if rule.due is not None and as_at > rule.due:
        status, reason, figure, note = Status.RED, Reason.OVERDUE, "Overdue", ""
    elif at_risk:
        status, reason, figure, note = Status.AMBER, Reason.AT_RISK, "At risk", ", at risk"
    elif rule.due is None:
        status, reason, figure, note = Status.GREY, Reason.NO_DATE, "No date", ""
    elif (left := (rule.due - as_at).days) <= rule.warning:
        note = f", {counted(left, 'days')} left"
        status, reason, figure = Status.AMBER, Reason.DUE_SOON, "Due soon"
    else:
        status, reason, figure, note = Status.GREY, Reason.NOT_DUE, "Not due", ""
    return Verdict(status, reason, partial(_not_done, as_at, rule, note), figure=figure)


def _done(on: date, rule: Done, is_late: bool) -> str:
    return f"done on {written(on)}, {_due(rule)}{', late' if is_late else ''}"


def _not_done(as_at: date, rule: Done, note: str) -> str:
    return f"not done by {written(as_at)}, {_due(rule)}{note}"


def _due(rule: Done) -> str:
    if rule.due is None:
        return "no due date set"
    due = f"due {written(rule.due)}"
    if rule.moved:
        due += f", moved {'once' if rule.moved == 1 else f'{rule.moved} times'}"
    return due
