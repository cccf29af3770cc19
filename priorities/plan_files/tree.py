"""The tree of a plan: what a file wants it to be, what the database holds, the change.

Knows nothing of figures: a role that another app gives columns of its own,
such as the KPI, comes in as a model in ``models``.
"""

from django.utils import timezone

from schools.models import Period

from ..models import (
    PARENTS,
    Combine,
    FrameworkItem,
    FrameworkLink,
    Milestone,
    Node,
    NodeCost,
    NodeLink,
    NodeOwner,
    NodePhase,
    NodeRole,
    Outcome,
    PlanPhase,
    Priority,
    Risk,
)
from .columns import state_of, typed, written
from .words import FLAG, NUMBER, WHOLE, Word, columns_of, said_of

# The lists of a plan file, in the order in which they are written: an entry
# stands under one of a list above its own, or of its own.
LISTS = {
    "principles": NodeRole.PRINCIPLE,
    "themes": NodeRole.THEME,
    "priorities": NodeRole.PRIORITY,
    "strands": NodeRole.STRAND,
    "outcomes": NodeRole.OUTCOME,
    "measure_groups": NodeRole.GROUP,
    "kpis": NodeRole.KPI,
    "milestones": NodeRole.MILESTONE,
    "actions": NodeRole.ACTION,
    "risks": NodeRole.RISK,
    "mitigations": NodeRole.MITIGATION,
}
MODELS = {
    NodeRole.PRIORITY: Priority,
    NodeRole.OUTCOME: Outcome,
    NodeRole.MILESTONE: Milestone,
    NodeRole.RISK: Risk,
}

PLAN = [Word(name) for name in ("title", "printed_period", "starts", "ends", "vision", "note")]
LABEL = [Word("singular"), Word("plural")]
NODE = [
    Word("parent__key", "under"),
    *(Word(name) for name in ("code", "title", "label", "words", "note")),
    Word("source_line", "line", WHOLE),
    Word("combine", default=Combine.ALL.value),
]
# Columns that only entries of one role have.
OWN = {
    NodeRole.PRIORITY: [Word("statement")],
    NodeRole.MILESTONE: [Word("only_a_note", form=FLAG, default="no")],
    NodeRole.RISK: [Word("likelihood"), Word("impact")],
}
COST = [Word("words"), Word("amount", form=NUMBER), Word("certainty")]
IN_PHASE = [Word("certain", form=FLAG, default="yes")]

DEEPEST = 12  # levels of entries; the deepest plan known has 4

# What hangs on an entry and goes with it.
HANGING = ["owner", "serves", "link", "cost", "in phase"]
# Everything that this module writes, in the order of who refers to whom.
KINDS = ["plan", "label", "phase", "node", *HANGING]


def entries(data):
    """Every entry of the tree: its path in the file, its role, what the file says."""
    for name, role in LISTS.items():
        for number, entry in enumerate(data.get(name, [])):
            yield (name, number), role, entry


def faults(data, items):
    """What is wrong with the tree: (path, what, what is allowed).

    ``items`` are the keys of all items of frameworks.
    """
    plan = data["plan"]
    if plan["starts"] >= plan["ends"]:
        yield ("plan", "ends"), "a plan must end after it starts", f"a day after {plan['starts']}"
    yield from _twice("labels", data.get("labels", []), "role", "has a label already")
    yield from _twice("phases", data.get("phases", []), "key", "is taken by another phase")
    roles = {}
    for path, role, entry in entries(data):
        if entry["key"] in roles:
            yield (*path, "key"), f"the key {entry['key']} is taken by another entry", ""
        roles.setdefault(entry["key"], role)
    phases = [phase["key"] for phase in data.get("phases", [])]
    for path, role, entry in entries(data):
        yield from _place(path, role, entry, roles)
        yield from _hanging(path, entry, roles, phases, items)
    yield from _depths(data)


def _twice(name, said, word, says):
    seen = set()
    for number, one in enumerate(said):
        if one[word] in seen:
            yield (name, number), f"{one[word]} {says}", ""
        seen.add(one[word])


def _place(path, role, entry, roles):
    under = entry.get("under")
    if under is None and None not in PARENTS[role]:
        yield path, "under is missing", ""
    elif under is not None and roles.get(under) not in PARENTS[role] - {None}:
        allowed = sorted(key for key, above in roles.items() if above in PARENTS[role])
        says = f"{under} is not an entry that this can stand under"
        yield (*path, "under"), says, _some(allowed)


