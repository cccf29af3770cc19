"""What happens to every request: how long it may be kept, who asks, in which trust."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.http import url_has_allowed_host_and_scheme

from .access import PUBLIC, SIGNED_IN, TABLE, name_of
from .models import Membership, Memberships, Trust
from .refused import Refused
from .tenancy import inside
from .views import not_allowed, refused

# How long a session's last click may lag behind, so that reading does not write.
LAG = 60


def never_stored(get_response):
    """No page is kept by a browser or a proxy. Static files never come this far."""

    def middleware(request):
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def session_age(get_response):
    """End a session that has lasted too long in all; note that it is in use.

    That it has been idle too long is its own expiry, counted from the last save.
    """

    def middleware(request):
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("signed_in_at", now)
            if now - began > settings.SESSION_LONGEST_AGE:
                logout(request)
            elif now - request.session.get("seen_at", 0) > LAG:
                request.session["seen_at"] = now
        return get_response(request)

    return middleware


def page_to_come_back_to(request):
    """The page that was asked for; for what was sent too late, the page that sent it."""
    page = request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if request.method in ("GET", "HEAD") or not url_has_allowed_host_and_scheme(
        sent_from, {request.get_host()}
    ):
        return page
    return urlsplit(sent_from)._replace(scheme="", netloc="").geturl() or page


class AccessMiddleware:
    """Ask the table of pages and roles, and call the view inside its trust.

    What may not be seen is not found, whether it exists or not. The last
    middleware, because it calls the view itself: the trust is left again when
    the view has answered, whatever happens.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        page = request.resolver_match
        if page.view_name in PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(page_to_come_back_to(request))
        if "trust" in kwargs:
            return self.in_trust(request, view, **kwargs)
        if page.view_name in SIGNED_IN:
            return None
        if page.namespaces[:1] == ["admin"] and request.user.is_superuser:
            return None
        raise Http404

    def in_trust(self, request, view, trust, **rest):
        elsewhere = Membership.everywhere.current().filter(user=request.user)
        trust = (
            Trust.objects.filter(slug=trust)
            .annotate(one_of_several=Exists(elsewhere.exclude(trust=OuterRef("pk"))))
            .first()
        )
        if trust is None:
            raise Http404
        with inside(trust):
            return self.answer(request, view, trust, rest)

    def answer(self, request, view, trust, rest):
        memberships = Memberships(request.user, trust)
        row = TABLE.get(name_of(view), {})
        if not memberships.has(*frozenset().union(*row.values())):
            raise Http404

        method = "GET" if request.method == "HEAD" else request.method
        request.trust, request.memberships = trust, memberships
        request.other_trusts = trust.one_of_several
        if method not in row:
            return not_allowed(request, row)
        if not memberships.has(*row[method]):
            raise Http404
        try:
            return view(request, trust=trust, **rest)
        except Refused as why:
            return refused(request, why)
