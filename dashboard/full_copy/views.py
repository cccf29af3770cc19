"""The page on which a full copy of a trust's data is asked for and downloaded."""

from django.core.files.storage import storages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from schools.access import access
from schools.models import FullCopy, Role
from schools.terms import choose_term

from .making import ask

SHOWN = 10


@access(GET={Role.DATA_MANAGER}, POST={Role.DATA_MANAGER})
def full_copy(request, trust):
    """Ask for a copy, see whether it is made, download it."""
    choose_term(request)
    now = timezone.now()
    if request.method == "POST":
        ask(request.trust, by=request.user, at=now)
        return redirect("dashboard:full-copy", trust)
    copies = [
        (copy, copy.is_there(now)) for copy in FullCopy.objects.select_related("asked_by")[:SHOWN]
    ]
    is_waiting = any(copy.made_at is None for copy, _ in copies)
    page = {"copies": copies, "is_waiting": is_waiting}
    return render(request, "dashboard/full_copy.html", page)


@access(GET={Role.DATA_MANAGER})
def full_copy_file(request, trust, pk):
    """The archive, as long as it is there."""
    copy = get_object_or_404(FullCopy.objects, pk=pk)
    private = storages["private"]
    if not copy.is_there(timezone.now()) or not private.exists(copy.name):
        raise Http404
    name = f"{request.trust.slug}-{timezone.localdate(copy.made_at)}.zip"
    return FileResponse(
        private.open(copy.name),
        as_attachment=True,
        filename=name,
        content_type="application/zip",
        headers={"X-Content-Type-Options": "nosniff"},
    )
