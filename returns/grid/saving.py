"""Keeping what is typed into one return, as it is typed, with a row of the trail for each line.

Clock and memberships are handed in, and ``asking`` where the caller has read
what the term asks. What cannot be kept raises Refused, and then nothing has
changed. A file with many returns is kept by ``saving_many``.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from schools.at_once import add, write
from schools.models import AuditRow, Period, Unit
from schools.refused import Refused

from ..asked.asking import Asked
from ..asked.questions import NAMES, Typed
from ..life.states import Action
from ..models import Line, Return


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
    whom = return_.on_behalf_of(memberships)
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
