"""The pages outside plans and figures: landing, people, and what went wrong."""

import sqlite3
import sys
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit, urlunsplit

from django.db import InterfaceError, OperationalError
from django.http import HttpResponseNotAllowed, HttpResponseNotFound, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .access import EVERYBODY, access
from .models import Membership, Role, Trust

# What a database raises that is away, and its word for a full disk.
AWAY = (OperationalError, InterfaceError)
POSTGRESQL_FULL = "53100"
RETRY_AFTER = "10"

# Where each role's work is; who holds several lands on the more urgent one.
LANDINGS = [
    ({Role.DATA_MANAGER, Role.SCHOOL_EDITOR, Role.CONTRIBUTOR}, "returns:return-list"),
    ({Role.HEADTEACHER}, "dashboard:schools"),
    ({Role.LEADER, Role.AUDITOR}, "dashboard:matrix"),
    ({Role.TRUSTEE}, "reports:report-latest"),
    ({Role.TRUST_ADMINISTRATOR}, "schools:people"),
]


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a trust, as its administrator lists them."""

    name: str
    email: str
    can_do: list
    last_signed_in: datetime | None
    active: bool


@require_safe
def home(request):
    """Send people to their trust, or let those who have several choose."""
    trusts = trusts_of(request.user)
    if len(trusts) == 1:
        return redirect("schools:landing", trusts[0])
    if not trusts and request.user.is_superuser:
        return redirect("admin:index")
    choices = [
        (trust.name, reverse("schools:landing", args=[trust]), roles_in(trust, request.user))
        for trust in trusts
    ]
    return render(request, "schools/choose_trust.html", {"trusts": choices})


@access(GET=EVERYBODY)
def landing(request, trust):
    """Send each role to its own work."""
    page = next(page for roles, page in LANDINGS if request.memberships.has(*roles))
    return redirect(page, trust)


@access(GET={Role.TRUST_ADMINISTRATOR})
def people(request, trust):
    """Who can see and change what, in this trust."""
    memberships = (
        Membership.objects.select_related("user")
        .prefetch_related("units", "offices")
        .order_by("user__name", "user__email", "role")
    )
    rows = [
        person(user, list(theirs))
        for user, theirs in groupby(memberships, key=lambda membership: membership.user)
    ]
    return render(request, "schools/people.html", {"people": rows})


def person(user, memberships):
    """The row of one person, from all that they have or had in a trust."""
    current = [membership for membership in memberships if membership.ended_at is None]
    return Person(
        name=user.name,
        email=user.email,
        can_do=[can_do(membership) for membership in current],
        last_signed_in=user.last_login,
        active=user.is_active and bool(current),
    )


def can_do(membership):
    """A role and where it is held: School editor: Ashdale CE Primary."""
    role = membership.get_role_display()
    if membership.role == Role.TRUSTEE:
        return f"{role}: published reports, never live figures"
    places = [*membership.units.all(), *membership.offices.all()]
    return f"{role}: {', '.join(map(str, places))}" if places else role


def roles_in(trust, user):
    """The roles of one person in one trust, in words."""
    mine = Membership.everywhere.current().filter(user=user, trust=trust)
    return ", ".join(membership.get_role_display() for membership in mine)


def trusts_of(user):
    """The trusts in which somebody may do anything now, by name."""
    mine = Membership.everywhere.current().filter(user=user)
    return list(Trust.objects.filter(pk__in=mine.values("trust")))


def not_found(request, exception=None):
    """One page for what does not exist and for what is not yours, byte for byte.

    It is written without the request, so that nothing in it can tell the two
    apart: it knows who asks, never what was asked for.
    """
    page = {"trusts": trusts_of_who_asks(request)}
    return HttpResponseNotFound(render_to_string("404.html", page))


def broken(request):
    """Something of ours went wrong, perhaps the database: nothing is asked of it here.

    If it is the database that does not answer or has no room left, 503 says
    when to try again: a page that saves by itself does.
    """
    no_database = sys.exception() if isinstance(sys.exception(), AWAY) else None
    page = {
        "trust": getattr(request, "trust", None),
        "when": timezone.localtime(),
        "again": request.get_full_path() if request.method == "GET" else "",
        "away": no_database is not None,
        "full": is_full(no_database),
    }
    answer = HttpResponseServerError(render_to_string("500.html", page))
    if no_database is not None:
        answer.status_code = 503
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def is_full(error):
    """Whether a database says that its disk is full: SQLite and PostgreSQL each in their way."""
    why = getattr(error, "__cause__", None)
    return (
        getattr(why, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(why, "sqlstate", None) == POSTGRESQL_FULL
    )


def trusts_of_who_asks(request):
    """The trusts of somebody who has signed in: each names whom to ask."""
    user = getattr(request, "user", None)
    return trusts_of(user) if user and user.is_authenticated else []


def problem(request, status, title, sentence, again=""):
    """A page that says what went wrong, what to do next and whom to ask.

    ``again`` is the page to open once more, if there is one.
    """
    trust = getattr(request, "trust", None)
    page = {
        "title": title,
        "sentence": sentence,
        "status": status,
        "again": again,
        "trusts": [trust] if trust else trusts_of_who_asks(request),
    }
    return render(request, "problem.html", page, status=status)


def refused(request, why):
    """What an action says when it will not do what was asked."""
    return problem(request, 409, "That was not done", str(why), again=page_before(request))


def page_before(request):
    """The page of ours on which the button was; "" where the browser does not say."""
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return ""
    return urlunsplit(("", "", f"/{before.path.lstrip('/')}", before.query, ""))


def not_allowed(request, methods):
    """The page exists, but not for what was asked of it."""
    page = problem(
        request,
        405,
        "This page cannot be opened like that",
        "Go back and use the page's own buttons.",
    )
    page.headers["Allow"] = HttpResponseNotAllowed(sorted(methods)).headers["Allow"]
    return page


def form_expired(request, reason=""):
    """The form was sent without its token: from another site, or after signing in again."""
    return problem(
        request,
        403,
        "This form has expired",
        "Nothing was changed. Go back, copy what you have typed, reload the page and send it"
        " again.",
    )


def too_many(request):
    """Somebody asks more often than a person would."""
    return problem(request, 429, "Too many tries", "Wait 15 minutes, then try again.")


def bad_request(request, exception=None):
    """The browser sent something that no page of ours would make it send."""
    return problem(
        request, 400, "That could not be read", "Go back, reload the page and try again."
    )
