"""The dashboard of trustees: every result as the latest published report has it."""

from django.shortcuts import render
from django.urls import reverse

from schools.access import access
from schools.models import Role

from ..models import Published
from ..shapes import Document


@access(GET={Role.TRUSTEE})
def results(request, trust):
    """Where did we stand when the board was told last?"""
    newest = Published.objects.newest_for()
    page = {"document": None}
    if newest is not None:
        page = {
            "document": Document.read(newest.snapshot),
            "report_url": reverse("reports:report-read", args=[trust, newest.report_id]),
            "sheet_url": reverse(
                "reports:report-sheet",
                args=[trust, newest.report_id, newest.number, newest.sheet_digest],
            ),
        }
    return render(request, "reports/results.html", page)
