"""Something to be done, by a date or at all.

Source: docs/rag.md, Done.
"""

from dataclasses import dataclass
from datetime import date

from kpis.rag.dates import written
from kpis.rag.grey import not_due
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
    due = _due(rule)
    if done_on is not None and done_on <= as_at:
        is_late = rule.due is not None and done_on > rule.due
        reason = Reason.DONE_LATE if is_late else Reason.DONE
        because = f"done on {written(done_on)}, {due}{', late' if is_late else ''}"
        return Verdict(Status.GREEN, reason, because, figure="Done")

    because = f"not done by {written(as_at)}, {due}"
    if rule.due is not None and as_at > rule.due:
        return Verdict(Status.RED, Reason.OVERDUE, because, figure="Overdue")
    if at_risk:
        because += ", at risk"
        return Verdict(Status.AMBER, Reason.AT_RISK, because, figure="At risk")
    if rule.due is None:
        return Verdict(Status.GREY, Reason.NO_DATE, because, figure="No date")
    left = (rule.due - as_at).days
    if left <= rule.warning:
        because += f", {counted(left, 'days')} left"
        return Verdict(Status.AMBER, Reason.DUE_SOON, because, figure="Due soon")
    return not_due(because, figure="Not due")


def _due(rule: Done) -> str:
    if rule.due is None:
        return "no due date set"
    due = f"due {written(rule.due)}"
    if rule.moved:
        due += f", moved {'once' if rule.moved == 1 else f'{rule.moved} times'}"
    return due
