"""The difference between two groups: is one behind, and by less than before?

Source: docs/rag.md, Gap.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from kpis.rag.grey import baseline_year, no_data
from kpis.rag.shown import PERCENTAGE, Shown
from kpis.rag.side import Better
from kpis.rag.verdict import Reason, Status, Verdict


class Wish(StrEnum):
    """What is promised of the gap."""

    NARROW = "narrow"
    CLOSED = "closed"


class Reference(StrEnum):
    """Whom the group is compared with."""

    SAME_SCHOOL = "same_school"
    NATIONAL_OTHERS = "national_others"
    NAMED_GROUP = "named_group"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Gap:
    """What was promised of the gap between a group and its reference.

    Decimal in the measure's unit and decimals. Up to ``tolerance`` there is no
    gap; one that opens beyond it is close to target within ``margin``. In a
    ``symmetric`` pair only the size counts, whoever is behind. ``group`` and
    ``others`` are words on screen: "disadvantaged", "others".
    """

    wish: Wish
    better: Better
    step: Decimal
    tolerance: Decimal = Decimal(0)
    margin: Decimal = Decimal(0)
    symmetric: bool = False
    reference: Reference = Reference.SAME_SCHOOL
    group: str = "the group"
    others: str = "others"
    shown: Shown = PERCENTAGE


class Pair(NamedTuple):
    """The figures, as shown, of a group and of its reference in one period."""

    group: Decimal
    reference: Decimal

    def behind(self, rule: Gap) -> Decimal:
        """How far the group is behind; negative when it is ahead."""
        return rule.better.gain(self.reference, self.group)

    def size(self, rule: Gap) -> Decimal:
        """The gap that is judged: whoever is behind, where the pair is symmetric."""
        return abs(self.behind(rule)) if rule.symmetric else self.behind(rule)

    def written(self, rule: Gap) -> str:
        """Both figures: "disadvantaged 54.0%, others 70.0%"."""
        say = rule.shown.write
        return f"{rule.group} {say(self.group)}, {rule.others} {say(self.reference)}"

    def place(self, rule: Gap) -> str:
        """Where the group stands: "16.0 points behind"."""
        behind = self.behind(rule)
        side = "apart" if behind == 0 else "behind" if behind > 0 else "ahead"
        return f"{rule.shown.distance(abs(behind))} {side}"


def judge(
    group: Decimal | None,
    reference: Decimal | None,
    rule: Gap,
    *,
    then: Pair | None,
) -> Verdict:
    """Judge the gap of one period against what it was at the baseline.

    ``then`` is the baseline's pair, None when there is none. The gap of a
    trust is that of its pooled figures, never the mean of its schools' gaps.
    Never raises: what cannot be judged is grey.

    >>> promise = Gap(Wish.NARROW, Better.HIGHER, Decimal("0.1"), group="SEND")
    >>> then = Pair(Decimal("55.0"), Decimal("75.0"))
    >>> judge(Decimal("58.0"), Decimal("75.0"), promise, then=then).reason
    <Reason.NARROWED: 'NARROWED'>
    """
    if group is None:
        return no_data()
    if rule.reference is Reference.NOT_STATED:
        own = f"{rule.group} {rule.shown.write(group)}"
        because = f"{own}, and the plan does not say whom to compare with"
        return Verdict(Status.GREY, Reason.NO_TARGET, because)
    if reference is None:
        return _without_reference(group, rule)

    now = Pair(group, reference)
    figure = rule.shown.distance(now.behind(rule))
    if rule.wish is Wish.CLOSED:
        status, reason = _closed(now, rule, then)
    elif then is not None:
        status, reason = _narrow(now, rule, then)
    else:
        first = baseline_year(f"{now.written(rule)}, {now.place(rule)}")
        return first._replace(figure=figure)

    return Verdict(status, reason, partial(_because, now, rule, then), figure=figure)


def _without_reference(group: Decimal, rule: Gap) -> Verdict:
    if rule.reference is not Reference.NATIONAL_OTHERS:
        return no_data()
    own = f"{rule.group} {rule.shown.write(group)}"
    because = f"{own}, and there is no outside figure for the period yet"
    return Verdict(Status.GREY, Reason.NO_COMPARATOR, because)


def _gone(now: Pair, rule: Gap) -> Reason | None:
    size = now.size(rule)
    if size > rule.tolerance:
        return None
    return Reason.GAP_REVERSED if size < 0 else Reason.CLOSED


def _narrow(now: Pair, rule: Gap, then: Pair) -> tuple[Status, Reason]:
    if gone := _gone(now, rule):
        return Status.GREEN, gone
    was, size = then.size(rule), now.size(rule)
    if was <= rule.tolerance:
        if size <= rule.tolerance + rule.margin:
            return Status.AMBER, Reason.OPENED
        return Status.RED, Reason.WIDENED

    narrowed = was - size
    if narrowed < 0:
        return Status.RED, Reason.WIDENED
    if narrowed == 0 or narrowed < rule.step:
        return Status.AMBER, Reason.FLAT
    if _own_change(now, rule, then) < 0:
        return Status.AMBER, Reason.NARROWED_BY_FALL
    return Status.GREEN, Reason.NARROWED


def _closed(now: Pair, rule: Gap, then: Pair | None) -> tuple[Status, Reason]:
    if gone := _gone(now, rule):
        return Status.GREEN, gone
    if then is None:
        return Status.RED, Reason.OFF

    narrowed = then.size(rule) - now.size(rule)
    if narrowed < 0:
        return Status.RED, Reason.WIDENED
    if narrowed == 0 or narrowed < rule.step:
        return Status.RED, Reason.OFF
    return Status.AMBER, Reason.NARROWED_NOT_CLOSED


def _others_are_behind(now: Pair, rule: Gap) -> bool:
    """In a symmetric pair the group that counts is whichever is behind."""
    return rule.symmetric and now.behind(rule) < 0


def _own_change(now: Pair, rule: Gap, then: Pair) -> Decimal:
    """How much better the group does that is behind now; negative when worse."""
    if _others_are_behind(now, rule):
        return rule.better.gain(now.reference, then.reference)
    return rule.better.gain(now.group, then.group)


def _because(now: Pair, rule: Gap, then: Pair | None) -> str:
    because = f"{now.written(rule)}, {now.place(rule)}"
    if then is not None:
        because += f", was {then.place(rule)} with {then.written(rule)}"

    step, tolerance = rule.shown.plain(rule.step), rule.shown.plain(rule.tolerance)
    if rule.wish is Wish.CLOSED:
        because += f", target no gap, tolerance {tolerance}"
        if then is not None:
            because += f", close when at least {step} smaller"
    elif then is not None and then.size(rule) <= rule.tolerance:
        margin = rule.shown.plain(rule.margin)
        because += f", target still no gap, tolerance {tolerance}, margin {margin}"
    else:
        because += f", target at least {step} smaller, tolerance {tolerance}"

    if rule.symmetric:
        because += ", whoever is behind"
    if then is not None and _own_change(now, rule, then) < 0:
        behind = rule.others if _others_are_behind(now, rule) else rule.group
        because += f", {behind} did worse than before"
    return because
