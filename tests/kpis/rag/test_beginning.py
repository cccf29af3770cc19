"""Where a unit started from, what it had the time before, and where the plan begins."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.begin import before, beginning
from kpis.rag.periods import alike
from kpis.rag.verdict import Mark, Reason, Status

from .builders import (
    PLACES,
    answer,
    make_clause,
    make_given,
    make_level_measure,
    make_measure,
    make_start,
    make_unit,
    period,
    rated,
    said,
    term,
)
from .tables import case

YEARLY = {"basis": "academic_year", "asked": {"summer"}}
SEASONAL = {"basis": "year_to_date", "seasonal": True}


def start_of(measure, answers, about, baseline=None, starts=()):
    """The baseline of unit 1's figure of a period."""
    measure = make_measure(**measure)
    clause = make_clause(rule="trend", operator="improve", baseline=baseline, starts=starts)
    given = make_given(clause, measures=[measure], answers={1: answers})
    reading, terms = clause.readings[0], clause.terms[0]
    return beginning(given, measure, reading, terms, given.units[1], "all", period(about))


@pytest.mark.parametrize(
    ("measure", "answers", "about", "baseline", "value"),
    [
        case(
            "the entry of the baseline's year",
            YEARLY,
            [answer("2023/24", "70 of 100"), answer("2024/25", "71 of 100")],
            "2025/26",
            "2024/25",
            "71.0",
        ),
        case(
            "no entry of that year",
            YEARLY,
            [answer("2023/24", "70 of 100")],
            "2025/26",
            "2024/25",
            None,
        ),
        case("no baseline named", YEARLY, [answer("2024/25", "71 of 100")], "2025/26", None, None),
        case(
            "nought is a baseline",
            YEARLY,
            [answer("2024/25", "0 of 9")],
            "2025/26",
            "2024/25",
            "0.0",
        ),
        case("nobody is none", YEARLY, [answer("2024/25", "0 of 0")], "2025/26", "2024/25", None),
        case(
            "a reason why there is none is none",
            YEARLY,
            [answer("2024/25", why_none="too_few")],
            "2025/26",
            "2024/25",
            None,
        ),
        case(
            "of a seasonal measure, the same term of that year",
            SEASONAL,
            [answer("2024/25 to autumn", "95 of 100"), answer("2024/25", "92 of 100")],
            "2025/26 to autumn",
            "2024/25",
            "95.0",
        ),
        case(
            "and in summer the whole of it",
            SEASONAL,
            [answer("2024/25 to autumn", "95 of 100"), answer("2024/25", "92 of 100")],
            "2025/26",
            "2024/25",
            "92.0",
        ),
        case(
            "of any year to date, one as long",
            {"basis": "year_to_date"},
            [answer("2024/25 to autumn", "95 of 100"), answer("2024/25", "92 of 100")],
            "2025/26 to autumn",
            "2024/25",
            "95.0",
        ),
        case(
            "of a seasonal term, the same term",
            {"seasonal": True},
            [answer("autumn 2024", "95 of 100"), answer("spring 2025", "90 of 100")],
            "spring 2026",
            "autumn 2024",
            "90.0",
        ),
        case(
            "of terms without seasons, the one that is named",
            {},
            [answer("autumn 2024", "95 of 100"), answer("spring 2025", "90 of 100")],
            "spring 2026",
            "autumn 2024",
            "95.0",
        ),
        case(
            "rounded as it is shown",
            YEARLY,
            [answer("2024/25", "1999 of 2000")],
            "2025/26",
            "2024/25",
            "99.9",
        ),
    ],
)
def test_the_entries_of_the_baselines_period_are_the_baselines(
    measure, answers, about, baseline, value
):
    start = start_of(measure, answers, about, baseline)

    assert (start and start.value) == (value and Decimal(value))


