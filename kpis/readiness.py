"""What a plan lacks before it can be judged: owners, baselines, targets, dates, sources.

Nothing is judged here. A lack is what the newest version of the plan does not
say; a figure that a school has not sent yet is none. Source of what each rule
needs: docs/rag.md.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from kpis.rag.dates import written
from priorities.models import NodeOwner, NodeRole, PlanLabel
from schools.models import Trust

from .coverage import read_coverage
from .facts.measures import Measures
from .facts.numbers import read_numbers
from .facts.promises import Clauses, read_tree
from .facts.times import Calendar
from .models import Comparator

TESTED = (NodeRole.KPI, NodeRole.OUTCOME, NodeRole.MILESTONE)
# A code is printed once among these; elsewhere (a, b, c) it begins anew under each entry.
NUMBERED = (NodeRole.PRIORITY, *TESTED)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of lack: its name, the things that are lacking, what follows, where it is mended."""

    key: str
    name: str
    things: str
    means: str
    mended: str


KINDS = (
    Kind(
        "owner",
        "No owner",
        "owners",
        "No job is named that answers for it.",
        "Mended in the plan file: owners of the entry.",
    ),
    Kind(
        "test",
        "No test",
        "tests",
        "Nothing says how anybody will know that it is reached.",
        "Mended in the plan file: clauses of the entry, or a KPI that names the outcome.",
    ),
    Kind(
        "baseline",
        "No baseline",
        "baselines",
        "Without a start there is no better or worse, and no line to the target.",
        "Mended on the KPI's page, where a first figure is accepted as the baseline, or in the "
        "plan file: baseline or baseline_period of the clause.",
    ),
    Kind(
        "baseline_date",
        "Baseline without a date",
        "dates of baselines",
        "A start without a date is used as it is; how far the plan should be by now is not judged.",
        "Mended in the plan file: dated, beside the baseline of the clause.",
    ),
    Kind(
        "target",
        "No target",
        "targets",
        "Without a number, a level or a group to compare with there is no status.",
        "Mended in the plan file: target of the clause; a level of a new version of a scale on "
        "the KPI's page.",
    ),
    Kind(
        "comparator",
        "No comparator",
        "comparators",
        "Judged against an outside figure that nobody has entered.",
        "Mended in the plan file: series of the measure; its figures come in with "
        "manage.py load_comparators.",
    ),
    Kind(
        "due",
        "No due date",
        "due dates",
        "A milestone without a date is never late; any other promise is due when the plan ends.",
        "Mended in the plan file: due of the entry.",
    ),
    Kind(
        "source",
        "No source of the figure",
        "sources",
        "It is not said what counts, or no return asks for it.",
        "Mended in the plan file: what_counts and ask of the measure.",
    ),
    Kind(
        "code",
        "Printed code stands twice",
        "printed codes",
        "Two entries answer to one code, so say which by its name.",
        "Mended in the plan file: code of the entry, unless the plan itself prints it so.",
    ),
    Kind(
        "framework",
        "No KPI serves it",
        "pillars and domains",
        "A KPI serves what it names, what an entry above it names, and what an outcome that "
        "it is linked to names.",
        "Mended in the plan file: serves of an entry.",
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the plan as people name it. ``key`` finds it in the plan file."""

    id: int
    role: str
    label: str
    key: str
    code: str
    title: str

    def __str__(self):
        return f"{self.code} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing. ``entry`` is None for what is no entry of the plan.

    ``what`` is "" where the kind says it all. ``clause`` is the key of the
    clause that lacks it, "" if it is the entry itself.
    """

    what: str
    entry: Entry | None = None
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Lacking:
    """All lacks of one kind, in the order of the plan."""

    kind: Kind
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What one plan lacks. ``looked_at`` counts the entries of each role that were asked.

    ``plurals`` is what the plan calls its levels, by role, where it says so.
    """

    plan: object
    looked_at: dict[str, int]
    plurals: dict[str, str]
    groups: tuple[Lacking, ...]

    @property
    def count(self):
        return sum(len(group.lacks) for group in self.groups)

    @property
    def ready(self):
        """The kinds of which nothing is lacking."""
        return tuple(group.kind for group in self.groups if not group.lacks)


def readiness(plan, terms):
    """What a plan lacks, as its newest versions stand. Nine queries.

    ``terms`` are all terms of the trust, with their periods. Called inside the trust.
    """
    calendar = Calendar(terms)
    tree, _ = read_tree(plan, None)
    clauses = Clauses(plan, calendar)
    measures = Measures(plan)
    aims, starts, changes = read_numbers(plan, clauses.readings, calendar, measures.places)
    promises = clauses.promises(tree, measures, aims, starts)
    labels = PlanLabel.objects.filter(plan=plan).values_list("role", "singular", "plural")
    labels = {role: (singular, plural) for role, singular, plural in labels}
    owned = NodeOwner.objects.filter(node__plan=plan).values_list("node_id", flat=True)

    entries = _Entries(tree, {role: singular for role, (singular, _) in labels.items()})
    needs = _Needs(
        plan=plan,
        measures=measures.all(),
        scales=measures.scales(),
        definitions=measures.definitions(),
        series=measures.series,
        words=_words(changes),
        published=_published(plan, measures.series),
    )
    found = {kind.key: [] for kind in KINDS}
    found["owner"] = [Lack("", entry) for entry in entries.without(set(owned))]
    found["test"] = list(entries.untested({promise.id for promise in promises}))
    for promise in promises:
        if promise.role not in TESTED:
            continue
        entry = entries.of[promise.id]
        for clause in promise.clauses:
            for kind, what in needs.of_clause(clause):
                # One way to say that a clause is meant is enough where there is no other.
                name = f"{clause.title}: " if len(promise.clauses) > 1 else ""
                found[kind].append(Lack(name + what, entry, clause.key))
    found["due"] = list(entries.undated(plan, {promise.id: promise for promise in promises}))
    found["code"] = list(entries.repeated())
    found["framework"] = list(_unserved(plan, tree))
    return Readiness(
        plan=plan,
        looked_at=Counter(entry.role for entry in entries.asked),
        plurals={role: plural for role, (_, plural) in labels.items()},
        groups=tuple(Lacking(kind, tuple(found[kind.key])) for kind in KINDS),
    )


class _Entries:
    """The entries of a tree that must be ready: KPIs, outcomes and milestones."""

    def __init__(self, tree, labels):
        self.tree = tree
        self.of = {branch.id: _entry(branch, labels) for branch in tree}
        self.branches = [branch for branch in tree if branch.role in TESTED and not branch.is_note]
        self.asked = [self.of[branch.id] for branch in self.branches]

    def without(self, owned):
        return [entry for entry in self.asked if entry.id not in owned]

    def untested(self, tested):
        """An outcome is tested by its own clauses, or by a KPI that is linked to it."""
        served = {outcome for branch in self.tree for outcome in branch.serves}
        for entry in self.asked:
            if entry.id in tested or entry.id in served:
                continue
            if entry.role == NodeRole.OUTCOME:
                yield Lack("No KPI is linked to it and it has no test of its own", entry)
            elif entry.role == NodeRole.KPI:
                yield Lack("No clause says what is measured", entry)
            else:
                yield Lack("Nothing says when it counts as reached", entry)

    def undated(self, plan, promises):
        end = written(plan.ends)
        for branch in self.branches:
            entry, promise = self.of[branch.id], promises.get(branch.id)
            if branch.role == NodeRole.MILESTONE:
                if what := _undated_milestone(branch):
                    yield Lack(what, entry)
                continue
            for clause in promise.clauses if promise else ():
                terms = clause.terms[-1]
                is_dated = (terms.rule == "done" and not terms.repeated) or terms.by_a_date
                own = [due for due in branch.dues if due.clause in (None, clause.id)]
                # Without words it is the end of the plan, which is nobody's choice.
                own = [due for due in own if due.label or due.day != plan.ends]
                if is_dated and not own:
                    name = f"{clause.title}: " if len(promise.clauses) > 1 else ""
                    yield Lack(f"{name}No date of its own, so due on {end}", entry, clause.key)

    def repeated(self):
        """Printed codes that two entries of a role share; both are named."""
        sharing = {}
        for branch in self.tree:
            if branch.code:
                place = None if branch.role in NUMBERED else branch.parent
                sharing.setdefault((branch.role, place, branch.code), []).append(branch)
        for (_, _, code), branches in sharing.items():
            if len(branches) > 1:
                for branch in branches:
                    yield Lack(f"{code} stands {_times(len(branches))}", self.of[branch.id])


def _entry(branch, labels):
    label = branch.label or labels.get(branch.role) or NodeRole(branch.role).label
    return Entry(branch.id, branch.role, label, branch.key, branch.code, branch.title)


def _times(number):
    return {2: "twice", 3: "three times"}.get(number, f"{number} times")


def _undated_milestone(branch):
    """Why a milestone has no day; None if it has one."""
    if any(due.day is not None for due in branch.dues):
        return None
    labels = [due.label for due in branch.dues if due.label]
    return f"“{labels[-1]}” names no day" if labels else "No date"


@dataclass(frozen=True, slots=True)
class _Needs:
    """What the clauses of a plan need, by their rules, and do not have."""

    plan: object
    measures: dict
    scales: dict
    definitions: dict
    series: dict
    words: dict
    published: set

    def of_clause(self, clause):
        """(kind, what) of each lack of one clause."""
        if not clause.readings:
            yield "test", "It reads no measure"
            return
        several = len(clause.readings) > 1
        for reading in clause.readings:
            measure = self.measures[reading.measure]
            name = f"{measure.name}: " if several else ""
            for kind, what in self._of_reading(clause.terms[-1], reading, measure):
                yield kind, name + what

    def _of_reading(self, terms, reading, measure):
        if what := _missing_baseline(terms, reading):
            yield "baseline", what
        for start in reading.starts:
            if start.value is not None and start.dated is None:
                said = f"“{start.printed}”" if start.printed else "without words"
                yield "baseline_date", f"{start.value.normalize():f}, printed {said}"
        if what := self._missing_target(terms, reading, measure):
            yield "target", what
        if what := self._missing_comparator(terms, measure):
            yield "comparator", what
        yield from self._missing_source(measure)

    def _missing_target(self, terms, reading, measure):
        match terms.rule, terms.operator:
            case "threshold" | "band", _:
                if any(aim.value is not None or aim.low is not None for aim in reading.aims):
                    return None
                words = self.words.get(reading.id)
                return f"“{words}” is no number yet" if words else "No number"
            case "scale", "at_least":
                versions = [
                    version
                    for version in self.scales.get(measure.scale, ())
                    if version.since is None or version.since <= self.plan.ends
                ]
                if versions and versions[-1].id not in terms.scale_targets:
                    return f"No level of {versions[-1].name}"
            case "gap", _ if terms.against == "not_stated":
                return "The group to compare with is not stated"
            case "cases", _ if terms.months_allowed is None:
                return "No time is set"
        return None

    def _missing_comparator(self, terms, measure):
        compares = terms.rule == "compare" or terms.against == "national_other"
        if not compares:
            return None
        series = self.series.get(measure.series)
        if series is None:
            return f"No outside figure belongs to {measure.name}"
        provider = terms.provider or series.provider
        if (provider, series.what, series.basis) in self.published:
            return None
        return f"No figure of {provider} is in yet"

    def _missing_source(self, measure):
        about = self.definitions[measure.id]
        if not measure.register and not measure.asked:
            yield "source", f"No return asks for {measure.name}"
        if not about.what_counts:
            yield "source", f"It is not said what counts as {measure.name}"


def _missing_baseline(terms, reading):
    """Why the lack of a baseline matters; None where there is one, or none is needed."""
    if terms.baseline is not None or reading.starts:
        return None
    match terms.rule, terms.operator:
        case ("trend", _) | ("gap", "narrow") | ("scale", "improve" | "maintain_or_improve"):
            return "Cannot be judged until there is one"
        case ("threshold", _):
            return "Judged on the target alone until there is one"
    return None


def _words(changes):
    """The plan's own words for the newest target of each reading."""
    return {change.reading: change.words for change in changes if change.words}


def _published(plan, series):
    """(provider, what, basis) of the outside figures that somebody has entered. One query."""
    own = Trust.objects.filter(pk=plan.trust_id).values("slug")
    rows = Comparator.objects.filter(
        Q(series__owner="") | Q(series__owner__in=own),
        series__what__in={one.what for one in series.values()},
        not_published=False,
    )
    return set(rows.values_list("series__provider", "series__what", "series__basis").distinct())


def _unserved(plan, tree):
    for framework in read_coverage(plan, tree):
        for item in framework.unserved:
            yield Lack(f"{framework.name}: {item.name}")
