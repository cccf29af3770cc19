"""What people do with a return, each in one transaction with its trail.

Typing is kept as it is typed; submitting turns lines into entries that count
provisionally; the trust sends back or approves. Clock and memberships are
handed in, and ``asking`` where the caller has read what the term asks. What
cannot be done raises Refused, and then nothing has changed.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kpis.models import Standing
from priorities.models import Plan
from schools.at_once import add, write
from schools.models import AuditRow, Period, Role, Unit
from schools.people import OF_A_SCHOOL
from schools.refused import Refused

from .asking import Asked, Asking
from .entering import (
    CLAIMS,
    bring_back,
    enter,
    keep_in_mind,
    let_count,
    provisional_of,
    raise_versions,
    read_lines,
    take_out,
    write_comments,
)
from .evidence import evidence_of
from .handing import carry_on
from .letters import tell_sent_back
from .models import Line, Return
from .questions import NAMES, Typed
from .states import Action
from .wanting import Unready, wanting

Channel = AuditRow.Channel


@dataclass(frozen=True, slots=True)
class Change:
    """Other text for one question. ``seen`` is the line's version that was shown, 0 for none."""

    asked: Asked
    typed: Typed
    seen: int


class Clash(Refused):
    """Somebody else has changed the same lines meanwhile; nothing was saved.

    ``lines`` are those, as they are now, by the key of their question.
    """

    def __init__(self, lines):
        self.lines = lines
        names = "; ".join(str(line) for line in lines.values())
        super().__init__(f"Somebody else has changed this meanwhile, so nothing was saved: {names}")


@transaction.atomic
def save_lines(return_, changes, *, memberships, at, channel=Channel.FORM, asking=None):
    """Keep what was typed, whatever it is; the lines that are different now.

    All or nothing: if one of them was changed after it was shown, Clash.
    """
    return_ = _locked(return_)
    lines = _lines(return_)
    changes = [change for change in changes if _is_new(change, lines)]
    if not changes:
        return []
    stale = {
        change.asked.key: lines[change.asked.key]
        for change in changes
        if change.asked.key in lines and lines[change.asked.key].version != change.seen
    }
    if stale:
        raise Clash(stale)
    must_be_open(return_, changes, lines, memberships)
    return_.move(Action.SAVE, memberships=memberships, today=_day(at))
    return_.save(update_fields=["state", "version"])
    return _keep(return_, changes, lines, memberships, at, channel, asking)


