"""The target rule as a sentence, built from the rule itself.

People read it before there is a figure, and check a colour with it by hand:
"On target at 95.0% or more. Close to target from 94.0% to 94.9%. Off target
below 94.0%." The functions take the very rules that judge.

Source: docs/rag.md, The nine rules.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from kpis.rag import outside
from kpis.rag.band import BadSide, Band
from kpis.rag.begin import beginning
from kpis.rag.by_rule import band_rule, compare_rule, gap_rule, trend_rule
from kpis.rag.cases import Cases
from kpis.rag.compare import Against, Comparator, Compare
from kpis.rag.dates import written
from kpis.rag.done import Done
from kpis.rag.due import due_of
from kpis.rag.gap import Gap, Wish
from kpis.rag.given import Basis, Clause, Given, Promise, Reading, Unit
from kpis.rag.judged import Judged, Rater
from kpis.rag.outcome import Said
from kpis.rag.scales import Scales, aim_of, scales
from kpis.rag.shown import Shown, counted
from kpis.rag.side import Better, Sign
from kpis.rag.threshold import Threshold
from kpis.rag.trend import Trend

NO_NUMBER = "The plan names no number to reach, so there is no status yet."


def of_threshold(rule: Threshold) -> str:
    """Where green, amber and red begin and end.

    >>> of_threshold(Threshold(Sign.AT_MOST, Decimal("18.0"), Decimal("1.0")))
    'On target at 18.0% or less. Close to target from 18.1% to 19.0%. Off target above 19.0%.'
    """
    if rule.target is None:
        return NO_NUMBER
    is_on_way = rule.expected is not None and not rule.met_before
    bar = rule.expected if is_on_way and rule.expected is not None else rule.target
    say, is_minimum = rule.shown.write, rule.sign.better is Better.HIGHER
    is_strict = rule.sign in (Sign.MORE_THAN, Sign.LESS_THAN)
    beyond, behind = ("above", "below") if is_minimum else ("below", "above")

    green = f"{beyond} {say(bar)}" if is_strict else _or_better(bar, rule)
    if bar != rule.target:
        green += f" now, on the way to {say(rule.target)}"
    words = f"On target {green}."

    nearest = bar if is_strict else _just_short(bar, rule.shown, is_minimum)
    farthest = _inward(bar - rule.margin if is_minimum else bar + rule.margin, rule)
    if guard := _guard(rule):
        farthest = max(farthest, guard) if is_minimum else min(farthest, guard)
    is_any = rule.margin > 0 and (nearest >= farthest if is_minimum else nearest <= farthest)
    if not is_any:
        last = f"at {say(bar)} or {'less' if is_minimum else 'more'}"
        return f"{words} Off target {last if is_strict else f'{behind} {say(bar)}'}."
    low, high = sorted([farthest, nearest])
    close = f"at {say(low)}" if low == high else f"from {say(low)} to {say(high)}"
    return f"{words} Close to target {close}. Off target {behind} {say(farthest)}."


def _or_better(bar: Decimal, rule: Threshold) -> str:
    more = "or more" if rule.sign.better is Better.HIGHER else "or less"
    return f"at {rule.shown.write(bar)} {more}"


def _guard(rule: Threshold) -> Decimal | None:
    """The baseline, where amber may not reach below it."""
    if rule.baseline is None or rule.target is None or rule.sign.holds(rule.baseline, rule.target):
        return None
    return rule.baseline


def _just_short(bar: Decimal, shown: Shown, is_minimum: bool) -> Decimal:
    """The figure next to ``bar`` on its bad side, as figures are shown."""
    on_grid = _on_grid(bar, shown, ROUND_CEILING if is_minimum else ROUND_FLOOR)
    return on_grid - shown.last_digit if is_minimum else on_grid + shown.last_digit


def _inward(limit: Decimal, rule: Threshold) -> Decimal:
    """The last figure, as figures are shown, that is not beyond a limit."""
    is_minimum = rule.sign.better is Better.HIGHER
    return _on_grid(limit, rule.shown, ROUND_CEILING if is_minimum else ROUND_FLOOR)


def _on_grid(value: Decimal, shown: Shown, rounding: str) -> Decimal:
    return value.quantize(shown.last_digit, rounding=rounding)


def of_band(rule: Band) -> str:
    """Inside a range, and how far outside it is still close.

    >>> of_band(Band(Decimal("8.0"), Decimal("12.0"), Decimal("2.0")))
    'On target from 8.0% to 12.0%. Close to target from 6.0% or up to 14.0%. Off target beyond.'
    """
    say, margin = rule.shown.write, rule.margin
    if rule.bad_side is BadSide.ABOVE and rule.high is not None:
        return of_threshold(Threshold(Sign.AT_MOST, rule.high, margin, shown=rule.shown))
    if rule.bad_side is BadSide.BELOW and rule.low is not None:
        return of_threshold(Threshold(Sign.AT_LEAST, rule.low, margin, shown=rule.shown))
    low, high = rule.low, rule.high
    if rule.bad_side is not BadSide.BOTH or low is None or high is None:
        return "The limits of the range are not entered, so there is no status yet."
    words = f"On target from {say(low)} to {say(high)}."
    if not margin:
        return f"{words} Off target outside."
    close = f"from {say(low - margin)} or up to {say(high + margin)}"
    return f"{words} Close to target {close}. Off target beyond."


def of_compare(rule: Compare, comparator: Comparator | None, pupils: int | None = None) -> str:
    """How far from the outside figure is green, amber and red."""
    if comparator is None:
        side = rule.better.side
        wish = {
            Against.IN_LINE_OR_BETTER: f"in line with the outside figure or {side}",
            Against.BETTER: f"{side} the outside figure",
            Against.SIGNIFICANTLY_BETTER: f"significantly {side} the outside figure",
            Against.IN_LINE: "in line with the outside figure",
        }[rule.against]
        return f"On target {wish}. There is none for the period yet."
    figure, shown = comparator.figure, rule.shown
    beside = f"The outside figure is {shown.write(figure)} ({comparator.source})."
    if rule.against is Against.IN_LINE:
        tolerance = rule.tolerance_for(pupils)
        band = Band(figure - tolerance, figure + tolerance, rule.margin, shown=shown)
        return f"{of_band(band)} {beside}"
    return f"{of_threshold(_as_threshold(rule, figure, pupils))} {beside}"


def of_compare_by_phase(rule: Compare, provider: str) -> str:
    """The same for schools of several phases: each is held against its own phase's figure."""
    whom = f"the figure for its phase ({provider})"
    wish = {
        Against.IN_LINE_OR_BETTER: f"in line with {whom} or {rule.better.side}",
        Against.BETTER: f"{rule.better.side} {whom}",
        Against.SIGNIFICANTLY_BETTER: f"significantly {rule.better.side} {whom}",
        Against.IN_LINE: f"in line with {whom}",
    }[rule.against]
    words = f"On target when each school is {wish}"
    if rule.against in (Against.IN_LINE, Against.IN_LINE_OR_BETTER) and rule.tolerance:
        words += f", give or take {rule.shown.distance(rule.tolerance)}"
    if rule.against is Against.SIGNIFICANTLY_BETTER:
        return f"{words}, by {rule.shown.distance(rule.step)}. Off target on its other side."
    if not rule.margin:
        return f"{words}. Off target otherwise."
    margin = rule.shown.distance(rule.margin)
    return f"{words}. Close to target within {margin} more. Off target beyond."


