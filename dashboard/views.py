"""The pages of the dashboard: fetch, judge, arrange, respond."""

from django.shortcuts import render

from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from .choices import choose
from .kept_page import fragment_of

READERS = {Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR, Role.HEADTEACHER, Role.SCHOOL_EDITOR}


@access(GET=READERS)
def trust_dashboard(request, trust):
    """Where are we off target, and is it getting worse?"""
    term = choose_term(request)
    fragment = fragment_of(request, trust, term, choose(request, trust))
    response = render(request, "dashboard/matrix.html", {"fragment": fragment})
    response.fragment = fragment
    return response
