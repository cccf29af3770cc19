"""What a clause says of a unit that people have rated: whose ratings count, and how long.

Source: docs/rag.md, Judged.
"""

from datetime import date

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
_STATUSES = {status.value: status for status in Status}


def say_rated(given: Given, measure: Measure, terms: Terms, unit: Unit) -> Said:
    """Judge a unit by its latest internal and its latest external rating in this plan."""
    index, as_at = given.term.index, given.term.as_at
    if not applies(measure.applicability, unit.place, index):
        return Said(not_applicable("does not apply here"), asked=False)
    asked = asked_period(given, measure, index) is not None
    if instead := outside_its_time(unit, given.term.period):
        return Said(instead, measure=measure.id, asked=asked)

    months = measure.valid_months if terms.expires_months is None else terms.expires_months
    rule = judged.Judged(_RATERS[terms.rated_by], months)
    known = [
        (rated, rating)
        for rated in given.ratings.get((measure.id, unit.id, terms.group), ())
        if rated.on <= as_at and not rule.refuses(rating := _as_rating(rated))
    ]
    of_the_plan = [(rated, rating) for rated, rating in known if rated.on >= given.plan_starts]
    if not of_the_plan:
        verdict = _not_rated(given, measure, unit, [rated for rated, _ in known])
        return Said(verdict, measure=measure.id, asked=asked)
    verdict = judged.judge_accepted([rating for _, rating in of_the_plan], rule, as_at=as_at)
    counting = _counting(of_the_plan, rule, as_at)
    marks = {Mark.PROVISIONAL} if any(rated.provisional for rated in counting) else set()
    if not asked and all(index_of(rated.on) < index for rated in counting):
        marks |= {Mark.CARRIED} if verdict.status is not Status.GREY else set()
    period = _on_its_day(max(counting, key=lambda rated: rated.on))
    return Said(verdict.marked(*marks), measure=measure.id, period=period, asked=asked)


def _not_rated(given: Given, measure: Measure, unit: Unit, before: list[Rated]) -> Verdict:
    """Nobody has rated it in this plan: missing, but not where it was rated just before it."""
    verdict = missing(given, measure, unit)
    if before and Mark.LATE not in verdict.marks:
        return not_due(f"rated on {written(before[-1].on)}, before the plan began")
    if verdict.reason is Reason.NO_DATA:
        because = verdict.because.replace("no figure has been sent", "no rating has been given")
        return verdict.but(because=because)
    return verdict


def _counting(
    of_the_plan: list[tuple[Rated, judged.Rating]], rule: judged.Judged, as_at: date
) -> list[Rated]:
    """The latest of each kind that still holds; the latest of all where none does."""
    latest: dict[bool, tuple[Rated, judged.Rating]] = {}
    for rated, rating in of_the_plan:
        if rated.external not in latest or rated.on >= latest[rated.external][0].on:
            latest[rated.external] = rated, rating
    holding = [rated for rated, rating in latest.values() if as_at <= rule.last_day(rating)]
    return holding or [rated for rated, _ in latest.values()]


def _on_its_day(rated: Rated) -> Period:
    year, part = divmod(index_of(rated.on), 3)
    return Period(Basis.DATE, year, part + 1, rated.on, rated.on, written(rated.on))


def _as_rating(rated: Rated) -> judged.Rating:
    rater = _RATERS["outside" if rated.external else rated.rated_by]
    return judged.Rating(_STATUSES[rated.rating], rated.reviewer, rater, rated.on, rated.evidence)
