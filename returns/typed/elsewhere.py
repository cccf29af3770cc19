"""What the trust's other schools did meanwhile, to say which fall is the largest.

A school is told no more than that: no figure of another and no name. Figures
about too few pupils to be shown take no part, and among fewer than three other
schools nothing is said: it would tell too much of one of them.
"""

from kpis.models import Entry
from kpis.rag.choose import figure_of
from schools.models import UnitKind

FEWEST = 3
COLUMNS = [
    "measure_id",
    "unit_id",
    "value",
    "numerator",
    "denominator",
    "group__code",
    "period_id",
    "period__basis",
    "period__year_id",
    "period__part",
    "period__on",
]


def changes_elsewhere(moved, given, calendar, trust):
    """{question: the changes of other schools between the same two times}. One query.

    ``moved`` are ``judging.Compared`` by question, of a school or a part of one.
    """
    times, figures = {}, {}
    for entry in _entries(moved, trust):
        about = calendar.at(
            entry.period_id,
            entry.period__basis,
            entry.period__year_id,
            entry.period__part,
            entry.period__on,
        )
        figure = figure_of(entry, given.measures[entry.measure_id])
        if figure is not None:
            place = entry.measure_id, entry.group__code, about.span, about.index
            figures.setdefault(place, {})[entry.unit_id] = figure
    for question, one in moved.items():
        measure, unit, group = question
        if given.units[unit].kind not in (UnitKind.SCHOOL, UnitKind.PART):
            continue
        now, then = (
            figures.get((measure, group, period.span, period.index), {})
            for period in (one.period, one.before_period)
        )
        changes = [now[other] - then[other] for other in now.keys() & then.keys() - {unit}]
        if len(changes) >= FEWEST:
            times[question] = changes
    return times


def _entries(moved, trust):
    """Columns of those that may compare; a trust may have many more figures than these."""
    periods = [one.period for one in moved.values()]
    periods += [one.before_period for one in moved.values()]
    return (
        Entry.objects.ready_to_judge()
        .filter(
            measure__in={measure for measure, _, _ in moved},
            group__code__in={group for _, _, group in moved},
            unit__kind__in=[UnitKind.SCHOOL, UnitKind.PART],
            period__year__in={period.year for period in periods},
            period__part__in={period.part for period in periods},
            value__isnull=False,
        )
        .exclude(denominator__gt=0, denominator__lt=trust.min_to_show)
        .values_list(*COLUMNS, named=True)
    )
