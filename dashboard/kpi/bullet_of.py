"""A school's figure as a bullet: against its target, and the bands that its rule makes."""

from kpis.rag import outside
from kpis.rag.scales import scales
from kpis.rag.verdict import Status

from .. import charts
from ..cells import distance_or_figure

LOWER_IS_BETTER = frozenset({"<=", "<"})


class Bullets:
    """The bullets of one clause; schools whose figures are of one measure share a scale."""

    def __init__(self, given, promise, clause):
        self.given, self.promise, self.clause = given, promise, clause
        self.readings = {reading.measure: reading for reading in clause.readings}
        self._on, self._aside = {}, {}

    def of(self, told):
        """{unit number: Bullet}; ``told`` is {unit: what the clause says of it}."""
        by_measure = {}
        for unit, said in told.items():
            if said.figure is not None and said.shown is not None:
                by_measure.setdefault(said.measure, {})[unit] = said
        found = {}
        for its in by_measure.values():
            aside = {unit: self._outside(unit, said) for unit, said in its.items()}
            numbers = [said.figure for said in its.values()]
            numbers += [bar for said in its.values() if (bar := _bar(said)) is not None]
            numbers += [value for value in aside.values() if value is not None]
            on = charts.range_of(numbers)
            for unit, said in its.items():
                found[unit] = charts.bullet(
                    said.figure,
                    on=on,
                    target=_bar(said),
                    edges=self._edges(said),
                    outside=aside[unit],
                    say=_words(said, aside[unit], distance_or_figure(self.clause, said)),
                )
        return found

    def _scales(self, said):
        key = said.measure, said.period.index
        if key not in self._on:
            reading = self.readings[said.measure]
            self._on[key] = scales(self.given, self.promise, self.clause, reading, said.period)
        return self._on[key]

    def _edges(self, said):
        """Where off target ends and on target begins, for the rules that have such numbers."""
        bar = _bar(said)
        if bar is None or said.verdict.status not in COLOURED:
            return None
        on = self._scales(said)
        if on.terms.rule == "threshold":
            side = 1 if on.terms.operator in LOWER_IS_BETTER else -1
            return bar + side * on.margin, bar
        if on.terms.rule == "compare" and on.terms.operator == "in_line_or_better":
            side = 1 if on.measure.better == "lower" else -1
            good = bar + side * on.tolerance
            return good + side * on.margin, good
        return None

    def _outside(self, unit, said):
        """The outside figure of a school with a target of its own to reach."""
        on = self._scales(said)
        if on.terms.rule != "threshold" or on.measure.series is None:
            return None
        it = self.given.units[unit]
        key = said.measure, said.period.index, it.phase, it.place.has_parts and it.id
        if key not in self._aside:
            found = outside.find(self.given, on.measure, on.terms, it, said.period, on.shown)
            self._aside[key] = None if found is None else found.figure
        return self._aside[key]


COLOURED = frozenset({Status.RED, Status.AMBER, Status.GREEN})


def _bar(said):
    return said.target if said.expected is None else said.expected


def _words(said, aside, write):
    words = write(said.figure)
    if _bar(said) is not None:
        words += f", held against {write(_bar(said))}"
    if aside is not None:
        words += f", outside figure {write(aside)}"
    return words
