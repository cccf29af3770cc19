"""Opening again what has been approved or closed, one line or all, with a reason."""

from django.db import transaction
from django.utils import timezone

from schools.models import AuditRow
from schools.refused import Refused

from ..models import Return
from .states import Action, State, roles_for


@transaction.atomic
def reopen(return_, *, reason, memberships, at, lines=None):
    """Let the school change an approved return, or one that its term has locked.

    ``lines`` are the numbers of the lines to change; None for all of them. What
    was approved counts until the return is approved again. Asked again for what
    is open already, it changes nothing.
    """
    return_ = Return.objects.held(return_.pk)
    wanted = _wanted(return_, lines)
    if _is_open_already(return_, wanted, memberships, timezone.localdate(at)):
        return return_
    before = return_.move(Action.REOPEN, memberships=memberships, today=timezone.localdate(at))
    if not reason:
        raise Refused("Say why it is reopened, so that the school knows what to change.")
    return_.reopened_at, return_.note = at, reason
    opened = [line.pk for line in wanted]
    return_.lines.filter(pk__in=opened).update(reopened=True)
    return_.save()
    AuditRow.objects.record(
        "reopened",
        return_,
        at=at,
        by=memberships.user,
        unit=return_.unit,
        before={"state": before},
        after={"state": return_.state, "lines": opened},
        reason=reason,
    )
    return return_


def _wanted(return_, lines):
    """The lines to open that are not open yet."""
    every = list(return_.lines.all())
    if lines is None:
        return [line for line in every if not line.reopened]
    if not lines:
        raise Refused("Choose the figures to reopen.")
    if set(lines) - {line.pk for line in every}:
        raise Refused("One of these figures is not in this return.")
    return [line for line in every if line.pk in lines and not line.reopened]


def _is_open_already(return_, wanted, memberships, today):
    """Whether there is nothing to do, for somebody who might have done it."""
    if not return_.is_held_by(memberships, roles_for(Action.REOPEN, False)):
        return False
    state = return_.state_on(today)
    if state not in {State.IN_PROGRESS, State.SENT_BACK}:
        return False
    return not return_.is_reopened or not wanted
