"""The pages on which a leader settles what the figures cannot: seen, checked, then kept."""

from contextlib import nullcontext
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from kpis import actions, facts
from kpis.rag.verdict import Status
from priorities.models import Node
from schools.access import access
from schools.models import Role, Unit
from schools.refused import Refused
from schools.terms import choose_term

from ..addresses import Addresses
from ..kpi.page import Hidden, KpiReader
from ..sight import Sight
from . import KINDS
from .forms import ByHandForm

LEADERS = {Role.LEADER}
MEANWHILE = (
    "This has changed since you opened the page, so nothing was saved. Your answer is still in"
    " the boxes: read the page again, then decide."
)


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """All that a form's page shows; ``effects`` is None until they have been asked for."""

    title: str
    kpi: str
    clause: str
    lead: str
    details: tuple[str, ...]
    back_url: str
    term: str
    is_open: bool
    effects: tuple | None = None


@access(GET=LEADERS, POST=LEADERS)
def answer(request, trust, pk, reading, kind):
    """Settle one thing about a reading: a baseline, its date, a level, a target."""
    if kind not in KINDS:
        raise Http404
    with undisturbed(request):
        read, kpi = read_kpi(request, trust, pk)
        try:
            found = KINDS[kind](read, kpi.promise, reading, request.calendar)
        except facts.NotInPlan:
            raise Http404 from None
        back_url = kpi.addresses.kpi(pk)
        if not found.is_open:
            if request.method == "POST":
                raise Refused("This has been settled already, so nothing was changed.")
            return _page(request, kpi, found, None, back_url)
        form = found.form(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_stale:
            form.add_error(None, MEANWHILE)
            return _page(request, kpi, found, _fresh(form), back_url, status=409)
        if not form.is_valid():
            return _page(request, kpi, found, form, back_url, status=422 if form.is_bound else 200)
        if request.POST.get("do") != "save" or not form.is_checked:
            return _page(request, kpi, found, _checked(form), back_url, found.effects(form))
        messages.success(request, found.save(form, request.memberships))
    return redirect(back_url)


@access(GET=LEADERS, POST=LEADERS)
def by_hand(request, trust, pk):
    """Set the status of a KPI for one school, or for the trust, in one term; or take it back."""
    with undisturbed(request):
        read, kpi = read_kpi(request, trust, pk, request.GET)
        unit = kpi.unit
        held = read.given.overrides.get((kpi.promise.id, unit.id))
        taking_back = request.POST.get("do") == "back"
        shown = (held.status, held.reason, held.who) if held else "none"
        form = ByHandForm(
            request.POST if request.method == "POST" else None,
            shown=shown,
            is_taking_back=taking_back,
        )
        code = kpi.school.code if kpi.school else None
        page = {
            "kpi": kpi.branch.title,
            "unit": unit.name,
            "by_figures": kpi.by_figures().verdict,
            "held": held,
            "held_status": Status(held.status) if held else None,
            "applies": _is_judged(kpi),
            "is_closed": request.term.closed_at is not None,
            "term_name": request.term.name,
            "back_url": kpi.addresses.kpi(pk, school=code),
            "form": form,
            "breadcrumbs": _crumbs(kpi, code),
        }
        if form.is_bound and not page["applies"]:
            raise Refused(f"This KPI is not judged for {unit.name} in {request.term.name}.")
        if form.is_bound and form.is_stale:
            form.add_error(None, MEANWHILE)
            page["form"] = _fresh(form)
            return render(request, "dashboard/answer_by_hand.html", page, status=409)
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return render(request, "dashboard/answer_by_hand.html", page, status=status)
        _set_or_take_back(request, pk, unit, form, taking_back)
    return redirect(page["back_url"])


def undisturbed(request):
    """What was posted is read against and saved in one transaction; looking needs none."""
    return transaction.atomic() if request.method == "POST" else nullcontext()


def _set_or_take_back(request, pk, unit, form, taking_back):
    node, unit = Node.objects.get(pk=pk), Unit.objects.get(pk=unit.id)
    why = {"reason": form.cleaned_data["reason"], "memberships": request.memberships}
    if taking_back:
        actions.take_back(node, unit, request.term, **why)
        messages.success(request, "Taken back. The status that was worked out stands again.")
    else:
        actions.set_by_hand(node, unit, request.term, form.cleaned_data["status"], **why)
        messages.success(request, f"Set by hand for {request.term.name}. It lapses after that.")


def _is_judged(kpi):
    verdict = kpi.by_figures().verdict
    is_there = kpi.school is None or kpi.school.id in kpi.judged.schools
    return is_there and verdict.status is not Status.NOT_APPLICABLE


def read_kpi(request, trust, pk, query=None):
    """The KPI as it stands; what is going to be changed waits until this one is done."""
    term = choose_term(request)
    in_force = term and facts.plan_for(term)
    if not in_force:
        raise Http404
    if request.method == "POST":
        Node.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    today, sight = timezone.localdate(), Sight.of(request.memberships)
    try:
        read = facts.read(trust, in_force, term, today, terms=request.calendar, node=pk)
        kpi = KpiReader(read, pk, sight, query or {}, Addresses(trust.slug, term.slug))
    except (facts.NotInPlan, Hidden):
        raise Http404 from None
    return read, kpi


def _page(request, kpi, found, form, back_url, effects=None, status=200):
    several = len(kpi.promise.clauses) > 1 or len(found.clause.readings) > 1
    page = AnswerPage(
        title=found.title,
        kpi=kpi.branch.title,
        clause=found.measure.name if several else "",
        lead=found.lead,
        details=tuple(found.details()),
        back_url=back_url,
        term=request.term.name,
        is_open=found.is_open,
        effects=effects,
    )
    context = {"answer": page, "form": form, "breadcrumbs": _crumbs(kpi)}
    return render(request, "dashboard/answer_form.html", context, status=status)


def _crumbs(kpi, school=None):
    here = (kpi.branch.title, kpi.addresses.kpi(kpi.promise.id, school=school))
    return [*kpi.breadcrumbs(), here]


def _fresh(form):
    """The same answer, for what the page shows now."""
    form.data = form.data.copy()
    form.data["seen"], form.data["checked"] = form.shown, ""
    return form


def _checked(form):
    """The same answer, with the note that its effect has been shown."""
    form.data = form.data.copy()
    form.data["checked"] = form.digest
    return form
