"""Which answers are read: no others can be looked at by any rule."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kpis.facts.looked_at import (
    ALL,
    compares_with_the_year_before,
    has_always_been_here,
    looked_at,
    open_questions,
)
from kpis.rag.choose import has_figure
from kpis.rag.given import CollectingTerm
from kpis.rag.judging import judge_all
from tests.kpis.rag.builders import (
    PLACES,
    TRUST,
    answer,
    make_aim,
    make_clause,
    make_given,
    make_level_measure,
    make_measure,
    make_start,
    make_unit,
    period,
    term,
)
from tests.kpis.rag.test_whole_plan import every_verdict, figure_sent

PLAN_STARTS = date(2023, 9, 1)
NAMES = [
    f"{part} {year + (part != 'autumn')}"
    for year in range(2020, 2026)
    for part in ("autumn", "spring", "summer")
]


def collecting(words):
    its = period(words)
    return CollectingTerm(its, its.ends + timedelta(14), its.ends + timedelta(30))


def last_two(words):
    """A term and the one before it, as a page judges them."""
    return [collecting(NAMES[NAMES.index(words) - back]) for back in (0, 1)]


def read(given, terms):
    """The answers that would be read of these: those looked at, and what is left open."""
    last = given.term.index
    sent = {
        question: tuple(a for a in told if a.period.index <= last or a.collected <= last)
        for question, told in given.answers.items()
    }
    looked = looked_at(given, terms)
    near = {
        question: tuple(a for a in told if looked[question[0]].has(a.period.index))
        for question, told in sent.items()
    }
    since = {}
    for question in open_questions(replace(given, answers=near), looked, terms):
        reached = farther_back(given, sent.get(question, ()), looked[question[0]], *question[:2])
        since[question[0]] = min(since.get(question[0], reached), reached)
    return sent, {
        question: tuple(
            a
            for a in told
            if looked[question[0]].has(a.period.index)
            or a.period.index >= since.get(question[0], a.period.index + 1)
        )
        for question, told in sent.items()
    }


def farther_back(given, told, looked, measure, unit):
    """How far back the last two older figures lie, as the database is asked."""
    older = [a for a in told if a.period.index < looked.since]
    if not older:
        return looked.since
    if not has_always_been_here(given, given.units[unit]):
        return ALL
    figures = sorted({a.period.index for a in older if has_figure(a)}, reverse=True)
    reached = figures[1] if len(figures) > 1 else older[0].period.index
    return reached - 3 * compares_with_the_year_before(given.measures[measure])


# By hand

TO_DATE = {"basis": "year_to_date", "seasonal": True}
LAST_YEAR = {"basis": "academic_year", "asked": {"autumn"}, "about_last": True}
IN_SUMMER = {"basis": "academic_year", "asked": {"summer"}}
WAY = {"path": "even", "baseline": "autumn 2023"}
TREND = {"rule": "trend", "operator": "improve"}


@pytest.mark.parametrize(
    ("measure", "clause", "expected"),
    [
        pytest.param({}, {}, "spring 2025, summer 2025, autumn 2025", id="of a term"),
        pytest.param(
            {"seasonal": True},
            {},
            "summer 2024, autumn 2024, summer 2025, autumn 2025",
            id="follows the seasons",
        ),
        pytest.param(
            TO_DATE, {}, "summer 2024, autumn 2024, summer 2025, autumn 2025", id="to date"
        ),
        pytest.param(LAST_YEAR, {}, "summer 2023, summer 2024, summer 2025", id="of last year"),
        pytest.param(IN_SUMMER, {}, "summer 2024, summer 2025", id="carried"),
        pytest.param(
            LAST_YEAR,
            {**TREND, "baseline": "2021/22"},
            "summer 2022, summer 2023, summer 2024, summer 2025",
            id="the baseline's year",
        ),
        pytest.param(
            {},
            {**TREND, "starts": [make_start(entry="spring 2022"), make_start("80")]},
            "spring 2022, spring 2025, summer 2025, autumn 2025",
            id="a unit's own baseline",
        ),
        pytest.param(
            {},
            {**WAY, "baseline": "summer 2023"},
            "summer 2023, autumn 2023, spring 2024, summer 2024, autumn 2024, spring 2025,"
            " summer 2025, autumn 2025",
            id="whether the target was met before",
        ),
        pytest.param(
            {},
            {"targets": [make_aim("90"), make_aim("95", since="autumn 2024", path="even")]},
            "autumn 2024, spring 2025, summer 2025, autumn 2025",
            id="since a target has a path",
        ),
    ],
)
def test_what_can_be_looked_at_in_autumn_2025(measure, clause, expected):
    of = make_given(
        make_clause(**clause), measures=[make_measure(**measure)], plan_starts=PLAN_STARTS
    )

    looked = looked_at(of, last_two("autumn 2025"))[1]

    ends = NAMES[: NAMES.index("autumn 2025") + 1]
    if measure.get("basis") == "academic_year":
        ends = [name for name in ends if name.startswith("summer")]
    assert ", ".join(name for name in ends if looked.has(term(name))) == expected


@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(make_measure(1, "yes_no", basis="date"), id="a yes counts for good"),
        pytest.param(make_level_measure(inspection=True), id="the grade on joining"),
        pytest.param(make_measure(register="schools"), id="what the register says"),
        pytest.param(make_measure(asked=frozenset()), id="what no return asks for"),
    ],
)
def test_of_some_things_everything_is_looked_at(measure):
    of = make_given(measures=[measure])

    assert looked_at(of, last_two("autumn 2025"))[1].since == ALL


LONG_AGO, LAST_TERM, NOW = "autumn 2022", "summer 2025", "autumn 2025"
BEFORE_THAT = "spring 2025"


@pytest.mark.parametrize(
    ("told", "is_open"),
    [
        pytest.param([BEFORE_THAT, LAST_TERM, NOW], False, id="all are here"),
        pytest.param([BEFORE_THAT, LAST_TERM], False, id="not sent yet"),
        pytest.param([LAST_TERM, NOW], True, id="nothing to move from last term"),
        pytest.param([NOW], True, id="nothing to move from"),
        pytest.param([], True, id="nothing at all"),
    ],
)
def test_a_question_is_open_while_something_older_may_count(told, is_open):
    of = make_given(answers={1: [answer(about, "90 of 100") for about in told]})
    terms = last_two(NOW)

    assert bool(list(open_questions(of, looked_at(of, terms), terms))) is is_open


def test_an_old_figure_is_found_however_old_it_is():
    of = make_given(answers={1: [answer(LONG_AGO, "90 of 100"), answer(NOW, "95 of 100")]})

    _, found = read(of, last_two(NOW))

    assert [a.period.name for a in found[1, 1, "all"]] == [LONG_AGO, NOW]


def test_a_school_that_sends_everything_is_not_asked_for_its_history():
    of = make_given(answers={1: [answer(about, "90 of 100") for about in NAMES]})

    sent, found = read(of, last_two(NOW))

    assert len(sent[1, 1, "all"]) == 16
    assert [a.period.name for a in found[1, 1, "all"]] == [BEFORE_THAT, LAST_TERM, NOW]


# At random: nothing is missed

FIGURES = [
    ({}, "term"),
    ({"asked": {"autumn", "summer"}}, "term"),
    ({"asked": {"spring"}, "carried_terms": 5}, "term"),
    ({"seasonal": True, "better": "lower"}, "term"),
    ({"about_last": True}, "term"),
    ({"kind": "number", "about_pupils": False}, "term"),
    ({"kind": "cases", "about_pupils": False}, "term"),
    (TO_DATE, "to date"),
    (TO_DATE | {"asked": {"autumn", "spring"}}, "to date"),
    ({"basis": "year_to_date", "asked": {"spring", "summer"}}, "to date"),
    (LAST_YEAR, "year"),
    (LAST_YEAR | {"kind": "score", "min_to_judge": 0}, "year"),
    (IN_SUMMER | {"carried_terms": 6}, "year"),
    ({"basis": "academic_year", "asked": {"spring", "summer"}}, "year"),
    ({"survey": True, "counts": "none", **IN_SUMMER}, "year"),
    ({"asked": set()}, "term"),
]
BASELINES = {
    "term": ["autumn 2021", "summer 2023", None],
    "to date": ["2021/22 to autumn", "2022/23", None],
    "year": ["2020/21", "2022/23", None],
}
PERIODS = {
    "term": NAMES,
    "to date": [
        f"{year}/{year % 100 + 1}{part}"
        for year in range(2020, 2026)
        for part in (" to autumn", " to spring", "")
    ],
    "year": [f"{year}/{year % 100 + 1}" for year in range(2020, 2026)],
}


def rules(dice, baseline, span):
    """One of the rules for figures, with all that makes it look back."""
    start = {"baseline": baseline}
    own = dice.choice(
        [
            [],
            [make_start("60", unit=dice.choice([1, TRUST]), dated=PERIODS[span][2])],
            [make_start(entry=dice.choice(PERIODS[span][:-3]), unit=1, since="spring 2024")],
        ]
    )
    gap = {"rule": "gap", "group": "disadvantaged", **start, "starts": own}
    aims = [make_aim("50"), make_aim("80", since="spring 2024", path=dice.choice(["", "even"]))]
    return dice.choice(
        [
            {},
            start,
            {"path": "even", "target": "90", "margin": "5", **start, "starts": own},
            {"targets": aims, **start},
            {"targets": [*aims, make_aim("95", unit=1, since="summer 2024", path="even")]},
            {"by_a_date": True},
            {"rule": "band", "target": "40 to 90", **start},
            {"rule": "trend", "operator": "improve", **start, "starts": own},
            {"rule": "trend", "operator": "improve", "baseline": baseline},
            {"operator": "narrow", "against": "same_school", **gap},
            {"operator": "closed", "against": "same_school", **gap},
            {"operator": "narrow", "against": "group", "against_group": "send", **gap},
        ]
    )


def sent_by(dice, kind, periods):
    """A long history: regular, or with holes, or only of long ago; now and then sent late."""
    often = dice.choice([1, 1, 1, 0.97, 0.9, 0.5])
    until = dice.choice([len(periods)] * 9 + [len(periods) // 2, 2, 0])
    told = [figure_sent(dice, kind, about) for about in periods[:until] if dice.random() < often]
    told = [
        one._replace(collected=one.collected + dice.choice([0] * 20 + [1, 4, -1])) for one in told
    ]
    return sorted(told, key=lambda one: (one.period.index, one.period.ends))


def plan_of(seed):
    dice = Random(seed)
    units = [
        make_unit(
            pk,
            joined=dice.choice([date(2015, 9, 1)] * 3 + [date(2023, 9, 1), date(2025, 1, 6)]),
            left=dice.choice([None, None, None, None, date(2025, 5, 10)]),
        )
        for pk in range(1, dice.randint(1, 4) + 1)
    ]
    measures, clauses, answers = [], [], {}
    for pk in range(1, dice.randint(1, 2) + 1):
        if dice.random() < 0.15:
            measure = make_level_measure(pk, inspection=dice.random() < 0.5)
            operator = dice.choice(["at_least", "improve", "maintain_or_improve"])
            rule = {"rule": "scale", "operator": operator, "scale_targets": {1: 2}}
            rule["baseline"] = "autumn 2022"
            days = [date(2021, 11, 5), date(2023, 10, 3), date(2025, 3, 9)]
            for unit in units:
                answers[pk, unit.id] = [
                    answer(day, level=dice.choice(list(PLACES)))
                    for day in days
                    if dice.random() < 0.6
                ]
        else:
            more, span = dice.choice(FIGURES)
            breaks = dice.choice([(), (), (), ((term("spring 2025"), "another test"),)])
            measure = make_measure(pk, **{"breaks": breaks, **more})
            rule = rules(dice, dice.choice(BASELINES[span]), span)
            if measure.kind == "cases":
                rule = {"rule": "cases", "operator": "", "months_allowed": 1}
            kind = "survey" if measure.survey else str(measure.kind)
            for unit in units:
                for group in ("all", "disadvantaged", "others", "send"):
                    answers[pk, unit.id, group] = sent_by(dice, kind, PERIODS[span])
        level = dice.choice(["school", "school", "trust"])
        pool = "sum" if measure.kind in ("number", "money") else "pooled"
        roll_up = pool if level == "trust" else dice.choice(["each_school", "each_school", pool])
        if measure.survey or measure.kind in ("level", "cases"):
            level, roll_up = "school", "each_school"
        measures.append(measure)
        clauses.append(make_clause(pk, reads=pk, level=level, roll_up=roll_up, **rule))
    return make_given(
        *clauses,
        at=dice.choice(NAMES[-9:]),
        units=units,
        measures=measures,
        answers=answers,
        plan_starts=PLAN_STARTS,
    )


@given(st.integers(0, 10**9))
@settings(max_examples=400, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_what_is_not_read_never_makes_a_difference(seed):
    plan = plan_of(seed)
    terms = last_two(plan.term.period.name)

    sent, found = read(plan, terms)
    all_of_it, some = (replace(plan, answers=answers) for answers in (sent, found))

    assert judge_all(some) == judge_all(all_of_it)
    then, then_by_all = (replace(one, term=terms[1]) for one in (some, all_of_it))
    for one, other in zip(judge_all(then), judge_all(then_by_all), strict=True):
        assert dict(every_verdict(one)) == dict(every_verdict(other))


def test_a_good_part_of_long_histories_stays_where_it_is():
    """The test above would hold for a function that reads everything."""
    kept = total = 0
    for seed in range(200):
        plan = plan_of(seed)
        sent, found = read(plan, last_two(plan.term.period.name))
        kept += sum(map(len, found.values()))
        total += sum(map(len, sent.values()))

    assert kept < 0.75 * total
