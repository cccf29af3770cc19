"""What one clause says of one unit: its readings judged, and combined by all.

Source: docs/rag.md, Several parts.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpis.rag import cases, done
from kpis.rag.applies import Applicability, applies, is_asked_of
from kpis.rag.cases import Case
from kpis.rag.choose import Chosen, choose, told_by_now
from kpis.rag.combine import all_of
from kpis.rag.dates import written
from kpis.rag.due import due_of
from kpis.rag.evidence import Reader
from kpis.rag.given import (
    Answer,
    Clause,
    Done,
    Given,
    Logged,
    Measure,
    Period,
    Promise,
    Reading,
    Terms,
    Unit,
)
from kpis.rag.grey import no_data, not_applicable, not_due
from kpis.rag.levels import say_level
from kpis.rag.once import once
from kpis.rag.outcome import Said
from kpis.rag.periods import in_force_now, judged_index
from kpis.rag.ratings import say_rated
from kpis.rag.scales import Scales, in_force, scales
from kpis.rag.shown import counted
from kpis.rag.verdict import Part, Reason, Status, Verdict
from kpis.rag.weigh import weigh


class Saying:
    """What one clause asks of every unit, found once; then what it says of each of them."""

    def __init__(self, given: Given, promise: Promise, clause: Clause) -> None:
        self.given, self.promise, self.clause = given, promise, clause
        self._asks = tuple(_asks_by(given, clause, reading) for reading in clause.readings)
        self._figures = [Figures(given, promise, clause, asks) for asks in self._asks]

    def of(self, unit: Unit) -> Said:
        """Judge the clause for a unit: readings that do not apply drop out of its `all`."""
        if len(self._asks) == 1:
            return self._read(0, unit)
        return joined_by_all(
            [(one.measure.name, self._read(place, unit)) for place, one in enumerate(self._asks)]
        )

    def _read(self, place: int, unit: Unit) -> Said:
        asks = self._asks[place]
        if not asks.apply(unit):
            return _ELSEWHERE
        given, promise, clause = self.given, self.promise, self.clause
        reading, measure, terms = asks.reading, asks.measure, asks.terms
        match terms.rule:
            case "scale":
                return say_level(given, promise, clause, reading, measure, terms, unit)
            case "done":
                return _done(given, promise, clause, measure, terms, unit)
            case "cases":
                return _cases(given, measure, terms, unit)
            case "judged":
                return say_rated(given, measure, terms, unit)
        return self._figures[place].of(unit)


class Figures:
    """One reading of figures, weighed for many units.

    A figure that is carried is judged by its own period, so what is said of it
    stands in every term in which the same answer counts: it is weighed once.
    """

    def __init__(self, given: Given, promise: Promise, clause: Clause, asks: "_Asks") -> None:
        self.given, self.promise, self.clause = given, promise, clause
        self.reading, self.reader = asks.reading, asks.reader
        self._on: dict[int | None, Scales] = {}
        self._known: dict[int, tuple[Chosen, Said]] | None = None
        if not _looks_at_the_term(clause, asks.reading):
            self._known = given.ever[promise, clause, asks.reading]

    def of(self, unit: Unit) -> Said:
        """What the clause says of a unit's figure, or of what stands in its place."""
        chosen = self.reader.chosen(unit)
        known = self._known if chosen.answer is not None and chosen.instead is None else None
        if known is not None:
            found = known.get(unit.id)
            if found is not None and found[0] == chosen:
                return found[1]
        evidence = self.reader.of_unit(unit, chosen)
        said = weigh(self._scales(evidence.period), evidence)
        if known is not None:
            known[unit.id] = chosen, said
        return said

    def _scales(self, period: Period | None) -> Scales:
        key = None if period is None else period.index
        on = self._on.get(key)
        if on is None:
            on = scales(self.given, self.promise, self.clause, self.reading, period)
            self._on[key] = on
        return on


def _looks_at_the_term(clause: Clause, reading: Reading) -> bool:
    """Whether the same figure may be judged otherwise in another term.

    By a day it is; so is a target with a way there, and what is compared with a
    group that is named, which may have its own reason why there is no figure.
    """
    return any(aim.path for aim in reading.aims) or any(
        terms.by_a_date or terms.at_period_end or terms.repeated or terms.against == "group"
        for terms in clause.terms
    )


@once
def saying(given: Given, promise: Promise, clause: Clause) -> Saying:
    """A clause, ready to be judged for many units."""
    return Saying(given, promise, clause)


def say(given: Given, promise: Promise, clause: Clause, unit: Unit) -> Said:
    """Judge a clause for one unit; more in `Saying`."""
    return saying(given, promise, clause).of(unit)


def by_all(given: Given, said: Sequence[tuple[Reading, Said]]) -> Said:
    """One clause from its readings. Those that do not apply drop out of its `all`."""
    return joined_by_all([(given.measures[reading.measure].name, one) for reading, one in said])


def joined_by_all(said: Sequence[tuple[str, Said]]) -> Said:
    """One verdict from several by their names, with the figure of the one that decides.

    Where all but one do not apply, that one stands as it is.
    """
    applying = [pair for pair in said if pair[1].verdict.status is not Status.NOT_APPLICABLE]
    said = applying or said
    if len(said) == 1:
        return said[0][1]
    parts = [Part(name, one.verdict) for name, one in said]
    combined = all_of(parts)
    for part, (_, one) in zip(parts, said, strict=True):
        if part is combined.deciding:
            return one._replace(verdict=combined)
    return Said(combined, asked=any(one.asked for _, one in said))


