"""What the frame round every page shows: the trust, its main links, the term."""

from django.urls import resolve, reverse

from .access import TABLE, name_of
from .models import Role

# What the list of schools is called by whoever has one school and sees no other.
OWN_SCHOOL = "Your school"

# In the order of the header; who may open a page sees its link.
MAIN_LINKS = [
    ("Dashboard", "dashboard:matrix"),
    ("Plan", "dashboard:plan"),
    ("Schools", "dashboard:schools"),
    ("Returns", "returns:return-list"),
    ("Results", "reports:results"),
    ("Reports", "reports:report-list"),
    ("People", "schools:people"),
    ("History", "dashboard:trail"),
]

# What has another name than the list that it is opened from.
WITHIN = {
    "returns:spreadsheet": "returns:return",
    "returns:upload": "returns:return",
    "dashboard:school": "dashboard:schools",
}


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
        "may_reopen": request.memberships.has(Role.DATA_MANAGER),
    }


def _links(request, chosen):
    query = f"?term={chosen.slug}" if chosen else ""
    for label, page in MAIN_LINKS:
        path = reverse(page, args=[request.trust])
        row = TABLE.get(name_of(resolve(path).func), {})
        if request.memberships.has(*row.get("GET", ())):
            is_here = _section(page) == _section(request.resolver_match.view_name)
            yield _label(request.memberships, label), path + query, is_here


def _label(memberships, label):
    """The list of schools leads whoever has one school straight to it."""
    has_one = not memberships.sees_all and len(memberships.unit_ids) == 1
    return OWN_SCHOOL if label == "Schools" and has_one else label


def _section(page):
    """The pages of one thing share a link: returns:return-edit is among the returns."""
    section = page.partition("-")[0]
    return WITHIN.get(section, section)
