"""Where each measure stands in the plan: its priority, its order, and who reads it."""

from dataclasses import dataclass

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from priorities.models import Node, NodeRole, Plan

OTHER_FIGURES = "Other figures"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measure stands in the plan: the first KPI that reads it decides."""

    section: str = OTHER_FIGURES
    order: tuple = ((10_000, 0),)
    kpis: tuple[int, ...] = ()


def read_places(term):
    """Where each measure stands in the plan of a term: {measure: Place}. One query."""
    plans = Plan.objects.filter(archived_at=None)
    begun = plans.filter(starts__lte=term.ends).order_by("-starts", "-version")
    first = plans.order_by("starts", "version")
    in_force = Coalesce(Subquery(begun.values("pk")[:1]), Subquery(first.values("pk")[:1]))
    nodes, reads = {}, {}
    for pk, parent, role, title, order, measure in (
        Node.objects.live()
        .filter(plan=in_force)
        .order_by("order", "pk")
        .values_list("pk", "parent_id", "role", "title", "order", "clauses__readings__measure_id")
    ):
        nodes[pk] = (parent, role, title, order)
        if measure is not None:
            reads.setdefault(measure, {})[pk] = None
    return {measure: _place(list(readers), nodes) for measure, readers in reads.items()}


def _place(readers, nodes):
    """Of the first reader in the order of the plan, the priority above it."""
    paths = sorted(
        (_path(node, nodes) for node in readers),
        key=lambda path: [(nodes[pk][3], pk) for pk in path],
    )
    above = next((pk for pk in paths[0] if nodes[pk][1] == NodeRole.PRIORITY), paths[0][0])
    order = tuple((nodes[pk][3], pk) for pk in paths[0])
    kpis = tuple(path[-1] for path in paths if nodes[path[-1]][1] == NodeRole.KPI)
    return Place(nodes[above][2], order, kpis)


def _path(node, nodes):
    """From the top of the plan down to a node."""
    path = []
    while node in nodes:
        path.append(node)
        node = nodes[node][0]
    return path[::-1]
