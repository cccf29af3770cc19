"""Making the returns of a term: whoever looks first makes those that are not there yet."""

from priorities.models import Plan

from ..life.handing import carry_on
from ..models import Return


def open_returns(asking):
    """The returns of a term, with those that nobody has opened yet. Safe to call twice.

    A term before the first plan is filled from records, unit by unit.
    """
    term = asking.term
    there = set(Return.objects.for_term(term).values_list("unit_id", flat=True))
    owing = {asking.returning(asked) for asked in asking.every} - there
    if owing and Plan.objects.filter(archived_at=None, starts__lte=term.ends).exists():
        asking.keep_periods()
        Return.objects.bulk_create(
            [Return(unit_id=unit, term=term) for unit in sorted(owing)], ignore_conflicts=True
        )
        new = Return.objects.for_term(term).filter(unit__in=owing).select_related("unit", "term")
        carry_on(asking, list(new))
