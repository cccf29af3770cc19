"""Judging a whole plan for a term, in the order that decides the colour.

Combine the clauses of one level inside each unit, roll up over the units, then
join what is rolled up by itself and what the trust promises as one. Where any
one clause is enough, everything of a unit is combined in the unit first.

Source: docs/rag.md, Several parts.
"""

from collections.abc import Iterable, Mapping, Sequence

from kpis.rag import judged as ratings
from kpis.rag.given import Clause, Given, Manual, Promise
from kpis.rag.given.units import called
from kpis.rag.lines import (
    EACH,
    FIGURES_TOGETHER,
    NOTHING,
    THINGS,
    Known,
    counted_in,
    in_units,
    joined,
    judged_units,
    line_of,
    new_units,
    roll_up_of,
    rolled_up,
    schools_of,
)
from kpis.rag.once import once
from kpis.rag.outcome import Cell, InSchools, InUnits, Judged, Line, Said
from kpis.rag.periods import in_force_now
from kpis.rag.rollup import each_school
from kpis.rag.say import saying
from kpis.rag.verdict import Part, Status, Verdict, rank

__all__ = [
    "judge_all",
    "judge_one",
    "judge_results",
    "judge_school",
    "judge_units",
    "schools_of",
]


def judge_all(given: Given, known: Known = NOTHING) -> tuple[Judged, ...]:
    """Judge every promise of the plan that has clauses.

    ``known`` is what `judge_school` and `judge_units` have said of some units,
    put into one mapping. It stands as it is; only the units that are not in it
    are judged, and all lines of the trust. A page that keeps a block per school
    judges again only the school that has saved something:

        for school in schools_of(given):
            known |= kept.get(school.id) or judge_school(given, school.id)
        judged = judge_all(given, known)

    To compare statuses with those of another term, `judge_results` is enough.
    """
    return tuple(judge_one(given, promise, known) for promise in given.promises if promise.clauses)


def judge_results(given: Given, known: Known = NOTHING) -> tuple[Judged | InSchools, ...]:
    """The same for what counts as a result: each school's cell, or the trust's where none has one.

    What the trust's cell says of its schools is not worked out, no figure is
    pooled that only stands beside a verdict, and no sentence is written that
    nobody reads.
    """
    return tuple(_result(given, promise, known) for promise in given.promises if promise.clauses)


def _result(given: Given, promise: Promise, known: Known) -> Judged | InSchools:
    said = [in_units(given, promise, clause, known) for clause in promise.clauses]
    schools = _in_schools(_Combining(given, promise), said)
    if schools:
        return InSchools(promise, schools, tuple(said))
    return judge_one(given, promise, known, with_pools=False)


def judge_school(given: Given, school: int) -> dict[int, dict[int, Said]]:
    """What every clause says of a school and of its parts, to be kept and handed in again.

    It rests on the plan with its targets, the term and its cut-off, outside
    figures, the settings, and on what has been sent for the school and its
    parts; on nothing of another school, and on no status set by hand.
    """
    parts = [unit.id for unit in given.units.values() if unit.parent == school]
    return judge_units(given, [school, *parts])


def judge_units(given: Given, units: Iterable[int]) -> dict[int, dict[int, Said]]:
    """The same for any units: unit -> clause -> what it says; the trust itself is one."""
    said: dict[int, dict[int, Said]] = {unit: {} for unit in units}
    for promise in given.promises:
        for clause in promise.clauses:
            ready = saying(given, promise, clause)
            for unit in judged_units(given, clause):
                its = said.get(unit.id)
                if its is not None:
                    its[clause.id] = ready.of(unit)
    return said


def judge_one(
    given: Given, promise: Promise, known: Known = NOTHING, *, with_pools: bool = True
) -> Judged:
    """Judge one promise for every school and for the trust; more in `judge_all`."""
    said = [in_units(given, promise, clause, known) for clause in promise.clauses]
    units = _Combining(given, promise)
    schools = _in_schools(units, said)
    lines = tuple(line_of(given, promise, one, with_pools=with_pools) for one in said)
    return Judged(promise, _trust_cell(given, promise, lines, units), schools, lines)


def _in_schools(units: "_Combining", said: Sequence[InUnits]) -> dict[int, Cell]:
    """The cell of each school that is asked."""
    schools = {}
    for school in schools_of(units.given):
        its = [(one, one.schools[school.id]) for one in said if school.id in one.schools]
        if its:
            schools[school.id] = units.cell(school.id, its)
    return schools


class _Combining:
    """What several clauses of a promise say of one unit, as one verdict.

    A school's cell shows it and the trust's roll-up counts it: of the same
    verdicts it is worked out once.
    """

    def __init__(self, given: Given, promise: Promise) -> None:
        self.given, self.promise = given, promise
        self._cells: dict[tuple[int, ...], Cell] = {}

    def cell(self, unit: int, said: Sequence[tuple[InUnits | Line, Said]]) -> Cell:
        """The verdict, by hand where a leader has set it, and the clause that decides."""
        if len(said) == 1:
            line, one = said[0]
            by_hand = _by_hand(self.given, self.promise, unit, one.verdict)
            return Cell(by_hand, line.clause.id)
        key = (unit, *[id(one) for _, one in said])
        if key not in self._cells:
            cell = self._combined(said)
            verdict = _by_hand(self.given, self.promise, unit, cell.verdict)
            self._cells[key] = Cell(verdict, cell.deciding)
        return self._cells[key]

    def _combined(self, said: Sequence[tuple[InUnits | Line, Said]]) -> Cell:
        parts = [(line, _part(self.given, line.clause, one.verdict)) for line, one in said]
        return _joined(self.given, self.promise, parts)


