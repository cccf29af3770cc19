"""The figures that a reading of one unit is judged by.

`together` gives the same `Evidence` of all schools, so one function judges either.

Source: docs/rag.md, Which figure counts.
"""

from decimal import Decimal
from typing import NamedTuple

from kpis.rag.begin import Beginning, before, beginning
from kpis.rag.choose import Chosen, base_of, choose, figure_of, is_too_small, outside_its_time
from kpis.rag.gap import Pair
from kpis.rag.given import Answer, Clause, Given, Measure, Period, Reading, Terms, Unit
from kpis.rag.others import now_and_then
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
    given: Given, clause: Clause, reading: Reading, measure: Measure, group: str, unit: Unit
) -> Evidence:
    """What one unit has sent for one reading, about the pupils of ``group``."""
    chosen = choose(given, measure, unit, group)
    answer, period = chosen.answer, chosen.period
    if chosen.instead is None and answer is not None and period is not None:
        figure = figure_of(answer, measure)
        if figure is not None:
            terms = clause.in_force(period.index)
            return _with_its_past(given, reading, measure, terms, unit, chosen, answer, figure)
    last = chosen.last
    return Evidence(
        unit,
        period=period,
        instead=chosen.instead,
        marks=chosen.marks,
        asked=chosen.asked,
        last=None if last is None else figure_of(last, measure),
        last_period=None if last is None else last.period,
    )


def _with_its_past(
    given: Given,
    reading: Reading,
    measure: Measure,
    terms: Terms,
    unit: Unit,
    chosen: Chosen,
    answer: Answer,
    figure: Decimal,
) -> Evidence:
    """A figure with what it is held against: its start, the time before, the others."""
    period, last = answer.period, chosen.last
    begun = beginning(given, measure, reading, terms, unit, terms.group, period)
    previous = before(given, measure, unit, terms.group, period)
    was = None
    if previous is not None and not is_too_small(given, measure, previous):
        was = figure_of(previous, measure)
    gap = None
    if terms.rule == "gap":
        gap = now_and_then(given, reading, measure, terms, unit, answer, begun, previous)
    return Evidence(
        unit,
        period=period,
        figure=None if gap and gap.instead else figure,
        base=base_of(answer, measure),
        instead=gap.instead if gap else None,
        marks=chosen.marks | gap.marks if gap else chosen.marks,
        asked=chosen.asked,
        beginning=_enough(given, measure, begun),
        before=was,
        before_period=previous.period if previous is not None and was is not None else None,
        reference=gap.reference if gap else None,
        others=gap.others if gap else "",
        then=gap.then if gap else None,
        before_pair=gap.before if gap else None,
        earlier=_earlier(given, measure, reading, terms, unit, period),
        last=None if last is None else figure_of(last, measure),
        last_period=None if last is None else last.period,
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
