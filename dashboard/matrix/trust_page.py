"""The trust dashboard of one request: what is read, judged and arranged for it."""

from dataclasses import dataclass, replace

from django.utils import timezone

from kpis import facts
from kpis.facts import Facts

from ..addresses import Addresses, Link
from ..sight import Sight
from .across import Across
from .arranging import Arranging, nothing
from .comments import said_of
from .grid import Empty, Matrix
from .kept_facts import read_and_judged
from .kept_rows import KeptRows
from .progress import has_come_in, progress_of, read_beside
from .todo import todo_of


@dataclass(frozen=True, slots=True)
class Look:
    """One person's look at the dashboard: the page, and for files what it is made of.

    ``every`` KPI is judged as this person may see it.
    """

    page: Matrix
    facts: Facts | None = None
    sight: Sight | None = None
    every: tuple[Across, ...] = ()


def look(request, trust, term, chosen, sight=None, beside=None, versions=None, kept=None):
    """The dashboard as a person asks for it; for a file ``sight`` is that of a file.

    ``beside`` is what stands beside the term's figures, ``versions`` those of the
    facts and ``kept`` the rows that were made before, where the caller has them.
    """
    in_force = term and facts.plan_for(term)
    if not in_force:
        return Look(nothing(term))

    today = timezone.localdate()
    versions = versions or facts.read_versions(trust)
    read, judged, past = read_and_judged(trust, in_force, term, today, request.calendar, versions)
    sight = sight or Sight.of(request.memberships)
    addresses = Addresses(trust.slug, term.slug, choices=chosen.choices())
    beside = beside or read_beside(term)

    kept = kept or KeptRows()
    arranging = Arranging(read, judged, sight, chosen, addresses, past, beside, kept)
    page = arranging.matrix()
    late_url = addresses.here(show="late", page=None, open=None)
    page = replace(
        page,
        todo=todo_of(read, sight, request.memberships, term, page.tally, beside.returns, addresses),
        progress=progress_of(read, sight, term, page.late, late_url, beside.returns),
    )
    if not page.empty and not has_come_in(read.given):
        page = without_figures(page, term, request.terms, addresses)
    page = replace(page, said=said_of(page, read), downloads=_downloads(addresses))
    return Look(page, read, sight, tuple(arranging.every))


def _downloads(addresses):
    """What is shown as files, with the same choices; a file has all pages."""
    kinds = (("Excel", "dashboard:matrix-xlsx"), ("CSV", "dashboard:matrix-csv"))
    return tuple(Link(label, replace(addresses, page=one).here(page=None)) for label, one in kinds)


def without_figures(page, term, terms, addresses):
    """Nothing has been sent for the term yet: what stands from before, or the way on."""
    sentence = f"No figures yet for {term}. {_when_sent(term)}"
    earlier = next((one for one in terms if one.ends < term.starts), None)
    back = earlier and Link(f"See {earlier}", replace(addresses, term=earlier.slug).here())
    if any(standing.status.is_colour for standing in page.tally):
        return replace(page, notice=sentence, earlier=back)
    empty = Empty(sentence, addresses.returns(), "See the returns")
    return replace(page, empty=empty, earlier=back)


def _when_sent(term):
    if term.closed_at is not None:
        return "The term is closed, so none can be sent."
    return f"Schools can send them from {_day(term.opens)} to {_day(timezone.localdate(term.due))}."


def _day(day):
    return f"{day:%A} {day.day} {day:%B %Y}"
