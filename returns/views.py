"""The pages of returns: the list, and typing."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from .asked.asking import Asking, minimum_of
from .board.listing import Empty, ReturnList, list_returns
from .board.views import board
from .collecting.opening import open_returns
from .crumbs import list_crumb
from .grid.drawing import rows_html
from .grid.line_form import LineForm
from .grid.rows import anchor_of, entry_sections, head_of
from .grid.saving import Clash, save_lines
from .grid.sheet import Sheet
from .letters import people_of
from .life.states import Action, State
from .models import Return
from .spreadsheets.sent_in import sent_in

SCHOOL = {Role.HEADTEACHER, Role.SCHOOL_EDITOR}
TYPE = SCHOOL | {Role.DATA_MANAGER, Role.CONTRIBUTOR}
READ = TYPE | {Role.LEADER, Role.AUDITOR}
SEND_ANYWAY = "To send it all the same, take the reason away and type the counts again."
FILES_SHOWN = 5
GRID_SCRIPTS = [f"js/grid-{part}.js" for part in ("save", "keys", "again", "paste", "results")]


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
    sheet = sheet_of(request, pk)
    posted = request.POST if request.method == "POST" else None
    is_mine = request.GET.get("whose") == "mine"
    shown = [one for one in sheet.asked if not is_mine or sheet.is_with(one, request.user)]
    forms = forms_of(sheet, shown, posted)
    status = 200
    if posted is not None:
        status = _save(request, sheet, forms)
        if status == 200:
            to = "check" if posted.get("then") == "check" else "edit"
            query = {"whose": "mine"} if is_mine and to == "edit" else None
            return redirect(reverse(f"returns:return-{to}", args=[trust, pk], query=query))
    error_list = _errors(forms) if status != 200 else []
    head = head_of(sheet, timezone.now(), _earlier(request, sheet))
    if posted is None and not _questions(sheet):
        _begin_at_the_first_empty(forms.values())
    people = _people(sheet)
    page = {
        "return_": head,
        "hand_url": _hand_url(request, sheet),
        "whose_links": _whose_links(request, sheet, is_mine),
        "colleagues": _colleagues(sheet, people),
        "return_pk": pk,
        "sections": drawn_sections(sheet, forms, read_only=head.read_only, people=people),
        "questions": _questions(sheet),
        "error_list": error_list,
        "lines_url": reverse("returns:return-line", args=[trust, pk]),
        "results_url": reverse("returns:return-results", args=[trust, pk]),
        "grid_scripts": GRID_SCRIPTS,
        "spreadsheet_url": ""
        if head.read_only
        else reverse("returns:return-spreadsheet", args=[trust, pk]),
        "files": sent_in(request.memberships, return_=sheet.return_, most=FILES_SHOWN),
        "breadcrumbs": crumbs_to(request, sheet),
    }
    return render(request, "returns/return_edit.html", page, status=status)


def forms_of(sheet, asked=None, posted=None):
    """The boxes of each row, with what is held or what was typed: {question: form}."""
    asked = sheet.asked if asked is None else asked
    return {one.key: _line_form(sheet, one, posted) for one in asked}


def drawn_sections(sheet, forms, *, read_only=False, people=frozenset()):
    """The grid: the priorities, each with its rows as HTML and what is wrong said beside them."""
    for form in forms.values():
        form.show_problems(sheet.today)
    sections = entry_sections(sheet, forms, read_only, people)
    return [(each, rows_html(each.rows)) for each in sections]


def _save(request, sheet, forms):
    """Keep what was typed; 200, or why not: 422 cannot be kept, 409 changed meanwhile."""
    if not all(form.is_valid for form in forms.values()):
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
    # On the way to the check all is saved already, and that is no news.
    if saved or request.POST.get("then") != "check":
        messages.success(request, _saved_words(len(saved)))
    for words in filter(None, (form.too_few_words for form in forms.values())):
        messages.warning(request, f"{words} {SEND_ANYWAY}")
    return 200


def _saved_words(count):
    if not count:
        return "Nothing was different, so nothing was saved."
    return f"Saved: {count} change{'' if count == 1 else 's'}."


def _begin_at_the_first_empty(forms):
    """Who comes to type begins where nothing is typed yet, with the first key."""
    for form in forms:
        if not form.held.has_answer and not form.asked.measure.keeps_log:
            form.begins_at = form.answer_names[0]
            return


def _errors(forms):
    """What stood in the way of saving: (words, the box)."""
    return [
        (words, f"#{form.id_of(name)}")
        for form in forms.values()
        for name, errors in form.errors.items()
        for words in errors
    ]


def _people(sheet):
    """The numbers of those who fill in the return, where figures have been handed to some."""
    if not any(line.handed_to_id for line in sheet.lines.values()):
        return frozenset()
    return {user.pk for user in people_of(sheet.return_)}


def _hand_url(request, sheet):
    """Where figures are handed to colleagues, for who may do it now."""
    may = sheet.return_.allows(Action.HAND, request.memberships, sheet.today)
    if not may or sheet.return_.is_the_trusts:
        return ""
    return reverse("returns:return-hand", args=[request.trust, sheet.return_.pk])


def _earlier(request, sheet):
    """What was sent the last time, and a year ago: (words, address)."""
    found = {sheet.return_.last_time: "the last time", sheet.return_.a_year_ago: "a year ago"}
    return tuple(
        (words, reverse("returns:return-sent", args=[request.trust, pk]))
        for pk, words in found.items()
        if pk is not None
    )


def _whose_links(request, sheet, is_mine):
    """All figures, or those that were handed to this person, if any were."""
    mine = sum(sheet.is_with(one, request.user) for one in sheet.asked)
    if not mine and not is_mine:
        return []
    path = request.path
    return [
        {"label": "All figures", "url": path, "count": None, "current": not is_mine},
        {"label": "Mine", "url": f"{path}?whose=mine", "count": mine, "current": is_mine},
    ]


def _colleagues(sheet, people):
    """Who has how many figures, and how many of them are in: "J. Patel 3 of 8"."""
    theirs = {}
    for one in sheet.asked:
        if one.number == 1 and (whom := sheet.with_whom(one, people)):
            theirs.setdefault(whom, []).append(one)
    return [
        f"{whom} {sum(map(sheet.is_in, asked))} of {len(asked)}"
        for whom, asked in sorted(theirs.items())
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


def sheet_of(request, pk):
    """The return in the address, as this person may see it; its term is the frame's."""
    found = Return.objects.seen_by(request.memberships).to_show().with_facts_version()
    found = found.with_earlier()
    return_ = get_object_or_404(found, pk=pk)
    request.term = return_.term
    return Sheet(return_, request.memberships, timezone.localdate())


def _line_form(sheet, asked, posted):
    question = sheet.asking.question(asked)
    line, minimum = sheet.lines.get(asked.key), minimum_of(asked.measure, sheet.memberships.trust)
    name = sheet.row_name_of(asked)
    return LineForm(asked, question, line, sheet.return_.term, posted, minimum, name)


def crumb_of(request, sheet):
    """Back to the figures themselves."""
    url = reverse("returns:return-edit", args=[request.trust, sheet.return_.pk])
    return str(sheet.return_.unit), url


def crumbs_to(request, sheet):
    return [list_crumb(request.trust, sheet.return_.term)]
