"""What judging gives: for each promise, what every clause says of every unit.

Source: docs/rag.md, Status, reason, marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from kpis.rag.given import Clause, Period, Promise
from kpis.rag.shown import Shown
from kpis.rag.verdict import Verdict


class Said(NamedTuple):
    """What one clause says of one unit, with what stands beside the verdict.

    ``figure`` is the one judged, as shown, of ``period``; ``before`` that of
    the last like-for-like period. For a gap they are the size of the gap.
    ``better`` is the direction that is good ("higher", "lower", "none").
    ``target`` and ``expected`` are numbers in the same unit, ``target_words``
    the promise in words ("at least 85.0%"). ``measure`` is the deciding one.
    ``steady`` is the change up to which nothing has moved. ``base`` is how many
    pupils or answers the figure is about.
    """

    verdict: Verdict
    measure: int | None = None
    shown: Shown | None = None
    figure: Decimal | None = None
    period: Period | None = None
    before: Decimal | None = None
    before_period: Period | None = None
    better: str = "none"
    target: Decimal | None = None
    expected: Decimal | None = None
    target_words: str = ""
    steady: Decimal = Decimal(0)
    base: int | None = None
    last: Decimal | None = None  # an older figure, to show in grey where none counts
    last_period: Period | None = None
    of_all: Decimal | None = None  # all schools pooled, where fewer are judged
    asked: bool = True  # the term asks for it; if not, the figure is carried

    @property
    def change(self) -> Decimal | None:
        """How far the number moved since; None where one of the two is missing."""
        if self.figure is None or self.before is None:
            return None
        return self.figure - self.before

    @property
    def moved(self) -> Decimal | None:
        """The change where it is more than the steady band, else None."""
        if self.figure is None or self.before is None:
            return None
        change = self.figure - self.before
        return change if abs(change) > self.steady else None

    @property
    def got_worse(self) -> bool:
        """The number moved to the bad side; never for a measure without one."""
        moved = self.moved
        if moved is None or self.better == "none":
            return False
        return moved < 0 if self.better == "higher" else moved > 0


@dataclass(frozen=True, slots=True)
class InUnits:
    """One clause in the units: of each unit of its own level, and what a school's cell shows.

    A clause of the trust has neither; then what it says of the trust itself is in
    ``answering``, which has whoever was judged one by one.
    """

    clause: Clause
    answering: Mapping[int, Said]
    units: Mapping[int, Said]
    schools: Mapping[int, Said]


@dataclass(frozen=True, slots=True)
class Line:
    """One clause across the trust.

    ``units`` holds what it says of each unit of its own level (school, site,
    body…), ``schools`` what a school's cell shows: its own, or the worst of its
    units. A clause of the trust has no ``schools``. ``together`` is the figure
    of all schools pooled, shown beside an each-school verdict without a colour.
    """

    clause: Clause
    trust: Said
    units: Mapping[int, Said]
    schools: Mapping[int, Said]
    together: Said | None = None


class Cell(NamedTuple):
    """The combined verdict of one promise for one school or the trust.

    ``deciding`` is the clause whose figure the cell shows.
    """

    verdict: Verdict
    deciding: int | None = None


@dataclass(frozen=True, slots=True)
class InSchools:
    """One promise as it counts in the schools, without what the trust's own cell says."""

    promise: Promise
    schools: Mapping[int, Cell]
    lines: tuple[InUnits, ...]
    is_trust_wide: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One promise, judged."""

    promise: Promise
    trust: Cell
    schools: Mapping[int, Cell]
    lines: tuple[Line, ...]

    def line(self, clause: int | None) -> Line | None:
        """The line of a clause by its number."""
        return next((line for line in self.lines if line.clause.id == clause), None)

    @property
    def is_trust_wide(self) -> bool:
        """Measured for the trust as a whole: no school has a cell."""
        return not self.schools
