"""Judging figures: one unit's, or all units' together, by the rule of their clause.

Source: docs/rag.md, Where a plan begins.
"""

from decimal import Decimal

from kpis.rag import defaults
from kpis.rag.by_rule import RULES, Weighed
from kpis.rag.evidence import Evidence
from kpis.rag.given import Period
from kpis.rag.grey import baseline_year, first_of, no_data, not_due
from kpis.rag.outcome import Said
from kpis.rag.pool import Sum, if_sure, if_whole
from kpis.rag.scales import STEPPED, Scales, aim_of
from kpis.rag.shown import PERCENTAGE
from kpis.rag.side import Sign
from kpis.rag.verdict import Status, Verdict

FIGURE_RULES = frozenset(RULES)


def weigh(on: Scales, evidence: Evidence) -> Said:
    """Judge the figures of one reading, by what is in force in their period."""
    figure, period = evidence.figure, evidence.period
    if evidence.instead is not None:
        verdict = evidence.instead.marked(*evidence.marks)
        return _said(on, evidence, Weighed(verdict), verdict, None, None)
    if figure is None or period is None:
        verdict = no_data()
        return _said(on, evidence, Weighed(verdict), verdict, figure, evidence.before)
    weighed = RULES[on.terms.rule](on, evidence, figure, period)
    verdict = _if_all_are_in(on, evidence, weighed.verdict)
    if start := _where_the_plan_begins(on, evidence, figure, period):
        # A figure of the start has no colour, and what else is wanting says more.
        is_unknown = verdict.status is Status.GREY
        verdict = first_of([verdict, start]) if is_unknown else start
    elif evidence.note and verdict.status.is_colour:
        verdict = verdict.noted(evidence.note)
    if evidence.marks:
        verdict = verdict.marked(*evidence.marks)
    if on.terms.rule == "gap":
        return _said(on, evidence, weighed, verdict, weighed.size, weighed.before, "lower")
    return _said(on, evidence, weighed, verdict, figure, evidence.before)


def _said(
    on: Scales,
    evidence: Evidence,
    weighed: Weighed,
    verdict: Verdict,
    figure: Decimal | None,
    before: Decimal | None,
    better: str | None = None,
) -> Said:
    return Said(  # in its order: this is the one place that makes them by the thousand
        verdict,
        on.measure.id,
        on.shown,
        figure,
        evidence.period,
        before,
        evidence.before_period,
        better or on.measure.better,
        weighed.target,
        weighed.expected,
        weighed.target_words,
        _steady(on, evidence),
        evidence.base,
        evidence.last,
        evidence.last_period,
        evidence.of_all,
        evidence.asked,
    )


def _steady(on: Scales, evidence: Evidence) -> Decimal:
    """The change up to which nothing has moved; one pupil's worth is never a movement."""
    steady = on.steady
    if steady is None:
        steady = abs(evidence.figure or Decimal(0)) * defaults.STEADY_SHARE
    if evidence.base and on.shown.kind is PERCENTAGE.kind and on.terms.rule not in STEPPED:
        pupil = on.shown.share(100, evidence.base)
        return pupil if pupil > steady else steady
    return steady


def _where_the_plan_begins(
    on: Scales, evidence: Evidence, figure: Decimal, period: Period
) -> Verdict | None:
    """A figure from before the plan, or of the baseline itself, is never coloured."""
    begun = evidence.beginning
    baseline = None if begun is None else begun.since
    if baseline is None and begun is None and on.terms.baseline is not None:
        baseline = on.terms.baseline.index
    is_of_the_start = baseline is not None and period.index <= baseline
    if not is_of_the_start and period.ends >= on.given.plan_starts:
        return None
    shown = f"{on.shown.write(figure)} for {period.name}"
    is_baseline = baseline is not None and period.index == baseline
    if is_baseline or (begun is None and _needs_a_start(on, evidence, period)):
        return baseline_year(shown)
    return not_due(f"{shown}, from before the plan began", on.shown.write(figure))


def _needs_a_start(on: Scales, evidence: Evidence, period: Period) -> bool:
    """Whether the rule judges by a baseline, so that this figure may become it."""
    match on.terms.rule:
        case "trend":
            return True
        case "gap":
            return on.terms.operator == "narrow"
        case "threshold":
            aim = aim_of(on, evidence.unit.id, on.given.term.index)
            return aim is not None and bool(aim.path)
    return False


def _if_all_are_in(on: Scales, evidence: Evidence, verdict: Verdict) -> Verdict:
    """What a pooled figure or a sum proves while some units are missing."""
    together = evidence.together
    if together is None or evidence.figure is None:
        return verdict
    figure = evidence.figure if evidence.of_all is None else evidence.of_all
    shown = on.shown.write(figure)
    if isinstance(together, Sum) and on.terms.rule == "threshold":
        sign = Sign(on.terms.operator)
        return if_sure(verdict, together, sign, shown, things=evidence.things)
    return if_whole(verdict, together, shown, things=evidence.things)
