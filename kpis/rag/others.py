"""Whom a group is compared with, now, at the baseline and the time before.

Source: docs/rag.md, Gap.
"""

from decimal import Decimal
from typing import NamedTuple

from kpis.rag import outside
from kpis.rag.begin import Beginning, beginning
from kpis.rag.choose import choose, figure_of, is_too_small, too_small
from kpis.rag.gap import Pair
from kpis.rag.given import ALL_PUPILS, Answer, Given, Measure, Period, Reading, Terms, Unit
from kpis.rag.grey import no_cohort
from kpis.rag.once import ever
from kpis.rag.periods import about
from kpis.rag.verdict import Mark, Verdict


class Reference(NamedTuple):
    """The other side of a gap, as shown; the verdict instead where it is about too few.

    ``others`` are its words where it comes from outside.
    """

    reference: Decimal | None = None
    instead: Verdict | None = None
    marks: frozenset[Mark] = frozenset()
    others: str = ""
    then: Pair | None = None
    before: Pair | None = None


def now_and_then(
    given: Given,
    reading: Reading,
    measure: Measure,
    terms: Terms,
    unit: Unit,
    own: Answer,
    start: Beginning | None,
    previous: Answer | None,
) -> Reference:
    """The reference of a unit's own answer, and both groups at its start and the time before."""
    if terms.against == "national_other":
        now = national(given, measure, terms, unit, own.period)
    else:
        now = _in_the_school(given, measure, terms, unit, own)
    return now._replace(
        then=pair_at_start(given, reading, measure, terms, unit, own.period, start),
        before=None if previous is None else _pair(given, measure, terms, unit, previous),
    )


def national(given: Given, measure: Measure, terms: Terms, unit: Unit, period: Period) -> Reference:
    """Others in England, by the figure published for them."""
    group = terms.comparator_group or given.complements.get(terms.group, ALL_PUPILS)
    found = outside.find(given, measure, terms, unit, period, measure.shown, group)
    if found is None or found.figure is None:
        return Reference()
    marks = frozenset({Mark.PROVISIONAL} if found.stands_in else ())
    return Reference(found.figure, marks=marks, others=f"others ({found.source})")


def _in_the_school(
    given: Given, measure: Measure, terms: Terms, unit: Unit, own: Answer
) -> Reference:
    other = reference_answer(given, measure, unit, terms, own.period)
    if other is None:
        return Reference(instead=_why_none(given, measure, terms, unit))
    marks = frozenset({Mark.PROVISIONAL} if other.provisional else ())
    if other.denominator == 0:
        return Reference(instead=no_cohort("other pupils"), marks=marks)
    if is_too_small(given, measure, other):
        return Reference(instead=too_small(given, measure), marks=marks)
    return Reference(figure_of(other, measure), marks=marks)


def _why_none(given: Given, measure: Measure, terms: Terms, unit: Unit) -> Verdict | None:
    """Why nothing is known of the group that is compared with, where one is named."""
    if terms.against != "group":
        return None
    return choose(given, measure, unit, terms.against_group).instead


@ever
def reference_answer(
    given: Given, measure: Measure, unit: Unit, terms: Terms, period: Period
) -> Answer | None:
    """The answer of the group that a gap is measured against, in one school.

    The rest of the pupils are worked out as all minus the group where both
    have counts; what was sent for them counts only where not.
    """
    if terms.against == "group":
        return answer_of(given, measure, unit, terms.against_group, period)
    if terms.against != "same_school":
        return None
    everyone = answer_of(given, measure, unit, ALL_PUPILS, period)
    group = answer_of(given, measure, unit, terms.group, period)
    if everyone is not None and group is not None:
        worked_out = _minus(everyone, group, measure)
        if worked_out is not None:
            return worked_out
    rest = given.complements.get(terms.group)
    return answer_of(given, measure, unit, rest, period) if rest else None


def answer_of(
    given: Given, measure: Measure, unit: Unit, group: str, period: Period
) -> Answer | None:
    """What a unit has sent about a group and period; None for a reason instead."""
    found = about(given.answers.get((measure.id, unit.id, group), ()), period)
    return found if found is not None and found.why_none is None else None


def _minus(everyone: Answer, group: Answer, measure: Measure) -> Answer | None:
    """All minus the group, from their counts; of scores, weighted by pupils.

    None where they have no counts, or where there is more of the group than of all.
    """
    if everyone.denominator is None or group.denominator is None:
        return None
    left = everyone.denominator - group.denominator
    value = numerator = None
    if left < 0:
        return None
    if measure.counts == "weight":
        if everyone.value is None or group.value is None:
            return None
        total = everyone.value * everyone.denominator - group.value * group.denominator
        value = total / left if left else Decimal(0)
    else:
        if everyone.numerator is None or group.numerator is None:
            return None
        numerator = everyone.numerator - group.numerator
        if numerator < 0 <= group.numerator:
            return None
    return everyone._replace(
        value=value,
        numerator=numerator,
        denominator=left,
        respondents=_less(everyone.respondents, group.respondents),
        provisional=everyone.provisional or group.provisional,
    )


def _less(all_: int | None, some: int | None) -> int | None:
    return None if all_ is None or some is None else all_ - some


def pair_at_start(
    given: Given,
    reading: Reading,
    measure: Measure,
    terms: Terms,
    unit: Unit,
    period: Period,
    start: Beginning | None,
) -> Pair | None:
    """Both groups at the baseline of one of them, from entries or as printed."""
    if start is None or start.value is None:
        return None
    if start.answer is not None:
        return _pair(given, measure, terms, unit, start.answer)
    rest = terms.against_group or given.complements.get(terms.group, "")
    other = beginning(given, measure, reading, terms, unit, rest, period)
    return None if other is None or other.value is None else Pair(start.value, other.value)


def _pair(given: Given, measure: Measure, terms: Terms, unit: Unit, own: Answer) -> Pair | None:
    """Both groups in one earlier period, if both were about enough pupils."""
    if is_too_small(given, measure, own):
        return None
    if terms.against == "national_other":
        theirs = national(given, measure, terms, unit, own.period).reference
    else:
        theirs = _in_the_school(given, measure, terms, unit, own).reference
    mine = figure_of(own, measure)
    return None if mine is None or theirs is None else Pair(mine, theirs)