def _hanging(path, entry, roles, phases, items):
    for number, link in enumerate(entry.get("links", [])):
        at = (*path, "links", number, "to")
        if link["to"] not in roles:
            yield at, f"no entry has the key {link['to']}", _some(_alike(link["to"], roles))
        elif link["to"] == entry["key"]:
            yield at, "an entry is linked to another one, not to itself", ""
        elif link in entry["links"][:number]:
            yield at, f"{link['to']} is linked so already", ""
    for number, item in enumerate(entry.get("serves", [])):
        if item not in items:
            yield (*path, "serves", number), f"no framework has the item {item}", _some(items)
    seen = set()
    for number, one in enumerate(entry.get("phases", [])):
        at = (*path, "phases", number)
        if one["phase"] not in phases:
            yield (*at, "phase"), f"no phase {one['phase']}", _some(phases)
        if (one["phase"], one["year"]) in seen:
            yield at, f"{one['phase']} in {one['year']} stands here twice", ""
        seen.add((one["phase"], one["year"]))


def _depths(data):
    """Entries that stand under themselves, or further down than any page could show."""
    above = {entry["key"]: entry.get("under") for _, _, entry in entries(data)}
    for path, _, entry in entries(data):
        key, depth = above[entry["key"]], 0
        while key in above and key != entry["key"] and depth < DEEPEST:
            key, depth = above[key], depth + 1
        if key == entry["key"]:
            yield (*path, "under"), f"{key} stands under itself", ""
        elif depth == DEEPEST and key is not None:
            yield (*path, "under"), f"more than {DEEPEST} entries stand above this one", ""


def _alike(key, keys):
    """The keys that begin like one, all if there is none."""
    return sorted(one for one in keys if one[:2] == key[:2]) or sorted(keys)


def _some(keys):
    keys = sorted(keys)
    return ", ".join(keys[:12]) + (" …" if len(keys) > 12 else "")


def wanted(data):
    """The state of the tree that a plan file asks for."""
    state = {("plan",): columns_of(PLAN, data["plan"])}
    for label in data.get("labels", []):
        state["label", label["role"]] = columns_of(LABEL, label)
    for order, phase in enumerate(data.get("phases", []), start=1):
        state["phase", phase["key"]] = {"order": str(order), "name": phase["name"]}
    for order, (_, role, entry) in enumerate(entries(data), start=1):
        key, words = entry["key"], NODE + OWN.get(role, [])
        state["node", key] = {"role": role.value, "order": str(order), **columns_of(words, entry)}
        for number, owner in enumerate(entry.get("owners", []), start=1):
            state["owner", key, owner] = {"order": str(number)}
        for item in entry.get("serves", []):
            state["serves", key, item] = {}
        for link in entry.get("links", []):
            state["link", key, link["kind"], link["to"]] = {}
        for number, cost in enumerate(entry.get("costs", []), start=1):
            state["cost", key, str(number)] = columns_of(COST, cost)
        for one in entry.get("phases", []):
            state["in phase", key, one["phase"], one["year"]] = columns_of(IN_PHASE, one)
    return state


def said(state):
    """What a plan file says for the state of a tree: ``wanted`` backwards.

    Answers the plan, without its key, and its lists, as a plan file has them;
    what has no order of its own is sorted.
    """
    phases = {path[1]: columns for path, columns in state.items() if path[0] == "phase"}
    in_order = sorted(phases, key=lambda key: int(phases[key]["order"]))
    data = {
        "plan": said_of(PLAN, state["plan",]),
        "labels": [
            {"role": role.value, **said_of(LABEL, state["label", role.value])}
            for role in NodeRole
            if ("label", role.value) in state
        ],
        "phases": [{"key": key, "name": phases[key]["name"]} for key in in_order],
        **{name: [] for name in LISTS},
    }
    found = {}
    nodes = [(path[1], columns) for path, columns in state.items() if path[0] == "node"]
    for key, columns in sorted(nodes, key=lambda node: int(node[1]["order"])):
        role = NodeRole(columns["role"])
        found[key] = {"key": key, **said_of(NODE + OWN.get(role, []), columns)}
        name = next(name for name, its in LISTS.items() if its == role)
        data[name].append(found[key])
    for _, path, columns in sorted(_in_order(state, in_order), key=lambda one: one[:2]):
        _hang(found[path[1]], path, columns)
    return data


def _in_order(state, phases):
    """What hangs on entries, each with what it is sorted by."""
    for path, columns in state.items():
        match path:
            case ("owner", _, _):
                yield (int(columns["order"]),), path, columns
            case ("cost", _, number):
                yield (int(number),), path, columns
            case ("in phase", _, phase, year):
                yield (int(year[:4]), phases.index(phase)), path, columns
            case ("link", _, kind, _):
                yield (NodeLink.Kind.values.index(kind),), path, columns
            case ("serves", *_):
                yield (0,), path, columns


