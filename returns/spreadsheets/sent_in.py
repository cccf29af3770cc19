"""The spreadsheets that were sent in for a term or a return: what became of each, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from ..grid.sheet import TYPING
from ..models import Upload, UploadedLine

MOST = 20


@dataclass(frozen=True, slots=True)
class SentIn:
    """One file. ``words`` say what became of it, and whether its sender can still undo it."""

    name: str
    url: str
    at: datetime
    by: str
    words: str


def sent_in(memberships, *, term=None, return_=None, most=MOST):
    """Of a term, or those that were for a return or have changed it; one query.

    Nobody is shown a file whose page they could not open.
    """
    uploads = Upload.objects.seen_by(memberships)
    if return_ is not None:
        has_changed = UploadedLine.objects.filter(upload=OuterRef("pk"), line__return_to=return_.pk)
        uploads = uploads.filter(Q(return_to=return_.pk) | Exists(has_changed))
    else:
        uploads = uploads.filter(term=term)
    uploads = uploads.select_related("by").annotate(
        changed=Count("lines"),
        put_back=Count("lines", filter=Q(lines__undone=True)),
        can_put_back=Count("lines", filter=_can_be_put_back()),
    )
    return [_row(upload, memberships) for upload in uploads.order_by("-pk")[:most]]


def _can_be_put_back():
    """As ``uploads.undoing`` says it of each line, for whoever has sent the file."""
    to = "lines__line__return_to"
    return (
        Q(lines__undone=False, lines__version=F("lines__line__version"))
        & Q(**{f"{to}__state__in": TYPING, f"{to}__term__opens__lte": timezone.localdate()})
        & (
            Q(**{f"{to}__term__closed_at": None})
            | Q(**{f"{to}__reopened_at__gte": F(f"{to}__term__closed_at")})
        )
        & (
            Q(**{f"{to}__approved_at": None})
            | Q(**{f"{to}__reopened_at": None})
            | Q(lines__line__reopened=True)
        )
    )


def _row(upload, memberships):
    return SentIn(
        name=upload.name,
        url=reverse("returns:upload", args=[memberships.trust, upload.pk]),
        at=upload.applied_at or upload.checked_at,
        by=str(upload.by),
        words=_words(upload, memberships),
    )


def _words(upload, memberships):
    figures = f"{upload.changed} figure{'' if upload.changed == 1 else 's'}"
    if upload.applied_at is None:
        return "Checked, and nothing stored"
    if upload.undone_at is not None:
        return f"Undone: {upload.put_back} of {figures} put back"
    may = upload.by_id == memberships.user.pk and upload.can_put_back
    return f"Applied: {figures}{', can be undone' if may else ''}"
