"""The pages of the dashboard: fetch, judge, arrange, respond."""

from django.template.loader import render_to_string

from schools.access import access
from schools.compressed import HERE, FramedResponse
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
    frame = render_to_string("dashboard/matrix.html", {"fragment": HERE}, request)
    return FramedResponse(frame, fragment)
