"""The shapes of the matrix page: what is drawn and what its template is handed, ready."""

from collections import Counter
from dataclasses import dataclass, field

from kpis.rag.verdict import Status

from ..addresses import Link
from ..cells import Cell
from ..charts import Stack
from .comments import Said
from .progress import Progress


@dataclass(frozen=True, slots=True)
class Column:
    """A school: its name, at most 18 characters for the head, its page.

    ``query`` is its part of an address. ``spread`` says how its results stand,
    where schools are the rows.
    """

    id: int
    name: str
    short: str
    url: str = ""
    query: str = ""
    spread: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """How many stand so; ``change`` against last term, and what else there is to say."""

    status: Status
    count: int
    change: str
    note: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Named:
    """How many schools stand so, and which, the first three by name; or without names."""

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
    """One KPI, or one clause of it, across the schools in the order of the columns.

    ``whole_trust`` has no cells of schools. ``spread`` is how the schools stand,
    ``stack`` the same as a bar. ``above`` is its priority, where the order does
    not say it. ``open_words`` say how many wait for the reader, who leads.
    ``figure`` is that of the trust's cell with its unit, for where it stands alone.
    ``drawn`` are its cells as HTML, once somebody has drawn them.
    """

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
    spread: tuple[Named, ...] = ()
    clauses: tuple["Row", ...] = ()
    clause_count: int = 0
    open: bool = False
    toggle_url: str = ""
    deciding: str = ""
    stack: Stack | None = None
    worst: str = ""
    above: str = ""
    open_words: str = ""
    figure: str = ""
    drawn: list[str] = field(default_factory=list, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """The KPIs of one priority; or of several in one order, without an address."""

    title: str
    url: str
    count_words: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How some results stand, as a bar and in words, and where they are listed."""

    stack: Stack
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Standings:
    """One school by priority; None where nothing is asked of it."""

    name: str
    url: str
    stacks: tuple[Standing | None, ...]


@dataclass(frozen=True, slots=True)
class ByPriority:
    """Every school by priority, in counts: no colour is ever averaged."""

    heads: tuple[Link, ...]
    totals: tuple[Standing | None, ...]
    rows: tuple[Standings, ...]


@dataclass(frozen=True, slots=True)
class Empty:
    sentence: str
    url: str = ""
    link_text: str = ""


def nothing_to_judge(term):
    """What a trust is told that has no plan, or no term that has opened (None)."""
    why = "There is no plan yet" if term else "No term has opened yet"
    return Empty(f"{why}, so there is nothing to judge.")


@dataclass(frozen=True, slots=True)
class Matrix:
    """The page. ``late`` counts the results that the filter "Late" would show.

    ``down`` is what stands in the rows, kpis or schools; with ``by_priority``
    it is schools in counts, and there are no sections. ``announced`` is said once
    to those who listen, ``on_paper`` stands on a print. ``tally`` counts the
    standings of all that the person sees, whatever is filtered; ``said`` is what
    people say of the cells that stand here, by the key of their row.
    """

    heading: str
    todo: tuple[Link, ...] = ()
    progress: Progress | None = None
    notice: str = ""
    late: int = 0
    tiles: tuple[Tile, ...] = ()
    since: str = ""
    changes: tuple[tuple[str, str], ...] = ()
    not_applicable: int = 0
    tabs: tuple[Link, ...] = ()
    filters: tuple[FilterGroup, ...] = ()
    sorts: tuple[Link, ...] = ()
    views: tuple[Link, ...] = ()
    downloads: tuple[Link, ...] = ()
    pages: tuple[Link, ...] = ()
    caption: str = ""
    announced: str = ""
    on_paper: str = ""
    down: str = "kpis"
    columns: tuple[Column, ...] = ()
    sections: tuple[Section, ...] = ()
    by_priority: ByPriority | None = None
    empty: Empty | None = None
    earlier: Link | None = None
    said: dict[str, Said] = field(default_factory=dict, repr=False)
    compared: str = "Movement is against the period named in each row"
    tally: Counter = field(default_factory=Counter, repr=False)
