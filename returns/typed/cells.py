"""What the cells of one row mean: which period is meant, and what is typed."""

import re
from dataclasses import dataclass
from datetime import date

from kpis.facts.places import index_on
from kpis.models import Judgement, Measure
from schools.models import Basis, Part

from ..asked.questions import SAYING, Typed, Wrong
from .spelling import DONE, RATINGS, REASONS, Misspelt, day, word

CLEAR = "CLEAR"
RATED = dict(Judgement.Rating.choices)
PARTS = {part.name.lower(): part for part in Part}
YEAR = re.compile(r"(20[0-9]{2})(?:\s*[/-]\s*(?:20)?([0-9]{2}))?")


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """The period that a row is about, as it names it.

    For a dated measure ``index`` is the collecting term, or ``day`` the day
    itself; for a yearly one the index of the summer term. ``collected`` is the
    index of the term whose return is named, where the row names that.
    """

    measure: Measure
    index: int
    day: date | None = None
    collected: int | None = None

    def terms(self, terms):
        """Those of some terms, earliest first, whose returns ask about it."""
        parts = self.measure.asked_parts()
        asking = [term for term in terms if Part(term.period.part) in parts]
        if self.collected is not None:
            return [term for term in asking if term.period.index == self.collected]
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
    if row.of is not None:
        index = _year(row) * 3 + PARTS[text] - 1
        return Wanted(measure, index, collected=index)
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
    """What the line says with this row: blank cells change nothing, CLEAR takes away."""
    told = row.cells.get
    answer = {name: text for name in ANSWER if (text := told(name))}
    if any(text.upper() == CLEAR for text in answer.values()):
        return Typed()
    comments = {name: _cleared(text) for name in ("why", "what_next") if (text := told(name))}
    if is_rating(row, measure):
        return held._replace(**_rating(row, measure), **comments)
    beside = _beside(row, measure, held)
    if not answer:
        return held._replace(**beside, **comments)
    reason = next((text for text in answer.values() if word(text, REASONS)), None)
    if reason:
        others = {name: text for name, text in beside.items() if name != "on"}
        return _without_answer(held, measure)._replace(**others, **_reason(row, reason), **comments)
    texts = {name: answer.get(name) or _no_reason(getattr(held, name)) for name in ANSWER}
    if "value" not in answer and measure.counts == Measure.Counts.BOTH:
        texts["value"] = ""  # it is worked out from the two counts
    if measure.basis == Basis.DATE and not row["on"] and _takes_day(row, measure):
        beside["on"] = row["term"]
    if measure.kind == Measure.Kind.YES_NO and not row["on"] and word(row["value"], DONE) != "yes":
        beside["on"] = ""
    return held._replace(**texts, why_none="", until="", **beside, **comments)


ANSWER = ("value", "numerator", "denominator")
_BESIDE = ("on", "respondents", "invited", "reviewer", "kind", "evidence")


def _beside(row, measure, held):
    """What is told beside the answer; of a survey the reviewer is who ran it."""
    told = row.cells.get
    texts = {name: _cleared(text) for name in _BESIDE if (text := told(name))}
    if measure.survey and "reviewer" in texts:
        texts["provider"] = texts.pop("reviewer")
    return texts


def _cleared(text):
    return "" if text.upper() == CLEAR else text


def _no_reason(text):
    return "" if text and word(text, REASONS) else text


def _without_answer(held, measure):
    """The line without its answer; a rating beside it, and what people say, stay."""
    kept = set(SAYING)
    if measure.rated:
        kept |= {"rating", "reviewer", "kind", "evidence", "on"}
    return Typed(**{name: getattr(held, name) for name in kept})


def _reason(row, reason):
    """Why there is none, as it was written; every box that says something else stays to be seen."""
    texts = {name: row[name] for name in ANSWER if row[name]}
    if word(reason, REASONS) == "not_available":
        texts["until"] = row["on"]
    elif row["on"]:
        texts["on"] = row["on"]
    return texts


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
    if measure.rated or row["term"].casefold() in PARTS:
        return False
    return measure.kind != Measure.Kind.YES_NO or word(row["value"], {"yes": "yes", "y": "yes"})
