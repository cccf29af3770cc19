"""The figures of all units together: pooled, summed, and with the past of the same units."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.applies import Applicability
from kpis.rag.verdict import Mark, Reason, Status

from .builders import (
    TRUST,
    answer,
    judge,
    make_clause,
    make_given,
    make_measure,
    make_outside,
    make_schools,
    make_series,
    make_start,
    make_unit,
    said_of_trust,
)
from .tables import case

POOLED = {"level": "trust", "roll_up": "pooled"}
YEARLY = {"basis": "academic_year", "asked": {"summer"}}


def of_trust(clause, *told, at="autumn 2025", measure=None, units=None, **more):
    """What is said of the trust; school 1 has sent the first of ``told``, and so on."""
    given = make_given(
        clause,
        at=at,
        measures=[make_measure() if measure is None else measure],
        units=make_schools(len(told)) if units is None else units,
        answers={
            pk: one if isinstance(one, list) else [answer(at, one)]
            for pk, one in enumerate(told, 1)
            if one is not None
        },
        **more,
    )
    return said_of_trust(given)


@pytest.mark.parametrize(("asked", "is_asked"), [({"autumn"}, True), ({"summer"}, False)])
def test_the_term_asks_for_the_trusts_figure_where_it_asks_a_school(asked, is_asked):
    one = of_trust(make_clause(**POOLED), None, None, measure=make_measure(asked=asked))

    assert one.asked is is_asked
    assert one.verdict.reason == (Reason.NO_DATA if is_asked else Reason.NOT_DUE)


@pytest.mark.parametrize(
    ("told", "reason", "figure"),
    [
        case(
            "of all pupils, not of the schools",
            ["45 of 50", "45 of 50", "50 of 100"],
            "OFF",
            "70.0",
        ),
        case("one school", ["96 of 100"], "MET", "96.0"),
        case("rounded once, from the sums", ["949 of 1000", "950 of 1000"], "MET", "95.0"),
        case("all but one is not all", ["1000 of 1000", "999 of 1000"], "MET", "99.9"),
        case("nought of many is nought", ["0 of 100", "0 of 100"], "OFF", "0.0"),
        case("a small school counts in the pool", ["3 of 4", "96 of 96"], "MET", "99.0"),
        case("small ones together are enough", ["3 of 3", "4 of 4"], "MET", "100.0"),
        case("small ones together are too few", ["2 of 2", "3 of 3"], "SUPPRESSED", None),
        case("a school with nobody to count", ["0 of 0", "96 of 100"], "MET", "96.0"),
        case("nobody anywhere", ["0 of 0", "0 of 0"], "NO_COHORT", None),
        case("one is missing", ["96 of 100", None], "PARTIAL", "96.0"),
        case("all are missing", [None, None], "NO_DATA", None),
        case("a school without counts is missing", ["96", "96 of 100"], "PARTIAL", "96.0"),
        case("so is one with half of them", ["96 for 100", "96 of 100"], "PARTIAL", "96.0"),
    ],
)
def test_the_trusts_figure_is_pooled_from_counts(told, reason, figure):
    one = of_trust(make_clause(**POOLED), *told)

    assert one.verdict.reason == Reason(reason)
    assert (one.figure is not None and str(one.figure)) == (figure or False)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        case("missing before not applicable", "not_applicable", None, "NO_DATA"),
        case("missing before too few", "too_few", None, "NO_DATA"),
        case("too few before not applicable", "not_applicable", "too_few", "SUPPRESSED"),
    ],
)
def test_where_there_is_no_figure_at_all_the_first_reason_stands(first, second, reason):
    told = [
        [] if why is None else [answer("autumn 2025", why_none=why, claim_accepted=True)]
        for why in (first, second)
    ]

    assert of_trust(make_clause(**POOLED), *told).verdict.reason == Reason(reason)
    assert of_trust(make_clause(**POOLED), *reversed(told)).verdict.reason == Reason(reason)


def test_a_pool_with_a_school_missing_says_how_many_are_in():
    one = of_trust(make_clause(**POOLED), "96 of 100", "90 of 100", None)

    assert one.verdict.sentence == "No status: 93.0% from 2 of 3 schools."
    assert Mark.LATE in one.verdict.marks


def test_ru4_scores_are_weighted_by_pupils():
    clause = make_clause(operator=">", target="0", margin="0.20", **POOLED)

    one = of_trust(clause, "0.30 for 60", "-0.10 for 240", measure=make_measure(kind="score"))

    assert (one.verdict.reason, one.figure) == (Reason.NEAR, Decimal("-0.02"))


def test_tr6_a_ratio_of_sums():
    clause = make_clause(
        rule="trend", operator="improve", level="trust", roll_up="ratio",
        starts=[make_start("0.24", unit=TRUST)],
    )  # fmt: skip
    carbon = make_measure(
        kind="rate", per=1, better="lower", unit="tonnes per pupil", about_pupils=False
    )

    one = of_trust(clause, "200 of 900", "220 of 800", measure=carbon)

    assert (one.verdict.reason, one.figure) == (Reason.WORSE, Decimal("0.25"))
    assert one.verdict.sentence == (
        "Off target: 0.25 tonnes per pupil, target below the baseline of 0.24 tonnes per pupil"
        " by at least 0.01, the baseline is as printed, for all schools of its day."
    )


@pytest.mark.parametrize(
    ("operator", "told", "reason", "marks"),
    [
        case("a minimum reached by all", ">=", ["60", "50"], "MET", set()),
        case("a minimum reached by a part", ">=", ["100", None], "MET", {"PARTIAL", "LATE"}),
        case("a minimum not yet reached by a part", ">=", ["60", None], "PARTIAL", {"LATE"}),
        case("a maximum passed by a part", "<=", ["120", None], "OFF", {"PARTIAL", "LATE"}),
        case("a maximum not passed by a part", "<=", ["60", None], "PARTIAL", {"LATE"}),
        case("a maximum kept by all", "<=", ["60", "40"], "MET", set()),
        case("nought and nought", "<=", ["0", "0"], "MET", set()),
        case("nothing at all", ">=", [None, None], "NO_DATA", {"LATE"}),
    ],
)
def test_a_sum_proves_what_is_sure(operator, told, reason, marks):
    clause = make_clause(operator=operator, target="100", margin="0", level="trust", roll_up="sum")
    count = make_measure(kind="number", about_pupils=False)

    one = of_trust(clause, *told, measure=count)

    assert one.verdict.reason == Reason(reason)
    assert one.verdict.marks == {Mark(mark) for mark in marks}


def test_a_part_of_a_sum_of_money_proves_nothing():
    clause = make_clause(target="100", margin="0", level="trust", roll_up="sum")

    one = of_trust(clause, "150", None, measure=make_measure(kind="money"))

    assert one.verdict.reason == Reason.PARTIAL


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        case("inside, all in", ["60", "40"], "IN_BAND"),
        case("inside, one missing", ["100", None], "PARTIAL"),
        case("outside, one missing", ["150", None], "PARTIAL"),
    ],
)
def test_a_part_of_a_sum_proves_nothing_about_a_range(told, reason):
    clause = make_clause(rule="band", operator="", target="80 to 120", level="trust", roll_up="sum")

    one = of_trust(clause, *told, measure=make_measure(kind="number", about_pupils=False))

    assert one.verdict.reason == Reason(reason)


def test_nor_about_a_trend():
    clause = make_clause(
        rule="trend", operator="improve", level="trust", roll_up="sum", baseline="autumn 2025"
    )
    first = [answer("autumn 2025", "60"), answer("spring 2026", "90")]
    second = [answer("autumn 2025", "40")]

    one = of_trust(
        clause,
        first,
        second,
        at="spring 2026",
        measure=make_measure(kind="number", about_pupils=False),
    )

    assert one.verdict.reason == Reason.PARTIAL


def test_a_school_to_which_it_does_not_apply_is_not_in_the_pool():
    church = Applicability(church=True)
    units = [make_unit(1, church=True), make_unit(2)]
    measure = make_measure(applicability=church)

    one = of_trust(make_clause(**POOLED), "96 of 100", "10 of 100", units=units, measure=measure)
    other = of_trust(
        make_clause(**POOLED, applicability=church), "96 of 100", "10 of 100", units=units
    )

    assert (one.figure, other.figure) == (Decimal("96.0"), Decimal("96.0"))


def test_it_applies_to_no_school():
    clause = make_clause(**POOLED, applicability=Applicability(church=True))

    assert of_trust(clause, "96 of 100").verdict.reason == Reason.NOT_APPLICABLE


def test_a_school_that_joined_during_the_term_is_not_missing():
    units = [make_unit(1), make_unit(2, joined=date(2025, 10, 1))]

    assert of_trust(make_clause(**POOLED), "96 of 100", None, units=units).verdict.reason == (
        Reason.MET
    )


def test_a_school_that_left_is_not_missing():
    units = [make_unit(1), make_unit(2, left=date(2025, 7, 31))]

    assert of_trust(make_clause(**POOLED), "96 of 100", None, units=units).verdict.reason == (
        Reason.MET
    )


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        case("what is too old", ["2023/24", "2023/24"], "STALE"),
        case("one too old, one carried", ["2025/26", "2023/24"], "PARTIAL"),
        case("all carried", ["2025/26", "2025/26"], "MET"),
        case("two years, each carried", ["2024/25", "2025/26"], "PARTIAL"),
    ],
)
def test_a_stale_figure_is_in_no_pool(told, reason):
    collected = {"2023/24": "summer 2024", "2024/25": "autumn 2026", "2025/26": "summer 2026"}
    sent = [[answer(year, "96 of 100", collected=collected[year])] for year in told]

    one = of_trust(make_clause(**POOLED), *sent, at="spring 2027", measure=make_measure(**YEARLY))

    assert one.verdict.reason == Reason(reason)


def test_marks_go_up_with_every_school_that_counts():
    one = of_trust(
        make_clause(**POOLED),
        "96 of 100",
        [answer("autumn 2025", "96 of 100", provisional=True)],
    )

    assert one.verdict.marks == {Mark.PROVISIONAL}


# The past of a trust


TREND = make_clause(rule="trend", operator="improve", baseline="2024/25", **POOLED)
CHANGED = (6077, "the question changed")  # summer 2026


def years(*figures, since=2024):
    """One school's figures year by year; None is none."""
    return [
        answer(f"{year}/{(year + 1) % 100}", figure)
        for year, figure in enumerate(figures, since)
        if figure is not None
    ]


