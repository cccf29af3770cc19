"""The rows of the matrix: a KPI's name, promise and spread, and its cells school by school."""

from functools import partial

from kpis.rag.verdict import Status

from .. import charts
from ..addresses import at_school
from ..cells import Cell, cell_of, plain_figure, when, written_figure
from ..results import (
    MISSING,
    basis_of,
    clause_result,
    clause_trust_result,
    counts_of,
    is_late,
    promised,
)
from .filters import SHOW, SPREAD, counted, standing_of
from .grid import Named, Row

NAMED = 3  # that many schools are named on a row, the others counted
NOT_ASKED = "{}. Not applicable: nothing is asked of this school here."


class MatrixRows:
    """Writes the rows of one person's page. What is not shown is never written."""

    def __init__(self, facts, sight, chosen, addresses, columns, kept, told):
        self.facts, self.given = facts, facts.given
        self.sight, self.chosen, self.addresses = sight, chosen, addresses
        self.columns, self.kept, self.told = columns, kept, told
        self.keeps = SHOW[chosen.show].keeps if chosen.show else None

    def written(self, shown, above=None):
        """The rows of these KPIs; ``above`` has the names of their priorities, if they are said."""
        order = tuple(column.id for column in self.columns)
        self.kept.cells = len(shown) * len(order)
        return tuple(
            self.kept.of(
                ("row", across.promise.id),
                (across,),
                partial(self._row, across, above[across.top] if above else ""),
                order=order,
            )
            for across in shown
        )

    def _cells(self, across, url):
        """The cells of the schools; none where the trust answers as a whole."""
        columns = () if across.is_whole else self.columns
        return tuple(self._cell(across, column, url + column.query) for column in columns)

    def _cell(self, across, column, url):
        result = across.results.get(column.id)
        if result is None:
            return _not_asked(column, dim=self.keeps is not None)
        dim = self._dims(across.standings[column.id])
        said = (across.promise.id, column.id) in self.told
        return cell_of(self.given, across.promise, result, column.name, url, dim, said)

    def _dims(self, standing):
        return self.keeps is not None and not self.keeps(standing)

    def _row(self, across, above):
        promise, branch, trust = across.promise, across.branch, across.trust
        url = self.addresses.kpi(promise.id)
        is_one = len(across.judged.lines) == 1
        is_open = not is_one and branch.key in self.chosen.open
        clause = trust.clause or promise.clauses[0]
        target, target_spoken = self._promised(promise, clause, bool(across.results))
        results = across.results.values()
        own = across.standings.get(self.given.trust) or standing_of(trust, True)
        said = (promise.id, self.given.trust) in self.told
        cell = cell_of(self.given, promise, trust, "The trust", url, self._dims(own), said)
        return Row(
            key=branch.key,
            name=branch.title,
            code=branch.code,
            url=url,
            basis=self._basis(clause, trust, self._mine(across)),
            target=target,
            target_spoken=target_spoken,
            trust=cell,
            cells=self._cells(across, url),
            whole_trust=across.is_whole,
            spread=self._spread(across, url),
            clauses=self._clause_rows(across) if is_open else (),
            clause_count=0 if is_one else len(across.judged.lines),
            open=is_open,
            toggle_url="" if is_one else self.addresses.opened(branch.key),
            deciding=clause.title if not is_one and trust.clause else "",
            stack=charts.stack(counts_of(results)) if results else None,
            worst=self._worst(across),
            above=above,
            open_words=self._open(across) if self.sight.leads else "",
            figure=_with_unit(trust, cell),
        )

    def _open(self, across):
        waiting = counted(across.tally, "open")
        return f"{waiting} wait{'s' if waiting == 1 else ''} for you" if waiting else ""

    def _mine(self, across):
        return [across.results[column.id] for column in self.columns if column.id in across.results]

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

    # The parts of a KPI that is opened in place

    def _clause_rows(self, across):
        return tuple(self._clause_row(across, line) for line in across.judged.lines)

    def _clause_row(self, across, line):
        promise, key = across.promise, line.clause.key
        url = self.addresses.kpi(promise.id, clause=key)
        trust = clause_trust_result(self.given, line)
        results = {column.id: clause_result(line, column.id) for column in self.columns}
        target, target_spoken = self._promised(promise, line.clause, bool(line.schools))
        cells = (self._clause_cell(promise, results[each.id], each, url) for each in self.columns)
        return Row(
            key=f"{across.branch.key}-{key}",
            name=line.clause.title,
            code="",
            url=url,
            basis=self._basis(line.clause, trust, [r for r in results.values() if r is not None]),
            target=target,
            target_spoken=target_spoken,
            trust=cell_of(self.given, promise, trust, "The trust", url),
            cells=tuple(cells) if line.schools else (),
            whole_trust=not line.schools,
        )

    def _promised(self, promise, clause, has_schools):
        """As the trust's row says it: beside a pooled figure, that each school has to."""
        short, spoken = promised(self.given, promise, clause)
        terms = clause.in_force(self.given.term.index)
        if has_schools and spoken and terms.roll_up == "each_school":
            spoken += ", each school"
        return short, spoken

    def _clause_cell(self, promise, result, column, url):
        if result is None:
            return _not_asked(column, dim=self.keeps is not None)
        dim = self._dims(standing_of(result, True))
        return cell_of(self.given, promise, result, column.name, url + column.query, dim)

    # How the schools stand

    def _spread(self, across, url):
        """How many stand where, and who is off target or missing."""
        by_status = {status: [] for status in SPREAD}
        late, waiting = [], []
        for pk, result in across.results.items():
            verdict = result.verdict
            if verdict.reason in MISSING:
                (late if is_late(result) else waiting).append(pk)
            elif verdict.status in by_status:
                by_status[verdict.status].append(pk)
        groups = [(words, by_status[status]) for status, words in SPREAD.items()]
        groups += [("late", late), ("not in yet", waiting)]
        return tuple(self._who(words, pks, url) for words, pks in groups if pks)

    def _who(self, words, pks, url):
        label = f"{len(pks)} {words}"
        if words not in ("off", "late", "not in yet"):
            return Named(label)
        if not self.sight.sees_all:
            whose = self._whose(pks)
            return Named(label, count_words=whose) if whose else Named(f"{label}, not yours")
        names = tuple(
            (self.facts.shorts[pk], url + at_school(self.given.units[pk].code))
            for pk in pks[:NAMED]
        )
        return Named(label, names, more=max(len(pks) - NAMED, 0))

    def _whose(self, pks):
        """How many of them are the reader's own; the others are never named."""
        others = sum(not self.sight.is_mine(pk) for pk in pks)
        if others == len(pks):
            return ""
        mine = "yours" if len(self.columns) == 1 else f"{len(pks) - others} of yours"
        return f"{mine} and {others} other school{'' if others == 1 else 's'}" if others else mine

    def _worst(self, across):
        """The school farthest off target, for the card on a phone."""
        off = [
            (pk, result)
            for pk, result in across.results.items()
            if result.verdict.status is Status.RED and self.sight.is_mine(pk)
        ]
        if not off:
            return ""
        pk, result = max(off, key=lambda pair: _miss(pair[1]))
        return f"Worst: {self.facts.shorts[pk]} {written_figure(result)}".rstrip()


def _with_unit(result, cell):
    """What stands in a cell; a number with its unit."""
    is_number = cell.figure == plain_figure(result.verdict, result.said)
    return (is_number and written_figure(result)) or cell.figure


def _not_asked(column, *, dim):
    return Cell(Status.NOT_APPLICABLE, "n/a", NOT_ASKED.format(column.name), dim=dim)


def _miss(result):
    """How far a result is off, against what decides it; the rest come after."""
    said = result.said
    if said is None or said.figure is None or said.target is None:
        return -1
    return abs(said.figure - (said.target if said.expected is None else said.expected))
