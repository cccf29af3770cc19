"""Small plans at random: what holds whatever is promised, sent, missing or claimed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import kpis.rag
from kpis.rag.applies import Applicability
from kpis.rag.given import Given, Logged, Manual
from kpis.rag.judging import judge_all
from kpis.rag.verdict import Reason, Status

from .builders import (
    PLACES,
    TRUST,
    answer,
    due,
    judge,
    make_aim,
    make_clause,
    make_given,
    make_level_measure,
    make_measure,
    make_outside,
    make_series,
    make_start,
    make_unit,
    rated,
)
from .sentences import colour_of, said

JOINED = [
    date(2015, 9, 1),
    date(2015, 9, 1),
    date(2025, 9, 1),
    date(2025, 10, 15),
    date(2026, 1, 1),
]
TERMS = [
    "autumn 2024",
    "spring 2025",
    "summer 2025",
    "autumn 2025",
    "spring 2026",
    "summer 2026",
    "autumn 2026",
]
YEARS = ["2023/24", "2024/25", "2025/26"]
TO_DATE = [
    "2024/25 to autumn",
    "2024/25 to spring",
    "2024/25",
    "2025/26 to autumn",
    "2025/26 to spring",
    "2025/26",
]
LAST_YEAR = {"basis": "academic_year", "asked": {"autumn"}, "about_last": True}
BEFORE = {"baseline": "2024/25"}
GAP = {"rule": "gap", "group": "disadvantaged", "against": "same_school", **BEFORE}
FIGURES = {
    "a termly share": ({}, TERMS),
    "a termly share, seasonal": ({"seasonal": True, "better": "lower"}, TERMS),
    "a share to date": ({"basis": "year_to_date", "seasonal": True, "series": 1}, TO_DATE),
    "last year's share": (LAST_YEAR | {"series": 1}, YEARS),
    "last year's score": (LAST_YEAR | {"kind": "score", "min_to_judge": 0}, YEARS),
    "a count": ({"kind": "number", "about_pupils": False}, TERMS),
    "money": ({"kind": "money", "about_pupils": False}, TERMS),
    "a survey": ({"survey": True, "counts": "none", **LAST_YEAR}, YEARS),
}
RULES = [
    {},
    {"operator": "<", "margin": "0"},
    {"target": None},
    {"path": "even", "target": "90", "margin": "5", **BEFORE},
    {"by_a_date": True},
    {"at_period_end": True},
    {"rule": "band", "target": "40 to 90"},
    {"rule": "compare", "operator": "above"},
    {"rule": "compare", "operator": "in_line_or_better", "tolerance": "0.5"},
    {"rule": "compare", "operator": "significantly_better", "carries_release": True},
    {"rule": "trend", "operator": "improve", **BEFORE},
    {"operator": "narrow", **GAP},
    {"operator": "closed", **GAP},
]


def figure_sent(dice, kind, about):
    """One answer about a period: a figure, or now and then a reason why there is none."""
    provisional = dice.random() < 0.2
    if dice.random() < 0.05:
        why = dice.choice(["not_applicable", "too_few", "not_available"])
        accepted = dice.random() < 0.5
        return answer(about, why_none=why, claim_accepted=accepted, provisional=provisional)
    whole = dice.choice([100, 100, 100, 200, 20, 6, 4, 0])
    part = whole * dice.choice([0, 45, 60, 60, 61, 62, 80, 90, 93, 94, 95, 96, 100]) // 100
    if kind == "score":
        return answer(about, f"{dice.randint(-30, 30) / Decimal(100)} for {whole}")
    if kind == "survey":
        return answer(about, str(part), respondents=whole, provider=dice.choice(["", "Old", "New"]))
    figure = str(part) if kind in ("number", "money") else f"{part} of {whole}"
    return answer(about, figure, provisional=provisional)


def figures_sent(dice, kind, periods):
    """Most of the periods, oldest first; one unit in six has sent nothing."""
    if dice.random() < 0.15:
        return []
    told = [figure_sent(dice, kind, about) for about in periods if dice.random() < 0.9]
    return sorted(told, key=lambda one: (one.period.index, one.period.ends))


def some_units(dice):
    """One to four schools of two phases; perhaps some are new or gone, or one is in two parts."""
    units = [
        make_unit(
            pk,
            phase=dice.choice(["primary", "secondary"]),
            left=dice.choice([None, None, None, None, date(2026, 2, 10)]),
            joined=dice.choice(JOINED),
        )
        for pk in range(1, dice.randint(1, 4) + 1)
    ]
    if dice.random() < 0.3:
        units += [
            make_unit(50, phase="all_through", has_parts=True),
            make_unit(51, "part", parent=50, phase="primary", pupils=100),
            make_unit(52, "part", parent=50, phase="secondary", pupils=200),
        ]
    return units


def figure_clause(dice, pk, kind):
    rule = dict(dice.choice(RULES))
    level = dice.choice(["school", "school", "trust"])
    pool = "sum" if kind in ("number", "money") else "pooled"
    roll_up = pool if level == "trust" else dice.choice(["each_school", "each_school", pool])
    if kind == "survey":
        level, roll_up = "school", "each_school"
    if rule.get("rule") == "trend" and dice.random() < 0.3:
        rule["starts"] = [make_start("60", unit=dice.choice([1, TRUST]))]
    if not rule.get("rule") and "path" not in rule and dice.random() < 0.3:
        rule["targets"] = [make_aim("50"), make_aim("80", unit=1, since="spring 2026")]
    return make_clause(pk, reads=pk, level=level, roll_up=roll_up, **rule)


def other_clause(dice, pk):
    """(measure, clause, one thing that a unit may say) of what is held, done, logged or rated."""

    def some_day():
        return dice.choice([date(2024, 11, 5), date(2025, 10, 3), date(2026, 3, 9)])

    match dice.choice(["level", "inspection", "done", "cases", "rating"]):
        case "level" | "inspection" as kind:
            operator = dice.choice(["at_least", "improve", "maintain_or_improve"])
            more = {"scale_targets": {1: 2}, "by_a_date": dice.random() < 0.3, **BEFORE}
            return (
                make_level_measure(pk, inspection=kind == "inspection"),
                make_clause(pk, "scale", operator, reads=pk, **more),
                lambda: answer(some_day(), level=dice.choice(list(PLACES))),
            )
        case "done":
            more = {
                "repeated": dice.choice(["", "term", "year"]),
                "plan_counts": dice.random() < 0.5,
            }
            return (
                make_measure(pk, "yes_no", basis="date"),
                make_clause(pk, "done", "", reads=pk, **more),
                lambda: answer(some_day(), done=dice.choice(["yes", "not_yet", "at_risk"])),
            )
        case "cases":
            return (
                make_measure(pk, "cases", about_pupils=False),
                make_clause(pk, "cases", "", reads=pk, months_allowed=1),
                lambda: answer(dice.choice(TERMS), dice.choice(["0 of 3", "1 of 3", "0 of 0"])),
            )
    return (
        make_measure(pk, "rating", basis="date"),
        make_clause(pk, "judged", "", reads=pk),
        lambda: rated(
            some_day(),
            dice.choice(["green", "amber", "red"]),
            external=dice.random() < 0.5,
            rated_by="school",
        ),
    )


LOGGED = Logged(date(2025, 9, 20), collected=2025 * 3)
SERIES = [
    make_series(
        make_outside("70.0", "2024/25 to autumn", scope="phase:primary"),
        make_outside("60.0", "2025/26 to autumn", scope="phase:primary"),
        make_outside("65.0", "2025/26 to autumn", scope="phase:secondary"),
        make_outside("62.0", "2024/25"),
        make_outside(None, "2025/26"),
        basis="year_to_date",
    )
]


def plan_of(seed):
    """A promise of one to three clauses, with whatever has been sent for it.

    Thrown with dice of our own: hypothesis picks the seed, and is much slower
    at drawing every figure by itself.
    """
    dice = Random(seed)
    units = some_units(dice)
    measures, clauses, answers, ratings = [], [], {}, {}
    for pk in range(1, dice.randint(1, 3) + 1):
        if dice.random() < 0.7:
            more, periods = FIGURES[dice.choice(list(FIGURES))]
            measure = make_measure(pk, **more)
            kind = "survey" if measure.survey else str(measure.kind)
            clause = figure_clause(dice, pk, kind)
            for unit in units:
                for group in ("all", "disadvantaged"):
                    answers[pk, unit.id, group] = figures_sent(dice, kind, periods)
        else:
            measure, clause, one = other_clause(dice, pk)
            for unit in units:
                told = [one() for _ in range(dice.randint(0, 3))]
                if measure.kind == "rating":
                    ratings[pk, unit.id] = sorted(told, key=lambda rating: rating.on)
                else:
                    answers[pk, unit.id] = sorted(told, key=lambda one: one.period.ends)
        measures.append(measure)
        clauses.append(clause)
    return make_given(
        *clauses,
        at=dice.choice([*TERMS, *TERMS[3:]]),
        combine=dice.choice(["all", "any"]),
        units=units,
        measures=measures,
        answers=answers,
        ratings=ratings,
        cases={(1, 1): (LOGGED,)} if dice.random() < 0.2 else {},
        series=SERIES,
        overrides=dice.choice([{}, {}, {}, {(1, 1): Manual("green", "seen", "A. Leader")}]),
        dues=dice.choice([[], [due(date(2026, 1, 20))], [due(date(2026, 8, 31))]]),
    )


seeds = st.integers(0, 10**9)
any_plan = settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.generate])


def with_(given: Given, **more) -> Given:
    return replace(given, **more)


def every_verdict(result):
    """All that a page may show of one promise, with where it stands."""
    yield "trust", result.trust.verdict
    for school, cell in result.schools.items():
        yield f"school {school}", cell.verdict
    for line in result.lines:
        yield f"{line.clause.title}", line.trust.verdict
        if line.together:
            yield f"{line.clause.title}, together", line.together.verdict
        for unit, one in (line.units | line.schools).items():
            yield f"{line.clause.title}, unit {unit}", one.verdict


@given(seeds)
@any_plan
def test_whatever_has_been_sent_there_is_a_verdict_and_its_sentence_says_why(seed):
    plan = plan_of(seed)
    for where, verdict in every_verdict(judge(plan)):
        words, because = said(verdict.sentence)
        assert words == verdict.status.words
        assert because.strip(), where
        if verdict.status.is_colour and "set by A. Leader" not in because:
            assert colour_of(because) == words, where


@given(seeds)
@any_plan
def test_nobody_but_the_plan_and_its_figures_has_a_say(seed):
    """Neither the order in which things were read, nor anything read before."""
    plan = plan_of(seed)
    turned = with_(
        plan,
        units=dict(reversed(plan.units.items())),
        measures=dict(reversed(plan.measures.items())),
        answers=dict(reversed(plan.answers.items())),
        ratings=dict(reversed(plan.ratings.items())),
    )

    assert judge_all(turned) == judge_all(plan) == judge_all(plan)


def test_no_rule_reads_a_clock_a_file_or_a_setting():
    for module in Path(kpis.rag.__file__).parent.rglob("*.py"):
        text = module.read_text()
        for reader in (".today()", ".now(", "time.time", "open(", "environ", "import random"):
            assert reader not in text, module.name


@given(seeds, st.integers(0, 99))
@any_plan
def test_a_school_to_which_nothing_applies_never_changes_the_trusts_line(seed, pick):
    plan = plan_of(seed)
    schools = [u for u in plan.units.values() if u.kind == "school" and not u.place.has_parts]
    like = schools[pick % len(schools)]
    none = Applicability(exceptions=((99, 0, False),))
    answers = {
        (m, 99, group): told for (m, unit, group), told in plan.answers.items() if unit == like.id
    }
    more = with_(
        plan,
        units=plan.units | {99: replace(like, id=99, place=replace(like.place, id=99))},
        measures={
            pk: replace(measure, applicability=none) for pk, measure in plan.measures.items()
        },
        answers=plan.answers | answers,
    )

    before, after = judge(plan).trust.verdict, judge(more).trust.verdict

    assert (before.status, before.marks) == (after.status, after.marks)
    # Of nobody and not applicable together the reason is the plainer of the two.
    assert before.reason is after.reason or before.status is Status.NOT_APPLICABLE


@given(seeds)
@any_plan
def test_a_school_off_target_never_improves_a_line_of_each_school(seed):
    plan = plan_of(seed)
    extra = make_unit(99)
    off = {
        (pk, 99, group): (answer("autumn 2025", "1 of 1000"),)
        for pk in plan.measures
        for group in ("all", "disadvantaged")
    }
    more = with_(plan, units=plan.units | {99: extra}, answers=plan.answers | off)
    before, after = judge(plan), judge(more)

    for old, new in zip(before.lines, after.lines, strict=True):
        is_off = 99 in new.units and new.units[99].verdict.status is Status.RED
        if is_off and new.clause.terms[0].roll_up == "each_school" and new.trust.verdict.counts:
            assert new.trust.verdict.status.rank <= old.trust.verdict.status.rank
            if not new.trust.verdict.figure:  # what is done is counted, not each judged
                assert new.trust.verdict.status is Status.RED


@given(
    st.sampled_from(RULES),
    st.sampled_from(["autumn 2025", "spring 2026"]),
    st.sampled_from(["higher", "lower"]),
)
@settings(deadline=None)
def test_nought_and_nothing_never_turn_into_each_other(rule, at, better):
    clause = make_clause(**rule)
    measure = make_measure(better=better)

    def said_of(figure):
        told = [] if figure is None else [answer(at, figure)]
        both = {(1, 1, group): told for group in ("all", "disadvantaged")}
        if figure is not None and clause.terms[0].rule == "gap":
            both[1, 1, "all"] = [answer(at, "0 of 200")]
        given = make_given(clause, at=at, measures=[measure], answers=both)
        return judge(given).lines[0].units[1]

    nought, nothing = said_of("0 of 100"), said_of(None)

    assert nothing.verdict.reason is Reason.NO_DATA
    assert nothing.figure is None
    assert nought.verdict.reason is not Reason.NO_DATA
    assert nought.figure == 0


@given(seeds, st.integers(0, 99))
@any_plan
def test_what_is_missing_never_makes_green(seed, pick):
    """Take one unit's figures away: its line of the trust is green no more."""
    plan = plan_of(seed)
    result = judge(plan)
    for line in result.lines:
        measure = plan.measures[line.clause.readings[0].measure]
        if not line.units or line.clause.terms[0].rule in ("done", "judged", "cases", "scale"):
            continue
        unit = sorted(line.units)[pick % len(line.units)]
        rest = {q: told for q, told in plan.answers.items() if q[:2] != (measure.id, unit)}
        after = judge(with_(plan, answers=rest)).line(line.clause.id)

        if after.units[unit].verdict.reason is Reason.NO_DATA:
            is_sum = line.clause.terms[0].roll_up == "sum"
            assert after.trust.verdict.status is not Status.GREEN or is_sum


