"""The figures that a reading of one unit is judged by.

`together` gives the same `Evidence` of all schools, so one function judges either.

Source: docs/rag.md, Which figure counts.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from kpis.rag.begin import Beginning, before, beginning
from kpis.rag.choose import Chosen, base_of, choose, exact, is_too_small, outside_its_time, shown_as
from kpis.rag.gap import Pair
from kpis.rag.given import Clause, Given, Measure, Period, Reading, Terms, Unit
from kpis.rag.others import now_and_then
from kpis.rag.periods import in_force_now
from kpis.rag.pool import Pool, Sum
from kpis.rag.verdict import Mark, Verdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """All the figures of one reading, as shown, and the verdict where there are none.

    ``unit`` is whose comparator is looked up. For a gap, ``reference`` is the
    other group's figure, ``others`` its words, and ``then`` both of them at the
    baseline. ``earlier`` holds the figures before this one as (index of the
    period, figure). ``together`` is the pool or sum of the ``things`` that a
    trust's figure comes from.
    """

    unit: Unit
    period: Period | None = None
    figure: Decimal | None = None
    base: int | None = None
    instead: Verdict | None = None
    marks: frozenset[Mark] = frozenset()
    asked: bool = True
    beginning: Beginning | None = None
    before: Decimal | None = None
    before_period: Period | None = None
    reference: Decimal | None = None
    others: str = ""
    then: Pair | None = None
    before_pair: Pair | None = None
    earlier: tuple[tuple[int, Decimal], ...] = ()
    together: Pool | Sum | None = None
    things: str = "schools"
    of_all: Decimal | None = None
    note: str = ""
    last: Decimal | None = None
    last_period: Period | None = None


def of_unit(
    given: Given, clause: Clause, reading: Reading, measure: Measure, unit: Unit
) -> Evidence:
    """What one unit has sent for one reading."""
    chosen = choose(given, measure, unit, in_force_now(given, clause).group)
    evidence = _beside(unit, measure, chosen)
    if chosen.instead is not None or chosen.answer is None or chosen.period is None:
        return replace(evidence, instead=chosen.instead)
    figure, period = exact(chosen.answer, measure), chosen.period
    if figure is None:
        return evidence
    terms = clause.in_force(period.index)
    shown = shown_as(measure)
    evidence = replace(
        evidence,
        figure=shown.figure(figure),
        base=base_of(chosen.answer, measure),
        beginning=_enough(
            given, measure, beginning(given, measure, reading, terms, unit, terms.group, period)
        ),
        earlier=_earlier(given, measure, terms, unit, period),
    )
    if previous := before(given, measure, unit, terms.group, period):
        value = exact(previous, measure)
        if value is not None and not is_too_small(given, measure, previous):
            evidence = replace(evidence, before=shown.figure(value), before_period=previous.period)
    if terms.rule != "gap":
        return evidence
    gap = now_and_then(given, reading, measure, terms, unit, chosen.answer)
    return replace(
        evidence,
        figure=None if gap.instead else evidence.figure,
        instead=gap.instead,
        marks=evidence.marks | gap.marks,
        reference=gap.reference,
        others=gap.others,
        then=gap.then,
        before_pair=gap.before,
    )


def _enough(given: Given, measure: Measure, start: Beginning | None) -> Beginning | None:
    """A figure about too few pupils to be judged is nobody's baseline either."""
    if start is None or start.answer is None or not is_too_small(given, measure, start.answer):
        return start
    return None


def _beside(unit: Unit, measure: Measure, chosen: Chosen) -> Evidence:
    last = exact(chosen.last, measure) if chosen.last is not None else None
    return Evidence(
        unit,
        period=chosen.period,
        marks=chosen.marks,
        asked=chosen.asked,
        last=None if last is None else shown_as(measure).figure(last),
        last_period=chosen.last.period if chosen.last is not None else None,
    )


def _earlier(
    given: Given, measure: Measure, terms: Terms, unit: Unit, period: Period
) -> tuple[tuple[int, Decimal], ...]:
    """What was judged before: of enough pupils, in the unit's own time."""
    if terms.rule != "threshold":
        return ()
    shown = shown_as(measure)
    return tuple(
        (answer.period.index, shown.figure(figure))
        for answer in given.answers.get((measure.id, unit.id, terms.group), ())
        if answer.period.index < period.index
        and (figure := exact(answer, measure)) is not None
        and not is_too_small(given, measure, answer)
        and outside_its_time(unit, answer.period) is None
    )
