"""The dashboard as it was made for whoever asked first: kept until something changes.

The key has the versions of all that the page says: what is promised, what every
unit has sent, how far the returns of the term have come; and the term, the day
in London, what the person may see and what they have chosen. The rows of the
page are kept under all of that but what units have sent: those about which
nothing has been sent stand in the next page as they are.
"""

from django.template.loader import render_to_string
from django.utils import timezone

from kpis import facts
from schools.compressed import Fragment
from schools.kept import Kept

from ..sight import Sight
from .drawing import drawn
from .kept_rows import KeptRows
from .progress import read_beside
from .trust_page import look

AT_MOST = 64 * 1024 * 1024  # bytes in one process, text and compressed text together
CELLS_AT_MOST = 40_000  # in one process; one takes about a kilobyte

PAGES = Kept(AT_MOST, weigh=lambda fragment: len(fragment.content) + len(fragment.blocks))
ROWS = Kept(CELLS_AT_MOST, weigh=lambda rows: rows.cells)


def fragment_of(request, trust, term, chosen):
    """The page inside its frame; of a trust without a plan or a term it is never kept."""
    if term is None:
        return _made(request, trust, term, chosen)[0]
    # Asked before the page is made: what changes meanwhile changes the next key.
    versions, beside = facts.read_versions(trust), read_beside(term)
    view = _view(request, trust, term, chosen, versions, beside)
    key = view, tuple(versions.units.items()), beside.version
    found = PAGES.get(key)
    if found is None:
        rows = ROWS.get(view) or KeptRows()
        known = {"beside": beside, "versions": versions, "kept": rows}
        found, may_be_kept = _made(request, trust, term, chosen, **known)
        if may_be_kept:
            PAGES.put(key, found)
            ROWS.put(view, rows)
    return found


def _view(request, trust, term, chosen, versions, beside):
    """All that decides a page but what units have sent."""
    return (
        trust.pk,
        term.pk,
        timezone.localdate(),
        versions.promised,
        beside.told,
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