@pytest.mark.parametrize(
    ("starts", "about", "value"),
    [
        case("printed", [make_start("75")], "2025/26", "75.0"),
        case("another unit's", [make_start("75", unit=2)], "2025/26", "71.0"),
        case("another group's", [make_start("75", group="send")], "2025/26", "71.0"),
        case("of another season", [make_start("75", season=1)], "2025/26", "71.0"),
        case("of this season", [make_start("75", season=3)], "2025/26", "75.0"),
        case("not in force yet", [make_start("75", since="autumn 2026")], "2025/26", "71.0"),
        case("in force since", [make_start("75", since="autumn 2026")], "2026/27", "75.0"),
        case(
            "in force since this very term",
            [make_start("75", since="summer 2026")],
            "2025/26",
            "75.0",
        ),
        case(
            "rebased",
            [make_start("75"), make_start(entry="2025/26", since="autumn 2026")],
            "2026/27",
            "73.0",
        ),
    ],
)
def test_a_units_own_baseline_comes_first(starts, about, value):
    answers = [answer("2024/25", "71 of 100"), answer("2025/26", "73 of 100")]

    start = start_of(YEARLY, answers, about, "2024/25", starts)

    assert str(start.value) == value


def test_a_printed_baseline_has_a_date_only_once_the_trust_has_given_it_one():
    undated = start_of(YEARLY, [], "2025/26", starts=[make_start("75")])
    dated = start_of(YEARLY, [], "2025/26", starts=[make_start("75", dated="2024/25")])

    assert undated.is_undated
    assert undated.since is None
    assert dated.since == term("summer 2025")


WHY = "the question changed"


@pytest.mark.parametrize(
    ("more", "answers", "broken"),
    [
        case("nothing has changed", {}, [answer("2024/25", "71")], None),
        case(
            "changed in between",
            {"breaks": ((term("summer 2026"), WHY),)},
            [answer("2024/25", "71")],
            WHY,
        ),
        case(
            "changed before both",
            {"breaks": ((term("summer 2025"), WHY),)},
            [answer("2024/25", "71")],
            None,
        ),
        case(
            "changed after both",
            {"breaks": ((term("autumn 2026"), WHY),)},
            [answer("2024/25", "71")],
            None,
        ),
        case(
            "another provider",
            {},
            [answer("2024/25", "71", provider="Old"), answer("2025/26", "72", provider="New")],
            "the provider changed from Old to New",
        ),
        case(
            "the same provider",
            {},
            [answer("2024/25", "71", provider="Old"), answer("2025/26", "72", provider="Old")],
            None,
        ),
        case(
            "a provider that nobody named then",
            {},
            [answer("2024/25", "71"), answer("2025/26", "72", provider="New")],
            None,
        ),
        case(
            "a provider that nobody names now",
            {},
            [answer("2024/25", "71", provider="Old"), answer("2025/26", "72")],
            None,
        ),
    ],
)
def test_a_changed_question_or_provider_breaks_the_line(more, answers, broken):
    assert start_of(YEARLY | more, answers, "2025/26", "2024/25").broken == broken


def test_a_printed_baseline_is_broken_too_until_it_is_typed_anew():
    measure = YEARLY | {"breaks": ((term("autumn 2026"), WHY),)}
    old, new = make_start("75"), make_start("70", since="autumn 2026")

    assert start_of(measure, [], "2025/26", starts=[old]).broken is None
    assert start_of(measure, [], "2026/27", starts=[old]).broken == WHY
    assert start_of(measure, [], "2026/27", starts=[old, new]).broken is None


@pytest.mark.parametrize("year", ["2024/25", "2024/25 to summer"])
def test_unlike_spans_are_never_compared(year):
    start = start_of(
        {"basis": "year_to_date"}, [answer(year, "92 of 100")], "2025/26 to autumn", "2024/25"
    )

    assert start.broken == f"{year} is another span than 2025/26 to autumn"


