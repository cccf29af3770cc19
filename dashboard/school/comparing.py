"""Two to six schools side by side: KPIs down, schools across. Nobody is ranked.

What stands in one row is like with like: where a KPI has several clauses and
the schools are decided by different ones, the figures stand in a row for each
clause, and the KPI's own row has statuses alone.
"""

from dataclasses import dataclass

from kpis.rag.judging import schools_of
from kpis.rag.verdict import Mark, Status
from priorities.models import NodeRole
from schools.models import Phase

from ..cells import Movement, Result, movement_of, spoken
from ..matrix.grid import Empty
from ..results import basis_of, clause_result, promised, school_result
from .rows import answering, figure_words, moved_words, outside_beside, trust_words
from .schools_list import FEWEST, MOST, choose_words

ASKED_NOWHERE = "Not asked of this school"


@dataclass(frozen=True, slots=True)
class Column:
    """A school across the top."""

    name: str
    short: str
    phase: str
    url: str


@dataclass(frozen=True, slots=True)
class PhaseHead:
    """The schools of one phase: their columns stand together, under its name."""

    words: str
    columns: int


@dataclass(frozen=True, slots=True)
class SchoolCell:
    """One result of one school. ``figure`` is "" where only the status is like with like."""

    school: str  # its short name: on a phone it stands before the result
    status: Status
    figure: str
    note: str
    movement: Movement | None
    moved: str
    marks: tuple[Mark, ...]
    url: str
    spoken: str


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One KPI, or one clause of it, across the schools in the order of the columns."""

    name: str
    url: str
    about: str
    target: str
    trust: str
    trust_note: str
    outside: tuple[tuple[str, str], ...]  # (figure, its phase or term), one for all or each phase
    cells: tuple[SchoolCell, ...]
    is_clause: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: tuple[CompareRow, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The page. ``problem`` says why there is nothing to compare, ``note`` what not to read."""

    heading: str
    term: str
    columns: tuple[Column, ...] = ()
    phases: tuple[PhaseHead, ...] = ()
    note: str = ""
    caption: str = ""
    sections: tuple[Section, ...] = ()
    outside_head: str = "England"
    problem: str = ""
    empty: Empty | None = None


class Unknown(LookupError):
    """A school that is not there, or not for this person."""


def choose(given, sight, codes):
    """The schools with these codes, each once, phase by phase; Unknown for any other."""
    mine = {unit.code: unit for unit in schools_of(given) if sight.is_mine(unit.id)}
    if any(code not in mine for code in codes):
        raise Unknown
    phases = list(Phase.values)
    chosen = [mine[code] for code in dict.fromkeys(codes)]
    return sorted(chosen, key=lambda unit: (phases.index(unit.phase), unit.name))


def problem_of(schools):
    """Why so many cannot be compared; "" where they can."""
    if FEWEST <= len(schools) <= MOST:
        return ""
    if len(schools) > MOST:
        return f"You chose {len(schools)} schools. Choose two to six schools."
    return "Choose two to six schools."


