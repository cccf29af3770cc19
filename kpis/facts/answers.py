"""What was answered: entries, judgements, the register, and outside figures."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter

from django.db.models import Q

from kpis.models import Comparator, Entry, Judgement, Measure, Standing
from kpis.models.comparators import Scope
from kpis.rag import given
from kpis.rag.applies import applies
from schools.models import UnitKind

from .times import period_columns

ENTRY = [
    "measure_id",
    "unit_id",
    "group__code",
    "value",
    "numerator",
    "denominator",
    "level_id",
    "done",
    "done_on",
    "why_none",
    "expected_on",
    "claim_accepted",
    "respondents",
    "provider",
    "standing",
    "collected_in_id",
]
RATED = [
    "measure_id",
    "unit_id",
    "group__code",
    "on",
    "kind",
    "rating",
    "rated_by",
    "reviewer",
    "evidence",
    "standing",
]
OUTSIDE = [
    "series_id",
    "series__provider",
    "series__what",
    "series__basis",
    "series__is_example",
    "scope",
    "scope_code",
    "group__code",
    "release",
    "value",
    "low",
    "high",
    "not_published",
    "printed_in_plan",
    "published_on",
    "source_title",
    "source_ref",
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where an outside figure comes from."""

    published_on: date | None
    title: str
    ref: str


def read_answers(measures, term, calendar, places):
    """{(measure, unit, group): answers that count, oldest first}. One query.

    What is about a later period is not seen. A whole year that is still going
    on is, once a return up to this term has brought it in; and so is whatever
    a later return corrects.
    """
    last = term.period.index
    rows = (
        Entry.objects.ready_to_judge()
        .filter(measure__in=measures, period__year__lte=term.period.year_id)
        .values_list(*ENTRY, *period_columns("period"))
    )
    answers = defaultdict(list)
    for (
        measure,
        unit,
        group,
        value,
        numerator,
        denominator,
        level,
        done,
        done_on,
        why_none,
        expected_on,
        claim_accepted,
        respondents,
        provider,
        standing,
        collected_in,
        *period,
    ) in rows:
        about, collected = calendar.at(*period), calendar.index_of[collected_in]
        if about.index > last and collected > last:
            continue
        answers[measure, unit, group].append(
            given.Answer(
                period=about,
                collected=collected,
                value=value,
                numerator=numerator,
                denominator=denominator,
                level=places.get(level),
                done=done and given.Done(done),
                done_on=done_on,
                why_none=why_none and given.WhyNone(why_none),
                expected_on=expected_on,
                claim_accepted=claim_accepted,
                respondents=respondents,
                provider=provider,
                provisional=standing == Standing.PROVISIONAL,
            )
        )
    oldest_first = attrgetter("period.index", "period.ends")
    return {question: tuple(sorted(told, key=oldest_first)) for question, told in answers.items()}


def read_ratings(measures, as_at):
    """{(measure, unit, group): ratings up to a day, oldest first}. One query."""
    rows = (
        Judgement.objects.ready_to_judge()
        .filter(measure__in=measures, on__lte=as_at)
        .order_by("on", "pk")
    )
    ratings = defaultdict(list)
    for row in rows.values_list(*RATED, named=True):
        ratings[row.measure_id, row.unit_id, row.group__code].append(
            given.Rated(
                on=row.on,
                external=row.kind == Judgement.Kind.EXTERNAL,
                rating=row.rating,
                rated_by=row.rated_by,
                reviewer=row.reviewer,
                evidence=row.evidence,
                provisional=row.standing == Standing.PROVISIONAL,
            )
        )
    return {question: tuple(told) for question, told in ratings.items()}


def register_answers(measures, units, trust, calendar, term):
    """What the list of schools itself answers, for each term up to the chosen one.

    Worked out here each time, never stored and never asked.
    """
    schools = [unit for unit in units.values() if unit.kind == UnitKind.SCHOOL]
    answers = {}
    for measure in measures.values():
        if not measure.register:
            continue
        by_period = {}
        for index in calendar.days:
            if index > term.period.index:
                break
            period = calendar.ending(index, measure.basis)
            counted = [s for s in schools if applies(measure.applicability, s.place, index)]
            day = calendar.days[index][1]
            value = _counted(measure.register, counted, period, day, index)
            if value is not None:
                by_period[period] = given.Answer(period=period, collected=index, value=value)
        answers[measure.id, trust, given.ALL_PUPILS] = tuple(by_period.values())
    return answers


def _counted(register, schools, period, day, index):
    """The register's figure on a day, None where the register does not say."""
    here = [s for s in schools if s.joined <= day and (s.left is None or s.left >= day)]
    match register:
        case Measure.Register.SCHOOLS:
            return Decimal(len(here))
        case Measure.Register.SCHOOLS_JOINED:
            return Decimal(sum(period.starts <= s.joined <= day for s in schools))
        case Measure.Register.PUPILS:
            pupils = [s.place.at(index).pupils for s in here]
            return None if None in pupils else Decimal(sum(pupils))


def read_outside(measured, term, trust, units, calendar):
    """The outside figures of the measures' series, and of the same from other providers.

    ``measured`` holds the series of the measures by number. One query. Of
    figures for one school only those of this trust's units are read. What the
    trust's plan prints stands in the series that it is a yardstick for. The
    second answer is where each comes from: {(series, figure): Source}.
    """
    same = Q(pk__in=[])
    for series in measured.values():
        same |= Q(series__what=series.what, series__basis=series.basis)
    own = {code for unit in units.values() for code in unit.codes}
    rows = (
        Comparator.objects.filter(same)
        .filter(period__year__lte=term.period.year_id)
        .filter(series__owner__in=["", trust.slug])
        .filter(~Q(scope=Scope.UNIT) | Q(scope_code__in=own))
        .order_by("period__on", "pk")
    )
    figures, found, sources = defaultdict(list), dict(measured), {}
    numbers = {(one.provider, one.what, one.basis): pk for pk, one in measured.items()}
    told = rows.values_list(*OUTSIDE, *period_columns("period"), named=True)
    for row in sorted(told, key=attrgetter("printed_in_plan")):
        identity = (row.series__provider, row.series__what, row.series__basis)
        named = numbers.setdefault(identity, row.series_id)
        series_id = named if row.printed_in_plan else row.series_id
        figure = given.Outside(
            scope=row.scope,
            scope_code=row.scope_code,
            group=row.group__code,
            period=calendar.of(row, "period"),
            release=row.release,
            value=row.value,
            low=row.low,
            high=row.high,
            not_published=row.not_published,
            printed_in_plan=row.printed_in_plan,
        )
        figures[series_id].append(figure)
        sources[series_id, figure] = Source(row.published_on, row.source_title, row.source_ref)
        if series_id not in found:
            found[series_id] = given.Series(
                id=series_id,
                provider=row.series__provider,
                what=row.series__what,
                basis=given.Basis(row.series__basis),
                figures=(),
                example=row.series__is_example,
            )
    series = {pk: replace(one, figures=tuple(figures[pk])) for pk, one in found.items()}
    return series, sources
