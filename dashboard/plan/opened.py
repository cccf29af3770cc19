"""One priority opened in place on the strategy page: each outcome, and how its KPIs stand."""

from dataclasses import dataclass

from kpis.rag.verdict import Mark, Verdict
from priorities.models import NodeRole

from .. import charts
from ..last_terms import spark_of, trust_figures
from ..results import counts_of, trust_result
from .tree import UNLINKED, UNMEASURED

NO_LETTER = "none"


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome, with counts and never one colour; ``letters`` are (R, count)."""

    title: str
    letters: tuple[tuple[str, int], ...]
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class OpenKpi:
    """One KPI under an outcome. Without the right to see how it stands, verdict is None."""

    title: str
    url: str = ""
    verdict: Verdict | None = None
    marks: tuple[Mark, ...] = ()
    figure: str = ""
    target: str = ""
    spark: charts.Sparkline | None = None


@dataclass(frozen=True, slots=True)
class OpenOutcome:
    line: OutcomeLine
    kpis: tuple[OpenKpi, ...]


def outcome_line(tree, branch):
    """An outcome or another part of a priority, with where its results stand."""
    counts = counts_of(_results(tree, tree.measured_by(branch)))
    told = [(status, count) for status, count in counts if count]
    return OutcomeLine(
        title=tree.details.of(branch.id).title,
        letters=tuple((status.letter or NO_LETTER, count) for status, count in told),
        words=", ".join(f"{count} {status.words.lower()}" for status, count in told),
        note=_note(tree, branch),
    )


def _note(tree, branch):
    """What no KPI tells of an outcome: that none measures it, or how it stands by itself."""
    if tree.is_unmeasured(branch):
        return UNMEASURED
    verdict = tree.standing and tree.standing.verdict(branch.id)
    return verdict.status.words if verdict and not tree.measured_by(branch) else ""


def opened(tree, top):
    """Every outcome below a priority with its KPIs, then the KPIs that serve none of them."""
    below = list(tree.below(top.id))
    outcomes = [branch for branch in below if branch.role == NodeRole.OUTCOME]
    groups = [
        OpenOutcome(outcome_line(tree, one), _kpis(tree, tree.measured_by(one))) for one in outcomes
    ]
    served = {kpi.id for one in outcomes for kpi in tree.measured_by(one)}
    rest = [b for b in below if b.role == NodeRole.KPI and b.id not in served]
    if rest:
        title = tree.details.plural_label(NodeRole.KPI)
        title = f"{title}, {UNLINKED}" if outcomes else title
        groups.append(OpenOutcome(OutcomeLine(title, (), "", ""), _kpis(tree, rest)))
    return tuple(groups)


def _results(tree, kpis):
    return [r for kpi in kpis for r in tree.standing.results(kpi.id)] if tree.standing else []


def _kpis(tree, branches):
    return tuple(
        OpenKpi(branch.title, spark=_spark(tree.standing, branch.id), **tree.columns(branch))
        for branch in branches
    )


def _spark(standing, pk):
    """The trust's last terms, for those from whom nothing of them is hidden."""
    judged = standing.judged.get(pk) if standing else None
    if judged is None or not standing.sight.sees_all:
        return None
    result = trust_result(standing.facts.given, judged)
    said, clause = result.said, result.clause
    if said is None or said.shown is None or clause is None:
        return None
    facts, small = standing.facts, standing.small
    figures = trust_figures(facts, judged.promise, clause, said.measure, small)
    return spark_of(figures, said.target, said.shown)
