"""The dashboard as it was made for whoever asked first: kept until something changes.

The key has the versions of all that the page says: what is promised, what every
unit has sent, how far the returns of the term have come; and the term, the day
in London, what the person may see and what they have chosen.
"""

from django.template.loader import render_to_string
from django.utils import timezone

from kpis import facts
from schools.compressed import Fragment
from schools.kept import Kept

from .drawing import drawn
from .progress import read_beside
from .sight import Sight
from .trust_page import look

AT_MOST = 64 * 1024 * 1024  # bytes in one process, text and compressed text together

PAGES = Kept(AT_MOST, weigh=lambda fragment: len(fragment.content) + len(fragment.blocks))


def fragment_of(request, trust, term, chosen):
    """The page inside its frame; of a trust without a plan or a term it is never kept."""
    if term is None:
        return _made(request, trust, term, chosen)[0]
    # Asked before the page is made: what changes meanwhile changes the next key.
    versions, beside = facts.read_versions(trust), read_beside(term)
    key = _key(request, trust, term, chosen, versions, beside)
    found = PAGES.get(key)
    if found is None:
        found, may_be_kept = _made(request, trust, term, chosen, beside=beside, versions=versions)
        if may_be_kept:
            PAGES.put(key, found)
    return found


def _key(request, trust, term, chosen, versions, beside):
    return (
        trust.pk,
        term.pk,
        timezone.localdate(),
        versions.promised,
        tuple(versions.units.items()),
        beside.version,
        beside.said,
        Sight.of(request.memberships),
        request.memberships.roles,
        chosen,
    )


def _made(request, trust, term, chosen, **known):
    """The fragment, and whether it is all made of what its key names."""
    page = look(request, trust, term, chosen, **known).page
    context = {"matrix": page, "drawn": drawn(page), "trust": trust, "term": term}
    text = render_to_string("dashboard/_matrix.html", context, request=None)
    return Fragment(text), bool(page.tabs)
