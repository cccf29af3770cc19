"""Filling in a past term from the trust's records, a unit at a time."""

from django.db import transaction
from django.utils import timezone

from kpis.models import Standing
from schools.models import AuditRow
from schools.refused import Refused

from ..asked.asking import Asking
from ..grid.saving import is_different, keep, lines_by_key
from ..models import Return
from .entering import enter, read_lines
from .moving import finish
from .states import Action

IMPORT = AuditRow.Channel.IMPORT


@transaction.atomic
def record_past(return_, changes, *, memberships, at, asking=None):
    """Fill in a past term from the trust's records: approved in one go, marked as history.

    For a return that nobody has begun, or to add to one that is approved. It
    adds answers and never changes one: that takes reopening.
    """
    return_ = Return.objects.held(return_.pk)
    lines = lines_by_key(return_)
    changes = [change for change in changes if is_different(change, lines)]
    if not changes:
        return []
    today = timezone.localdate(at)
    before = return_.move(Action.RECORD, memberships=memberships, today=today)
    for change in changes:
        if change.asked.key in lines and lines[change.asked.key].typed.has_answer:
            raise Refused(f"{lines[change.asked.key]} has been approved. It can only be reopened.")
    asking = asking or Asking(return_.term)
    kept = keep(return_, changes, lines, memberships, at, IMPORT, asking)
    found = read_lines(return_, asking, kept, today)
    for one in found:
        for problem in one.read.problems:
            raise Refused(problem.words)
    made, replaced = enter(return_, found, standing=Standing.APPROVED)
    if replaced:
        raise Refused(f"An answer has been approved already in another term: {found[0].line}")
    if return_.approved_at is None:
        return_.submitted_at = return_.approved_at = at
        return_.submitted_by = return_.approved_by = memberships.user
    units = {one.line.unit_id for one in found}
    finish(return_, "recorded", before, memberships, IMPORT, at=at, made=made, units=units)
    return kept