@pytest.mark.parametrize(
    ("one", "other", "seasonal", "like"),
    [
        case("a term and a year to date as long", "autumn 2025", "2024/25 to autumn", False, True),
        case("a year to date and a whole year", "2025/26 to summer", "2024/25", False, True),
        case(
            "two years to date, one longer", "2025/26 to spring", "2024/25 to autumn", False, False
        ),
        case("two terms", "autumn 2025", "spring 2025", False, True),
        case("two terms of a seasonal measure", "autumn 2025", "spring 2025", True, False),
        case("the same term of it", "autumn 2025", "autumn 2024", True, True),
        case("two days", date(2025, 11, 3), date(2025, 6, 1), False, True),
        case("two days in unlike seasons", date(2025, 11, 3), date(2025, 6, 1), True, False),
        case("a day and a term", date(2025, 11, 3), "autumn 2025", False, False),
        case("a term and a day", "autumn 2025", date(2025, 11, 3), False, False),
        case("a term and a year", "summer 2026", "2025/26", False, False),
    ],
)
def test_which_spans_are_alike(one, other, seasonal, like):
    assert alike(make_measure(seasonal=seasonal), period(one), period(other)) is like


@pytest.mark.parametrize(
    ("measure", "answers", "about", "found"),
    [
        case("last year's", YEARLY, ["2023/24", "2024/25", "2025/26"], "2025/26", "2024/25"),
        case("not that of two years ago", YEARLY, ["2023/24", "2025/26"], "2025/26", None),
        case(
            "the same term last year",
            SEASONAL,
            ["2024/25 to autumn", "2024/25 to spring", "2024/25", "2025/26 to autumn"],
            "2025/26 to autumn",
            "2024/25 to autumn",
        ),
        case("the term before", {}, ["summer 2025", "autumn 2025"], "autumn 2025", "summer 2025"),
        case(
            "the same term, where seasons count",
            {"seasonal": True},
            ["autumn 2024", "summer 2025", "autumn 2025"],
            "autumn 2025",
            "autumn 2024",
        ),
        case(
            "not the same term of two years ago",
            {"seasonal": True},
            ["autumn 2023", "autumn 2025"],
            "autumn 2025",
            None,
        ),
        case(
            "the last count on a day",
            {"basis": "date"},
            [date(2025, 1, 10), date(2025, 6, 2), date(2025, 11, 3)],
            date(2025, 11, 3),
            "02 June 2025",
        ),
        case("nothing before the first", YEARLY, ["2025/26"], "2025/26", None),
    ],
)
def test_the_last_like_for_like_figure_is_found(measure, answers, about, found):
    measure = make_measure(**measure)
    given = make_given(measures=[measure], answers={1: [answer(a, "9 of 10") for a in answers]})

    previous = before(given, measure, given.units[1], "all", period(about))

    assert (previous and previous.period.name) == found


def test_a_term_without_a_figure_is_passed_over():
    answers = [answer("spring 2025", "9 of 10"), answer("summer 2025", "0 of 0")]
    given = make_given(answers={1: [*answers, answer("autumn 2025", "9 of 10")]})

    previous = before(given, make_measure(), given.units[1], "all", period("autumn 2025"))

    assert previous.period.name == "spring 2025"


def test_trend_looks_no_further_back_than_a_break():
    measure = make_measure(**YEARLY, breaks=((term("summer 2026"), WHY),))
    given = make_given(
        measures=[measure],
        answers={1: [answer("2024/25", "9 of 10"), answer("2025/26", "9 of 10")]},
    )

    assert before(given, measure, given.units[1], "all", period("2025/26")) is None


# Where a plan begins

TREND = make_clause(rule="trend", operator="improve", baseline="2024/25")
NARROW = make_clause(
    rule="gap", operator="narrow", baseline="2024/25", group="disadvantaged", against="same_school"
)
NO_BASELINE = make_clause(rule="trend", operator="improve")
CLOSED = make_clause(rule="gap", operator="closed", group="disadvantaged", against="same_school")
ON_A_WAY = make_clause(path="even", target="85", margin="5")
LAST_YEAR = make_measure(basis="academic_year", asked={"autumn"}, about_last=True)