def trend(*told, at="summer 2026", clause=TREND, units=None, **more):
    return of_trust(clause, *told, at=at, units=units, measure=make_measure(**YEARLY | more))


@pytest.mark.parametrize(
    ("told", "reason", "figure", "of_all"),
    [
        case("all in both years", [years("70 of 100", "72 of 100")] * 2, "IMPROVED", "72.0", None),
        case("worse", [years("70 of 100", "69 of 100")] * 2, "WORSE", "69.0", None),
        case(
            "a strong joiner does not raise it",
            [years("70 of 100", "69 of 100"), years(None, "99 of 100")],
            "WORSE",
            "69.0",
            "84.0",
        ),
        case(
            "a weak joiner does not lower it",
            [years("70 of 100", "72 of 100"), years(None, "40 of 100")],
            "IMPROVED",
            "72.0",
            "56.0",
        ),
        case(
            "a school missing now",
            [years("70 of 100", "72 of 100"), years("70 of 100", None)],
            "PARTIAL",
            "72.0",
            None,
        ),
        case(
            "no school has a baseline",
            [years(None, "72 of 100"), years(None, "72 of 100")],
            "BASELINE_YEAR",
            "72.0",
            None,
        ),
        case(
            "small schools count in both years",
            [years("2 of 4", "3 of 4"), years("2 of 4", "3 of 4")],
            "IMPROVED",
            "75.0",
            None,
        ),
        case(
            "those in both years are too few",
            [years("2 of 4", "3 of 4"), years(None, "90 of 100")],
            "BASELINE_YEAR",
            "89.4",
            None,
        ),
        case(
            "those in both years are too few now",
            [years("5 of 9", "3 of 4"), years(None, "90 of 100")],
            "SUPPRESSED",
            None,
            None,
        ),
    ],
)
def test_a_trend_of_the_trust_is_that_of_the_schools_in_both_periods(told, reason, figure, of_all):
    one = trend(*told)

    assert one.verdict.reason == Reason(reason)
    assert (one.figure is not None and str(one.figure)) == (figure or False)
    assert (one.of_all and str(one.of_all)) == of_all


