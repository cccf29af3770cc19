"""One clause through the terms: its figures, the way to the target, the outside figure."""

import itertools
from dataclasses import dataclass
from decimal import Decimal

from kpis.rag import outside
from kpis.rag.begin import beginning
from kpis.rag.due import due_of
from kpis.rag.given import Basis, Period, index_of, nominal_days
from kpis.rag.line import StraightLine
from kpis.rag.scales import aim_of, scales, way_of

from .. import charts
from ..cells import term_name
from ..past import TERMS_BACK
from .chart_words import finding, not_drawn, one_only, outside_notes, provider_name, subtitle
from .line_chart import Line, LineChart, line_chart

PICKED = ("second", "third", "fourth")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, its title, and the same as a table: heads and rows of text.

    ``lines`` are what was drawn along ``periods``, for whoever draws it anew,
    ``table`` the rows with figures as numbers.
    """

    drawing: LineChart | None
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    remarks: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    breaks: tuple[tuple[int, str], ...] = ()
    unit: str = ""
    say: object = None
    table: tuple[tuple, ...] = ()


def chart_of(facts, promise, past, reading, unit, name, now=None, picked=(), others=()):
    """Draw one unit's figures, the way to its target and the outside figure.

    ``name`` is whose the line is, ``now`` what is said of it in this term;
    ``picked`` are (unit, name) of schools drawn beside it, ``others`` units
    drawn as grey context.
    """
    given = facts.given
    on = scales(given, promise, past.clause, reading, None)
    said = past.by_unit.get(unit.id, {})
    axis, target, jumps = _with_target(given, promise, past, on, unit, said, now)
    own = _along(axis, past, unit.id)
    beside = [(whose, _along(axis, past, pk)) for pk, whose in picked]
    aside, aside_name = _outside(given, on, unit, axis), provider_name(given, on)
    breaks = tuple(
        (axis.index(first), f"Definition changed {term_name(first)}")
        for first, _ in on.measure.breaks
        if first in axis[1:]
    )
    target_name = "Baseline" if on.terms.rule in ("trend", "gap") else "Target"

    lines = [Line("", _along(axis, past, other), "context") for other in others]
    lines += split(name, own, breaks, "own")
    for kind, (whose, values) in zip(PICKED, beside, strict=False):
        lines += split(whose, values, breaks, kind)
    if any(value is not None for value in target):
        lines.append(Line(target_name, target, "target", jumps))
    if any(value is not None for value in aside):
        lines.append(Line(aside_name, aside, "outside"))

    periods = tuple(term_name(index) for index in axis)
    title = finding(on, said, max(past.axis, default=0))
    say = on.shown.distance if on.terms.rule == "gap" else on.shown.write
    unit_sign = "%" if on.shown.kind == "percentage" and on.terms.rule != "gap" else ""
    drawing = line_chart(
        periods=periods,
        lines=lines,
        say=f"{title}. {_said(name, say, own, axis)}",
        unit=unit_sign,
        breaks=breaks,
        steady=max((one.steady for one in said.values()), default=Decimal(0)),
    )
    columns = [(name, own), *beside, (target_name, target), (aside_name, aside)]
    columns = [(head, values) for head, values in columns if any(v is not None for v in values)]
    rows = tuple(
        (period, tuple(_written(say, values[place]) for _, values in columns))
        for place, period in enumerate(periods)
    )
    remarks = [
        drawing.axis_note if drawing else "",
        not_drawn(on, said, now),
        one_only(own, axis),
        *outside_notes(given, on, unit, axis, aside),
        *_breaks_in_words(on, axis),
    ]
    return Chart(
        drawing=drawing,
        title=title,
        note=subtitle(on, name),
        heads=tuple(head for head, _ in columns),
        rows=rows,
        remarks=tuple(words for words in remarks if words),
        periods=periods,
        lines=tuple(lines),
        breaks=breaks,
        unit=unit_sign,
        say=say,
        table=tuple(
            (period, *(values[place] for _, values in columns))
            for place, period in enumerate(periods)
        ),
    )


def _breaks_in_words(on, axis):
    for first, why in on.measure.breaks:
        if first in axis:
            words = f"Definition changed {term_name(first)}: {why.rstrip('.')}."
            yield f"{words} Figures before and after are not joined."


def _along(axis, past, unit):
    told = dict(zip(past.axis, past.values(unit), strict=True))
    return [told.get(index) for index in axis]


def split(name, own, breaks, kind):
    """One line, or one for each side of a break: what changed there is not joined."""
    edges = [0, *(place for place, _ in breaks), len(own)]
    parts = [
        [value if first <= place < end else None for place, value in enumerate(own)]
        for first, end in itertools.pairwise(edges)
    ]
    told = [part for part in parts if any(value is not None for value in part)]
    return [Line(name if part is told[-1] else "", part, kind) for part in told]


# The target


def _with_target(given, promise, past, on, unit, said, now):
    """The axis with the terms to come, the target along it, and where it was changed."""
    axis, none = list(past.axis), frozenset()
    if not axis:
        return axis, [], none
    if on.terms.rule in ("trend", "gap"):
        start = None if now is None else now.target
        return axis, [start if _is_in_plan(given, index) else None for index in axis], none
    aim = aim_of(on, unit.id, given.term.index) if on.terms.rule == "threshold" else None
    if aim is None or aim.value is None:
        return axis, [None] * len(axis), none
    target = [_bar(said.get(index)) for index in axis]
    for place, index in enumerate(axis):
        if target[place] is None and _is_in_plan(given, index):
            then = aim_of(on, unit.id, index)
            target[place] = aim.value if then is None or then.path else then.value
    to_come = _to_come(given, promise, past, on)
    last = said.get(axis[-1])
    way = None if _has_met(last, aim) else _way(on, aim, unit, axis[-1], last)
    target += [_expected(aim, way, index) for index in to_come]
    axis += to_come
    return axis, target, _jumps(on, unit, axis, aim)


def _jumps(on, unit, axis, aim):
    """The places at which another target begins, or a step of one is due."""
    if aim.path == "steps":
        return frozenset(range(len(axis)))
    whose = [aim_of(on, unit.id, index) for index in axis]
    return frozenset(place for place in range(1, len(axis)) if whose[place] is not whose[place - 1])


def _has_met(said, aim):
    """Whether the target in force has been met: from then on nothing less is expected."""
    if said is None or said.target != aim.value:
        return False
    return said.expected == said.target or bool(said.verdict.target_met)


def _bar(said):
    if said is None:
        return None
    return said.target if said.expected is None else said.expected


def _is_in_plan(given, index):
    return index >= index_of(given.plan_starts)


def _to_come(given, promise, past, on):
    """The periods after the last figure up to the day that the target is due."""
    day = due_of(given, promise, past.clause).day or given.plan_ends
    axis = past.axis
    is_yearly = on.measure.seasonal or on.measure.basis in (
        Basis.ACADEMIC_YEAR,
        Basis.FINANCIAL_YEAR,
    )
    return range(axis[-1] + (3 if is_yearly else 1), index_of(day) + 1, 3 if is_yearly else 1)


def _way(on, aim, unit, now, said):
    """The way to the target with the term from which it counts; None where there is none.

    That of all schools together starts from figures of them all: what is left
    of it goes straight from what is expected now.
    """
    period = on.given.term.period
    begun = beginning(on.given, on.measure, on.reading, on.terms, unit, on.terms.group, period)
    way = way_of(on, aim, aim.value, begun)
    if way is not None or said is None or said.expected is None:
        return way
    due = due_of(on.given, on.promise, on.clause).day or on.given.plan_ends
    terms = index_of(due) - now
    return (
        (StraightLine(said.expected, aim.value, terms, on.shown.decimals), now) if terms else None
    )


def _expected(aim, way, index):
    """The place on the way to the target in a period to come."""
    if way is None:
        return aim.value
    path, start = way
    return path.expected(index - start)


# The outside figure


def _outside(given, on, unit, axis):
    """The outside figure of each period, None where none is published."""
    if on.measure.series is None or on.terms.rule == "gap":
        return [None] * len(axis)
    found = []
    for index in axis:
        one = outside.find(given, on.measure, on.terms, unit, _period(on, index), on.shown)
        is_its_own = one is not None and not one.stands_in
        found.append(one.figure if is_its_own else None)
    return found


def _period(on, index):
    """A stand-in for the period of a figure: only its span and index are asked for."""
    year, part = divmod(index, 3)
    starts, ends = nominal_days(index)
    return Period(on.measure.basis, year, part + 1, starts, ends, term_name(index))


# Text


def _written(say, value):
    return "" if value is None else say(value)


def _said(name, say, own, axis):
    """The last figure and the first, for those who listen."""
    told = [(index, value) for index, value in zip(axis, own, strict=True) if value is not None]
    if not told:
        return f"{name}: no figure yet."
    first, last = told[0], told[-1]
    words = f"{name}: {say(last[1])} in {term_name(last[0])}"
    if first != last:
        words += f", {say(first[1])} in {term_name(first[0])}"
    return f"{words}."


# Beside a number


def sparks(past, units, write, target):
    """A small line for each unit, all on one scale: {unit: Sparkline}.

    ``write`` gives the words of a figure: a gap is a distance, in points.
    """
    values = {unit: past.values(unit)[-TERMS_BACK:] for unit in units}
    told = [value for line in values.values() for value in line if value is not None]
    if target is not None:
        told.append(target)
    if not told:
        return {}
    low, high = min(told), max(told)
    if low == high:
        low, high = low - Decimal(1), high + Decimal(1)
    return {
        unit: charts.sparkline(
            line, target=target, low=low, high=high, say=_spark_words(line, write)
        )
        for unit, line in values.items()
        if sum(value is not None for value in line) > 1
    }


def _spark_words(line, write):
    """Where it began and where it is: each figure stands in the history."""
    told = [value for value in line if value is not None]
    return f"{len(told)} figures, from {write(told[0])} to {write(told[-1])}"
