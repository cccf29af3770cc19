"""What a clause says of a unit that people have rated: whose ratings count, and how long.

Source: docs/rag.md, Judged.
"""

from dataclasses import replace

from kpis.rag import judged
from kpis.rag.applies import applies
from kpis.rag.choose import missing, outside_its_time
from kpis.rag.dates import written
from kpis.rag.given import Basis, Given, Measure, Period, Rated, Terms, Unit, index_of
from kpis.rag.grey import not_applicable, not_due
from kpis.rag.outcome import Said
from kpis.rag.periods import asked_period
from kpis.rag.verdict import Mark, Reason, Status, Verdict

_RATERS = {
    "": judged.Rater.SCHOOL,
    "school": judged.Rater.SCHOOL,
    "trust": judged.Rater.TRUST,
    "outside": judged.Rater.OUTSIDE,
}


def say_rated(given: Given, measure: Measure, terms: Terms, unit: Unit) -> Said:
    """Judge a unit by its latest internal and its latest external rating in this plan."""
    index, as_at = given.term.index, given.term.as_at
    if not applies(measure.applicability, unit.place, index):
        return Said(not_applicable("does not apply here"), asked=False)
    asked = asked_period(given, measure, index) is not None
    said = Said(not_due(""), measure=measure.id, asked=asked)
    if instead := outside_its_time(unit, given.term.period):
        return replace(said, verdict=instead)

    months = measure.valid_months if terms.expires_months is None else terms.expires_months
    rule = judged.Judged(_RATERS[terms.rated_by], months)
    known = [
        rated
        for rated in given.ratings.get((measure.id, unit.id, terms.group), ())
        if rated.on <= as_at and not rule.refuses(_as_rating(rated))
    ]
    of_the_plan = [rated for rated in known if rated.on >= given.plan_starts]
    if not of_the_plan:
        return replace(said, verdict=_not_rated(given, measure, unit, known))
    verdict = judged.judge([_as_rating(rated) for rated in of_the_plan], rule, as_at=as_at)
    counting = _counting(of_the_plan, rule, given)
    marks = {Mark.PROVISIONAL} if any(rated.provisional for rated in counting) else set()
    if not asked and all(index_of(rated.on) < index for rated in counting):
        marks |= {Mark.CARRIED} if verdict.status is not Status.GREY else set()
    period = _on_its_day(max(counting, key=lambda rated: rated.on))
    return replace(said, verdict=verdict.marked(*marks), period=period)


def _not_rated(given: Given, measure: Measure, unit: Unit, before: list[Rated]) -> Verdict:
    """Nobody has rated it in this plan: missing, but not where it was rated just before it."""
    verdict = missing(given, measure, unit)
    if before and Mark.LATE not in verdict.marks:
        return not_due(f"rated on {written(before[-1].on)}, before the plan began")
    if verdict.reason is Reason.NO_DATA:
        because = verdict.because.replace("no figure has been sent", "no rating has been given")
        return replace(verdict, because=because)
    return verdict


def _counting(of_the_plan: list[Rated], rule: judged.Judged, given: Given) -> list[Rated]:
    """The latest of each kind that still holds; the latest of all where none does."""
    latest: dict[bool, Rated] = {}
    for rated in of_the_plan:
        if rated.external not in latest or rated.on >= latest[rated.external].on:
            latest[rated.external] = rated
    holding = [
        rated for rated in latest.values() if given.term.as_at <= rule.last_day(_as_rating(rated))
    ]
    return holding or list(latest.values())


def _on_its_day(rated: Rated) -> Period:
    year, part = divmod(index_of(rated.on), 3)
    return Period(Basis.DATE, year, part + 1, rated.on, rated.on, written(rated.on))


def _as_rating(rated: Rated) -> judged.Rating:
    rater = _RATERS["outside" if rated.external else rated.rated_by]
    return judged.Rating(Status(rated.rating), rated.reviewer, rater, rated.on, rated.evidence)
