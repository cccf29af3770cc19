"""One clause across the trust: what it says of each unit, and of all of them.

A unit's verdict goes up to the trust by the clause's roll-up; a school's cell
shows the worst of its parts, sites and bodies.

Source: docs/rag.md, From schools to the trust.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kpis.rag import defaults
from kpis.rag.applies import is_asked_of
from kpis.rag.combine import all_of, any_of
from kpis.rag.due import due_of
from kpis.rag.given import Clause, Given, Measure, Promise, Terms, Unit
from kpis.rag.given.units import called
from kpis.rag.grey import not_applicable
from kpis.rag.once import once
from kpis.rag.outcome import InUnits, Line, Said
from kpis.rag.periods import in_force_now
from kpis.rag.phases import all_together
from kpis.rag.rollup import (
    HAS_NO_PAST,
    Cell,
    Rollout,
    each_school,
    rollout,
    share_of_schools,
    worst_of,
)
from kpis.rag.say import saying
from kpis.rag.side import Sign
from kpis.rag.threshold import Threshold
from kpis.rag.verdict import Mark, Part, Status, Verdict

# What has been judged already: unit -> clause -> what it says of the unit.
Known = Mapping[int, Mapping[int, Said]]
NOTHING: Mapping[int, Any] = {}

FIGURES_TOGETHER = frozenset({"pooled", "ratio", "sum"})
THINGS = {
    "school": "schools",
    "part": "parts of schools",
    "site": "sites",
    "body": "governing bodies",
    "supplier": "suppliers",
    "outside_school": "schools outside the trust",
    "trust": "trusts",
}
EACH = {
    "school": "each school",
    "part": "each part of a school",
    "site": "each site",
    "body": "each governing body",
    "supplier": "each supplier",
    "outside_school": "each school outside the trust",
}


def in_units(given: Given, promise: Promise, clause: Clause, known: Known = NOTHING) -> InUnits:
    """Judge a clause for every unit of its level; what ``known`` holds of a unit stands."""
    ready = saying(given, promise, clause)
    answering = {
        unit.id: known.get(unit.id, NOTHING).get(clause.id) or ready.of(unit)
        for unit in judged_units(given, clause)
    }
    units = {} if in_force_now(given, clause).level == "trust" else answering
    return InUnits(clause, answering, units, _per_school(given, promise, clause, units))


def line_of(given: Given, promise: Promise, said: InUnits, *, with_pools: bool = True) -> Line:
    """What a clause says of the trust, by what it says of the units.

    Without ``with_pools`` no figure is pooled that only stands beside a verdict.
    """
    clause, units = said.clause, said.answering
    terms, measures = in_force_now(given, clause), _measures(given, clause)
    if terms.level == "trust" and all(measure.of == "trust" for measure in measures):
        return Line(clause, units[given.trust], {}, {})

    is_together = terms.roll_up in FIGURES_TOGETHER
    together = None
    if is_together or (with_pools and _shows_the_pool(terms, measures)):
        answering, things = _answering(given, measures), things_of(given, clause)
        together = all_together(given, promise, clause, answering, things)
    if is_together and together is not None:
        return Line(clause, together, said.units, said.schools)

    verdicts = {pk: one.verdict for pk, one in units.items()}
    rolled = Said(
        rolled_up(given, promise, clause, verdicts),
        measure=clause.readings[0].measure if clause.readings else None,
        target_words=next((s.target_words for s in units.values() if s.target_words), ""),
        asked=any(one.asked for one in units.values()),
    )
    return Line(clause, rolled, said.units, said.schools, together)


def judged_units(given: Given, clause: Clause) -> tuple[Unit, ...]:
    """The units that a clause judges one by one: those it asks, or the trust as a whole.

    None, where the trust promises what their figures come to together.
    """
    terms, measures = in_force_now(given, clause), _measures(given, clause)
    if terms.level == "trust" and all(measure.of == "trust" for measure in measures):
        return (given.units[given.trust],)
    if terms.level == "trust" and terms.roll_up in FIGURES_TOGETHER:
        return ()
    return _answering(given, measures)


def _measures(given: Given, clause: Clause) -> list[Measure]:
    return [given.measures[reading.measure] for reading in clause.readings]


def _shows_the_pool(terms: Terms, measures: Sequence[Measure]) -> bool:
    is_of_figures = terms.rule in ("threshold", "compare", "trend", "gap")
    return is_of_figures and all(measure.counts != "none" for measure in measures)


def _answering(given: Given, measures: Sequence[Measure]) -> tuple[Unit, ...]:
    """The units that a clause asks: of its kind, or the parts of a mixed school."""
    return _asked(given, frozenset((one.of, one.is_by_phase) for one in measures))


@once
def _asked(given: Given, kinds: frozenset[tuple[str, bool]]) -> tuple[Unit, ...]:
    return tuple(
        unit
        for _, unit in sorted(given.units.items())
        if is_here(given, unit)
        and any(is_asked_of(kind, by_phase, unit.place) for kind, by_phase in kinds)
    )


def schools_of(given: Given) -> list[Unit]:
    """The schools that have a column: in the trust at some time of the term."""
    return list(_schools(given))


@once
def _schools(given: Given) -> tuple[Unit, ...]:
    schools = (unit for unit in given.units.values() if unit.kind == "school")
    return tuple(school for school in schools if is_here(given, school))


def is_here(given: Given, unit: Unit) -> bool:
    """Whether a unit is in the trust at some time of the term."""
    term = given.term.period
    return unit.joined <= term.ends and (unit.left is None or unit.left >= term.starts)


# By the verdicts of the units


def roll_up_of(terms: Terms) -> str:
    """How units go up: what is done or reached by a date is counted, never each judged.

    One school of eleven done would else be green.
    """
    is_counted = terms.rule == "done" or (terms.by_a_date and terms.rule in ("threshold", "scale"))
    return "rollout" if terms.roll_up == "each_school" and is_counted else terms.roll_up


def rolled_up(
    given: Given, promise: Promise, clause: Clause, verdicts: Mapping[int, Verdict]
) -> Verdict:
    """The trust's verdict by those of the units that a clause is about."""
    terms = in_force_now(given, clause)
    new = new_units(given)
    cells = [counted_in(given, verdicts[pk], pk in new) for pk in sorted(verdicts)]
    things = called((given.units[pk] for pk in verdicts), things_of(given, clause))
    match roll_up_of(terms):
        case "rollout":
            return _rolled_out(given, promise, clause, cells, things)
        case "share_of_schools":
            rule = Threshold(Sign.AT_LEAST, terms.share, margin=defaults.SHARE)
            return share_of_schools(cells, rule, things=things)
        case "list":
            return not_applicable("listed, not judged")
    return each_school(cells, things=things)


