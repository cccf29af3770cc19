"""Which answers the rules can look at, so that no others are read.

A term is judged by the figures of now, of the time before and of the baseline;
what schools have sent in fifteen terms stays where it is. What the rules look
for is always the latest before some term: where it is not among what was read,
the question is open, and older answers have to be read too.

Source: docs/rag.md, Which figure counts, and Where a plan begins.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kpis.rag.applies import applies, is_asked_of
from kpis.rag.choose import LASTING, has_figure, outside_its_time
from kpis.rag.given import (
    Answer,
    Basis,
    Clause,
    CollectingTerm,
    Given,
    Measure,
    Question,
    Reading,
    Unit,
    index_of,
)
from kpis.rag.periods import A_YEAR, about, asked_period, last_asked, same_season

ALL = 0
Reads = Mapping[int, Sequence[tuple[Clause, Reading]]]  # by measure


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The terms in which periods end whose answers to one measure can be looked at.

    All from ``since`` on, and ``also`` these before it.
    """

    since: int
    also: frozenset[int] = frozenset()

    def has(self, index: int) -> bool:
        return index >= self.since or index in self.also


def looked_at(given: Given, terms: Sequence[CollectingTerm]) -> dict[int, LookedAt]:
    """For each measure, what can be looked at to judge each of these terms, the latest first."""
    reads = reads_of(given)
    return {
        pk: _of_measure(given, measure, reads.get(pk, ()), terms)
        for pk, measure in given.measures.items()
    }


def reads_of(given: Given) -> dict[int, list[tuple[Clause, Reading]]]:
    """The clauses that read each measure."""
    reads: dict[int, list[tuple[Clause, Reading]]] = {}
    for promise in given.promises:
        for clause in promise.clauses:
            for reading in clause.readings:
                reads.setdefault(reading.measure, []).append((clause, reading))
    return reads


def _of_measure(
    given: Given,
    measure: Measure,
    reads: Sequence[tuple[Clause, Reading]],
    terms: Sequence[CollectingTerm],
) -> LookedAt:
    if measure.kind in LASTING or measure.register:
        # The first yes, the latest level, the grade on joining: of any age.
        return LookedAt(ALL)
    since, also = given.term.index, set()
    for term in terms:
        asked = _asked_back(given, measure, term.index)
        if len(asked) < 2:
            return LookedAt(ALL)
        is_of_the_year_before = compares_with_the_year_before(measure)
        if is_of_the_year_before:
            also.add(asked[0] - A_YEAR)
        needs_no_older = is_of_the_year_before and term is not terms[0]
        is_asked = asked_period(given, measure, term.index) is not None
        since = min(since, asked[0] if needs_no_older and is_asked else asked[1])
    since = min([since, *_ways(given, reads)])
    for clause, reading in reads:
        also |= _beginnings(given, measure, clause, reading, since)
    return LookedAt(since, frozenset(index for index in also if index < since))


def _asked_back(given: Given, measure: Measure, term: int) -> list[int]:
    """When the last two periods end that a term or one before it has asked about."""
    found: list[int] = []
    for index in range(term, term - 2 * A_YEAR - 1, -1):
        period = asked_period(given, measure, index)
        if period is not None and period.index not in found:
            found.append(period.index)
    return found[:2]


def compares_with_the_year_before(measure: Measure) -> bool:
    """Whether its time before is the same of the last year, and not the last figure."""
    return measure.seasonal or measure.basis not in (Basis.TERM, Basis.DATE)


def _ways(given: Given, reads: Sequence[tuple[Clause, Reading]]) -> Iterator[int]:
    """From when it counts whether a target with a path has been met before."""
    for clause, reading in reads:
        ways = [aim.from_index for aim in reading.aims if aim.path]
        if ways and any(terms.rule == "threshold" for terms in clause.terms):
            yield max(min(ways), index_of(given.plan_starts))


