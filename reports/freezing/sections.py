"""One priority of the report: its aim, how it stands, its KPIs, milestones, actions and risks."""

from collections import Counter

from dashboard.plan.dates import dates_in_words
from priorities.models import NodeRole

from ..shapes import Entry, KpiRow, Section
from .writing import chip_of


def section_of(writing, top, place):
    """``writing`` is the report that is being written, ``place`` the number after 3."""
    report, tree = writing.report, writing.tree
    mine = [one for one in writing.chosen if one.top == top.id]
    detail = tree.details.of(top.id)
    below = list(tree.below(top.id))
    if not report.shows_milestones:
        below = [branch for branch in below if branch.role == NodeRole.RISK]
    if not report.shows_risks:
        below = [branch for branch in below if branch.role != NodeRole.RISK]
    risks = [branch for branch in below if branch.role == NodeRole.RISK]
    if report.shows_risks:
        risks += _linked(tree, top, mine, risks)
    return Section(
        number=f"3.{place}",
        code=top.code,
        title=detail.title or top.title,
        aim=top.words or detail.statement,
        counts=writing.counts(sum((one.tally for one in mine), Counter())),
        kpis=tuple(KpiRow(**writing.kpi_told(one)) for one in mine),
        milestones=tuple(_entries(writing, below, NodeRole.MILESTONE)),
        actions=tuple(_entries(writing, below, NodeRole.ACTION)),
        risks=tuple(_entry(writing, branch) for branch in risks),
        key=top.key,
    )


def _linked(tree, top, mine, risks):
    """The risks that stand elsewhere in the plan and are linked to the priority or to its KPIs."""
    ours = {top.id, *(one.promise.id for one in mine)}
    known = {branch.id for branch in risks}
    found = []
    for branch in tree.of_role(NodeRole.RISK):
        detail = tree.details.of(branch.id)
        others = {pk for _, pk in (*detail.links, *detail.linked_from)}
        if branch.id not in known and others & ours:
            found.append(branch)
    return found


def _entries(writing, below, role):
    return (
        _entry(writing, branch) for branch in below if branch.role == role and not branch.is_note
    )


def _entry(writing, branch):
    tree, board = writing.tree, writing.board
    detail = tree.details.of(branch.id)
    judged = board.judged.get(branch.id)
    dates = dates_in_words(detail.dates, board.plan.ends, detail.clauses, branch.dues)
    title = detail.title or branch.title
    return Entry(
        code=branch.code,
        title=title,
        words=_words(tree, branch, detail, title, judged),
        due=". ".join(dates),
        who=", ".join(detail.owners),
        chip=chip_of(judged.trust.verdict) if judged else None,
        key=branch.key,
    )


def _words(tree, branch, detail, title, judged):
    """The plan's own sentence; of a risk how likely and how bad, and what is done about it."""
    told = [branch.words] if branch.words and branch.words != title else []
    if detail.likelihood:
        told.append(f"Likelihood {detail.likelihood} of 5")
    if detail.impact:
        told.append(f"impact {detail.impact} of 5" if told else f"Impact {detail.impact} of 5")
    words = ", ".join(told)
    against = [
        tree.details.of(child.id).title or child.title
        for child in tree.children.get(branch.id, ())
        if child.role == NodeRole.MITIGATION
    ]
    parts = [words.rstrip(".")] if words else []
    if against:
        parts.append(f"Against it: {'; '.join(against)}".rstrip("."))
    if judged is not None:
        parts.append(judged.trust.verdict.sentence.rstrip("."))
    return f"{'. '.join(parts)}." if parts else ""
