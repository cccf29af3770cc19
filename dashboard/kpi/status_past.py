"""What is judged in words, by a date or on a scale: how each stood in the earlier terms.

A table in the place of a chart. A new version of a scale stands between two
columns as a break: a grade before it and one after are not the same thing.
"""

from dataclasses import dataclass, replace

from kpis.rag.judging import judge_one
from kpis.rag.verdict import Status

from ..cells import figure_of, short_when, term_name
from ..past import TERMS_BACK
from ..results import clause_result, clause_trust_result


@dataclass(frozen=True, slots=True)
class StatusCell:
    """One term: the status, the word in the cell, and the sentence for those who listen."""

    status: Status | None
    words: str
    sentence: str
    after_break: bool = False


@dataclass(frozen=True, slots=True)
class StatusTable:
    """Terms across, units down; ``breaks`` say in words what changed when."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[StatusCell, ...]], ...]
    breaks: tuple[str, ...]


def status_table(reader):
    """The charted clause in the last nine terms of the plan: the trust, and the named schools."""
    facts, given, promise = reader.facts, reader.given, reader.promise
    terms = [
        collecting
        for index, collecting in sorted(facts.terms.items())
        if collecting.period.ends >= given.plan_starts
    ][-TERMS_BACK:]
    if len(terms) < 2:
        return ()
    scales = _changes(given, reader.clause, terms)
    alone = replace(promise, clauses=(reader.clause,))
    schools = [reader.school] if reader.school else reader.named_schools
    rows = {unit.id: [] for unit in (given.units[given.trust], *schools)}
    for collecting in terms:
        then = replace(given, term=collecting)
        line = reader.small.of(judge_one(then, alone)).lines[0]
        for pk, cells in rows.items():
            own = clause_trust_result(then, line) if pk == given.trust else clause_result(line, pk)
            cells.append(_cell(then, promise, own, collecting.index in scales))
    return StatusTable(
        heads=tuple(short_when(collecting.index) for collecting in terms),
        rows=tuple((facts.given.units[pk].name, tuple(cells)) for pk, cells in rows.items()),
        breaks=tuple(f"{name} in force from {term_name(at)}" for at, name in scales.items()),
    )


def _cell(given, promise, result, after_break):
    if result is None:
        return StatusCell(None, "n/a", "Not in the trust, or not asked", after_break)
    words, _ = figure_of(given, promise, result)
    return StatusCell(result.verdict.status, words, result.verdict.sentence, after_break)


def _changes(given, clause, terms):
    """{first term: name} of the versions of its scale that began in between."""
    found = {}
    for reading in clause.readings:
        for version in given.scales.get(given.measures[reading.measure].scale, ()):
            if version.since is None:
                continue
            after = [one.index for one in terms if one.period.ends >= version.since]
            if after and after[0] != terms[0].index:
                found[after[0]] = version.name
    return found
