"""The pages of returns: the list, typing, checking and sending, approving."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from .actions import Clash, approve, open_returns, save_lines, send_back, submit, withdraw
from .asking import Asking
from .board_views import board
from .entering import read_lines
from .forms import ApproveForm, LineForm, ReopenForm, SubmitForm
from .listing import Empty, ReturnList, list_returns
from .models import Return
from .reopening import reopen
from .rows import anchor_of, check_sections, entry_sections, head_of
from .sheet import Sheet
from .states import State

SCHOOL = {Role.HEADTEACHER, Role.SCHOOL_EDITOR}
TYPE = SCHOOL | {Role.DATA_MANAGER, Role.CONTRIBUTOR}
READ = TYPE | {Role.LEADER, Role.AUDITOR}
SEND = SCHOOL | {Role.DATA_MANAGER}
GRID_SCRIPTS = [f"js/grid-{part}.js" for part in ("save", "keys", "again", "paste", "results")]
TRUST = {Role.DATA_MANAGER, Role.LEADER, Role.AUDITOR}


@access(GET=READ)
def return_list(request, trust):
    """The returns of a term, with state and lateness; opens those not opened yet."""
    term = choose_term(request)
    if request.memberships.has(Role.DATA_MANAGER):
        return board(request, term)
    if term is None:
        empty = Empty("No term has opened yet, so there is nothing to send.")
        page = ReturnList(heading="Returns", empty=empty)
    else:
        asking = Asking(term, request.calendar)
        open_returns(asking)
        page = list_returns(asking, request.memberships, timezone.now(), timezone.localdate())
    page = {"returns_list": page, "spreadsheet_url": _spreadsheet_url(request, term)}
    return render(request, "returns/return_list.html", page)


def _spreadsheet_url(request, term):
    """Where spreadsheets of several returns go out and come in, for whoever may type."""
    if term is None or not request.memberships.has(*TYPE):
        return ""
    return reverse("returns:spreadsheet", args=[request.trust], query={"term": term.slug})


@access(GET=READ, POST=TYPE)
def return_edit(request, trust, pk):
    """Type figures into a return; each row has the boxes of its kind."""
    sheet = _sheet(request, pk)
    posted = request.POST if request.method == "POST" else None
    forms = {one.key: _line_form(sheet, one, posted) for one in sheet.asked}
    status = 200
    if posted is not None:
        status = _save(request, sheet, forms)
        if status == 200:
            to = "check" if posted.get("then") == "check" else "edit"
            return redirect(f"returns:return-{to}", trust, pk)
    error_list = _errors(forms) if status != 200 else []
    for form in forms.values():
        form.show_problems(sheet.today)
    head = head_of(sheet, timezone.now())
    page = {
        "return_": head,
        "sections": entry_sections(sheet, forms, head.read_only),
        "questions": _questions(sheet),
        "error_list": error_list,
        "lines_url": reverse("returns:return-line", args=[trust, pk]),
        "results_url": reverse("returns:return-results", args=[trust, pk]),
        "grid_scripts": GRID_SCRIPTS,
        "spreadsheet_url": ""
        if head.read_only
        else reverse("returns:return-spreadsheet", args=[trust, pk]),
        "breadcrumbs": _crumbs(request, sheet),
    }
    return render(request, "returns/return_edit.html", page, status=status)


def _save(request, sheet, forms):
    """Keep what was typed; 200, or why not: 422 cannot be kept, 409 changed meanwhile."""
    if not all(form.is_valid() for form in forms.values()):
        return 422
    changes = [form.change for form in forms.values() if form.change]
    try:
        saved = save_lines(
            sheet.return_,
            changes,
            memberships=request.memberships,
            at=timezone.now(),
            asking=sheet.asking,
        )
    except Clash as clash:
        for key, line in clash.lines.items():
            forms[key].clash(line)
        return 409
    messages.success(request, _saved_words(len(saved)))
    return 200


def _saved_words(count):
    if not count:
        return "Nothing was different, so nothing was saved."
    return f"Saved: {count} change{'' if count == 1 else 's'}."


def _errors(forms):
    """What stood in the way of saving: (words, the box)."""
    return [
        (words, f"#{form[name].id_for_label}")
        for form in forms.values()
        for name, errors in form.errors.items()
        for words in errors
    ]


def _questions(sheet):
    """What the trust asks of a return that it has sent back."""
    if sheet.state != State.SENT_BACK:
        return []
    asked = ((one, sheet.lines.get(one.key)) for one in sheet.asked)
    return [
        (one.name, line.question, f"#{anchor_of(one)}")
        for one, line in asked
        if line and line.question
    ]


@access(GET=SEND)
def return_check(request, trust, pk):
    """Read everything once more, and send it."""
    sheet = _sheet(request, pk)
    return _check_page(request, sheet, None)


@access(POST=SEND)
def return_submit(request, trust, pk):
    """Send a return that has been checked; what is found wanting is shown."""
    return _check_page(request, _sheet(request, pk), request.POST)


def _check_page(request, sheet, posted):
    lines = list(sheet.lines.values())
    found = read_lines(sheet.return_, sheet.asking, lines, sheet.today)
    problems = {
        one.line.key: [problem.words for problem in one.read.problems]
        for one in found
        if one.read.problems
    }
    figures_in, figures = sheet.counts()
    form = SubmitForm(
        posted,
        empty=figures - figures_in,
        initial={"version": sheet.return_.version},
        problems=[words for several in problems.values() for words in several],
    )
    if posted is not None and form.is_valid():
        version = form.cleaned_data["version"]
        submit(sheet.return_, version=version, memberships=request.memberships, at=timezone.now())
        messages.success(request, f"Sent to the trust: {sheet.return_}.")
        return redirect("returns:return-edit", request.trust, sheet.return_.pk)
    page = {
        "return_": head_of(sheet, timezone.now()),
        "sections": check_sections(sheet, problems),
        "problems": _to_do(request, sheet, problems),
        "form": form,
        "breadcrumbs": _crumbs(request, sheet),
    }
    status = 422 if form.errors else 200
    return render(request, "returns/return_check.html", page, status=status)


def _to_do(request, sheet, problems):
    """What stops submitting, each with the row where it is mended."""
    edit = reverse("returns:return-edit", args=[request.trust, sheet.return_.pk])
    return [
        (words, f"{edit}#{anchor_of(one)}")
        for one in sheet.asked
        for words in problems.get(one.key, [])
    ]


@access(POST=SEND)
def return_withdraw(request, trust, pk):
    """Take a return back that has been sent and not approved yet."""
    sheet = _sheet(request, pk)
    withdraw(sheet.return_, memberships=request.memberships, at=timezone.now())
    messages.success(request, "Taken back. Change what you need, then submit it again.")
    return redirect("returns:return-edit", trust, pk)


@access(GET=TRUST, POST={Role.DATA_MANAGER})
def return_approve(request, trust, pk):
    """Read a submitted return, and approve what was read or send it back."""
    sheet = _sheet(request, pk)
    form = _approve_form(sheet, request.POST if request.method == "POST" else None)
    if form.is_valid():
        _decide(request, sheet, form.cleaned_data["action"], form)
        return redirect("returns:return-approve", trust, pk)
    return _approve_page(request, sheet, form, _reopen_form(sheet))


@access(POST={Role.DATA_MANAGER})
def return_reopen(request, trust, pk):
    """Let the school change what was approved, or send what a closed term has locked."""
    sheet = _sheet(request, pk)
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
    page = {
        "return_": head,
        "sections": check_sections(sheet, {}, questions),
        "filter_links": [],
        "form": form,
        "reopen_form": reopen_form if head.can_reopen else None,
        "breadcrumbs": _crumbs(request, sheet),
    }
    status = 422 if form.errors or reopen_form.errors else 200
    return render(request, "returns/return_approve.html", page, status=status)


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


def _sheet(request, pk):
    """The return in the address, as this person may see it; its term is the frame's."""
    found = Return.objects.seen_by(request.memberships).to_show().with_facts_version()
    return_ = get_object_or_404(found, pk=pk)
    request.term = return_.term
    return Sheet(return_, request.memberships, timezone.localdate())


def _line_form(sheet, asked, posted):
    question = sheet.asking.question(asked)
    return LineForm(asked, question, sheet.lines.get(asked.key), sheet.return_.term, posted)


def _crumbs(request, sheet):
    term = sheet.return_.term
    url = reverse("returns:return-list", args=[request.trust], query={"term": term.slug})
    return [(f"{term} returns", url)]
