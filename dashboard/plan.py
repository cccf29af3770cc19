"""The plan page: the strategy on a page, and the whole tree with what measures it."""

from dataclasses import dataclass

from kpis.rag.verdict import Status, Verdict
from priorities.models import NodeRole, PlanLabel

from . import charts
from .cells import written_figure
from .grid import Empty
from .results import counts_of, promised, school_result, trust_result

UNPUBLISHED = "No board report has been published yet"
UNMEASURED = "No KPI measures this yet."
LEVELS = frozenset(
    {NodeRole.STRAND, NodeRole.OUTCOME, NodeRole.GROUP, NodeRole.MILESTONE, NodeRole.PRIORITY}
)


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One KPI under what it serves. Without the right to see how it stands, only its name."""

    code: str
    name: str
    url: str
    verdict: Verdict | None
    figure: str
    target: str
    spark: charts.Sparkline | None = None


@dataclass(frozen=True, slots=True)
class TreeBranch:
    """One entry of the tree with its KPIs and what stands under it."""

    label: str
    code: str
    title: str
    verdict: Verdict | None
    kpis: tuple[KpiLine, ...]
    branches: tuple["TreeBranch", ...]
    empty: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class PlanPriority:
    number: int
    title: str
    url: str
    outcomes: tuple[str, ...]
    outcome_count: int
    kpi_count: int
    stack: charts.Stack | None
    milestone_words: str
    branches: tuple[TreeBranch, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class PlanPage:
    title: str
    years: str = ""
    year_of: str = ""
    vision: str = ""
    values: tuple[str, ...] = ()
    statuses_note: str = ""
    view: str = "page"
    page_url: str = ""
    tree_url: str = ""
    open_all: bool = False
    open_url: str = ""
    closed_url: str = ""
    priorities: tuple[PlanPriority, ...] = ()
    empty: Empty | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the plan stands, for those who may see it: live, or not at all."""

    facts: object
    judged: dict
    sight: object

    def verdict(self, pk):
        one = self.judged.get(pk)
        return one.trust.verdict if one else None

    def results(self, pk):
        """What is counted of a KPI: each school that is seen, or the trust as a whole."""
        one = self.judged.get(pk)
        if one is None:
            return []
        if one.is_trust_wide:
            return [trust_result(self.facts.given, one)]
        return [school_result(one, school) for school in one.schools if self.sight.is_mine(school)]


def read_labels(plan):
    """What this plan calls its levels. One query."""
    return dict(PlanLabel.objects.filter(plan=plan).values_list("role", "singular"))


