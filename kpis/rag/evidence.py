"""The figures that a reading of one unit is judged by.

`together` gives the same `Evidence` of all schools, so one function judges either.

Source: docs/rag.md, Which figure counts.
"""

from decimal import Decimal
from typing import NamedTuple

from kpis.rag.begin import Beginning, before, beginning
from kpis.rag.choose import base_of, choose, figure_of, is_too_small, outside_its_time
from kpis.rag.gap import Pair
from kpis.rag.given import Answer, Clause, Given, Measure, Period, Reading, Terms, Unit
from kpis.rag.others import now_and_then
from kpis.rag.periods import in_force_now
from kpis.rag.pool import Pool, Sum
from kpis.rag.verdict import Mark, Verdict


class Evidence(NamedTuple):
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
    answer, period, last = chosen.answer, chosen.period, chosen.last
    figure = None
    if chosen.instead is None and answer is not None and period is not None:
        figure = figure_of(answer, measure)
    evidence = Evidence(
        unit,
        period=period,
        figure=figure,
        instead=chosen.instead,
        marks=chosen.marks,
        asked=chosen.asked,
        last=None if last is None else figure_of(last, measure),
        last_period=None if last is None else last.period,
    )
    if figure is None or answer is None or period is None:
        return evidence
    terms = clause.in_force(period.index)
    return _with_the_past(given, reading, measure, terms, answer, period, evidence)


def _with_the_past(
    given: Given,
    reading: Reading,
    measure: Measure,
    terms: Terms,
    answer: Answer,
    period: Period,
    evidence: Evidence,
) -> Evidence:
    """The same with what the figure is held against: its start, the time before, the others."""
    unit, group = evidence.unit, terms.group
    begun = beginning(given, measure, reading, terms, unit, group, period)
    previous = before(given, measure, unit, group, period)
    was = None
    if previous is not None and not is_too_small(given, measure, previous):
        was = figure_of(previous, measure)
    evidence = evidence._replace(
        base=base_of(answer, measure),
        beginning=_enough(given, measure, begun),
        earlier=_earlier(given, measure, reading, terms, unit, period),
        before=was,
        before_period=None if was is None or previous is None else previous.period,
    )
    if terms.rule != "gap":
        return evidence
    gap = now_and_then(given, reading, measure, terms, unit, answer)
    return evidence._replace(
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


def _earlier(
    given: Given, measure: Measure, reading: Reading, terms: Terms, unit: Unit, period: Period
) -> tuple[tuple[int, Decimal], ...]:
    """What was judged before, of enough pupils, in the unit's own time.

    Only on a way to a target is it asked for.
    """
    if not has_a_way(reading, terms):
        return ()
    return tuple(
        (answer.period.index, figure)
        for answer in given.answers.get((measure.id, unit.id, terms.group), ())
        if answer.period.index < period.index
        and (figure := figure_of(answer, measure)) is not None
        and not is_too_small(given, measure, answer)
        and outside_its_time(unit, answer.period) is None
    )


def has_a_way(reading: Reading, terms: Terms) -> bool:
    """Whether a target is judged by the way there, so that what was met before counts."""
    return terms.rule == "threshold" and any(aim.path for aim in reading.aims)