def _beginnings(
    given: Given, measure: Measure, clause: Clause, reading: Reading, since: int
) -> set[int]:
    """The terms of the baselines; where seasons count, the same terms of their years."""
    periods = [terms.baseline for terms in clause.terms]
    periods += [start.entry_period for start in reading.starts]
    found = set()
    for period in periods:
        if period is None:
            continue
        found.add(period.index)
        if same_season(measure):
            judged = range(since, given.term.index + A_YEAR)[:A_YEAR]
            found |= {period.year * A_YEAR + index % A_YEAR for index in judged}
    return found


# What is left open


def has_always_been_here(given: Given, unit: Unit) -> bool:
    """Whether no figure of a unit can be from outside its time in the trust."""
    first = min(given.calendar, default=given.term.index)
    begins = given.days_of(first // A_YEAR * A_YEAR)[0]
    return unit.joined <= begins and unit.left is None


def open_questions(
    given: Given,
    looked: Mapping[int, LookedAt],
    terms: Sequence[CollectingTerm],
    units: Collection[int] | None = None,
) -> Iterator[Question]:
    """The questions to these units, None for all, whose last figure may be older than was read."""
    asked = [unit for pk, unit in given.units.items() if units is None or pk in units]
    reads = reads_of(given)
    at = [given.at(term) for term in terms]
    for pk, measure in given.measures.items():
        if looked[pk].since == ALL:
            continue
        groups = {
            group
            for clause, _ in reads.get(pk, ())
            for version in clause.terms
            for group in (version.group, version.against_group)
            if group
        }
        yield from _Settling(at, measure, looked[pk]).open(asked, groups)


class _Settling:
    """Whether what was read of one measure is enough to judge some terms by."""

    def __init__(self, at: Sequence[Given], measure: Measure, looked: LookedAt):
        self.at, self.measure, self.looked = at, measure, looked
        self.given = at[0]
        self._known: dict[object, bool] = {}

    def open(self, units: Iterable[Unit], groups: set[str]) -> Iterator[Question]:
        measure = self.measure
        for unit in units:
            if not is_asked_of(measure.of, measure.is_by_phase, unit.place):
                continue
            is_here = has_always_been_here(self.given, unit)
            for group in groups:
                question = measure.id, unit.id, group
                told = self.given.answers.get(question, ())
                if not self._is_settled(unit, told, is_here):
                    yield question

    def _is_settled(self, unit: Unit, told: Sequence[Answer], is_here: bool) -> bool:
        """Most schools have sent the same periods: what is said of one is said of all."""
        if not is_here or self.measure.applicability is not None:
            return self._find(unit, told)
        pattern = tuple(
            [(a.period.index, a.collected, a.why_none is None, has_figure(a)) for a in told]
        )
        if pattern not in self._known:
            self._known[pattern] = self._find(unit, told)
        return self._known[pattern]

    def _find(self, unit: Unit, told: Sequence[Answer]) -> bool:
        near = [answer for answer in told if answer.period.index >= self.looked.since]
        return all(
            not applies(self.measure.applicability, unit.place, given.term.index)
            or self._is_enough(given, unit, near)
            for given in self.at
        )

    def _is_enough(self, given: Given, unit: Unit, near: Sequence[Answer]) -> bool:
        asked = asked_period(given, self.measure, given.term.index)
        if asked is None:
            return self._is_enough_to_carry(given, unit, near)
        if any(a.period.index < asked.index and has_figure(a) for a in near):
            return True
        answer = about(near, asked)
        if answer is None or answer.why_none is not None:
            # What is missing shows its old figure, but not in a term that is over.
            return given is not self.given
        return compares_with_the_year_before(self.measure)

    def _is_enough_to_carry(self, given: Given, unit: Unit, near: Sequence[Answer]) -> bool:
        term = given.term.index
        last = last_asked(given, self.measure, term - A_YEAR)
        until = term if last is None else last.index
        known = [
            answer
            for answer in near
            if (answer.period.index <= until or answer.collected <= term)
            and outside_its_time(unit, answer.period) is None
        ]
        if not known:
            return False
        latest = known[-1]
        if latest.why_none is not None or latest.collected + self.measure.carried_terms <= term:
            return True
        if compares_with_the_year_before(self.measure):
            return self.looked.has(latest.period.index - A_YEAR)
        return any(a.period.index < latest.period.index and has_figure(a) for a in near)