class Tree:
    """Arranges the tree of one plan for one person."""

    def __init__(self, tree, labels, addresses, standing=None, *, links=True):
        self.tree, self.labels = tree, labels
        self.addresses, self.standing, self.links = addresses, standing, links
        self.children, self.serving = {}, {}
        for branch in tree:
            self.children.setdefault(branch.parent, []).append(branch)
            for outcome in branch.serves:
                self.serving.setdefault(outcome, []).append(branch)

    def priorities(self):
        tops = [branch for branch in self.tree if branch.role == NodeRole.PRIORITY]
        return tuple(self._priority(number, top) for number, top in enumerate(tops, start=1))

    def values(self):
        """The plan's values, in its own words; its other principles have a label of their own."""
        principles = [branch for branch in self.tree if branch.role == NodeRole.PRINCIPLE]
        first = principles[0].label if principles else ""
        return tuple(branch.title for branch in principles if branch.label == first)

    def _priority(self, number, top):
        below = list(self._below(top.id))
        kpis = [branch for branch in below if branch.role == NodeRole.KPI]
        outcomes = [branch for branch in below if branch.role == NodeRole.OUTCOME]
        results = [r for kpi in kpis for r in self._results(kpi.id)]
        return PlanPriority(
            number=number,
            title=top.title,
            url=self.addresses.matrix(priority=top.key) if self.links and self.standing else "",
            outcomes=tuple(outcome.title for outcome in outcomes),
            outcome_count=len(outcomes),
            kpi_count=len(kpis),
            stack=charts.stack(counts_of(results)) if results else None,
            milestone_words=self._milestones(below),
            branches=tuple(self._branches(top.id)),
            key=top.key,
        )

    def _below(self, pk):
        for child in self.children.get(pk, ()):
            yield child
            yield from self._below(child.id)

    def _results(self, pk):
        return self.standing.results(pk) if self.standing else []

    def _milestones(self, below):
        """How many of the milestones with a verdict are on track."""
        if self.standing is None:
            return ""
        found = [
            verdict
            for branch in below
            if branch.role == NodeRole.MILESTONE and not branch.is_note
            if (verdict := self.standing.verdict(branch.id)) is not None
        ]
        if not found:
            return ""
        off = sum(verdict.status is Status.RED for verdict in found)
        return f"{len(found) - off} of {len(found)} milestones on track"

    def _branches(self, pk):
        """What stands under an entry; the KPIs that serve no outcome come last, together."""
        children = self.children.get(pk, ())
        for child in children:
            if child.role in LEVELS:
                yield self._branch(child)
        loose = [child for child in children if child.role == NodeRole.KPI and not child.serves]
        if loose:
            yield TreeBranch("KPIs", "", "Not linked to an outcome", None, self._lines(loose), ())

    def _branch(self, branch):
        kpis = self.serving.get(branch.id, [])
        inner = tuple(self._branches(branch.id))
        is_outcome = branch.role == NodeRole.OUTCOME
        verdict = self.standing.verdict(branch.id) if self.standing else None
        is_unmeasured = is_outcome and not kpis and verdict is None
        label = branch.label or self.labels.get(branch.role) or NodeRole(branch.role).label
        return TreeBranch(
            label=label,
            code=branch.code,
            title=branch.title,
            verdict=verdict,
            kpis=self._lines(kpis),
            branches=inner,
            empty=UNMEASURED if is_unmeasured else "",
            key=branch.key,
        )

    def _lines(self, kpis):
        return tuple(self._line(kpi) for kpi in kpis)

    def _line(self, kpi):
        judged = self.standing.judged.get(kpi.id) if self.standing else None
        if judged is None:
            return KpiLine(kpi.code, kpi.title, "", None, "", "")
        given = self.standing.facts.given
        result = trust_result(given, judged)
        clause = result.clause or judged.promise.clauses[0]
        return KpiLine(
            code=kpi.code,
            name=kpi.title,
            url=self.addresses.kpi(kpi.id) if self.links else "",
            verdict=judged.trust.verdict,
            figure=written_figure(result),
            target=promised(given, judged.promise, clause)[0],
        )


def page_of(plan, tree, addresses, query, *, note="", today):
    """The page of one plan. ``note`` says why statuses are not shown."""
    view = "tree" if query.get("view") == "tree" else "page"
    return PlanPage(
        title=plan.title,
        years=f"{plan.starts.year} to {plan.ends.year}",
        year_of=_year_of(plan, today),
        vision=plan.vision,
        values=tree.values(),
        statuses_note=note,
        view=view,
        page_url=addresses.plan(),
        tree_url=addresses.plan(view="tree"),
        open_all=query.get("open") == "all",
        open_url=addresses.plan(view="tree", open="all"),
        closed_url=addresses.plan(view="tree"),
        priorities=tree.priorities(),
    )


def _year_of(plan, today):
    """Which of its school years it is in: Year 1 of 3."""
    years = _school_year(plan.ends) - _school_year(plan.starts) + 1
    now = _school_year(today) - _school_year(plan.starts) + 1
    if now < 1:
        return f"Begins on {plan.starts.day} {plan.starts:%B %Y}"
    return f"Year {now} of {years}" if now <= years else "Ended"


def _school_year(day):
    return day.year if day.month >= 9 else day.year - 1


def nothing():
    """The page of a trust without a plan."""
    return PlanPage(
        "Plan", empty=Empty("There is no plan here yet. It is loaded from a plan file.")
    )
