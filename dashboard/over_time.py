"""One clause through the terms: its figures, the way to the target, the outside figure.

Each earlier term is judged as it was judged then, by the same rules, so a
chart never shows a figure that no page has shown.
"""

import itertools
from dataclasses import dataclass, replace
from decimal import Decimal

from kpis.rag import outside
from kpis.rag.begin import beginning
from kpis.rag.due import due_of
from kpis.rag.given import Basis, Period, index_of, nominal_days
from kpis.rag.judging import judge_one
from kpis.rag.line import StraightLine
from kpis.rag.periods import asked_period
from kpis.rag.scales import aim_of, scales, way_of
from kpis.rag.verdict import Mark, Reason
from kpis.rag.weigh import FIGURE_RULES

from . import charts
from .cells import term_name
from .pooling import trust_said

TERMS_BACK = 9
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True, slots=True)
class Past:
    """What one clause said in each earlier term: {index of the period: Said}, by unit.

    ``trust`` is the number of the trust's own unit; its figure is that of all
    schools together where the clause is promised by each.
    """

    clause: object
    axis: tuple[int, ...]
    by_unit: dict
    trust: int

    def values(self, unit):
        """The figures of a unit along the axis, None where there is none."""
        said = self.by_unit.get(unit, {})
        return [said[index].figure if index in said else None for index in self.axis]


def past_of(facts, promise, clause, small):
    """Judge the earlier terms of one clause; None where it has no figures.

    ``small`` keeps back from the trust's line what would show a small number.
    """
    given = facts.given
    terms = clause.in_force(given.term.index)
    if terms.rule not in FIGURE_RULES or not clause.readings:
        return None
    measure = given.measures[clause.readings[0].measure]
    axis = _axis(given, measure, facts.terms)
    by_unit = {}
    alone = replace(promise, clauses=(clause,))
    for collecting in _terms_back(facts, measure):
        line = small.of(judge_one(replace(given, term=collecting), alone)).lines[0]
        whose = {given.trust: trust_said(given, line), **line.schools}
        for unit, said in whose.items():
            if said.figure is not None and said.period is not None and not _is_in_part(said):
                by_unit.setdefault(unit, {})[said.period.index] = said
    found = {index for said in by_unit.values() for index in said}
    return Past(clause, tuple(sorted(axis | found)), by_unit, given.trust)


def _is_in_part(said):
    """The figure of some schools, which those of all must not be compared with."""
    return said.verdict.reason is Reason.PARTIAL or Mark.PARTIAL in said.verdict.marks


def _terms_back(facts, measure):
    """The terms to judge: the last nine, or of what follows the seasons the same of each year."""
    last = facts.given.term.index
    terms = [
        collecting
        for index, collecting in sorted(facts.terms.items())
        if not measure.seasonal or index % 3 == last % 3
    ]
    return terms[-TERMS_BACK:]


def _axis(given, measure, terms):
    """The periods that the returns have asked about."""
    collecting = [
        index
        for index in sorted(terms)
        if not measure.seasonal or index % 3 == given.term.index % 3
    ]
    asked = (asked_period(given, measure, index) for index in collecting[-TERMS_BACK:])
    return {period.index for period in asked if period is not None}


