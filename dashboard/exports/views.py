"""Files that no page has beside it: of the dashboard, of the returns, of a term's figures.

Other pages answer with their own.
"""

from dataclasses import replace

from django.http import Http404
from django.utils import timezone

from returns.asked.asking import Asking
from returns.board.listing import list_returns
from returns.board.page import board_of
from returns.models import Return
from returns.spreadsheets.long_shape import rows_out
from returns.views import SCHOOL, return_list
from schools.access import TABLE, access, name_of
from schools.models import Role
from schools.terms import choose_term

from ..matrix.choices import Chosen
from ..matrix.trust_page import look
from ..matrix.views import trust_dashboard
from .answer import file_of, sight_of
from .figures import figures_book
from .matrix import matrix_book
from .returns import board_book, returns_book


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
    asking, now = Asking(term, request.calendar), timezone.now()
    today = timezone.localdate(now)
    if request.memberships.has(Role.DATA_MANAGER):
        show = request.GET.get("show", "")
        return file_of(request, board_book(board_of(asking, request.memberships, now, today, show)))
    return file_of(request, returns_book(list_returns(asking, request.memberships, now, today)))


@access(GET=SCHOOL | {Role.DATA_MANAGER})
def figures_file(request, trust):
    """What counts of a term, in the shape in which figures come in: own schools', or all."""
    term = choose_term(request)
    if term is None:
        raise Http404
    returns = Return.objects.seen_by(request.memberships).for_term(term)
    if not request.memberships.has(Role.DATA_MANAGER):
        own = [one for one in returns.select_related("unit") if _is_own(one, request.memberships)]
        returns = Return.objects.filter(pk__in=[one.pk for one in own])
    return file_of(request, figures_book(term, rows_out(returns)))


def _is_own(return_, memberships):
    return not return_.is_the_trusts and return_.is_held_by(memberships, SCHOOL)
