"""Which answer counts in a term, or what stands in its place."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.applies import Applicability
from kpis.rag.choose import asked_period, exact
from kpis.rag.verdict import Mark, Reason

from .builders import (
    answer,
    make_clause,
    make_given,
    make_level_measure,
    make_measure,
    make_outside,
    make_series,
    make_unit,
    said,
    term,
)
from .tables import case

PROVISIONAL, CARRIED, LATE = Mark.PROVISIONAL, Mark.CARRIED, Mark.LATE


def verdict_on(answers, *, at="autumn 2025", measure=None, clause=None, **more):
    measure = make_measure() if measure is None else measure
    clauses = [] if clause is None else [clause]
    given = make_given(*clauses, at=at, measures=[measure], answers={1: answers}, **more)
    return said(given).verdict


TERMLY = make_measure()
YEARLY = make_measure(basis="academic_year", asked={"autumn"}, about_last=True)
TWICE = make_measure(basis="academic_year", asked={"autumn", "spring"}, about_last=True)
TO_DATE = make_measure(basis="year_to_date")
SURVEY = make_measure(basis="academic_year", asked={"summer"})
ONCE_A_YEAR = make_measure(asked={"autumn"})


@pytest.mark.parametrize(
    ("measure", "at", "name"),
    [
        case("a term asks about itself", TERMLY, "autumn 2025", "Autumn 2025"),
        case(
            "a term may ask about the one before",
            make_measure(about_last=True),
            "autumn 2025",
            "Summer 2025",
        ),
        case("the year up to now", TO_DATE, "spring 2026", "2025/26 to spring"),
        case("the year up to summer is the year", TO_DATE, "summer 2026", "2025/26"),
        case("last summer's results", YEARLY, "autumn 2025", "2024/25"),
        case("this year's survey", SURVEY, "summer 2026", "2025/26"),
        case("not in this term", SURVEY, "autumn 2025", None),
        case("a day of the term", make_measure(basis="date"), "spring 2026", "Spring 2026"),
        case(
            "an academy's financial year",
            make_measure(basis="financial_year", asked={"autumn"}, about_last=True),
            "autumn 2025",
            "2024/25",
        ),
        case(
            "what the register answers is asked of nobody and known in every term",
            make_measure(asked=(), register="schools", of="trust"),
            "spring 2026",
            "Spring 2026",
        ),
    ],
)
def test_a_term_asks_about_one_period(measure, at, name):
    period = asked_period(make_given(measures=[measure]), measure, term(at))

    assert (period and period.name) == name


def test_a_term_has_the_trusts_own_days_and_a_whole_year_its_nominal_ones():
    days = {term("autumn 2025"): (date(2025, 9, 3), date(2025, 12, 19))}
    given = make_given(calendar=days)

    autumn = asked_period(given, TERMLY, term("autumn 2025"))
    year = asked_period(given, SURVEY, term("summer 2026"))

    assert (autumn.starts, autumn.ends) == (date(2025, 9, 3), date(2025, 12, 19))
    assert (year.starts, year.ends) == (date(2025, 9, 1), date(2026, 8, 31))


@pytest.mark.parametrize(
    ("measure", "at", "answers", "reason", "marks"),
    [
        case(
            "the figure of the term counts",
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "96 of 100")],
            "MET",
            set(),
        ),
        case(
            "nought is a figure",
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "0 of 100")],
            "OFF",
            set(),
        ),
        case("nothing is no nought", TERMLY, "autumn 2025", [], "NO_DATA", {LATE}),
        case(
            "a figure of nobody is no nought either",
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "0 of 0")],
            "NO_COHORT",
            set(),
        ),
        case(
            "an older figure does not answer for a term that asks",
            TERMLY,
            "spring 2026",
            [answer("autumn 2025", "96 of 100")],
            "NO_DATA",
            {LATE},
        ),
        case(
            "nor does a later one",
            TERMLY,
            "autumn 2025",
            [answer("spring 2026", "96 of 100")],
            "NO_DATA",
            {LATE},
        ),
        case(
            "a figure that came in later counts for its own term",
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "96 of 100", collected="spring 2026")],
            "MET",
            set(),
        ),
        case(
            "what is sent in and not approved is provisional",
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "96 of 100", provisional=True)],
            "MET",
            {PROVISIONAL},
        ),
        case(
            "autumn to date is the autumn term",
            TO_DATE,
            "autumn 2025",
            [answer("autumn 2025", "96 of 100")],
            "MET",
            set(),
        ),
        case(
            "spring to date is not the spring term",
            TO_DATE,
            "spring 2026",
            [answer("spring 2026", "96 of 100")],
            "NO_DATA",
            {LATE},
        ),
        case(
            "summer to date is the academic year",
            TO_DATE,
            "summer 2026",
            [answer("2025/26", "96 of 100")],
            "MET",
            set(),
        ),
        case(
            "a whole year asked about before its end counts in the term that asked",
            make_measure(basis="academic_year", asked={"autumn"}),
            "autumn 2025",
            [answer("2025/26", "96 of 100", collected="autumn 2025")],
            "MET",
            set(),
        ),
        case(
            "a yearly figure is carried a first term",
            YEARLY,
            "spring 2027",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "MET",
            {CARRIED},
        ),
        case(
            "and a second, the third with the one that asked",
            YEARLY,
            "summer 2027",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "MET",
            {CARRIED},
        ),
        case(
            "not into the term that asks again",
            YEARLY,
            "autumn 2027",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "NO_DATA",
            {LATE},
        ),
        case(
            "nor for longer than three terms",
            YEARLY,
            "spring 2028",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "STALE",
            set(),
        ),
        case(
            "a measure may be carried for longer",
            make_measure(basis="academic_year", asked={"autumn"}, about_last=True, carried_terms=6),
            "spring 2028",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "MET",
            {CARRIED},
        ),
        case(
            "corrected in spring, it is carried from there",
            TWICE,
            "summer 2027",
            [answer("2025/26", "96 of 100", collected="spring 2027")],
            "MET",
            {CARRIED},
        ),
        case(
            "a figure that came in with a later return is not yet there",
            YEARLY,
            "summer 2026",
            [
                answer("2024/25", "91 of 100", collected="autumn 2025"),
                answer("2025/26", "96 of 100", collected="autumn 2026"),
            ],
            "NOT_DUE",
            {CARRIED},
        ),
        case(
            "asked once a year about its term, it is carried like a yearly one",
            ONCE_A_YEAR,
            "summer 2026",
            [answer("autumn 2025", "96 of 100")],
            "MET",
            {CARRIED},
        ),
        case(
            "asked, never sent, and not asked this term",
            ONCE_A_YEAR,
            "summer 2026",
            [],
            "NO_DATA",
            {LATE},
        ),
        case("not yet asked in this plan", SURVEY, "autumn 2025", [], "NOT_DUE", set()),
        case(
            "not yet asked in this plan, and what is known is too old",
            SURVEY,
            "spring 2026",
            [answer("2023/24", "96 of 100")],
            "NOT_DUE",
            set(),
        ),
        case(
            "the year to date is carried within its year",
            make_measure(basis="year_to_date", asked={"autumn", "spring"}),
            "summer 2026",
            [answer("2025/26 to spring", "96 of 100")],
            "MET",
            {CARRIED},
        ),
        case(
            "and never crosses 31 August",
            make_measure(basis="year_to_date", asked={"spring", "summer"}),
            "autumn 2026",
            [answer("2025/26", "96 of 100")],
            "NOT_DUE",
            set(),
        ),
    ],
)
def test_a_figure_counts_for_as_long_as_it_is_good(measure, at, answers, reason, marks):
    verdict = verdict_on(answers, at=at, measure=measure)

    assert (verdict.reason, verdict.marks) == (Reason(reason), marks)


@pytest.mark.parametrize(
    ("unit", "nobody"),
    [("% of new leaders", "no new leaders"), ("% positive", "no pupils"), ("", "no pupils")],
)
def test_a_figure_of_nobody_says_of_whom_there_was_none(unit, nobody):
    verdict = verdict_on(
        [answer("autumn 2025", "0 of 0")], at="autumn 2025", measure=make_measure(unit=unit)
    )

    assert verdict.sentence == f"Not applicable: {nobody} to count."


@pytest.mark.parametrize(
    ("at", "asked"),
    [case("in its own term", "autumn 2026", True), case("after it", "spring 2027", False)],
)
def test_a_carried_figure_is_not_what_the_term_asks_for(at, asked):
    answers = [answer("2025/26", "96 of 100", collected="autumn 2026")]

    assert said(make_given(at=at, measures=[YEARLY], answers={1: answers})).asked is asked


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        case("a claim", {"why_none": "too_few"}, "NO_DATA"),
        case("an accepted one", {"why_none": "too_few", "claim_accepted": True}, "SUPPRESSED"),
        case("not available yet", {"why_none": "not_available"}, "NOT_AVAILABLE_YET"),
    ],
)
def test_a_reason_why_there_is_none_is_carried_too(told, reason):
    answers = [answer("2025/26", collected="autumn 2026", **told)]

    assert verdict_on(answers, at="spring 2027", measure=YEARLY).reason == Reason(reason)


@pytest.mark.parametrize(
    ("as_at", "marks"),
    [
        case("before its deadline", date(2026, 1, 13), set()),
        case("on its deadline", date(2026, 1, 14), set()),
        case("the day after", date(2026, 1, 15), {LATE}),
    ],
)
def test_what_is_missing_is_late_from_the_day_after_its_deadline(as_at, marks):
    verdict = verdict_on([], as_at=as_at)

    assert (verdict.reason, verdict.marks) == (Reason.NO_DATA, marks)
    assert "14 January 2026" in verdict.sentence


def test_a_school_may_have_a_deadline_of_its_own():
    verdict = verdict_on([], units=[make_unit(due=date(2026, 2, 20))], as_at=date(2026, 2, 1))

    assert verdict.marks == set()
    assert "due 20 February 2026" in verdict.sentence


def test_once_a_term_is_closed_what_is_missing_is_late_whatever_its_day():
    given = {"units": [make_unit(due=date(2026, 2, 20))], "as_at": date(2026, 2, 1)}

    assert verdict_on([], is_closed=True, **given).marks == {LATE}


def test_the_old_figure_stands_in_grey_beside_a_missing_one():
    answers = [
        answer("autumn 2025", "19 of 20"),
        answer("spring 2026", "0 of 0"),
        answer("summer 2026", why_none="too_few"),
    ]
    given = make_given(at="summer 2026", answers={1: answers})

    one = said(given)

    assert (one.figure, one.last, one.last_period.name) == (None, 95, "autumn 2025")


NOT_PUBLISHED = [make_series(make_outside(None, "2025/26"), basis="academic_year")]


@pytest.mark.parametrize(
    ("at", "answers", "reason"),
    [
        case("in the term that would ask for it", "autumn 2026", [], "NOT_AVAILABLE_YET"),
        case(
            "whatever there was the year before",
            "autumn 2026",
            [answer("2024/25", "96 of 100", collected="autumn 2025")],
            "NOT_AVAILABLE_YET",
        ),
        case("in the terms after it", "spring 2027", [], "NOT_AVAILABLE_YET"),
        case(
            "never stale",
            "summer 2027",
            [answer("2024/25", "96 of 100", collected="autumn 2025")],
            "NOT_AVAILABLE_YET",
        ),
        case(
            "but known to the school all the same",
            "spring 2027",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "MET",
        ),
        case("and asked for again a year later", "autumn 2027", [], "NO_DATA"),
    ],
)
def test_what_nobody_publishes_is_asked_of_nobody(at, answers, reason):
    measure = make_measure(basis="academic_year", asked={"autumn"}, about_last=True, series=1)

    verdict = verdict_on(answers, at=at, measure=measure, series=NOT_PUBLISHED)

    assert verdict.reason == Reason(reason)


def test_what_is_published_after_all_is_asked_for():
    measure = make_measure(series=1)
    series = [
        make_series(
            make_outside(None, "autumn 2025", release="provisional"),
            make_outside("93.0", "autumn 2025"),
        )
    ]

    assert verdict_on([], measure=measure, series=series).reason == Reason.NO_DATA


def test_not_published_for_one_phase_is_asked_of_the_others():
    measure = make_measure(series=1)
    series = [make_series(make_outside(None, "autumn 2025", scope="phase:secondary"))]
    units = [make_unit(1), make_unit(2, phase="secondary")]

    given = make_given(measures=[measure], series=series, units=units)

    assert said(given, 1).verdict.reason == Reason.NO_DATA
    assert said(given, 2).verdict.reason == Reason.NOT_AVAILABLE_YET


UNTIL = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("told", "as_at", "reason", "marks"),
    [
        case(
            "a claim counts as missing",
            answer("autumn 2025", why_none="not_applicable"),
            date(2026, 2, 1),
            "NO_DATA",
            set(),
        ),
        case(
            "too few is a claim too",
            answer("autumn 2025", why_none="too_few"),
            date(2026, 2, 1),
            "NO_DATA",
            set(),
        ),
        case(
            "an accepted claim does not apply",
            answer("autumn 2025", why_none="not_applicable", claim_accepted=True),
            date(2026, 2, 1),
            "NOT_APPLICABLE",
            set(),
        ),
        case(
            "too few, and accepted",
            answer("autumn 2025", why_none="too_few", claim_accepted=True),
            date(2026, 2, 1),
            "SUPPRESSED",
            set(),
        ),
        case(
            "not available before its day",
            answer("autumn 2025", why_none="not_available", expected_on=UNTIL),
            date(2026, 1, 19),
            "NOT_AVAILABLE_YET",
            set(),
        ),
        case(
            "not available on its day",
            answer("autumn 2025", why_none="not_available", expected_on=UNTIL),
            UNTIL,
            "NOT_AVAILABLE_YET",
            set(),
        ),
        case(
            "missing after it",
            answer("autumn 2025", why_none="not_available", expected_on=UNTIL),
            date(2026, 1, 21),
            "NO_DATA",
            {LATE},
        ),
        case(
            "not available, no day said",
            answer("autumn 2025", why_none="not_available"),
            date(2026, 2, 1),
            "NOT_AVAILABLE_YET",
            set(),
        ),
        case(
            "a claim that nobody has approved yet",
            answer("autumn 2025", why_none="too_few", provisional=True),
            date(2026, 2, 1),
            "NO_DATA",
            {PROVISIONAL},
        ),
    ],
)
def test_a_claim_is_not_a_fact(told, as_at, reason, marks):
    verdict = verdict_on([told], as_at=as_at)

    assert (verdict.reason, verdict.marks) == (Reason(reason), marks)


@pytest.mark.parametrize(
    ("measure", "told", "minimum", "reason"),
    [
        case("five pupils", {}, answer("autumn 2025", "5 of 5"), 6, "SUPPRESSED"),
        case("six pupils", {}, answer("autumn 2025", "6 of 6"), 6, "MET"),
        case(
            "the trust has chosen ten",
            {},
            answer("autumn 2025", "9 of 9"),
            10,
            "SUPPRESSED",
        ),
        case(
            "the measure has chosen three",
            {"min_to_judge": 3},
            answer("autumn 2025", "3 of 3"),
            6,
            "MET",
        ),
        case(
            "the measure has chosen none",
            {"min_to_judge": 0},
            answer("autumn 2025", "1 of 1"),
            6,
            "MET",
        ),
        case(
            "seats are no pupils",
            {"about_pupils": False},
            answer("autumn 2025", "2 of 2"),
            6,
            "MET",
        ),
        case(
            "five answered",
            {"survey": True, "counts": "none"},
            answer("autumn 2025", "100", respondents=5),
            6,
            "SUPPRESSED",
        ),
        case(
            "six answered",
            {"survey": True, "counts": "none"},
            answer("autumn 2025", "100", respondents=6),
            6,
            "MET",
        ),
        case(
            "five answered of fifty asked",
            {"survey": True},
            answer("autumn 2025", "50 of 50", respondents=5),
            6,
            "SUPPRESSED",
        ),
        case(
            "a survey that counts its answers",
            {"survey": True},
            answer("autumn 2025", "5 of 5"),
            6,
            "SUPPRESSED",
        ),
        case("nobody has said how many", {"counts": "none"}, answer("autumn 2025", "96"), 6, "MET"),
    ],
)
def test_too_few_to_judge_gets_no_colour(measure, told, minimum, reason):
    verdict = verdict_on(
        [told], measure=make_measure(**measure), settings={"min_to_judge": minimum}
    )

    assert verdict.reason == Reason(reason)


def test_the_sentence_about_too_few_says_of_whom_and_never_how_many():
    pupils = verdict_on([answer("autumn 2025", "3 of 4")])
    answers = verdict_on(
        [answer("autumn 2025", "75", respondents=4)],
        measure=make_measure(survey=True, counts="none"),
    )

    assert pupils.sentence == "No status: fewer than 6 pupils, too few to judge."
    assert answers.sentence == "No status: fewer than 6 answers, too few to judge."


JOINED = {"joined": date(2026, 1, 1)}


@pytest.mark.parametrize(
    ("unit", "measure", "at", "answers", "reason"),
    [
        case(
            "in its first full term",
            JOINED,
            TERMLY,
            "spring 2026",
            [answer("spring 2026", "96 of 100")],
            "MET",
        ),
        case("missing in its first full term", JOINED, TERMLY, "spring 2026", [], "NO_DATA"),
        case(
            "joined in the middle of the term",
            {"joined": date(2025, 10, 1)},
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "96 of 100")],
            "NOT_APPLICABLE",
        ),
        case(
            "joined in the middle of the year to date",
            JOINED,
            TO_DATE,
            "spring 2026",
            [answer("2025/26 to spring", "96 of 100")],
            "NOT_APPLICABLE",
        ),
        case(
            "joined in the middle of the year",
            JOINED,
            SURVEY,
            "summer 2026",
            [answer("2025/26", "96 of 100")],
            "NOT_APPLICABLE",
        ),
        case(
            "results of the year before it joined",
            JOINED,
            YEARLY,
            "autumn 2026",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "NOT_APPLICABLE",
        ),
        case(
            "nor are they carried",
            JOINED,
            YEARLY,
            "spring 2027",
            [answer("2025/26", "96 of 100", collected="autumn 2026")],
            "NOT_APPLICABLE",
        ),
        case(
            "left at the end of the term",
            {"left": date(2025, 12, 31)},
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "96 of 100")],
            "MET",
        ),
        case(
            "left in the middle of the term",
            {"left": date(2025, 11, 1)},
            TERMLY,
            "autumn 2025",
            [answer("autumn 2025", "96 of 100")],
            "NOT_APPLICABLE",
        ),
    ],
)
def test_a_school_counts_from_its_first_full_period_until_it_leaves(
    unit, measure, at, answers, reason
):
    verdict = verdict_on(answers, at=at, measure=measure, units=[make_unit(**unit)])

    assert verdict.reason == Reason(reason)


def test_a_measure_that_does_not_apply_says_so_whatever_has_been_sent():
    measure = make_measure(applicability=Applicability(phases=frozenset({"secondary"})))

    assert verdict_on([], measure=measure).reason == Reason.NOT_APPLICABLE


def test_an_exception_holds_from_its_own_term_on():
    rule = Applicability(exceptions=((1, term("spring 2026"), False),))
    measure = make_measure(applicability=rule)

    assert verdict_on([], measure=measure, at="autumn 2025").reason == Reason.NO_DATA
    assert verdict_on([], measure=measure, at="spring 2026").reason == Reason.NOT_APPLICABLE


AT_LEAST_GOOD = make_clause(rule="scale", operator="at_least", scale_targets={1: 2})
AWARD = make_level_measure(asked={"summer"})
INSPECTION = make_level_measure(inspection=True)


@pytest.mark.parametrize(
    ("measure", "unit", "at", "answers", "reason", "marks"),
    [
        case(
            "held since before the plan, it counts from the first day",
            INSPECTION,
            {},
            "autumn 2025",
            [answer(date(2023, 3, 1), level="good")],
            "AT_LEVEL",
            set(),
        ),
        case(
            "until it is replaced",
            INSPECTION,
            {},
            "spring 2026",
            [answer(date(2023, 3, 1), level="good"), answer(date(2026, 2, 1), level="fair")],
            "ONE_STEP",
            set(),
        ),
        case(
            "a later one is not known yet",
            INSPECTION,
            {},
            "autumn 2025",
            [answer(date(2023, 3, 1), level="good"), answer(date(2026, 2, 1), level="fair")],
            "AT_LEVEL",
            set(),
        ),
        case(
            "a predecessor's grade is never used",
            INSPECTION,
            {"joined": date(2024, 9, 1)},
            "autumn 2025",
            [answer(date(2023, 3, 1), level="good")],
            "NOT_JUDGED",
            set(),
        ),
        case(
            "none yet is nobody's omission",
            INSPECTION,
            {},
            "autumn 2025",
            [],
            "NOT_JUDGED",
            set(),
        ),
        case("an award not yet asked for", AWARD, {}, "autumn 2025", [], "NOT_DUE", set()),
        case("an award asked for and not sent", AWARD, {}, "summer 2026", [], "NO_DATA", {LATE}),
        case("nor in the term after", AWARD, {}, "autumn 2026", [], "NO_DATA", {LATE}),
        case(
            "held in a term that does not ask",
            AWARD,
            {},
            "autumn 2026",
            [answer(date(2026, 6, 1), level="good")],
            "AT_LEVEL",
            {CARRIED},
        ),
        case(
            "held for years, in a term that asks",
            AWARD,
            {},
            "summer 2027",
            [answer(date(2024, 6, 1), level="good")],
            "AT_LEVEL",
            set(),
        ),
        case(
            "a reason why there is none hides nothing that is held",
            AWARD,
            {},
            "summer 2026",
            [
                answer(date(2024, 6, 1), level="good"),
                answer(date(2026, 6, 1), why_none="not_available"),
            ],
            "AT_LEVEL",
            set(),
        ),
        case(
            "unless the trust has accepted that it does not apply",
            AWARD,
            {},
            "summer 2026",
            [
                answer(date(2024, 6, 1), level="good"),
                answer(date(2026, 6, 1), why_none="not_applicable", claim_accepted=True),
            ],
            "NOT_APPLICABLE",
            set(),
        ),
        case(
            "joined during the term",
            AWARD,
            {"joined": date(2026, 6, 1)},
            "summer 2026",
            [answer(date(2026, 6, 20), level="good")],
            "NOT_APPLICABLE",
            set(),
        ),
    ],
)
def test_a_level_counts_from_its_day(measure, unit, at, answers, reason, marks):
    verdict = verdict_on(
        answers, at=at, measure=measure, clause=AT_LEAST_GOOD, units=[make_unit(**unit)]
    )

    assert (verdict.reason, verdict.marks) == (Reason(reason), marks)


def test_a_figure_is_worked_out_from_its_counts_and_not_from_what_was_stored():
    third = answer("autumn 2025", "1 of 3")

    assert exact(third, TERMLY) * 3 == 100
    assert exact(answer("autumn 2025", "0 of 0"), TERMLY) is None
    assert exact(answer("autumn 2025", "94.1"), TERMLY) == Decimal("94.1")
