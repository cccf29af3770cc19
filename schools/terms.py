"""The term in the address: one collecting term for all pages of a trust."""

from django.http import Http404
from django.utils import timezone

from .models import Term


def choose_term(request, *, to_come=False):
    """The term that the page is about: ``?term=2025-autumn``, else the latest opened.

    A term that has not opened, or never was, is not found. None if the trust
    has opened none yet. The frame offers the terms to choose from; the whole
    calendar, with terms to come, is kept for what counts days.

    ``to_come`` is for the page that says when terms open: it is about any of
    them, and about the next where none has opened yet. Links of the frame lead
    to other pages, so a term to come is not the one that they are about.
    """
    today = timezone.localdate()
    request.calendar = list(Term.objects.select_related("period__year").order_by("-period__on"))
    opened = [term for term in request.calendar if term.opens <= today]
    choice = request.calendar if to_come else opened
    slug = request.GET.get("term")
    if slug:
        term = next((term for term in choice if term.slug == slug), None)
        if term is None:
            raise Http404
    else:
        term = opened[0] if opened else next(reversed(choice), None)
    is_to_come = term is not None and term not in opened
    request.terms = [term, *opened] if is_to_come else opened
    request.term = None if is_to_come else term
    return term
