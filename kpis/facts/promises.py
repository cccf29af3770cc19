"""What is promised: the plan's tree, and its clauses with all their versions."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import FilteredRelation, Q

from kpis.models import Clause
from kpis.rag import given
from priorities.models import Node

from .places import Applicabilities
from .prepared import Prepared
from .times import period_columns

NODE = [
    "pk",
    "parent_id",
    "role",
    "key",
    "label",
    "code",
    "title",
    "words",
    "combine",
    "kpi__short_name",
    "kpi__outcomes",
    "milestone__only_a_note",
]
DUE = ["pk", "clause_id", "step", "version", "label", "resolved", "at_risk", "done_on"]
SAID = ["unit_id", "by__name"]
MANUAL = [*SAID, "status", "reason"]

NO_TERM = 0

CLAUSE = ["pk", "node_id", "key", "title", "readings__pk", "readings__measure_id"]
TRAIL = ["from_period__year_id", "from_period__part", "reason", "by__name", "at"]
TERMS = [
    "pk",
    "rule",
    "operator",
    "when",
    "level",
    "group__code",
    "roll_up",
    "share",
    "months_allowed",
    "repeated",
    "at_period_end",
    "bad_side",
    "significant_step",
    "one_pupil",
    "carries_release",
    "expires_months",
    "against",
    "against_group__code",
    "symmetric",
    "provider",
    "comparator_group__code",
    "rated_by",
    "plan_counts",
    "note",
    "scale_targets__scale_version_id",
    "scale_targets__level_id",
]
READING_TERMS = ["pk", "margin", "tolerance", "step"]


@dataclass(frozen=True, slots=True)
class Comment:
    """Why a result is what it is, and what happens next; or what a school replies to it.

    ``node`` is the entry of the plan that it is about.
    """

    node: int
    unit: int
    who: str
    when: datetime
    why: str
    what_next: str
    is_reply: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One entry of the plan's tree, in the order of the tree.

    ``title`` is what tables call it, at most 32 characters for a KPI, ``words``
    the plan's own sentence where the trust has typed it. A KPI ``serves``
    the outcomes with these numbers.
    """

    id: int
    parent: int | None
    role: str
    key: str
    label: str
    code: str
    title: str
    words: str
    combine: str
    is_note: bool = False
    serves: tuple[int, ...] = ()
    dues: tuple[given.DueDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One version of what decides a colour: from when it holds, who wrote it and why.

    ``what`` is the version as the rules know it; ``words`` are the plan's own
    where it has any. ``unit`` is whose target or baseline it is.
    """

    clause: int
    what: object
    from_index: int
    reason: str
    who: str
    when: datetime
    reading: int | None = None
    unit: int | None = None
    words: str = ""


@dataclass
class _Found:
    """One row's columns, and what its other rows add."""

    row: tuple
    serves: dict = field(default_factory=dict)
    dues: dict = field(default_factory=dict)
    manual: dict = field(default_factory=dict)


def _nodes(plan, term):
    manual = FilteredRelation("overrides", condition=Q(overrides__term=term))
    columns = [*NODE, *(f"dues__{name}" for name in DUE), *(f"manual__{name}" for name in MANUAL)]
    nodes = Node.objects.live().filter(plan=plan).alias(manual=manual).order_by("order", "pk")
    return nodes.values_list(*columns)


NODES = Prepared(_nodes)


def read_tree(plan, term):
    """The live entries of a plan in the order of its tree, and what leaders set by hand.

    One query. The second answer is {(node, unit): Manual} for the term.
    """
    found = {}
    for row in NODES.rows(plan=plan.pk, term=term.pk if term else NO_TERM):
        node = found.setdefault(row.pk, _Found(row))
        if row.kpi__outcomes is not None:
            node.serves[row.kpi__outcomes] = True
        if row.dues__pk is not None:
            node.dues[row.dues__pk] = row
        if row.manual__unit_id is not None:
            node.manual[row.manual__unit_id] = given.Manual(
                row.manual__status, row.manual__reason, row.manual__by__name
            )
    overrides = {
        (pk, unit): manual for pk, node in found.items() for unit, manual in node.manual.items()
    }
    return tuple(_branch(node) for node in _in_order(found)), overrides


def _in_order(found):
    """Parents before their children, siblings as the plan orders them."""
    children = {}
    for node in found.values():
        children.setdefault(node.row.parent_id, []).append(node)

    def below(parent):
        for node in children.get(parent, ()):
            yield node
            yield from below(node.row.pk)

    return below(None)


def _branch(node):
    row = node.row
    return Branch(
        id=row.pk,
        parent=row.parent_id,
        role=row.role,
        key=row.key,
        label=row.label,
        code=row.code,
        title=row.kpi__short_name or row.title,
        words=row.words,
        combine=row.combine,
        is_note=bool(row.milestone__only_a_note),
        serves=tuple(node.serves),
        dues=_latest_dues(node.dues.values()),
    )


def _latest_dues(rows):
    """The version in force of each step, with how often it has moved."""
    versions = {}
    for row in sorted(rows, key=lambda row: row.dues__version):
        versions.setdefault((row.dues__clause_id, row.dues__step), []).append(row)
    return tuple(
        given.DueDay(
            step=step,
            label=rows[-1].dues__label,
            day=rows[-1].dues__resolved,
            moved=len(rows) - 1,
            at_risk=rows[-1].dues__at_risk,
            done_on=rows[-1].dues__done_on,
            clause=clause,
        )
        for (clause, step), rows in sorted(
            versions.items(), key=lambda item: (item[0][1], item[0][0] or 0)
        )
    )


def live(plan, node=None):
    """The clauses of a plan, or of one entry of it, that promise something."""
    clauses = Clause.objects.filter(
        node__plan=plan, node__archived_at=None, archived_at=None, versions__isnull=False
    )
    return clauses if node is None else clauses.filter(node=node)


def of_page(plan, node):
    """What a prepared question is about: a plan, or one entry of it."""
    return {"plan": plan.pk} if node is None else {"plan": plan.pk, "node": node}


def _clauses(plan, node=None):
    columns = [
        *CLAUSE,
        *(f"versions__{name}" for name in [*TERMS, *TRAIL]),
        *(f"versions__{name}" for name in period_columns("baseline_period")),
        *Applicabilities.columns("versions__applicability"),
        *(f"readings__versions__{name}" for name in [*READING_TERMS, *TRAIL]),
        *Applicabilities.columns("readings__versions__applicability"),
    ]
    rows = live(plan, node).order_by("order", "pk", "readings__order", "readings__pk")
    return rows.values_list(*columns)


CLAUSES = Prepared(_clauses)


class Clauses:
    """The clauses of a plan, or of one entry of it, with their readings and versions.

    One query: a clause with several readings, versions or scale targets comes
    in several rows. The numbers of the measures are known at once; what the
    promises are needs the measures' scales, and the targets and baselines.
    """

    def __init__(self, plan, calendar, node=None):
        self._calendar, self._applicabilities = calendar, Applicabilities()
        self._clauses, self._terms, self._targets = {}, {}, {}
        self._readings, self._reading_terms = {}, {}
        for row in CLAUSES.rows(**of_page(plan, node)):
            self._gather(row)

    def _gather(self, row):
        self._clauses.setdefault(row.pk, row)
        self._terms.setdefault(row.pk, {})[row.versions__pk] = row
        self._applicabilities.gather(row, "versions__applicability")
        if row.versions__scale_targets__level_id is not None:
            targets = self._targets.setdefault(row.versions__pk, {})
            version = row.versions__scale_targets__scale_version_id
            targets[version] = row.versions__scale_targets__level_id
        if row.readings__pk is None:
            return
        self._readings.setdefault(row.pk, {})[row.readings__pk] = row.readings__measure_id
        if row.readings__versions__pk is not None:
            versions = self._reading_terms.setdefault(row.readings__pk, {})
            versions[row.readings__versions__pk] = row
            self._applicabilities.gather(row, "readings__versions__applicability")

    @property
    def measures(self):
        """The numbers of the measures that are read."""
        return {measure for readings in self._readings.values() for measure in readings.values()}

    @property
    def readings(self):
        """The number of the clause of each reading."""
        return {
            reading: clause for clause, readings in self._readings.items() for reading in readings
        }

    def promises(self, tree, measures, aims, starts):
        """The entries of the tree that carry clauses, each with what was promised.

        ``measures`` are the Measures; ``aims`` and ``starts`` hold the targets
        and baselines of each reading by its number.
        """
        of_node = {}
        for pk, row in self._clauses.items():
            of_node.setdefault(row.node_id, []).append(pk)
        names = {pk: measure.name for pk, measure in measures.all().items()}
        return tuple(
            given.Promise(
                id=branch.id,
                role=branch.role,
                code=branch.code,
                title=branch.title,
                combine=branch.combine,
                clauses=tuple(
                    self._clause(pk, measures.places, names, aims, starts)
                    for pk in of_node[branch.id]
                ),
                dues=branch.dues,
            )
            for branch in tree
            if branch.id in of_node
        )

    def _clause(self, pk, places, names, aims, starts):
        row = self._clauses[pk]
        readings = self._readings.get(pk, {})
        own_name = next((names[measure] for measure in readings.values()), row.key)
        versions = (self._terms_of(version, places) for version in self._terms[pk].values())
        return given.Clause(
            id=pk,
            key=row.key,
            title=row.title or own_name,
            terms=tuple(sorted(versions, key=lambda terms: terms.from_index)),
            readings=tuple(
                given.Reading(
                    id=reading,
                    measure=measure,
                    terms=self._terms_of_reading(reading),
                    starts=tuple(starts.get(reading, ())),
                    aims=tuple(aims.get(reading, ())),
                )
                for reading, measure in readings.items()
            ),
        )

    def _terms_of(self, row, places):
        targets = self._targets.get(row.versions__pk, {})
        return given.Terms(
            from_index=from_index(row, "versions"),
            rule=row.versions__rule,
            level=row.versions__level,
            operator=row.versions__operator,
            by_a_date=row.versions__when == "by",
            group=row.versions__group__code,
            roll_up=row.versions__roll_up,
            share=row.versions__share,
            months_allowed=row.versions__months_allowed,
            repeated=row.versions__repeated,
            at_period_end=row.versions__at_period_end,
            bad_side=row.versions__bad_side,
            significant_step=row.versions__significant_step,
            one_pupil=row.versions__one_pupil,
            carries_release=row.versions__carries_release,
            expires_months=row.versions__expires_months,
            baseline=self._calendar.of(row, "versions__baseline_period"),
            against=row.versions__against,
            against_group=row.versions__against_group__code or "",
            symmetric=row.versions__symmetric,
            provider=row.versions__provider,
            comparator_group=row.versions__comparator_group__code or "",
            rated_by=row.versions__rated_by,
            plan_counts=row.versions__plan_counts,
            applicability=self._applicabilities.rule(row.versions__applicability__pk),
            scale_targets={
                version: places[level][1] for version, level in targets.items() if level in places
            },
        )

    def _terms_of_reading(self, reading):
        rows = self._reading_terms.get(reading, {}).values()
        versions = [self._version_of_reading(row) for row in rows]
        return tuple(sorted(versions, key=lambda terms: terms.from_index))

    def _version_of_reading(self, row):
        rule = row.readings__versions__applicability__pk
        return given.ReadingTerms(
            from_index=from_index(row, "readings__versions"),
            margin=row.readings__versions__margin,
            tolerance=row.readings__versions__tolerance,
            step=row.readings__versions__step,
            applicability=self._applicabilities.rule(rule),
        )

    def changes(self, measures):
        """Every version of a clause and of a reading, with its trail."""
        for clause, versions in self._terms.items():
            for row in versions.values():
                terms = self._terms_of(row, measures.places)
                yield _change(row, "versions", clause, terms, words=row.versions__note)
        clause_of = self.readings
        for reading, versions in self._reading_terms.items():
            for row in versions.values():
                terms = self._version_of_reading(row)
                prefix = "readings__versions"
                yield _change(row, prefix, clause_of[reading], terms, reading=reading)


def from_index(row, name):
    """The index of the term from which a row of named columns is in force."""
    year = getattr(row, f"{name}__from_period__year_id")
    return year * 3 + getattr(row, f"{name}__from_period__part") - 1


def _change(row, name, clause, what, *, reading=None, words=""):
    return Change(
        clause=clause,
        what=what,
        from_index=from_index(row, name),
        reason=getattr(row, f"{name}__reason"),
        who=getattr(row, f"{name}__by__name") or "",
        when=getattr(row, f"{name}__at"),
        reading=reading,
        words=words,
    )
