"""What all moves of a return from state to state share: how they begin, and how they end.

The actions call it inside their transaction, and nobody else does.
"""

from schools.models import AuditRow
from schools.refused import Refused

from ..evidence import evidence_of
from .entering import bring_back, provisional_of, raise_versions, take_out, write_comments


def must_be_as_read(return_, version):
    """Refused if somebody has changed the return since its ``version`` was read.

    It is asked after ``move``, which has raised the version by one already.
    """
    if return_.version - 1 != version:
        raise Refused("This return has changed since you read it. Read it again, then decide.")


def units_in(answers):
    """The numbers of the units that answers are about."""
    return answers.values_list("unit_id", flat=True)


def count_no_more(return_, action, before, memberships, at, *, reason="", asked=None):
    """What withdrawing and sending back share: the figures count no more."""
    units = {unit for answers in provisional_of(return_) for unit in units_in(answers)}
    units |= set(return_.lines.exclude(why="", what_next="").values_list("unit_id", flat=True))
    gone = take_out(return_)
    bring_back(return_)
    finish(
        return_,
        action,
        before,
        memberships,
        AuditRow.Channel.FORM,
        at=at,
        replaced=gone,
        units=units,
        reason=reason,
        asked=asked or {},
    )


def finish(
    return_,
    action,
    before,
    memberships,
    channel,
    *,
    at,
    units,
    made=(),
    replaced=(),
    reason="",
    asked=(),
):
    """Keep the return, write its one row of the trail, raise the units' versions last."""
    return_.save()
    write_comments(return_.term, units)
    after = {"state": return_.state, "answers": list(made)}
    if action == "submitted" and (evidence := evidence_of(return_)):
        after["evidence"] = evidence
    if asked:
        after["questions"] = dict(asked)
    AuditRow.objects.record(
        action,
        return_,
        at=at,
        by=memberships.user,
        unit=return_.unit,
        on_behalf_of=return_.on_behalf_of(memberships) if action == "submitted" else None,
        channel=channel,
        before={"state": before, "answers": list(replaced)},
        after=after,
        reason=reason,
    )
    raise_versions(units)