def test_a_baseline_of_nobody_at_all_is_none():
    told = [years("0 of 0", "72 of 100")] * 2

    assert trend(*told, about_pupils=False).verdict.reason == Reason.BASELINE_YEAR


def test_it_says_of_how_many_schools():
    one = trend(*[years("70 of 100", "72 of 100")] * 10, years(None, "99 of 100"))

    assert one.verdict.sentence == (
        "On target: 72.0%, target above the baseline of 70.0% by at least 0.1,"
        " last time 70.0%, 10 of 11 schools, those in both periods."
    )


def test_a_joiners_own_later_baseline_is_not_that_of_the_trust():
    clause = make_clause(
        rule="trend",
        operator="improve",
        baseline="2024/25",
        starts=[make_start(entry="2025/26", unit=2)],
        **POOLED,
    )
    old = years("70 of 100", "71 of 100", "72 of 100")
    joiner = years(None, "50 of 100", "40 of 100")

    one = trend(old, joiner, at="summer 2027", clause=clause)

    assert (one.verdict.reason, one.figure, one.target) == (Reason.IMPROVED, 72, 70)


def test_worse_than_last_time_is_slipping():
    told = [years("70 of 100", "75 of 100", "73 of 100")] * 2

    assert trend(*told, at="summer 2027").verdict.reason == Reason.SLIPPING


