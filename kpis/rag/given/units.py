"""Whoever answers: schools and their parts, sites, bodies, the trust itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kpis.rag.applies import Place
from kpis.rag.given.times import Period


@dataclass(frozen=True, slots=True)
class Unit:
    """Whoever answers. ``place`` is what the applicability rules look at."""

    id: int
    kind: str
    name: str
    phase: str
    place: Place
    joined: date
    left: date | None = None
    parent: int | None = None
    serves: frozenset[int] = frozenset()
    due: date | None = None  # its own last day for the term, if it has one
    pupils: int | None = None
    register: Mapping[str, Decimal] = field(default_factory=dict)
    code: str = ""
    codes: frozenset[str] = frozenset()  # the URN and unit code: comparators of one unit

    def __hash__(self) -> int:
        return self.id

    def is_in(self, period: Period) -> bool:
        """In the trust for the whole of a period, or on its day."""
        return self.joined <= period.starts and (self.left is None or self.left >= period.ends)


def called(units: Iterable[Unit], things: str) -> str:
    """What units are called where they are counted: a part of a school is not a school.

    ``things`` is what they are called as a kind: "schools", "sites".
    """
    kinds = {unit.kind for unit in units} if things == "schools" else set()
    if "part" not in kinds:
        return things
    return "parts of schools" if kinds == {"part"} else "schools and parts of schools"
