"""What a new academic year takes over from the last, and what ends or has left."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q

from kpis.models import Target
from priorities.models import Plan
from schools.models import Membership, Office, Role, Unit, UnitKind
from schools.people import OF_A_SCHOOL

from ..models import Line


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What the data manager reads before confirming a year, each in words."""

    offices: list  # (office, how many measures, who answers for it)
    plans: list  # (plan, the day it ends)
    steps: list  # (what, the period of its last step)
    people: list  # (who has left, what they did, how many figures are still with them)
    schools: list  # (school, its last day)
    headless: list  # schools without a headteacher
    targets: int


def going_on(first_day):
    """As a year that begins on a day finds it; ``first_day`` is its 1 September."""
    return GoingOn(
        offices=_offices(),
        plans=[
            (plan.title, plan.ends)
            for plan in Plan.objects.filter(archived_at=None, ends__lt=_end_of(first_day))
            if plan.ends >= _year_before(first_day)
        ],
        steps=_last_steps(first_day),
        people=_leavers(_year_before(first_day)),
        schools=list(
            Unit.objects.schools()
            .filter(left__gte=_year_before(first_day))
            .values_list("name", "left")
        ),
        headless=_without_a_head(first_day),
        targets=Target.objects.filter(reading__clause__archived_at=None).count(),
    )


def _year_before(first_day):
    return first_day.replace(year=first_day.year - 1)


def _end_of(first_day):
    return first_day.replace(year=first_day.year + 1)


def _offices():
    people = {}
    current = Membership.objects.current().filter(role=Role.CONTRIBUTOR)
    for office, name in current.order_by("user__name").values_list("offices", "user__name"):
        people.setdefault(office, []).append(name)
    offices = Office.objects.annotate(asked=Count("measure", filter=Q(measure__archived_at=None)))
    return [(office.name, office.asked, people.get(office.pk, [])) for office in offices]


def _last_steps(first_day):
    """The paths whose last step lies before the year: from then on that number stays."""
    targets = (
        Target.objects.filter(reading__clause__archived_at=None, unit__kind=UnitKind.TRUST)
        .annotate(last=Max("steps__by_period__on"))
        .filter(last__lt=first_day)
        .select_related("reading__measure", "reading__clause__node")
    )
    found = {
        (str(target.reading.clause.node), target.reading.measure.name): target.last
        for target in targets
    }
    return [(node, measure, last) for (node, measure), last in found.items()]


def _leavers(since):
    """People whose last role ended since a day, and the figures that are still with them."""
    here = Membership.objects.current().values("user")
    gone = (
        Membership.objects.filter(Q(ended_at__date__gte=since) | Q(user__is_active=False))
        .exclude(user__in=here)
        .select_related("user")
        .prefetch_related("units")
    )
    still = dict(
        Line.objects.filter(handed_to__in=gone.values("user"))
        .values_list("handed_to")
        .annotate(Count("pk"))
    )
    found = {}
    for membership in gone:
        units = ", ".join(unit.name for unit in membership.units.all())
        role = membership.get_role_display()
        found.setdefault(membership.user, []).append(f"{role}, {units}" if units else role)
    return [(str(user), "; ".join(roles), still.get(user.pk, 0)) for user, roles in found.items()]


def _without_a_head(first_day):
    """Schools of the year without anybody who fills in or submits their return."""
    served = Membership.objects.current().filter(role__in=OF_A_SCHOOL).values("units")
    return list(
        Unit.objects.schools()
        .in_trust_on(first_day)
        .exclude(pk__in=served)
        .values_list("name", flat=True)
    )
