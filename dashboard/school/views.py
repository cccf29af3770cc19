"""The pages of schools: one on a page, all in a list, some side by side."""

from functools import partial

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from kpis import facts
from kpis.rag.judging import judge_all
from schools.access import access
from schools.terms import choose_term

from ..addresses import Addresses
from ..exports.answer import page_or_file, sight_of
from ..exports.schools import compare_book, list_book, school_book
from ..matrix.grid import nothing_to_judge
from ..matrix.views import READERS
from ..small_numbers import SmallNumbers
from .comparing import Comparing, Unknown, choose, problem_of, refused
from .page import Hidden, SchoolReader, find_school, judged_for
from .schools_list import SchoolList, list_schools


@access(GET=READERS)
def schools(request, trust):
    """How does each school stand, who has sent, and which shall be compared?"""
    term = choose_term(request)
    read = _read(request, trust, term)
    if read is None:
        page = SchoolList("Schools", "", empty=nothing_to_judge(term))
        return page_or_file(request, "dashboard/schools.html", {"schools": page})

    sight, addresses = sight_of(request), _addresses(trust, term)
    only = _only_school(read.given, sight)
    if only is not None:
        return redirect(addresses.school(only.code))
    page = _list(read, sight, term, addresses, request.GET.get("phase", ""))
    book = partial(list_book, page)
    return page_or_file(request, "dashboard/schools.html", {"schools": page}, book)


@access(GET=READERS)
def school_page(request, trust, code):
    """How is this school doing against the plan?"""
    term = choose_term(request)
    read = _read(request, trust, term)
    if read is None:
        raise Http404
    sight, addresses = sight_of(request), _addresses(trust, term)
    try:
        school = find_school(read.given, sight, code)
    except Hidden:
        raise Http404 from None
    judged = judged_for(judge_all(read.given), SmallNumbers(read.given, sight))
    page = SchoolReader(read, school, sight, addresses).page(judged, term, request.memberships)
    crumbs = [] if _only_school(read.given, sight) else [("Schools", addresses.schools())]
    context = {"school": page, "breadcrumbs": crumbs}
    book = None if page.empty else partial(school_book, page, school.code)
    return page_or_file(request, "dashboard/school.html", context, book)


@access(GET=READERS)
def compare(request, trust):
    """How do some schools stand beside each other?"""
    term = choose_term(request)
    read = _read(request, trust, term)
    if read is None:
        raise Http404
    sight, addresses = sight_of(request), _addresses(trust, term)
    try:
        chosen = choose(read.given, sight, request.GET.getlist("school"))
    except Unknown:
        raise Http404 from None
    context, book = {"breadcrumbs": [("Schools", addresses.schools())]}, None
    if problem := problem_of(chosen):
        context["compare"] = refused(str(term), problem)
        context["schools"] = _list(read, sight, term, addresses, chosen=chosen)
    else:
        judged = judged_for(judge_all(read.given), SmallNumbers(read.given, sight))
        context["compare"] = Comparing(read, chosen, addresses).page(judged)
        book = partial(compare_book, context["compare"])
    return page_or_file(request, "dashboard/compare.html", context, book)


def _read(request, trust, term):
    """The facts of the page; None without a plan or a term."""
    in_force = term and facts.plan_for(term)
    if not in_force:
        return None
    return facts.read(trust, in_force, term, timezone.localdate(), terms=request.calendar)


def _addresses(trust, term):
    return Addresses(trust.slug, term.slug, page="dashboard:schools")


def _only_school(given, sight):
    """The one school of somebody who has no other; None for everybody else."""
    if sight.sees_all:
        return None
    units = given.units.values()
    mine = [unit for unit in units if unit.kind == "school" and unit.id in sight.schools]
    return mine[0] if len(mine) == 1 else None


def _list(read, sight, term, addresses, phase="", chosen=()):
    small, today = SmallNumbers(read.given, sight), timezone.localdate()
    judged = judge_all(read.given)
    codes = frozenset(unit.code for unit in chosen)
    return list_schools(read, judged, small, sight, term, today, addresses, phase, codes)