def test_last_time_counts_only_if_it_was_of_the_same_schools():
    told = [
        years("70 of 100", "75 of 100", "73 of 100"),
        years("70 of 100", None, "73 of 100"),
    ]

    one = trend(*told, at="summer 2027")

    assert (one.verdict.reason, one.before) == (Reason.IMPROVED, None)


def test_a_changed_question_breaks_the_trusts_line_too():
    one = trend(*[years("70 of 100", "72 of 100")] * 2, breaks=(CHANGED,))

    assert one.verdict.reason == Reason.NO_LIKE_FOR_LIKE
    assert "the question changed" in one.verdict.sentence


def test_of_a_seasonal_measure_the_same_term_is_pooled():
    clause = make_clause(rule="trend", operator="improve", baseline="2024/25", **POOLED)
    measure = make_measure(basis="year_to_date", seasonal=True)
    told = [
        answer("2024/25 to autumn", "95 of 100"),
        answer("2024/25", "91 of 100"),
        answer("2025/26 to autumn", "94 of 100"),
    ]

    one = of_trust(clause, told, told, measure=measure)

    assert (one.verdict.reason, one.target) == (Reason.WORSE, 95)


# On the way to a target


def test_the_baseline_of_a_way_is_pooled_too():
    clause = make_clause(path="even", target="85", margin="5", baseline="2024/25", **POOLED)

    one = trend(years("70 of 100", "77 of 100"), years("80 of 100", "79 of 100"), clause=clause)

    # 75.0 to 85.0 over nine terms, three of them gone.
    assert (one.verdict.reason, one.figure, one.expected) == (
        Reason.NEAR,
        Decimal("78.0"),
        Decimal("78.3"),
    )


