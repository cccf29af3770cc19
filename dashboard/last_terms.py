"""The last nine terms of one figure: the small line beside a number.

They are those of the chart on the KPI's own page (`dashboard.past`), as far
back as the measure has meant the same.
"""

from . import charts
from .past import past_of, sent_past


def school_figures(facts, promise, clause, unit, measure):
    """Those of one school. ``unit`` is the school, or the part of it that answers:
    figures of two phases are never one line."""
    reading = _reading_of(clause, measure)
    past = reading and sent_past(facts, promise, clause, reading, [unit])
    return _alike(facts, past, unit.id, measure)


def trust_figures(facts, promise, clause, measure, small):
    """Those of all schools together, without terms in which some were missing."""
    reading, trust = _reading_of(clause, measure), facts.given.units[facts.given.trust]
    past = reading and past_of(facts, promise, clause, reading, trust, [], small)
    return _alike(facts, past, trust.id, measure)


def _reading_of(clause, measure):
    return next((one for one in clause.readings if one.measure == measure), None)


def _alike(facts, past, unit, measure):
    """The figures along the axis, None for a gap; none before the last break."""
    if past is None:
        return []
    since = max((first for first, _ in facts.given.measures[measure].breaks), default=0)
    along = zip(past.axis, past.values(unit), strict=True)
    return [figure for index, figure in along if index >= since]


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
