"""The page of a trust's history, and its files."""

from django.shortcuts import render
from django.urls import reverse

from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from ..exports.answer import file_of, files_of, sight_of
from ..exports.answer import wanted as file_wanted
from ..exports.trail import MOST, trail_book
from .page import Trail, Wanted, every, schools_to_choose


@access(GET={Role.DATA_MANAGER, Role.AUDITOR})
def trail(request, trust):
    """Who changed this, when, from what to what, and why?"""
    choose_term(request)
    wanted = Wanted.read(request.GET)
    if file_wanted(request):
        return file_of(request, trail_book(wanted, sight_of(request)))

    def address(**changes):
        return reverse("dashboard:trail", args=[trust], query=wanted.pairs(**changes))

    found = Trail(wanted, request.GET.get("page"), address)
    pages = {
        "older": address(**_batch(wanted), page=str(found.page.next_page_number()))
        if found.page.has_next()
        else "",
        "newer": address(**_batch(wanted), page=str(found.page.previous_page_number()))
        if found.page.has_previous()
        else "",
    }
    page = {
        "trail": found,
        "wanted": wanted,
        "kinds": found.kinds(),
        "schools": schools_to_choose(wanted.unit),
        "all_url": reverse("dashboard:trail", args=[trust]),
        "files": files_of(request),
        "most_in_files": f"{MOST:,}" if every(wanted)[MOST:].exists() else "",
        "may_copy": request.memberships.has(Role.DATA_MANAGER),
        **pages,
    }
    return render(request, "dashboard/trail.html", page)


def _batch(wanted):
    return {} if wanted.batch is None else {"batch": str(wanted.batch)}
