"""The outside figure that a clause compares with: whose, of which period and release.

Source: docs/rag.md, Outside figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.rag.given import ALL_PUPILS, Given, Measure, Outside, Period, Series, Terms, Unit
from kpis.rag.once import ever
from kpis.rag.shown import Shown

_FINALITY = {"provisional": 1, "revised": 2, "final": 3}
# Nobody publishes figures for alternative provision: it compares with special schools.
_PUBLISHED_AS = {"alternative": "special"}
_UNLIKE_ALL_OTHERS = frozenset({"special"})


@dataclass(frozen=True, slots=True)
class Found:
    """A comparator as shown, in words, and whether it stands for another year's."""

    figure: Decimal | None
    low: Decimal | None
    high: Decimal | None
    source: str
    stands_in: bool


def series_for(given: Given, measure: Measure, terms: Terms) -> Series | None:
    """The measure's own series, or the clause's provider of the same thing."""
    own = given.series.get(measure.series) if measure.series is not None else None
    if own is None or not terms.provider or own.provider == terms.provider:
        return own
    others = (
        series
        for series in given.series.values()
        if series.provider == terms.provider
        and series.what == own.what
        and series.basis == own.basis
    )
    return min(others, key=lambda series: series.id, default=None)


def is_by_phase(series: Series | None) -> bool:
    """Whether a series has a figure for each phase and not only one for everyone."""
    return series is not None and any(figure.scope == "phase" for figure in series.figures)


def is_not_published(given: Given, measure: Measure, unit: Unit, period: Period) -> bool:
    """Whether nobody gives an outside figure of a period, so that nobody is asked for one."""
    series = given.series.get(measure.series) if measure.series is not None else None
    if series is None:
        return False
    told = _told_of(given, series.id, period)
    of_period = [figure for figure in told if _reach(figure, unit) is not None]
    # Published after all: what was said before is out of date.
    return bool(of_period) and all(figure.not_published for figure in of_period)


@ever
def _told_of(given: Given, series: int, period: Period) -> tuple[Outside, ...]:
    """What is said about all pupils in a period, not published too."""
    about = _about(given.series[series].figures, period, 0)
    return tuple(figure for figure in about if figure.group == ALL_PUPILS)


@ever
def _published(given: Given, series: int, group: str) -> tuple[Outside, ...]:
    figures = given.series[series].figures
    return tuple(one for one in figures if one.group == group and not one.not_published)


@ever
def _is_by_phase(given: Given, series: int) -> bool:
    return is_by_phase(given.series[series])


def find(
    given: Given,
    measure: Measure,
    terms: Terms,
    unit: Unit,
    period: Period,
    shown: Shown,
    group: str | None = None,
) -> Found | None:
    """The most final figure for this unit, period and group; None if there is none.

    A figure for the unit itself comes before its phase's, then that of its
    phases weighted by their pupils, then everyone's. One printed in the plan
    holds until it is replaced.
    """
    series = series_for(given, measure, terms)
    if series is None:
        return None
    whose = _stand_in(given, series.id, unit)
    return _find(given, series.id, measure, terms, whose, period, shown, group)


def _stand_in(given: Given, series: int, unit: Unit) -> Unit:
    """Somebody for whom the same is published: schools of one phase that have nothing of their own.

    So what is published is looked for once, and not school by school.
    """
    if unit.id in _parents(given) or not unit.codes.isdisjoint(_named(given, series)):
        return unit
    return _first_of_phases(given, series).get(unit.phase, unit)


@ever
def _first_of_phases(given: Given, series: int) -> dict[str, Unit]:
    parents, named, first = _parents(given), _named(given, series), dict[str, Unit]()
    for unit in given.units.values():
        if unit.id not in parents and unit.codes.isdisjoint(named):
            first.setdefault(unit.phase, unit)
    return first


@ever
def _parents(given: Given) -> frozenset[int]:
    parts = (unit for unit in given.units.values() if unit.kind == "part")
    return frozenset(part.parent for part in parts if part.parent is not None)


@ever
def _named(given: Given, series: int) -> frozenset[str]:
    """The codes of the units that have figures of their own in a series."""
    figures = given.series[series].figures
    return frozenset(figure.scope_code for figure in figures if figure.scope == "unit")


