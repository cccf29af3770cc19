"""What the tests of the KPI page share: its address, its KPI, a house with figures."""

from django.urls import reverse

from kpis.models import PupilGroup
from tests.factories import make_entry, make_term

AUTUMNS = ("2023-autumn", "2024-autumn", "2025-autumn")


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


def the_kpi(trust):
    return the_plan(trust).nodes(manager="everywhere").get(role="kpi")


def everyone():
    return PupilGroup.objects.get(code="all")


def kpi_page(trust, term, kpi=None, page="kpi", **choices):
    kpi = kpi or the_kpi(trust)
    query = {"term": term.slug, **choices}
    return reverse(f"dashboard:{page}", args=[trust, kpi.pk], query=query)


def autumns_of(measure, school, trust, *values):
    """A figure in each autumn, up to 2025; None leaves one out."""
    for slug, value in zip(AUTUMNS[-len(values) :], values, strict=True):
        if value is not None:
            make_entry(measure, school, make_term(trust, slug), value)