@transaction.atomic
def submit(return_, *, version, memberships, at, channel=Channel.FORM, asking=None):
    """Send what was typed to the trust: from now on it counts, provisionally.

    ``version`` is the one that was checked. Submitting again changes nothing.
    What ``wanting`` finds stops it, whichever way it is sent (Unready); a blank
    line is sent as blank. Of a reopened return only what was reopened is sent.
    """
    return_ = _locked(return_)
    if return_.has_been(Action.SUBMIT, memberships):
        return return_
    today = _day(at)
    before = return_.move(Action.SUBMIT, memberships=memberships, today=today)
    _unchanged(return_, version)
    asking = asking or Asking(return_.term)
    lines = [line for line in _hold_what_was_asked(return_, asking) if return_.is_open_to(line)]
    found = read_lines(return_, asking, lines, today)
    if wanted := wanting(return_, found, memberships, today):
        raise Unready(wanted)

    keep_in_mind(lines)
    made, replaced = enter(return_, found, standing=Standing.PROVISIONAL)
    return_.submitted_at, return_.submitted_by = at, memberships.user
    _finish(
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
    return_ = _locked(return_)
    before = return_.move(Action.WITHDRAW, memberships=memberships, today=_day(at))
    _back(return_, "taken back", before, memberships, at)
    return return_


@transaction.atomic
def send_back(return_, *, version, questions, note, memberships, at):
    """Give a submitted return back to be changed; ``questions`` is {line number: text}.

    Its people get one mail each, with links to what is asked.
    """
    return_ = _locked(return_)
    before = return_.move(Action.SEND_BACK, memberships=memberships, today=_day(at))
    _unchanged(return_, version)
    questions = {pk: text for pk, text in questions.items() if text}
    if not questions and not note:
        raise Refused("Ask a question about a figure, or write a note, so that they know why.")
    lines = list(return_.lines.select_related("measure", "unit", "group"))
    for line in lines:
        line.question = questions.get(line.pk, "")
    write(lines, ["question"])
    return_.note = note
    _back(return_, "sent back", before, memberships, at, reason=note, asked=questions)
    tell_sent_back(return_, [line for line in lines if line.pk in questions], by=memberships.user)
    return return_


@transaction.atomic
def accept_claim(return_, line, *, version, memberships, at):
    """Let one claim of a submitted return be true before the rest is approved; the line.

    ``line`` is its number. Accepted again, it changes nothing.
    """
    return_ = _locked(return_)
    before = return_.move(Action.ACCEPT, memberships=memberships, today=_day(at))
    entry = provisional_of(return_)[0].filter(why_none__in=CLAIMS, lines=line).first()
    if entry is None:
        raise Refused("This line claims nothing that could be accepted.")
    line = return_.lines.select_related("measure", "unit", "group").get(pk=line)
    if entry.claim_accepted:
        return line
    _unchanged(return_, version)
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
def approve(return_, *, version, memberships, at, channel=Channel.FORM):
    """Let the figures of a submitted return count without reserve; claims are accepted.

    ``version`` is the one that was read: if the school has sent another since,
    Refused says so. Approving it again changes nothing.
    """
    return_ = _locked(return_)
    if return_.has_been(Action.APPROVE, memberships):
        return return_
    before = return_.move(Action.APPROVE, memberships=memberships, today=_day(at))
    _unchanged(return_, version)
    if not memberships.trust.approves_own and return_.submitted_by == memberships.user:
        raise Refused("You have sent this return yourself, so somebody else has to approve it.")
    units = {unit for answers in provisional_of(return_) for unit in _units(answers)}
    units |= set(_units(return_.lines.filter(reopened=True)))
    replaced = let_count(return_)
    return_.approved_at, return_.approved_by = at, memberships.user
    return_.reopened_at = None
    return_.lines.exclude(question="").update(question="")
    return_.lines.filter(reopened=True).update(reopened=False)
    _finish(
        return_, "approved", before, memberships, channel, at=at, replaced=replaced, units=units
    )
    return return_


@transaction.atomic
def record_past(return_, changes, *, memberships, at, asking=None):
    """Fill in a past term from the trust's records: approved in one go, marked as history.

    For a return that nobody has begun, or to add to one that is approved. It
    adds answers and never changes one: that takes reopening.
    """
    return_ = _locked(return_)
    lines = _lines(return_)
    changes = [change for change in changes if _is_new(change, lines)]
    if not changes:
        return []
    today = _day(at)
    before = return_.move(Action.RECORD, memberships=memberships, today=today)
    for change in changes:
        if change.asked.key in lines and lines[change.asked.key].typed.has_answer:
            raise Refused(f"{lines[change.asked.key]} has been approved. It can only be reopened.")
    asking = asking or Asking(return_.term)
    kept = _keep(return_, changes, lines, memberships, at, Channel.IMPORT, asking)
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
    _finish(return_, "recorded", before, memberships, Channel.IMPORT, at=at, made=made, units=units)
    return kept


def open_returns(asking):
    """The returns of a term, with those that nobody has opened yet. Safe to call twice.

    A term before the first plan is filled from records, unit by unit.
    """
    term = asking.term
    there = set(Return.objects.for_term(term).values_list("unit_id", flat=True))
    owing = {asking.returning(asked) for asked in asking.every} - there
    if owing and Plan.objects.filter(archived_at=None, starts__lte=term.ends).exists():
        asking.keep_periods()
        Return.objects.bulk_create(
            [Return(unit_id=unit, term=term) for unit in sorted(owing)], ignore_conflicts=True
        )
        new = Return.objects.for_term(term).filter(unit__in=owing).select_related("unit", "term")
        carry_on(asking, list(new))


def _locked(return_):
    return Return.objects.held(return_.pk)


def _day(at):
    """The day of a moment, in London."""
    return timezone.localdate(at)


def _lines(return_):
    return {line.key: line for line in return_.lines.all()}


def _is_new(change, lines):
    line = lines.get(change.asked.key)
    return change.typed != (line.typed if line else Typed())


def _unchanged(return_, version):
    """``move`` has raised the version by one already."""
    if return_.version - 1 != version:
        raise Refused("This return has changed since you read it. Read it again, then decide.")


def must_be_open(return_, changes, lines, memberships):
    """Refused for what is somebody else's, or approved and not reopened.

    A contributor types what belongs to own offices, in the trust's own return.
    """
    if not return_.is_held_by(memberships, {Role.DATA_MANAGER, *OF_A_SCHOOL}) and any(
        change.asked.measure.office_id not in memberships.office_ids for change in changes
    ):
        raise Refused("Somebody else at the trust answers for these figures.")
    for change in changes:
        if not return_.is_open_to(lines.get(change.asked.key)):
            raise Refused(f"{change.asked.name} has been approved. Ask for it to be reopened.")


def _keep(return_, changes, lines, memberships, at, channel, asking=None):
    """Write the lines and one row of the trail for each."""
    units = _units_of(return_, {change.asked.unit.id for change in changes})
    periods, kept, trail = dict(asking.kept_periods) if asking else {}, [], []
    for change in changes:
        asked = change.asked
        line = lines.get(asked.key)
        if line is None:
            period = period_kept(asked.measure, return_.term, periods)
            line = Line(return_to=return_, number=asked.number, period=period, version=0)
        line.measure, line.unit, line.group = asked.measure, units[asked.unit.id], asked.group
        trail.append(line.take(change.typed, by=memberships.user, at=at))
        kept.append(line)

    new = [line for line in kept if line.pk is None]
    old = [line for line in kept if line.pk]
    add(new)
    write(old, [*NAMES, "version", "changed_at", "changed_by"])
    whom = on_behalf_of(return_, memberships)
    add(
        [
            AuditRow.objects.prepared(
                "typed",
                line,
                at=at,
                by=memberships.user,
                unit=line.unit,
                on_behalf_of=whom,
                channel=channel,
                before=before,
                after=after,
            )
            for line, (before, after) in zip(kept, trail, strict=True)
        ]
    )
    return kept


def _units_of(return_, numbers):
    """Units by number; the return's own, of which most lines are, is there already."""
    own = return_.unit
    others = numbers - {own.pk}
    found = Unit.objects.select_related("trust").in_bulk(others) if others else {}
    return {**found, own.pk: own}


def period_kept(measure, term, periods):
    """The row of the period that a term asks a measure about; ``periods`` are those found."""
    key = measure.basis, measure.about
    if key not in periods:
        periods[key] = Period.objects.kept(measure.asked_about(term))
    return periods[key]


def on_behalf_of(return_, memberships):
    """The school, where the trust's data manager fills in for it."""
    if return_.is_the_trusts or return_.is_held_by(memberships, OF_A_SCHOOL):
        return None
    return return_.unit


def _hold_what_was_asked(return_, asking):
    """The lines of a return, with a blank one for each question nobody has answered.

    What is asked since it was approved waits for the next term's return.
    """
    lines = {line.key: line for line in return_.lines.select_related("measure", "unit", "group")}
    if return_.is_reopened:
        return list(lines.values())
    asked_here, periods = asking.of_return(return_.unit_id), dict(asking.kept_periods)
    units = _units_of(return_, {asked.unit.id for asked in asked_here})
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


def _units(answers):
    return answers.values_list("unit_id", flat=True)


def _back(return_, action, before, memberships, at, *, reason="", asked=None):
    """What withdrawing and sending back share: the figures count no more."""
    units = {unit for answers in provisional_of(return_) for unit in _units(answers)}
    units |= set(return_.lines.exclude(why="", what_next="").values_list("unit_id", flat=True))
    gone = take_out(return_)
    bring_back(return_)
    _finish(
        return_,
        action,
        before,
        memberships,
        Channel.FORM,
        at=at,
        replaced=gone,
        units=units,
        reason=reason,
        asked=asked or {},
    )


def _finish(
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
        after["questions"] = {str(pk): text for pk, text in asked.items()}
    AuditRow.objects.record(
        action,
        return_,
        at=at,
        by=memberships.user,
        unit=return_.unit,
        on_behalf_of=on_behalf_of(return_, memberships) if action == "submitted" else None,
        channel=channel,
        before={"state": before, "answers": list(replaced)},
        after=after,
        reason=reason,
    )
    raise_versions(units)
