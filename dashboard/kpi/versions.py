"""Every version of what decides a colour: from when it holds, by whom it was written and why."""

from dataclasses import dataclass
from datetime import datetime

from kpis.rag.given import Aim, ReadingTerms, Terms
from kpis.rag.scales import scales
from kpis.rag.shown import counted

from ..cells import term_name
from .definition import baseline_words, target_words

LEVELS = {
    "trust": "for the trust",
    "school": "in each school",
    "part": "in each part of a school",
    "site": "at each site",
    "body": "for each governing body",
    "supplier": "for each supplier",
    "outside_school": "for each school outside the trust",
}
OPERATORS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
RATERS = {"school": "the school", "trust": "the trust", "outside": "somebody outside the trust"}
RULES = {
    "threshold": "against a number",
    "band": "inside a range",
    "compare": "against an outside figure",
    "trend": "against its own past",
    "gap": "the gap between groups",
    "scale": "a level of a scale",
    "done": "done by a date",
    "cases": "cases in time",
    "judged": "rated with evidence",
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One change of what decides a colour: from when it holds, who wrote it and why."""

    from_period: str
    what: str
    before: str
    after: str
    who: str
    when: datetime | None
    reason: str


def versions(facts, promise, sight):
    """Every version of the clauses, margins, targets and baselines, newest first."""
    given = facts.given
    clauses = {clause.id: clause for clause in promise.clauses}
    rows, before = [], {}
    for change in sorted(facts.changes, key=lambda change: change.from_index):
        clause = clauses[change.clause]
        if change.unit is not None and not sight.reaches(given.units[change.unit]):
            continue
        what, words = _what(given, promise, clause, change)
        key = what, change.clause, change.reading, change.unit
        row = VersionRow(
            from_period=term_name(change.from_index),
            what=what,
            before=before.get(key, ""),
            after=words,
            who=change.who or "Plan file",
            when=change.when,
            reason=change.reason,
        )
        before[key] = words
        rows.append(row)
    return tuple(reversed(rows))


def _what(given, promise, clause, change):
    """What was changed, and to what, in words."""
    several = len(promise.clauses) > 1
    of = f", {clause.title}" if several else ""
    if isinstance(change.what, Terms):
        words = _rule_words(change.what)
        levels = _level_words(given, clause, change.what)
        return f"Rule{of}", f"{words}, {levels}" if levels else words
    reading = next(one for one in clause.readings if one.id == change.reading)
    on = scales(given, promise, clause, reading, None)
    if len(clause.readings) > 1:
        of = f"{of}, {on.measure.name}"
    whose = "" if change.unit in (None, given.trust) else f" of {given.units[change.unit].name}"
    if isinstance(change.what, Aim):
        return f"Target{whose}{of}", target_words(on, change).rsplit(", from ", 1)[0]
    if isinstance(change.what, ReadingTerms):
        return f"Margins{of}", _margin_words(on, change.what)
    return f"Baseline{whose}{of}", baseline_words(on, change.what.start)


def _rule_words(terms):
    """All of a version that decides a colour, in words."""
    words = [RULES[terms.rule]]
    if terms.operator and terms.rule != "done":
        words.append(OPERATORS.get(terms.operator, terms.operator.replace("_", " ")))
    words.append("by a date" if terms.by_a_date else "always")
    words.append(LEVELS[terms.level])
    if terms.provider:
        words.append(f"compared with {terms.provider}")
    if terms.baseline is not None:
        words.append(f"baseline {terms.baseline.name}")
    if terms.months_allowed:
        words.append(f"limit {counted(terms.months_allowed, 'months')}")
    if terms.share is not None:
        words.append(f"in {terms.share}% of schools")
    if terms.rated_by:
        words.append(f"rated by {RATERS[terms.rated_by]}")
    if terms.plan_counts:
        words.append("a plan counts")
    return ", ".join(words)


def _level_words(given, clause, terms):
    """The level to reach on each version of the scale: at least Good (2019 framework)."""
    told = []
    for reading in clause.readings:
        versions = given.scales.get(given.measures[reading.measure].scale, ())
        several = sum(version.id in terms.scale_targets for version in versions) > 1
        for version in versions:
            place = terms.scale_targets.get(version.id)
            if place is not None:
                on = f" ({version.name})" if several else ""
                told.append(f"at least {version.levels[place].name}{on}")
    return ", ".join(dict.fromkeys(told))


def _margin_words(on, own):
    parts = [
        (own.margin, "close within"),
        (own.tolerance, "in line within"),
        (own.step, "smallest step"),
    ]
    told = [f"{words} {on.shown.plain(value)}" for value, words in parts if value is not None]
    return ", ".join(told) or "as usual for such a measure"
