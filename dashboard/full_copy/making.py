"""A full copy is asked for, made by the worker, and thrown away after a week."""

import hashlib
import secrets
import tempfile

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from schools.jobs import does, queue
from schools.models import AuditRow, FullCopy, Outbox

from . import archive

MAKE, THROW_AWAY = "full_copy.make", "full_copy.throw_away"


@transaction.atomic
def ask(trust, *, by, at):
    """Have a copy made; while one is being made, it is that one."""
    if waiting := FullCopy.objects.filter(made_at=None).first():
        return waiting
    copy = FullCopy.objects.create(
        trust=trust, asked_by=by, asked_at=at, name=f"copies/{secrets.token_urlsafe(24)}.zip"
    )
    AuditRow.objects.record("asked for", copy, by=by)
    queue(MAKE, trust=trust, argument=copy.pk)
    return copy


@does(MAKE)
def make(pk, now):
    """Make the archive, then say so to whoever asked: once, however often it is tried."""
    copy = FullCopy.objects.select_related("trust", "asked_by").get(pk=pk)
    if copy.made_at is not None:
        return
    private = storages["private"]
    private.delete(copy.name)  # of a worker that died over it
    with tempfile.TemporaryFile() as made:
        archive.write(copy.trust, made, now)
        made.seek(0)
        copy.digest = hashlib.file_digest(made, "sha256").hexdigest()
        copy.size = made.tell()
        made.seek(0)
        private.save(copy.name, File(made))
    with transaction.atomic():
        copy.made_at = timezone.now()
        copy.save(update_fields=["made_at", "size", "digest"])
        queue(THROW_AWAY, trust=copy.trust, argument=pk, not_before=copy.lasts_until)
        Outbox.objects.create(
            to=copy.asked_by.email,
            subject=f"The full copy of {copy.trust} is ready",
            body=_letter(copy),
        )


@does(THROW_AWAY)
def throw_away(pk, now):
    """Delete the file. That there was one stays known."""
    storages["private"].delete(FullCopy.objects.get(pk=pk).name)


def _letter(copy):
    page = reverse("dashboard:full-copy", args=[copy.trust.slug])
    last = timezone.localtime(copy.lasts_until)
    return (
        f"The full copy of {copy.trust} that you asked for is ready. You can download it until "
        f"{last.day} {last:%B %Y}; then it is deleted.\n\n{settings.SITE_ADDRESS}{page}\n"
    )
