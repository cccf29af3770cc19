"""Which period a term asks about, and which periods are like one another.

Source: docs/rag.md, Which figure counts.
"""

from collections.abc import Sequence
from datetime import date

from kpis.rag.given import Answer, Basis, Clause, Given, Measure, Period, Terms
from kpis.rag.once import ever, once

_DATED = (Basis.TERM, Basis.DATE)
_YEARS = (Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR)
A_YEAR = 3  # terms


@ever
def asked_period(given: Given, measure: Measure, index: int) -> Period | None:
    """The period that the return of a term asks about; None if it does not ask.

    What the register answers is worked out anew in every term.
    """
    year, part = divmod(index, 3)
    if part + 1 not in measure.asked and not measure.register:
        return None
    if measure.basis in _YEARS:
        year, part = year - measure.about_last, 2
    elif measure.basis is not Basis.DATE:
        year, part = divmod(index - measure.about_last, 3)
    return _period(given, measure.basis, year, part + 1)


@once
def last_asked(given: Given, measure: Measure, since: int) -> Period | None:
    """The last period asked about before this term, by a return from the term ``since`` on."""
    if not (measure.asked or measure.register):
        return None
    for index in range(given.term.index - 1, since - 1, -1):
        if period := asked_period(given, measure, index):
            return period
    return None


@once
def in_force_now(given: Given, clause: Clause) -> Terms:
    """The version of a clause by which the figures of this term are judged.

    It is the one in force on the last day of the period that they are about,
    which may lie before the term.
    """
    return clause.in_force(judged_index(given, clause))


@once
def judged_index(given: Given, clause: Clause) -> int:
    """The term in which the figures end by which a clause is judged now."""
    term = given.term.index
    indexes = []
    for reading in clause.readings:
        measure = given.measures[reading.measure]
        period = asked_period(given, measure, term)
        period = period or last_asked(given, measure, term - A_YEAR)
        indexes.append(term if period is None else min(period.index, term))
    return max(indexes, default=term)


def about(answers: Sequence[Answer], period: Period) -> Answer | None:
    """The answer about a period, or about an equal span of another basis."""
    span, index = period.span, period.index
    for answer in reversed(answers):
        if answer.period.index == index and answer.period.span == span:
            return answer
    return None


def alike(measure: Measure, one: Period, other: Period) -> bool:
    """Whether figures of two periods may be compared: equal spans, and the same season.

    Two whole terms are alike whichever they are, unless the measure follows
    the seasons; two years to date only where they are equally long.
    """
    if one.basis is other.basis and one.basis in _DATED:
        return not measure.seasonal or one.part == other.part
    return one.span == other.span


def same_season(measure: Measure) -> bool:
    """Whether the past of a figure is the same term of an earlier year."""
    return measure.seasonal or measure.basis is Basis.YEAR_TO_DATE


def _period(given: Given, basis: Basis, year: int, part: int) -> Period:
    ends = given.days_of(year * 3 + part - 1)[1]
    match basis:
        case Basis.TERM:
            starts = given.days_of(year * 3 + part - 1)[0]
        case Basis.YEAR_TO_DATE:
            starts = given.days_of(year * 3)[0]
        case Basis.DATE:
            starts = ends
        case _:
            starts, ends = date(year, 9, 1), date(year + 1, 8, 31)
    return Period(basis, year, part, starts, ends, _name(basis, year, part))


def _name(basis: Basis, year: int, part: int) -> str:
    term = ("Autumn", "Spring", "Summer")[part - 1]
    label = f"{year}/{(year + 1) % 100:02d}"
    match basis:
        case Basis.TERM | Basis.DATE:
            return f"{term} {year if part == 1 else year + 1}"
        case Basis.YEAR_TO_DATE if part < 3:
            return f"{label} to {term.lower()}"
    return label