def _joined(given: Given, promise: Promise, parts: Sequence[tuple[InUnits | Line, Part]]) -> Cell:
    """One verdict of several clauses, and the clause that decides it."""
    combined = joined(given, promise.combine, [part for _, part in parts])
    if len(parts) == 1:
        return Cell(combined, parts[0][0].clause.id)
    deciding = (line.clause.id for line, part in parts if part is combined.deciding)
    return Cell(combined, next(deciding, None))


def _part(given: Given, clause: Clause, verdict: Verdict) -> Part:
    """A clause as a part of its promise; some are plans to get there ("or has a plan")."""
    name, is_plan = _as_part(given, clause)
    return Part(name, verdict, is_plan)


@once
def _as_part(given: Given, clause: Clause) -> tuple[str, bool]:
    terms = in_force_now(given, clause)
    is_plan = terms.plan_counts and terms.rule == "done"  # cases count theirs themselves
    return _name(clause), is_plan


def _name(clause: Clause) -> str:
    return clause.title or clause.key


def _by_hand(given: Given, promise: Promise, unit: int, verdict: Verdict) -> Verdict:
    """A leader's own status in place of the one worked out, for this term."""
    manual = _manual(given, promise, unit) if given.overrides else None
    if manual is None:
        return verdict
    status = Status(manual.status)
    return ratings.set_by_hand(verdict, status, why=manual.reason, by=manual.who)


def _manual(given: Given, promise: Promise, unit: int) -> Manual | None:
    """What was set by hand for a unit; what was set for a school holds for its parts."""
    if not given.overrides:
        return None
    own, parent = given.overrides.get((promise.id, unit)), given.units[unit].parent
    if own is not None or parent is None:
        return own
    return given.overrides.get((promise.id, parent))


# The trust


def _trust_cell(given: Given, promise: Promise, lines: Sequence[Line], units: _Combining) -> Cell:
    inside = [line for line in lines if _joins_in_the_unit(given, promise, line)]
    parts = [
        *_rolled_up_by_level(given, promise, inside, units),
        *(
            (line, _part(given, line.clause, _alone(given, promise, line)))
            for line in lines
            if line not in inside
        ),
    ]
    cell = _joined(given, promise, parts)
    return Cell(_by_hand(given, promise, given.trust, cell.verdict), cell.deciding)


def _is_either_or(promise: Promise) -> bool:
    return promise.combine == "any" and len(promise.clauses) > 1


def _joins_in_the_unit(given: Given, promise: Promise, line: Line) -> bool:
    """Whether a clause is combined with others inside each unit, before the roll-up."""
    if len(promise.clauses) == 1 or not line.units:
        return False
    how = roll_up_of(in_force_now(given, line.clause))
    return _is_either_or(promise) or how == "each_school"


def _rolled_up_by_level(
    given: Given, promise: Promise, lines: Sequence[Line], units: _Combining
) -> list[tuple[Line, Part]]:
    """Each level's clauses combined in its units and rolled up, with the line that decides."""
    if _is_either_or(promise) and any(set(line.units) != set(lines[0].units) for line in lines):
        # Parts, sites and bodies are combined with their school: one good arm is enough for it.
        return [_rolled_up(units, lines, [line.schools for line in lines], "school")]
    levels: dict[str, list[Line]] = {}
    for line in lines:
        levels.setdefault(in_force_now(given, line.clause).level, []).append(line)
    return [
        _rolled_up(units, its, [line.units for line in its], level) for level, its in levels.items()
    ]


def _rolled_up(
    units: _Combining, lines: Sequence[Line], said: Sequence[Mapping[int, Said]], level: str
) -> tuple[Line, Part]:
    """Several clauses, combined in each unit and rolled up over the units.

    The line that stands for them is the one that decides most of the worst;
    the counts are those of all together, so they have no clause's name.
    """
    given, new = units.given, new_units(units.given)
    cells, deciding = [], []
    for pk in sorted(set().union(*said)):
        its = [(line, one[pk]) for line, one in zip(lines, said, strict=True) if pk in one]
        cell = units.cell(pk, its)
        cells.append(counted_in(given, cell.verdict, pk in new, units.promise.combine))
        deciding.append((rank(cell.verdict), cell.deciding))
    lowest = min((place for place, _ in deciding), default=0)
    worst = [clause for place, clause in deciding if place == lowest]
    line = max(lines, key=lambda line: worst.count(line.clause.id))
    things = called((given.units[pk] for pk in set().union(*said)), THINGS[level])
    verdict = each_school(cells, things=things)
    name = _name(line.clause) if len(lines) == 1 else EACH[level]
    return line, Part(name, verdict)


def _alone(given: Given, promise: Promise, line: Line) -> Verdict:
    """What is rolled up by itself; by hand too, where the clause is all there is."""
    by_hand = {
        pk: _by_hand(given, promise, pk, said.verdict)
        for pk, said in line.units.items()
        if _manual(given, promise, pk) is not None
    }
    how = roll_up_of(in_force_now(given, line.clause))
    if not by_hand or len(promise.clauses) > 1 or how in FIGURES_TOGETHER:
        return line.trust.verdict
    verdicts = {pk: said.verdict for pk, said in line.units.items()} | by_hand
    return rolled_up(given, promise, line.clause, verdicts)
