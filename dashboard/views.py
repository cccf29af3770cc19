"""The pages of the dashboard: fetch, judge, arrange, respond."""

from django.shortcuts import render

from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from .choices import choose
from .drawing import drawn
from .trust_page import look

READERS = {Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR, Role.HEADTEACHER, Role.SCHOOL_EDITOR}


@access(GET=READERS)
def trust_dashboard(request, trust):
    """Where are we off target, and is it getting worse?"""
    term = choose_term(request)
    page = look(request, trust, term, choose(request, trust)).page
    return render(request, "dashboard/matrix.html", {"matrix": page, "drawn": drawn(page)})
