"""A page per priority."""

from dataclasses import dataclass
from decimal import Decimal

from .drawn import Chip, Counts, Movement, Spark


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One KPI for the trust; ``spread`` says how its schools stand.

    A ``key``, here and elsewhere, is the entry's own in the plan: never printed.
    """

    code: str
    name: str
    basis: str
    chip: Chip
    figure: str
    number: Decimal | None
    unit: str
    target: str
    target_number: Decimal | None
    movement: Movement | None
    spark: Spark | None
    spread: str
    say: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A milestone, an action or a risk. ``chip`` is None where nobody judges it."""

    code: str
    title: str
    words: str
    due: str
    who: str
    chip: Chip | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One priority. ``number`` is 3.1; an empty tuple is a list that there is none of."""

    number: str
    code: str
    title: str
    aim: str
    counts: Counts | None
    kpis: tuple[KpiRow, ...]
    milestones: tuple[Entry, ...] = ()
    actions: tuple[Entry, ...] = ()
    risks: tuple[Entry, ...] = ()
    key: str = ""
