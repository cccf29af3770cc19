"""What others publish: the series that a plan's measures are held against."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

from django.db.models import Exists, OuterRef, Q

from kpis.models import Comparator, Measure, Reading, Series
from kpis.models.comparators import Scope
from kpis.rag import given
from schools.models import School, SchoolBefore, Unit

from .prepared import Prepared
from .promises import live, of_page
from .times import period_columns

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


def _outside(plan, year, trust_slug, node=None):
    """Of the measures' series and of the same from others, for these units or for more than one."""
    read = Reading.objects.filter(clause__in=live(plan, node).values("pk")).values("measure")
    same = Measure.objects.filter(
        pk__in=read, series__what=OuterRef("what"), series__basis=OuterRef("basis")
    )
    # Series by series, for they are few, and not figure by figure.
    series = Series.objects.filter(Exists(same), owner__in=["", trust_slug])
    own = (
        Q(scope_code__in=Unit.objects.values("code"))
        | Q(scope_code__in=School.objects.exclude(urn=None).values("urn"))
        | Q(scope_code__in=SchoolBefore.objects.exclude(urn=None).values("urn"))
    )
    return (
        Comparator.objects.filter(series__in=series.values("pk"))
        .filter(period__year__lte=year)
        .filter(~Q(scope=Scope.UNIT) | own)
        .order_by("period__on", "pk")
        .values_list(*OUTSIDE, *period_columns("period"))
    )


FIGURES = Prepared(_outside, texts={"trust_slug"})


def read_outside(measured, plan, term, trust, calendar, node=None):
    """The outside figures of the measures' series, and of the same from other providers.

    ``measured`` holds the series of the measures by number. One query. Of
    figures for one school only those of this trust's units are read. What the
    trust's plan prints stands in the series that it is a yardstick for. The
    second answer is where each comes from: {(series, figure): Source}.
    """
    about = {**of_page(plan, node), "year": term.period.year_id, "trust_slug": trust.slug}
    rows = FIGURES.rows(**about)
    figures, found, sources = defaultdict(list), dict(measured), {}
    numbers = {(one.provider, one.what, one.basis): pk for pk, one in measured.items()}
    for row in sorted(rows, key=attrgetter("printed_in_plan")):
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