class Comparing:
    """Arranges the judged KPIs of some schools side by side."""

    def __init__(self, facts, schools, addresses):
        self.facts, self.given, self.schools = facts, facts.given, schools
        self.addresses = addresses
        self.branches = {branch.id: branch for branch in facts.tree}

    def page(self, judged):
        """The table, of KPIs that apply to one of the schools at least."""
        by_top, number = {}, 0
        for one in judged:
            rows = tuple(self._rows(one))
            if rows:
                number += 1
                by_top.setdefault(self._top(one.promise.id), []).extend(rows)
        return Comparison(
            heading="Schools side by side",
            term=self.given.term.period.name,
            columns=tuple(
                Column(
                    unit.name,
                    self.facts.shorts[unit.id],
                    Phase(unit.phase).label,
                    self.addresses.school(unit.code),
                )
                for unit in self.schools
            ),
            phases=self._phases(),
            note=self._note(),
            caption=f"{number} KPI{'' if number == 1 else 's'}, {len(self.schools)} schools",
            sections=tuple(
                Section(branch.title, tuple(by_top[branch.id]))
                for branch in self.facts.tree
                if branch.id in by_top
            ),
            empty=None if by_top else Empty("Nothing in the plan is asked of these schools."),
        )

    def _phases(self):
        heads = []
        for phase in dict.fromkeys(unit.phase for unit in self.schools):
            of_phase = sum(unit.phase == phase for unit in self.schools)
            heads.append(PhaseHead(Phase(phase).label, of_phase))
        return tuple(heads)

    def _note(self):
        """Phases are different things: what one must not read into the table."""
        first, *others = [head.words for head in self._phases()]
        if not others:
            return "No school is ranked here."
        told = " ".join(f"{words}: not ranked with {first.lower()}." for words in others)
        return f"No school is ranked here. {told}"

    # Rows

    def _rows(self, judged):
        results = [school_result(judged, unit.id) for unit in self.schools]
        if not any(r is not None and _applies(r) for r in results):
            return
        told = [r for r in results if r is not None and _applies(r) and r.clause is not None]
        deciding = {result.clause.id for result in told}
        if len(deciding) == 1:
            yield self._row(judged, judged.line(deciding.pop()), results)
            return
        yield self._row(judged, None, results)
        for line in judged.lines:
            if line.clause.id in deciding:
                its = [clause_result(line, unit.id) for unit in self.schools]
                yield self._row(judged, line, its, is_clause=True)

    def _row(self, judged, line, results, is_clause=False):
        promise, trust = judged.promise, ("", "")
        clause = line.clause if line else None
        if line is not None:
            trust = trust_words(self.given, promise, line)
        several = len(judged.lines) > 1
        return CompareRow(
            name=clause.title if is_clause else promise.title,
            url=self.addresses.kpi(promise.id, clause=clause.key if is_clause else None),
            about=self._about(clause, several and not is_clause),
            target=promised(self.given, promise, clause)[0] if clause else "",
            trust=trust[0],
            trust_note=trust[1],
            outside=self._outside(line, results) if line else (),
            cells=tuple(
                self._cell(promise, unit, result, line, clause.key if is_clause else None)
                for unit, result in zip(self.schools, results, strict=True)
            ),
            is_clause=is_clause,
        )

    def _about(self, clause, several):
        if clause is None:
            return "in parts, below"
        basis = basis_of(self.given, clause)
        return ", ".join(words for words in (clause.title if several else "", basis) if words)

    def _cell(self, promise, unit, result, line, key):
        short = self.facts.shorts[unit.id]
        if result is None:
            said = f"{unit.name}. Not applicable: nothing is asked of this school here."
            return SchoolCell(short, Status.NOT_APPLICABLE, "n/a", "", None, "", (), "", said)
        verdict, movement = result.verdict, movement_of(result.said)
        figure, note = figure_words(self.given, promise, result)
        if line is None:
            figure, note, movement = "", "", None
        return SchoolCell(
            school=short,
            status=verdict.status,
            figure=figure,
            note=note,
            movement=movement,
            moved=moved_words(result.said) if movement else "",
            marks=tuple(m for m in sorted(verdict.marks) if m.words != figure.lower()),
            url=self.addresses.kpi(promise.id, school=unit.code, clause=key),
            spoken=spoken(unit.name, verdict, movement, tuple(sorted(verdict.marks))),
        )

    def _outside(self, line, results):
        """England's figure: one for all of these schools, or one for each phase of them."""
        told = {}
        for unit, result in zip(self.schools, results, strict=True):
            if result is None or result.said is None:
                continue
            who = answering(self.given, line, unit, result.said)
            found = outside_beside(self.given, line.clause, result.said, who)
            if found.figure:
                told.setdefault((found.figure, found.note), []).append(who.phase)
        if len(told) < 2:
            return tuple(told)
        return tuple(
            (figure, ", ".join(words for words in (Phase(phases[0]).label.lower(), note) if words))
            for (figure, note), phases in told.items()
        )

    def _top(self, pk):
        branch = self.branches[pk]
        while branch.parent is not None and branch.role != NodeRole.PRIORITY:
            branch = self.branches[branch.parent]
        return branch.id


def _applies(result: Result):
    return result.verdict.status is not Status.NOT_APPLICABLE


def refused(term, problem):
    """The page where schools are still to be chosen."""
    return Comparison(heading="Schools side by side", term=term, problem=problem or choose_words())
