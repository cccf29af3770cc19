"""What only a leader can settle, each in one transaction with its trail.

A baseline is accepted or dated, a target set or mapped to another version of a
scale, a verdict set by hand for one term. Everything that decides a colour is
a version in force from a term on, so what was judged before stays as it was;
one typed for the same term as another corrects it. Memberships are handed in:
whoever does not lead the trust is refused here too, whatever the page asked.
"""

from django.db import transaction
from django.utils import timezone

from schools.models import AuditRow, Role, Unit, UnitKind
from schools.refused import Refused

from .models import Baseline, Entry, Override, ScaleTarget, Target
from .models.aims import Season

AS_PRINTED = ("value", "printed", "difference", "difference_in", "difference_from")
# A baseline has one answer: what is not told anew is taken away.
NO_START = {
    "entry_period": None,
    "value": None,
    "level": None,
    "dated": None,
    "printed": "",
    "difference": None,
    "difference_in": "",
    "difference_from": "",
}


# Baselines


@transaction.atomic
def accept_baselines(reading, chosen, *, group, season, from_period, reason, memberships):
    """Let a figure that was sent be the baseline of its unit, from a term on.

    ``chosen`` are pairs of a unit and the period of its figure; ``season`` is
    the term of the year that it is for, 0 for any. Refused where a unit has
    sent no figure for its period.
    """
    _only_a_leader(memberships, reason)
    kept = []
    for unit, period in chosen:
        sent = Entry.objects.filter(
            measure=reading.measure, unit=unit, group=group, period=period, why_none=None
        )
        if not sent.exists():
            raise Refused(f"{unit} has sent no figure for {period}, so it cannot be the baseline.")
        key = reading, unit, group, season, from_period
        answer = {"entry_period": period}
        kept.append(_keep(*key, "accepted a baseline", answer, reason, memberships))
    _changed(memberships, [start.unit_id for start in kept])
    return kept


@transaction.atomic
def date_baselines(baselines, dated, *, season, from_period, reason, memberships):
    """Say of which period undated printed baselines are, from a term on.

    The words as printed stay. Where the baseline itself is in force from that
    term and for that season it is corrected; else another version is added.
    """
    _only_a_leader(memberships, reason)
    kept = []
    for old in baselines:
        if old.value is None or old.dated_id is not None:
            raise Refused("This baseline has a date already.")
        key = old.reading, old.unit, old.group, season, from_period
        answer = {name: getattr(old, name) for name in AS_PRINTED} | {"dated": dated}
        kept.append(_keep(*key, "dated a baseline", answer, reason, memberships))
    _changed(memberships, [start.unit_id for start in kept])
    return kept


@transaction.atomic
def grades_on_joining(reading, levels, *, group, from_period, reason, memberships):
    """Say which level units held on joining, on the scale that they are judged by now.

    ``levels`` are pairs of a unit and a level.
    """
    _only_a_leader(memberships, reason)
    kept = []
    for unit, level in levels:
        if level.version.scale_id != reading.measure.scale_id:
            raise Refused(f"{level} is no level of the scale of {reading.measure}.")
        key = reading, unit, group, Season.ALL_YEAR, from_period
        answer = {"level": level}
        kept.append(_keep(*key, "gave a grade on joining", answer, reason, memberships))
    _changed(memberships, [start.unit_id for start in kept])
    return kept


def _keep(reading, unit, group, season, from_period, action, answer, reason, memberships):
    """Write the baseline with this key: another version, or what corrects the one there."""
    key = {
        "reading": reading,
        "unit": unit,
        "group": group,
        "season": season,
        "from_period": from_period,
    }
    start = Baseline.objects.filter(**key).first() or Baseline(**key)
    before = _told_of(start) if start.pk else None
    for name, value in (NO_START | answer).items():
        setattr(start, name, value)
    _sign(start, reason, memberships)
    _record(action, start, before, _told_of(start), reason, memberships, unit)
    return start


def _told_of(start):
    """A baseline in plain words."""
    told = (start.entry_period, start.level, start.value)
    answer = next(str(each) for each in told if each is not None)
    return {"baseline": answer, "dated": str(start.dated or "")}


# Targets


@transaction.atomic
def map_levels(clause, levels, *, from_period, reason, memberships):
    """Say which level has to be reached on versions of the scale that have no target yet.

    From a term on: the version of the clause in force then learns it, and so
    do the later ones, or it would be forgotten there. A version of the scale
    that has a target keeps it.
    """
    _only_a_leader(memberships, reason)
    for level in levels:
        if not clause.readings.filter(measure__scale=level.version.scale_id).exists():
            raise Refused(f"{level} is no level of the scale that this is judged on.")
    first = _version_from(clause, from_period, reason, memberships)
    later = clause.versions.filter(from_period__on__gt=from_period.on).exclude(pk=first.pk)
    for version in [first, *later.select_related("from_period")]:
        held = {each.scale_version_id: each.level for each in _targets_of(version)}
        added = [level for level in levels if level.version_id not in held]
        if not added:
            continue
        ScaleTarget.objects.bulk_create(
            ScaleTarget(clause_version=version, scale_version_id=level.version_id, level=level)
            for level in added
        )
        before, after = list(held.values()), [*held.values(), *added]
        _record("mapped a scale", version, _levels(before), _levels(after), reason, memberships)
    _changed(memberships)
    return first


