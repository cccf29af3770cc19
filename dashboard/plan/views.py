"""The pages of the plan: fetch, judge where the person may see it, arrange, respond."""

from functools import partial

from django.utils import timezone

from kpis import facts
from kpis.coverage import read_coverage
from kpis.rag.judging import judge_all
from kpis.readiness import readiness
from schools.access import EVERYBODY, access
from schools.models import Role
from schools.terms import choose_term

from ..addresses import Addresses
from ..exports.answer import page_or_file, sight_of
from ..exports.plan import coverage_book, plan_book, readiness_book
from ..matrix.views import READERS
from ..small_numbers import SmallNumbers
from . import coverage
from . import page as plan
from . import readiness as lacking
from .details import read_details
from .published import published_standing
from .standing import Standing
from .tree import Tree

# Who is asked to mend it, and who looks over their shoulder.
MENDERS = {Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR}


@access(GET=EVERYBODY)
def plan_page(request, trust):
    """What are we trying to achieve, and is it working?"""
    term = choose_term(request)
    in_force = facts.plan_for(term)
    if not in_force:
        return page_or_file(request, "dashboard/plan.html", {"plan": plan.nothing()})

    today, sees = timezone.localdate(), request.memberships.has
    addresses, details = _addresses(trust, term), read_details(in_force)
    if term and sees(*READERS):
        read = facts.read(trust, in_force, term, today, terms=request.calendar)
        small = SmallNumbers(read.given, sight_of(request))
        judged = {one.promise.id: small.of(one) for one in judge_all(read.given)}
        standing = Standing(read, judged, small)
        tree, note = Tree(in_force, read.tree, details, addresses, standing), ""
    else:
        published = published_standing(in_force) if sees(Role.TRUSTEE) else None
        standing, note = published or (None, plan.UNPUBLISHED if sees(Role.TRUSTEE) else "")
        tree = Tree(in_force, facts.read_tree(in_force, term)[0], details, addresses, standing)
    view = "tree" if request.GET.get("view") == "tree" else "page"
    tabs = plan.tabs_of(addresses, view, readiness=sees(*MENDERS))
    page = plan.page_of(in_force, tree, addresses, request.GET, tabs=tabs, note=note, today=today)
    return page_or_file(request, "dashboard/plan.html", {"plan": page}, partial(plan_book, page))


@access(GET=EVERYBODY)
def plan_coverage(request, trust):
    """Which pillars and domains does the plan serve, and which does no KPI?"""
    term = choose_term(request)
    in_force = facts.plan_for(term)
    if not in_force:
        return page_or_file(request, "dashboard/coverage.html", {"coverage": coverage.nothing()})

    addresses, branches = _addresses(trust, term), facts.read_tree(in_force, term)[0]
    tree = Tree(in_force, branches, read_details(in_force), addresses)
    found = read_coverage(in_force, branches)
    tabs = plan.tabs_of(addresses, "coverage", readiness=request.memberships.has(*MENDERS))
    page = coverage.page_of(in_force, found, tree, tabs)
    book = partial(coverage_book, page)
    return page_or_file(request, "dashboard/coverage.html", {"coverage": page}, book)


@access(GET=MENDERS)
def plan_readiness(request, trust):
    """What does the plan lack before all of it can be judged, and where is it mended?"""
    term = choose_term(request)
    in_force = facts.plan_for(term)
    if not in_force:
        return page_or_file(request, "dashboard/readiness.html", {"readiness": lacking.nothing()})

    addresses = _addresses(trust, term)
    tabs = plan.tabs_of(addresses, "readiness", readiness=True)
    found = readiness(in_force, request.calendar)
    page = lacking.page_of(found, tabs, addresses)
    book = partial(readiness_book, page)
    return page_or_file(request, "dashboard/readiness.html", {"readiness": page}, book)


def _addresses(trust, term):
    return Addresses(trust.slug, term.slug if term else "", page="dashboard:plan")
