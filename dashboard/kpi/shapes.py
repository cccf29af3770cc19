"""What stands on the KPI page, part by part, for its template."""

from dataclasses import dataclass
from datetime import datetime

from kpis.rag.verdict import Verdict

from ..addresses import Link
from ..cells import Movement
from .definition import Block
from .evidence import AttachedRow, EvidenceRow
from .groups_shown import GroupPart
from .line_chart import LineChart
from .related import RelatedRow
from .rows import boxes_html
from .schools import PhaseTable
from .status_past import StatusTable
from .versions import VersionRow


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
class Pick:
    """A school that may be drawn beside the others: its box, and whether it is ticked."""

    code: str
    name: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class ChartPart:
    """The chart, and the same as a table, as a file and as a figure to explore.

    ``measures`` are links to the other measures of the clause, ``picks`` the
    schools to draw beside it; ``kept`` are the choices that the form carries on.
    """

    title: str
    note: str
    svg: str
    remarks: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple
    figure: dict | None
    drawing: LineChart | None
    measures: tuple[Link, ...]
    picks: tuple[Pick, ...]
    kept: tuple[tuple[str, str], ...]
    svg_url: str
    csv_url: str
    empty: str
    term: str = ""

    @property
    def boxes(self):
        """The tick boxes as HTML."""
        return boxes_html(self.picks)

    @property
    def has_picked(self):
        """Whether the box of schools stands open."""
        return any(pick.ticked for pick in self.picks)


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What somebody says of a result; ``moved`` is how the figure moved, by the system."""

    who: str
    when: datetime
    unit: str
    why: str
    what_next: str
    anchor: str = ""
    moved: str = ""
    is_reply: bool = False


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
    hand. ``statuses`` stand in the place of the chart where there are no figures.
    ``to_settle`` and ``by_hand_url`` are a leader's alone.
    """

    code: str
    name: str
    full: str
    kind_words: str
    owners: str
    verdict: Verdict
    figure: str
    movement: Movement | None
    rule: str
    school: object
    all_url: str
    combine_words: str
    clauses: tuple[ClauseLine, ...]
    chart: ChartPart | None
    statuses: StatusTable | tuple
    phases: tuple[PhaseTable, ...]
    groups: GroupPart | None
    comments: tuple[CommentRow, ...]
    evidence: tuple[EvidenceRow, ...]
    attached: tuple[AttachedRow, ...]
    related: tuple[RelatedRow, ...]
    serves: tuple[Link, ...]
    definition: tuple[Block, ...]
    versions: tuple[VersionRow, ...]
    history_url: str
    beside: str = ""
    by_figures: Verdict | None = None
    to_settle: tuple[ToSettle, ...] = ()
    say_url: str = ""
    say_words: str = ""
    by_hand_url: str = ""
    by_hand_words: str = ""
    previous: Link | None = None
    next: Link | None = None
