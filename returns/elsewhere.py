"""What the trust's other schools did meanwhile, to say which fall is the largest.

A school is told no more than that: no figure of another and no name. Figures
about too few pupils to be shown take no part, and among fewer than three other
schools nothing is said: it would tell too much of one of them.
"""

from kpis.models import Entry
from kpis.rag.choose import exact, shown_as
from schools.models import UnitKind

FEWEST = 3


def changes_elsewhere(moved, given, calendar, trust):
    """{question: the changes of other schools between the same two times}. One query.

    ``moved`` are ``judging.Compared`` by question, of a school or a part of one.
    """
    times, figures = {}, {}
    for entry in _entries(moved, trust):
        about = entry.period
        period = calendar.at(about.pk, about.basis, about.year_id, about.part, about.on)
        figure = exact(entry, entry.measure)
        if figure is not None:
            place = entry.measure_id, entry.group.code, period.span, period.index
            shown = shown_as(given.measures[entry.measure_id]).figure(figure)
            figures.setdefault(place, {})[entry.unit_id] = shown
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
    periods = [one.period for one in moved.values()]
    periods += [one.before_period for one in moved.values()]
    return (
        Entry.objects.ready_to_judge()
        .filter(
            measure__in={measure for measure, _, _ in moved},
            group__code__in={group for _, _, group in moved},
            unit__kind__in=[UnitKind.SCHOOL, UnitKind.PART],
            period__year__in={period.year for period in periods},
            value__isnull=False,
        )
        .exclude(denominator__gt=0, denominator__lt=trust.min_to_show)
        .select_related("measure", "group", "period")
    )
