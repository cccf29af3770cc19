"""One page of the history of a KPI, with its filters and the way to the other pages."""

from dataclasses import dataclass

from ..cells import term_name
from .history import A_PAGE, HistoryRow


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select box."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Arranged:
    """What the template shows; ``number`` of ``pages`` is in the title where there are several."""

    rows: tuple[HistoryRow, ...]
    count: int
    number: int
    pages: int
    schools: tuple[Choice, ...]
    terms: tuple[Choice, ...]
    back_url: str
    previous: str = ""
    next: str = ""


class HistoryPage:
    """The rows that were asked for: of one school, of one term, page by page."""

    def __init__(self, kpi, history, query):
        self.kpi, self.history = kpi, history
        self.number = _whole(query.get("page", "1"))
        self.term = _whole(query["collected"]) if query.get("collected") else None
        self.unit = kpi.school and kpi.school.id
        self.rows, self.count = (), 0
        if self.number and (self.term is None or self.term in history.terms()):
            self.rows, self.count = history.page(self.number, self.unit, self.term)
            self.is_there = bool(self.rows) or self.number == 1
        else:
            self.is_there = False

    def arranged(self):
        pages = max(1, -(-self.count // A_PAGE))
        schools = [
            Choice(unit.code, unit.name, unit.id == self.unit) for unit in self.history.units()
        ]
        terms = [
            Choice(str(index), term_name(index), index == self.term)
            for index in self.history.terms()
        ]
        code = self.kpi.school.code if self.kpi.school else None
        return Arranged(
            rows=self.rows,
            count=self.count,
            number=self.number,
            pages=pages,
            schools=tuple(schools),
            terms=tuple(terms),
            back_url=self.kpi.addresses.kpi(self.kpi.promise.id, school=code),
            previous=self._url(self.number - 1) if self.number > 1 else "",
            next=self._url(self.number + 1) if self.number < pages else "",
        )

    def _url(self, number):
        choices = [
            ("school", self.kpi.school.code if self.kpi.school else None),
            ("collected", None if self.term is None else str(self.term)),
            ("page", str(number) if number > 1 else None),
        ]
        return self.kpi.addresses.of_kpi("dashboard:kpi-history", self.kpi.promise.id, choices)


def _whole(text):
    """A page or a term by its number; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
