"""A figure against a fixed number, or against its place on the way there.

Source: docs/rag.md, Threshold.
"""

from dataclasses import dataclass
from decimal import Decimal

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
    say = rule.shown.write
    if figure is None:
        return no_data()
    if rule.target is None:
        because = f"{say(figure)}, and the plan names no number to reach"
        return Verdict(Status.GREY, Reason.NO_TARGET, because, figure=say(figure))

    met = rule.sign.holds(figure, rule.target)

    def decided(status: Status, reason: Reason, because: str) -> Verdict:
        shown = say(figure)
        return Verdict(status, reason, because, figure=shown, target_met=met)

    bar = rule.target
    if rule.expected is not None and not rule.met_before:
        bar = rule.expected
    because = f"{say(figure)}, target {rule.sign.words} {say(rule.target)}"
    if bar != rule.target:
        because += f", {say(bar)} expected by now"

    if rule.sign.holds(figure, bar):
        return decided(Status.GREEN, Reason.MET if met else Reason.ON_TRACK, because)

    if (
        rule.baseline is not None
        and not rule.sign.holds(rule.baseline, rule.target)
        and rule.sign.miss(figure, rule.baseline) > 0
    ):
        because += f", worse than the baseline of {say(rule.baseline)}"
        return decided(Status.RED, Reason.WORSE_THAN_BASELINE, because)

    because += f", margin {rule.shown.plain(rule.margin)}"
    if rule.met_before:
        because += ", met before"
    if rule.margin > 0 and rule.sign.miss(figure, bar) <= rule.margin:
        reason = Reason.FELL_BACK if rule.met_before else Reason.NEAR
        return decided(Status.AMBER, reason, because)
    return decided(Status.RED, Reason.OFF, because)
