"""What the trust decides about a return that was sent: to ask, to accept, to approve.

Each is one transaction with its row in the trail. Clock and memberships are
handed in, and the version that was read. What cannot be done raises Refused,
and then nothing has changed. Opening it again is in ``reopening``.
"""

from django.db import transaction
from django.utils import timezone

from schools.at_once import write
from schools.models import AuditRow
from schools.refused import Refused

from ..letters import tell_sent_back
from ..models import Return
from .entering import CLAIMS, let_count, provisional_of, raise_versions
from .moving import count_no_more, finish, must_be_as_read, units_in
from .states import Action

NOTHING_ASKED = "Ask a question about a figure, or write a note, so that they know why."


@transaction.atomic
def send_back(return_, *, version, questions, note, memberships, at):
    """Give a submitted return back to be changed; ``questions`` is {line number: text}.

    Its people get one mail each, with links to what is asked.
    """
    return_ = Return.objects.held(return_.pk)
    before = return_.move(Action.SEND_BACK, memberships=memberships, today=timezone.localdate(at))
    must_be_as_read(return_, version)
    questions = {pk: text for pk, text in questions.items() if text}
    if not questions and not note:
        raise Refused(NOTHING_ASKED)
    lines = list(return_.lines.select_related("measure", "unit", "group"))
    for line in lines:
        line.question = questions.get(line.pk, "")
    write(lines, ["question"])
    return_.note = note
    asked = [line for line in lines if line.pk in questions]
    told = {str(line): line.question for line in asked}
    count_no_more(return_, "sent back", before, memberships, at, reason=note, asked=told)
    tell_sent_back(return_, asked, by=memberships.user)
    return return_


@transaction.atomic
def accept_claim(return_, line, *, version, memberships, at):
    """Let one claim of a submitted return be true before the rest is approved; the line.

    ``line`` is its number. Accepted again, it changes nothing.
    """
    return_ = Return.objects.held(return_.pk)
    before = return_.move(Action.ACCEPT, memberships=memberships, today=timezone.localdate(at))
    entry = provisional_of(return_)[0].filter(why_none__in=CLAIMS, lines=line).first()
    if entry is None:
        raise Refused("This line claims nothing that could be accepted.")
    line = return_.lines.select_related("measure", "unit", "group").get(pk=line)
    if entry.claim_accepted:
        return line
    must_be_as_read(return_, version)
    entry.claim_accepted = True
    entry.save(update_fields=["claim_accepted"])
    return_.save(update_fields=["version"])
    AuditRow.objects.record(
        "accepted a claim",
        line,
        at=at,
        by=memberships.user,
        unit=line.unit,
        before={"state": before, "claim": entry.why_none, "accepted": False},
        after={"state": before, "claim": entry.why_none, "accepted": True},
    )
    raise_versions({line.unit_id})
    return line


@transaction.atomic
def approve(return_, *, version, memberships, at, channel=AuditRow.Channel.FORM):
    """Let the figures of a submitted return count without reserve; claims are accepted.

    ``version`` is the one that was read: if the school has sent another since,
    Refused says so. Approving it again changes nothing.
    """
    return_ = Return.objects.held(return_.pk)
    if return_.has_been(Action.APPROVE, memberships):
        return return_
    before = return_.move(Action.APPROVE, memberships=memberships, today=timezone.localdate(at))
    must_be_as_read(return_, version)
    if not memberships.trust.approves_own and return_.submitted_by == memberships.user:
        raise Refused("You have sent this return yourself, so somebody else has to approve it.")
    units = {unit for answers in provisional_of(return_) for unit in units_in(answers)}
    units |= set(units_in(return_.lines.filter(reopened=True)))
    replaced = let_count(return_)
    return_.approved_at, return_.approved_by = at, memberships.user
    return_.reopened_at = None
    return_.lines.exclude(question="").update(question="")
    return_.lines.filter(reopened=True).update(reopened=False)
    finish(return_, "approved", before, memberships, channel, at=at, replaced=replaced, units=units)
    return return_
