"""A trust's term as its board may see it: judged as on the dashboard, small numbers hidden.

A report leaves the house: what is hidden in every file is hidden in it, after
judging, by the dashboard's own module. No status depends on who reads it.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from dashboard.cells import Cell, cell_of, distance_or_figure, when
from dashboard.kpi.over_time import sparks
from dashboard.matrix.across import all_across
from dashboard.matrix.changes import NO_TERM, LastTerm
from dashboard.matrix.kept_facts import read_and_judged
from dashboard.matrix.kept_rows import KeptRows
from dashboard.matrix.progress import Beside, read_beside
from dashboard.past import past_of
from dashboard.sight import Sight
from dashboard.small_numbers import SmallNumbers
from kpis import facts
from kpis.facts import Facts
from kpis.rag.judging import judge_all, judge_results, schools_of
from kpis.rag.verdict import Mark, Reason, Status, Verdict
from schools.models import Term

from ..models import Provisional

LEFT_OUT = "sent in and not approved yet, so it is left out of this report"
LEFT_OUT_SHORT = "Left out"
NEWER = "; a newer figure is not approved yet, so it is left out of this report"
SAYS_SO = Verdict(Status.GREY, Reason.NO_DATA, LEFT_OUT)


@dataclass
class Board:
    """Every KPI of a plan in one term, ``every``, judged; ``past`` is how it stood last term.

    ``left_out`` are the (KPI, unit) whose provisional result is not shown,
    ``brought_back`` those of which the approved one before it is shown instead.
    """

    trust: object
    plan: object
    term: object
    today: object
    terms: list
    facts: Facts
    judged: dict
    every: tuple
    past: LastTerm
    beside: Beside
    small: SmallNumbers
    left_out: frozenset
    brought_back: frozenset

    @property
    def given(self):
        return self.facts.given

    @cached_property
    def schools(self):
        return schools_of(self.given)

    @cached_property
    def by_kpi(self):
        return {one.promise.id: one for one in self.every}

    @cached_property
    def tops(self):
        """The priorities that hold KPIs, in order."""
        branches = {branch.id: branch for branch in self.facts.tree}
        return [branches[pk] for pk in dict.fromkeys(one.top for one in self.every)]

    def name_of(self, unit):
        return "The trust" if unit == self.given.trust else self.given.units[unit].name

    def result(self, across, unit):
        """What a KPI says of the trust or of a school; None where nothing is asked of it."""
        return across.trust if unit == self.given.trust else across.results.get(unit)

    def cell(self, across, unit):
        result = self.result(across, unit)
        if result is None:
            words = f"{self.name_of(unit)}. Not applicable: nothing is asked of this school here."
            return Cell(Status.NOT_APPLICABLE, "n/a", words, code="z")
        cell = cell_of(self.given, across.promise, result, self.name_of(unit))
        if (across.promise.id, unit) in self.left_out:
            words = f"{cell.spoken}{self._approved_last(result)}"
            cell = cell._replace(figure=LEFT_OUT_SHORT, spoken=words, marks=(), provisional=False)
        return cell

    def sentence(self, across, unit):
        """What decided the result; of one that is left out, which figure was approved last."""
        result = self.result(across, unit)
        is_out = (across.promise.id, unit) in self.left_out
        return f"{result.verdict.sentence}{self._approved_last(result) if is_out else ''}"

    def _approved_last(self, result):
        said = result.said
        if said is None or said.last is None or said.last_period is None or said.shown is None:
            return ""
        return f" Approved last: {said.shown.write(said.last)}, {when(said.last_period)}."

    # The small lines, from all terms

    @cached_property
    def _whole(self):
        """The facts with all earlier answers."""
        if self.left_out or self.brought_back:
            return self.facts  # they have been read already, the approved ones
        return facts.read(self.trust, self.plan, self.term, self.today, terms=self.terms)

    @cached_property
    def _past_of(self):
        return {}

    def spark(self, across, unit):
        """The last terms of a result as a line; None for fewer than two figures."""
        result = self.result(across, unit)
        said = result and result.said
        if said is None or result.clause is None or said.shown is None:
            return None
        reading = next((r for r in result.clause.readings if r.measure == said.measure), None)
        if reading is None:
            return None
        key = across.promise.id, result.clause.id, reading.id
        if key not in self._past_of:
            self._past_of[key] = self._lines(across, result.clause, reading, said)
        return self._past_of[key].get(unit)

    def _lines(self, across, clause, reading, said):
        whole = self._whole
        trust = whole.given.units[whole.given.trust]
        small = SmallNumbers(whole.given, self.small.sight)
        past = past_of(whole, across.promise, clause, reading, trust, self.schools, small)
        if past is None:
            return {}
        units = [trust.id, *(school.id for school in self.schools)]
        bar = said.target if said.expected is None else said.expected
        return sparks(past, units, distance_or_figure(clause, said), bar)


def board_of(trust, plan, term, today, *, provisional=Provisional.MARK, terms=None):
    """Read and judge. Ten queries, for one school or a hundred; inside the trust.

    Where provisional figures are left out and there are some, it is eight more.
    """
    if terms is None:
        terms = list(Term.objects.select_related("period__year").order_by("-period__on"))
    versions = facts.read_versions(trust)
    read, judged, past = read_and_judged(trust, plan, term, today, terms, versions)
    unsure = left_out = frozenset()
    if provisional == Provisional.LEAVE_OUT:
        unsure = _provisional(judged, read.given.trust)
    if unsure:
        read = facts.read(trust, plan, term, today, terms=terms, approved=True)
        before = {one.promise.id: one for one in judged}
        judged, past = judge_all(read.given), _past(read)
        left_out = frozenset(_bare(judged, before, unsure, read.given.trust))
    beside = read_beside(term)
    sight = Sight(sees_all=True, in_file=True, min_to_show=trust.min_to_show)
    small = SmallNumbers(read.given, sight)
    schools = schools_of(read.given)
    if unsure:
        back = unsure - left_out
        judged = tuple(_covered(one, left_out, back, read.given.trust) for one in judged)
    every = all_across(read, judged, small, sight, schools, past, beside.said, KeptRows())
    return Board(
        trust=trust,
        plan=plan,
        term=term,
        today=today,
        terms=terms,
        facts=read,
        judged={one.promise.id: small.of(one) for one in judged},
        every=tuple(every),
        past=past,
        beside=beside,
        small=small,
        left_out=left_out,
        brought_back=unsure - left_out,
    )


def _provisional(judged, trust):
    """The (KPI, unit) whose result rests on a figure that is not approved yet.

    Of a KPI that schools answer only the schools: the trust's line is made anew
    from what is left.
    """
    return frozenset(
        (one.promise.id, unit)
        for one in judged
        for unit, cell in (one.schools or {trust: one.trust}).items()
        if Mark.PROVISIONAL in cell.verdict.marks
    )


def _past(read):
    """How everything stood last term, judged from the same facts."""
    before = LastTerm.given(read)
    return NO_TERM.again(before, judge_results(before)) if before else NO_TERM


def _bare(judged, before, unsure, trust):
    """Which of the unsure results have no approved figure either, or only a part of it.

    Those that stand without a status now, and did not for the same reason
    ``before``; and those of which a part is missing now.
    """
    for one in judged:
        for unit, cell in (one.schools or {trust: one.trust}).items():
            if (one.promise.id, unit) not in unsure:
                continue
            was = before[one.promise.id]
            was = (was.schools.get(unit) or was.trust).verdict
            now = cell.verdict
            lost = now.status is Status.GREY and now.reason is not was.reason
            if lost or (now.marks & {Mark.LATE, Mark.PARTIAL}) - was.marks:
                yield one.promise.id, unit


def _covered(judged, left_out, back, trust):
    """In the place of a provisional result: that it is left out, and no status.

    Judged without its figure it would be called late, which it is not. One that
    was approved before stands in its place, and says so.
    """

    def cover(unit, cell):
        about = judged.promise.id, unit
        if about in left_out:
            return cell._replace(verdict=SAYS_SO)
        if about in back:
            words = f"{cell.verdict.because}, approved{_for(judged, cell, unit)}{NEWER}"
            return cell._replace(verdict=cell.verdict.but(because=words))
        return cell

    schools = {pk: cover(pk, cell) for pk, cell in judged.schools.items()}
    whole = cover(trust, judged.trust)
    if schools != judged.schools and not _is_late(schools.values()):
        marks = whole.verdict.marks - {Mark.LATE}
        whole = whole._replace(verdict=whole.verdict.but(marks=marks))
    return replace(judged, trust=whole, schools=schools)


def _for(judged, cell, unit):
    """The period of the figure that decides, where one clause does."""
    line = judged.line(cell.deciding)
    said = line and line.schools.get(unit)
    return f" for {when(said.period)}" if said and said.period else ""


def _is_late(cells):
    return any(Mark.LATE in cell.verdict.marks for cell in cells)
