"""The files of the dashboard and of the list of returns; other pages answer with their own."""

from dataclasses import replace

from django.http import Http404
from django.utils import timezone

from returns.asking import Asking
from returns.listing import list_returns
from returns.views import return_list
from schools.access import TABLE, access, name_of
from schools.terms import choose_term

from .choices import Chosen
from .exports.answer import file_of, sight_of
from .exports.matrix import matrix_book
from .exports.returns import returns_book
from .trust_page import look
from .views import trust_dashboard


def as_for(view):
    """The row of another view in the access table, so that neither can change alone."""
    return access(**TABLE[name_of(view)])


@as_for(trust_dashboard)
def matrix_file(request, trust):
    """The dashboard with the choices of the address: all its pages, KPIs in the rows."""
    term = choose_term(request)
    chosen = replace(Chosen.read(request.GET), all=True, page=1, down="kpis")
    seen = look(request, trust, term, chosen, sight_of(request))
    if seen.facts is None:
        raise Http404
    return file_of(request, matrix_book(seen))


@as_for(return_list)
def returns_file(request, trust):
    """Who has sent and who is late; of a term whose returns nobody has opened, nothing."""
    term = choose_term(request)
    if term is None:
        raise Http404
    asking = Asking(term, request.calendar)
    listed = list_returns(asking, request.memberships, timezone.now(), timezone.localdate())
    return file_of(request, returns_book(listed))
