"""The KPI page, the history of its figures, and its chart as files."""

from functools import partial

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from kpis import facts
from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from ..addresses import Addresses
from ..exports import as_csv
from ..exports.answer import page_or_file, wanted
from ..exports.kpi import chart_table, history_book, kpi_book
from ..sight import Sight
from .asked import Asked, Hidden
from .history import History, read_trail
from .history_page import HistoryPage
from .line_svg import as_file
from .page import KpiReader
from .related import read_related

FIGURES = {
    Role.LEADER,
    Role.DATA_MANAGER,
    Role.AUDITOR,
    Role.HEADTEACHER,
    Role.SCHOOL_EDITOR,
    Role.CONTRIBUTOR,
}


@access(GET=FIGURES)
def kpi_page(request, trust, pk):
    """What is happening with this KPI, why, and what are we doing?"""
    kpi = _opened(KpiReader, request, trust, pk, in_file=bool(wanted(request)))
    page = kpi.page(read_related(pk))
    context = {"kpi": page, "breadcrumbs": kpi.breadcrumbs()}
    return page_or_file(request, "dashboard/kpi.html", context, partial(kpi_book, page))


@access(GET=FIGURES)
def kpi_history(request, trust, pk):
    """Every figure: what was answered, by whom it was typed, sent and approved."""
    kpi = _opened(Asked, request, trust, pk, in_file=bool(wanted(request)))
    trail = read_trail(kpi.measures)
    history = History(kpi.facts, request.calendar, kpi.sight, kpi.promise, trail)
    page = HistoryPage(kpi, history, request.GET)
    if not page.is_there:
        raise Http404
    context = {"kpi": kpi.branch, "page": page.arranged(), "breadcrumbs": kpi.breadcrumbs()}
    book = partial(history_book, page, kpi)
    return page_or_file(request, "dashboard/kpi_history.html", context, book)


@access(GET=FIGURES)
def kpi_picture(request, trust, pk):
    """The server's chart as a picture that can stand anywhere: its colours are in it."""
    kpi, chart = _chart(request, trust, pk)
    body = as_file(chart.drawing, f"{kpi.branch.title}. {chart.title}", chart.note, chart.remarks)
    return _file(request, body, "image/svg+xml", kpi, "svg")


@access(GET=FIGURES)
def kpi_figures(request, trust, pk):
    """The same chart as a table."""
    kpi, chart = _chart(request, trust, pk)
    body = as_csv.written(chart_table(chart.heads, chart.table))
    return _file(request, body, "text/csv; charset=utf-8", kpi, "csv")


def _opened(reader, request, trust, pk, *, in_file=False):
    """The KPI as this person may read it; not found where it is not there or not for them."""
    term = choose_term(request)
    in_force = term and facts.plan_for(term)
    if not in_force:
        raise Http404
    today, sight = timezone.localdate(), Sight.of(request.memberships, in_file=in_file)
    try:
        read = facts.read(trust, in_force, term, today, terms=request.calendar, node=pk)
        return reader(read, pk, sight, request.GET, Addresses(trust.slug, term.slug))
    except (facts.NotInPlan, Hidden):
        raise Http404 from None


def _chart(request, trust, pk):
    """What goes into a file leaves the house: small numbers are hidden in it."""
    kpi = _opened(KpiReader, request, trust, pk, in_file=True)
    past = kpi.past()
    chart = past and kpi.chart(past)
    if chart is None or chart.drawing is None:
        raise Http404
    return kpi, chart


def _file(request, body, kind, kpi, ending):
    name = slugify(f"{kpi.branch.code} {kpi.branch.title} {request.term.slug}")
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
