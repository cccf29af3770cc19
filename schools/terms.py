"""The term in the address: one collecting term for all pages of a trust."""

from django.http import Http404
from django.utils import timezone

from .models import Term


def choose_term(request):
    """The term that the page is about: ``?term=2025-autumn``, else the latest opened.

    A term that has not opened, or never was, is not found. None if the trust
    has opened none yet. The frame offers the terms to choose from; the whole
    calendar, with terms to come, is kept for what counts days.
    """
    today = timezone.localdate()
    request.calendar = list(Term.objects.select_related("period__year").order_by("-period__on"))
    terms = [term for term in request.calendar if term.opens <= today]
    slug = request.GET.get("term")
    if slug:
        term = next((term for term in terms if term.slug == slug), None)
        if term is None:
            raise Http404
    else:
        term = terms[0] if terms else None
    request.terms, request.term = terms, term
    return term
