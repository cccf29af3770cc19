"""Cases with a time limit: vacancies, defects.

Source: docs/rag.md, Cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kpis.rag.dates import add_months
from kpis.rag.grey import no_data
from kpis.rag.shown import counted
from kpis.rag.verdict import Mark, Reason, Status, Verdict


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the days it was opened, a plan for it agreed, and it was closed."""

    opened: date
    planned: date | None = None
    closed: date | None = None


class State(StrEnum):
    """Where a case stands: within its limit, settled after it, or past it now."""

    IN_TIME = "in_time"
    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Cases:
    """What was promised: each case settled within ``months`` calendar months.

    The limit day itself is in time. ``plan_counts``: an agreed plan settles a
    case as closing it does, and the verdict that rests on one says so.
    """

    months: int
    plan_counts: bool = False

    def state(self, case: Case, as_at: date, *, plan_counts: bool) -> State:
        """Where the case stood at the end of the day ``as_at``."""
        days = [case.closed, case.planned if plan_counts else None]
        settled = min((day for day in days if day and day <= as_at), default=None)
        if (settled or as_at) <= add_months(case.opened, self.months):
            return State.IN_TIME
        return State.LATE if settled else State.OVERDUE


def judge_log(
    log: Sequence[Case],
    rule: Cases,
    *,
    begins: date,
    as_at: date,
    confirmed: int | None,
) -> Verdict:
    """Judge the cases open at any time from ``begins`` to ``as_at``.

    ``confirmed`` is the number of cases that the unit says it has had, None
    while it has not. An empty log proves nothing, and a log that does not
    agree with that number misses a case or holds one too many; but a case
    overdue now is off target whatever has been confirmed.
    """
    cases = [case for case in log if _open_in(case, begins, as_at)]
    states = [rule.state(case, as_at, plan_counts=rule.plan_counts) for case in cases]
    without_plans = [rule.state(case, as_at, plan_counts=False) for case in cases]
    by_plan = sum(one is not other for one, other in zip(states, without_plans, strict=True))
    overdue, late = states.count(State.OVERDUE), states.count(State.LATE)

    because = (
        f"{counted(len(cases), 'cases')}, {overdue} overdue now,"
        f" {late} late but settled, limit {counted(rule.months, 'months')}"
    )
    if by_plan:
        because += f", {by_plan} settled by a plan"
    marks = frozenset({Mark.BY_PLAN} if by_plan else ())
    figure = f"{overdue + late} late"

    def decided(status: Status, reason: Reason) -> Verdict:
        return Verdict(status, reason, because, marks=marks, figure=figure)

    if overdue:
        return decided(Status.RED, Reason.OVERDUE_NOW)
    if confirmed is None:
        return no_data()
    if confirmed != len(cases):
        because = f"{counted(confirmed, 'cases')} confirmed, {len(cases)} in the log"
        return Verdict(Status.GREY, Reason.NO_DATA, because)
    if not cases:
        return Verdict(Status.GREEN, Reason.NO_CASES, "0 cases, confirmed")
    if late:
        return decided(Status.AMBER, Reason.LATE_BUT_CLOSED)
    return decided(Status.GREEN, Reason.ALL_IN_TIME)


def judge_counts(overdue: int | None, cases: int | None) -> Verdict:
    """Judge two counts where no log is kept: overdue now, of all.

    >>> judge_counts(2, 11).sentence
    'Off target: 11 cases, 2 overdue now.'
    """
    if overdue is None or cases is None:
        return no_data()
    if overdue:
        status, reason = Status.RED, Reason.OVERDUE_NOW
    elif cases:
        status, reason = Status.GREEN, Reason.ALL_IN_TIME
    else:
        return Verdict(Status.GREEN, Reason.NO_CASES, "0 cases, confirmed")
    because = f"{counted(cases, 'cases')}, {overdue} overdue now"
    return Verdict(status, reason, because, figure=f"{overdue} late")


def _open_in(case: Case, begins: date, as_at: date) -> bool:
    return case.opened <= as_at and (case.closed is None or case.closed >= begins)
