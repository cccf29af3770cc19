"""What stands on a school's page, part by part, for its template."""

from dataclasses import dataclass
from datetime import datetime

from kpis.rag.verdict import Status

from .. import charts
from ..addresses import Link
from ..matrix.grid import Empty
from .its_return import ReturnSaid
from .rows import KpiRow


@dataclass(frozen=True, slots=True)
class Count:
    """How many results stand so, and the words for it: 5 off target."""

    status: Status
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one priority."""

    title: str
    url: str
    count_words: str
    rows: tuple[KpiRow, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What was written about a result of this term, and what the headteacher replies to it."""

    key: str
    kpi: str
    url: str
    who: str
    when: datetime
    why: str
    what_next: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """One school in one term. ``notes`` are what is unusual about it: new, left, in parts.

    ``outside_head`` names the column of outside figures, ``outside_note`` says
    who published them; ``similar`` whether anybody publishes for schools like it.
    """

    name: str
    lead: str
    term: str
    notes: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    stack: charts.Stack | None = None
    return_: ReturnSaid | None = None
    first: tuple[KpiRow, ...] = ()
    well: tuple[KpiRow, ...] = ()
    rule: str = ""
    sections: tuple[Section, ...] = ()
    outside_head: str = "England"
    outside_note: str = ""
    similar: bool = False
    not_applicable: tuple[Link, ...] = ()
    trust_wide: str = ""
    comments: tuple[Said, ...] = ()
    compare_url: str = ""
    empty: Empty | None = None