@pytest.mark.parametrize(
    ("joined", "reason"),
    [
        case("all had met it together", date(2015, 9, 1), "FELL_BACK"),
        case("one had not joined when it was met", date(2026, 9, 1), "FELL_BACK"),
    ],
)
def test_what_all_had_met_together_is_remembered(joined, reason):
    clause = make_clause(path="even", target="85", margin="5", baseline="2024/25", **POOLED)
    units = [make_unit(1), make_unit(2, joined=joined)]
    other = years("75 of 100", "86 of 100", "82 of 100")
    told = [
        years("75 of 100", "86 of 100", "82 of 100"),
        other if joined.year == 2015 else other[2:],
    ]

    one = trend(*told, at="summer 2027", clause=clause, units=units)

    assert one.verdict.reason == Reason(reason)


def test_what_a_part_had_met_is_not():
    clause = make_clause(path="even", target="85", margin="5", baseline="2024/25", **POOLED)
    told = [years("75 of 100", "86 of 100", "82 of 100"), years("75 of 100", None, "82 of 100")]

    # 81.7 expected: on track, and nothing had been met by all.
    assert trend(*told, at="summer 2027", clause=clause).verdict.reason == Reason.ON_TRACK


# Gaps


GAP = {"rule": "gap", "group": "disadvantaged", "against": "same_school", "baseline": "2024/25"}


def gap_of_trust(*told, operator="narrow", at="summer 2026", clause=None, **more):
    """Each of ``told`` is a school's ((all, group) then, (all, group) now)."""
    answers = {}
    for pk, pairs in enumerate(told, 1):
        for place, group in enumerate(("all", "disadvantaged")):
            figures = [pair and pair[place] for pair in pairs]
            answers[1, pk, group] = years(*figures)
    clause = make_clause(operator=operator, **GAP, **POOLED) if clause is None else clause
    given = make_given(
        clause,
        at=at,
        measures=[make_measure(**YEARLY)],
        units=make_schools(len(told)),
        answers=answers,
        **more,
    )
    return said_of_trust(given)


THEN, NOW = ("125 of 200", "55 of 100"), ("130 of 200", "60 of 100")  # 15.0, then 10.0 behind


def test_the_trusts_gap_is_pooled_and_never_the_mean_of_its_schools_gaps():
    # Gaps of 10.0 and of 50.0: their mean is 30.0, that of all pupils is 12.0.
    one = gap_of_trust(
        ((("130 of 200"), "60 of 100"), ("1300 of 2000", "600 of 1000")),
        (("130 of 200", "60 of 100"), ("10 of 20", "2 of 8")),
    )

    assert one.verdict.reason == Reason.WIDENED
    assert "disadvantaged 59.7%, others 70.0%" in one.verdict.sentence


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        case("narrowed", [(THEN, NOW), (THEN, NOW)], "NARROWED"),
        case("widened", [(NOW, THEN), (NOW, THEN)], "WIDENED"),
        case(
            "a joiner does not widen it",
            [(THEN, NOW), (None, ("50 of 200", "1 of 100"))],
            "NARROWED",
        ),
        case("one missing", [(THEN, NOW), (THEN, None)], "PARTIAL"),
        case("one without others", [(THEN, NOW), (THEN, (None, "60 of 100"))], "PARTIAL"),
        case("no past", [(None, NOW), (None, NOW)], "BASELINE_YEAR"),
        case("too few in the group", [((None), ("100 of 200", "2 of 5"))], "SUPPRESSED"),
        case("too few others", [((None), ("60 of 104", "60 of 100"))], "SUPPRESSED"),
        case(
            "a school without the group has others all the same",
            [(THEN, NOW), (("100 of 100", "0 of 0"), ("100 of 100", "0 of 0"))],
            "NARROWED",
        ),
    ],
)
def test_the_trusts_gap(told, reason):
    assert gap_of_trust(*told).verdict.reason == Reason(reason)


