"""The last nine terms of one figure, each judged as it was then: the small line beside a number."""

from dataclasses import replace

from kpis.rag.lines import line_of
from kpis.rag.periods import asked_period
from kpis.rag.verdict import Mark, Reason
from kpis.rag.weigh import FIGURE_RULES

from . import charts
from .pooling import trust_said

TERMS_BACK = 9


def alone(given, school):
    """The same facts with no other school in them.

    A school's verdicts never depend on another school, so they come out the
    same, in a tenth of the time. What is said of the trust does not: never show
    a trust's line that was judged on this.
    """
    units = {
        pk: unit
        for pk, unit in given.units.items()
        if pk in (given.trust, school.id) or unit.parent == school.id or school.id in unit.serves
    }
    return replace(given, units=units)


def school_figures(facts, promise, clause, school, unit, measure):
    """Those of one school. ``unit`` is the school, or the part of it that answers:
    figures of two phases are never one line."""
    given = alone(facts.given, school)

    def said_of(_, line):
        return line.units.get(unit.id)

    return _figures(facts, given, promise, clause, measure, said_of)


def trust_figures(facts, promise, clause, measure):
    """Those of all schools together, without terms in which some were missing.

    For those who see every figure: nothing small is hidden here.
    """

    def said_of(then, line):
        said = trust_said(then, line)
        is_in_part = said.verdict.reason is Reason.PARTIAL or Mark.PARTIAL in said.verdict.marks
        return None if is_in_part else said

    return _figures(facts, facts.given, promise, clause, measure, said_of)


def _figures(facts, given, promise, clause, measure, said_of):
    """The figures of one measure along its terms, None for a gap; none before its last break."""
    if clause.in_force(given.term.index).rule not in FIGURE_RULES or measure is None:
        return []
    readings = tuple(reading for reading in clause.readings if reading.measure == measure)
    its, asked = replace(clause, readings=readings), given.measures[measure]
    axis, told = set(), {}
    for index in _terms(facts, asked):
        if period := asked_period(given, asked, index):
            axis.add(period.index)
        then = replace(given, term=facts.terms[index])
        said = said_of(then, line_of(then, promise, its))
        if said is not None and said.figure is not None and said.period is not None:
            told[said.period.index] = said.figure
    since = max((first for first, _ in asked.breaks), default=0)
    return [told.get(index) for index in sorted(axis | told.keys()) if index >= since]


def _terms(facts, measure):
    """The last nine; of what follows the seasons, the same term of each year."""
    part = facts.given.term.index % 3
    every = [i for i in sorted(facts.terms) if not measure.seasonal or i % 3 == part]
    return every[-TERMS_BACK:]


def spark_of(figures, target, shown):
    """A small line of them on a scale of their own, with the target; None for fewer than two."""
    told = [figure for figure in figures if figure is not None]
    if len(told) < 2:
        return None
    on_scale = told if target is None else [*told, target]
    low, high = min(on_scale), max(on_scale)
    if low == high:
        low, high = low - 1, high + 1
    words = ", ".join(map(shown.write, told))
    say = f"Last figures: {words}"
    return charts.sparkline(figures, target=target, low=low, high=high, say=say)
