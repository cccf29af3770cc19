"""A small trust with its plan, made of plain tuples. State only what matters.

The plan runs from September 2025 to August 2028, terms have their nominal days,
and a term is looked at a month after its end, when what is missing is late.
Periods are written as people name them: "autumn 2025" is a term, "2025/26 to
spring" a year to date, "2025/26" an academic year, a date that day.
"""

import re
from datetime import date, timedelta
from decimal import Decimal

from kpis.rag.applies import Place
from kpis.rag.given import (
    ALL_PUPILS,
    Aim,
    Answer,
    Basis,
    Clause,
    CollectingTerm,
    Done,
    DueDay,
    Given,
    Kind,
    Level,
    Measure,
    Outside,
    Period,
    Promise,
    Rated,
    Reading,
    ReadingTerms,
    ScaleVersion,
    Series,
    Settings,
    Start,
    Terms,
    Unit,
    WhyNone,
    index_of,
    nominal_days,
)
from kpis.rag.judging import judge_one

TRUST = 100
PLAN_STARTS, PLAN_ENDS = date(2025, 9, 1), date(2028, 8, 31)
BEFORE_ALL = 0  # a version from the first term on
PARTS = {"autumn": 1, "spring": 2, "summer": 3}


def number(text):
    return None if text is None else Decimal(text)


# When


def term(words):
    """The index of a term: "autumn 2025"."""
    name, year = words.split()
    return (int(year) - (name != "autumn")) * 3 + PARTS[name] - 1


