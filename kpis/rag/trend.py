"""A figure against one's own past.

Source: docs/rag.md, Trend.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from kpis.rag.grey import baseline_year, no_data, no_like_for_like
from kpis.rag.shown import PERCENTAGE, Shown
from kpis.rag.side import Better
from kpis.rag.verdict import Reason, Status, Verdict


@dataclass(frozen=True, slots=True)
class Trend:
    """What was promised: better than the baseline, by at least ``step``.

    Decimal in the measure's unit and decimals; the step's usual value is the
    last digit shown. ``best`` is the value that nothing can beat (100 for a
    percentage that should rise), None where there is none.
    """

    better: Better
    step: Decimal
    best: Decimal | None = None
    shown: Shown = PERCENTAGE


def judge(
    figure: Decimal | None,
    rule: Trend,
    *,
    baseline: Decimal | None,
    previous: Decimal | None = None,
    broken: str | None = None,
) -> Verdict:
    """Judge one figure, as shown, against its baseline and the last one.

    ``previous`` is the last like-for-like period's figure; None when there is
    none. ``broken`` says why the baseline is no like-for-like figure any more
    ("the question changed"). Changes are absolute, so a baseline of zero is
    like any other. Never raises: what cannot be judged is grey.

    >>> promise = Trend(Better.HIGHER, step=Decimal("0.1"))
    >>> judge(Decimal("72.0"), promise, baseline=Decimal("71.0")).sentence
    'On target: 72.0%, target above the baseline of 71.0% by at least 0.1.'
    """
    if figure is None:
        return no_data()
    shown = rule.shown.write(figure)
    if rule.best is not None and rule.better.gain(figure, rule.best) >= 0:
        because = f"{shown}, and {rule.shown.write(rule.best)} is the best possible"
        return Verdict(Status.GREEN, Reason.AT_BEST, because, figure=shown)
    if broken is not None:
        return no_like_for_like(shown, broken)
    if baseline is None:
        return baseline_year(shown)

    gain = rule.better.gain(figure, baseline)
    if gain < 0:
        status, reason = Status.RED, Reason.WORSE
    elif gain == 0 or gain < rule.step:
        status, reason = Status.AMBER, Reason.FLAT
    elif previous is not None and rule.better.gain(figure, previous) < 0:
        status, reason = Status.AMBER, Reason.SLIPPING
    else:
        status, reason = Status.GREEN, Reason.IMPROVED
    last = previous if reason in (Reason.SLIPPING, Reason.IMPROVED) else None
    return Verdict(status, reason, partial(_because, shown, rule, baseline, last), figure=shown)


def _because(shown: str, rule: Trend, baseline: Decimal, last: Decimal | None) -> str:
    because = (
        f"{shown}, target {rule.better.side} the baseline of"
        f" {rule.shown.write(baseline)} by at least {rule.shown.plain(rule.step)}"
    )
    return because if last is None else f"{because}, last time {rule.shown.write(last)}"
