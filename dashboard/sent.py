"""What units have sent about one measure, by period: looked up once, and not judged.

The rules say what counts, here as anywhere: figures in a unit's own time, the
rest of its pupils as all minus the group, pooled figures from counts alone.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from kpis.rag.choose import base_of, figure_of, minimum, outside_its_time, shown_as
from kpis.rag.grey import too_few
from kpis.rag.once import once
from kpis.rag.others import reference_answer


@dataclass(frozen=True, slots=True)
class Together:
    """A figure as shown, and how many it is about."""

    figure: Decimal
    count: int | None


@once
def _by_measure(given):
    """{measure: [(unit, group, answers)]}: a page of one school asks for every measure in turn."""
    found = defaultdict(list)
    for (measure, pk, code), answers in given.answers.items():
        found[measure].append((pk, code, answers))
    return found


class Sent:
    """The answers of some units to one measure."""

    def __init__(self, given, measure, units):
        self.given, self.measure = given, measure
        self.units = {unit.id: unit for unit in units}
        self.shown, self.floor = shown_as(measure), minimum(given, measure)
        self.periods = {}
        self._told, self._none = defaultdict(dict), {}
        self._only, self._rest, self._terms = {}, {}, {}
        for pk, code, answers in _by_measure(given)[measure.id]:
            if pk in self.units:
                self._take(pk, code, answers)

    def _take(self, pk, code, answers):
        unit = self.units[pk]
        was_there = unit.left is None and unit.joined <= answers[0].period.starts  # oldest first
        for answer in answers:
            period = answer.period
            if answer.why_none is not None:
                self._none[period.index, pk, code] = answer
            elif was_there or outside_its_time(unit, period) is None:
                self.periods[period.index] = period
                self._told[period.index][pk, code] = answer

    def answer(self, pk, code, index):
        """A figure of a unit and group in a period, or None."""
        return self._told[index].get((pk, code)) if index in self._told else None

    def reason(self, pk, code, index):
        """The answer that says why there is no figure, or None."""
        return self._none.get((index, pk, code))

    def rest(self, pk, terms, index):
        """The answer of those that a gap of this unit is measured against."""
        key = pk, terms.group, terms.against, index
        if key not in self._rest:
            period = self.periods[index]
            self._rest[key] = reference_answer(
                self._in_period(index), self.measure, self.units[pk], terms, period
            )
        return self._rest[key]

    def others(self, pk, terms, code, index):
        """All other pupils of a unit, whatever the clause compares with."""
        if (code, id(terms)) not in self._terms:
            self._terms[code, id(terms)] = replace(terms, group=code, against="same_school")
        return self.rest(pk, self._terms[code, id(terms)], index)

    def _in_period(self, index):
        """The same facts with the answers of one period alone: quick to search."""
        if index not in self._only:
            answers = {
                (self.measure.id, pk, code): (answer,)
                for (pk, code), answer in self._told[index].items()
            }
            self._only[index] = replace(self.given, answers=answers)
        return self._only[index]

    def is_few(self, count):
        """Whether something is about too few to be judged."""
        return too_few(self.floor, count)

    def figure(self, answer):
        """One answer as shown; None where it is of nobody or of too few."""
        if answer is None or self.is_few(base_of(answer, self.measure)):
            return None
        return figure_of(answer, self.measure)

    def together(self, answers):
        """One figure of some answers; never the mean of their figures. None without counts."""
        if len(answers) == 1:
            figure = figure_of(answers[0], self.measure)
            return None if figure is None else Together(figure, base_of(answers[0], self.measure))
        part = whole = 0
        for answer in answers:
            if answer.denominator is None:
                continue
            own = answer.numerator
            if self.measure.counts == "weight":
                own = None if answer.value is None else answer.value * answer.denominator
            if own is not None:
                part += own
                whole += answer.denominator
        if not whole:
            return None
        share = Fraction(self.measure.per) * Fraction(part) / Fraction(whole)
        return Together(self.shown.figure(share), int(whole))
