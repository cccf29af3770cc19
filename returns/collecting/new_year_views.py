"""The page that proposes a new academic year, and makes it once it is confirmed."""

from datetime import date

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.access import access
from schools.models import Part, Role
from schools.term_files import TermDates
from schools.terms import choose_term

from ..crumbs import list_crumb
from ..grid.sheet import day_words
from .forms import DayField, at_five
from .going_on import going_on
from .new_year import ended_before, problems_of, proposed, settle_year, year_words

DAYS = {"starts": "Starts", "ends": "Ends", "opens": "Returns open", "due": "Due by 5pm"}


class YearForm(forms.Form):
    """The days of three terms; those of a term that has opened are settled and not asked."""

    def __init__(self, *args, proposal, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        for term in proposal.dates:
            if proposal.is_open(term.part):
                continue
            initial = {"due": timezone.localdate(term.due)}
            for which, label in DAYS.items():
                self.fields[_name(term.part, which)] = DayField(
                    label=label, initial=initial.get(which, getattr(term, which)), help_text=""
                )

    def clean(self):
        if self.errors:
            return
        for part, which, words in problems_of(self.dates, ended_before(self.proposal.year)):
            name = _name(part, which)
            self.add_error(name if name in self.fields else None, words)

    @property
    def dates(self):
        """What was typed, with the days of the terms that are settled."""
        return [self._dates(term) for term in self.proposal.dates]

    def _dates(self, term):
        if self.proposal.is_open(term.part):
            return term
        days = {which: self.cleaned_data[_name(term.part, which)] for which in DAYS}
        days["due"] = at_five(days["due"])
        return TermDates(year=term.year, part=term.part, **days)

    def terms(self):
        """Each term: its name, its boxes, or its days in words where they are settled."""
        return [(_term_name(term), *self._shown(term)) for term in self.proposal.dates]

    def _shown(self, term):
        if not self.proposal.is_open(term.part):
            return [self[_name(term.part, which)] for which in DAYS], ""
        return [], f"{day_words(term.starts)} to {day_words(term.ends)}. It has opened."


def _name(part, which):
    return f"{Part(part).name.lower()}-{which}"


def _term_name(term):
    return f"{Part(term.part).label} {term.year + (term.part > 1)}"


@access(GET={Role.DATA_MANAGER}, POST={Role.DATA_MANAGER})
def new_year(request, trust):
    """Read what a new academic year would be, and make its terms."""
    today = timezone.localdate()
    proposal = proposed(today)
    if proposal is None:
        page = {"proposal": None, "breadcrumbs": _crumbs(request)}
        return render(request, "returns/new_year.html", page)
    is_same = request.POST.get("year") == str(proposal.year)
    form = YearForm(request.POST if is_same else None, proposal=proposal)
    if is_same and form.is_valid():
        done = settle_year(form.dates, memberships=request.memberships, at=timezone.now())
        names = ", ".join(map(str, done))
        messages.success(request, f"Set up: {names}." if done else "Nothing was different.")
        return redirect("returns:new-year", trust)
    if request.method == "POST" and not is_same:
        messages.warning(request, "That year is set up already. Nothing has changed.")
        return redirect("returns:new-year", trust)
    page = {
        "proposal": proposal,
        "year": year_words(proposal.year),
        "year_before": year_words(proposal.year - 1),
        "form": form,
        "going_on": going_on(date(proposal.year, 9, 1)),
        "breadcrumbs": _crumbs(request),
    }
    return render(request, "returns/new_year.html", page, status=422 if form.errors else 200)


def _crumbs(request):
    """The way back: the returns, and the days of collecting where there are any."""
    term = choose_term(request)
    crumbs = [list_crumb(request.trust, term)]
    if term:
        collect = reverse("returns:collect", args=[request.trust], query={"term": term.slug})
        crumbs.append((f"Collecting {term}", collect))
    return crumbs
