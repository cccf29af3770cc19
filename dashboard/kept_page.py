"""The dashboard as it was made for whoever asked first: kept until something changes.

The key has the versions of all that the page says: what is promised, what every
unit has sent, how far the returns of the term have come; and the term, the day
in London, what the person may see and what they have chosen.
"""

from django.db.models import Count, Sum
from django.template.loader import render_to_string
from django.utils import timezone

from kpis import facts
from returns.models import Return
from schools.compressed import Fragment

from .drawing import drawn
from .kept import Kept
from .sight import Sight
from .trust_page import look

AT_MOST = 64 * 1024 * 1024  # bytes in one process, text and compressed text together

PAGES = Kept(AT_MOST, weigh=lambda fragment: len(fragment.content) + len(fragment.blocks))


def fragment_of(request, trust, term, chosen):
    """The page inside its frame; of a trust without a plan or a term it is never kept."""
    if term is None:
        return _made(request, trust, term, chosen)[0]
    key = _key(request, trust, term, chosen)
    found = PAGES.get(key)
    if found is None:
        found, may_be_kept = _made(request, trust, term, chosen)
        if may_be_kept:
            PAGES.put(key, found)
    return found


def _key(request, trust, term, chosen):
    """Asked before the page is made: what changes meanwhile changes the next key."""
    versions = facts.read_versions(trust)
    sent = Return.objects.for_term(term).aggregate(count=Count("pk"), versions=Sum("version"))
    return (
        trust.pk,
        term.pk,
        timezone.localdate(),
        versions.promised,
        tuple(versions.units.items()),
        tuple(sent.values()),
        Sight.of(request.memberships),
        request.memberships.roles,
        chosen,
    )


def _made(request, trust, term, chosen):
    """The fragment, and whether it is all made of what its key names."""
    page = look(request, trust, term, chosen).page
    context = {"matrix": page, "drawn": drawn(page), "trust": trust, "term": term}
    text = render_to_string("dashboard/_matrix.html", context, request=None)
    return Fragment(text), bool(page.tabs)