@pytest.mark.parametrize(
    "then",
    [
        case("too few in the group at the start", ("130 of 200", "2 of 5")),
        case("too few others at the start", ("60 of 104", "60 of 100")),
    ],
)
def test_a_start_about_too_few_is_no_start_of_the_trusts_gap(then):
    assert gap_of_trust((then, NOW)).verdict.reason == Reason.BASELINE_YEAR


def test_the_trusts_gap_is_provisional_if_a_figure_of_all_pupils_is():
    clause = make_clause(operator="closed", **GAP, **POOLED)
    told = {
        (1, 1, "disadvantaged"): [answer("autumn 2025", "74 of 100")],
        (1, 1, "all"): [answer("autumn 2025", "150 of 200", provisional=True)],
    }

    assert said_of_trust(make_given(clause, answers=told)).verdict.marks == {Mark.PROVISIONAL}


def trusts_gap_to_england(*published):
    clause = make_clause(operator="narrow", **GAP | {"against": "national_other"}, **POOLED)
    figures = [make_outside(*figure, group="others") for figure in published]
    given = make_given(
        clause,
        at="summer 2026",
        measures=[make_measure(**YEARLY, series=1)],
        series=[make_series(*figures, basis="academic_year")],
        units=make_schools(2),
        answers={(1, pk, "disadvantaged"): years("55 of 100", "60 of 100") for pk in (1, 2)},
    )
    return said_of_trust(given).verdict


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        case("both years", [("75.0", "2024/25"), ("74.0", "2025/26")], "NARROWED"),
        case("nothing this year", [("75.0", "2024/25")], "NO_COMPARATOR"),
        case("nothing at the start", [("74.0", "2025/26")], "BASELINE_YEAR"),
    ],
)
def test_the_trusts_gap_to_others_in_england(published, reason):
    verdict = trusts_gap_to_england(*published)

    assert (verdict.reason, verdict.marks) == (Reason(reason), set())


def test_the_trusts_gap_to_others_in_england_names_the_release():
    verdict = trusts_gap_to_england(("75.0", "2024/25"), ("74.0", "2025/26"))

    assert "disadvantaged 60.0%, others (DfE, 2025/26, final) 74.0%" in verdict.sentence


def test_a_carried_comparator_makes_the_trusts_gap_provisional():
    clause = make_clause(
        operator="closed", carries_release=True, **GAP | {"against": "national_other"}, **POOLED
    )
    given = make_given(
        clause,
        at="summer 2026",
        measures=[make_measure(**YEARLY, series=1)],
        series=[
            make_series(make_outside("75.0", "2024/25", group="others"), basis="academic_year")
        ],
        answers={(1, 1, "disadvantaged"): years(None, "75 of 100")},
    )

    one = said_of_trust(given)

    assert (one.verdict.reason, one.verdict.marks) == (Reason.CLOSED, {Mark.PROVISIONAL})


def test_a_gap_shows_its_own_size_and_no_figure_of_all():
    one = gap_of_trust((THEN, NOW), (None, ("50 of 200", "1 of 100")))

    assert (one.figure, one.of_all, one.target) == (10, None, 15)


def test_others_of_a_school_without_the_group_are_in_the_pool():
    one = gap_of_trust((THEN, NOW), (("100 of 100", "0 of 0"), ("100 of 100", "0 of 0")))

    # 70 of 100 others in the first school and 100 of 100 in the second.
    assert "disadvantaged 60.0%, others 85.0%" in one.verdict.sentence


