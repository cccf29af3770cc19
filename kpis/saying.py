"""What people say beside a result: the trust's leader comments, a headteacher replies.

Each is one transaction with its row in the trail. ``seen`` is the text that the
person was shown: if somebody has changed it meanwhile, Refused says so and
nothing is overwritten. Schools' own comments come in with their returns.
"""

from django.db import transaction
from django.utils import timezone

from schools.models import AuditRow, Role, Unit
from schools.refused import Refused

from .models import Comment, Reply

LONGEST = Comment._meta.get_field("why").max_length
MEANWHILE = "Somebody else has written here since you opened the page. Read it again, then decide."


@transaction.atomic
def comment(node, term, *, why, what_next, seen, memberships):
    """Say why a result of the trust is what it is, and what happens next; None takes it away."""
    if not memberships.has(Role.LEADER):
        raise Refused("Only a leader of the trust comments for the trust.")
    unit = memberships.trust.own_unit
    held, before = _held(Comment, node, unit, term)
    text = (why.strip(), what_next.strip())
    if text == before:
        return held
    if before != tuple(seen):
        raise Refused(MEANWHILE)
    _not_too_long(*text)
    if not any(text):
        _record("took back a comment on", held, unit, memberships, before, text)
        held.delete()
        return _changed(unit)
    written = held or Comment(node=node, unit=unit, term=term)
    written.why, written.what_next = text
    written.on_page, written.by = True, memberships.user
    written.save()
    _record("commented on", written, unit, memberships, before, text)
    _changed(unit)
    return written


@transaction.atomic
def reply(node, unit, term, *, text, seen, memberships):
    """Say one thing to a status of one's own school; None takes it away."""
    if not memberships.holds(Role.HEADTEACHER, unit):
        raise Refused("Only the headteacher replies for a school.")
    if term.closed_at is not None:
        raise Refused(f"{term} is closed, so what was said to it stands.")
    (held, before), text = _held(Reply, node, unit, term), (text.strip(),)
    if text == before:
        return held
    if before != tuple(seen):
        raise Refused(MEANWHILE)
    _not_too_long(*text)
    if not any(text):
        _record("took back a reply to", held, unit, memberships, before, text)
        held.delete()
        return _changed(unit)
    written = held or Reply(node=node, unit=unit, term=term)
    [written.text], written.by = text, memberships.user
    written.save()
    _record("replied to", written, unit, memberships, before, text)
    _changed(unit)
    return written


PARTS = {Comment: ("why", "what_next"), Reply: ("text",)}


def said_of(model, node, unit, term):
    """The parts of what is said there now; empty texts where nothing is."""
    held = model.objects.filter(node=node, unit=unit, term=term).first()
    return tuple(getattr(held, part) if held else "" for part in PARTS[model])


def _held(model, node, unit, term):
    """What is said there, and its parts; whoever writes beside the same unit waits."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    held = model.objects.filter(node=node, unit=unit, term=term).first()
    return held, tuple(getattr(held, part) if held else "" for part in PARTS[model])


def _not_too_long(*texts):
    if any(len(text) > LONGEST for text in texts):
        raise Refused(f"Shorten it to {LONGEST} characters.")


def _record(action, said, unit, memberships, before, after):
    parts = PARTS[type(said)]
    AuditRow.objects.record(
        action,
        said,
        at=timezone.now(),
        by=memberships.user,
        unit=unit,
        before=dict(zip(parts, before, strict=True)) if any(before) else None,
        after=dict(zip(parts, after, strict=True)),
    )


def _changed(unit):
    Unit.objects.filter(pk=unit.pk).changed()
