"""What each committee reads: a saved choice of priorities and KPIs."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from kpis.facts import plan_for, read_tree
from priorities.models import NodeRole
from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from ..models import Cut
from ..publishing import trustees
from .drafting import save_cut
from .forms import CutForm

LEADERS = {Role.LEADER}


@access(GET=LEADERS, POST=LEADERS)
def cut_new(request, trust):
    """Save what another committee reads."""
    return _cut(request, trust, None)


@access(GET=LEADERS, POST=LEADERS)
def cut(request, trust, pk):
    """Change what a committee reads. Published reports stay as they are."""
    return _cut(request, trust, get_object_or_404(Cut.objects, pk=pk))


def _cut(request, trust, held):
    term = choose_term(request)
    plan = plan_for(term)
    tree = read_tree(plan, term)[0] if plan else ()
    tops = [(one.id, f"{one.code} {one.title}".strip()) for one in _of(tree, NodeRole.PRIORITY)]
    kpis = [(one.id, f"{one.code} {one.title}".strip()) for one in _of(tree, NodeRole.KPI)]
    initial = {}
    if held:
        initial = {
            "name": held.name,
            "priorities": list(held.priorities.values_list("pk", flat=True)),
            "kpis": list(held.kpis.values_list("pk", flat=True)),
            "members": list(held.members.values_list("pk", flat=True)),
        }
    about = {"tops": tops, "kpis": kpis, "trustees": [(one.pk, str(one)) for one in trustees()]}
    form = CutForm(request.POST if request.method == "POST" else None, **about, initial=initial)
    if form.is_bound and form.is_valid():
        at = timezone.now()
        save_cut(trust, held, **form.cleaned_data, memberships=request.memberships, at=at)
        messages.success(request, "Saved. Choose it in the draft of a report.")
        return redirect("reports:report-list", trust)
    page = {"form": form, "cut": held}
    return render(request, "reports/cut.html", page, status=422 if form.errors else 200)


def _of(tree, role):
    return [branch for branch in tree if branch.role == role]