def _hang(entry, path, columns):
    match path:
        case ("owner", _, owner):
            entry.setdefault("owners", []).append(owner)
        case ("cost", *_):
            entry.setdefault("costs", []).append(said_of(COST, columns))
        case ("in phase", _, phase, year):
            one = {"phase": phase, "year": year, **said_of(IN_PHASE, columns)}
            entry.setdefault("phases", []).append(one)
        case ("link", _, kind, to):
            entry.setdefault("links", []).append({"to": to, "kind": kind})
        case ("serves", _, item):
            entry.setdefault("serves", []).append(item)


def held(plan):
    """The state of the tree as the database holds it, without what is archived."""
    state = {("plan",): state_of(plan, names(PLAN))}
    for label in plan.labels.all():
        state["label", label.role] = state_of(label, names(LABEL))
    for phase in plan.phases.all():
        state["phase", phase.key] = state_of(phase, ["order", "name"])
    own = {
        node.key: state_of(node, names(words))
        for role, words in OWN.items()
        for node in MODELS[role].objects.filter(plan=plan)
    }
    columns = ["role", "order", *names(NODE)]
    for node in plan.nodes.live().select_related("parent"):
        state["node", node.key] = state_of(node, columns) | own.get(node.key, {})
    state.update(_held_on_entries({"node__plan": plan, "node__archived_at": None}))
    return state


def names(words):
    """The columns of some words."""
    return [word.column for word in words]


def _held_on_entries(live):
    for one in NodeOwner.objects.filter(**live).select_related("node"):
        yield ("owner", one.node.key, one.role), state_of(one, ["order"])
    for one in FrameworkLink.objects.filter(**live).select_related("node", "item"):
        yield ("serves", one.node.key, one.item.key), {}
    links = NodeLink.objects.filter(**live, to__archived_at=None)
    for one in links.select_related("node", "to"):
        yield ("link", one.node.key, one.kind, one.to.key), {}
    for one in NodeCost.objects.filter(**live).select_related("node"):
        yield ("cost", one.node.key, written(one.order)), state_of(one, names(COST))
    phases = NodePhase.objects.filter(**live)
    for one in phases.select_related("node", "phase", "year__year"):
        path = ("in phase", one.node.key, one.phase.key, str(one.year.year))
        yield path, state_of(one, names(IN_PHASE))


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
            case ("phase", key):
                self.plan.phases.update_or_create(key=key, defaults=typed(PlanPhase, columns))
            case ("node", key):
                self._write_node(key, columns)
            case (_, key, *_):
                model, named = self._hanging(path)
                model.objects.update_or_create(
                    node=self.nodes[key], **named, defaults=typed(model, columns)
                )

    def _hanging(self, path):
        """The table of what hangs on an entry, and by what columns it is named there."""
        match path:
            case ("owner", _, role):
                return NodeOwner, {"role": role}
            case ("serves", _, item):
                return FrameworkLink, {"item": FrameworkItem.objects.get(key=item)}
            case ("link", _, kind, to):
                return NodeLink, {"kind": kind, "to": self.nodes[to]}
            case ("cost", _, number):
                return NodeCost, {"order": int(number)}
            case ("in phase", _, phase, year):
                return NodePhase, {
                    "phase": self.plan.phases.get(key=phase),
                    "year": Period.objects.whole_year(int(year[:4])),
                }

    def _write_node(self, key, columns):
        node = self.nodes.get(key)
        if node is None:
            model = self.models.get(NodeRole(columns["role"]), Node)
            node = model(plan=self.plan, key=key)
        elif set(columns) & set(names(OWN.get(node.role, []))):
            node = MODELS[node.role].objects.get(pk=node.pk)
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
            case ("phase", key):
                self.plan.phases.filter(key=key).delete()
            case ("node", key):
                self.nodes.pop(key).delete()
            case (_, key, *_):
                model, named = self._hanging(path)
                model.objects.filter(node=self.nodes[key], **named).delete()

    def archive(self, key):
        """Keep an entry, with all that hangs on it, out of the plan from now on."""
        Node.objects.filter(pk=self.nodes[key].pk).update(archived_at=timezone.now())

    def depth(self, key):
        """How many entries stand above one."""
        depth, node = 0, self.nodes[key]
        while node.parent_id is not None:
            depth, node = depth + 1, node.parent
        return depth


def parents_first(changes, state):
    """Changes of nodes in an order in which each can name the one that it stands under.

    ``state`` is the one that the file asks for.
    """

    def depth(change):
        depth, key = 0, change.path[1]
        while key := state["node", key]["parent__key"]:
            depth += 1
        return depth

    return sorted(changes, key=depth)
