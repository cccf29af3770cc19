"""What the cells of one row mean: which period is meant, and what is typed."""

import re
from dataclasses import dataclass, replace
from datetime import date

from kpis.facts.places import index_on
from kpis.models import Judgement, Measure
from schools.models import Basis, Part

from .questions import Typed, Wrong
from .spelling import RATINGS, REASONS, Misspelt, day, word

CLEAR = "CLEAR"
RATED = dict(Judgement.Rating.choices)
PARTS = {part.name.lower(): part for part in Part}
YEAR = re.compile(r"(20[0-9]{2})(?:\s*[/-]\s*(?:20)?([0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The period that a row is about, as it names it.

    For a dated measure ``index`` is the collecting term, or ``day`` the day
    itself; for a yearly one the index of the summer term.
    """

    measure: Measure
    index: int
    day: date | None = None

    def terms(self, terms):
        """Those of some terms, earliest first, whose returns ask about it."""
        parts = self.measure.asked_parts()
        asking = [term for term in terms if Part(term.period.part) in parts]
        if self.day:
            return [term for term in asking if term.period.index >= self.index][:1]
        if self.measure.basis == Basis.DATE:
            return [term for term in asking if term.period.index == self.index]
        return [term for term in asking if self.measure.asked_about(term).index == self.index]

    @property
    def advice(self):
        parts = " and ".join(part.label.lower() for part in self.measure.asked_parts())
        last = "the time before" if self.measure.about == Measure.About.LAST else "its own time"
        return f"It is asked in {parts}, about {last}." if parts else "No return asks for it."


def wanted_period(row, measure):
    """The period that a row names; Wrong if it names none that this measure can have."""
    text = row["term"].casefold()
    if text in PARTS:
        if measure.basis in (Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR):
            raise Wrong("term", f"{measure.name} is a figure of a whole year: write Year.")
        return Wanted(measure, _year(row) * 3 + PARTS[text] - 1)
    if text == "year":
        if measure.basis in (Basis.TERM, Basis.DATE):
            raise Wrong("term", f"{measure.name} is not about a year: name a term.")
        return Wanted(measure, _year(row) * 3 + Part.SUMMER - 1)
    try:
        named = day(text)
    except Misspelt:
        words = "Write Autumn, Spring, Summer, Year or a day like 2025-11-22."
        raise Wrong("term", words) from None
    if measure.basis != Basis.DATE:
        raise Wrong("term", f"{measure.name} is not asked for a day: write Autumn, Year or so.")
    return Wanted(measure, index_on(named), named)


def _year(row):
    """The year in which the academic year starts."""
    found = YEAR.fullmatch(row["academic_year"])
    if not found or (found[2] and int(found[2]) != (int(found[1]) + 1) % 100):
        raise Wrong("academic_year", "Write the academic year, like 2025/26.")
    return int(found[1])


def is_rating(row, measure):
    """Whether a row of a figure with a rating beside it tells the rating."""
    if measure.kind == Measure.Kind.RATING:
        return True
    return measure.rated and word(row["value"], RATINGS) is not None


def day_of(row):
    """The day that tells two answers of one term apart, or None."""
    for column in ("on", "term"):
        try:
            return day(row[column])
        except Misspelt:
            continue
    return None


def merged(row, measure, held):
    """What the line says with this row: blank cells change nothing, CLEAR takes all away."""
    if row["value"].upper() == CLEAR:
        return Typed()
    comments = {name: row[name] for name in ("why", "what_next") if row[name]}
    if is_rating(row, measure):
        return replace(held, **_rating(row, measure), **comments)
    if not (row["value"] or row["numerator"] or row["denominator"]):
        texts = {name: row[name] for name in _BESIDE if row[name]}
        return replace(held, **texts, **comments)
    texts = {name: row[name] for name in ("value", "numerator", "denominator", *_BESIDE)}
    texts |= {"why_none": "", "until": ""}
    if word(row["value"], REASONS) == "not_available":
        texts |= {"until": row["on"], "on": ""}
    elif not texts["on"] and _takes_day(row, measure):
        texts["on"] = row["term"]
    if measure.survey:
        texts |= {"provider": row["reviewer"], "reviewer": ""}
    if measure.rated:  # the rest of the line is the rating's, told by another row
        for name in ("on", "kind", "reviewer", "evidence"):
            texts[name] = texts[name] or getattr(held, name)
    return replace(held, **texts, **comments)


_BESIDE = ("on", "respondents", "invited", "reviewer", "kind", "evidence")


def _rating(row, measure):
    said = row["value"]
    if measure.kind == Measure.Kind.RATING and word(said, REASONS):
        return {"value": said, "until": row["on"]}
    texts = {"rating": RATED.get(word(said, RATINGS), said), "on": row["on"]}
    if not texts["on"] and day_of(row):
        texts["on"] = row["term"]
    texts |= {name: row[name] for name in ("reviewer", "kind", "evidence")}
    return {name: text for name, text in texts.items() if text}


def _takes_day(row, measure):
    """A day in the column of the term is the day of what is dated."""
    if measure.basis != Basis.DATE or measure.rated or row["term"].casefold() in PARTS:
        return False
    return measure.kind != Measure.Kind.YES_NO or word(row["value"], {"yes": "yes", "y": "yes"})
