"""A figure against a fixed number, or against its place on the way there.

Source: docs/rag.md, Threshold.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from kpis.rag.grey import no_data
from kpis.rag.shown import PERCENTAGE, Shown
from kpis.rag.side import Sign
from kpis.rag.verdict import Reason, Status, Verdict


@dataclass(frozen=True, slots=True)
class Threshold:
    """What was promised: "at least 85.0", with its margin.

    All are Decimal in the measure's unit and decimals, the margin too (1.0 on
    a percentage is one point). ``expected`` is the place on the way to the
    target in the figure's own period; without it, the target decides.
    ``met_before``: on a way there, an earlier figure met the target in force.
    """

    sign: Sign
    target: Decimal | None
    margin: Decimal
    expected: Decimal | None = None
    baseline: Decimal | None = None
    met_before: bool = False
    shown: Shown = PERCENTAGE


def judge(figure: Decimal | None, rule: Threshold) -> Verdict:
    """Judge one figure, as shown, against the number promised for it.

    Never raises: what cannot be judged is grey.

    >>> promise = Threshold(Sign.AT_LEAST, Decimal("85.0"), margin=Decimal("5.0"))
    >>> judge(Decimal("80.0"), promise).sentence
    'Close to target: 80.0%, target at least 85.0%, margin 5.0.'
    """
    if figure is None:
        return no_data()
    shown = rule.shown.write(figure)
    if rule.target is None:
        because = f"{shown}, and the plan names no number to reach"
        return Verdict(Status.GREY, Reason.NO_TARGET, because, figure=shown)

    met = rule.sign.holds(figure, rule.target)
    bar = rule.target
    if rule.expected is not None and not rule.met_before:
        bar = rule.expected
    if rule.sign.holds(figure, bar):
        status, reason = Status.GREEN, Reason.MET if met else Reason.ON_TRACK
    elif (
        rule.baseline is not None
        and not rule.sign.holds(rule.baseline, rule.target)
        and rule.sign.miss(figure, rule.baseline) > 0
    ):
        status, reason = Status.RED, Reason.WORSE_THAN_BASELINE
    elif rule.margin > 0 and rule.sign.miss(figure, bar) <= rule.margin:
        status, reason = Status.AMBER, Reason.FELL_BACK if rule.met_before else Reason.NEAR
    else:
        status, reason = Status.RED, Reason.OFF
    words = partial(_because, shown, rule, rule.target, bar, reason)
    return Verdict(status, reason, words, figure=shown, target_met=met)


def _because(shown: str, rule: Threshold, target: Decimal, bar: Decimal, reason: Reason) -> str:
    say = rule.shown.write
    because = f"{shown}, target {rule.sign.words} {say(target)}"
    if bar != target:
        because += f", {say(bar)} expected by now"
    if reason in (Reason.MET, Reason.ON_TRACK):
        return because
    if reason is Reason.WORSE_THAN_BASELINE and rule.baseline is not None:
        return f"{because}, worse than the baseline of {say(rule.baseline)}"
    because += f", margin {rule.shown.plain(rule.margin)}"
    return f"{because}, met before" if rule.met_before else because