def _as_threshold(rule: Compare, figure: Decimal, pupils: int | None) -> Threshold:
    """The same promise as a number, now that the outside figure is known."""
    is_higher = rule.better is Better.HIGHER
    or_better = Sign.AT_LEAST if is_higher else Sign.AT_MOST
    match rule.against:
        case Against.BETTER:
            strict = Sign.MORE_THAN if is_higher else Sign.LESS_THAN
            return Threshold(strict, figure, rule.margin, shown=rule.shown)
        case Against.SIGNIFICANTLY_BETTER:
            bar = figure + rule.step if is_higher else figure - rule.step
            return Threshold(or_better, bar, rule.step, shown=rule.shown)
    tolerance = rule.tolerance_for(pupils)
    bar = figure - tolerance if is_higher else figure + tolerance
    return Threshold(or_better, bar, rule.margin, shown=rule.shown)


def of_trend(rule: Trend, baseline: Decimal | None, previous: Decimal | None = None) -> str:
    """Better than the baseline, and not worse than the last time."""
    step, side = rule.shown.plain(rule.step), rule.better.side
    if baseline is None:
        return (
            f"On target when {side} the baseline by at least {step}. There is no baseline yet:"
            " the first figure is offered as one."
        )
    say = rule.shown.write
    worse = "below" if side == "above" else "above"
    enough = baseline + rule.step if side == "above" else baseline - rule.step
    more = "more" if side == "above" else "less"
    words = f"On target at {say(enough)} or {more}"
    if previous is not None:
        words += f", and no worse than {say(previous)} last time"
    back = ", or better but slipping back" if previous is not None else ""
    return (
        f"{words}. Close to target when unchanged from the baseline of {say(baseline)}, or better"
        f" by less{back}. Off target {worse} {say(baseline)}."
    )


