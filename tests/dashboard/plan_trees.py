"""Entries of a plan's tree for tests: plain functions, like the factories."""

from itertools import count

from django.urls import reverse

from kpis.models import Due
from priorities.models import (
    FrameworkItem,
    FrameworkLink,
    Milestone,
    Node,
    NodeLink,
    NodeRole,
    Outcome,
    PlanLabel,
    Priority,
    Risk,
)

MODELS = {
    NodeRole.PRIORITY: Priority,
    NodeRole.OUTCOME: Outcome,
    NodeRole.MILESTONE: Milestone,
    NodeRole.RISK: Risk,
}
_number = count(1)


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


def the_priority(plan):
    return Node.everywhere.get(plan=plan, role=NodeRole.PRIORITY)


def make_node(plan, role, title, parent=None, **columns):
    """An entry of the plan; on the plan itself if no parent is told."""
    number = next(_number)
    model = MODELS.get(NodeRole(role), Node)
    # After what the other factories have made in the longest run.
    columns = {"key": f"n{number}", "order": 20_000 + number, **columns}
    return model.everywhere.create(plan=plan, parent=parent, role=role, title=title, **columns)


def make_outcome(plan, title, *kpis, **columns):
    """An outcome of the plan's priority, served by these KPIs."""
    outcome = make_node(plan, "outcome", title, the_priority(plan), **columns)
    for kpi in kpis:
        kpi.outcomes.add(outcome)
    return outcome


def make_label(plan, role, singular, plural):
    return PlanLabel.everywhere.create(plan=plan, role=role, singular=singular, plural=plural)


def make_due(node, label="", day=None, precision="day", **columns):
    return Due.everywhere.create(
        node=node, label=label, resolved=day, precision=precision, **columns
    )


def link(node, to, kind):
    return NodeLink.everywhere.create(node=node, to=to, kind=kind)


def serve(node, item):
    """Say that an entry serves the item of a framework with this key."""
    item = FrameworkItem.objects.get(key=item)
    return FrameworkLink.everywhere.create(node=node, item=item)


def address(page, trust, term=None, **choices):
    query = {"term": term.slug, **choices} if term else choices
    return reverse(f"dashboard:{page}", args=[trust], query=query)


def entries_of(page):
    """Every entry that the full tree shows in its own place, by its title."""
    found = {}

    def gather(groups):
        for group in groups:
            for entry in group.entries:
                if entry.key:
                    found[entry.title] = entry
                gather(entry.groups)

    for section in page.sections:
        for part in section.parts:
            if part.about:
                found[part.about.title] = part.about
            gather(part.groups)
    return found


def said_of(entry):
    """What is said of an entry, {term: answers}."""
    return {one.term: [piece.text for piece in one.pieces] for one in entry.about}
