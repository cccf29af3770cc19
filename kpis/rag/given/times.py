"""When: the span of time that a figure is about, and the term whose returns are looked at.

Terms stand on one line of whole numbers, three to a year: they can be counted
and compared.
"""

from dataclasses import dataclass, field
from datetime import date

from kpis.rag.given.named import Named


class Basis(Named):
    """What span of time a figure covers."""

    TERM = "term"
    YEAR_TO_DATE = "year_to_date"
    ACADEMIC_YEAR = "academic_year"
    FINANCIAL_YEAR = "financial_year"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Period:
    """The stretch of time that a figure is about.

    ``year`` is the one in which the academic year starts, ``part`` the term in
    which the period ends (1 autumn, 2 spring, 3 summer), ``starts`` and
    ``ends`` its days by the trust's own calendar where it has that term.

    ``index`` stands on one line of whole terms: they can be counted and
    compared. ``span`` is what it is like: equal spans of unlike basis compare,
    others never do. Autumn to date is the autumn term; summer to date, the
    academic year and an academy's financial year are one span.
    """

    basis: Basis
    year: int
    part: int
    starts: date
    ends: date
    name: str
    index: int = field(init=False, repr=False, compare=False)
    span: tuple[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for with every answer of every cell: worked out once.
        object.__setattr__(self, "index", self.year * 3 + self.part - 1)
        object.__setattr__(self, "span", _span_of(self.basis, self.part))

    def __hash__(self) -> int:
        return self.index


def _span_of(basis: Basis, part: int) -> tuple[str, int]:
    match basis:
        case Basis.DATE:
            return ("date", 0)
        case Basis.TERM:
            return ("term", part)
        case Basis.YEAR_TO_DATE if part == 1:
            return ("term", 1)
        case Basis.YEAR_TO_DATE if part == 2:
            return ("to date", 2)
    return ("year", 3)


@dataclass(frozen=True, slots=True)
class CollectingTerm:
    """The term whose returns are looked at. ``as_at`` is its cut-off.

    The day before the next term opens, or today if that is earlier: deadlines,
    due dates, cases and expiry are judged as at that day. ``index`` is the
    term on the line of all terms, as that of its period. Once it ``is_closed``
    nothing can be sent, so what is missing is late whatever its day. What was due
    before ``collected_from``, the first term that the trust collects, never is.
    """

    period: Period
    due: date
    as_at: date
    collected_from: int = 0
    is_closed: bool = False
    index: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", self.period.index)

    @property
    def is_history(self) -> bool:
        """Whether it was over before the trust began to collect."""
        return self.index < self.collected_from

    def is_over(self, due: date) -> bool:
        """Whether what was due on that day, and has not come, is late."""
        return not self.is_history and (self.is_closed or self.as_at > due)


def index_of(day: date) -> int:
    """The term of a day; the holidays after a term belong to it."""
    if day.month >= 9:
        return day.year * 3
    return (day.year - 1) * 3 + (1 if day.month <= 4 else 2)


def nominal_days(index: int) -> tuple[date, date]:
    """The days that a term has at most: September to December, to April, to August."""
    year, part = divmod(index, 3)
    match part:
        case 0:
            return date(year, 9, 1), date(year, 12, 31)
        case 1:
            return date(year + 1, 1, 1), date(year + 1, 4, 30)
    return date(year + 1, 5, 1), date(year + 1, 8, 31)
