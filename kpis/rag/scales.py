"""What a reading is weighed on: its terms, margins, target and the way there.

Source: docs/rag.md, Usual values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from kpis.rag import defaults
from kpis.rag.begin import Beginning
from kpis.rag.due import due_of
from kpis.rag.given import (
    Aim,
    Clause,
    Given,
    Measure,
    Period,
    Promise,
    Reading,
    ReadingTerms,
    Terms,
    index_of,
)
from kpis.rag.line import Steps, StraightLine
from kpis.rag.once import once
from kpis.rag.shown import PERCENTAGE, Shown
from kpis.rag.side import Better

STEPPED = frozenset({"trend", "gap"})  # rules with a least change that is one


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """One reading's scales: what it promises, of what, in which words and units.

    ``better`` is the measure's direction; one without any counts as "higher".
    ``margin`` is how far from green is amber, ``step`` the least change that is
    one (the last digit if none is set), ``tolerance`` what is still in line: the
    reading's own or the usual, in the measure's unit. ``aims`` are the targets of
    each unit and of the trust, the latest first; ``steady`` is the change up to
    which nothing has moved, None where it follows the figure.
    """

    given: Given
    promise: Promise
    clause: Clause
    reading: Reading
    measure: Measure
    terms: Terms
    own: ReadingTerms
    shown: Shown
    better: Better
    margin: Decimal
    step: Decimal
    tolerance: Decimal
    aims: Mapping[int, Sequence[Aim]]
    steady: Decimal | None


def in_force(reading: Reading, index: int) -> ReadingTerms:
    """The version of a reading's margins in a period; of one before all, the first."""
    for terms in reversed(reading.terms):
        if terms.from_index <= index:
            return terms
    return reading.terms[0] if reading.terms else ReadingTerms(from_index=index)


@once
def scales(
    given: Given, promise: Promise, clause: Clause, reading: Reading, period: Period | None
) -> Scales:
    """What is in force on the last day of a period, whenever it was typed."""
    index = given.term.index if period is None else period.index
    measure, own = given.measures[reading.measure], in_force(reading, index)
    terms = clause.in_force(index)
    step = measure.shown.last_digit if own.step is None else own.step
    return Scales(
        given,
        promise,
        clause,
        reading,
        measure,
        terms,
        own,
        measure.shown,
        Better.LOWER if measure.better == "lower" else Better.HIGHER,
        defaults.margin(measure) if own.margin is None else own.margin,
        step,
        defaults.tolerance(measure) if own.tolerance is None else own.tolerance,
        _by_unit(reading.aims),
        _steady(measure, terms, step),
    )


def _by_unit(aims: Iterable[Aim]) -> Mapping[int, Sequence[Aim]]:
    found: dict[int, list[Aim]] = {}
    for aim in sorted(aims, key=lambda aim: -aim.from_index):
        found.setdefault(aim.unit, []).append(aim)
    return found


def _steady(measure: Measure, terms: Terms, step: Decimal) -> Decimal | None:
    """For what has a minimum step, every change that reaches it has moved."""
    if terms.rule in STEPPED:
        return step - measure.shown.last_digit
    if measure.steady_band is not None:
        return measure.steady_band
    return defaults.STEADY_POINTS if measure.shown.kind is PERCENTAGE.kind else None


def aim_of(on: Scales, unit: int, index: int) -> Aim | None:
    """The target in force: the unit's own hides the trust's from its first period on."""
    for whose in (unit, on.given.trust):
        for aim in on.aims.get(whose, ()):
            if aim.from_index <= index:
                return aim
    return None


def way_of(
    on: Scales, aim: Aim, target: Decimal, begun: Beginning | None
) -> tuple[StraightLine | Steps, int] | None:
    """The way to a target, with the index of the term from which it counts.

    None without a path, or for a straight one without a dated start.
    """
    if not aim.path:
        return None
    start = None if begun is None else begun.since
    baseline = None if begun is None else begun.value
    if aim.path == "steps":
        zero = aim.from_index if start is None else start
        return Steps(tuple((index - zero, value) for index, value in aim.steps), baseline), zero
    due = due_of(on.given, on.promise, on.clause).day or on.given.plan_ends
    # The first day of a term closes the one before: "ready by 1 September".
    last = index_of(due - timedelta(days=1))
    if start is None or baseline is None or last <= start:
        return None
    return StraightLine(baseline, target, last - start, on.shown.decimals), start