def of_gap(rule: Gap, then: Decimal | None) -> str:
    """A gap that narrows or closes; ``then`` is how wide it was at the baseline."""
    step, tolerance = rule.shown.plain(rule.step), rule.shown.distance(rule.tolerance)
    none = "when there is no gap" if not rule.tolerance else f"up to a gap of {tolerance}"
    if rule.wish is Wish.CLOSED:
        return (
            f"On target {none}. Close to target when at least {step} smaller than at the"
            " baseline. Off target otherwise."
        )
    if then is None:
        return (
            f"On target when the gap is at least {step} smaller than at the baseline, or {none}."
            " There is no baseline yet."
        )
    was = rule.shown.distance(then)
    if then <= rule.tolerance:
        margin = rule.shown.distance(rule.tolerance + rule.margin)
        return (
            f"On target {none}, as at the baseline. Close to target up to {margin}."
            " Off target beyond."
        )
    return (
        f"On target when the gap is at least {step} smaller than {was}, or {none}. Close to"
        f" target when it has not narrowed, or only because {rule.group} did worse. Off target"
        f" when wider than {was}."
    )


def of_scale(operator: str, level: str) -> str:
    """A level to reach or to keep; ``level`` is the one promised, "" where none is."""
    match operator:
        case "improve":
            return (
                "On target when at least one level higher than before, or at the highest."
                " Close to target when unchanged. Off target when lower."
            )
        case "maintain_or_improve":
            return (
                "On target when no lower than on joining. Close to target one level lower."
                " Off target when lower than that, or at a failing level."
            )
    if not level:
        return "No target is set on this scale yet."
    return (
        f"On target at {level} or higher. Close to target one level lower, unless that is a"
        " failing level. Off target below."
    )


def of_done(rule: Done) -> str:
    """Done by a day, or at all."""
    if rule.due is None:
        return "On target when done. No due date is set."
    return (
        f"On target when done by {written(rule.due)}. Close to target in the"
        f" {counted(rule.warning, 'days')} before, when not done. Off target after that day."
    )


def of_cases(rule: Cases) -> str:
    """Cases with a time limit."""
    if not rule.months:
        return "On target when no case is overdue. Off target while one is."
    limit = counted(rule.months, "months")
    settled = "closed, or a plan for it agreed," if rule.plan_counts else "closed"
    return (
        f"On target when every case is {settled} within {limit}. Close to target when some were"
        " late but none is open too long now. Off target while one is."
    )


def of_judged(rule: Judged) -> str:
    """A rating, by whom it is asked."""
    whom = {
        Rater.SCHOOL: "",
        Rater.TRUST: " by somebody other than the school",
        Rater.OUTSIDE: " by somebody outside the trust",
    }[rule.rated_by]
    months = counted(rule.months, "months")
    return f"As rated{whom}, with evidence. A rating holds {months}."


# The rule of one clause, as it stands for one unit

_BASES = {
    Basis.TERM: "by term",
    Basis.YEAR_TO_DATE: "year to date",
    Basis.ACADEMIC_YEAR: "school year",
    Basis.FINANCIAL_YEAR: "financial year",
}
_TERMS = ("autumn", "spring", "summer")
_RATERS = {"trust": Rater.TRUST, "outside": Rater.OUTSIDE}


