"""What hangs on a KPI in the plan: who answers for it, what is being done, what it goes with."""

from dataclasses import dataclass, field

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from kpis.models import Clause
from kpis.rag.dates import written
from priorities.models import Node, NodeLink, NodeRole

ORDER = (NodeRole.ACTION, NodeRole.MILESTONE, NodeRole.RISK, NodeRole.MITIGATION, NodeRole.KPI)


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """One entry of the plan beside this one: ``when`` is its date and how it stands by it."""

    what: str
    title: str
    url: str
    owners: str
    when: str
    how: str = ""


@dataclass(slots=True)
class _Found:
    tested: bool
    kinds: set = field(default_factory=set)
    owners: dict = field(default_factory=dict)


def read_related(pk):
    """The KPI's own owners, and {number: what was found} of what is linked with it. One query."""
    rows = (
        Node.objects.live()
        .alias(
            to_it=FilteredRelation("links", condition=Q(links__to=pk)),
            from_it=FilteredRelation("linked_from", condition=Q(linked_from__node=pk)),
        )
        .filter(Q(pk=pk) | Q(to_it__isnull=False) | Q(from_it__isnull=False))
        .annotate(tested=Exists(Clause.objects.filter(node=OuterRef("pk"), archived_at=None)))
        .values_list(
            "pk", "tested", "to_it__kind", "from_it__kind", "owners__order", "owners__role"
        )
    )
    found = {}
    for node, tested, to_it, from_it, order, role in rows:
        one = found.setdefault(node, _Found(tested))
        one.kinds |= {to_it, from_it} - {None}
        if role is not None:
            one.owners[order, role] = role
    own = found.pop(pk, None)
    return (_names(own) if own else ""), found


def _names(one):
    return ", ".join(role for _, role in sorted(one.owners.items()))


def related_rows(facts, found, addresses):
    """Actions and milestones first, in the order of the plan."""
    rows = []
    for branch in facts.tree:
        if branch.id in found and branch.role in ORDER:
            one = found[branch.id]
            address = addresses.kpi(branch.id) if branch.role == NodeRole.KPI else None
            row = RelatedRow(
                what=branch.label or NodeRole(branch.role).label,
                title=branch.title,
                url=address or addresses.entry(branch.key),
                owners=_names(one),
                when=_when(facts.given.term.as_at, branch, one.tested),
                how=", ".join(sorted(_HOW[kind] for kind in one.kinds if kind in _HOW)),
            )
            rows.append((ORDER.index(branch.role), row))
    rows.sort(key=lambda pair: pair[0])
    return tuple(row for _, row in rows)


_HOW = {
    NodeLink.Kind.RESTATES: "says the same",
    NodeLink.Kind.NEXT_BAR: "the next bar",
    NodeLink.Kind.PAIRS: "goes with it",
    NodeLink.Kind.SAME_AS: "the same",
}


def _when(as_at, branch, tested):
    """By when; late only where nothing but the date decides, and not the clauses of a milestone."""
    if branch.role in (NodeRole.KPI, NodeRole.RISK) or branch.is_note:
        return ""
    dues = [due for due in branch.dues if due.clause is None] or branch.dues
    if not dues:
        return "No date set"
    open_ = [due for due in dues if due.done_on is None]
    due = open_[0] if open_ and not tested else dues[-1]
    if due.done_on is not None:
        return f"Done on {written(due.done_on)}"
    if due.day is None:
        return f"{due.label}, no date set" if due.label else "No date set"
    words = f"Due {written(due.day)}"
    if due.moved:
        words += f", moved {'once' if due.moved == 1 else f'{due.moved} times'}"
    if tested:
        return words
    if due.day < as_at:
        return f"Late, was due {written(due.day)}"
    return f"At risk. {words}" if due.at_risk else words
