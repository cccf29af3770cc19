"""What cannot be judged, or does not apply, and why: one sentence for each.

Where several fit, `first_of` says which stands.

Source: docs/rag.md, Status, reason, marks.
"""

from collections.abc import Iterable
from datetime import date
from functools import partial

from kpis.rag.dates import written
from kpis.rag.verdict import Mark, Reason, Status, Verdict

# Of several, the first of these stands. PARTIAL comes of combining alone.
_ORDER = (
    Reason.NO_DATA,
    Reason.NOT_AVAILABLE_YET,
    Reason.NOT_JUDGED,
    Reason.SUPPRESSED,
    Reason.STALE,
    Reason.NO_LIKE_FOR_LIKE,
    Reason.NO_TARGET,
    Reason.NO_MAPPING,
    Reason.NO_COMPARATOR,
    Reason.BASELINE_YEAR,
    Reason.NO_DATE,
    Reason.NOT_DUE,
    Reason.PARTIAL,
)


def first_of(greys: Iterable[Verdict]) -> Verdict:
    """Of several greys that fit one clause, the one that stands.

    Ties go to the first given. Raises ValueError when there is none, or when
    one of them is not grey.
    """
    return min(greys, key=lambda verdict: _ORDER.index(verdict.reason))


def too_few(minimum: int | None, *counts: int | None) -> bool:
    """Whether one of these groups is under the minimum to judge.

    The denominator of a share, the respondents of a survey, both groups of a
    gap, the pooled denominator of a trust line. ``minimum`` None: seats,
    suppliers and the like are judged at any number. A count that nobody gave
    (None) hides nothing.

    >>> too_few(6, 5), too_few(6, 6), too_few(6, 30, 4), too_few(None, 1)
    (True, False, True, False)
    """
    if minimum is None:
        return False
    return any(count is not None and count < minimum for count in counts)


def suppressed(minimum: int, things: str = "pupils") -> Verdict:
    """Below the minimum nobody gets a colour, and the count is not said."""
    because = f"fewer than {minimum} {things}, too few to judge"
    return Verdict(Status.GREY, Reason.SUPPRESSED, because)


def no_data(due: date | None = None, *, late: bool = False) -> Verdict:
    """Asked for, and nothing has come; the mark LATE after its deadline."""
    marks = frozenset({Mark.LATE} if late else ())
    return Verdict(Status.GREY, Reason.NO_DATA, partial(_nothing_sent, due, late), marks)


def _nothing_sent(due: date | None, late: bool) -> str:
    because = "no figure has been sent"
    return because if due is None else f"{because}, {'was due' if late else 'due'} {written(due)}"


def only_claimed(claim: str) -> Verdict:
    """A school typed ``claim`` ("not applicable"): missing until accepted."""
    because = f"the school answered “{claim}”, not accepted yet"
    return Verdict(Status.GREY, Reason.NO_DATA, because)


def not_available_yet(until: date | None = None) -> Verdict:
    """Promised for a day, or not published by anybody for this period."""
    because = (
        "not published for this period"
        if until is None
        else f"not available yet, expected {written(until)}"
    )
    return Verdict(Status.GREY, Reason.NOT_AVAILABLE_YET, because)


def stale(shown: str, period: str) -> Verdict:
    """The last figure, from ``period``, is too old to carry."""
    because = f"{shown} from {period}, too old to judge"
    return Verdict(Status.GREY, Reason.STALE, because, figure=shown)


def no_like_for_like(shown: str, why: str) -> Verdict:
    """A figure of another basis, question, provider or method."""
    because = f"{shown}, nothing like for like to judge it by: {why}"
    return Verdict(Status.GREY, Reason.NO_LIKE_FOR_LIKE, because, figure=shown)


def baseline_year(shown: str) -> Verdict:
    """The figure is, or may become, the baseline: where the plan begins."""
    because = f"{shown}, the figure that later ones are judged by"
    return Verdict(Status.GREY, Reason.BASELINE_YEAR, because, figure=shown)


def not_due(because: str, figure: str | None = None) -> Verdict:
    """Not to be judged yet; ``because`` says why, ``figure`` how far it has come."""
    return Verdict(Status.GREY, Reason.NOT_DUE, because, figure=figure)


def no_cohort(things: str = "pupils") -> Verdict:
    """Nobody in the group: the denominator is zero."""
    return Verdict(Status.NOT_APPLICABLE, Reason.NO_COHORT, f"no {things} to count")


def not_applicable(why: str) -> Verdict:
    """``why`` in words: "a primary school has no sixth form"."""
    return Verdict(Status.NOT_APPLICABLE, Reason.NOT_APPLICABLE, why)


def until_due(verdict: Verdict, due: date, as_at: date) -> Verdict:
    """Hold a promise "by" a date back until that day has passed.

    Also for a count that grows through its period, with the period's last day.
    Green stands as soon as it is met, and what is unknown stays unknown.
    """
    if as_at > due or verdict.status not in (Status.AMBER, Status.RED):
        return verdict
    return Verdict(
        Status.GREY,
        Reason.NOT_DUE,
        lambda: f"{verdict.because}, due {written(due)}",
        marks=verdict.marks,
        figure=verdict.figure,
        target_met=verdict.target_met,
        counts=verdict.counts,
    )
