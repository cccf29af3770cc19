"""The addresses of the site, and an empty page: what any page costs before it says anything."""

from django.shortcuts import render
from django.urls import path

from schools.access import EVERYBODY, access
from schools.terms import choose_term
from trustplan.urls import handler400, handler404, handler429, urlpatterns

__all__ = ["handler400", "handler404", "handler429", "urlpatterns"]


@access(GET=EVERYBODY)
def empty_page(request, trust):
    """Session, person, roles, trust, term picker, header and footer, and nothing else."""
    choose_term(request)
    return render(request, "base.html")


urlpatterns = [*urlpatterns, path("t/<trust:trust>/empty/", empty_page, name="empty")]
