"""What counts, as the rows of a file of figures: ``import_figures`` makes the same of them again.

A row is one answer in the columns of ``returns.spreadsheets.files.COLUMNS``: numbers as
numbers, days as days, and a code where there is none: z (not applicable), c
(too few), x (not available yet, with the day when it is expected). What is
still being typed counts nowhere, and stands in no row.
"""

from decimal import Decimal

from kpis.models import Judgement, Measure, WhyNone
from kpis.rag.shown import rounded
from schools.models import Basis

from ..models import Line
from .files import COLUMNS

CODES = {WhyNone.NOT_APPLICABLE: "z", WhyNone.TOO_FEW: "c", WhyNone.NOT_AVAILABLE: "x"}
DONE = {"yes": "yes", "not_yet": "not yet", "at_risk": "at risk"}
WHOLE_YEARS = frozenset({Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR})


def rows_out(returns):
    """The rows of some returns, by unit, measure and group. One query."""
    lines = (
        Line.objects.filter(return_to__in=returns)
        .select_related(
            "return_to__term__period__year",
            "measure",
            "unit",
            "group",
            "period__year",
            "entry__level",
            "entry__period",
            "judgement",
            "was_entry__level",
            "was_entry__period",
            "was_judgement",
        )
        .order_by(
            "return_to__term__period__on",
            "unit__name",
            "unit__code",
            "measure__code",
            "group__order",
            "number",
        )
    )
    for line in lines.iterator(chunk_size=2000):
        yield from _rows(line)


def _rows(line):
    """One row for the answer, one for the rating; what people say stands in the first."""
    told = []
    if entry := line.entry or line.was_entry:
        told.append(_answer(entry, line.measure))
    if judgement := line.judgement or line.was_judgement:
        told.append(_rating(judgement))
    for place, cells in enumerate(told):
        said = {"why": line.why, "what_next": line.what_next} if place == 0 else {}
        cells = {**_question(line), **cells, **said}
        yield tuple(cells.get(column) for column in COLUMNS)


def _question(line):
    return {
        "unit": line.unit.code,
        "measure_code": line.measure.code,
        "pupil_group": line.group.code,
        **_about(line),
    }


def _about(line):
    """The period that the row is about; of what happened on a day, the term that asks for it."""
    if line.measure.basis in WHOLE_YEARS:
        return {"academic_year": str(line.period.year), "term": "Year"}
    period = line.return_to.term.period if line.measure.basis == Basis.DATE else line.period
    return {"academic_year": str(period.year), "term": period.get_part_display()}


def _answer(entry, measure):
    beside = {
        "respondents": entry.respondents,
        "invited": entry.invited,
        "reviewer": entry.provider,
    }
    if entry.why_none:
        return {"value": CODES[entry.why_none], "on": entry.expected_on}
    if entry.done:
        if measure.kind == Measure.Kind.DATE:
            return {"value": entry.done_on}
        return {"value": DONE[entry.done], "on": entry.done_on}
    if measure.basis == Basis.DATE and not measure.rated:
        beside["on"] = entry.period.on
    if entry.level:
        return {**beside, "value": entry.level.name}
    return {**beside, **_figure(entry, measure)}


def _figure(entry, measure):
    """A figure as a number; where two counts make it, the counts and what they make."""
    counts = {
        "numerator": _plain(entry.numerator),
        "denominator": _plain(entry.denominator),
    }
    if measure.kind == Measure.Kind.CASES or entry.denominator == 0:
        return counts
    value = _plain(entry.value)
    if entry.numerator is not None:
        value = rounded(entry.value, measure.decimals)
    if measure.kind == Measure.Kind.PERCENTAGE and 0 < abs(value) < 1:
        value = f"{value:f}%"  # without its sign it could be a share of one
    return {**counts, "value": value}


def _plain(number):
    """Without the noughts that only the column has."""
    if number is None:
        return None
    number = number.normalize()
    return number if number.as_tuple().exponent <= 0 else number.quantize(Decimal(1))


def _rating(judgement):
    return {
        "value": Judgement.Rating(judgement.rating).label.lower(),
        "on": judgement.on,
        "reviewer": judgement.reviewer,
        "kind": judgement.kind,
        "evidence": judgement.evidence,
    }
