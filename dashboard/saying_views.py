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

from .answering import read_kpi
from .cells import written_figure
from .forms import CommentForm, ReplyForm, fingerprint

SPEAKERS = {Role.LEADER, Role.HEADTEACHER}


@dataclass(frozen=True, slots=True)
class Saying:
    """What the page is about: whose result, and how it stands beside the words."""

    title: str
    kpi: str
    unit: str
    verdict: object
    figure: str
    moved: str
    back_url: str


@access(GET=SPEAKERS, POST=SPEAKERS)
def say(request, trust, pk):
    """Say why a result is what it is and what happens next, or reply to it for one's school."""
    _, kpi = read_kpi(request, trust, pk, request.GET)
    unit = _speaks_for(request, kpi)
    node, is_reply = Node.objects.get(pk=pk), kpi.school is not None
    model, kind = (Reply, ReplyForm) if is_reply else (Comment, CommentForm)
    seen = said_of(model, node, unit, request.term)
    form = kind(request.POST if request.method == "POST" else None, said=seen)
    back_url = kpi.addresses.kpi(pk, school=kpi.school.code if is_reply else None)
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
    page = {"saying": _saying(kpi, is_reply, back_url), "form": form}
    page["breadcrumbs"] = [*kpi.breadcrumbs(), (kpi.branch.title, back_url)]
    return render(request, "dashboard/say.html", page, status=status)


def _speaks_for(request, kpi):
    """The unit whose result it is: a leader speaks for the trust, a head for their school."""
    unit = Unit.objects.get(pk=kpi.unit.id)
    role = Role.LEADER if kpi.school is None else Role.HEADTEACHER
    if not request.memberships.holds(role, unit):
        raise Http404
    return unit


def _write(request, node, unit, form, seen):
    about = {"seen": seen, "memberships": request.memberships}
    if isinstance(form, ReplyForm):
        reply(node, unit, request.term, text=form.texts[0], **about)
    else:
        comment(node, request.term, why=form.texts[0], what_next=form.texts[1], **about)


def _saying(kpi, is_reply, back_url):
    result = kpi.result()
    return Saying(
        title="Reply to this status" if is_reply else "Comment for the trust",
        kpi=kpi.branch.title,
        unit=kpi.unit.name,
        verdict=result.verdict,
        figure=written_figure(result) or "",
        moved=kpi.moved(kpi.unit.id),
        back_url=back_url,
    )
