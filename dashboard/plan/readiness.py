"""The readiness page: what the plan lacks, kind by kind, and where each is mended."""

from dataclasses import dataclass

from priorities.models import NodeRole

from ..addresses import Link
from ..matrix.grid import Empty
from .details import OURS

# These lacks are settled, or at least seen best, on the KPI's own page.
ON_THE_KPI_PAGE = frozenset({"baseline", "baseline_date", "target", "comparator", "source", "due"})
SHORT = 12  # a longer list is folded, so that every kind is in sight


@dataclass(frozen=True, slots=True)
class LackRow:
    """One lack: the entry and the link to where it is mended; ``where`` is its key in the file."""

    level: str
    name: str
    url: str
    what: str
    where: str


@dataclass(frozen=True, slots=True)
class LackTable:
    key: str
    name: str
    count: int
    means: str
    mended: str
    has_entries: bool
    has_words: bool
    is_short: bool
    rows: tuple[LackRow, ...]


@dataclass(frozen=True, slots=True)
class ReadinessPage:
    title: str
    tabs: tuple[Link, ...] = ()
    looked_at: str = ""
    count: int = 0
    tables: tuple[LackTable, ...] = ()
    ready: tuple[str, ...] = ()
    empty: Empty | None = None


def page_of(ready, tabs, addresses):
    """``ready`` as ``kpis.readiness`` finds it."""
    looked_at = [
        f"{ready.plurals.get(role, OURS[role])} {count}"
        for role in (NodeRole.KPI, NodeRole.OUTCOME, NodeRole.MILESTONE)
        if (count := ready.looked_at.get(role))
    ]
    return ReadinessPage(
        title=ready.plan.title,
        tabs=tabs,
        looked_at=" · ".join(looked_at),
        count=ready.count,
        tables=tuple(_table(group, addresses) for group in ready.groups if group.lacks),
        ready=tuple(kind.things for kind in ready.ready),
    )


def _table(group, addresses):
    kind = group.kind
    return LackTable(
        is_short=len(group.lacks) <= SHORT,
        key=kind.key,
        name=kind.name,
        count=len(group.lacks),
        means=kind.means,
        mended=kind.mended,
        has_entries=any(lack.entry for lack in group.lacks),
        has_words=any(lack.entry and lack.what for lack in group.lacks),
        rows=tuple(_row(kind, lack, addresses) for lack in group.lacks),
    )


def _row(kind, lack, addresses):
    entry = lack.entry
    if entry is None:
        return LackRow("", lack.what, addresses.coverage(), "", "")
    if entry.role == NodeRole.KPI and kind.key in ON_THE_KPI_PAGE:
        url = addresses.kpi(entry.id, clause=lack.clause)
    else:
        url = addresses.entry(entry.key)
    where = f"{entry.key}, {lack.clause}" if lack.clause else entry.key
    return LackRow(entry.label, str(entry), url, lack.what, where)


def nothing():
    return ReadinessPage(
        "Readiness", empty=Empty("There is no plan here yet. It is loaded from a plan file.")
    )