def at_start(clause, answers, at="autumn 2025", measure=LAST_YEAR):
    everyone = {
        1: answers,
        (1, 1, "disadvantaged"): [answer(a.period.name, "5 of 10") for a in answers],
    }
    return said(make_given(clause, at=at, measures=[measure], answers=everyone)).verdict


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        case("a trend: it is the baseline", TREND, "BASELINE_YEAR"),
        case("a gap that should narrow: so too", NARROW, "BASELINE_YEAR"),
        case("a gap that should be closed: it is only shown", CLOSED, "NOT_DUE"),
        case("a target with a way there: it may become it", ON_A_WAY, "BASELINE_YEAR"),
        case("a target without: it is only shown", make_clause(), "NOT_DUE"),
        case("a range", make_clause(rule="band", target="80 to 100"), "NOT_DUE"),
    ],
)
def test_a_figure_from_before_the_plan_has_no_colour(clause, reason):
    verdict = at_start(clause, [answer("2024/25", "60 of 100", collected="autumn 2025")])

    assert verdict.status == Status.GREY
    assert verdict.reason == Reason(reason)
    assert "for 2024/25" in verdict.sentence


def test_nor_has_one_before_the_baselines_own_period():
    verdict = at_start(TREND, [answer("2023/24", "60 of 100")], at="autumn 2024")

    assert verdict.reason == Reason.BASELINE_YEAR


def test_a_figure_older_than_a_known_baseline_is_no_baseline():
    answers = [answer("2023/24", "60 of 100"), answer("2024/25", "61 of 100")]

    assert at_start(TREND, answers, at="autumn 2024").reason == Reason.NOT_DUE


def test_a_figure_between_the_baseline_and_the_plan_is_not_the_baseline():
    clause = make_clause(rule="trend", operator="improve", baseline="2023/24")
    answers = [answer("2023/24", "60 of 100"), answer("2024/25", "61 of 100")]

    assert at_start(clause, answers).reason == Reason.NOT_DUE


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        case("in the plan's first year", "autumn 2025", "NOT_DUE"),
        case("all through it", "summer 2026", "NOT_DUE"),
        case("until its first figure is due", "autumn 2026", "OFF"),
    ],
)
def test_the_start_is_not_due_until_the_plans_first_figure_is(at, reason):
    answers = [
        answer("2024/25", "60 of 100", collected="autumn 2025"),
        answer("2025/26", "60 of 100", collected="autumn 2026"),
    ]

    assert at_start(make_clause(), answers, at).reason == Reason(reason)


def test_a_missing_figure_is_missing_even_where_it_would_only_be_shown():
    assert at_start(make_clause(), []).reason == Reason.NO_DATA


def test_what_is_wanting_is_said_before_not_due():
    no_number = make_clause(target=None)
    no_comparator = make_clause(rule="compare", operator="above")
    answers = [answer("2024/25", "60 of 100", collected="autumn 2025")]

    assert at_start(no_number, answers).reason == Reason.NO_TARGET
    assert at_start(no_comparator, answers).reason == Reason.NO_COMPARATOR


def test_a_figure_at_its_best_in_the_baselines_year_has_no_colour_yet():
    answers = [answer("2024/25", "100 of 100", collected="autumn 2025")]

    assert at_start(TREND, answers).reason == Reason.BASELINE_YEAR


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        case("the day before the plan", date(2025, 8, 31), "NOT_DUE"),
        case("its first day", date(2025, 9, 1), "OFF"),
    ],
)
def test_a_plan_begins_with_its_first_day(day, reason):
    measure = make_measure(basis="date", asked={"spring"})
    answers = {1: [answer(day, "80 of 100", collected="autumn 2025")]}

    found = said(make_given(measures=[measure], answers=answers))

    assert found.verdict.reason == Reason(reason)


def test_nor_where_it_is_the_best_possible_and_there_is_no_baseline():
    answers = [answer("2024/25", "100 of 100", collected="autumn 2025")]

    assert at_start(NO_BASELINE, answers).reason == Reason.BASELINE_YEAR


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        case("before the baseline's own term", "autumn 2025", "NOT_DUE"),
        case("in it", "spring 2026", "BASELINE_YEAR"),
        case("after it", "summer 2026", "OFF"),
    ],
)
def test_no_figure_has_a_colour_until_the_baselines_own_period_is_over(at, reason):
    clause = make_clause(baseline="spring 2026")

    found = said(make_given(clause, at=at, answers={1: [answer(at, "80 of 100")]}))

    assert found.verdict.reason == Reason(reason)


