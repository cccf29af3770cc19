"""The tree of a plan: what a file wants it to be, what the database holds, the change.

Knows nothing of figures: a role that another app gives columns of its own,
such as the KPI, comes in as a model in ``models``.
"""

from django.utils import timezone

from ..models import PARENTS, Combine, Milestone, Node, NodeOwner, NodeRole, Outcome, Priority
from .columns import state_of, typed

PLAN = ["title", "printed_period", "starts", "ends", "vision", "note"]
LABEL = ["singular", "plural"]
NODE = ["role", "parent__key", "label", "code", "order", "title", "words", "combine", "note"]
NODE += ["source_line"]

# The lists of a plan file, in the order in which they are written.
LISTS = {
    "principles": NodeRole.PRINCIPLE,
    "priorities": NodeRole.PRIORITY,
    "strands": NodeRole.STRAND,
    "outcomes": NodeRole.OUTCOME,
    "kpis": NodeRole.KPI,
}
MODELS = {
    NodeRole.PRIORITY: Priority,
    NodeRole.OUTCOME: Outcome,
    NodeRole.MILESTONE: Milestone,
}


def entries(data):
    """Every entry of the tree: its path in the file, its role, what the file says."""
    for name, role in LISTS.items():
        for number, entry in enumerate(data.get(name, [])):
            yield (name, number), role, entry


def faults(data):
    """What is wrong with the tree: (path, what, what is allowed)."""
    plan = data["plan"]
    if plan["starts"] >= plan["ends"]:
        yield ("plan", "ends"), "a plan must end after it starts", f"a day after {plan['starts']}"
    roles = {}
    for path, role, entry in entries(data):
        if entry["key"] in roles:
            yield (*path, "key"), f"the key {entry['key']} is taken by another entry", ""
        roles.setdefault(entry["key"], role)
    for path, role, entry in entries(data):
        under = entry.get("under")
        if under is not None and roles.get(under) not in PARENTS[role] - {None}:
            allowed = sorted(key for key, above in roles.items() if above in PARENTS[role])
            yield (
                (*path, "under"),
                f"{under} is not an entry that this can stand under",
                _some(allowed),
            )
    seen = set()
    for number, label in enumerate(data.get("labels", [])):
        if label["role"] in seen:
            yield ("labels", number), f"{label['role']} has a label already", ""
        seen.add(label["role"])


def _some(keys):
    return ", ".join(keys[:12]) + (" …" if len(keys) > 12 else "")


def wanted(data):
    """The state of the tree that a plan file asks for."""
    plan = data["plan"]
    state = {("plan",): {name: plan.get(name, "") for name in PLAN}}
    for label in data.get("labels", []):
        state["label", label["role"]] = {name: label[name] for name in LABEL}
    for order, (_, role, entry) in enumerate(entries(data), start=1):
        state["node", entry["key"]] = {
            "role": role.value,
            "parent__key": entry.get("under", ""),
            "order": str(order),
            "source_line": entry.get("line", ""),
            "combine": entry.get("combine", Combine.ALL.value),
            **{name: entry.get(name, "") for name in ("label", "code", "title", "words", "note")},
        }
        if role is NodeRole.PRIORITY:
            state["node", entry["key"]]["statement"] = entry.get("statement", "")
        for number, owner in enumerate(entry.get("owners", []), start=1):
            state["owner", entry["key"], owner] = {"order": str(number)}
    return state


def held(plan):
    """The state of the tree as the database holds it, without what is archived."""
    state = {("plan",): state_of(plan, PLAN)}
    for label in plan.labels.all():
        state["label", label.role] = state_of(label, LABEL)
    statements = dict(Priority.objects.filter(plan=plan).values_list("key", "statement"))
    for node in plan.nodes.live().select_related("parent"):
        state["node", node.key] = state_of(node, NODE)
        if node.role == NodeRole.PRIORITY:
            state["node", node.key]["statement"] = statements[node.key]
    for owner in NodeOwner.objects.filter(node__plan=plan, node__archived_at=None):
        state["owner", owner.node.key, owner.role] = state_of(owner, ["order"])
    return state


class Tree:
    """Writes changes into the tree of one plan."""

    def __init__(self, plan, models):
        self.plan = plan
        self.models = MODELS | models
        self.nodes = {node.key: node for node in Node.objects.filter(plan=plan)}

    def write(self, path, columns):
        """Make or change one thing; ``columns`` are those that change."""
        match path:
            case ("plan",):
                self._change(self.plan, columns)
            case ("label", role):
                self.plan.labels.update_or_create(role=role, defaults=columns)
            case ("node", key):
                self._write_node(key, columns)
            case ("owner", key, role):
                self.nodes[key].owners.update_or_create(
                    role=role, defaults=typed(NodeOwner, columns)
                )

    def _write_node(self, key, columns):
        node = self.nodes.get(key)
        if node is None:
            model = self.models.get(NodeRole(columns["role"]), Node)
            node = model(plan=self.plan, key=key)
        elif "statement" in columns:
            node = Priority.objects.get(pk=node.pk)
        if "parent__key" in columns:
            node.parent = self.nodes.get(columns["parent__key"])
        self.nodes[key] = self._change(node, columns)

    def _change(self, row, columns):
        for name, value in typed(type(row), columns).items():
            setattr(row, name, value)
        row.save()
        return row

    def remove(self, path):
        """Take away one thing; a node goes last, when nothing hangs on it."""
        match path:
            case ("label", role):
                self.plan.labels.filter(role=role).delete()
            case ("node", key):
                self.nodes.pop(key).delete()
            case ("owner", key, role):
                self.nodes[key].owners.filter(role=role).delete()

    def archive(self, key):
        Node.objects.filter(pk=self.nodes[key].pk).update(archived_at=timezone.now())
