"""By when a promise is due: a clause's own day, its KPI's, or the end of the plan.

Source: docs/rag.md, By a date.
"""

from datetime import date

from kpis.rag.given import Clause, DueDay, Given, Promise
from kpis.rag.grey import until_due
from kpis.rag.once import once
from kpis.rag.verdict import Reason, Status, Verdict


@once
def due_of(given: Given, promise: Promise, clause: Clause, ends: date | None = None) -> DueDay:
    """The last of the days that a clause is due by, or the one that the day ``ends`` runs up to.

    A KPI or success criterion without one is due at the plan's end; a milestone
    without a date has none. A recurring duty is due anew at the end of every
    term or academic year.
    """
    repeated = clause.in_force(given.term.index).repeated
    if repeated:
        last = given.term.index if repeated == "term" else given.term.index // 3 * 3 + 2
        return DueDay(step=1, label="", day=given.days_of(last)[1])
    own = [due for due in promise.dues if due.clause == clause.id]
    days = own or [due for due in promise.dues if due.clause is None]
    if not days:
        day = None if promise.role == "milestone" else given.plan_ends
        return DueDay(step=1, label="", day=day)
    days.sort(key=lambda due: due.step)
    to_come = [due for due in days if ends and due.day and due.day >= ends]
    return to_come[0] if to_come else days[-1]


def held_back(verdict: Verdict, due: date | None, as_at: date) -> Verdict:
    """A promise "by" a date before that date, or without one: no colour but green."""
    if due is not None:
        return until_due(verdict, due, as_at)
    if verdict.status not in (Status.AMBER, Status.RED):
        return verdict
    because = f"{verdict.because}, no due date set"
    return Verdict(
        Status.GREY, Reason.NO_DATE, because, verdict.marks, verdict.figure, verdict.target_met
    )
