"""The figures that a reading of all units together is judged by.

The past of a trust is that of the units in both periods: a school that has
joined since can neither raise nor lower a trend.

Source: docs/rag.md, From schools to the trust.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from decimal import Decimal

from kpis.rag.begin import Beginning, before, beginning
from kpis.rag.choose import Chosen, choose, outside_its_time, too_small
from kpis.rag.evidence import Evidence, has_a_way
from kpis.rag.given import Clause, Given, Measure, Period, Reading, Terms, Unit
from kpis.rag.grey import first_of, no_cohort
from kpis.rag.others import answer_of, national, pair_at_start
from kpis.rag.periods import in_force_now
from kpis.rag.question import Question, Told
from kpis.rag.shown import counted
from kpis.rag.verdict import Mark, Status, Verdict, marks_of


def of_all(
    given: Given,
    clause: Clause,
    reading: Reading,
    measure: Measure,
    units: Sequence[Unit],
    whose: Unit,
    things: str,
) -> Evidence:
    """What the units have sent, pooled or summed as the clause says."""
    group = in_force_now(given, clause).group
    each = {unit.id: choose(given, measure, unit, group) for unit in units}
    counting = {pk: chosen for pk, chosen in each.items() if _counts(chosen)}
    period = _latest(list(counting.values()))
    if period is None:
        asked = any(chosen.asked for chosen in each.values())
        nobody = _nobody(list(each.values()), things)
        return Evidence(whose, instead=nobody, asked=asked, things=things)

    among = tuple(unit for unit in units if unit.id in counting)
    question = Question(
        given, reading, measure, clause.in_force(period.index), among, whose, things
    )
    told = {
        pk: chosen.answer
        for pk, chosen in counting.items()
        if chosen.answer is not None and chosen.answer.period.index == period.index
    }
    others = question.others(told) if question.has_own_others else told
    told = {pk: answer for pk, answer in told.items() if pk in others}
    marks = _marks(counting.values())
    if any(other.provisional for other in others.values()):
        marks |= {Mark.PROVISIONAL}
    together = question.gathered(told)
    evidence = Evidence(
        whose,
        period,
        marks=marks,
        asked=any(chosen.asked for chosen in counting.values()),
        together=together,
        things=things,
    )
    if question.figure(together) is None:
        return evidence._replace(instead=_nobody(list(counting.values()), things))
    return _filled(question, told, period, evidence)


def _counts(chosen: Chosen) -> bool:
    """Whether a unit is one of those that the trust's figure is about."""
    if chosen.instead is None:
        return True
    return chosen.answer is not None or not chosen.instead.drops_out


def _latest(counting: Sequence[Chosen]) -> Period | None:
    told = [c.period for c in counting if c.period is not None and c.answer is not None]
    asked = [c.period for c in counting if c.period is not None]
    return max(told or asked, key=lambda period: period.index, default=None)


def _nobody(every: Sequence[Chosen], things: str) -> Verdict:
    """Why there is no figure at all: what is missing before what drops out."""
    greys = [c.instead for c in every if c.instead and c.instead.status is Status.GREY]
    if greys:
        return first_of(greys)
    return next((c.instead for c in every if c.instead is not None), no_cohort(things))


def _marks(counting: Collection[Chosen]) -> frozenset[Mark]:
    """What stands beside the answers, and beside what stands instead of them."""
    marks = frozenset[Mark]().union(*[chosen.marks for chosen in counting])
    return marks | marks_of(chosen.instead for chosen in counting if chosen.instead is not None)


def _filled(question: Question, told: Told, period: Period, evidence: Evidence) -> Evidence:
    """The figures that are judged, with their past, if they are about enough pupils."""
    given, measure, terms = question.given, question.measure, question.terms
    begun, then = _start(question, told, period)
    judged, note = told, ""
    if begun is not None and begun.answer is None:
        note = f"the baseline is as printed, for all {question.things} of its day"
    elif then and _looks_back(terms):
        judged = {pk: told[pk] for pk in then}
        if len(judged) < len(told):
            both = f"{len(judged)} of {counted(len(told), question.things)}"
            note = f"{both}, those in both periods"
    together = question.gathered(judged)
    base, is_too_small = question.base(together), question.is_too_small(together)
    if question.has_own_others and not is_too_small:
        is_too_small = question.is_too_small(question.gathered(question.others(judged)))
    if is_too_small:
        return evidence._replace(base=base, instead=too_small(given, measure))

    is_of_fewer = len(judged) < len(told) and not question.is_gap
    previous, last_time = _previous(question, judged, period)
    evidence = evidence._replace(
        figure=question.figure(together),
        of_all=question.figure(question.gathered(told)) if is_of_fewer else None,
        base=base,
        beginning=begun,
        note=note,
        earlier=_earlier(question, period),
        before=last_time,
        before_period=(None if last_time is None else next(iter(previous.values())).period),
    )
    return _with_others(question, judged, then, previous, period, evidence)


