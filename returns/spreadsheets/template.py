"""What a return asks, as the rows of a spreadsheet that comes in again as it is filled.

Each row names its question and tells beside it what it is for: who reads it,
the last figure, what is promised, how to answer. What is typed already stands
in it.
"""

import re
from dataclasses import dataclass, field

from kpis.facts import facts_of, plan_for, read_figures, read_plan
from kpis.models import Measure
from priorities.models import Node
from schools.models import Basis, Part, UnitKind

from ..asked.questions import Typed
from ..typed.judging import results
from .files import SEEN
from .importing import template_mark

URN = re.compile(r"[1-9][0-9]{5}")
RATINGS = ["On target", "Close to target", "Off target"]
DONES = ["Yes", "Not yet", "At risk"]
REASONS = {"not_applicable": "n/a", "too_few": "few", "not_available": "later"}
WHOLE_YEARS = frozenset({Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR})


@dataclass(frozen=True, slots=True)
class Asks:
    """One row: its cells by column, which of them are to be filled in, and what can be chosen."""

    cells: dict
    boxes: frozenset
    choices: dict = field(default_factory=dict)


def rows_asked(sheets):
    """The rows of some returns of one term, by return and in the order of its page."""
    return [row for _, rows in rows_of_each(sheets) for row in rows]


def rows_of_each(sheets):
    """Each of some returns of one term with its rows, in the order of its page: (sheet, rows).

    ``sheets`` are what ``returns.grid.sheet.Sheet`` makes of them. A few queries
    for all of them together, and two for each.
    """
    sheets = list(sheets)
    if not sheets:
        return
    rules = _rules(sheets)
    kpis = {kpi for sheet in sheets for one in sheet.asked for kpi in sheet.place_of(one).kpis}
    names = dict(Node.objects.filter(pk__in=kpis).values_list("pk", "title"))
    for sheet in sheets:
        yield sheet, list(_rows_of(sheet, rules, names))


def _rules(sheets):
    """What is promised for each question: {(measure, unit, group): words}."""
    term, trust = sheets[0].return_.term, sheets[0].memberships.trust
    plan = plan_for(term)
    if plan is None:
        return {}
    promised = read_plan(trust, plan, term, sheets[0].today)
    units = {one.unit.id for sheet in sheets for one in sheet.asked}
    facts = facts_of(promised, read_figures(promised, units))
    asked = {(one.measure.pk, one.unit.id) for sheet in sheets for one in sheet.asked}
    found = results(facts.given, {}, {}, lambda measure, unit: (measure.id, unit.id) in asked)
    return {question: result.target for question, result in found.items() if result.target}


def _rows_of(sheet, rules, names):
    before = sheet.before()
    for asked in sheet.asked:
        line = sheet.lines.get(asked.key)
        typed = line.typed if line else Typed()
        if not sheet.return_.is_open_to(line):
            continue
        told = _told(sheet, asked, rules, names, before.get(asked.key))
        version = line.version if line else 0
        yield _row(sheet, asked, typed, told, version)
        if asked.measure.rated and asked.measure.kind != Measure.Kind.RATING:
            yield _row(sheet, asked, typed, told, version, rating=True)


def _told(sheet, asked, rules, names, before):
    measure = asked.measure
    readers = [names[kpi] for kpi in sheet.place_of(asked).kpis if kpi in names]
    rule = rules.get((measure.pk, asked.unit.id, asked.group.code), "")
    return {
        "school": asked.unit.name,
        "measure": _name(sheet, asked),
        "unit_of_measure": measure.unit,
        "read_by": "; ".join(readers),
        "last_figure": " ".join(before) if before else "",
        "rule": rule,
    }


def _name(sheet, asked):
    group = sheet.group_of(asked)
    return f"{sheet.name_of(asked)}, {group}" if group else sheet.name_of(asked)


def _row(sheet, asked, typed, told, version, rating=False):
    question = sheet.asking.question(asked)
    boxes, choices, how = _boxes(question, rating=rating)
    own = _typed_cells(typed, question, rating=rating)
    own = {name: own.get(name, "") for name in (*boxes, *own)}
    measure = f"{told['measure']}: rating" if rating else told["measure"]
    cells = {
        **_names(asked),
        **_about(asked.measure, sheet.return_.term),
        **own,
        **told,
        "measure": measure,
        "how_to_answer": how,
    }
    cells = {name: text.strip() for name, text in cells.items()}
    cells[SEEN] = template_mark(version, cells)
    return Asks(cells, frozenset(boxes), choices)