@given(seeds)
@any_plan
def test_nobody_is_judged_on_fewer_than_six(seed):
    plan = plan_of(seed)
    for line in judge(plan).lines:
        for one in line.units.values():
            measure = plan.measures[one.measure] if one.measure else None
            if one.verdict.status.is_colour and one.base is not None and measure.about_pupils:
                floor = 6 if measure.min_to_judge is None else measure.min_to_judge
                assert one.base >= floor


@given(seeds)
@any_plan
def test_no_sentence_names_a_unit(seed):
    plan = plan_of(seed)
    named = with_(
        plan, units={pk: replace(unit, name=f"Xyzzy {pk}") for pk, unit in plan.units.items()}
    )

    for where, verdict in every_verdict(judge(named)):
        assert "Xyzzy" not in verdict.sentence, where


@given(seeds)
@any_plan
def test_a_schools_line_of_its_own_needs_no_other_school(seed):
    """What one school's cell says is the same when it is the only one in the trust."""
    plan = plan_of(seed)
    result = judge(plan)
    for pk, cell in result.schools.items():
        its = {TRUST, pk} | {unit.id for unit in plan.units.values() if unit.parent == pk}
        alone = judge(with_(plan, units={unit: plan.units[unit] for unit in its}))
        assert alone.schools[pk] == cell


def test_a_term_before_all_figures_has_no_colour_but_levels_and_deeds():
    given = make_given(at="autumn 2024", answers={1: [answer("autumn 2024", "96 of 100")]})

    assert judge(given).trust.verdict.status is Status.GREY
