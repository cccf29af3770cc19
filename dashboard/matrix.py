"""The matrix: KPIs down, schools across, arranged from what was judged.

Everything is ready text and ready numbers; the template does no sums. A head
or editor gets the columns of their own schools and the trust's, and of the
others counts only.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kpis.rag.judging import schools_of
from kpis.rag.verdict import Status
from priorities.models import NodeRole
from schools.models import Phase

from . import charts
from .addresses import Link
from .cells import Cell, cell_of, when, written_figure
from .grid import Column, Empty, FilterGroup, Matrix, Named, Row, Section, Tile
from .results import (
    MISSING,
    basis_of,
    clause_result,
    clause_trust_result,
    counts_of,
    got_worse,
    is_falling,
    is_late,
    promised,
    school_result,
    trust_result,
)
from .small_numbers import SmallNumbers

NAMED = 3  # that many schools are named on a row, the others counted


@dataclass(frozen=True, slots=True)
class Filter:
    """What a choice keeps: its label, its words after "a result" and after "No results are"."""

    label: str
    words: str
    none: str
    keeps: Callable


def _stands(status):
    return lambda result: result.verdict.status is status


SHOW = {
    "off": Filter("Off target", "off target", "are off target", _stands(Status.RED)),
    "close": Filter("Close to target", "close to target", "are close", _stands(Status.AMBER)),
    "on": Filter("On target", "on target", "are on target", _stands(Status.GREEN)),
    "none": Filter("No status", "without a status", "lack a status", _stands(Status.GREY)),
    "worse": Filter("Got worse", "that got worse", "got worse", got_worse),
    "falling": Filter(
        "On target but falling", "on target but falling", "are on target but falling", is_falling
    ),
    "late": Filter("Late", "that is late", "are late", is_late),
}
TILES = {Status.RED: "off", Status.AMBER: "close", Status.GREEN: "on", Status.GREY: "none"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; what it cannot mean is left out."""

    show: str = ""
    phase: str = ""
    priority: str = ""
    open: frozenset[str] = frozenset()

    @classmethod
    def read(cls, query):
        show, phase = query.get("show", ""), query.get("phase", "")
        return cls(
            show=show if show in SHOW else "",
            phase=phase if phase in Phase.values else "",
            priority=query.get("priority", ""),
            open=frozenset(query.getlist("open")),
        )

    def choices(self):
        """The same as pairs for an address, in one order."""
        pairs = [("priority", self.priority), ("show", self.show), ("phase", self.phase)]
        told = [(name, value) for name, value in pairs if value]
        return (*told, *(("open", key) for key in sorted(self.open)))


