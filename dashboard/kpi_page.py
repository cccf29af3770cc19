"""What stands on the KPI page, part by part, for its template."""

from dataclasses import dataclass
from datetime import datetime

from kpis.rag.verdict import Mark, Status, Verdict

from . import charts
from .addresses import Link
from .cells import Movement
from .definition import VersionRow
from .groups import GroupRow
from .history import HistoryRow


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """One of several clauses: its verdict, and the link that puts it in the chart."""

    key: str
    name: str
    verdict: Verdict
    figure: str
    rule: str
    movement: Movement | None
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class SchoolRow:
    name: str
    url: str
    status: Status
    figure: str
    target: str
    difference: str
    movement: Movement | None
    spark: charts.Sparkline | None
    sentence: str
    marks: tuple[Mark, ...]
    note: str
    current: bool
    by_figures: Verdict | None = None


@dataclass(frozen=True, slots=True)
class PhaseTable:
    """The schools of one phase, worst first: phases are never ranked together."""

    title: str
    rows: tuple[SchoolRow, ...]


@dataclass(frozen=True, slots=True)
class CommentRow:
    who: str
    when: datetime
    unit: str
    why: str
    what_next: str


@dataclass(frozen=True, slots=True)
class ToSettle:
    """What a leader must answer before something can be judged, and the form for it."""

    words: str
    link: str
    url: str


@dataclass(frozen=True, slots=True)
class KpiPage:
    """All that the template shows; ``school`` is the unit that the page leads with.

    ``by_figures`` is the verdict that was worked out, where another was set by
    hand. ``to_settle`` and ``by_hand_url`` are a leader's alone.
    """

    code: str
    name: str
    full: str
    kind_words: str
    verdict: Verdict
    figure: str
    movement: Movement | None
    rule: str
    school: object
    all_url: str
    combine_words: str
    clauses: tuple[ClauseLine, ...]
    chart: charts.LineChart | None
    chart_title: str
    chart_note: str
    chart_heads: tuple[str, ...]
    chart_rows: tuple
    chart_empty: str
    phases: tuple[PhaseTable, ...]
    groups: tuple[GroupRow, ...]
    comments: tuple[CommentRow, ...]
    definition: tuple[tuple[str, str], ...]
    versions: tuple[VersionRow, ...]
    beside: str = ""
    by_figures: Verdict | None = None
    to_settle: tuple[ToSettle, ...] = ()
    by_hand_url: str = ""
    by_hand_words: str = ""
    history: tuple[HistoryRow, ...] = ()
    previous: Link | None = None
    next: Link | None = None
