"""What stands beside the entries of a plan: dates, jobs, costs, phases, links, frameworks.

Nothing here decides a colour. All of it comes in one query, so that the full
tree costs as much as any page, whatever a plan holds.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import DateField, DecimalField, IntegerField, TextField, Value
from django.db.models.functions import Cast, Coalesce

from kpis.models import Clause, Due
from priorities.models import (
    FrameworkLink,
    Node,
    NodeCost,
    NodeLink,
    NodeOwner,
    NodePhase,
    NodeRole,
    PlanLabel,
    PlanPhase,
)

NO_NUMBER, NO_WORDS = Value(0), Value("", TextField())
NO_AMOUNT = Cast(Value(None), DecimalField(max_digits=12, decimal_places=2))
NO_DAY = Cast(Value(None), DateField())
# What several entries are called where the plan does not say.
OURS = {role: f"{role.label}s" for role in NodeRole} | {NodeRole.PRIORITY: "Priorities"}


@dataclass(frozen=True, slots=True)
class Cost:
    """What an entry costs; ``amount`` in pounds, None where the plan names none."""

    words: str
    amount: Decimal | None
    certainty: str


@dataclass(frozen=True, slots=True)
class DateSaid:
    """One version of one step of a due date, as the plan prints it and as it was read."""

    clause: int  # the number of the clause that is due then, 0 for the whole entry
    step: int
    version: int
    label: str
    precision: str
    day: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class InPhase:
    """That an entry is in a phase in an academic year, by the year in which that begins."""

    phase: int
    year: int
    certain: bool


@dataclass(slots=True)
class Detail:
    """All that is said of one entry beside its title.

    ``links`` and ``linked_from`` are (kind, the number of the other entry),
    ``clauses`` the titles of the clauses that test it by their numbers.
    """

    title: str = ""
    statement: str = ""
    note: str = ""
    line: int = 0
    likelihood: int = 0
    impact: int = 0
    owners: list[str] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    phases: list[InPhase] = field(default_factory=list)
    dates: list[DateSaid] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    linked_from: list[tuple[str, int]] = field(default_factory=list)
    serves: dict[str, list[str]] = field(default_factory=dict)
    clauses: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Details:
    """Of a whole plan: its entries by number, its names for the levels, its phases in order."""

    entries: dict[int, Detail]
    singular: dict[str, str]
    plural: dict[str, str]
    phases: dict[int, str]

    def of(self, pk):
        return self.entries.get(pk) or Detail()

    def label(self, role, own=""):
        """What one entry is called: by its own word, the plan's, or ours."""
        return own or self.singular.get(role) or NodeRole(role).label

    def plural_label(self, role, own=""):
        """What several are called; of an entry's own word nobody has told the plural."""
        return own or self.plural.get(role) or OURS[role]

    def own_word(self, branch):
        """An entry's word for itself, "" where it is no other than the plan's."""
        return "" if branch.label == self.singular.get(branch.role) else branch.label

    def level(self, number, role, own=""):
        """The heading over so many entries."""
        return self.label(role, own) if number == 1 else self.plural_label(role, own)


class _Row(NamedTuple):
    """One row of the one query; what its numbers and words are, its kind decides."""

    kind: str
    node: int
    numbers: tuple[int, int, int]
    words: tuple[str, str, str]
    amount: Decimal | None
    day: date | None


def read_details(plan):
    """The details of the live entries of a plan, and its names for the levels. One query."""
    first, *others = _queries(plan)
    found = [
        _Row(kind, node, tuple(rest[:3]), tuple(rest[3:6]), *rest[6:])
        for kind, node, *rest in first.union(*others, all=True)
    ]
    rows = {}
    for row in sorted(found, key=lambda row: (row.numbers, row.words)):
        rows.setdefault(row.kind, []).append(row)

    entries = {row.node: _entry(row) for row in rows.get("entry", ())}
    for row in rows.get("owner", ()):
        entries[row.node].owners.append(row.words[0])
    for row in rows.get("cost", ()):
        entries[row.node].costs.append(Cost(row.words[0], row.amount, row.words[1]))
    for row in rows.get("link", ()):
        kind, other = row.words[0], row.numbers[0]
        entries[row.node].links.append((kind, other))
        entries[other].linked_from.append((kind, row.node))
    for row in rows.get("in phase", ()):
        year, phase, certain = row.numbers
        entries[row.node].phases.append(InPhase(phase, year, bool(certain)))
    for row in rows.get("serves", ()):
        item, framework, _ = row.words
        entries[row.node].serves.setdefault(framework, []).append(item)
    for row in rows.get("clause", ()):
        entries[row.node].clauses[row.numbers[1]] = row.words[0]
    for row in rows.get("due", ()):
        entries[row.node].dates.append(_date(row))
    return Details(
        entries=entries,
        singular={row.words[0]: row.words[1] for row in rows.get("label", ())},
        plural={row.words[0]: row.words[2] for row in rows.get("label", ())},
        phases={row.node: row.words[0] for row in rows.get("phase", ())},
    )


def _queries(plan):
    """Each kind of row, all of one shape."""
    live = {"node__plan": plan, "node__archived_at": None}
    line, likelihood, impact = (
        Coalesce(name, NO_NUMBER) for name in ("source_line", "risk__likelihood", "risk__impact")
    )
    return [
        _rows(
            "entry",
            Node.objects.live().filter(plan=plan),
            "pk",
            numbers=[line, likelihood, impact],
            words=["title", Coalesce("priority__statement", NO_WORDS), "note"],
        ),
        _rows(
            "label",
            PlanLabel.objects.filter(plan=plan),
            "pk",
            words=["role", "singular", "plural"],
        ),
        _rows(
            "phase", PlanPhase.objects.filter(plan=plan), "pk", numbers=["order"], words=["name"]
        ),
        _rows("owner", NodeOwner.objects.filter(**live), numbers=["order"], words=["role"]),
        _rows(
            "cost",
            NodeCost.objects.filter(**live),
            numbers=["order"],
            words=["words", "certainty"],
            amount="amount",
        ),
        _rows(
            "link",
            NodeLink.objects.filter(**live, to__plan=plan, to__archived_at=None),
            numbers=["to_id"],
            words=["kind"],
        ),
        _rows(
            "in phase",
            NodePhase.objects.filter(**live),
            numbers=["year__year_id", "phase_id", Cast("certain", IntegerField())],
        ),
        _rows(
            "serves",
            FrameworkLink.objects.filter(**live),
            numbers=["item__framework_id", "item__order"],
            words=["item__name", "item__framework__name"],
        ),
        _rows(
            "clause",
            Clause.objects.filter(**live, archived_at=None),
            numbers=["order", "pk"],
            words=["title"],
        ),
        _rows(
            "due",
            Due.objects.filter(**live),
            numbers=[Coalesce("clause_id", NO_NUMBER), "step", "version"],
            words=["label", "precision", "reason"],
            day="resolved",
        ),
    ]


def _rows(kind, queryset, node="node_id", *, numbers=(), words=(), amount=NO_AMOUNT, day=NO_DAY):
    numbers = [*numbers, *[NO_NUMBER] * (3 - len(numbers))]
    words = [*words, *[NO_WORDS] * (3 - len(words))]
    return queryset.order_by().values_list(Value(kind), node, *numbers, *words, amount, day)


def _entry(row):
    line, likelihood, impact = row.numbers
    title, statement, note = row.words
    return Detail(title, statement, note, line, likelihood, impact)


def _date(row):
    clause, step, version = row.numbers
    label, precision, reason = row.words
    return DateSaid(clause, step, version, label, precision, row.day, reason)