class Arranging:
    """Arranges the KPIs of one judged plan for one person."""

    def __init__(self, facts, judged, sight, chosen, addresses):
        self.facts, self.given = facts, facts.given
        self.sight, self.chosen, self.addresses = sight, chosen, addresses
        small = SmallNumbers(self.given, sight)
        self.kpis = {
            one.promise.id: small.of(one) for one in judged if one.promise.role == NodeRole.KPI
        }
        self.branches = {branch.id: branch for branch in facts.tree}
        self.schools = [
            unit
            for unit in schools_of(self.given)
            if not chosen.phase or unit.phase == chosen.phase
        ]
        self.columns = tuple(
            Column(unit.id, unit.name, facts.shorts[unit.id])
            for unit in self.schools
            if sight.is_mine(unit.id)
        )

    def matrix(self):
        """The whole page, without what is said of progress."""
        priorities = self._priorities()
        shown = {
            top: rows
            for top, rows in priorities.items()
            if self.chosen.priority in ("", self.branches[top].key)
        }
        in_view = [row for rows in shown.values() for row in rows]
        results = [result for row in in_view for result in row.results]
        filtered = self._sections(shown)
        return Matrix(
            heading="Trust dashboard",
            late=sum(map(is_late, results)),
            tiles=self._tiles(results),
            not_applicable=sum(r.verdict.status is Status.NOT_APPLICABLE for r in results),
            tabs=self._tabs(priorities),
            filters=self._filters(results),
            caption=self._caption(in_view, filtered),
            columns=self.columns,
            sections=filtered,
            empty=self._empty(in_view, filtered),
        )

    # Rows

    def _priorities(self):
        """The rows of each priority, in the order of the plan."""
        rows = {}
        for pk, judged in self.kpis.items():
            rows.setdefault(self._top(pk), []).append(self._row(judged))
        order = [branch.id for branch in self.facts.tree if branch.id in rows]
        return {top: rows[top] for top in order}

    def _top(self, pk):
        """The priority above an entry, or the entry below the plan itself."""
        branch = self.branches[pk]
        while branch.parent is not None and branch.role != NodeRole.PRIORITY:
            branch = self.branches[branch.parent]
        return branch.id

    def _row(self, judged):
        promise = judged.promise
        branch = self.branches[promise.id]
        trust = trust_result(self.given, judged)
        pairs = [(column, school_result(judged, column.id)) for column in self.columns]
        results = [result for _, result in pairs if result is not None]
        if judged.is_trust_wide:
            results = [trust]
        every = {unit.id: school_result(judged, unit.id) for unit in self.schools}
        every = {pk: result for pk, result in every.items() if result is not None}
        several = len(judged.lines) > 1
        is_open = several and branch.key in self.chosen.open
        clause = trust.clause or promise.clauses[0]
        target, target_spoken = promised(self.given, promise, clause)
        return Row(
            key=branch.key,
            name=branch.title,
            code=branch.code,
            url=self.addresses.kpi(promise.id),
            basis=self._basis(clause, trust, results),
            target=target,
            target_spoken=target_spoken,
            trust=self._cell(promise, trust, None),
            cells=tuple(self._cell(promise, result, column) for column, result in pairs),
            whole_trust=judged.is_trust_wide,
            named=self._named(promise, every),
            clauses=self._clause_rows(judged, branch) if is_open else (),
            clause_count=len(judged.lines) if several else 0,
            open=is_open,
            toggle_url=self.addresses.opened(branch.key) if several else "",
            deciding=clause.title if several and trust.clause else "",
            stack=charts.stack(counts_of(every.values())) if every else None,
            worst=self._worst(every),
            results=tuple(results),
        )

    def _basis(self, clause, trust, results):
        """The span of the figures, and with what period movement compares."""
        basis = basis_of(self.given, clause)
        before = [
            r.said.before_period for r in (trust, *results) if r.said and r.said.before_period
        ]
        if not before:
            return basis
        compared = f"v. {when(max(before, key=lambda period: period.index))}"
        return f"{basis}, {compared}" if basis else compared

    def _clause_rows(self, judged, branch):
        return tuple(self._clause_row(judged.promise, line, branch) for line in judged.lines)

    def _clause_row(self, promise, line, branch):
        trust = clause_trust_result(self.given, line)
        pairs = [(column, clause_result(line, column.id)) for column in self.columns]
        target, target_spoken = promised(self.given, promise, line.clause)
        return Row(
            key=f"{branch.key}-{line.clause.key}",
            name=line.clause.title,
            code="",
            url=self.addresses.kpi(promise.id, clause=line.clause.key),
            basis=self._basis(line.clause, trust, [r for _, r in pairs if r is not None]),
            target=target,
            target_spoken=target_spoken,
            trust=self._cell(promise, trust, None, line.clause.key),
            cells=tuple(
                self._cell(promise, result, column, line.clause.key) for column, result in pairs
            ),
            whole_trust=not line.schools,
        )

    def _cell(self, promise, result, column, clause=None):
        if result is None:
            said = f"{column.name}. Not applicable: nothing is asked of this school here."
            return Cell(Status.NOT_APPLICABLE, "n/a", said, dim=bool(self.chosen.show))
        name, school = "The trust", None
        if column is not None:
            name, school = column.name, self.given.units[column.id].code
        url = self.addresses.kpi(promise.id, school=school, clause=clause)
        return cell_of(self.given, promise, result, name, url, dim=not self._matches(result))

    def _matches(self, result):
        return not self.chosen.show or SHOW[self.chosen.show].keeps(result)

    # Names and counts beside a row

    def _named(self, promise, every):
        """Who is off target, and whose figure is missing."""
        off = [pk for pk, result in every.items() if result.verdict.status is Status.RED]
        missing = [pk for pk, result in every.items() if result.verdict.reason in MISSING]
        late = [pk for pk in missing if is_late(every[pk])]
        waiting = [pk for pk in missing if pk not in late]
        groups = [("off target", off), ("late", late), ("not in yet", waiting)]
        return tuple(self._who(label, pks, promise) for label, pks in groups if pks)

    def _who(self, label, pks, promise):
        if not self.sight.sees_all:
            others = sum(not self.sight.is_mine(pk) for pk in pks)
            mine = len(pks) - others
            words = [f"{others} other school{'' if others == 1 else 's'}"] if others else []
            if mine:
                words.insert(0, "yours" if len(self.columns) == 1 else f"{mine} of yours")
            return Named(label, count_words=" and ".join(words))
        names = tuple(
            (
                self.facts.shorts[pk],
                self.addresses.kpi(promise.id, school=self.given.units[pk].code),
            )
            for pk in pks[:NAMED]
        )
        return Named(label, names, more=max(len(pks) - NAMED, 0))

    def _worst(self, every):
        """The school farthest off target, for the card on a phone."""
        off = [
            (pk, result)
            for pk, result in every.items()
            if result.verdict.status is Status.RED and self.sight.is_mine(pk)
        ]
        if not off:
            return ""
        pk, result = max(off, key=lambda pair: _miss(pair[1]))
        figure = written_figure(result)
        return f"Worst: {self.facts.shorts[pk]} {figure}".rstrip()

    # What stands above the table

    def _tiles(self, results):
        late = sum(is_late(result) for result in results)
        return tuple(
            Tile(
                status=status,
                count=count,
                change=f"{late} late" if status is Status.GREY and late else "",
                url=self._toggled(TILES[status]),
                current=self.chosen.show == TILES[status],
            )
            for status, count in counts_of(results)
        )

    def _toggled(self, show):
        """The filter of a tile; chosen again, it lets go."""
        return self.addresses.here(show=None if self.chosen.show == show else show, open=None)

    def _tabs(self, priorities):
        def off(rows):
            return sum(r.verdict.status is Status.RED for row in rows for r in row.results)

        every = [row for rows in priorities.values() for row in rows]
        links = [Link("All priorities", self._to(""), not self.chosen.priority, off(every))]
        for top, rows in priorities.items():
            branch = self.branches[top]
            is_current = self.chosen.priority == branch.key
            links.append(Link(branch.title, self._to(branch.key), is_current, off(rows)))
        return tuple(links)

    def _to(self, priority):
        return self.addresses.here(priority=priority, open=None)

    def _filters(self, results):
        shows = [Link("All", self.addresses.here(show=None), not self.chosen.show)]
        for show, one in SHOW.items():
            is_current = self.chosen.show == show
            count = sum(map(one.keeps, results))
            shows.append(Link(one.label, self.addresses.here(show=show), is_current, count))
        groups = [FilterGroup("Show results", tuple(shows))]
        phases = self._phases()
        if len(phases) > 1:
            everyone = Link("All schools", self.addresses.here(phase=None), not self.chosen.phase)
            groups.append(FilterGroup("Show schools", (everyone, *phases)))
        return tuple(groups)

    def _phases(self):
        units = [unit for unit in schools_of(self.given) if self.sight.is_mine(unit.id)]
        found = [phase for phase in Phase if any(unit.phase == phase for unit in units)]
        return [
            Link(
                phase.label,
                self.addresses.here(phase=phase.value),
                self.chosen.phase == phase,
                sum(unit.phase == phase for unit in units),
            )
            for phase in found
        ]

    def _sections(self, priorities):
        """The rows that the filter keeps, under their priorities."""
        sections = []
        for top, rows in priorities.items():
            kept = tuple(row for row in rows if any(map(self._matches, row.results)))
            if kept or (not self.chosen.show and rows):
                kept = kept if self.chosen.show else tuple(rows)
                sections.append(
                    Section(
                        title=self.branches[top].title,
                        url=self._to(self.branches[top].key),
                        count_words=f"{len(kept)} KPI{'' if len(kept) == 1 else 's'}",
                        rows=kept,
                    )
                )
        return tuple(sections)

    def _caption(self, rows, sections):
        schools = f"{len(self.columns)} school{'' if len(self.columns) == 1 else 's'}"
        kpis = f"{len(rows)} KPI{'' if len(rows) == 1 else 's'}"
        if not self.chosen.show:
            return f"{kpis}, {schools}"
        kept = sum(len(section.rows) for section in sections)
        words = SHOW[self.chosen.show].words
        verb = "has" if kept == 1 else "have"
        return f"{kept} of {kpis} {verb} a result {words}"

    def _empty(self, rows, sections):
        if not self.kpis:
            return Empty("There is no plan with KPIs yet.", self.addresses.plan(), "See the plan")
        if not self._has_figures():
            term = self.given.term.period.name
            sentence = f"No figures yet for {term}. They are shown as schools send them."
            return Empty(sentence, self.addresses.returns(), "See the returns")
        if self.chosen.show and not sections:
            sentence = f"No results {SHOW[self.chosen.show].none}."
            return Empty(sentence, self.addresses.here(show=None, open=None), "Show all")
        if not rows:
            return Empty("No KPI stands here.", self.addresses.matrix(), "Show all")
        return None

    def _has_figures(self):
        sent = (measure for measure, _, _ in self.given.answers)
        is_sent = any(not self.given.measures[measure].register for measure in sent)
        return is_sent or bool(self.given.ratings)


def _miss(result):
    """How far a result is off, against what decides it; the rest come after."""
    said = result.said
    if said is None or said.figure is None or said.target is None:
        return -1
    return abs(said.figure - (said.target if said.expected is None else said.expected))


def arranged(facts, judged, sight, chosen, addresses):
    """The matrix of one plan and term for one person."""
    return Arranging(facts, judged, sight, chosen, addresses).matrix()


def nothing(term):
    """The page of a trust that has no plan, or no term that has opened."""
    what = "plan" if term else "term"
    return Matrix(
        heading="Trust dashboard",
        empty=Empty(f"There is no {what} yet, so there is nothing to judge."),
    )
