"""What the frame round every page shows: the trust, its main links, the term."""

from django.urls import resolve, reverse

from .access import TABLE, name_of

# In the order of the header; who may open a page sees its link.
MAIN_LINKS = [
    ("Dashboard", "dashboard:matrix"),
    ("Plan", "dashboard:plan"),
    ("Returns", "returns:return-list"),
    ("People", "schools:people"),
]


def frame(request):
    """Nothing outside a trust: signing in, choosing a trust, pages not found."""
    if not hasattr(request, "trust"):
        return {}
    chosen = getattr(request, "term", None)
    return {
        "trust": request.trust,
        "other_trusts": request.other_trusts,
        "nav": list(_links(request, chosen)),
        "term": chosen,
        "terms": getattr(request, "terms", []),
    }


def _links(request, chosen):
    query = f"?term={chosen.slug}" if chosen else ""
    for label, page in MAIN_LINKS:
        path = reverse(page, args=[request.trust])
        row = TABLE.get(name_of(resolve(path).func), {})
        if request.memberships.has(*row.get("GET", ())):
            yield label, path + query, _section(page) == _section(request.resolver_match.view_name)


def _section(page):
    """The pages of one thing share a link: returns:return-edit is among the returns."""
    return page.partition("-")[0]
