"""A new academic year: its terms proposed from the last, and what goes on or ends with it.

Nothing is made until the data manager has confirmed it. Asked for again, it
changes nothing. Days of a term can be put right until the term has opened.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from schools.calendar import NOMINAL_END, NOMINAL_START
from schools.models import AuditRow, Part, Period, Role, Term, Unit, UnitKind
from schools.refused import Refused
from schools.term_files import BEFORE_THE_END, INTO_THE_NEXT, TermDates

from ..grid.rows import moment_words
from ..grid.sheet import day_words
from .forms import at_five

# A year later on the same day of the week: terms begin on a Monday, not on a date.
A_YEAR = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The terms of one academic year: those that are there, and days for the others."""

    year: int
    dates: tuple[TermDates, ...]
    there: dict  # the terms that exist already, by part
    today: date

    @property
    def is_new(self):
        return not self.there

    def is_open(self, part):
        """Whether a term has opened: its days are settled then."""
        term = self.there.get(part)
        return term is not None and term.opens <= self.today


def year_words(year):
    return f"{year}/{(year + 1) % 100:02d}"


def proposed(today):
    """The next year's terms, once the last one has begun; until then those of the last. Or None."""
    terms = list(Term.objects.select_related("period").order_by("period__on"))
    if not terms:
        return None
    last = terms[-1].period.year_id
    has_begun = min(term.starts for term in terms if term.period.year_id == last) <= today
    is_whole = sum(term.period.year_id == last for term in terms) == len(Part)
    year = last + 1 if has_begun and is_whole else last
    there = {Part(term.period.part): term for term in terms if term.period.year_id == year}
    latest = {Part(term.period.part): term for term in terms if term.period.year_id < year}
    dates = tuple(
        _dates_of(year, part, there[part]) if part in there else _a_year_on(year, part, latest)
        for part in Part
    )
    return Proposal(year, dates, there, today)


def _dates_of(year, part, term):
    return TermDates(year, part, term.starts, term.ends, term.opens, term.due)


def _a_year_on(year, part, latest):
    """The days of the latest such term, moved by whole years of weeks."""
    if term := latest.get(part):
        by = A_YEAR * (year - term.period.year_id)
        days = (term.starts, term.ends, term.opens, timezone.localdate(term.due))
        starts, ends, opens, due = (day + by for day in days)
        return TermDates(year, part, starts, ends, opens, at_five(due))
    (before, month, day), (after, last_month, last_day) = NOMINAL_START[part], NOMINAL_END[part]
    starts, ends = date(year + before, month, day), date(year + after, last_month, last_day)
    due = ends + timedelta(days=1) + INTO_THE_NEXT
    return TermDates(year, part, starts, ends, ends - BEFORE_THE_END, at_five(due))


def problems_of(dates, ended):
    """What is wrong with the days of a year's terms: (part, which day, words).

    ``ended`` is the last day of the term before; a day belongs to one term only.
    """
    before = ended
    for term in dates:
        name = f"{Part(term.part).label} term"
        first, last = date(term.year, 9, 1), date(term.year + 1, 8, 31)
        for which, day in (("starts", term.starts), ("ends", term.ends)):
            if not first <= day <= last:
                words = f"The {name} lies in {year_words(term.year)}: choose a day in it."
                yield term.part, which, words
        if term.ends <= term.starts:
            yield term.part, "ends", f"The {name} must end after it starts."
        if before is not None and term.starts <= before:
            words = f"The term before it ends on {day_words(before)}: start the {name} later."
            yield term.part, "starts", words
        if term.opens < term.starts:
            yield term.part, "opens", f"Returns of the {name} open once it has started."
        if timezone.localdate(term.due) < term.opens:
            yield term.part, "due", f"Returns of the {name} must be due after they open."
        before = term.ends
    for earlier, later in pairwise(dates):
        if later.opens <= earlier.opens:
            words = "Returns of one term open after those of the term before."
            yield later.part, "opens", words


def ended_before(year):
    """The last day of the latest term before a year; None if there is none."""
    terms = Term.objects.filter(period__year__lt=year).order_by("-period__on")
    return terms.values_list("ends", flat=True).first()


@transaction.atomic
def settle_year(dates, *, memberships, at):
    """Make the terms of a year that are not there, and put right those that have not opened.

    ``dates`` are three TermDates. Returns the terms that were made or changed.
    """
    if not memberships.has(Role.DATA_MANAGER):
        raise Refused("Only the data manager sets up an academic year.")
    # Two who confirm at once come one after the other.
    Unit.objects.select_for_update(of=("self",)).get(kind=UnitKind.TRUST)
    for _, _, words in problems_of(dates, ended_before(dates[0].year)):
        raise Refused(words)
    today, done = timezone.localdate(at), []
    for term_dates in dates:
        period = Period.objects.for_term(term_dates.year, term_dates.part)
        term = Term.objects.filter(period=period).first()
        days = {name: getattr(term_dates, name) for name in ("starts", "ends", "opens", "due")}
        if term is None:
            term = Term(trust=memberships.trust, period=period)
            before, action = None, "created"
        else:
            before, action = _told(term), "set the dates of"
            if all(getattr(term, name) == day for name, day in days.items()):
                continue
            if term.opens <= today:
                raise Refused(f"{term} has opened, so its days cannot change here.")
        for name, day in days.items():
            setattr(term, name, day)
        term.save()
        AuditRow.objects.record(
            action, term, at=at, by=memberships.user, before=before, after=_told(term)
        )
        done.append(term)
    if done:
        Unit.objects.filter(kind=UnitKind.TRUST).changed()
    return done


def _told(term):
    days = {name: getattr(term, name).isoformat() for name in ("starts", "ends", "opens")}
    return days | {"due": moment_words(term.due)}
