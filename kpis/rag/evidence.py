"""The figures that a reading of one unit is judged by.

`together` gives the same `Evidence` of all schools, so one function judges either.

Source: docs/rag.md, Which figure counts.
"""

from decimal import Decimal
from typing import NamedTuple

from kpis.rag.begin import Beginning, beginning, past
from kpis.rag.choose import Chosen, asking, base_of, figure_of, outside_its_time
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


class Reader:
    """One reading of a clause: finds what a unit has sent for it, about the pupils of a group."""

    def __init__(
        self, given: Given, clause: Clause, reading: Reading, measure: Measure, group: str
    ) -> None:
        self.given, self.clause, self.reading = given, clause, reading
        self.measure, self.group = measure, group
        self._asking, self._past = asking(given, measure), past(given, measure)
        self._in_force: dict[int, Terms] = {}

    def chosen(self, unit: Unit) -> Chosen:
        """The answer that is judged, or what stands in its place."""
        return self._asking.of(unit, self.group)

    def of_unit(self, unit: Unit, chosen: Chosen) -> Evidence:
        """What is judged of one unit, and what it is held against."""
        measure, answer, last = self.measure, chosen.answer, chosen.last
        if answer is not None and chosen.instead is None:
            figure = figure_of(answer, measure)
            if figure is not None:
                return self._with_its_past(unit, chosen, answer, figure)
        return Evidence(
            unit,
            period=chosen.period,
            instead=chosen.instead,
            marks=chosen.marks,
            asked=chosen.asked,
            last=None if last is None else figure_of(last, measure),
            last_period=None if last is None else last.period,
        )

    def _with_its_past(
        self, unit: Unit, chosen: Chosen, answer: Answer, figure: Decimal
    ) -> Evidence:
        """A figure with what it is held against: its start, the time before, the others."""
        given, measure, reading, period = self.given, self.measure, self.reading, answer.period
        terms = self._terms(period.index)
        begun = beginning(given, measure, reading, terms, unit, terms.group, period)
        previous = was = self._past.before(unit, terms.group, period)
        if was is not None and self._asking.is_too_small(was):
            was = None
        before = None if was is None else figure_of(was, measure)
        found = Evidence(
            unit,
            period,
            figure,
            base_of(answer, measure),
            None,
            chosen.marks,
            chosen.asked,
            self._if_enough(begun),
            before,
            None if was is None or before is None else was.period,
            earlier=self._earlier(terms, unit, period) if has_a_way(reading, terms) else (),
        )
        if terms.rule != "gap":
            return found
        gap = now_and_then(given, reading, measure, terms, unit, answer, begun, previous)
        return found._replace(
            figure=None if gap.instead else figure,
            instead=gap.instead,
            marks=chosen.marks | gap.marks,
            reference=gap.reference,
            others=gap.others,
            then=gap.then,
            before_pair=gap.before,
        )

    def _terms(self, index: int) -> Terms:
        terms = self._in_force.get(index)
        if terms is None:
            terms = self._in_force[index] = self.clause.in_force(index)
        return terms

    def _if_enough(self, start: Beginning | None) -> Beginning | None:
        """A figure about too few pupils to be judged is nobody's baseline either."""
        if start is None or start.answer is None or not self._asking.is_too_small(start.answer):
            return start
        return None

    def _earlier(self, terms: Terms, unit: Unit, period: Period) -> tuple[tuple[int, Decimal], ...]:
        """What was judged before, of enough pupils, in the unit's own time."""
        return tuple(
            (answer.period.index, figure)
            for answer in self.given.answers.get((self.measure.id, unit.id, terms.group), ())
            if answer.period.index < period.index
            and (figure := figure_of(answer, self.measure)) is not None
            and not self._asking.is_too_small(answer)
            and outside_its_time(unit, answer.period) is None
        )


def has_a_way(reading: Reading, terms: Terms) -> bool:
    """Whether a target is judged by the way there, so that what was met before counts."""
    return terms.rule == "threshold" and any(aim.path for aim in reading.aims)