def _names(asked):
    """The unit as people know it: a school by its URN, a part or the trust by its code."""
    return {
        "unit": code_of(asked.unit),
        "measure_code": asked.measure.code,
        "pupil_group": asked.group.code,
    }


def code_of(unit):
    if unit.kind == UnitKind.TRUST:
        return "TRUST"
    return next((code for code in sorted(unit.codes) if URN.fullmatch(code)), unit.code)


def _about(measure, term):
    """The period that the figure is about; of what happens on a day, the term that asks."""
    about = term.period if measure.basis == Basis.DATE else measure.asked_about(term)
    part = "Year" if measure.basis in WHOLE_YEARS else Part(about.part).label
    return {"academic_year": year_words(about.year_id), "term": part}


def year_words(year):
    return f"{year}/{(year + 1) % 100:02d}"


def _boxes(question, *, rating):
    """Which columns are filled in, what can be chosen in them, and how, in one line."""
    reasons = [REASONS[reason] for reason in REASONS if reason in question.reasons]
    none = f"; none: {', '.join(reasons)}" if reasons else ""
    comments = ["why", "what_next"]
    if rating or question.kind == "rating":
        boxes = ["value", "on", "reviewer", "kind", "evidence"]
        choices = {"value": RATINGS, "kind": ["Internal", "External"]}
        return boxes + ([] if rating else comments), choices, "A rating, with its day and evidence"
    survey = ["invited", "reviewer"] if question.survey else []
    part, whole = question.parts
    match question.kind:
        case "yes_no":
            return (
                ["value", "on", *comments],
                {"value": DONES},
                "Yes with its day, not yet, at risk",
            )
        case "date":
            return ["value", *comments], {}, "A day, like 22 November 2025"
        case "level":
            levels = [level.name for level in question.levels_on(question.ends)]
            how = f"One of: {', '.join(levels)}{none}"
            return ["value", "on", *comments], {"value": [*levels, *reasons]}, how
        case "cases":
            return (
                ["numerator", "denominator", *comments],
                {},
                f"numerator: {part}; denominator: {whole}",
            )
    on = ["on"] if question.dated or "later" in reasons else []
    if question.counts == "both":
        boxes = ["numerator", "denominator", *on, *survey, *comments]
        how = f"numerator: {part}; denominator: {whole}{none}"
        return boxes, {"numerator": reasons}, how
    if question.counts == "weight":
        boxes = ["value", "denominator", *on, *survey, *comments]
        return boxes, {"value": reasons}, f"A number; denominator: {whole}{none}"
    asked = ["respondents"] if question.survey else []
    boxes = ["value", *on, *asked, *survey, *comments]
    kind = "A percentage, like 94.1" if question.kind == "percentage" else "A number"
    return boxes, {"value": reasons}, f"{kind}{none}"


def _typed_cells(typed, question, *, rating):
    """What is typed already, in the columns in which it comes in again."""
    rated = {name: getattr(typed, name) for name in ("on", "reviewer", "kind", "evidence")}
    if rating or question.kind == "rating":
        value = typed.rating or typed.value
        return {"value": value, **rated, **(_comments(typed) if not rating else {})}
    cells = {name: getattr(typed, name) for name in ("value", "numerator", "denominator")}
    if typed.why_none:
        box = "numerator" if question.counts == "both" or question.kind == "cases" else "value"
        cells = {box: REASONS.get(typed.why_none, typed.why_none)}
    cells["on"] = typed.until or ("" if question.rated else typed.on)
    if question.kind == "date":
        cells = {"value": typed.value or typed.on}
    if question.survey:
        cells |= {
            "respondents": typed.respondents,
            "invited": typed.invited,
            "reviewer": typed.provider,
        }
    return {**cells, **_comments(typed)}


def _comments(typed):
    return {"why": typed.why, "what_next": typed.what_next}
