"""The pages of the dashboard: fetch, judge, arrange, respond."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from kpis import facts
from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from .addresses import Addresses
from .choices import choose
from .drawing import drawn
from .history import History, read_trail
from .kpi import Hidden, KpiReader
from .sight import Sight
from .trust_page import look

READERS = {Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR, Role.HEADTEACHER, Role.SCHOOL_EDITOR}
FIGURES = READERS | {Role.CONTRIBUTOR}


@access(GET=READERS)
def trust_dashboard(request, trust):
    """Where are we off target, and is it getting worse?"""
    term = choose_term(request)
    page = look(request, trust, term, choose(request, trust)).page
    return render(request, "dashboard/matrix.html", {"matrix": page, "drawn": drawn(page)})


@access(GET=FIGURES)
def kpi_page(request, trust, pk):
    """What is happening with this KPI, why, and by whose word?"""
    term = choose_term(request)
    in_force = term and facts.plan_for(term)
    if not in_force:
        raise Http404

    today, sight = timezone.localdate(), Sight.of(request.memberships)
    try:
        read = facts.read(trust, in_force, term, today, terms=request.calendar, node=pk)
        kpi = KpiReader(read, pk, sight, request.GET, Addresses(trust.slug, term.slug))
    except (facts.NotInPlan, Hidden):
        raise Http404 from None
    trail = read_trail(kpi.measures)
    history = History(read, request.calendar, sight, kpi.promise, trail)
    page = replace(kpi.page(), history=history.rows(kpi.school and kpi.school.id))
    context = {"kpi": page, "breadcrumbs": kpi.breadcrumbs()}
    return render(request, "dashboard/kpi.html", context)
