"""Collecting a term: when its returns open, when they are due, and that it is over.

Each is one transaction with its row in the trail. The data manager does it;
what cannot be done raises Refused, and then nothing has changed.
"""

from django.db import transaction
from django.utils import timezone

from schools.models import AuditRow, Deadline, Role, Term, Unit, UnitKind
from schools.refused import Refused

from ..grid.rows import moment_words
from ..life.states import State
from ..models import Return

COMMAND = AuditRow.Channel.COMMAND


@transaction.atomic
def set_dates(term, *, opens, due, memberships, at):
    """Say from which day a term's figures can be sent, and when they should be in.

    A term that is being collected cannot be put off: somebody may be typing.
    History that becomes due in time to come is collected after all.
    """
    term = _locked(term, memberships)
    today = timezone.localdate(at)
    if timezone.localdate(due) < opens:
        raise Refused("The returns must be due after they open.")
    if opens != term.opens and term.opens <= today < opens:
        raise Refused(f"The {term} returns are open already, so they cannot open later.")
    if (opens, due) == (term.opens, term.due):
        return term
    before = _dates(term)
    term.opens, term.due = opens, due
    term.is_history = term.is_history and due < at
    term.save(update_fields=["opens", "due", "is_history"])
    _record("set the dates of", term, memberships, at, before=before, after=_dates(term))
    return term


@transaction.atomic
def move_deadline(term, unit, *, due, reason, memberships, at):
    """Give one school its own last day for a term, with the reason why it has one."""
    term = _locked(term, memberships)
    if timezone.localdate(due) < term.opens:
        raise Refused(f"The {term} returns open on {term.opens:%d %B %Y}: choose a later day.")
    if not reason:
        raise Refused("Say why this school has its own deadline.")
    there = Deadline.objects.filter(term=term, unit=unit).first()
    if there and (there.due, there.reason) == (due, reason):
        return there
    before = there.due if there else term.due
    deadline = there or Deadline(term=term, unit=unit)
    deadline.due, deadline.reason = due, reason
    deadline.save()
    AuditRow.objects.record(
        "moved the deadline of",
        term,
        at=at,
        by=memberships.user,
        unit=unit,
        before={"due": moment_words(before)},
        after={"due": moment_words(due)},
        reason=reason,
    )
    Unit.objects.filter(pk=unit.pk).changed()
    return deadline


@transaction.atomic
def close(term, *, memberships, at):
    """End the collecting of a term: what was not sent is late for good.

    Refused while a return waits for a decision, so that no figure stays
    provisional for ever. Closed again, it changes nothing. A command has no
    memberships.
    """
    term = _of_data_manager(term, memberships) if memberships else _held(term)
    if term.closed_at is not None:
        return term
    if term.opens > timezone.localdate(at):
        raise Refused(f"{term} has not opened yet, so it cannot be closed.")
    # Held first: a return that is being sent now is counted here or refused there.
    returns = list(Return.objects.for_term(term).select_for_update(of=("self",)))
    waiting = [each for each in returns if each.state == State.SUBMITTED]
    if waiting:
        names = ", ".join(sorted(str(each.unit) for each in waiting))
        raise Refused(f"Approve these returns or send them back first: {names}.")
    unsent = {each.unit_id for each in returns if each.state != State.APPROVED}
    late = [] if term.is_history else sorted(each.unit_id for each in late_for_good(term))
    term.closed_at = at
    term.save(update_fields=["closed_at"])
    _record("closed", term, memberships, at, after={"late for good": late})
    Unit.objects.filter(pk__in=unsent).changed()
    return term


def late_for_good(term):
    """The returns that closing the term would leave unsent; of history none is late.

    Nor is what was approved once and is being put right: that was sent.
    """
    if term.is_history:
        return Return.objects.none()
    never_sent = Return.objects.for_term(term).filter(approved_at=None)
    return never_sent.exclude(state=State.SUBMITTED).select_related("unit")


def waiting(term):
    """The returns that have been sent and wait for a decision: they stop closing."""
    return Return.objects.for_term(term).filter(state=State.SUBMITTED).select_related("unit")


def _locked(term, memberships):
    """The term as it is now, if its dates may still change."""
    term = _of_data_manager(term, memberships)
    if term.closed_at is not None:
        raise Refused(f"{term} is closed, so its dates cannot change.")
    return term


def _of_data_manager(term, memberships):
    if not memberships.has(Role.DATA_MANAGER):
        raise Refused("Only the data manager collects the returns of a term.")
    return _held(term)


def _held(term):
    return Term.objects.select_for_update(of=("self",)).select_related("period").get(pk=term.pk)


def _dates(term):
    return {"opens": term.opens.isoformat(), "due": moment_words(term.due)}


def _record(action, term, memberships, at, *, before=None, after=None):
    how = {"by": memberships.user} if memberships else {"by": None, "channel": COMMAND}
    AuditRow.objects.record(action, term, at=at, before=before, after=after, **how)
    Unit.objects.filter(kind=UnitKind.TRUST).changed()
