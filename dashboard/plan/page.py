"""The plan page: the strategy on a page, and the way to the other pages of the plan."""

from dataclasses import dataclass

from kpis.rag.verdict import Status
from priorities.models import NodeRole
from returns.typed.spelling import lower_first

from .. import charts
from ..addresses import Link
from ..matrix.grid import Empty
from ..results import counts_of
from .opened import OpenOutcome, OutcomeLine, opened, outcome_line
from .shapes import PhaseTable, Section
from .tree import FOLDING

UNPUBLISHED = "No board report has been published yet"


@dataclass(frozen=True, slots=True)
class Creed:
    """What the trust believes: principles under one name of theirs."""

    heading: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One entry on the plan itself, with what stands under it in numbers, never one colour.

    ``above`` is the theme that holds it, ``lines`` are what it wants to be
    true, or its parts where the plan has no such level. ``opened`` has the same
    with each KPI, of the one card that is open; ``toggle_url`` opens and closes it.
    """

    code: str
    title: str
    statement: str
    above: str
    url: str
    lines: tuple[OutcomeLine, ...]
    counts: str
    stack: charts.Stack | None
    milestone_words: str
    milestone_url: str
    anchor: str = ""
    toggle_url: str = ""
    toggle_words: str = ""
    kpi_label: str = ""
    opened: tuple[OpenOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class CardRow:
    """The cards of one level."""

    heading: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    title: str
    years: str = ""
    year_of: str = ""
    tabs: tuple[Link, ...] = ()
    statuses_note: str = ""
    view: str = "page"
    vision: str = ""
    creeds: tuple[Creed, ...] = ()
    rows: tuple[CardRow, ...] = ()
    notes: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    phase_table: PhaseTable | None = None
    open_all: bool = False
    open_url: str = ""
    closed_url: str = ""
    empty: Empty | None = None


def page_of(plan, tree, addresses, query, *, tabs, note="", today):
    """The page of one plan. ``note`` says why statuses are not shown."""
    head = {
        "title": plan.title,
        "years": years_of(plan),
        "year_of": year_of(plan, today),
        "tabs": tabs,
        "statuses_note": note,
    }
    if query.get("view") == "tree":
        return PlanPage(
            **head,
            view="tree",
            vision=plan.vision,
            notes=tuple(_notes(plan, tree)),
            sections=tree.sections(),
            phase_table=tree.phase_table(),
            open_all=query.get("open") == "all",
            open_url=addresses.plan(view="tree", open="all"),
            closed_url=addresses.plan(view="tree"),
        )
    return PlanPage(
        **head,
        vision=plan.vision,
        creeds=tuple(_creeds(tree)),
        rows=tuple(_rows(tree, addresses, query.get("open", ""))),
    )


def tabs_of(addresses, current, *, readiness):
    """The pages of a plan. ``readiness``: whether the person may open that page."""
    pages = [
        ("page", "Strategy on a page", addresses.plan()),
        ("tree", "Full tree", addresses.plan(view="tree")),
        ("coverage", "Coverage", addresses.coverage()),
    ]
    if readiness:
        pages.append(("readiness", "Readiness", addresses.readiness()))
    return tuple(Link(label, url, name == current) for name, label, url in pages)


def years_of(plan):
    """The years as the plan prints them, else by its days."""
    return plan.printed_period or f"{plan.starts.year} to {plan.ends.year}"


def year_of(plan, today):
    """Which of its school years it is in: Year 1 of 3."""
    years = _school_year(plan.ends) - _school_year(plan.starts) + 1
    now = _school_year(today) - _school_year(plan.starts) + 1
    if now < 1:
        return f"Begins on {plan.starts.day} {plan.starts:%B %Y}"
    return f"Year {now} of {years}" if now <= years else "Ended"


def _school_year(day):
    return day.year if day.month >= 9 else day.year - 1


def _notes(plan, tree):
    """What is true of the whole plan, said once."""
    if plan.note:
        yield plan.note
    if not tree.of_role(NodeRole.KPI):
        yield f"{tree.details.plural_label(NodeRole.KPI)}: none in this plan."


def _creeds(tree):
    for role, own, branches in tree.by_level(tree.of_role(NodeRole.PRINCIPLE)):
        titles = tuple(tree.details.of(branch.id).title for branch in branches)
        yield Creed(tree.details.level(len(titles), role, own), titles)


def _rows(tree, addresses, is_open):
    """A row per level: what holds priorities is named on their cards instead."""
    tops = [
        branch
        for branch in tree.tree
        if branch.role in FOLDING
        and (branch.parent is None or branch.role == NodeRole.PRIORITY)
        and not _holds_priorities(tree, branch)
    ]
    for role, own, branches in tree.by_level(tops):
        cards = tuple(_card(tree, branch, addresses, is_open) for branch in branches)
        yield CardRow(tree.details.level(len(cards), role, own), cards)


def _holds_priorities(tree, branch):
    return any(child.role == NodeRole.PRIORITY for child in tree.children.get(branch.id, ()))


def _card(tree, top, addresses, is_open):
    below = list(tree.below(top.id))
    kpis = [branch for branch in below if branch.role == NodeRole.KPI]
    results = [r for kpi in kpis for r in tree.standing.results(kpi.id)] if tree.standing else []
    counts = counts_of(results)
    above = tree.branches.get(top.parent)
    is_live = tree.standing is not None and tree.standing.is_live
    is_filter = is_live and top.role == NodeRole.PRIORITY and kpis
    return Card(
        code=top.code,
        title=tree.details.of(top.id).title or top.title,
        statement=tree.details.of(top.id).statement or top.words,
        above=above.title if above else "",
        url=addresses.matrix(priority=top.key) if is_filter else tree.url_of(top),
        lines=tuple(_lines(tree, below)),
        counts=tree.counts(top.id),
        stack=charts.stack(counts) if any(count for _, count in counts) else None,
        milestone_words=_milestones(tree, below),
        milestone_url=tree.url_of(top),
        anchor=f"card-{top.key}",
        toggle_url=_toggle(top, addresses, is_open) if kpis else "",
        toggle_words=_toggle_words(tree, below),
        kpi_label=tree.details.label(NodeRole.KPI),
        opened=opened(tree, top) if top.key == is_open and kpis else (),
    )


def _toggle_words(tree, below):
    """What opens, in the plan's own words: outcomes and KPIs."""
    roles = {branch.role for branch in below}
    told = [role for role in (NodeRole.OUTCOME, NodeRole.KPI) if role in roles]
    return " and ".join(lower_first(tree.details.plural_label(role)) for role in told)


def _toggle(top, addresses, is_open):
    """The page with this card open, or closed again: one card is open at a time."""
    key = None if top.key == is_open else top.key
    return addresses.plan(open=key, anchor=f"#card-{top.key}")


def _lines(tree, below):
    """What it wants to be true; where the plan has no such level, its parts."""
    for role in (NodeRole.OUTCOME, NodeRole.STRAND):
        found = [branch for branch in below if branch.role == role]
        if found:
            return [outcome_line(tree, branch) for branch in found]
    return []


def _milestones(tree, below):
    """How many of the milestones that can be judged are on track: a grey one is neither."""
    if tree.standing is None:
        return ""
    found = [
        verdict
        for branch in below
        if branch.role == NodeRole.MILESTONE and not branch.is_note
        if (verdict := tree.standing.verdict(branch.id)) is not None and verdict.status.is_colour
    ]
    if not found:
        return ""
    off = sum(verdict.status is Status.RED for verdict in found)
    words = lower_first(tree.details.level(len(found), NodeRole.MILESTONE))
    return f"{len(found) - off} of {len(found)} {words} on track"


def nothing():
    """The page of a trust without a plan."""
    return PlanPage(
        "Plan", empty=Empty("There is no plan here yet. It is loaded from a plan file.")
    )