def _looks_back(terms: Terms) -> bool:
    return terms.rule == "trend" or (terms.rule == "gap" and terms.operator == "narrow")


def _start(question: Question, told: Told, period: Period) -> tuple[Beginning | None, Told]:
    """The baseline of all, and the entries it is pooled from; printed ones have none."""
    given, measure, reading = question.given, question.measure, question.reading

    def start_of(unit: Unit) -> Beginning | None:
        terms = question.terms
        return beginning(given, measure, reading, terms, unit, terms.group, period)

    printed = start_of(question.whose)
    if printed is not None and printed.answer is None:
        return printed, {}
    starts = {unit.id: start_of(unit) for unit in question.units if unit.id in told}
    entries = {pk: start.answer for pk, start in starts.items() if start and start.answer}
    if not entries:
        return None, {}
    # A school that joined since has a baseline of its own, of a later period.
    common = Counter(answer.period.index for answer in entries.values())
    index = min(common, key=lambda one: (-common[one], one))
    then = {pk: answer for pk, answer in entries.items() if answer.period.index == index}
    together = question.gathered(then)
    value = question.figure(together)
    if value is None or question.is_too_small(together):
        return None, {}
    broken = (start.broken for pk, start in starts.items() if pk in then and start)
    return (
        Beginning(
            value=value,
            since=index,
            answer=next(iter(then.values())),
            broken=next((why for why in broken if why), None),
        ),
        then,
    )


def _earlier(question: Question, period: Period) -> tuple[tuple[int, Decimal], ...]:
    """What all had together in each earlier period, where none of them was missing."""
    if not has_a_way(question.reading, question.terms):
        return ()
    given, measure, group = question.given, question.measure, question.terms.group
    periods = {
        answer.period.index: answer.period
        for unit in question.units
        for answer in given.answers.get((measure.id, unit.id, group), ())
        if answer.period.index < period.index
    }
    found = []
    for index, earlier in sorted(periods.items()):
        here = [unit for unit in question.units if outside_its_time(unit, earlier) is None]
        told = {
            unit.id: answer
            for unit in here
            if (answer := answer_of(given, measure, unit, group, earlier)) is not None
        }
        if len(told) < len(here):
            continue
        together = question.gathered(told)
        figure = question.figure(together)
        if figure is not None and not question.is_too_small(together):
            found.append((index, figure))
    return tuple(found)


def _previous(question: Question, judged: Told, period: Period) -> tuple[Told, Decimal | None]:
    """What the same units had the time before, and its figure; nothing unless all of them had."""
    given, measure, group = question.given, question.measure, question.terms.group
    found = {
        unit.id: answer
        for unit in question.units
        if unit.id in judged and (answer := before(given, measure, unit, group, period))
    }
    if len(found) < len(judged) or len({answer.period.index for answer in found.values()}) > 1:
        return {}, None
    together = question.gathered(found)
    return ({}, None) if question.is_too_small(together) else (found, question.figure(together))


def _with_others(
    question: Question,
    judged: Told,
    then: Told,
    previous: Told,
    period: Period,
    evidence: Evidence,
) -> Evidence:
    """For a gap, both groups now, at the baseline and the time before."""
    if not question.is_gap:
        return evidence
    now = question.pair(judged)
    given, measure, terms = question.given, question.measure, question.terms
    if then:
        start = question.pair(then) if set(then) == set(judged) else None
    else:
        reading, whose = question.reading, question.whose
        begun = beginning(given, measure, reading, terms, whose, terms.group, period)
        start = pair_at_start(given, reading, measure, terms, whose, period, begun)
    outside = None
    if terms.against == "national_other":
        outside = national(given, measure, terms, question.whose, period)
    return evidence._replace(
        reference=None if now is None else now.reference,
        others="" if outside is None else outside.others,
        marks=evidence.marks | (outside.marks if outside else frozenset()),
        then=start,
        before_pair=question.pair(previous),
    )
