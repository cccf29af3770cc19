"""The coverage page: which entries of the plan serve which pillar or domain, and what is left."""

from dataclasses import dataclass

from priorities.models import NodeRole

from ..addresses import Link
from ..matrix.grid import Empty
from .shapes import Piece

RULE = (
    "A KPI serves what it names itself, what an entry above it names, and what an outcome that it "
    "is linked to names. What serves a strand serves its pillar."
)


@dataclass(frozen=True, slots=True)
class NamedBy:
    """An entry that names an item, and how many KPIs serve the item through it."""

    level: str
    piece: Piece
    counted: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One pillar, domain or strand. ``counted`` is how many KPIs serve it, in words."""

    name: str
    named_by: tuple[NamedBy, ...]
    counted: str
    is_served: bool
    is_strand: bool


@dataclass(frozen=True, slots=True)
class FrameworkTable:
    """One framework: its finding in one sentence, then its items."""

    key: str
    name: str
    source: str
    finding: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class CoveragePage:
    title: str
    tabs: tuple[Link, ...] = ()
    rule: str = ""
    frameworks: tuple[FrameworkTable, ...] = ()
    empty: Empty | None = None


def page_of(plan, frameworks, tree, tabs):
    """``frameworks`` as ``kpis.coverage`` finds them, ``tree`` the plan's Tree."""
    return CoveragePage(
        title=plan.title,
        tabs=tabs,
        rule=RULE,
        frameworks=tuple(_table(framework, tree) for framework in frameworks),
    )


def _table(framework, tree):
    rows = []
    for item in framework.items:
        rows.append(_row(item, item.name, tree, is_strand=False))
        for strand in item.strands:
            name = strand.name.removeprefix(f"{item.name}: ")
            rows.append(_row(strand, name[:1].upper() + name[1:], tree, is_strand=True))
    return FrameworkTable(
        key=framework.key,
        name=framework.name,
        source=framework.source,
        finding=_finding(framework),
        rows=tuple(rows),
    )


def _row(item, name, tree, *, is_strand):
    return ItemRow(
        name=name,
        named_by=tuple(_named_by(naming, tree) for naming in item.namings),
        counted=_counted(len(item.kpis)),
        is_served=item.is_served,
        is_strand=is_strand,
    )


def _named_by(naming, tree):
    branch = tree.branches[naming.node]
    level = tree.details.label(branch.role, branch.label)
    # That none does stands in the last column, once.
    is_counted = naming.kpis and branch.role != NodeRole.KPI
    return NamedBy(level, tree.piece(branch), _counted(naming.kpis) if is_counted else "")


def _counted(number):
    return f"{number} KPI{'' if number == 1 else 's'}" if number else "No KPI"


def _finding(framework):
    """How many items a KPI serves, and the names of those that none does."""
    every, left = len(framework.items), [item.name for item in framework.unserved]
    if not left:
        return f"KPIs serve each of the {every} items."
    if len(left) == every:
        return f"No KPI serves any of the {every} items."
    names = left[0] if len(left) == 1 else f"{'; '.join(left[:-1])}; and {left[-1]}"
    return f"KPIs serve {every - len(left)} of the {every} items. No KPI serves: {names}."


def nothing():
    return CoveragePage(
        "Coverage", empty=Empty("There is no plan here yet. It is loaded from a plan file.")
    )