@once
def things_of(given: Given, clause: Clause) -> str:
    """What the units of a clause are called as a kind: schools, sites, governing bodies."""
    level = in_force_now(given, clause).level
    if level == "trust" and clause.readings:
        level = given.measures[clause.readings[0].measure].of
    return THINGS[level]


def _rolled_out(
    given: Given, promise: Promise, clause: Clause, cells: Sequence[Cell], things: str
) -> Verdict:
    due = due_of(given, promise, clause)
    is_by = in_force_now(given, clause).rule != "done"
    plan = Rollout(due.day, by=is_by, warning=given.settings.due_soon_days)
    return rollout(cells, plan, as_at=given.term.as_at, at_risk=due.at_risk, things=things)


def joined(given: Given, combine: str, parts: Sequence[Part]) -> Verdict:
    """Parts of which all must hold, or of which any one is enough."""
    if combine == "any":
        return any_of(parts, plan=Status(given.settings.plan_counts_as))
    return all_of(parts)


def counted_in(given: Given, verdict: Verdict, is_new: bool, combine: str = "all") -> Cell:
    """A unit's verdict as it goes up: what a new school has no past for drops out.

    Where any one part is enough, the one without a past may yet be the good
    one: such a school is too new, and never off target.
    """
    if not is_new:
        return Cell(verdict)
    # The readings of each part first: they combine by all, whatever joins the parts.
    parts = [
        replace(part, verdict=counted_in(given, part.verdict, is_new).verdict)
        for part in verdict.parts
    ]
    too_new = [part.verdict for part in parts if part.verdict.reason in HAS_NO_PAST]
    if not too_new or Mark.MANUAL in verdict.marks:
        return Cell(verdict, is_new=True)
    rest = [part for part in parts if part.verdict.reason not in HAS_NO_PAST]
    left = joined(given, combine, rest)
    if left.drops_out or (combine == "any" and left.status is Status.RED):
        return Cell(too_new[0], is_new=True)
    return Cell(left, is_new=True)


@once
def new_units(given: Given) -> frozenset[int]:
    """The units that are new: until the end of the first whole academic year in the trust."""

    def first_whole_year(joined: date) -> int:
        return joined.year + (joined > given.days_of(joined.year * 3)[0])

    year = given.term.period.year
    return frozenset(
        unit.id for unit in given.units.values() if year <= first_whole_year(unit.joined)
    )


# What a school's cell shows


def _per_school(
    given: Given, promise: Promise, clause: Clause, units: Mapping[int, Said]
) -> dict[int, Said]:
    """Its own verdict, or the worst of its parts, sites and bodies."""
    shown = {}
    for school in schools_of(given) if units else ():
        if school.id in units:
            shown[school.id] = units[school.id]
        elif its := {pk: units[pk] for pk in _of_schools(given).get(school.id, ()) if pk in units}:
            shown[school.id] = _worst(given, promise, clause, its)
    return shown


@once
def _of_schools(given: Given) -> dict[int, list[int]]:
    """The parts, sites, bodies and suppliers of each school, by their numbers."""
    found: dict[int, list[int]] = {}
    for pk, unit in sorted(given.units.items()):
        for school in unit.serves | ({unit.parent} if unit.parent is not None else set()):
            found.setdefault(school, []).append(pk)
    return found


def _worst(given: Given, promise: Promise, clause: Clause, its: Mapping[int, Said]) -> Said:
    if len(its) == 1:
        return next(iter(its.values()))
    standing = [said for said in its.values() if not said.verdict.drops_out]
    worst = min(standing or list(its.values()), key=lambda said: said.verdict.status.rank)
    cells = [Cell(said.verdict) for said in its.values()]
    things = THINGS[given.units[next(iter(its))].kind]
    if roll_up_of(in_force_now(given, clause)) == "rollout":
        verdict = _rolled_out(given, promise, clause, cells, things)
    else:
        verdict = worst_of(cells, things=things)
    return worst._replace(verdict=verdict)
