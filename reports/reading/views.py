"""Reading what was published: the list, a report, its versions and its files."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from kpis.rag.dates import written
from schools.access import access
from schools.models import Role

from ..files.page import sheet as style_sheet
from ..models import Cut, Meeting, Published, PublishedFile, Report
from .frame import frame_of

READERS = {Role.TRUSTEE, Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR}
KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One report in the list: what it is, where it is read, and how far it has come."""

    title: str
    meeting: str
    meeting_url: str
    url: str
    state: str
    draft_url: str = ""


@access(GET=READERS)
def report_list(request, trust):
    """Which reports are there to read, and which are being made?"""
    leads = request.memberships.has(Role.LEADER)
    latest = {one.report_id: one for one in Published.objects.latest_of_each()}
    reports = Report.objects.select_related("meeting", "term__period", "cut").order_by(
        "-meeting__on", "-pk"
    )
    rows = [
        listed(trust, report, latest.get(report.pk), leads)
        for report in reports
        if leads or report.pk in latest or report.meeting.papers_on
    ]
    meetings = Meeting.objects.to_come(timezone.localdate()) if leads else ()
    page = {"rows": rows, "meetings": meetings, "leads": leads, "cuts": Cut.objects.all()}
    return render(request, "reports/report_list.html", page)


def listed(trust, report, published, leads):
    if published:
        state = f"Version {published.number}, published {written(timezone.localdate(published.at))}"
    elif leads:
        state = "Being made" if report.publishing_since else "Draft, not visible to trustees"
    else:
        state = to_be_published(report)
    return Listed(
        title=report.title,
        meeting=str(report.meeting),
        meeting_url=reverse("reports:report-meeting", args=[trust, report.meeting_id]),
        url=reverse("reports:report-read", args=[trust, report.pk]) if published else "",
        state=state,
        draft_url=reverse("reports:report-draft", args=[trust, report.pk]) if leads else "",
    )


def to_be_published(report):
    """What a trustee reads before there is anything to read."""
    day = report.meeting.papers_on
    if day is None or day < timezone.localdate():
        return f"The {report.term} report has not been published yet."
    return f"The {report.term} report will be published on {day:%A} {written(day)}."


@access(GET={Role.TRUSTEE})
def latest(request, trust):
    """Where a trustee lands: on the report that they were told of last."""
    newest = Published.objects.newest_told_to(request.user)
    if newest is None:
        return redirect("reports:report-list", trust)
    return redirect("reports:report-read", trust, newest.report_id)


@access(GET=READERS)
def read(request, trust, pk):
    """The newest version of a report, as it was published."""
    reports = Report.objects.select_related("meeting", "term__period", "cut")
    report = get_object_or_404(reports, pk=pk)
    newest = report.versions.first()
    if newest is None:
        if request.memberships.has(Role.LEADER):
            return redirect("reports:report-draft", trust, pk)
        page = {"report": report, "sentence": to_be_published(report)}
        return render(request, "reports/to_come.html", page)
    return shown(request, newest)


@access(GET=READERS)
def read_version(request, trust, pk, number):
    """One version of a report; an older one says what replaces it."""
    versions = Published.objects.select_related("report__meeting", "report__term__period")
    return shown(request, get_object_or_404(versions, report=pk, number=number))


def shown(request, published):
    """A published version inside today's frame."""
    page = {
        "published": published,
        "frame": frame_of(request, published),
        # Ours, written by a template and held under its digest since.
        "fragment": SafeString(published.html),
    }
    return render(request, "reports/read.html", page)


@access(GET=READERS)
def sheet(request, trust, pk, number, digest):
    """The style sheet of a published version, by its digest."""
    published = get_object_or_404(Published.objects, report=pk, number=number, sheet_digest=digest)
    return HttpResponse(published.sheet, content_type="text/css; charset=utf-8")


@access(GET={Role.LEADER})
def sheet_now(request, trust):
    """The style sheet that the next version will have, for a preview."""
    return HttpResponse(style_sheet(), content_type="text/css; charset=utf-8")


@access(GET=READERS)
def report_file(request, trust, pk, number, kind):
    """A file of a published version, as it was made then."""
    found = get_object_or_404(
        PublishedFile.objects.select_related("published"),
        published__report=pk,
        published__number=number,
        kind=kind,
    )
    name = f"{trust.slug}-board-report-{found.published.at:%Y-%m-%d}-version-{number}.{kind}"
    return HttpResponse(
        bytes(found.content),
        content_type=KINDS.get(kind, "application/octet-stream"),
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
