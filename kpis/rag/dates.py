"""Days: calendar months, the words in which plans print dates, and days written.

Source: docs/rag.md, Done.
"""

import calendar
from datetime import date
from enum import StrEnum

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def written(day: date) -> str:
    """The day in words, whatever the language of the machine: "1 September 2024"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2026, 1, 31), 1)
    (datetime.date(2024, 2, 29), datetime.date(2026, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = 28 if day.day <= 28 else _days_in(year, month + 1)  # every month has a 28th
    return date(year, month + 1, min(day.day, last))


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


class Precision(StrEnum):
    """How exactly a plan prints a date."""

    DAY = "day"
    MONTH = "month"
    TERM = "term"
    ACADEMIC_YEAR = "academic_year"
    YEAR = "year"
    READY = "ready"


def resolved(
    precision: Precision,
    year: int,
    *,
    month: int | None = None,
    day: int | None = None,
    term_ends: date | None = None,
) -> date:
    """The day by which something printed so must be done.

    ``year`` is as printed; of an academic year, the one in which it begins
    (2018 for 2018/19). A term's last day comes from the trust's calendar.
    "Ready by September" means by the first day: the term needs it then.

    Raises ValueError when what the precision needs is not given.

    >>> resolved(Precision.ACADEMIC_YEAR, 2018), resolved(Precision.MONTH, 2020, month=7)
    (datetime.date(2019, 8, 31), datetime.date(2020, 7, 31))
    """
    match precision:
        case Precision.YEAR:
            return date(year, 12, 31)
        case Precision.ACADEMIC_YEAR:
            return date(year + 1, 8, 31)
        case Precision.TERM:
            if term_ends is None:
                raise ValueError("A term needs its last day from the trust's calendar.")
            return term_ends
    if month is None:
        raise ValueError(f"A date printed to the {precision} needs its month.")
    if precision is Precision.MONTH:
        return date(year, month, _days_in(year, month))
    if precision is Precision.READY:
        return date(year, month, 1)
    if day is None:
        raise ValueError("A date printed to the day needs its day.")
    return date(year, month, day)