# The chart


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, its title, and the same as a table: heads and rows of text."""

    drawing: charts.LineChart | None
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def chart_of(facts, promise, past, unit, name, others=()):
    """Draw one unit's figures, the way to its target and the outside figure.

    ``name`` is whose the line is, ``others`` are units drawn as grey context.
    """
    given = facts.given
    on = scales(given, promise, past.clause, past.clause.readings[0], None)
    said = past.by_unit.get(unit.id, {})
    axis, target = _with_target(given, promise, past, on, unit, said)
    own = [said[index].figure if index in said else None for index in axis]
    england = _outside(given, on, unit, axis)
    breaks = [(axis.index(first), why) for first, why in on.measure.breaks if first in axis[1:]]

    lines = [charts.Line("", _along(axis, past, other), "context") for other in others]
    lines += _split(name, own, breaks)
    if any(value is not None for value in target):
        lines.append(charts.Line("Target", target, "target"))
    if any(value is not None for value in england):
        lines.append(charts.Line(_provider(given, on), england, "outside"))

    periods = [term_name(index) for index in axis]
    title = _finding(on.measure, [value for value in own if value is not None])
    drawing = charts.line_chart(
        periods=periods,
        lines=lines,
        say=f"{title}. {_said(name, on, own, axis)}",
        unit="%" if on.shown.kind == "percentage" else "",
        breaks=breaks,
    )
    columns = [(name, own), ("Target", target), (_provider(given, on), england)]
    columns = [(head, values) for head, values in columns if any(v is not None for v in values)]
    rows = tuple(
        (period, tuple(_written(on, values[place]) for _, values in columns))
        for place, period in enumerate(periods)
    )
    return Chart(drawing, title, _note(on, name), tuple(head for head, _ in columns), rows)


def _along(axis, past, unit):
    said = past.by_unit.get(unit, {})
    return [said[index].figure if index in said else None for index in axis]


def _split(name, own, breaks):
    """One line, or one for each side of a break: what changed there is not joined."""
    edges = [0, *(place for place, _ in breaks), len(own)]
    lines = []
    for first, end in itertools.pairwise(edges):
        part = [value if first <= place < end else None for place, value in enumerate(own)]
        lines.append(charts.Line(name if end == len(own) else "", part, "own"))
    return lines


def _with_target(given, promise, past, on, unit, said):
    """The axis with the terms to come, and the target along it."""
    axis = list(past.axis)
    if on.terms.rule not in ("threshold", "compare") or not axis:
        return axis, [None] * len(axis)
    aim = aim_of(on, unit.id, given.term.index) if on.terms.rule == "threshold" else None
    target = [_bar(said.get(index)) for index in axis]
    if aim is None or aim.value is None:
        return axis, [None] * len(axis)
    target = [
        value if value is not None or not _is_in_plan(given, index) else aim.value
        for index, value in zip(axis, target, strict=True)
    ]
    to_come = _to_come(given, promise, past, on)
    last = said.get(axis[-1])
    way = None if _has_met(last, aim) else _way(on, aim, unit, axis[-1], last)
    return [*axis, *to_come], target + [_expected(aim, way, index) for index in to_come]


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


def _outside(given, on, unit, axis):
    """The outside figure of each period, None where none is published."""
    if on.measure.series is None or on.terms.rule == "gap":
        return [None] * len(axis)
    found = []
    for index in axis:
        period = _period(on, index)
        one = outside.find(given, on.measure, on.terms, unit, period, on.shown)
        is_its_own = one is not None and not one.stands_in
        found.append(one.figure if is_its_own else None)
    return found


def _period(on, index):
    """A stand-in for the period of a figure: only its span and index are asked for."""
    year, part = divmod(index, 3)
    starts, ends = nominal_days(index)
    return Period(on.measure.basis, year, part + 1, starts, ends, term_name(index))


def _provider(given, on):
    series = outside.series_for(given, on.measure, on.terms)
    return series.provider if series else "Outside figure"


def _written(on, value):
    return "" if value is None else on.shown.write(value)


def _note(on, name):
    if on.measure.seasonal:
        season = term_name(on.given.term.index).split()[0].lower()
        return f"{name}, {season} to {season}"
    return name


def _said(name, on, own, axis):
    """The last figure and the first, for those who listen."""
    told = [(index, value) for index, value in zip(axis, own, strict=True) if value is not None]
    if not told:
        return f"{name}: no figure yet."
    first, last = told[0], told[-1]
    words = f"{name}: {on.shown.write(last[1])} in {term_name(last[0])}"
    if first != last:
        words += f", {on.shown.write(first[1])} in {term_name(first[0])}"
    return f"{words}."


def _finding(measure, values):
    """What the line shows, as the title says it."""
    if len(values) < 2:
        return f"{measure.name} over time"
    run = _run(values)
    if run == 0:
        return f"{measure.name} has not moved"
    verb = "risen" if run > 0 else "fallen"
    times = abs(run)
    if times == 1:
        return f"{measure.name} has {verb} since the time before"
    many = NUMBERS[times] if times < len(NUMBERS) else str(times)
    return f"{measure.name} has {verb} {many} times running"


def _run(values):
    """How often the last figures rose running, or fell: 3, -2; 0 for no change."""
    steps = [b - a for a, b in itertools.pairwise(values)]
    run = 0
    for step in reversed(steps):
        if step == 0 or (run and (step > 0) != (run > 0)):
            break
        run += 1 if step > 0 else -1
    return run


def sparks(past, units, shown, target):
    """A small line for each unit, all on one scale: {unit: Sparkline}."""
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
            line, target=target, low=low, high=high, say=_spark_words(line, shown)
        )
        for unit, line in values.items()
        if sum(value is not None for value in line) > 1
    }


def _spark_words(line, shown):
    told = [shown.write(value) for value in line if value is not None]
    return f"Last figures: {', '.join(told)}"