def test_a_baseline_may_be_a_period_of_the_plan_itself():
    clause = make_clause(rule="trend", operator="improve", baseline="2025/26")
    measure = make_measure(**YEARLY)
    answers = [answer("2025/26", "71 of 100"), answer("2026/27", "72 of 100")]

    assert at_start(clause, answers, "summer 2026", measure).reason == Reason.BASELINE_YEAR
    assert at_start(clause, answers, "summer 2027", measure).reason == Reason.IMPROVED


def test_a_school_that_joined_is_judged_from_its_own_start():
    joiner = make_start(entry="2025/26")
    clause = make_clause(rule="trend", operator="improve", baseline="2024/25", starts=[joiner])
    answers = [
        answer("2024/25", "90 of 100"),
        answer("2025/26", "71 of 100"),
        answer("2026/27", "72 of 100"),
    ]

    verdict = at_start(clause, answers, "summer 2027", make_measure(**YEARLY))

    assert verdict.reason == Reason.IMPROVED
    assert "above the baseline of 71.0%" in verdict.sentence


def test_a_figure_about_too_few_is_nobodys_baseline():
    answers = [answer("2024/25", "3 of 5"), answer("2025/26", "7 of 10")]

    verdict = at_start(TREND, answers, "summer 2026", make_measure(**YEARLY))

    assert verdict.reason == Reason.BASELINE_YEAR
    assert "60" not in verdict.sentence


RATED = make_measure(kind="rating", basis="date", asked={"summer"})
JUDGED = make_clause(rule="judged", operator="")


def rating(ratings, at, measure=RATED, **more):
    given = make_given(JUDGED, at=at, measures=[measure], ratings={1: ratings}, **more)
    return said(given).verdict


@pytest.mark.parametrize(
    ("ratings", "at", "reason", "marks"),
    [
        case("not rated, not asked for", [], "autumn 2025", "NOT_DUE", set()),
        case("rated before the plan", [rated(date(2025, 6, 1))], "autumn 2025", "NOT_DUE", set()),
        case("not rated when asked for", [], "summer 2026", "NO_DATA", {Mark.LATE}),
        case(
            "rated before the plan, and not when it asked",
            [rated(date(2025, 6, 1))],
            "summer 2026",
            "NO_DATA",
            {Mark.LATE},
        ),
        case("rated in the plan", [rated(date(2025, 11, 1))], "autumn 2025", "JUDGED", set()),
        case(
            "rated in a term before",
            [rated(date(2025, 11, 1))],
            "spring 2026",
            "JUDGED",
            {Mark.CARRIED},
        ),
        case("rated later", [rated(date(2026, 3, 1))], "autumn 2025", "NOT_DUE", set()),
        case(
            "not approved yet",
            [rated(date(2025, 11, 1), provisional=True)],
            "autumn 2025",
            "JUDGED",
            {Mark.PROVISIONAL},
        ),
        case(
            "rated without evidence",
            [rated(date(2025, 11, 1), evidence=" ")],
            "autumn 2025",
            "NOT_DUE",
            set(),
        ),
    ],
)
def test_a_rating_counts_from_its_day(ratings, at, reason, marks):
    verdict = rating(ratings, at)

    assert (verdict.reason, verdict.marks) == (Reason(reason), marks)


def test_jd2_a_rating_is_valid_on_its_last_day_and_stale_after_it():
    ratings = [rated(date(2025, 11, 1), "amber")]

    last = rating(ratings, "autumn 2026", as_at=date(2026, 11, 1))
    after = rating(ratings, "autumn 2026", as_at=date(2026, 11, 2))

    assert (last.status, last.reason) == (Status.AMBER, Reason.JUDGED)
    assert (after.status, after.reason) == (Status.GREY, Reason.STALE)


def test_before_its_deadline_a_rating_from_before_the_plan_is_still_the_start():
    old = [rated(date(2025, 6, 1))]

    assert rating(old, "summer 2026", as_at=date(2026, 8, 1)).reason == Reason.NOT_DUE