def rule_of(
    given: Given, promise: Promise, clause: Clause, reading: Reading, unit: Unit, said: Said
) -> str:
    """The target rule of one reading for one unit, in the term's version.

    ``said`` is what judging gave: the place on the way to the target, the
    baseline and the outside figure are those that it used.
    """
    on = scales(given, promise, clause, reading, said.period)
    match on.terms.rule:
        case "threshold" | "band" | "compare" | "trend" | "gap":
            return _with_basis(_of_figure(on, unit, said), on, said)
        case "scale":
            return of_scale(on.terms.operator, _level_of(on))
        case "done":
            due = due_of(given, promise, clause)
            return of_done(Done(due.day, due.moved, given.settings.due_soon_days))
        case "cases":
            return of_cases(Cases(on.terms.months_allowed or 0, on.terms.plan_counts))
    months = on.terms.expires_months
    months = on.measure.valid_months if months is None else months
    return of_judged(Judged(_RATERS.get(on.terms.rated_by, Rater.SCHOOL), months))


def _of_figure(on: Scales, unit: Unit, said: Said) -> str:
    period = said.period or on.given.term.period
    match on.terms.rule:
        case "threshold":
            aim = aim_of(on, unit.id, period.index)
            begun = beginning(
                on.given, on.measure, on.reading, on.terms, unit, on.terms.group, period
            )
            return of_threshold(
                Threshold(
                    Sign(on.terms.operator),
                    None if aim is None else aim.value,
                    on.margin,
                    said.expected,
                    None if begun is None else begun.value,
                    shown=on.shown,
                )
            )
        case "band":
            return of_band(band_rule(on, unit, period)[0])
        case "compare" if _is_of_phases(on, unit):
            series = outside.series_for(on.given, on.measure, on.terms)
            provider = series.provider if series else on.terms.provider
            return of_compare_by_phase(compare_rule(on), provider)
        case "compare":
            found = outside.find(on.given, on.measure, on.terms, unit, period, on.shown)
            yardstick = None
            if found is not None and found.figure is not None:
                yardstick = Comparator(found.figure, found.source)
            return of_compare(compare_rule(on), yardstick, said.base)
        case "trend":
            return of_trend(trend_rule(on), said.target, said.before)
    return of_gap(gap_rule(on), said.target)


def _is_of_phases(on: Scales, unit: Unit) -> bool:
    """Whether a trust's schools are held each against the figure of its own phase."""
    series = outside.series_for(on.given, on.measure, on.terms)
    return unit.kind == "trust" and on.measure.of != "trust" and outside.is_by_phase(series)


def _with_basis(words: str, on: Scales, said: Said) -> str:
    """The basis in front, and of a measure that follows the seasons the term."""
    basis = _BASES.get(on.measure.basis)
    if basis is None:
        return words
    period = said.period or on.given.term.period
    season = f"{_TERMS[period.part - 1]}, " if on.measure.seasonal else ""
    head = f"{season}{basis}"
    return f"{head[0].upper()}{head[1:]}: {words[0].lower()}{words[1:]}"


def _level_of(on: Scales) -> str:
    """The level promised on the newest version of the scale that has one."""
    levels = [
        version.levels[place].name
        for version in on.given.scales.get(on.measure.scale or 0, ())
        if (place := on.terms.scale_targets.get(version.id)) is not None
    ]
    return levels[-1] if levels else ""


_ROLL_UPS = {
    "each_school": "The trust is on target when every {thing} is.",
    "rollout": "The trust is on target when every {thing} is there.",
    "pooled": "The trust's figure is that of all schools together, from their counts.",
    "ratio": "The trust's figure is the sum of the one over the sum of the other.",
    "sum": "The trust's figure is the sum of all.",
    "list": "Listed, not judged.",
    "trust_only": "Entered once for the trust.",
}
_THINGS = {
    "school": "school",
    "part": "part of a school",
    "site": "site",
    "body": "governing body",
    "supplier": "supplier",
    "outside_school": "school outside the trust",
}


def roll_up_words(given: Given, clause: Clause) -> str:
    """How the trust's status or figure is made from those of its units."""
    terms = clause.in_force(given.term.index)
    if terms.roll_up == "share_of_schools" and terms.share is not None:
        share = Shown().write(terms.share)
        return f"The trust is on target when at least {share} of schools are."
    if terms.level == "trust" and terms.roll_up in ("each_school", "rollout"):
        return _ROLL_UPS["trust_only"]
    return _ROLL_UPS[terms.roll_up].format(thing=_THINGS.get(terms.level, "school"))
