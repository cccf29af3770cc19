"""The pages of a meeting: add one, see its reports, begin one."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from schools.access import access
from schools.models import Role, Term

from ..models import Cut, Meeting, Published
from ..reading.views import READERS, listed
from .drafting import add_meeting, begin, cut_for
from .forms import BeginForm, MeetingForm

LEADERS = {Role.LEADER}


@access(GET=LEADERS, POST=LEADERS)
def meeting_new(request, trust):
    """Add the next meeting of the board or of a committee."""
    form = MeetingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        about = {"memberships": request.memberships, "at": timezone.now()}
        added = add_meeting(trust, **form.cleaned_data, **about)
        return redirect("reports:report-meeting", trust, added.pk)
    status = 422 if form.errors else 200
    return render(request, "reports/meeting_new.html", {"form": form}, status=status)


@access(GET=READERS, POST=LEADERS)
def meeting(request, trust, pk):
    """What is read at this meeting; a leader begins a report for it."""
    held = get_object_or_404(Meeting.objects.select_related("trust"), pk=pk)
    leads, today = request.memberships.has(Role.LEADER), timezone.localdate()
    opened = Term.objects.opened(today).select_related("period__year").order_by("-period__on")
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        terms=opened,
        cuts=Cut.objects.all(),
        initial={"cut": getattr(cut_for(held), "pk", None)},
    )
    if form.is_bound and form.is_valid():
        term = next(one for one in opened if one.slug == form.cleaned_data["term"])
        at = timezone.now()
        cut = Cut.objects.filter(pk=form.cleaned_data.get("cut")).first()
        begun = begin(held, term, cut=cut, by=request.user, at=at, today=today)
        return redirect("reports:report-draft", trust, begun.pk)
    latest = {one.report_id: one for one in Published.objects.latest_of_each()}
    reports = held.reports.select_related("meeting", "term__period", "cut")
    page = {
        "meeting": held,
        "rows": [listed(trust, one, latest.get(one.pk), leads) for one in reports],
        "leads": leads,
        "form": form if leads and opened else None,
    }
    return render(request, "reports/meeting.html", page, status=422 if form.errors else 200)
