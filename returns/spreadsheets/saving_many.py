"""A file's changes, stored in many returns at once: the rules of ``save_lines``, few questions.

All returns are locked together and their lines read together; what is written
is written as rows. The trail has the same row for each line as if it had been
typed.
"""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from schools.at_once import add_rows, write_rows
from schools.models import Unit
from schools.refused import Refused

from ..asked.questions import NAMES, Typed
from ..grid.saving import Change, Clash, period_kept, record_typed
from ..life.states import Action
from ..models import Line, Return
from .lines_now import lines_now

BLANK = Typed()
_NEW = ("measure", "unit", "group", "number", "return_to", "period", *NAMES)


class Stored(NamedTuple):
    """One line that is different now: its number and its version."""

    return_: Return
    change: Change
    pk: int
    version: int


@transaction.atomic
def save_many(told, *, memberships, at, channel, asking_of):
    """Keep what a file says of several returns; the lines that are different now.

    ``told`` is {return: changes}, in the order of the trail; ``asking_of`` gives
    what a term asks. All or nothing: Refused names the return that stands in
    the way.
    """
    today = timezone.localdate(at)
    returns = Return.objects.all_held({return_.pk for return_ in told})
    lines = lines_now(list(returns))
    changed = {}
    for asked_for, changes in told.items():
        return_ = returns[asked_for.pk]
        held = lines.get(return_.pk, {})
        try:
            if changes := _new(changes, held):
                _not_stale(changes, held)
                for change in changes:
                    line = held.get(change.asked.key)
                    return_.must_be_open_to(change.asked.measure, line, memberships)
                return_.move(Action.SAVE, memberships=memberships, today=today)
                changed[return_] = changes
        except Refused as why:
            raise Refused(f"{return_}: {why}") from None
    _write(changed, lines, memberships, at, asking_of)
    stored = _stored(changed, lines)
    _record(stored, changed, lines, memberships, at, channel)
    return stored


def _new(changes, held):
    """Those that say something else than the line does."""
    return [
        change
        for change in changes
        if change.typed != (line.typed if (line := held.get(change.asked.key)) else BLANK)
    ]


def _not_stale(changes, held):
    stale = {
        change.asked.key: line.pk
        for change in changes
        if (line := held.get(change.asked.key)) and line.version != change.seen
    }
    if stale:
        rows = Line.objects.select_related("measure", "unit", "group").in_bulk(stale.values())
        raise Clash({key: rows[pk] for key, pk in stale.items()})


def _write(changed, lines, memberships, at, asking_of):
    new, old = [], []
    for return_, changes in changed.items():
        held = lines.get(return_.pk, {})
        asking = asking_of(return_.term)
        periods = dict(asking.kept_periods)
        for change in changes:
            key = change.asked.key
            line = held.get(key)
            if line:
                old.append((line, change.typed))
            else:
                period = period_kept(change.asked.measure, return_.term, periods)
                new.append((*key, return_.pk, period.pk, *change.typed))
    same = {"changed_at": at, "changed_by": memberships.user.pk}
    add_rows(Line, _NEW, new, {"version": 1, **same})
    _write_over(old, same)
    moved = [(return_.state, return_.version, return_.pk) for return_ in changed]
    write_rows(Return, ("state", "version"), moved)


def _write_over(old, same):
    """The texts of lines that are there, but for those that no line says otherwise."""
    places = [
        place
        for place in range(len(NAMES))
        if any(line.typed[place] != typed[place] for line, typed in old)
    ]
    columns = [*(NAMES[place] for place in places), "version"]
    rows = [(*(typed[place] for place in places), line.version + 1, line.pk) for line, typed in old]
    write_rows(Line, columns, rows, same)


def _stored(changed, lines):
    """Each change with its line, those that are new read back for their numbers."""
    new = {}
    keys = ("return_to_id", "measure_id", "unit_id", "group_id", "number", "pk")
    rows = Line.objects.filter(return_to__in=[return_.pk for return_ in changed], version=1)
    for return_to, *key, pk in rows.order_by().values_list(*keys):
        new[return_to, tuple(key)] = pk
    found = []
    for return_, changes in changed.items():
        held = lines.get(return_.pk, {})
        for change in changes:
            key = change.asked.key
            line = held.get(key)
            pk, version = (line.pk, line.version + 1) if line else (new[return_.pk, key], 1)
            found.append(Stored(return_, change, pk, version))
    return found


def _record(stored, changed, lines, memberships, at, channel):
    """One row of the trail for each line."""
    units = Unit.objects.in_bulk({one.change.asked.unit.id for one in stored})
    names = {pk: str(unit) for pk, unit in units.items()}
    for_whom = {
        return_.pk: for_whom and for_whom.pk
        for return_ in changed
        for for_whom in [return_.on_behalf_of(memberships)]
    }
    rows, measures, groups = [], {}, {}
    for return_, change, pk, _ in stored:
        asked = change.asked
        line = lines.get(return_.pk, {}).get(asked.key)
        unit, before, after = asked.unit.id, {}, {}
        for name, was, will_be in zip(
            NAMES, line.typed if line else BLANK, change.typed, strict=True
        ):
            if was != will_be:
                before[name], after[name] = was, will_be
        measure = measures.get(asked.measure.id) or measures.setdefault(
            asked.measure.id, str(asked.measure)
        )
        group = groups.get(asked.group.id) or groups.setdefault(asked.group.id, str(asked.group))
        called = f"{measure}, {names[unit]}, {group}"[:200]
        rows.append((pk, called, unit, for_whom[return_.pk], before, after))
    record_typed(rows, memberships=memberships, at=at, channel=channel)
