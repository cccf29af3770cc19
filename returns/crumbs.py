"""The way back to the returns of a term."""

from django.urls import reverse


def list_crumb(trust, term):
    """The list of a term's returns; where the trust has no term, just the returns."""
    query = {"term": term.slug} if term else {}
    words = f"{term} returns" if term else "Returns"
    return words, reverse("returns:return-list", args=[trust], query=query)
