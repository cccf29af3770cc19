"""Which results page 1 names: the worst, what got better, what is on target but falling.

Figures of different units cannot be compared, so how far one is off is taken as
a share of what it is held against. One KPI fills at most two of the places: a
board that reads the same name four times learns less.
"""

from fractions import Fraction

from dashboard.results import got_worse, is_falling
from kpis.rag.verdict import Status

WORST, IMPROVING, FALLING = 4, 3, 3
OF_ONE_KPI = 2


def ranked(chosen):
    """Three lists of (KPI, unit), each in its order; a result with more to say comes first."""
    every = [(one, unit, result) for one in chosen for unit, result in _results(one)]
    off = [found for found in every if found[2].verdict.status is Status.RED]
    off.sort(key=lambda found: (not got_worse(found[2]), -miss_of(found[2])))
    better = [found for found in every if got_better(found[2])]
    better.sort(key=lambda found: -move_of(found[2]))
    falling = [found for found in every if is_falling(found[2])]
    falling.sort(key=lambda found: -move_of(found[2]))
    return _first(off, WORST), _first(better, IMPROVING), _first(falling, FALLING)


def got_better(result):
    """The figure moved to the good side by more than the steady band, and is judged now."""
    said = result.said
    if not result.verdict.status.is_colour:  # an old figure that is only carried
        return False
    if said is None or said.moved is None or said.better == "none" or said.before_period is None:
        return False
    return said.shown is not None and not said.got_worse


def miss_of(result):
    """How far off, as a share of what it is held against; 0 where there is no such number."""
    said = result.said
    if said is None or said.figure is None or said.target is None:
        return Fraction(0)
    bar = said.target if said.expected is None else said.expected
    return _share(said.figure - bar, bar)


def move_of(result):
    """How far the figure moved, as a share of where it was."""
    return _share(result.said.moved, result.said.before)


def _share(by, of):
    return abs(Fraction(by)) / (abs(Fraction(of)) or 1)


def _results(across):
    if across.is_whole:
        return [(unit, across.trust) for unit in across.standings]
    return across.results.items()


def _first(found, most):
    taken, kept = {}, []
    for across, unit, _ in found:
        kpi = across.promise.id
        if taken.get(kpi, 0) < OF_ONE_KPI:
            taken[kpi] = taken.get(kpi, 0) + 1
            kept.append((across, unit))
    return kept[:most]
