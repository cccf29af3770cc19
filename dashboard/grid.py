"""The shapes of the matrix page: what its template is handed, ready to be drawn."""

from dataclasses import dataclass, field

from kpis.rag.verdict import Status

from .addresses import Link
from .cells import Cell
from .charts import Stack
from .progress import Progress


@dataclass(frozen=True, slots=True)
class Column:
    """A school: its name, at most 18 characters for the head, and what is said of it."""

    id: int
    name: str
    short: str
    url: str = ""
    spoken_note: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    status: Status
    count: int
    change: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Which schools stand so, the first three by name; or how many, without names."""

    label: str
    names: tuple[tuple[str, str], ...] = ()
    more: int = 0
    count_words: str = ""


@dataclass(frozen=True, slots=True)
class FilterGroup:
    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One KPI, or one clause of it, across the schools in the order of the columns."""

    key: str
    name: str
    code: str
    url: str
    basis: str
    target: str
    target_spoken: str
    trust: Cell
    cells: tuple[Cell, ...]
    whole_trust: bool
    named: tuple[Named, ...] = ()
    clauses: tuple["Row", ...] = ()
    clause_count: int = 0
    open: bool = False
    toggle_url: str = ""
    deciding: str = ""
    stack: Stack | None = None
    worst: str = ""
    results: tuple = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Section:
    """The KPIs of one priority."""

    title: str
    url: str
    count_words: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    sentence: str
    url: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The page. ``late`` counts the results that the filter "Late" would show."""

    heading: str
    progress: Progress | None = None
    late: int = 0
    tiles: tuple[Tile, ...] = ()
    not_applicable: int = 0
    tabs: tuple[Link, ...] = ()
    filters: tuple[FilterGroup, ...] = ()
    caption: str = ""
    columns: tuple[Column, ...] = ()
    sections: tuple[Section, ...] = ()
    empty: Empty | None = None
    compared: str = "Movement is against the period named in each row"
    changes: tuple = ()
