"""By when, in words: what the plan prints, the day that it means, and what was said before."""

from itertools import groupby

from kpis.rag.dates import written

TIMES = {1: "once", 2: "twice"}
NO_DATE = "No date set"


def dates_in_words(dates, plan_ends, clauses, dues=()):
    """One sentence per step, in order; several are a series, or those of several clauses.

    ``dates`` are all versions of an entry's dates, ``clauses`` the titles of
    its clauses by number, ``dues`` the entry's DueDays, for what is done or at risk.
    The end of the plan goes without saying unless the plan prints it.
    """
    ordered = sorted(dates, key=lambda date: (date.clause, date.step, date.version))
    steps = [list(versions) for _, versions in groupby(ordered, key=_place)]
    now = {((due.clause or 0), due.step): due for due in dues}
    per_clause = [sum(one[0].clause == step[0].clause for one in steps) for step in steps]
    told = []
    for versions, count in zip(steps, per_clause, strict=True):
        last = versions[-1]
        if len(versions) == 1 and last.precision == "plan_end" and not last.label:
            continue
        words = _said(last, plan_ends)
        if count > 1:
            words = f"Step {last.step}: {words}"
        if last.clause:
            words = f"{clauses.get(last.clause, '')}: {words}".removeprefix(": ")
        told.append(words + _then(versions, plan_ends) + _now(now.get(_place(last))))
    return told


def _place(date):
    return date.clause, date.step


def _said(date, plan_ends):
    """The words as printed, and in brackets the day they mean where that is not the same."""
    day = date.day or (plan_ends if date.precision == "plan_end" else None)
    if day is None:
        return f"{date.label}, {NO_DATE[0].lower()}{NO_DATE[1:]}" if date.label else NO_DATE
    label = date.label or ("End of the plan" if date.precision == "plan_end" else "")
    return f"{label} ({written(day)})" if label not in ("", written(day)) else written(day)


def _then(versions, plan_ends):
    """How often it moved, what was said first, and why."""
    moved = len(versions) - 1
    if not moved:
        return ""
    first = versions[0]
    said = _said(first, plan_ends) if first.day or first.precision == "plan_end" else first.label
    reasons = dict.fromkeys(version.reason for version in versions if version.reason)
    times = TIMES.get(moved, f"{moved} times")
    words = f". Moved {times}, first said: {said or 'no date'}"
    return ". ".join([words, *(reason.rstrip(".") for reason in reasons)])


def _now(due):
    if due is None:
        return ""
    if due.done_on:
        return f". Done on {written(due.done_on)}"
    return ". At risk, by the word of who answers for it" if due.at_risk else ""
