"""What the data manager does from the board: reminds the late ones, approves several."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from schools.access import access
from schools.models import Role
from schools.refused import Refused
from schools.terms import choose_term

from ..asked.asking import Asking
from ..collecting.opening import open_returns
from ..crumbs import list_crumb
from ..life.approving import approve
from .forms import ApproveSeveralForm, RemindForm
from .listing import Empty, returns_seen
from .owing import Owing
from .page import Board, board_of
from .reminding import letters_for, remind, to_remind


def board(request, term):
    """The page of the board; opens the returns that nobody has opened yet."""
    if term is None:
        empty = Empty("No term has opened yet, so there is nothing to collect.")
        page = Board(heading="Returns", title="Returns", empty=empty)
    else:
        asking = Asking(term, request.calendar)
        open_returns(asking)
        now = timezone.now()
        today = timezone.localdate(now)
        page = board_of(asking, request.memberships, now, today, request.GET.get("show", ""))
    return render(request, "returns/board.html", {"board": page})


@access(GET={Role.DATA_MANAGER}, POST={Role.DATA_MANAGER})
def remind_late(request, trust):
    """Every mail that would go, before it goes; posted, those that were shown and are still due."""
    term, now = choose_term(request), timezone.now()
    letters, nobody = _letters(request, term, now) if term else ([], [])
    form = RemindForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = form.chosen(letters)
        sent = remind(chosen, trust=trust, at=now, memberships=request.memberships)
        messages.success(request, _sent_words(len(sent)))
        return redirect(_board(request, term))
    waiting = [letter for letter in letters if not letter.sent_at]
    page = {
        "term": term,
        "waiting": waiting,
        "done": [letter for letter in letters if letter.sent_at],
        "nobody": nobody,
        "form": form,
        "breadcrumbs": [list_crumb(trust, term)],
    }
    return render(request, "returns/remind.html", page, status=422 if form.errors else 200)


def _sent_words(count):
    if not count:
        return "Nobody was reminded: those who are late have had an e-mail today already."
    return f"{count} e-mail{' is' if count == 1 else 's are'} on the way."


def _letters(request, term, now):
    """The mails about what is late now, and the names of units that nobody can be written to."""
    asking = Asking(term, request.calendar)
    open_returns(asking)
    returns = list(returns_seen(term, request.memberships, None))
    late = to_remind(returns, now)
    owing = Owing(asking, late, timezone.localdate(now))
    letters = letters_for(late, owing, trust=request.trust, now=now)
    return letters, [str(each.unit) for each in late if not owing.contacts(each)]


@access(POST={Role.DATA_MANAGER})
def approve_several(request, trust):
    """Approve the returns that were ticked, each by itself, at the version that was shown."""
    term, now = choose_term(request), timezone.now()
    if term is None:
        raise Http404
    if "pick" not in request.POST:
        messages.warning(request, "Tick the returns to approve first.")
        return redirect(_board(request, term))
    form = ApproveSeveralForm(request.POST)
    if not form.is_valid():
        raise Refused("Tick the returns to approve first.")
    approved, left = _approve_each(request, term, form.cleaned_data["pick"], now)
    if approved:
        messages.success(request, f"Approved: {', '.join(approved)}.")
    for words in left:
        messages.warning(request, words)
    return redirect(_board(request, term))


def _approve_each(request, term, picked, now):
    """The names of those approved, and for each of the others why it is not."""
    today = timezone.localdate(now)
    shown = board_of(Asking(term, request.calendar), request.memberships, now, today)
    queries = {one.number: one.queries for one in shown.rows}
    returns = {each.pk: each for each in returns_seen(term, request.memberships, None)}
    approved, left = [], []
    for pk, version in picked:
        return_ = returns.get(pk)
        if return_ is None:
            raise Http404
        try:
            if queries[pk]:
                raise Refused("It has open queries: read it, then approve it on its own page.")
            approve(return_, version=version, memberships=request.memberships, at=now)
            approved.append(str(return_.unit))
        except Refused as why:
            left.append(f"Not approved: {return_.unit}. {why}")
    return approved, left


def _board(request, term):
    return list_crumb(request.trust, term)[1]
