"""The page on which a leader comments for the trust, and a headteacher replies for the school."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from kpis.models import Comment, Reply
from kpis.saying import comment, reply, said_of
from priorities.models import Node
from schools.access import access
from schools.models import Role, Unit

from ..cells import written_figure
from ..kpi.page import COMMENT, REPLY
from .forms import CommentForm, ReplyForm, fingerprint
from .views import read_kpi, undisturbed


@dataclass(frozen=True, slots=True)
class Saying:
    """What the page is about: whose result, and how it stands beside the words.

    ``figure`` says how it moved, where it did; it is empty of a rating, which is the status.
    """

    title: str
    kpi: str
    unit: str
    verdict: object
    figure: str
    back_url: str


@access(GET={Role.LEADER}, POST={Role.LEADER})
def say(request, trust, pk):
    """Say for the trust why a result is what it is, and what happens next."""
    with undisturbed(request):
        _, kpi = read_kpi(request, trust, pk)
        return _said(request, kpi, trust.own_unit, Comment, CommentForm)


@access(GET={Role.HEADTEACHER}, POST={Role.HEADTEACHER})
def answer_back(request, trust, pk):
    """Reply to a status of one's own school, which the address names."""
    with undisturbed(request):
        _, kpi = read_kpi(request, trust, pk, request.GET)
        if kpi.school is None:
            return redirect(kpi.addresses.kpi(pk))
        unit = Unit.objects.get(pk=kpi.school.id)
        if not request.memberships.holds(Role.HEADTEACHER, unit):
            raise Http404
        return _said(request, kpi, unit, Reply, ReplyForm)


def _said(request, kpi, unit, model, kind):
    """The form, what is wrong with it, or back to the KPI with what was said."""
    node = Node.objects.get(pk=kpi.promise.id)
    seen = said_of(model, node, unit, request.term)
    form = kind(request.POST if request.method == "POST" else None, said=seen)
    back_url = kpi.addresses.kpi(node.pk, school=kpi.school.code if kpi.school else None)
    status = 200
    if form.is_bound and form.data.get("seen") != fingerprint(seen):
        form.add_error(None, form.meanwhile(seen))
        form.show_again(fingerprint(seen))
        status = 409
    elif form.is_valid():
        _write(request, node, unit, form, seen)
        messages.success(request, "Saved." if any(form.texts) else "Taken back.")
        return redirect(back_url)
    elif form.is_bound:
        status = 422
    page = {"saying": _saying(kpi, back_url), "form": form}
    page["breadcrumbs"] = [*kpi.breadcrumbs(), (kpi.branch.title, back_url)]
    return render(request, "dashboard/say.html", page, status=status)


def _write(request, node, unit, form, seen):
    about = {"seen": seen, "memberships": request.memberships}
    if isinstance(form, ReplyForm):
        reply(node, unit, request.term, text=form.texts[0], **about)
    else:
        comment(node, request.term, why=form.texts[0], what_next=form.texts[1], **about)


def _saying(kpi, back_url):
    result = kpi.result()
    figure = kpi.moved(kpi.unit.id) or written_figure(result) or ""
    return Saying(
        title=REPLY if kpi.school else COMMENT,
        kpi=kpi.branch.title,
        unit=kpi.unit.name,
        verdict=result.verdict,
        figure="" if figure == result.verdict.status.words else figure,
        back_url=back_url,
    )
