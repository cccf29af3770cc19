"""Which entries of a plan serve which item of an outside framework, and which no KPI serves.

A KPI serves what it names itself, what an entry above it names, and what an
outcome that it is linked to names. What serves a strand serves its pillar.
"""

from dataclasses import dataclass

from priorities.models import FrameworkItem, FrameworkLink, NodeRole


@dataclass(frozen=True, slots=True)
class Naming:
    """An entry of the plan that names an item, and how many KPIs serve the item through it."""

    node: int
    kpis: int


@dataclass(frozen=True, slots=True)
class Covered:
    """One item of a framework. ``kpis`` are the numbers of those that serve it.

    A pillar holds its ``strands`` and, in ``kpis``, theirs too.
    """

    key: str
    name: str
    namings: tuple[Naming, ...]
    kpis: frozenset[int]
    strands: tuple["Covered", ...] = ()

    @property
    def is_served(self):
        """Whether a KPI serves it."""
        return bool(self.kpis)


@dataclass(frozen=True, slots=True)
class CoveredFramework:
    """One framework with its items in their order, strands inside their pillar."""

    key: str
    name: str
    version: str
    source: str
    items: tuple[Covered, ...]

    @property
    def unserved(self):
        """The items that no KPI serves."""
        return tuple(item for item in self.items if not item.is_served)


def read_coverage(plan, tree):
    """Each framework held against a plan. Two queries.

    ``tree`` holds the live entries of the plan, as ``kpis.facts.read_tree`` gives them.
    """
    items = FrameworkItem.objects.select_related("framework")
    items = items.order_by("framework_id", "order", "key")
    links = FrameworkLink.objects.filter(node__plan=plan, node__archived_at=None)
    named = {}
    for item, node in links.values_list("item_id", "node_id"):
        named.setdefault(item, set()).add(node)
    return covered(list(items), named, tree)


def covered(items, named, tree):
    """The same from what was read: ``named`` holds the entries that name each item."""
    reach = _reach(tree)
    parents = {item.key for item in items}
    strands, frameworks = {}, {}
    for item in items:
        above = item.key.rpartition(".")[0]
        if above in parents:
            strands.setdefault(above, []).append(_covered(item, named, tree, reach))
        else:
            frameworks.setdefault(item.framework, []).append(item)
    return tuple(
        CoveredFramework(
            key=framework.key,
            name=framework.name,
            version=framework.version,
            source=framework.source,
            items=tuple(
                _covered(item, named, tree, reach, tuple(strands.get(item.key, ()))) for item in own
            ),
        )
        for framework, own in frameworks.items()
    )


def _covered(item, named, tree, reach, strands=()):
    nodes = named.get(item.pk, ())
    own = [branch for branch in tree if branch.id in nodes]
    kpis = frozenset().union(*(reach[branch.id] for branch in own))
    return Covered(
        key=item.key,
        name=item.name,
        namings=tuple(Naming(branch.id, len(reach[branch.id])) for branch in own),
        kpis=kpis.union(*(strand.kpis for strand in strands)),
        strands=strands,
    )


def _reach(tree):
    """The KPIs that serve what each entry names, by the entry's number."""
    parents = {branch.id: branch.parent for branch in tree}
    reach = {branch.id: set() for branch in tree}
    for branch in tree:
        if branch.role != NodeRole.KPI:
            continue
        above = branch.id
        while above is not None:
            reach[above].add(branch.id)
            above = parents.get(above)
        for outcome in branch.serves:
            if outcome in reach:
                reach[outcome].add(branch.id)
    return reach
