"""Handing single lines of a school's return to a colleague.

It says who gathers which figures. Anybody of the school may still type them:
a return must not wait for somebody who is ill.
"""

from django.db import transaction
from django.utils import timezone

from schools.at_once import write
from schools.models import AuditRow, Membership, Period, Unit
from schools.people import OF_A_SCHOOL
from schools.refused import Refused

from ..letters import people_of, tell_handed
from ..models import Line, Return
from .states import Action


@transaction.atomic
def hand(return_, questions, *, to, memberships, at):
    """Give lines to a person of the school, or to nobody (None); those that changed hands.

    ``questions`` are ``asking.Asked``. Their new owner gets one mail.
    """
    return_ = Return.objects.held(return_.pk)
    if return_.is_the_trusts:
        raise Refused("The trust's own return is split by office, so its lines are not handed on.")
    today = timezone.localdate(at)
    return_.must_allow(Action.HAND, memberships=memberships, today=today)
    if to is not None and to not in people_of(return_):
        raise Refused(f"{to} does not fill in returns for {return_.unit}. Choose a colleague.")
    lines = _lines(return_, questions)
    changed = [line for line in lines if line.handed_to_id != (to and to.pk)]
    if not changed:
        return []
    before = {str(line): str(line.handed_to) if line.handed_to else "" for line in changed}
    for line in changed:
        line.handed_to = to
    write(changed, ["handed_to"])
    AuditRow.objects.record(
        "handed on",
        return_,
        at=at,
        by=memberships.user,
        unit=return_.unit,
        before=before,
        after={str(line): str(to or "") for line in changed},
    )
    if to is not None:
        tell_handed(return_, changed, to, by=memberships.user)
    return changed


def carry_on(asking, returns):
    """Hand the figures of returns that have just been made to whom they were handed before.

    The latest term that asked for a figure decides; nobody who has left gets any.
    """
    units = {return_.unit_id: return_ for return_ in returns if not return_.is_the_trusts}
    of_schools = Line.objects.filter(return_to__unit__in=units)
    handed = of_schools.exclude(handed_to=None).values_list("measure", flat=True)
    if not (measures := set(handed)):
        return
    latest = {}
    lines = of_schools.filter(measure__in=measures).exclude(return_to__in=returns)
    for unit, *key, person in lines.order_by("return_to__term__period__on").values_list(
        "return_to__unit", "measure", "unit", "group", "number", "handed_to"
    ):
        latest[tuple(key)] = unit, person
    here = set(
        Membership.objects.current()
        .filter(role__in=OF_A_SCHOOL, units__in=units)
        .values_list("units", "user")
    )
    made = []
    for unit, return_ in units.items():
        questions = [one for one in asking.of_return(unit) if latest.get(one.key) in here]
        for line in _made(return_, questions):
            line.handed_to_id = latest[line.key][1]
            made.append(line)
    Line.objects.bulk_create(made, ignore_conflicts=True)


def _lines(return_, questions):
    """Their lines, made where nothing has been typed yet."""
    about = return_.lines.select_related("measure", "unit", "group", "handed_to")
    there = {line.key: line for line in about}
    new = [asked for asked in questions if asked.key not in there]
    made = _made(return_, new)
    Line.objects.bulk_create(made)
    there |= {line.key: line for line in made}
    return [there[asked.key] for asked in questions]


def _made(return_, questions):
    """A blank line for each question, not written yet: nobody has seen a version of it."""
    units = Unit.objects.in_bulk({asked.unit.id for asked in questions})
    periods, made = {}, []
    for asked in questions:
        place = asked.measure.basis, asked.measure.about
        if place not in periods:
            periods[place] = Period.objects.kept(asked.measure.asked_about(return_.term))
        made.append(
            Line(
                return_to=return_,
                measure=asked.measure,
                unit=units[asked.unit.id],
                group=asked.group,
                number=asked.number,
                period=periods[place],
                version=0,
            )
        )
    return made
