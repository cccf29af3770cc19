"""The page on which the data manager runs the collecting of a term."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.access import access
from schools.models import Deadline, Role, Unit
from schools.terms import choose_term

from ..asked.asking import Asking
from ..crumbs import list_crumb
from ..grid.rows import moment_words
from ..grid.sheet import day_words
from ..models import Return
from .forms import CloseForm, DatesForm, DeadlineForm, at_five
from .opening import open_returns
from .terms import close, late_for_good, move_deadline, set_dates, waiting

READ = {Role.DATA_MANAGER, Role.LEADER, Role.AUDITOR}


@access(GET=READ, POST={Role.DATA_MANAGER})
def collect(request, trust):
    """Say when a term's returns open and are due, who has longer, and that it is over."""
    term = choose_term(request, to_come=True)
    if term is None:
        raise Http404
    has_opened = term.opens <= timezone.localdate()
    if has_opened:
        open_returns(Asking(term, request.calendar))
    late = list(late_for_good(term))
    forms = _forms(request, term, late)
    asked = request.POST.get("do")
    if asked in forms and forms[asked].is_valid():
        messages.success(request, ACTIONS[asked](request, term, forms[asked].cleaned_data))
        return redirect(_address(request, term))
    page = {
        "about": term,
        "has_opened": has_opened,
        "to_come": _to_come(request, term),
        "forms": forms,
        "asked": forms.get(asked),
        "late": [str(each.unit) for each in late],
        "waiting": [(str(each.unit), _approve_url(request, each)) for each in waiting(term)],
        "closed": term.closed_at and moment_words(term.closed_at),
        "opens": day_words(term.opens),
        "due": moment_words(term.due, weekday=True),
        "deadlines": _deadlines(term),
        "may_set_up": request.memberships.has(Role.DATA_MANAGER),
        "may_change": request.memberships.has(Role.DATA_MANAGER) and term.closed_at is None,
        "breadcrumbs": [list_crumb(trust, term if has_opened else None)],
    }
    status = 422 if asked in forms else 200
    return render(request, "returns/collect.html", page, status=status)


def _forms(request, term, late):
    """The three forms; what was posted stands in the one that was used."""
    posted = request.POST.get("do")

    def data(name):
        return request.POST if posted == name else None

    dates = {"opens": term.opens, "due": term.due_day()}
    units = Unit.objects.filter(pk__in=Return.objects.for_term(term).values("unit"))
    return {
        "dates": DatesForm(data("dates"), initial=dates),
        "deadline": DeadlineForm(data("deadline"), units=units.order_by("name"), prefix="own"),
        "close": CloseForm(data("close"), term=term, late=len(late)),
    }


def _set_dates(request, term, said):
    set_dates(term, opens=said["opens"], due=at_five(said["due"]), **_who(request))
    return f"The {term} returns open on {day_words(said['opens'])}, due {day_words(said['due'])}."


def _move(request, term, said):
    unit, due = said["unit"], at_five(said["due"])
    move_deadline(term, unit, due=due, reason=said["reason"], **_who(request))
    return f"{unit} has until {moment_words(due, weekday=True)}."


def _close(request, term, said):
    close(term, **_who(request))
    return f"{term} is closed. A line can still be reopened."


ACTIONS = {"dates": _set_dates, "deadline": _move, "close": _close}


def _who(request):
    return {"memberships": request.memberships, "at": timezone.now()}


def _deadlines(term):
    """Who has longer: (school, until when, why)."""
    own = Deadline.objects.filter(term=term).select_related("unit").order_by("unit__name")
    return [(str(one.unit), moment_words(one.due, weekday=True), one.reason) for one in own]


def _approve_url(request, return_):
    return reverse("returns:return-approve", args=[request.trust, return_.pk])


def _address(request, term):
    return reverse("returns:collect", args=[request.trust], query={"term": term.slug})


def _to_come(request, chosen):
    """The terms that have not opened, soonest first, but for the one that the page is about."""
    today = timezone.localdate()
    terms = [term for term in reversed(request.calendar) if term.opens > today and term != chosen]
    return [
        (str(term), _address(request, term), day_words(term.opens), moment_words(term.due))
        for term in terms
    ]
