"""The appendix: all results, what the words mean, and the figures from outside."""

from dataclasses import dataclass
from decimal import Decimal

from .drawn import Movement


@dataclass(frozen=True, slots=True)
class Column:
    """A school of the matrix; ``short`` has at most 18 characters."""

    code: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One result. ``number`` is the figure; without one ``code`` says why (z, c, x) or is "".

    ``figure`` is what the cell shows, never empty; ``note`` stands small beside
    it; ``say`` is the whole sentence. ``status`` and ``letter`` as in a Chip.
    """

    status: str
    letter: str
    figure: str
    number: Decimal | None
    unit: str
    code: str
    marks: tuple[str, ...]
    movement: Movement | None
    note: str
    say: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A KPI across the schools in the order of the columns; no cells where it is the trust's."""

    priority: str
    code: str
    name: str
    basis: str
    target: str
    unit: str
    trust: Cell
    cells: tuple[Cell, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a KPI means. ``rules`` are its rules as sentences, one of each part."""

    priority: str
    code: str
    name: str
    words: str  # the plan's own sentence
    rules: tuple[str, ...]
    what_counts: str
    made_from: str
    roll_up: str
    due: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """How to read the report: a word or sign, and what it means."""

    term: str
    words: str


@dataclass(frozen=True, slots=True)
class Release:
    """An outside figure that results are held against, by the release it was taken from."""

    name: str
    provider: str
    period: str
    figure: str
    number: Decimal | None
    release: str
    published_on: str
    source: str
