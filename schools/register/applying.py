"""Changes that the register asks for, written: one transaction, an audit row for each school."""

from django.db import transaction

from schools.actions import COMMAND, begin_parts, part_name, take_in
from schools.models import AuditRow, School, Trust, Unit, UnitKind
from schools.refused import Refused
from schools.tenancy import inside

from .changes import DAY, find_changes
from .files import BadRegister


def urns_here(trust):
    """The URNs of the trust's schools, those that have left too."""
    with inside(trust):
        return frozenset(School.objects.exclude(urn=None).values_list("urn", flat=True))


@transaction.atomic
def bring_up_to_date(trust, extract, links, on, *, seen, apply, channel=COMMAND):
    """The changes that the register asks for from the day ``on``, applied if ``apply``.

    ``seen`` are the URNs that the extract was read for: Refused if there are
    others by now. BadRegister with every problem; then nothing has changed.
    """
    trust = Trust.objects.select_for_update().get(pk=trust.pk)
    with inside(trust):
        if urns_here(trust) != seen:
            raise Refused("Somebody has changed the schools meanwhile. Run this again.")
        changes = find_changes(trust, extract, links, on)
        if changes.problems:
            raise BadRegister(changes.problems)
        if apply and changes:
            _Writing(trust, f"Register of schools: {extract.name}", channel).write(changes)
    return changes


class _Writing:
    def __init__(self, trust, reason, channel):
        self.trust, self.reason, self.channel = trust, reason[:400], channel
        self.changed = set()

    def write(self, changes):
        # Those that leave first: who follows a closed school may need its place.
        for leaving in changes.leaving:
            self._leave(leaving)
        for altering in changes.altering:
            self._alter(altering)
        for joining in changes.joining:
            take_in(trust=self.trust, channel=self.channel, reason=self.reason, **joining.columns)
        Unit.objects.filter(pk__in=self.changed).changed()
        Unit.objects.filter(kind=UnitKind.TRUST).changed()

    def _record(self, action, unit, before, after):
        AuditRow.objects.record(
            action,
            unit,
            by=None,
            unit=unit,
            channel=self.channel,
            before=before,
            after=after,
            reason=self.reason,
        )
        self.changed.add(unit.pk)

    def _leave(self, leaving):
        for unit in (leaving.school, *leaving.parts):
            self._end(unit, leaving.left, "left")

    def _end(self, unit, left, action):
        before = {"left": unit.left and unit.left.isoformat()}
        unit.left = left
        unit.save(update_fields=["left"])
        self._record(action, unit, before, {"left": left.isoformat()})

    def _alter(self, altering):
        school, old_name = altering.school, altering.school.name
        facts = {column: now for column, (_, now) in altering.facts.items()}
        before = {column: was for column, (was, _) in altering.facts.items()}
        after = dict(facts) | {"since": altering.since.isoformat()}
        if altering.predecessor:
            before["predecessor_urn"] = school.predecessor_urn
            school.predecessor_urn = after["predecessor_urn"] = altering.predecessor
        if facts:
            school.become(altering.since, **facts)
        self._record("changed by the register", school, before, after)
        for part in altering.parts_end:
            self._end(part, altering.since - DAY, "ended")
        if altering.parts_begin:
            begin_parts(school, altering.since)
        for part in Unit.objects.filter(kind=UnitKind.PART, parent=school):
            if part.name == part_name(old_name, part.phase) != part_name(school.name, part.phase):
                part.name = part_name(school.name, part.phase)
                part.save(update_fields=["name"])
            self.changed.add(part.pk)