@transaction.atomic
def set_reference(clause, against, *, group=None, from_period, reason, memberships):
    """Say whom a gap is measured against, where the plan does not: from a term on.

    ``group`` is the one to compare with, where that is a named group.
    """
    _only_a_leader(memberships, reason)
    version = _version_from(clause, from_period, reason, memberships)
    before = {"against": version.get_against_display()}
    version.against, version.against_group = against, group
    version.save()
    after = {"against": version.get_against_display()}
    _record("named a reference", version, before, after, reason, memberships)
    _changed(memberships)
    return version


@transaction.atomic
def set_target(reading, *, value=None, low=None, high=None, from_period, reason, memberships):
    """Give the trust's number to reach, where the plan has only words: they stay beside it."""
    _only_a_leader(memberships, reason)
    own = memberships.trust.own_unit
    versions = Target.objects.filter(reading=reading, unit=own)
    held = versions.filter(from_period__on__lte=from_period.on).order_by("from_period__on").last()
    if held is not None and (held.value is not None or held.low is not None):
        raise Refused("There is a number to reach already.")
    target = versions.filter(from_period=from_period).first()
    target = target or Target(reading=reading, unit=own, from_period=from_period)
    target.value, target.low, target.high = value, low, high
    target.words = held.words if held else ""
    _sign(target, reason, memberships)
    before, after = (None if each is None else _number(each) for each in (held, target))
    _record("set a target", target, before, after, reason, memberships, own)
    _changed(memberships)
    return target


def _version_from(clause, from_period, reason, memberships):
    """The clause's version that begins with a term: its own, else a copy of the one before."""
    versions = clause.versions.filter(from_period__on__lte=from_period.on)
    version = versions.order_by("from_period__on").last()
    if version is None:
        raise Refused("This was not promised yet then. Choose a later term.")
    if version.from_period_id != from_period.pk:
        targets = list(_targets_of(version))
        # A row read, kept again without its number, is a copy of it.
        version.pk, version.from_period, version._state.adding = None, from_period, True
        version.save(force_insert=True)
        ScaleTarget.objects.bulk_create(
            ScaleTarget(clause_version=version, scale_version_id=t.scale_version_id, level=t.level)
            for t in targets
        )
    _sign(version, reason, memberships)
    return version


def _targets_of(version):
    return ScaleTarget.objects.filter(clause_version=version).select_related("level__version")


def _levels(levels):
    return {level.version.key: level.key for level in levels}


def _number(target):
    if target.low is not None:
        return {"low": str(target.low), "high": str(target.high)}
    return {"target": target.words if target.value is None else str(target.value)}


# A verdict by hand


@transaction.atomic
def set_by_hand(node, unit, term, status, *, reason, memberships):
    """Put a leader's own status in the place of the one worked out, for one term only."""
    _only_a_leader(memberships, reason)
    _only_while_open(term)
    held = Override.objects.filter(node=node, unit=unit, term=term).first()
    override = held or Override(node=node, unit=unit, term=term)
    before = _status(held) if held else None
    override.status, override.reason, override.by = status, reason, memberships.user
    override.at = timezone.now()
    override.save()
    _record(
        "set by hand", override, before, _status(override), reason, memberships, unit, dated=False
    )
    _changed(memberships, [unit.pk])
    return override


@transaction.atomic
def take_back(node, unit, term, *, reason, memberships):
    """Let the status that was worked out stand again; the trail keeps what was set."""
    _only_a_leader(memberships, reason)
    _only_while_open(term)
    override = Override.objects.filter(node=node, unit=unit, term=term).first()
    if override is None:
        raise Refused("This status is not set by hand, so there is nothing to take back.")
    before = _status(override)
    _record("took back", override, before, None, reason, memberships, unit, dated=False)
    override.delete()
    _changed(memberships, [unit.pk])


def _status(override):
    return {
        "status": override.status,
        "term": str(override.term),
        "by": str(override.by),
        "reason": override.reason,
    }


# What they share


def _only_a_leader(memberships, reason):
    if not memberships.has(Role.LEADER):
        raise Refused("Only a leader of the trust can settle this.")
    if not reason.strip():
        raise Refused("Say why: the reason stands in the trail.")


def _only_while_open(term):
    """Figures of a closed term can be put right, by reopening; its statuses follow from them."""
    if term.closed_at is not None:
        raise Refused(f"{term} is closed, so its statuses stand. Reopen the figure that is wrong.")


def _sign(row, reason, memberships):
    """Keep a version with who wrote it, when and why."""
    row.reason, row.by, row.at = reason, memberships.user, timezone.now()
    row.save()


def _record(action, row, before, after, reason, memberships, unit=None, *, dated=True):
    if dated:
        after = {**after, "from": str(row.from_period)}
    AuditRow.objects.record(
        action,
        row,
        by=memberships.user,
        unit=unit,
        before=before,
        after=after,
        reason=reason,
    )


def _changed(memberships, units=()):
    """Raise the versions of these units and of the trust's own, whose line they are part of."""
    ours = Unit.objects.filter(trust=memberships.trust, kind=UnitKind.TRUST)
    (ours | Unit.objects.filter(pk__in=units)).changed()
