"""The evidence of one answer: shown, added, taken away; and each file, for those who may see it."""

import errno
import logging
from datetime import date

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from kpis.models import ClauseVersion
from kpis.rag.dates import add_months
from schools.access import access

from ..grid.rows import anchor_of, evidence_key, shown_words
from ..grid.sheet import Sheet, day_words
from ..life.states import Action
from ..models import Return
from ..typed.spelling import Misspelt, day
from ..views import READ, TYPE
from . import Evidence
from .attaching import add_file, add_link, remove
from .forms import NO_NAMES, FileForm, LinkForm
from .kinds import KINDS

log = logging.getLogger(__name__)
NO_ROOM = "There is no room to keep files at the moment, so nothing was kept. Try again tomorrow."
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@access(GET=READ, POST=TYPE)
def evidence(request, trust, pk, line):
    """What one answer rests on. A file or link is added here, or taken away."""
    sheet, asked = _asked(request, pk, line)
    posted = request.POST.get("do")
    forms = {
        "file": FileForm(*((request.POST, request.FILES) if posted == "file" else ())),
        "link": LinkForm(request.POST if posted == "link" else None),
    }
    status = 200
    if posted in forms and forms[posted].is_valid():
        status = ADD[posted](request, sheet, asked, forms[posted])
        if status == 200:
            return redirect("returns:evidence", trust, pk, line)
    elif posted == "remove":
        _remove(request, sheet, asked)
        return redirect("returns:evidence", trust, pk, line)
    elif posted:
        status = 422
    page = _page(request, sheet, asked, forms, forms.get(posted))
    return render(request, "returns/evidence.html", page, status=status)


def _asked(request, pk, line):
    """The return and the question that the address names; another's are not found."""
    found = Return.objects.seen_by(request.memberships).to_show().with_facts_version()
    return_ = get_object_or_404(found, pk=pk)
    request.term = return_.term
    sheet = Sheet(return_, request.memberships, timezone.localdate())
    asked = next((one for one in sheet.asked if evidence_key(one) == line), None)
    if asked is None:
        raise Http404
    return sheet, asked


def _add_file(request, sheet, asked, form):
    try:
        kept, is_new = add_file(
            sheet.return_,
            asked,
            name=form.cleaned_data["file"].name,
            data=form.data_of_file,
            kind=form.kind,
            **_who(request),
        )
    except OSError as why:
        log.exception("A file of evidence could not be kept")
        form.add_error("file", NO_ROOM if why.errno in FULL else "The file could not be kept.")
        return 507
    messages.success(request, f"{'Added' if is_new else 'There already'}: {kept.name}.")
    return 200


def _add_link(request, sheet, asked, form):
    said = form.cleaned_data
    said = {"link": said["link"], "name": said["name"]}
    _, is_new = add_link(sheet.return_, asked, **said, **_who(request))
    messages.success(request, "Added the link." if is_new else "The link is there already.")
    return 200


ADD = {"file": _add_file, "link": _add_link}


def _remove(request, sheet, asked):
    pk = request.POST.get("evidence", "")
    rows = Evidence.objects.filter(line__return_to=sheet.return_, line__in=_line_pks(sheet, asked))
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    gone = remove(get_object_or_404(rows, pk=pk), **_who(request))
    messages.success(request, f"Taken away: {gone.name}.")


def _line_pks(sheet, asked):
    line = sheet.lines.get(asked.key)
    return [line.pk] if line else []


def _who(request):
    return {"memberships": request.memberships, "at": timezone.now()}


def _page(request, sheet, asked, forms, used):
    line = sheet.lines.get(asked.key)
    may_change = sheet.return_.allows(Action.SAVE, request.memberships, sheet.today)
    may_change = may_change and sheet.return_.is_open_to(line)
    group = sheet.group_of(asked)
    back = reverse("returns:return-edit", args=[request.trust, sheet.return_.pk])
    rows = Evidence.objects.there().filter(line__in=_line_pks(sheet, asked))
    return {
        "return_": sheet.return_,
        "name": f"{sheet.name_of(asked)}{f', {group}' if group else ''}",
        "shown": shown_words(sheet, asked)[0],
        "rows": rows.select_related("added_by", "line__measure"),
        "holds": holds_words(asked, line, sheet.today),
        "no_names": NO_NAMES,
        "may_change": may_change,
        "forms": forms if may_change else {},
        "used": used,
        "back": f"{back}#{anchor_of(asked)}",
        "breadcrumbs": [(str(sheet.return_), back)],
    }


def holds_words(asked, line, today):
    """Until when a rating holds, where its day is told and its clause lets it expire."""
    if not (asked.measure.rated or asked.measure.kind == "rating") or line is None:
        return ""
    try:
        on = day(line.on)
    except Misspelt:
        return ""
    if not isinstance(on, date):
        return ""
    until = add_months(on, months_of(asked.measure))
    return f"{'Held' if until < today else 'Holds'} until {day_words(until)}"


def months_of(measure):
    """For how many months a rating holds: what the plan's latest clause says, or the measure."""
    versions = ClauseVersion.objects.filter(
        clause__readings__measure=measure, clause__archived_at=None
    ).order_by("-from_period__on")
    said = versions.exclude(expires_months=None).values_list("expires_months", flat=True).first()
    return measure.valid_months if said is None else said


@access(GET=READ)
def evidence_file(request, trust, pk):
    """One file as an attachment, for those who may see its answer and nobody else."""
    found = Evidence.objects.seen_by(request.memberships).exclude(digest="")
    kept = get_object_or_404(found, pk=pk, removed_at=None)
    try:
        opened = kept.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        opened,
        as_attachment=True,
        filename=kept.name,
        content_type=KINDS[kept.ending].content_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
