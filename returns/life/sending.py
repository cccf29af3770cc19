"""Sending a return to the trust, and taking it back.

Each is one transaction with its row in the trail. Clock and memberships are
handed in, and ``asking`` where the caller has read what the term asks. What
cannot be done raises Refused, and then nothing has changed.
"""

from django.db import transaction
from django.utils import timezone

from kpis.models import Standing
from schools.models import AuditRow

from ..asked.asking import Asking
from ..grid.saving import period_kept, units_of
from ..models import Line, Return
from .entering import enter, keep_in_mind, read_lines
from .moving import count_no_more, finish, must_be_as_read
from .states import Action
from .wanting import Unready, wanting


@transaction.atomic
def submit(return_, *, version, memberships, at, channel=AuditRow.Channel.FORM, asking=None):
    """Send what was typed to the trust: from now on it counts, provisionally.

    ``version`` is the one that was checked. Submitting again changes nothing.
    What ``wanting`` finds stops it, whichever way it is sent (Unready); a blank
    line is sent as blank. Of a reopened return only what was reopened is sent.
    """
    return_ = Return.objects.held(return_.pk)
    if return_.has_been(Action.SUBMIT, memberships):
        return return_
    today = timezone.localdate(at)
    before = return_.move(Action.SUBMIT, memberships=memberships, today=today)
    must_be_as_read(return_, version)
    asking = asking or Asking(return_.term)
    lines = [line for line in _hold_what_was_asked(return_, asking) if return_.is_open_to(line)]
    found = read_lines(return_, asking, lines, today)
    if wanted := wanting(return_, found, memberships, today):
        raise Unready(wanted)

    keep_in_mind(lines)
    made, replaced = enter(return_, found, standing=Standing.PROVISIONAL)
    return_.submitted_at, return_.submitted_by = at, memberships.user
    finish(
        return_,
        "submitted",
        before,
        memberships,
        channel,
        at=at,
        made=made,
        replaced=replaced,
        units={one.line.unit_id for one in found if one.line.says_something},
    )
    return return_


@transaction.atomic
def withdraw(return_, *, memberships, at):
    """Take a submitted return back before it is approved: its figures count no more."""
    return_ = Return.objects.held(return_.pk)
    before = return_.move(Action.WITHDRAW, memberships=memberships, today=timezone.localdate(at))
    count_no_more(return_, "taken back", before, memberships, at)
    return return_


def _hold_what_was_asked(return_, asking):
    """The lines of a return, with a blank one for each question nobody has answered.

    What is asked since it was approved waits for the next term's return.
    """
    lines = {line.key: line for line in return_.lines.select_related("measure", "unit", "group")}
    if return_.is_reopened:
        return list(lines.values())
    asked_here, periods = asking.of_return(return_.unit_id), dict(asking.kept_periods)
    units = units_of(return_, {asked.unit.id for asked in asked_here})
    blank = Line.objects.bulk_create(
        Line(
            return_to=return_,
            measure=asked.measure,
            unit=units[asked.unit.id],
            group=asked.group,
            period=period_kept(asked.measure, return_.term, periods),
        )
        for asked in asked_here
        if asked.key not in lines
    )
    return [*lines.values(), *blank]
