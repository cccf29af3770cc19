"""The builder: the draft, the preview as a trustee would read it, and publishing."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from dashboard.cells import movement_of, written_figure
from kpis.rag.dates import written
from kpis.rag.verdict import Status
from schools.access import access
from schools.models import Role

from ..files.page import html_of
from ..freezing.board import board_of
from ..freezing.restating import restated
from ..freezing.snapshot import document_of, late_in
from ..models import Cut, Report
from ..publishing import ask_to_publish, members_of, told_of, trouble_of
from .drafting import BEING_MADE, MEANWHILE, save_draft, suggestions_for
from .forms import FIELD_LIST, DraftForm, PublishForm
from .ready import readiness

LEADERS = {Role.LEADER}


@dataclass(frozen=True, slots=True)
class Item:
    """A result that can be ticked; ``pick`` is its exception where it is one already."""

    node: int
    unit: int
    name: str
    status: Status
    figure: str
    moved: str
    sentence: str
    rule: str
    pick: object = None

    def box(self, part):
        """The name of one of its boxes in the form."""
        return f"{part}-{self.node}-{self.unit}"


@access(GET=LEADERS, POST=LEADERS)
def draft(request, trust, pk):
    """What will the board read, and is it ready?"""
    report = _report(pk)
    if report.publishing_since is not None:
        return _being_made(request, trust, report)
    board = _board(report)
    items = items_of(report, board)
    about = {"report": report, "cuts": Cut.objects.all(), "board": board, "items": items}
    form = DraftForm(request.POST if request.method == "POST" else None, **about)
    status = 200
    if form.is_bound and form.is_valid():
        if form.cleaned_data["edition"] == report.edition:
            at = timezone.now()
            save_draft(
                report,
                form.draft(),
                edition=report.edition,
                memberships=request.memberships,
                at=at,
            )
            messages.success(request, f"The draft is saved. {_pointed_out(form)}".strip())
            return redirect("reports:report-draft", trust, pk)
        form.add_error(None, f"{MEANWHILE} Yours is still in the boxes: save again to keep it.")
        form.data = form.data.copy()
        form.data["edition"] = report.edition
        status = 409
    elif form.is_bound:
        status = 422
    page = {
        "report": report,
        "form": form,
        "items": [_boxes(form, item) for item in items if item.pick],
        "suggestions": [_boxes(form, item) for item in items if not item.pick],
        "others": [form["other_kpi"], form["other_unit"]],
        "asks": [
            form[box]
            for name in form.ask_names
            for box in (name, f"about-{name}")
            if box in form.fields
        ],
        "ready": _ready(report, board),
        "fields": FIELD_LIST,
        "typed": form.pointed_out,
        "versions": report.versions.count(),
    }
    return render(request, "reports/draft.html", page, status=status)


def _pointed_out(form):
    typed = form.pointed_out
    return f"Typed figures stay as they are: {', '.join(typed)}." if typed else ""


def _report(pk):
    reports = Report.objects.select_related("meeting__trust", "term__period__year", "plan", "cut")
    return get_object_or_404(reports, pk=pk)


def _board(report):
    today = timezone.localdate()
    return board_of(
        report.meeting.trust, report.plan, report.term, today, provisional=report.provisional
    )


def items_of(report, board):
    """The exceptions in their order, then what else the rules suggest."""
    picks = {(p.node_id, p.unit_id): p for p in report.picks.select_related("node", "unit")}
    rules = {
        (one.candidate.kpi, one.candidate.unit): one.rule for one in suggestions_for(report, board)
    }
    found = [(key, pick, pick.rule) for key, pick in picks.items()]
    found += [(key, None, rule) for key, rule in rules.items() if key not in picks]
    return [item for item in (_item(board, *each) for each in found) if item]


def _item(board, key, pick, rule):
    node, unit = key
    across = board.by_kpi.get(node)
    result = across and board.result(across, unit)
    if result is None:
        return None
    cell, movement = board.cell(across, unit), movement_of(result.said)
    return Item(
        node=node,
        unit=unit,
        name=f"{across.branch.title}, {board.name_of(unit)}",
        status=result.verdict.status,
        figure=written_figure(result) or cell.figure,
        moved=movement.words if movement else "",
        sentence=result.verdict.sentence,
        rule=rule,
        pick=pick,
    )


@dataclass(frozen=True, slots=True)
class Boxes:
    """An item with its boxes, ready for the template."""

    item: Item
    tick: object
    order: object = None
    parts: tuple = ()


def _boxes(form, item):
    tick = form[item.box("tick")]
    if item.pick is None:
        return Boxes(item, tick)
    parts = tuple(form[item.box(part)] for part in ("why", "what_next", "who", "by_when"))
    return Boxes(item, tick, form[item.box("order")], parts)


def _ready(report, board):
    late = late_in(report, board)
    uncommented = report.picks.filter(why="", what_next="").count()
    document = _document(report, board, draws=False)  # it is only counted
    return readiness(document, late=late, uncommented=uncommented)


def _document(report, board, at=None, restated=(), draws=True):
    """What would be published now."""
    return document_of(
        report,
        number=report.versions.count() + 1,
        correction=report.correction,
        by=str(report.begun_by or ""),
        at=at or timezone.now(),
        restated=restated,
        board=board,
        draws=draws,
    )


@access(GET=LEADERS)
def preview(request, trust, pk):
    """The draft as a trustee would read it, past figures put right too. Nothing is stored."""
    report, now = _report(pk), timezone.now()
    document = _document(report, _board(report), now, restated(report, now))
    page = {
        "report": report,
        "fragment": html_of(document),
        "sheet_url": reverse("reports:report-sheet-now", args=[trust]),
    }
    return render(request, "reports/preview.html", page)


@access(GET=LEADERS, POST=LEADERS)
def publish(request, trust, pk):
    """Say who will read it and what is frozen, then let the worker make it."""
    report = _report(pk)
    if report.publishing_since is not None and request.method == "GET":
        return _being_made(request, trust, report)
    number = report.versions.count() + 1
    form = PublishForm(request.POST if request.method == "POST" else None, number=number)
    if form.is_bound and form.is_valid():
        ask_to_publish(
            report,
            number=form.cleaned_data["number"],
            correction=form.cleaned_data.get("correction", ""),
            memberships=request.memberships,
            at=timezone.now(),
        )
        return redirect("reports:report-draft", trust, pk)
    page = {
        "report": report,
        "form": form,
        "number": number,
        "trustees": told_of(report),
        "members": members_of(report.cut),
        "ready": _ready(report, _board(report)),
    }
    return render(request, "reports/publish.html", page, status=422 if form.errors else 200)


def _being_made(request, trust, report):
    """The worker is at it: the page looks again by itself."""
    page = {
        "report": report,
        "sentence": BEING_MADE,
        "trouble": trouble_of(report),
        "since": written(timezone.localdate(report.publishing_since)),
    }
    response = render(request, "reports/being_made.html", page)
    response.headers["Refresh"] = "4"
    return response
