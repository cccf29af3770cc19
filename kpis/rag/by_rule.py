"""Each rule for figures, fed with the figures: threshold, band, compare, trend, gap.

Source: docs/rag.md, The nine rules.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple, TypeVar

from kpis.rag import band, compare, defaults, gap, outside, threshold, trend
from kpis.rag.due import due_of, held_back
from kpis.rag.evidence import Evidence
from kpis.rag.given import Aim, Given, Period, Unit, index_of
from kpis.rag.grey import no_like_for_like, until_due
from kpis.rag.line import expected_by_now, was_met
from kpis.rag.once import once
from kpis.rag.scales import Scales, aim_of, way_of
from kpis.rag.side import SIGNS, Better, Sign
from kpis.rag.verdict import Mark, Verdict


class Weighed(NamedTuple):
    """What a rule says of a figure, and what it was held against.

    ``size`` and ``before`` are those of a gap, which stand in place of the
    figures that it is made of.
    """

    verdict: Verdict
    target: Decimal | None = None
    target_words: str = ""
    expected: Decimal | None = None
    size: Decimal | None = None
    before: Decimal | None = None


def _threshold(on: Scales, evidence: Evidence, figure: Decimal, period: Period) -> Weighed:
    aim = aim_of(on, evidence.unit.id, period.index)
    target = None if aim is None else aim.value
    sign = SIGNS[on.terms.operator]
    begun = evidence.beginning
    is_like = begun is not None and not begun.broken
    baseline = begun.value if begun is not None and is_like else None
    expected, met_before = None, False
    if aim is not None and target is not None:
        met_before = bool(aim.path) and _was_met(on, evidence, aim, target, sign)
        way = way_of(on, aim, target, begun if is_like else None)
        if way is not None:
            path, start = way
            expected = expected_by_now(path, sign, target, period.index - start, met_before)
    rule = _ruled(on.given, threshold_rule, on, target, expected, baseline, met_before)
    verdict = threshold.judge(figure, rule)
    if aim is not None and target is not None and aim.path and expected is None:
        no_start = "no dated baseline"
        if baseline is not None and begun is not None and begun.is_undated:
            no_start = f"the baseline of {on.shown.write(baseline)} has no date"
        verdict = verdict.noted(f"judged on the final target, {no_start}")

    as_at = on.given.term.as_at
    if on.terms.by_a_date and expected is None:
        due = due_of(on.given, on.promise, on.clause, period.ends).day
        verdict = held_back(verdict, due, as_at)
    if on.terms.at_period_end:
        verdict = until_due(verdict, period.ends, as_at)
    words = "" if target is None else f"{sign.words} {on.shown.write(target)}"
    return Weighed(verdict, target, words, expected)


def threshold_rule(
    on: Scales,
    target: Decimal | None,
    expected: Decimal | None,
    baseline: Decimal | None,
    met_before: bool,
) -> threshold.Threshold:
    """The number promised, and where on the way to it a unit should be."""
    sign = SIGNS[on.terms.operator]
    return threshold.Threshold(sign, target, on.margin, expected, baseline, met_before, on.shown)


def _was_met(on: Scales, evidence: Evidence, aim: Aim, target: Decimal, sign: Sign) -> bool:
    """Whether the target in force has been met before, in the plan and since it was set."""
    since = max(aim.from_index, index_of(on.given.plan_starts))
    return was_met([value for index, value in evidence.earlier if index >= since], sign, target)


_BAD_SIDES = {"": band.BadSide.BOTH, "low": band.BadSide.BELOW, "high": band.BadSide.ABOVE}


def band_rule(on: Scales, unit: Unit, period: Period) -> tuple[band.Band, bool]:
    """The range promised to a unit for a period, and whether it stands in for a newer one."""
    aim = aim_of(on, unit.id, period.index)
    side = _BAD_SIDES[on.terms.bad_side]
    low, high = (None, None) if aim is None else (aim.low, aim.high)
    stands_in = False
    if aim is not None and aim.value is not None:
        about = defaults.ABOUT if on.own.tolerance is None else on.own.tolerance
        low, high = aim.value - about, aim.value + about
    elif low is None and high is None:
        # Limits from a policy are outside figures of that unit.
        found = outside.find(on.given, on.measure, on.terms, unit, period, on.shown)
        if found is not None:
            low, high, stands_in = found.low, found.high, found.stands_in
    return band.Band(low, high, on.margin, side, on.shown), stands_in


def _band(on: Scales, evidence: Evidence, figure: Decimal, period: Period) -> Weighed:
    rule, stands_in = band_rule(on, evidence.unit, period)
    verdict = band.judge(figure, rule)
    if stands_in:
        verdict = verdict.marked(Mark.PROVISIONAL)
    return Weighed(verdict, target_words=_range(on, rule))


def _range(on: Scales, rule: band.Band) -> str:
    low = None if rule.low is None else on.shown.write(rule.low)
    high = None if rule.high is None else on.shown.write(rule.high)
    match rule.bad_side:
        case band.BadSide.BELOW:
            return f"at least {low}" if low else ""
        case band.BadSide.ABOVE:
            return f"at most {high}" if high else ""
    return f"{low} to {high}" if low and high else ""


_AGAINST = {
    "in_line_or_better": compare.Against.IN_LINE_OR_BETTER,
    "above": compare.Against.BETTER,
    "below": compare.Against.BETTER,
    "significantly_better": compare.Against.SIGNIFICANTLY_BETTER,
    "in_line": compare.Against.IN_LINE,
}


def compare_rule(on: Scales) -> compare.Compare:
    """How a figure is promised to stand to the outside one."""
    step = on.terms.significant_step
    return compare.Compare(
        _AGAINST[on.terms.operator],
        {"above": Better.HIGHER, "below": Better.LOWER}.get(on.terms.operator, on.better),
        on.margin,
        on.tolerance,
        defaults.SIGNIFICANT if step is None else step,
        on.terms.one_pupil,
        on.shown,
    )


def _compare(on: Scales, evidence: Evidence, figure: Decimal, period: Period) -> Weighed:
    found = outside.find(on.given, on.measure, on.terms, evidence.unit, period, on.shown)
    rule = _ruled(on.given, compare_rule, on)
    if found is None or found.figure is None:
        return Weighed(compare.judge(figure, rule, None))
    yardstick = compare.Comparator(found.figure, found.source)
    verdict = compare.judge(figure, rule, yardstick, pupils=evidence.base)
    if found.stands_in:
        verdict = verdict.marked(Mark.PROVISIONAL)
    words = f"{on.shown.write(found.figure)}, {found.source}"
    return Weighed(verdict, found.figure, words)


def trend_rule(on: Scales) -> trend.Trend:
    """How much better than its own past a figure is promised to be."""
    return trend.Trend(on.better, on.step, defaults.best(on.measure), on.shown)


def _trend(on: Scales, evidence: Evidence, figure: Decimal, period: Period) -> Weighed:
    begun = evidence.beginning
    rule = _ruled(on.given, trend_rule, on)
    last = evidence.before_period
    is_older = begun and begun.since is not None and last and last.index < begun.since
    baseline = None if begun is None else begun.value
    verdict = trend.judge(
        figure,
        rule,
        baseline=baseline,
        previous=None if is_older else evidence.before,
        broken=None if begun is None else begun.broken,
    )
    words = "" if baseline is None else f"{rule.better.side} {on.shown.write(baseline)}"
    return Weighed(verdict, baseline, words)


_REFERENCES = {
    "same_school": gap.Reference.SAME_SCHOOL,
    "national_other": gap.Reference.NATIONAL_OTHERS,
    "group": gap.Reference.NAMED_GROUP,
    "not_stated": gap.Reference.NOT_STATED,
    "": gap.Reference.NOT_STATED,
}


def gap_rule(on: Scales, others: str = "") -> gap.Gap:
    """What is promised of the gap; ``others`` are whom it is measured against, in words."""
    names = on.given.group_names
    named = names.get(on.terms.against_group, on.terms.against_group)
    return gap.Gap(
        gap.Wish.CLOSED if on.terms.operator == "closed" else gap.Wish.NARROW,
        on.better,
        on.step,
        Decimal(0) if on.own.tolerance is None else on.own.tolerance,
        on.margin,
        on.terms.symmetric,
        _REFERENCES[on.terms.against],
        _in_a_sentence(names.get(on.terms.group, on.terms.group)),
        others or _in_a_sentence(named) or "others",
        on.shown,
    )


def _gap(on: Scales, evidence: Evidence, figure: Decimal, period: Period) -> Weighed:
    rule = _ruled(on.given, gap_rule, on, evidence.others)
    begun = evidence.beginning
    broken = None if begun is None else begun.broken
    then = None if broken else evidence.then
    verdict = gap.judge(figure, evidence.reference, rule, then=then)
    if evidence.reference is None:
        return Weighed(verdict)
    now = gap.Pair(figure, evidence.reference)
    if broken and rule.wish is gap.Wish.NARROW:
        verdict = no_like_for_like(f"{now.written(rule)}, {now.place(rule)}", broken)
    was = None if evidence.before_pair is None else evidence.before_pair.size(rule)
    is_narrow = then is not None and rule.wish is gap.Wish.NARROW
    return Weighed(
        verdict,
        then.size(rule) if then is not None and is_narrow else None,
        _narrower(on, rule, then),
        size=now.size(rule),
        before=was,
    )


def _narrower(on: Scales, rule: gap.Gap, then: gap.Pair | None) -> str:
    if rule.wish is gap.Wish.CLOSED:
        return "no gap"
    return "" if then is None else f"smaller than {on.shown.distance(then.size(rule))}"


def _in_a_sentence(name: str) -> str:
    """A name inside a sentence: SEND keeps its capitals, Disadvantaged does not."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


_Rule = TypeVar("_Rule")


@once
def _ruled(given: Given, rule: Callable[..., _Rule], on: Scales, *more: object) -> _Rule:
    """A rule that is the same for every unit of which the same is promised."""
    return rule(on, *more)


Weighing = Callable[[Scales, Evidence, Decimal, Period], Weighed]

RULES: dict[str, Weighing] = {
    "threshold": _threshold,
    "band": _band,
    "compare": _compare,
    "trend": _trend,
    "gap": _gap,
}
