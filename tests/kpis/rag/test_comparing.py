"""Whose outside figure a clause compares with, of which period and release."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.verdict import Mark, Reason

from .builders import (
    answer,
    make_clause,
    make_given,
    make_measure,
    make_outside,
    make_series,
    make_unit,
    said,
)
from .tables import case

ABOVE = make_clause(rule="compare", operator="above")
ATTENDANCE = make_measure(series=1)
EVERYONE, PRIMARY = make_outside("90.0", "autumn 2025"), "phase:primary"


def compared(*figures, clause=ABOVE, unit=None, measure=ATTENDANCE, sent=None, **more):
    """What is said of one school by these outside figures."""
    unit = make_unit() if unit is None else unit
    given = make_given(
        clause,
        measures=[measure],
        series=[make_series(*figures)],
        units=[unit, *more.pop("parts", [])],
        answers={1: [answer("autumn 2025", "95 of 100")] if sent is None else sent},
        **more,
    )
    return said(given)


@pytest.mark.parametrize(
    ("figures", "unit", "bar"),
    [
        case("everyone's", [EVERYONE], {}, "90.0"),
        case(
            "its phase's before everyone's",
            [make_outside("91.0", "autumn 2025", scope=PRIMARY), EVERYONE],
            {},
            "91.0",
        ),
        case(
            "another phase's is not its own",
            [make_outside("91.0", "autumn 2025", scope="phase:secondary"), EVERYONE],
            {},
            "90.0",
        ),
        case(
            "its own before its phase's",
            [
                make_outside("91.0", "autumn 2025", scope=PRIMARY),
                make_outside("92.0", "autumn 2025", scope="unit:123456"),
            ],
            {"codes": frozenset({"123456"})},
            "92.0",
        ),
        case(
            "another school's is not its own",
            [make_outside("92.0", "autumn 2025", scope="unit:123456"), EVERYONE],
            {"codes": frozenset({"654321"})},
            "90.0",
        ),
        case(
            "nearer before more final",
            [make_outside("91.0", "autumn 2025", scope=PRIMARY, release="provisional"), EVERYONE],
            {},
            "91.0",
        ),
        case(
            "alternative provision with special schools",
            [make_outside("85.0", "autumn 2025", scope="phase:special"), EVERYONE],
            {"phase": "alternative"},
            "85.0",
        ),
        case(
            "special schools with special schools",
            [make_outside("85.0", "autumn 2025", scope="phase:special"), EVERYONE],
            {"phase": "special"},
            "85.0",
        ),
        case("special schools never with everyone", [EVERYONE], {"phase": "special"}, None),
        case("nor alternative provision", [EVERYONE], {"phase": "alternative"}, None),
        case(
            "but what the plan prints is meant for them too",
            [make_outside("90.0", "autumn 2025", printed_in_plan=True)],
            {"phase": "special"},
            "90.0",
        ),
    ],
)
def test_the_nearest_figure_is_the_yardstick(figures, unit, bar):
    one = compared(*figures, unit=make_unit(**unit))

    assert (one.target and str(one.target)) == bar
    assert one.verdict.reason == (Reason.NO_COMPARATOR if bar is None else Reason.MET)


@pytest.mark.parametrize(
    ("figures", "bar", "words"),
    [
        case(
            "provisional while there is no other",
            [make_outside("91.0", "autumn 2025", release="provisional")],
            "91.0",
            "DfE, autumn 2025, provisional",
        ),
        case(
            "revised before provisional",
            [
                make_outside("92.0", "autumn 2025", release="revised"),
                make_outside("91.0", "autumn 2025", release="provisional"),
            ],
            "92.0",
            "DfE, autumn 2025, revised",
        ),
        case(
            "final before revised",
            [
                make_outside("93.0", "autumn 2025", release="final"),
                make_outside("92.0", "autumn 2025", release="revised"),
            ],
            "93.0",
            "DfE, autumn 2025, final",
        ),
        case(
            "of a phase",
            [make_outside("93.0", "autumn 2025", scope="phase:primary")],
            "93.0",
            "DfE, primary schools, autumn 2025, final",
        ),
    ],
)
def test_the_sentence_names_the_release_it_used(figures, bar, words):
    one = compared(*figures)

    assert str(one.target) == bar
    assert f"({words})" in one.verdict.sentence
    assert one.verdict.marks == set()


@pytest.mark.parametrize(
    ("figures", "carries", "bar", "marks"),
    [
        case("last year's is not this year's", [("91.0", "autumn 2024")], False, None, set()),
        case("unless the trust wants it", [("91.0", "autumn 2024")], True, "91.0", {"PROVISIONAL"}),
        case("for one year at most", [("91.0", "autumn 2023")], True, None, set()),
        case(
            "and this year's comes first",
            [("91.0", "autumn 2024"), ("92.0", "autumn 2025")],
            True,
            "92.0",
            set(),
        ),
        case("another term's is unlike", [("91.0", "summer 2025")], True, None, set()),
        case("autumn to date is like it", [("91.0", "2025/26 to autumn")], False, "91.0", set()),
        case("not published is no nought", [(None, "autumn 2025")], False, None, set()),
    ],
)
def test_a_comparator_is_of_the_same_period(figures, carries, bar, marks):
    clause = make_clause(rule="compare", operator="above", carries_release=carries)

    one = compared(*(make_outside(*figure) for figure in figures), clause=clause)

    assert (one.target and str(one.target)) == bar
    assert one.verdict.marks == {Mark(mark) for mark in marks}


def test_cp4_last_years_figure_that_is_carried_says_so():
    clause = make_clause(rule="compare", operator="above", carries_release=True)

    one = compared(make_outside("91.0", "autumn 2024"), clause=clause)

    assert "(DfE, autumn 2024, final, nothing newer)" in one.verdict.sentence


@pytest.mark.parametrize(
    ("figures", "bar", "marks"),
    [
        case(
            "in its own year",
            [make_outside("80.0", "autumn 2025", printed_in_plan=True)],
            "80.0",
            set(),
        ),
        case(
            "afterwards it is provisional",
            [make_outside("80.0", "autumn 2024", printed_in_plan=True)],
            "80.0",
            {"PROVISIONAL"},
        ),
        case(
            "even of an unlike period",
            [make_outside("80.0", "2023/24", printed_in_plan=True)],
            "80.0",
            {"PROVISIONAL"},
        ),
        case(
            "until the period's own is published",
            [make_outside("80.0", "autumn 2024", printed_in_plan=True), EVERYONE],
            "90.0",
            set(),
        ),
        case(
            "a published figure before one printed for the same period",
            [make_outside("80.0", "autumn 2025", printed_in_plan=True), EVERYONE],
            "90.0",
            set(),
        ),
        case(
            "of two the later",
            [
                make_outside("80.0", "autumn 2023", printed_in_plan=True),
                make_outside("81.0", "autumn 2024", printed_in_plan=True),
            ],
            "81.0",
            {"PROVISIONAL"},
        ),
        case(
            "what has been replaced does not come back",
            [
                make_outside("80.0", "autumn 2023", printed_in_plan=True),
                make_outside("85.0", "autumn 2024"),
            ],
            None,
            set(),
        ),
    ],
)
def test_a_comparator_printed_in_the_plan_holds_until_it_is_replaced(figures, bar, marks):
    one = compared(*figures)

    assert (one.target and str(one.target)) == bar
    assert one.verdict.marks == {Mark(mark) for mark in marks}


def test_a_clause_may_name_another_provider_of_the_same_figure():
    clause = make_clause(rule="compare", operator="above", provider="Similar schools")
    series = [
        make_series(EVERYONE),
        make_series(make_outside("93.0", "autumn 2025"), pk=2, provider="Similar schools"),
        make_series(
            make_outside("99.0", "autumn 2025"), pk=3, provider="Similar schools", what="absence"
        ),
    ]
    answers = {1: [answer("autumn 2025", "95 of 100")]}

    one = said(make_given(clause, measures=[ATTENDANCE], series=series, answers=answers))

    assert one.target == Decimal("93.0")
    assert "(Similar schools, autumn 2025, final)" in one.verdict.sentence


def test_a_provider_that_has_given_nothing_is_no_comparator():
    clause = make_clause(rule="compare", operator="above", provider="Similar schools")

    assert compared(EVERYONE, clause=clause).verdict.reason == Reason.NO_COMPARATOR


@pytest.mark.parametrize(
    ("more", "bar"),
    [
        case("its own group by itself", {}, "84.0"),
        case("the group that the clause names", {"comparator_group": "all"}, "90.0"),
    ],
)
def test_a_group_is_compared_with_its_own_or_the_one_named(more, bar):
    clause = make_clause(rule="compare", operator="above", group="send", **more)
    given = make_given(
        clause,
        measures=[ATTENDANCE],
        series=[make_series(EVERYONE, make_outside("84.0", "autumn 2025", group="send"))],
        answers={(1, 1, "send"): [answer("autumn 2025", "19 of 20")]},
    )

    assert str(said(given).target) == bar


@pytest.mark.parametrize("provider", ["", "DfE"])
def test_a_measure_without_a_series_has_no_comparator(provider):
    clause = make_clause(rule="compare", operator="above", provider=provider)

    one = compared(EVERYONE, clause=clause, measure=make_measure())

    assert one.verdict.reason == Reason.NO_COMPARATOR


FINANCE = make_measure(series=1, about_pupils=False)
MIXED = make_unit(phase="all_through", has_parts=True)
PARTS = [
    make_unit(2, "part", parent=1, phase="primary", pupils=300),
    make_unit(3, "part", parent=1, phase="secondary", pupils=900),
]
BY_PHASE = [
    make_outside("80.0", "autumn 2025", scope="phase:primary"),
    make_outside("90.0", "autumn 2025", scope="phase:secondary"),
]


def test_a_school_of_several_phases_is_compared_with_their_mix_by_pupils():
    one = compared(*BY_PHASE, EVERYONE, unit=MIXED, parts=PARTS, measure=FINANCE)

    assert one.target == Decimal("87.5")
    assert one.verdict.sentence == (
        "On target: 95.0%, target above 87.5% (DfE, primary schools, autumn 2025, final and"
        " DfE, secondary schools, autumn 2025, final, weighted by pupils), margin 1.0."
    )


@pytest.mark.parametrize(
    ("figures", "bar", "source"),
    [
        case("everyone's, where there is none by phase", [EVERYONE], 90, "DfE, autumn 2025, final"),
        case(
            "its own before any mix",
            [*BY_PHASE, make_outside("88.0", "autumn 2025", scope="unit:123456")],
            88,
            "DfE, autumn 2025, final",
        ),
    ],
)
def test_a_school_of_several_phases_needs_no_mix_of(figures, bar, source):
    unit = make_unit(phase="all_through", has_parts=True, codes=frozenset({"123456"}))

    one = compared(*figures, unit=unit, parts=PARTS, measure=FINANCE)

    assert one.target == bar
    assert f"({source})" in one.verdict.sentence


def test_without_the_pupils_of_each_part_there_is_no_mix():
    parts = [PARTS[0], make_unit(3, "part", parent=1, phase="secondary")]

    one = compared(*BY_PHASE, unit=MIXED, parts=parts, measure=FINANCE)

    assert one.verdict.reason == Reason.NO_COMPARATOR


def test_a_mix_of_what_is_carried_is_provisional():
    figures = [make_outside("80.0", "autumn 2024", scope="phase:primary"), BY_PHASE[1]]
    clause = make_clause(rule="compare", operator="above", carries_release=True)

    one = compared(*figures, unit=MIXED, parts=PARTS, measure=FINANCE, clause=clause)

    assert one.verdict.marks == {Mark.PROVISIONAL}


@pytest.mark.parametrize(
    ("operator", "better", "sent", "reason"),
    [
        case("above", "above", "higher", "91 of 100", "MET"),
        case("above, equal is close", "above", "higher", "90 of 100", "NEAR"),
        case("above, however the measure turns", "above", "lower", "91 of 100", "MET"),
        case("below", "below", "higher", "89 of 100", "MET"),
        case("below, equal is close", "below", "lower", "90 of 100", "NEAR"),
        case(
            "in line or better, within the tolerance",
            "in_line_or_better",
            "higher",
            "895 of 1000",
            "MET",
        ),
        case("in line or better, past it", "in_line_or_better", "higher", "894 of 1000", "NEAR"),
        case(
            "in line or better, on the edge", "in_line_or_better", "higher", "885 of 1000", "NEAR"
        ),
        case(
            "in line or better, past the edge", "in_line_or_better", "higher", "884 of 1000", "OFF"
        ),
        case(
            "in line or better, less is better", "in_line_or_better", "lower", "905 of 1000", "MET"
        ),
        case("in line, too high is out", "in_line", "higher", "920 of 1000", "OUT"),
        case("significantly better", "significantly_better", "higher", "91 of 100", "MET"),
        case("not significantly", "significantly_better", "higher", "909 of 1000", "NOT_ENOUGH"),
    ],
)
def test_each_way_to_compare(operator, better, sent, reason):
    clause = make_clause(rule="compare", operator=operator, tolerance="0.5")
    measure = make_measure(series=1, better=better)

    one = compared(EVERYONE, clause=clause, measure=measure, sent=[answer("autumn 2025", sent)])

    assert one.verdict.reason == Reason(reason)


def test_how_much_is_significant_is_data():
    clause = make_clause(
        rule="compare", operator="significantly_better", significant_step=Decimal(6)
    )

    assert compared(EVERYONE, clause=clause).verdict.reason == Reason.NOT_ENOUGH


def test_the_tolerance_may_be_one_pupils_worth():
    rule = {"rule": "compare", "operator": "in_line_or_better", "tolerance": "0.5"}
    sent = [answer("autumn 2025", "17 of 20")]

    without = compared(EVERYONE, clause=make_clause(**rule), sent=sent)
    with_it = compared(EVERYONE, clause=make_clause(**rule, one_pupil=True), sent=sent)

    assert (without.verdict.reason, with_it.verdict.reason) == (Reason.OFF, Reason.MET)


@pytest.mark.parametrize(
    ("limits", "sent", "reason"),
    [
        case("inside the policy's limits", ("3", "8"), "5 of 100", "IN_BAND"),
        case("outside them", ("3", "8"), "12 of 100", "OUT"),
        case("limits not entered", None, "5 of 100", "NO_TARGET"),
    ],
)
def test_the_limits_of_a_policy_are_outside_figures_of_that_unit(limits, sent, reason):
    clause = make_clause(rule="band", target=None, margin="0")
    ends = limits and {"low": Decimal(limits[0]), "high": Decimal(limits[1])}
    figures = [make_outside("0", "autumn 2025", scope="unit:RES", **ends)] if ends else []

    one = compared(
        *figures,
        clause=clause,
        unit=make_unit(codes=frozenset({"RES"})),
        sent=[answer("autumn 2025", sent)],
    )

    assert one.verdict.reason == Reason(reason)


def test_a_carried_figure_is_compared_in_its_own_period():
    measure = make_measure(series=1, basis="academic_year", asked={"autumn"}, about_last=True)
    figures = [make_outside("90.0", "2025/26"), make_outside("99.0", "2026/27")]

    one = compared(
        *figures,
        measure=measure,
        sent=[answer("2025/26", "95 of 100", collected="autumn 2026")],
        at="summer 2027",
    )

    assert one.target == Decimal("90.0")
    assert one.verdict.marks == {Mark.CARRIED}


GAP = {"rule": "gap", "group": "disadvantaged", "against": "national_other", "baseline": "2024/25"}
YEARLY = make_measure(series=1, basis="academic_year", asked={"summer"})
NATIONAL = [
    make_outside("75.0", "2024/25", group="others"),
    make_outside("76.0", "2025/26", group="others"),
]


def gap_to_england(*figures, own=("55 of 100", "58 of 100"), operator="narrow"):
    years = zip(("2024/25", "2025/26"), own, strict=True)
    given = make_given(
        make_clause(operator=operator, **GAP),
        at="summer 2026",
        measures=[YEARLY],
        series=[make_series(*figures, basis="academic_year")],
        answers={(1, 1, "disadvantaged"): [answer(year, sent) for year, sent in years]},
    )
    return said(given)


@pytest.mark.parametrize(
    ("figures", "own", "reason"),
    [
        case("smaller than it was", NATIONAL, ("55 of 100", "58 of 100"), "NARROWED"),
        case("wider than it was", NATIONAL, ("55 of 100", "55 of 100"), "WIDENED"),
        case("not published this year", NATIONAL[:1], ("55 of 100", "58 of 100"), "NO_COMPARATOR"),
        case(
            "not published at the start", NATIONAL[1:], ("55 of 100", "58 of 100"), "BASELINE_YEAR"
        ),
    ],
)
def test_a_gap_to_others_in_england_has_both_years_from_outside(figures, own, reason):
    assert gap_to_england(*figures, own=own).verdict.reason == Reason(reason)


def test_a_gap_to_others_in_england_names_the_release():
    sentence = gap_to_england(*NATIONAL).verdict.sentence

    assert "others (DfE, 2025/26, final) 76.0%" in sentence


def test_an_outside_figure_is_rounded_like_the_figure_it_is_compared_with():
    one = compared(
        make_outside("94.949", "autumn 2025"), sent=[answer("autumn 2025", "949 of 1000")]
    )

    assert one.target == Decimal("94.9")
    assert one.verdict.reason == Reason.NEAR


def test_a_day_is_compared_with_a_day():
    measure = make_measure(series=1, basis="date")
    figures = [make_outside("90.0", date(2025, 10, 2))]

    one = compared(*figures, measure=measure, sent=[answer(date(2025, 11, 6), "95 of 100")])

    assert one.target == Decimal("90.0")