def period(words):
    """A term, a year to date, an academic year or a day."""
    if isinstance(words, date):
        index = index_of(words)
        return Period(Basis.DATE, index // 3, index % 3 + 1, words, words, f"{words:%d %B %Y}")
    if match := re.fullmatch(r"(\d{4})/\d\d to (\w+)", words):
        year, part = int(match[1]), PARTS[match[2]]
        ends = nominal_days(year * 3 + part - 1)[1]
        return Period(Basis.YEAR_TO_DATE, year, part, date(year, 9, 1), ends, words)
    if match := re.fullmatch(r"(\d{4})/\d\d", words):
        year = int(match[1])
        whole = date(year, 9, 1), date(year + 1, 8, 31)
        return Period(Basis.ACADEMIC_YEAR, year, 3, *whole, words)
    year, part = divmod(term(words), 3)
    return Period(Basis.TERM, year, part + 1, *nominal_days(term(words)), words)


# Who


def make_unit(pk=1, kind="school", *, joined=date(2015, 9, 1), phase="primary", **more):
    """A primary school that has always been in the trust, unless said otherwise."""
    place = {
        key: more.pop(key)
        for key in ("church", "sixth_form", "improvement_phases", "served", "has_parts")
        if key in more
    }
    more.setdefault("name", f"Unit {pk}")
    where = Place(id=pk, kind=kind, phase=phase, **place)
    return Unit(pk, kind, phase=phase, place=where, joined=joined, **more)


def make_schools(number, **more):
    return [make_unit(pk, **more) for pk in range(1, number + 1)]


# What


def make_measure(pk=1, kind="percentage", **more):
    """A percentage worked out from two counts, asked of every school every term."""
    is_figure = kind in ("percentage", "rate")
    defaults = {
        "code": f"measure-{pk}",
        "name": f"Measure {pk}",
        "unit": {"percentage": "%", "number": "vacancies", "rate": "per 100 pupils"}.get(kind, ""),
        "decimals": {"percentage": 1, "rate": 2, "score": 2}.get(kind, 0),
        "better": "higher",
        "basis": Basis.TERM,
        "of": "school",
        "asked": frozenset({1, 2, 3}),
        "counts": "both" if is_figure else "weight" if kind == "score" else "none",
        "per": 100 if is_figure else 1,
    }
    more = defaults | more
    more["asked"] = frozenset(PARTS.get(part, part) for part in more["asked"])
    more["basis"] = Basis(more["basis"])
    return Measure(pk, kind=Kind(kind), **more)


def make_clause(pk=1, rule="threshold", operator=">=", *, reads=1, **more):
    """At least 95.0 in each school, unless said otherwise; margin 1.0.

    ``targets`` stand in place of ``target`` where there are several, ``starts``
    are baselines that are in no entry, ``versions`` what changes by the name of
    the term from which it holds.
    """
    numbers = {key: number(more.pop(key, None)) for key in ("tolerance", "step")}
    margin = number(more.pop("margin", "1.0"))
    target, path = more.pop("target", "95.0"), more.pop("path", "")
    first_aim = [make_aim(target, path=path)] if rule in ("threshold", "band") else []
    aims = more.pop("targets", first_aim)
    starts, versions = tuple(more.pop("starts", ())), more.pop("versions", {})
    title = more.pop("title", f"Clause {pk}")
    own = ReadingTerms(BEFORE_ALL, margin, **numbers, applicability=more.pop("only", None))
    if isinstance(more.get("baseline"), str):
        more["baseline"] = period(more["baseline"])
    if "share" in more:
        more["share"] = number(more["share"])
    first = Terms(BEFORE_ALL, rule, more.pop("level", "school"), operator, **more)
    reads = [reads] if isinstance(reads, int) else reads
    return Clause(
        pk,
        f"c{pk}",
        title,
        (first, *(changed(first, since, **what) for since, what in versions.items())),
        tuple(
            Reading(pk * 10 + place, measure, (own,), starts, tuple(aims))
            for place, measure in enumerate(reads)
        ),
    )


def changed(terms, since, **what):
    fields = {name: getattr(terms, name) for name in Terms.__dataclass_fields__} | what
    return Terms(**(fields | {"from_index": term(since)}))


def make_aim(target, *, unit=TRUST, since=None, path="", steps=()):
    """A target: a number, a range "8 to 12", or None for words that name none."""
    low, _, high = (target or "").partition(" to ")
    is_range = bool(high)
    return Aim(
        unit,
        BEFORE_ALL if since is None else term(since),
        None if is_range else number(target),
        number(low) if is_range else None,
        number(high) if is_range else None,
        path,
        tuple((term(by), number(value)) for by, value in steps),
    )


def make_start(value=None, *, unit=1, dated=None, entry=None, since=None, season=0, **more):
    """A baseline in no entry, printed unless ``entry`` names the period of one."""
    return Start(
        unit=unit,
        group=more.pop("group", ALL_PUPILS),
        season=season,
        from_index=BEFORE_ALL if since is None else term(since),
        entry_period=entry and period(entry),
        value=number(value),
        dated=dated and period(dated),
        printed="currently" if entry is None else "",
        **more,
    )


GRADES = ScaleVersion(
    1,
    "Grades",
    None,
    (
        Level(1, "weak", "Weak", failing=True),
        Level(2, "fair", "Fair"),
        Level(3, "good", "Good"),
        Level(4, "best", "Best"),
    ),
)
PLACES = {level.key: (1, place) for place, level in enumerate(GRADES.levels)}


def make_level_measure(pk=1, **more):
    return make_measure(pk, "level", **({"basis": Basis.DATE, "scale": 1} | more))


# What has been said


def answer(about, figure=None, **more):
    """A figure "94.1", counts "94 of 100", a score "0.30 for 60", or what is named."""
    of = period(about)
    counts = {}
    if figure is not None and " of " in figure:
        numerator, denominator = (Decimal(count) for count in figure.split(" of "))
        share = 100 * numerator / denominator if denominator else Decimal(0)
        counts = {"numerator": numerator, "denominator": denominator, "value": round(share, 6)}
    elif figure is not None and " for " in figure:
        value, pupils = figure.split(" for ")
        counts = {"value": Decimal(value), "denominator": Decimal(pupils)}
    elif figure is not None:
        counts = {"value": Decimal(figure)}
    if "level" in more:
        more["level"] = PLACES.get(more["level"], more["level"])
    if "done" in more:
        more["done"] = Done(more["done"])
    if "why_none" in more:
        more["why_none"] = WhyNone(more["why_none"])
    collected = more.pop("collected", None)
    return Answer(of, of.index if collected is None else term(collected), **(counts | more))


def rated(on, rating="green", **more):
    defaults = {
        "external": False,
        "rated_by": "school",
        "reviewer": "A. Reader",
        "evidence": "Two visits",
    }
    return Rated(on=on, rating=rating, **(defaults | more))


def make_outside(figure, about, *, scope="everyone", release="final", **more):
    """A published figure; None says that it is not published."""
    scope, _, code = scope.partition(":")
    return Outside(
        scope,
        code,
        more.pop("group", ALL_PUPILS),
        period(about),
        release,
        number(figure),
        not_published=figure is None,
        **more,
    )


def make_series(*figures, pk=1, provider="DfE", what="attendance", basis="term"):
    return Series(pk, provider, what, Basis(basis), tuple(figures))


def due(day, *, step=1, **more):
    return DueDay(step=step, label=more.pop("label", ""), day=day, **more)


# All of it


def make_promise(*clauses, combine="all", role="kpi", dues=(), pk=1):
    return Promise(pk, role, f"K{pk}", f"Promise {pk}", combine, tuple(clauses), tuple(dues))


def make_given(*clauses, at="autumn 2025", answers=None, units=None, measures=None, **more):
    """One promise of a trust with one school, looked at a month after the term.

    ``answers`` maps a unit, (measure, unit) or (measure, unit, group) to what it
    has sent, oldest first; ``ratings`` the same, ``cases`` (measure, unit).
    """
    collecting = period(at)
    schools = [make_unit()] if units is None else units
    asked = [make_measure()] if measures is None else measures
    clauses = clauses or (make_clause(),)
    promise = make_promise(
        *clauses,
        combine=more.pop("combine", "all"),
        role=more.pop("role", "kpi"),
        dues=more.pop("dues", ()),
    )
    month_later = collecting.ends + timedelta(30)
    last_day = more.pop("due", collecting.ends + timedelta(14))
    series = more.pop("series", ())
    everybody = [make_unit(TRUST, "trust", phase="all"), *schools]
    return Given(
        trust=TRUST,
        settings=Settings(**more.pop("settings", {})),
        plan_starts=more.pop("plan_starts", PLAN_STARTS),
        plan_ends=PLAN_ENDS,
        term=CollectingTerm(
            collecting,
            last_day,
            more.pop("as_at", month_later),
            is_closed=more.pop("is_closed", False),
        ),
        calendar=more.pop("calendar", {}),
        units={unit.id: unit for unit in everybody},
        measures={measure.id: measure for measure in asked},
        scales=more.pop("scales", {1: (GRADES,)}),
        promises=(promise,),
        answers=_by_question(answers or {}),
        ratings=_by_question(more.pop("ratings", {})),
        series={one.id: one for one in series},
        complements=more.pop("complements", {"disadvantaged": "others"}),
        group_names={"disadvantaged": "Disadvantaged", "send": "SEND"},
        **more,
    )


def _by_question(told):
    questions = {}
    for key, answers in told.items():
        measure, unit, group = _question(*key) if isinstance(key, tuple) else _question(1, key)
        questions[measure, unit, group] = tuple(answers)
    return questions


def _question(measure, unit, group=ALL_PUPILS):
    return measure, unit, group


def judge(given):
    return judge_one(given, given.promises[0])


def said(given, unit=1, line=0):
    """What the first clause says of a unit."""
    return judge(given).lines[line].units[unit]


def said_of_trust(given, line=0):
    return judge(given).lines[line].trust
