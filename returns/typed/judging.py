"""What typed lines would come to if they were sent as they stand.

Beside each box stand what is promised, the result and what looks odd, while the
line is still being typed. Pure: what was read of the lines is laid over what
the page was given, and the rules judge it as they judge what has been sent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from kpis.rag.choose import figure_of, has_figure
from kpis.rag.given import Answer, Clause, Given, Measure, Period, Question, Rated, Reading, Unit
from kpis.rag.outcome import Said
from kpis.rag.periods import A_YEAR, alike, in_force_now, same_season
from kpis.rag.rule_words import rule_of
from kpis.rag.say import does_apply, say
from kpis.rag.verdict import Status

from .queries import Before, Usual, is_big_change, queries, the_same

Told = Mapping[Question, Sequence[Answer]]
Ratings = Mapping[Question, Sequence[Rated]]
IsAsked = Callable[[Measure, Unit], bool]


@dataclass(frozen=True, slots=True)
class Result:
    """What is promised for one question, and the worst that its KPIs say of the answer.

    ``target`` is "" where nothing is promised of the unit itself, ``status``
    None where nothing was typed or nothing is judged. ``wants_words``: it is
    off target or got worse, so why and what next are asked.
    """

    target: str = ""
    status: Status | None = None
    sentence: str = ""
    wants_words: bool = False


def as_if_sent(given: Given, told: Told, rated: Ratings) -> Given:
    """The same facts, with what was typed in the place of what was sent before."""
    answers = dict(given.answers)
    for question, new in told.items():
        places = {_place(one.period) for one in new}
        kept = [one for one in answers.get(question, ()) if _place(one.period) not in places]
        answers[question] = tuple(
            sorted([*kept, *new], key=lambda one: (one.period.index, one.period.ends))
        )
    ratings = dict(given.ratings)
    for question, fresh in rated.items():
        days = {(one.on, one.external) for one in fresh}
        old = [one for one in ratings.get(question, ()) if (one.on, one.external) not in days]
        ratings[question] = tuple(sorted([*old, *fresh], key=lambda one: one.on))
    return replace(given, answers=answers, ratings=ratings)


def _place(period: Period) -> tuple[object, ...]:
    """What two answers about one time have in common."""
    return period.index, period.span, period.ends if period.span[0] == "date" else None


def results(given: Given, told: Told, rated: Ratings, is_asked: IsAsked) -> dict[Question, Result]:
    """Each question that a KPI reads: what is promised, and how its answer would be judged."""
    given = as_if_sent(given, told, rated)
    found: dict[Question, list[tuple[Said, str]]] = {}
    for question, said, words in _all_said(given, is_asked):
        found.setdefault(question, []).append((said, words))
    return {
        question: _result(said, is_told=bool(told.get(question) or rated.get(question)))
        for question, said in found.items()
    }


def _all_said(given: Given, is_asked: IsAsked) -> Iterator[tuple[Question, Said, str]]:
    """What each clause that is judged unit by unit says and promises, reading by reading."""
    for promise in given.promises:
        for clause in promise.clauses:
            terms = in_force_now(given, clause)
            if terms.roll_up == "list":
                continue
            for reading in clause.readings:
                alone = replace(clause, readings=(reading,))
                for unit in _judged_units(given, alone, reading, is_asked):
                    question = (reading.measure, unit.id, terms.group)
                    said = say(given, promise, alone, unit)
                    yield question, said, rule_of(given, promise, alone, reading, unit, said)


def _judged_units(
    given: Given, clause: Clause, reading: Reading, is_asked: IsAsked
) -> Iterator[Unit]:
    """A promise of the trust as a whole gives no school a colour."""
    measure = given.measures[reading.measure]
    is_the_trusts = in_force_now(given, clause).level == "trust"
    for unit in given.units.values():
        if is_the_trusts and unit.kind != "trust":
            continue
        if is_asked(measure, unit) and does_apply(given, clause, reading, unit):
            yield unit


def _result(said: Sequence[tuple[Said, str]], *, is_told: bool) -> Result:
    """The worst colour decides; without one, what the first clause says."""
    judged = [pair for pair in said if pair[0].verdict.status.is_colour]
    worst, rule = min(judged or said[:1], key=lambda pair: pair[0].verdict.status.rank)
    target = in_short(rule)
    if not is_told:
        return Result(target)
    verdict = worst.verdict
    is_falling = any(one.got_worse for one, _ in judged)
    wants_words = is_falling or verdict.status is Status.RED
    return Result(target, verdict.status, verdict.sentence, wants_words)


def in_short(rule: str) -> str:
    """Of a rule's sentences, what is on target.

    >>> in_short("On target at 95.0% or more. Close to target from 94.0% to 94.9%.")
    '95.0% or more'
    >>> in_short("Autumn, year to date: on target at or above England (94.1%). Off target below.")
    'at or above England (94.1%)'
    """
    first = rule.split(". ")[0].rstrip(".")
    _, found, promised = first.partition("n target ")
    if not found:
        return first
    is_number = promised.startswith("at ") and not promised.startswith("at or ")
    return promised[3:] if is_number else promised


class Compared(NamedTuple):
    """A figure that was typed, what is usual for it, and what it compares with."""

    usual: Usual
    figure: Decimal
    period: Period
    before: Before | None
    before_period: Period | None

    @property
    def is_big_change(self) -> bool:
        return self.before is not None and is_big_change(self.usual, self.figure, self.before)


def compared(given: Given, told: Told, usual: Mapping[int, Usual]) -> dict[Question, Compared]:
    """The figures that were typed beside those they compare with; ``usual`` by measure."""
    found = {}
    for question, answers in told.items():
        measure = given.measures.get(question[0])
        figures = [one for one in answers if has_figure(one)]
        if measure is None or not figures or question[0] not in usual:
            continue
        period, figure = figures[-1].period, figure_of(figures[-1], measure)
        if figure is None:
            continue
        before, then = _before(given, measure, question, period)
        found[question] = Compared(usual[question[0]], figure, period, before, then)
    return found


def odd(
    typed: Mapping[Question, Compared],
    others: Mapping[Question, Sequence[Decimal]] = MappingProxyType({}),
) -> dict[Question, list[str]]:
    """What looks odd about the figures that were typed.

    ``others`` are the changes of the trust's other schools beside a big change.
    """
    found = {
        question: list(queries(one.usual, one.figure, one.before, others.get(question, ())))
        for question, one in typed.items()
    }
    pairs = {
        question: (one.figure, one.before)
        for question, one in typed.items()
        if one.before is not None
    }
    for question, words in the_same(pairs).items():
        found[question].append(words)
    return {question: words for question, words in found.items() if words}


def _before(
    given: Given, measure: Measure, question: Question, period: Period
) -> tuple[Before | None, Period | None]:
    """The last figure that compares with one of a period; by season, that of a year ago."""
    for answer in reversed(given.answers.get(question, ())):
        told = answer.period
        if told.index >= period.index or not alike(measure, told, period):
            continue
        if same_season(measure) and told.index != period.index - A_YEAR:
            continue
        if has_figure(answer) and (figure := figure_of(answer, measure)) is not None:
            return Before(figure, _when(told)), told
    return None, None


def _when(period: Period) -> str:
    """A period by the term in which it ends, "Autumn 2024"; a whole year by its name."""
    if period.span[0] == "year":
        return period.name
    term = ("Autumn", "Spring", "Summer")[period.part - 1]
    return f"{term} {period.year + (period.part > 1)}"