@ever
def _find(
    given: Given,
    series_id: int,
    measure: Measure,
    terms: Terms,
    unit: Unit,
    period: Period,
    shown: Shown,
    group: str | None,
) -> Found | None:
    series = given.series[series_id]
    wanted = group or terms.comparator_group or terms.group
    outside = _standing(_published(given, series.id, wanted), terms, unit, period)
    if _is_by_phase(given, series.id) and (outside is None or outside.scope == "everyone"):
        mixed = _mixed(given, measure, terms, unit, period, shown, group)
        if mixed is not None:
            return mixed
    if outside is None:
        return None
    return _as_found(series, outside, period, shown)


def _standing(
    figures: Sequence[Outside], terms: Terms, unit: Unit, period: Period
) -> Outside | None:
    """Of its own period, else last year's where that is wanted, else the plan's own."""
    own = _nearest(_about(figures, period, 0), unit)
    if own is None and terms.carries_release:
        own = _nearest(_about(figures, period, 1), unit)
    return own or _printed(figures, unit, period)


def _about(figures: Sequence[Outside], period: Period, years_back: int) -> list[Outside]:
    index = period.index - 3 * years_back
    return [f for f in figures if f.period.span == period.span and f.period.index == index]


def _nearest(figures: Sequence[Outside], unit: Unit) -> Outside | None:
    reached = [
        (reach, not figure.printed_in_plan, _FINALITY.get(figure.release, 0), figure)
        for figure in figures
        if (reach := _reach(figure, unit)) is not None
    ]
    return max(reached, key=lambda found: found[:3])[3] if reached else None


def _reach(figure: Outside, unit: Unit) -> int | None:
    """How near a figure is to a unit: its own 2, its phase's 1, everyone's 0.

    Special schools are like no others: only what the plan itself prints for
    everyone is meant for them too.
    """
    phase = _PUBLISHED_AS.get(unit.phase, unit.phase)
    match figure.scope:
        case "unit":
            return 2 if figure.scope_code in unit.codes else None
        case "phase":
            return 1 if figure.scope_code == phase else None
    if phase in _UNLIKE_ALL_OTHERS and not (figure.printed_in_plan or figure.not_published):
        return None
    return 0


def _printed(figures: Sequence[Outside], unit: Unit, period: Period) -> Outside | None:
    """The plan's own yardstick, until somebody has published a newer figure."""
    reaching = [figure for figure in figures if _reach(figure, unit) is not None]
    printed = [figure for figure in reaching if figure.printed_in_plan]
    if not printed:
        return None
    reached = [figure for figure in printed if figure.period.index <= period.index]
    latest = max(
        reached or printed[:1], key=lambda figure: (figure.period.index, _reach(figure, unit) or 0)
    )
    replaced = any(
        latest.period.index < figure.period.index <= period.index
        for figure in reaching
        if not figure.printed_in_plan
    )
    return None if replaced else latest


def _mixed(
    given: Given,
    measure: Measure,
    terms: Terms,
    unit: Unit,
    period: Period,
    shown: Shown,
    group: str | None,
) -> Found | None:
    """For a school of several phases: theirs, weighted by the pupils of each part."""
    parts = [u for u in given.units.values() if u.parent == unit.id and u.kind == "part"]
    parts.sort(key=lambda part: part.id)
    total, weights, sources, stands_in = Decimal(0), 0, [], False
    for part in parts:
        found = find(given, measure, terms, part, period, shown, group)
        if found is None or found.figure is None or part.pupils is None:
            return None
        total += found.figure * part.pupils
        weights += part.pupils
        sources.append(found.source)
        stands_in = stands_in or found.stands_in
    if not weights:
        return None
    source = f"{' and '.join(dict.fromkeys(sources))}, weighted by pupils"
    return Found(shown.share(total, weights), None, None, source, stands_in)


def _as_found(series: Series, outside: Outside, period: Period, shown: Shown) -> Found:
    def as_shown(value: Decimal | None) -> Decimal | None:
        return None if value is None else shown.figure(value)

    source = series.provider
    if outside.scope == "phase":
        source += f", {outside.scope_code.replace('_', ' ')} schools"
    source += f", {outside.period.name}"
    source += ", as printed in the plan" if outside.printed_in_plan else f", {outside.release}"
    stands_in = outside.period.year < period.year
    if stands_in:
        source += ", nothing newer"
    return Found(
        as_shown(outside.value), as_shown(outside.low), as_shown(outside.high), source, stands_in
    )
