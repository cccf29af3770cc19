"""Keeping what is typed into one return, as it is typed, with a row of the trail for each line.

Clock and memberships are handed in, and ``asking`` where the caller has read
what the term asks. What cannot be kept raises Refused, and then nothing has
changed. A file with many returns is kept by ``saving_many``.
"""

from copy import copy
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from schools.at_once import add, add_rows, write
from schools.models import AuditRow, Period, Unit
from schools.refused import Refused

from ..asked.asking import Asked
from ..asked.questions import Typed
from ..life.states import Action
from ..models import Line, Return

_TRAIL = ("thing_id", "thing_name", "unit", "on_behalf_of", "before", "after")


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
def save_lines(return_, changes, *, memberships, at, channel=AuditRow.Channel.FORM, asking=None):
    """Keep what was typed, whatever it is; the lines that are different now.

    All or nothing: if one of them was changed after it was shown, Clash.
    """
    return_ = Return.objects.held(return_.pk)
    lines = lines_by_key(return_)
    changes = [change for change in changes if is_different(change, lines)]
    if not changes:
        return []
    stale = {
        change.asked.key: lines[change.asked.key]
        for change in changes
        if change.asked.key in lines and lines[change.asked.key].version != change.seen
    }
    if stale:
        raise Clash(stale)
    for change in changes:
        return_.must_be_open_to(change.asked.measure, lines.get(change.asked.key), memberships)
    return_.move(Action.SAVE, memberships=memberships, today=timezone.localdate(at))
    return_.save(update_fields=["state", "version"])
    return keep(return_, changes, lines, memberships, at, channel, asking)


def lines_by_key(return_):
    """What is being typed into a return, {key of the question: line}."""
    return {line.key: line for line in return_.lines.all()}


def is_different(change, lines):
    """Whether a change says something else than its line does."""
    line = lines.get(change.asked.key)
    return change.typed != (line.typed if line else Typed())


def keep(return_, changes, lines, memberships, at, channel, asking=None):
    """Write the lines and one row of the trail for each."""
    units = units_of(return_, {change.asked.unit.id for change in changes})
    periods, kept, told = dict(asking.kept_periods) if asking else {}, [], []
    begun = Line(return_to=return_, version=0)  # to make each anew takes three times as long
    for change in changes:
        asked = change.asked
        line = lines.get(asked.key)
        if line is None:
            period = period_kept(asked.measure, return_.term, periods)
            line = copy(begun)
            line.number, line.period = asked.number, period
        line.measure, line.unit, line.group = asked.measure, units[asked.unit.id], asked.group
        told.append(line.take(change.typed, by=memberships.user, at=at))
        kept.append(line)

    new = [line for line in kept if line.pk is None]
    old = [line for line in kept if line.pk]
    add(new)
    different = {name for before, _ in told for name in before}
    write(old, [*sorted(different), "version", "changed_at", "changed_by"])
    whom = return_.on_behalf_of(memberships)
    record_typed(
        (
            (line.pk, str(line)[:200], line.unit_id, whom and whom.pk, *texts)
            for line, texts in zip(kept, told, strict=True)
        ),
        memberships=memberships,
        at=at,
        channel=channel,
    )
    return kept


def record_typed(lines, *, memberships, at, channel):
    """One row of the trail for each line that says something else now.

    A line is its number and name, its unit, the unit that it was typed for by
    somebody else (or None), and what its texts were and are.
    """
    same = {
        "trust": memberships.trust.pk,
        "at": at,
        "by": memberships.user.pk,
        "channel": channel,
        "action": "typed",
        "thing_kind": Line._meta.label_lower,
    }
    add_rows(AuditRow, _TRAIL, list(lines), same)


def units_of(return_, numbers):
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