def test_a_closed_gap_is_judged_on_all_schools():
    one = gap_of_trust((THEN, NOW), (None, ("150 of 200", "80 of 100")), operator="closed")

    assert (one.verdict.reason, one.figure) == (Reason.CLOSED, 0)


# Phase by phase


PRIMARY = make_outside("90.0", "autumn 2025", scope="phase:primary")
SECONDARY = make_outside("80.0", "autumn 2025", scope="phase:secondary")
PHASES = [make_unit(1), make_unit(2), make_unit(3, phase="secondary")]
COMPARED = make_clause(rule="compare", operator="above", **POOLED)


@pytest.mark.parametrize(
    ("told", "figures", "reason", "counts"),
    [
        case(
            "each phase above its own",
            ["91 of 100", "92 of 100", "81 of 100"],
            [PRIMARY, SECONDARY],
            "ALL_GREEN",
            "2 on target, of 2 parts",
        ),
        case(
            "good secondaries do not hide the primaries",
            ["80 of 100", "81 of 100", "100 of 100"],
            [PRIMARY, SECONDARY],
            "ANY_RED",
            "1 on target, 1 off target, of 2 parts",
        ),
        case(
            "one phase has no comparator",
            ["91 of 100", "92 of 100", "81 of 100"],
            [PRIMARY],
            "PARTIAL",
            "1 on target, 1 not known, of 2 parts",
        ),
        case(
            "a school missing in one phase",
            ["91 of 100", None, "81 of 100"],
            [PRIMARY, SECONDARY],
            "PARTIAL",
            "1 on target, 1 not known, of 2 parts",
        ),
    ],
)
def test_schools_are_pooled_phase_by_phase_and_the_phases_joined_by_all(
    told, figures, reason, counts
):
    one = of_trust(
        COMPARED,
        *told,
        units=PHASES,
        measure=make_measure(series=1),
        series=[make_series(*figures)],
    )

    assert one.verdict.reason == Reason(reason)
    assert counts in one.verdict.sentence


def test_what_england_gives_for_everyone_is_compared_with_everyone():
    series = [make_series(make_outside("85.0", "autumn 2025"))]

    one = of_trust(
        COMPARED,
        "80 of 100",
        "81 of 100",
        "100 of 100",
        units=PHASES,
        measure=make_measure(series=1),
        series=series,
    )

    assert (one.verdict.reason, one.figure) == (Reason.MET, Decimal("87.0"))


def test_a_school_of_both_phases_stands_by_itself_and_is_not_named():
    mixed = make_unit(3, phase="all_through", has_parts=True, name="Hill Academy")
    parts = [
        make_unit(4, "part", parent=3, phase="primary", pupils=100),
        make_unit(5, "part", parent=3, phase="secondary", pupils=100),
    ]

    one = of_trust(
        COMPARED,
        "91 of 100",
        "92 of 100",
        "83 of 100",
        units=[make_unit(1), make_unit(2), mixed, *parts],
        measure=make_measure(series=1, about_pupils=False),
        series=[make_series(PRIMARY, SECONDARY)],
    )

    assert one.verdict.reason == Reason.ANY_RED
    assert one.verdict.sentence.startswith("Off target: all through: 83.0%, target above 85.0%")
    assert "Hill" not in one.verdict.sentence


def test_beside_an_each_school_verdict_stands_the_pooled_figure():
    given = make_given(
        make_clause(),
        units=make_schools(2),
        answers={1: [answer("autumn 2025", "96 of 100")], 2: [answer("autumn 2025", "50 of 100")]},
    )

    [line] = judge(given).lines

    assert line.trust.verdict.reason == Reason.ANY_RED
    assert line.trust.figure is None
    assert line.together.figure == Decimal("73.0")


def test_a_missing_school_never_makes_the_pool_a_colour():
    for told in (["99 of 100", None], ["1 of 100", None]):
        assert of_trust(make_clause(**POOLED), *told).verdict.status == Status.GREY
