"""What stands round a published report today: its files, other versions, what has changed since."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from dashboard.addresses import Link
from kpis.rag.dates import written
from schools.models import Role

from ..freezing.restating import changed
from ..models import Published
from .questions import asked_since

FILES = {
    "pdf": "PDF",
    "xlsx": "Excel",
    "docx": "Word",
    "csv": "Matrix as CSV",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """``replaced`` leads to the version that replaces this one. Nothing of it is stored."""

    sheet_url: str
    files: tuple[Link, ...]
    replaced: Link | None
    versions: tuple[Link, ...]
    previous: Link | None
    draft: Link | None
    changed: str
    own: tuple[Link, ...]
    asked: tuple


def frame_of(request, published):
    """For whoever reads it: leaders hear of figures that have changed since."""
    trust, report = request.trust, published.report
    leads = request.memberships.has(Role.LEADER)
    versions = list(report.versions.defer("snapshot", "html", "sheet").order_by("-number"))
    newest = versions[0]
    files = published.files.values_list("kind", flat=True)
    return Frame(
        sheet_url=reverse(
            "reports:report-sheet",
            args=[trust, report.pk, published.number, published.sheet_digest],
        ),
        files=tuple(
            Link(
                FILES.get(kind, kind),
                reverse("reports:report-file", args=[trust, report.pk, published.number, kind]),
            )
            for kind in sorted(files, key=lambda kind: [*FILES, kind].index(kind))
        ),
        replaced=Link(
            f"Version {newest.number} replaces this",
            reverse("reports:report-read", args=[trust, report.pk]),
        )
        if newest.number != published.number
        else None,
        versions=tuple(
            Link(
                f"Version {one.number}, {written(timezone.localdate(one.at))}",
                reverse("reports:report-version", args=[trust, report.pk, one.number]),
                one.number == published.number,
            )
            for one in versions
        )
        if len(versions) > 1
        else (),
        previous=_previous(trust, published),
        draft=Link(
            "Draft and corrections", reverse("reports:report-draft", args=[trust, report.pk])
        )
        if leads
        else None,
        changed=_changed(published) if leads and newest.number == published.number else "",
        own=(
            Link("Questions", reverse("reports:report-questions", args=[trust, report.pk])),
            Link("Your notes", reverse("reports:report-notes", args=[trust, report.pk])),
        ),
        asked=tuple(asked_since(published)),
    )


def _previous(trust, published):
    """The report to the same readers that was published before this one began to be."""
    first = published.report.versions.order_by("number").first()
    before = (
        Published.objects.filter(place__lt=first.place)
        .exclude(report=published.report_id)
        .newest_for(published.report.cut)
    )
    if before is None:
        return None
    return Link(
        f"Previous report: {before.title}",
        reverse("reports:report-read", args=[trust, before.report_id]),
    )


def _changed(published):
    """How many of its figures are others today."""
    count = len(changed(published, timezone.now()))
    if not count:
        return ""
    figures = "1 figure has" if count == 1 else f"{count} figures have"
    return f"{figures} changed since this was published"