class _Asks(NamedTuple):
    """One reading of a clause in this term: what is the same for every unit.

    ``rules`` say whom it is about, as at the term ``since``.
    """

    reading: Reading
    measure: Measure
    terms: Terms
    since: int
    rules: tuple[Applicability, ...]
    reader: Reader

    def apply(self, unit: Unit) -> bool:
        """Whether the reading is about a unit."""
        measure, place = self.measure, unit.place
        return is_asked_of(measure.of, measure.is_by_phase, place) and (
            not self.rules or all(applies(rule, place, self.since) for rule in self.rules)
        )


@once
def _asks_by(given: Given, clause: Clause, reading: Reading) -> _Asks:
    index, terms = judged_index(given, clause), in_force_now(given, clause)
    rules = (terms.applicability, in_force(reading, index).applicability)
    by = tuple(rule for rule in rules if rule is not None)
    measure = given.measures[reading.measure]
    reader = Reader(given, clause, reading, measure, terms.group)
    return _Asks(reading, measure, terms, index, by, reader)


def does_apply(given: Given, clause: Clause, reading: Reading, unit: Unit) -> bool:
    """Whether a reading is about a unit, as things stood in the period that is judged."""
    return _asks_by(given, clause, reading).apply(unit)


_ELSEWHERE = Said(not_applicable("does not apply here"), asked=False)


# Done


def _done(
    given: Given, promise: Promise, clause: Clause, measure: Measure, terms: Terms, unit: Unit
) -> Said:
    chosen = choose(given, measure, unit, terms.group, _first_term_of(given, terms.repeated))
    if chosen.instead is not None and chosen.instead.status is Status.NOT_APPLICABLE:
        return _told(measure, chosen, chosen.instead)
    due, as_at, answer = due_of(given, promise, clause), given.term.as_at, chosen.answer
    rule = done.Done(due.day, due.moved, given.settings.due_soon_days)
    day = _done_day(answer, as_at) or due.done_on
    at_risk = due.at_risk or (answer is not None and answer.done is Done.AT_RISK)
    verdict = done.judge(day, rule, as_at=as_at, at_risk=at_risk)
    sent_by = unit.due or given.term.due
    is_unsaid = verdict.status is Status.RED and answer is None and as_at <= sent_by
    if terms.repeated and is_unsaid:
        # Each time ends before the return that tells of it is due.
        verdict = no_data(sent_by)
    if verdict.status is not Status.GREEN and _is_before_the_plan(given):
        verdict = not_due("the plan has not begun")
    words = "done" if due.day is None else f"done by {due.label or written(due.day)}"
    return _told(measure, chosen, verdict.marked(*chosen.marks), words)


def _told(measure: Measure, chosen: Chosen, verdict: Verdict, words: str = "") -> Said:
    return Said(
        verdict,
        measure=measure.id,
        period=chosen.period,
        target_words=words,
        asked=chosen.asked,
    )


def _first_term_of(given: Given, repeated: str) -> int:
    """A recurring duty makes one item per term or year; an older yes is no answer to it."""
    index = given.term.index
    return {"term": index, "year": index // 3 * 3}.get(repeated, 0)


def _done_day(answer: Answer | None, as_at: date) -> date | None:
    if answer is None or answer.done is not Done.YES:
        return None
    return answer.done_on or min(answer.period.ends, as_at)


def _is_before_the_plan(given: Given) -> bool:
    return given.term.period.ends < given.plan_starts


# Cases


def _cases(given: Given, measure: Measure, terms: Terms, unit: Unit) -> Said:
    chosen = choose(given, measure, unit, terms.group)
    limit = f"within {counted(terms.months_allowed, 'months')}" if terms.months_allowed else ""
    instead = chosen.instead
    if instead is not None and instead.status is Status.NOT_APPLICABLE:
        return _told(measure, chosen, instead, limit)
    if _is_before_the_plan(given):
        return _told(measure, chosen, not_due("the plan has not begun"), limit)
    verdict = _by_log_or_counts(given, measure, terms, unit, chosen.answer)
    if verdict.reason is Reason.NO_DATA and instead is not None:
        verdict = instead
    return _told(measure, chosen, verdict.marked(*chosen.marks), limit)


def _by_log_or_counts(
    given: Given, measure: Measure, terms: Terms, unit: Unit, answer: Answer | None
) -> Verdict:
    """By the log of cases where one was sent, else by the two counts."""
    log = _log(given, measure, terms, unit, answer)
    if answer is not None and answer.numerator is not None and not log:
        return cases.judge_counts(_whole(answer.numerator), _whole(answer.denominator))
    return cases.judge_log(
        [Case(case.opened, case.planned, case.closed) for case in log],
        cases.Cases(terms.months_allowed or 0, terms.plan_counts),
        begins=given.term.period.starts,
        as_at=given.term.as_at,
        confirmed=None if answer is None else _whole(answer.value),
    )


def _log(
    given: Given, measure: Measure, terms: Terms, unit: Unit, answer: Answer | None
) -> list[Logged]:
    """The cases that were sent with the answer; without one, with the last return by this term.

    What has been overdue since then is overdue until the unit says otherwise.
    """
    log = given.cases.get((measure.id, unit.id), ())
    sent = None if answer is None else (answer.collected, answer.provisional)
    if sent is None:
        told = [(one.collected, one.provisional) for one in log]
        told += [
            (one.collected, one.provisional)
            for one in told_by_now(given, measure, unit, terms.group)
        ]
        sent = max((one for one in told if one[0] <= given.term.index), default=None)
    return [one for one in log if (one.collected, one.provisional) == sent]


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)
