"""The list of schools: how many results stand where in each, who has sent, what is late."""

from dataclasses import dataclass

from kpis.rag.judging import schools_of
from returns.models import Return
from schools.models import Phase

from .. import charts
from ..addresses import Link
from ..matrix.grid import Empty, FilterGroup
from ..results import counts_of, is_late
from .page import judged_for, results_of

FEWEST, MOST = 2, 6  # that many schools stand side by side


@dataclass(frozen=True, slots=True)
class SchoolRow:
    code: str
    name: str
    url: str
    phase: str
    pupils: str
    stack: charts.Stack | None
    counts: str
    return_words: str
    late: str
    late_url: str


@dataclass(frozen=True, slots=True)
class SchoolList:
    """``choose`` says how many to choose, "" where there are too few to compare."""

    heading: str
    term: str
    summary: str = ""
    rows: tuple[SchoolRow, ...] = ()
    filters: tuple[FilterGroup, ...] = ()
    choose: str = ""
    compare_url: str = ""
    term_slug: str = ""
    chosen: frozenset[str] = frozenset()
    empty: Empty | None = None


def list_schools(facts, judged, small, sight, term, today, addresses, phase="", chosen=()):
    """The schools that a person may see, those of one phase if it is told."""
    mine = [unit for unit in schools_of(facts.given) if sight.is_mine(unit.id)]
    kpis = judged_for(judged, small)
    states = _states(term, today)
    phase = phase if phase in {unit.phase for unit in mine} else ""
    shown = [unit for unit in mine if phase in ("", unit.phase)]
    rows = tuple(_row(unit, results_of(kpis, unit.id), states, addresses) for unit in shown)
    late = sum(bool(row.late) for row in rows)
    return SchoolList(
        heading="Schools" if sight.sees_all else "Your schools",
        term=facts.given.term.period.name,
        summary=_summary(len(rows), late),
        rows=rows,
        filters=_filters(mine, phase, addresses),
        choose=choose_words() if len(mine) >= FEWEST else "",
        compare_url=addresses.compare(),
        term_slug=addresses.term,
        chosen=frozenset(chosen),
        empty=None if rows else Empty("No school is in the trust in this term."),
    )


def choose_words():
    return f"Choose {FEWEST} to {MOST} schools to see them side by side."


def _row(unit, results, states, addresses):
    counts = counts_of(results)
    late = sum(map(is_late, results))
    return SchoolRow(
        code=unit.code,
        name=unit.name,
        url=addresses.school(unit.code),
        phase=Phase(unit.phase).label,
        pupils="" if unit.pupils is None else f"{unit.pupils:,}",
        stack=charts.stack(counts) if results else None,
        counts=", ".join(f"{number} {status.words.lower()}" for status, number in counts if number),
        return_words=states.get(unit.id, "Not started"),
        late=f"{late} late" if late else "",
        late_url=addresses.school(unit.code) + "#missing" if late else "",
    )


def _states(term, today):
    """The state of each unit's return in words. One query."""
    return {
        found.unit_id: found.state_on(today).label
        for found in Return.objects.for_term(term).select_related("term")
    }


def _summary(schools, late):
    words = f"{schools} school{'' if schools == 1 else 's'}"
    if not late:
        return words
    return f"{words}, {late} with late figures"


def _filters(mine, phase, addresses):
    found = [one for one in Phase if any(unit.phase == one for unit in mine)]
    if len(found) < 2:
        return ()
    links = [Link("All schools", addresses.schools(), not phase, len(mine))]
    links += [
        Link(
            one.label,
            addresses.schools(phase=one.value),
            phase == one,
            sum(unit.phase == one for unit in mine),
        )
        for one in found
    ]
    return (FilterGroup("Show schools", tuple(links)),)
