"""The results of a judged plan: one per KPI and school, one per KPI of the trust as a whole."""

from collections import Counter

from kpis.rag.due import due_of
from kpis.rag.given import Basis
from kpis.rag.scales import aim_of, scales
from kpis.rag.side import Sign
from kpis.rag.verdict import Mark, Reason, Status

from .cells import Result
from .pooling import trust_said

ORDER = (Status.RED, Status.AMBER, Status.GREEN, Status.GREY)
MISSING = frozenset({Reason.NO_DATA, Reason.STALE})
# What a school cannot mend: a leader says what the target, the level or the baseline is.
OPEN = frozenset({Reason.NO_TARGET, Reason.NO_MAPPING, Reason.NO_LIKE_FOR_LIKE})


def school_result(judged, school):
    """What one school's cell shows; None where nothing is asked of it."""
    cell = judged.schools.get(school)
    if cell is None:
        return None
    return _of_school(cell, judged.line(cell.deciding), school)


def school_results(judged):
    """The same of every school that is asked: {school: result}."""
    lines = {line.clause.id: line for line in judged.lines}
    return {
        school: _of_school(cell, lines.get(cell.deciding), school)
        for school, cell in judged.schools.items()
    }


def _of_school(cell, line, school):
    if line is None:
        return Result(cell.verdict, None, None, school)
    return Result(cell.verdict, line.schools.get(school), line.clause, school)


def trust_result(given, judged):
    """What the trust's cell shows: the roll-up's letter, and all schools' figure."""
    line = judged.line(judged.trust.deciding)
    said = trust_said(given, line) if line else None
    return Result(judged.trust.verdict, said, line and line.clause, given.trust)


def clause_result(line, school):
    """The same for one clause and one school."""
    said = line.schools.get(school)
    return None if said is None else Result(said.verdict, said, line.clause, school)


def clause_trust_result(given, line):
    """The same for one clause and the trust."""
    return Result(line.trust.verdict, trust_said(given, line), line.clause, given.trust)


def is_late(result):
    """Missing, and its deadline has passed."""
    return result.verdict.reason in MISSING and Mark.LATE in result.verdict.marks


def got_worse(result):
    """The figure moved to the bad side since the last like-for-like period."""
    said = result.said
    return (
        said is not None
        and said.before_period is not None
        and said.shown is not None
        and said.got_worse
    )


def is_falling(result):
    """On target, and moving away from it."""
    return result.verdict.status is Status.GREEN and got_worse(result)


def counts_of(results):
    """How many stand where, in the order of the tiles, as (status, count) pairs."""
    tally = Counter(result.verdict.status for result in results)
    return [(status, tally[status]) for status in ORDER]


# What is promised, in few words

_SHORT_SIGNS = {
    Sign.AT_LEAST: "{} min",
    Sign.AT_MOST: "{} max",
    Sign.MORE_THAN: "over {}",
    Sign.LESS_THAN: "under {}",
}
_SPOKEN_SIGNS = {
    Sign.AT_LEAST: "{} or more",
    Sign.AT_MOST: "{} or less",
    Sign.MORE_THAN: "more than {}",
    Sign.LESS_THAN: "less than {}",
}
_BASES = {
    Basis.TERM: "by term",
    Basis.YEAR_TO_DATE: "year to date",
    Basis.ACADEMIC_YEAR: "school year",
    Basis.FINANCIAL_YEAR: "financial year",
}


def promised(given, promise, clause):
    """The promise of a clause as the trust's row shows it, short and spoken."""
    if not clause.readings:
        return "", ""
    on = scales(given, promise, clause, clause.readings[0], None)
    match on.terms.rule:
        case "threshold" | "band":
            return _number(on)
        case "compare":
            return _outside(given, on)
        case "trend":
            better = "higher" if on.measure.better == "higher" else "lower"
            return better, f"{better} than at the baseline"
        case "gap" if on.terms.operator == "closed":
            return "no gap", "no gap"
        case "gap":
            return "narrower", "a narrower gap than at the baseline"
        case "scale":
            return _level(given, on)
        case "done":
            day = due_of(given, promise, clause).day
            return "done", f"done by {day.day} {day:%B %Y}" if day else "done"
        case "cases":
            months = on.terms.months_allowed
            limit = f"{months} month{'' if months == 1 else 's'}" if months else "none"
            return limit, f"every case settled within {limit}"
    return "rated", "a rating of on target, with evidence"


def _number(on):
    aim = aim_of(on, on.given.trust, on.given.term.index)
    if aim is None:
        return "not set", "no target set"
    shown = on.shown
    if on.terms.rule == "threshold" and aim.value is not None:
        sign = Sign(on.terms.operator)
        short = _SHORT_SIGNS[sign].format(shown.plain(aim.value))
        return short, _SPOKEN_SIGNS[sign].format(shown.write(aim.value))
    if aim.value is not None:
        return f"about {shown.plain(aim.value)}", f"about {shown.write(aim.value)}"
    if aim.low is None or aim.high is None:
        return "not set", "no number set yet"
    return (
        f"{shown.plain(aim.low)} to {shown.plain(aim.high)}",
        f"{shown.write(aim.low)} to {shown.write(aim.high)}",
    )


def _outside(given, on):
    series = given.series.get(on.measure.series)
    provider = on.terms.provider or (series.provider if series else "")
    wish = {
        "in_line_or_better": "in line with {} or better",
        "above": "above {}",
        "below": "below {}",
        "significantly_better": "significantly better than {}",
        "in_line": "in line with {}",
    }[on.terms.operator]
    short = {"above": "above", "below": "below", "significantly_better": "beyond"}
    whom = provider if 0 < len(provider) <= 8 else "others"
    said = wish.format(provider or "the outside figure")
    return f"{short.get(on.terms.operator, 'as')} {whom}", said


def _level(given, on):
    if on.terms.operator == "improve":
        return "higher", "at least one level higher"
    if on.terms.operator == "maintain_or_improve":
        return "kept", "no lower than on joining"
    names = [
        version.levels[place].name
        for version in given.scales.get(on.measure.scale, ())
        if (place := on.terms.scale_targets.get(version.id)) is not None
    ]
    return (names[-1], f"{names[-1]} or higher") if names else ("not set", "no target set")


def basis_of(given, clause):
    """What span the figures of a row cover, in words; "" for what is dated or done."""
    measures = {reading.measure for reading in clause.readings}
    bases = {given.measures[measure].basis for measure in measures}
    return _BASES.get(bases.pop(), "") if len(bases) == 1 else ""
