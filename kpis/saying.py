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
    held = {"node": node, "unit": memberships.trust.own_unit, "term": term}
    said = {"why": why.strip(), "what_next": what_next.strip()}
    return _write(Comment, held, said, seen, memberships, on_page=True)


@transaction.atomic
def reply(node, unit, term, *, text, seen, memberships):
    """Say one thing to a status of one's own school; None takes it away."""
    if not memberships.holds(Role.HEADTEACHER, unit):
        raise Refused("Only the headteacher replies for a school.")
    if term.closed_at is not None:
        raise Refused(f"{term} is closed, so what was said to it stands.")
    held = {"node": node, "unit": unit, "term": term}
    return _write(Reply, held, {"text": text.strip()}, seen, memberships)


PARTS = {Comment: ("why", "what_next"), Reply: ("text",)}
DONE = {
    Comment: ("commented on", "took back a comment on"),
    Reply: ("replied to", "took back a reply to"),
}


def said_of(model, node, unit, term):
    """The parts of what is said there now; empty texts where nothing is."""
    return _parts(model, model.objects.filter(node=node, unit=unit, term=term).first())


def _parts(model, held):
    return tuple(getattr(held, part) if held else "" for part in PARTS[model])


def _write(model, place, said, seen, memberships, **columns):
    """What is said there from now on, or None; whoever writes beside the same unit waits."""
    unit = place["unit"]
    Unit.objects.select_for_update().get(pk=unit.pk)
    held = model.objects.filter(**place).first()
    before, texts = _parts(model, held), tuple(said.values())
    if texts == before:
        return held
    if before != tuple(seen):
        raise Refused(MEANWHILE)
    if any(len(text) > LONGEST for text in texts):
        raise Refused(f"Shorten it to {LONGEST} characters.")
    done, taken_back = DONE[model]
    written = held or model(**place)
    if any(texts):
        for name, value in (said | columns | {"by": memberships.user}).items():
            setattr(written, name, value)
        written.save()
    AuditRow.objects.record(
        done if any(texts) else taken_back,
        written,
        at=timezone.now(),
        by=memberships.user,
        unit=unit,
        before=dict(zip(said, before, strict=True)) if any(before) else None,
        after=said,
    )
    Unit.objects.filter(pk=unit.pk).changed()
    if any(texts):
        return written
    written.delete()
    return None