def test_a_school_that_joined_in_the_term_is_not_rated_yet():
    units = [make_unit(joined=date(2026, 5, 20))]

    assert rating([], "summer 2026", units=units).reason == Reason.NOT_APPLICABLE


LEVEL = make_level_measure(asked={"summer"})
IMPROVE = make_clause(rule="scale", operator="improve", baseline="2024/25")


@pytest.mark.parametrize(
    ("clause", "answers", "at", "reason"),
    [
        case(
            "the start itself has improved on nothing yet",
            IMPROVE,
            [answer(date(2025, 6, 1), level="fair")],
            "autumn 2025",
            "BASELINE_YEAR",
        ),
        case(
            "rated again, no step",
            IMPROVE,
            [answer(date(2025, 6, 1), level="fair"), answer(date(2026, 6, 1), level="fair")],
            "summer 2026",
            "FLAT",
        ),
        case(
            "a step up",
            IMPROVE,
            [answer(date(2025, 6, 1), level="fair"), answer(date(2026, 6, 1), level="good")],
            "summer 2026",
            "IMPROVED",
        ),
        case(
            "a step down",
            IMPROVE,
            [answer(date(2025, 6, 1), level="good"), answer(date(2026, 6, 1), level="fair")],
            "summer 2026",
            "WORSE",
        ),
        case(
            "the level held at the end of the baseline's year, however old",
            IMPROVE,
            [answer(date(2022, 6, 1), level="fair"), answer(date(2026, 6, 1), level="good")],
            "summer 2026",
            "IMPROVED",
        ),
        case(
            "the best from the first day",
            IMPROVE,
            [answer(date(2025, 6, 1), level="best")],
            "autumn 2025",
            "AT_BEST",
        ),
        case(
            "no level at the baseline",
            IMPROVE,
            [answer(date(2026, 6, 1), level="good")],
            "summer 2026",
            "BASELINE_YEAR",
        ),
    ],
)
def test_an_improved_level_is_counted_from_the_one_at_the_baseline(clause, answers, at, reason):
    given = make_given(clause, at=at, measures=[LEVEL], answers={1: answers})

    assert said(given).verdict.reason == Reason(reason)


JOINED = make_unit(joined=date(2025, 9, 1))
KEEP = make_clause(
    rule="scale", operator="maintain_or_improve", starts=[make_start(level=PLACES["fair"])]
)


@pytest.mark.parametrize(
    ("answers", "at", "reason"),
    [
        case("not inspected since", [], "autumn 2025", "NOT_JUDGED"),
        case(
            "the predecessor's inspection",
            [answer(date(2024, 3, 1), level="weak")],
            "autumn 2025",
            "NOT_JUDGED",
        ),
        case(
            "sc4: as on joining",
            [answer(date(2026, 3, 1), level="fair")],
            "spring 2026",
            "KEPT_OR_RAISED",
        ),
        case(
            "frozen at the first one",
            [answer(date(2026, 3, 1), level="good"), answer(date(2027, 3, 1), level="weak")],
            "spring 2027",
            "KEPT_OR_RAISED",
        ),
        case("failing", [answer(date(2026, 3, 1), level="weak")], "spring 2026", "FAILING"),
    ],
)
def test_kept_or_raised_is_judged_on_the_first_inspection_after_joining(answers, at, reason):
    measure = make_level_measure(inspection=True)
    given = make_given(KEEP, at=at, measures=[measure], answers={1: answers}, units=[JOINED])

    assert said(given).verdict.reason == Reason(reason)


def test_the_first_follow_up_of_a_trend_is_judged_against_the_baseline_alone():
    answers = [answer("2024/25", "71 of 100"), answer("2025/26", "72 of 100")]
    given = make_given(
        TREND, at="summer 2026", measures=[make_measure(**YEARLY)], answers={1: answers}
    )

    one = said(given)

    assert one.verdict.reason == Reason.IMPROVED
    assert (one.target, one.before, one.change) == (Decimal("71.0"), Decimal("71.0"), 1)
