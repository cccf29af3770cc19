"""Reading what was sent: approving, accepting a claim, asking, sending back, reopening."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from schools.access import access
from schools.models import Role

from ..grid.rows import head_of
from ..views import crumbs_to, sheet_of
from .approving import accept_claim, approve, send_back
from .check_rows import Checked, Decision, news_first
from .forms import ApproveForm, ReopenForm
from .reopening import reopen
from .sent_before import words_of_before
from .states import State

TRUST = {Role.DATA_MANAGER, Role.LEADER, Role.AUDITOR}


@access(GET=TRUST, POST={Role.DATA_MANAGER})
def return_approve(request, trust, pk):
    """Read a submitted return, and approve what was read or send it back."""
    sheet = sheet_of(request, pk)
    form = _approve_form(sheet, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _approve_page(request, sheet, form, _reopen_form(sheet))
    if form.cleaned_data["action"]:
        _decide(request, sheet, form.cleaned_data["action"], form)
        return redirect("returns:return-approve", trust, pk)
    line = _accept(request, sheet, form)
    sheet = sheet_of(request, pk)
    messages.success(request, f"Accepted: {line}.")
    # The questions that were typed and not sent yet stay in their boxes.
    asked = form.cleaned_data | {"version": sheet.return_.version}
    form = ApproveForm(initial=asked, lines=list(sheet.lines.values()))
    return _approve_page(request, sheet, form, _reopen_form(sheet))


@access(POST={Role.DATA_MANAGER})
def return_reopen(request, trust, pk):
    """Let the school change what was approved, or send what a closed term has locked."""
    sheet = sheet_of(request, pk)
    form = _reopen_form(sheet, request.POST)
    if not form.is_valid():
        return _approve_page(request, sheet, _approve_form(sheet), form)
    reopen(
        sheet.return_,
        lines=form.chosen,
        reason=form.cleaned_data["reason"],
        memberships=request.memberships,
        at=timezone.now(),
    )
    messages.success(request, f"Reopened: {sheet.return_}.")
    return redirect("returns:return-approve", trust, pk)


def _approve_form(sheet, posted=None):
    version, lines = sheet.return_.version, list(sheet.lines.values())
    return ApproveForm(posted, initial={"version": version}, lines=lines)


def _reopen_form(sheet, posted=None):
    """The lines that are not open; a return that nobody has sent is reopened whole."""
    lines = [
        (line.pk, one.name)
        for one in sheet.asked
        if sheet.return_.approved_at and (line := sheet.lines.get(one.key)) and not line.reopened
    ]
    return ReopenForm(posted, lines=lines)


def _approve_page(request, sheet, form, reopen_form):
    head = head_of(sheet, timezone.now())
    questions = (lambda line: form[f"question-{line.pk}"]) if head.can_approve else None
    sections = Checked(sheet).sections(Decision(questions, words_of_before(sheet)))
    news = sum(row.is_news for section in sections for row in section.rows)
    is_news_first = request.GET.get("first") != "plan" and sheet.state == State.SUBMITTED and news
    page = {
        "return_": head,
        "sections": news_first(sections) if is_news_first else sections,
        "filter_links": _orders(request, news, is_news_first) if head.can_approve and news else [],
        "form": form,
        "reopen_form": reopen_form if head.can_reopen else None,
        "breadcrumbs": crumbs_to(request, sheet),
    }
    status = 422 if form.errors or reopen_form.errors else 200
    return render(request, "returns/return_approve.html", page, status=status)


def _orders(request, news, is_news_first):
    """In which order the figures stand, by the address."""
    by_news = {"label": "Queries and big changes first", "url": "?first=queries", "count": news}
    by_plan = {"label": "In the order of the plan", "url": "?first=plan", "count": None}
    return [by_news | {"current": is_news_first}, by_plan | {"current": not is_news_first}]


def _accept(request, sheet, form):
    line, version = form.cleaned_data["accept"], form.cleaned_data["version"]
    asks = {"memberships": request.memberships, "at": timezone.now()}
    return accept_claim(sheet.return_, line, version=version, **asks)


def _decide(request, sheet, action, form):
    asks = {"memberships": request.memberships, "at": timezone.now()}
    version = form.cleaned_data["version"]
    if action == "approve":
        approve(sheet.return_, version=version, **asks)
        messages.success(request, f"Approved: {sheet.return_}.")
        return
    note, questions = form.cleaned_data["note"], form.questions
    send_back(sheet.return_, version=version, questions=questions, note=note, **asks)
    messages.success(request, f"Sent back: {sheet.return_}.")
