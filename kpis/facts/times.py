"""When: a trust's terms, and the periods that its figures are about."""

from datetime import timedelta
from functools import cache, lru_cache
from operator import attrgetter

from django.utils import timezone

from kpis.rag import given
from schools.calendar import nominal_end
from schools.models import AcademicYear, Basis, Part, Period


@cache
def period_columns(name):
    """What has to be read of a period to make one: the columns of a foreign key."""
    return tuple(f"{name}__{column}" for column in ("pk", "basis", "year_id", "part", "on"))


@cache
def _columns_of(name):
    return attrgetter(*period_columns(name))


class Calendar:
    """The terms of one trust in their order, and every period by its days.

    A period is made once, however many figures are about it: ``of`` and ``at``
    answer from what they have made before.
    """

    def __init__(self, terms):
        self.terms = sorted(terms, key=lambda term: term.period.index)
        self.days = {term.period.index: (term.starts, term.ends) for term in self.terms}
        self.index_of = {term.pk: term.period.index for term in self.terms}
        history = [term.period.index for term in self.terms if term.is_history]
        self.collected_from = max(history) + 1 if history else 0
        self._periods = {}

    def of(self, row, name):
        """The period that a row of named columns has under ``name``, or None."""
        return self.at(*_columns_of(name)(row))

    def at(self, pk, basis, year, part, on):
        """The period with this number, made from its columns; None for no number."""
        if pk is None:
            return None
        if pk not in self._periods:
            self._periods[pk] = self.made(basis, year, part, on)
        return self._periods[pk]

    def ending(self, index, basis):
        """The period of a basis in which a term falls, by the term's index.

        Of a term or the year to date it is the one that ends with the term.
        """
        year, part = divmod(index, 3)
        whole_year = basis in (Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR)
        part = Part.SUMMER if whole_year else Part(part + 1)
        return self.made(basis, year, part, nominal_end(year, part))

    def collecting(self, term, today):
        """The chosen term, judged as at its cut-off."""
        following = next((t for t in self.terms if t.period.index > term.period.index), None)
        last = following.opens - timedelta(days=1) if following else today
        return given.CollectingTerm(
            period=self.made(Basis.TERM, term.period.year_id, term.period.part, term.period.on),
            due=timezone.localdate(term.due),
            as_at=min(last, today),
            collected_from=self.collected_from,
            is_closed=term.closed_at is not None,
        )

    def up_to(self, term, today):
        """Each collecting term up to the chosen one, by its index."""
        last = term.period.index
        return {
            earlier.period.index: self.collecting(earlier, today)
            for earlier in self.terms
            if earlier.period.index <= last
        }

    def made(self, basis, year, part, on):
        """A period as the rules know it, by this trust's own days."""
        starts, name = _nominal(basis, year, part, on)
        first = self.days.get(year * 3 if basis == Basis.YEAR_TO_DATE else year * 3 + part - 1)
        last = self.days.get(year * 3 + part - 1)
        is_of_terms = basis in (Basis.TERM, Basis.YEAR_TO_DATE)
        return given.Period(
            basis=given.Basis(basis),
            year=year,
            part=int(part),
            starts=first[0] if is_of_terms and first else starts,
            ends=last[1] if is_of_terms and last else on,
            name=name,
        )


@lru_cache(maxsize=4096)
def _nominal(basis, year, part, on):
    """The first day and the name of a period, whichever trust asks."""
    # The year is made too: its name would cost a query.
    period = Period(basis=basis, year=AcademicYear(starts_in=year), part=part, on=on)
    # A year to date that has come to its end is the whole year.
    is_whole = basis == Basis.YEAR_TO_DATE and part == Part.SUMMER
    return period.starts, str(period.year) if is_whole else str(period)
