"""The order that decides the colour: in the unit, over the units, then for the trust."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.applies import Applicability
from kpis.rag.given import Manual
from kpis.rag.judging import judge_all, schools_of
from kpis.rag.verdict import Mark, Reason, Status

from .builders import (
    TRUST,
    answer,
    due,
    judge,
    make_clause,
    make_given,
    make_level_measure,
    make_measure,
    make_outside,
    make_promise,
    make_schools,
    make_series,
    make_start,
    make_unit,
    rated,
    said_of_trust,
)
from .tables import case

# A share out of 100 for each letter, judged against at least 95.0 with a margin of 1.0.
SHARES = {
    "G": "96 of 100",
    "A": "94 of 100",
    "R": "80 of 100",
    "s": "3 of 4",
    "0": "0 of 0",
    "?": None,
}


def house(*clauses, letters, at="autumn 2025", measures=None, units=None, **more):
    """A trust where school 1 has sent the first of ``letters``, one for each measure."""
    number = len(letters[0])
    answers = {
        (measure, unit): [answer(at, SHARES[letter])]
        for unit, sent in enumerate(letters, 1)
        for measure, letter in enumerate(sent, 1)
        if SHARES[letter] is not None
    }
    return make_given(
        *clauses,
        at=at,
        measures=measures or [make_measure(pk) for pk in range(1, number + 1)],
        units=make_schools(len(letters)) if units is None else units,
        answers=answers | more.pop("answers", {}),
        **more,
    )


def clauses(number, **more):
    return [make_clause(pk, reads=pk, **more) for pk in range(1, number + 1)]


# In the unit first


def test_clt_a1_five_schools_pass_by_one_arm_and_six_by_the_other():
    given = house(*clauses(2), letters=["GR"] * 5 + ["RG"] * 6, combine="any")

    result = judge(given)

    assert result.trust.verdict.reason == Reason.ALL_GREEN
    assert result.trust.verdict.sentence == "On target: 11 on target, of 11 schools."
    # Clause by clause it would be a false red.
    assert [line.trust.verdict.reason for line in result.lines] == [Reason.ANY_RED] * 2


@pytest.mark.parametrize(
    ("combine", "letters", "reason", "marks"),
    [
        case("all: every clause in every school", "all", ["GG", "GG"], "ALL_GREEN", set()),
        case("all: one clause off in one school", "all", ["GG", "GR"], "ANY_RED", set()),
        case("all: one clause close in one school", "all", ["GA", "GG"], "ANY_AMBER", set()),
        case("all: one clause missing", "all", ["GG", "G?"], "PARTIAL", {"LATE"}),
        case("all: one suppressed", "all", ["GG", "Gs"], "PARTIAL", set()),
        case("all: off beside missing", "all", ["GR", "G?"], "ANY_RED", {"PARTIAL", "LATE"}),
        case("all: nobody there drops out", "all", ["GG", "G0"], "ALL_GREEN", set()),
        case("any: one arm each", "any", ["GR", "RG"], "ALL_GREEN", set()),
        case("any: neither arm in one school", "any", ["GR", "RR"], "ANY_RED", set()),
        case("any: the better arm is close", "any", ["GR", "RA"], "ANY_AMBER", set()),
        case("cb2: an unknown arm may be green", "any", ["GR", "R?"], "PARTIAL", {"LATE"}),
        case("any: an arm that does not apply", "any", ["GR", "R0"], "ANY_RED", set()),
    ],
)
def test_clauses_of_one_level_combine_in_each_school(combine, letters, reason, marks):
    verdict = judge(house(*clauses(2), letters=letters, combine=combine)).trust.verdict

    assert verdict.reason == Reason(reason)
    assert verdict.marks == {Mark(mark) for mark in marks}


def test_clt_a5_four_clauses_of_the_schools_and_two_of_the_trust():
    pooled = {"level": "trust", "roll_up": "pooled"}
    six = [
        make_clause(1, reads=1, **pooled),
        make_clause(2, reads=2, **pooled),
        *(make_clause(pk, reads=1 + pk % 2) for pk in range(3, 7)),
    ]
    # 96, 94 and 94 of 100 are 94.7 together: close, though one school is on target.
    given = house(*six, letters=["GG", "AG", "AG"])

    result = judge(given)

    assert [part.verdict.reason for part in result.trust.verdict.parts] == [
        Reason.ANY_AMBER,
        Reason.NEAR,
        Reason.MET,
    ]
    assert result.trust.verdict.sentence == (
        "Close to target: each school: 1 on target, 2 close to target, of 3 schools;"
        " 1 on target, 2 close to target, of 3 parts, all must hold."
    )
    assert set(result.schools) == {1, 2, 3}
    assert len(result.schools[1].verdict.parts) == 4


def test_a_pooled_clause_of_the_schools_joins_at_the_last_step():
    each, pooled = make_clause(1), make_clause(2, reads=2, roll_up="pooled")
    given = house(each, pooled, letters=["GR", "GG", "GG"])

    result = judge(given)

    # 80, 96 and 96 of 100 are 90.7 together.
    assert [part.verdict.reason for part in result.trust.verdict.parts] == [
        Reason.ALL_GREEN,
        Reason.OFF,
    ]
    assert result.schools[1].verdict.reason == Reason.ANY_RED


def test_an_either_or_of_the_schools_and_the_trust_joins_at_the_last_step():
    trust = make_clause(3, reads=3, level="trust", roll_up="trust_only")
    measures = [make_measure(1), make_measure(2), make_measure(3, of="trust")]
    told = {(3, TRUST): [answer("autumn 2025", "96 of 100")]}

    def with_trust(answers):
        given = house(
            *clauses(2),
            trust,
            letters=["GR", "RR"],
            measures=measures,
            combine="any",
            answers=answers,
        )
        return judge(given).trust.verdict

    assert with_trust(told).reason == Reason.ONE_GREEN
    assert with_trust({}).reason == Reason.PARTIAL
    assert with_trust({}).because.endswith("off target on what is known")


def test_an_either_or_of_sites_counts_sites():
    of_sites = [make_clause(pk, reads=pk, level="site") for pk in (1, 2)]
    units = [make_unit(1), *(make_unit(pk, "site", serves=frozenset({1})) for pk in (2, 3))]
    measures = [make_measure(pk, of="site") for pk in (1, 2)]
    given = house(
        *of_sites, letters=["??", "GR", "RG"], units=units, measures=measures, combine="any"
    )

    assert judge(given).trust.verdict.sentence == "On target: 2 on target, of 2 sites."


def test_where_all_must_hold_each_level_is_rolled_up_by_itself():
    units = [make_unit(1), make_unit(2, "site", serves=frozenset({1}))]
    given = house(
        make_clause(1),
        make_clause(2, reads=2, level="site"),
        letters=["G?", "?A"],
        units=units,
        measures=[make_measure(1), make_measure(2, of="site")],
    )

    parts = judge(given).trust.verdict.parts

    assert [(part.name, part.verdict.because) for part in parts] == [
        ("Clause 1", "1 on target, of 1 school"),
        ("Clause 2", "1 close to target, of 1 site"),
    ]


def test_an_either_or_of_a_school_and_its_sites_is_combined_in_the_school():
    """The sites of one school are off target, and the school itself is on target."""
    of_sites = make_clause(2, reads=2, level="site")
    units = [
        *make_schools(2),
        make_unit(11, "site", serves=frozenset({1})),
        make_unit(12, "site", serves=frozenset({2})),
    ]
    given = house(
        make_clause(1),
        of_sites,
        letters=["G", "R"],
        units=units,
        measures=[make_measure(1), make_measure(2, of="site")],
        combine="any",
        answers={
            (2, 11): [answer("autumn 2025", "80 of 100")],
            (2, 12): [answer("autumn 2025", "96 of 100")],
        },
    )

    assert judge(given).trust.verdict.sentence == "On target: 2 on target, of 2 schools."


def test_so_is_that_of_a_school_asked_in_parts_for_one_arm_and_as_one_for_the_other():
    reviewed = make_measure(2, "rating", basis="date")
    given = make_given(
        make_clause(1),
        make_clause(2, "judged", "", reads=2),
        measures=[make_measure(1, series=1), reviewed],
        units=ALL_THROUGH[:3],
        answers={
            11: [answer("autumn 2025", "80 of 100")],
            12: [answer("autumn 2025", "80 of 100")],
        },
        ratings={(2, 1): [rated(date(2025, 11, 1))]},
        combine="any",
    )

    assert judge(given).trust.verdict.sentence == "On target: 1 on target, of 1 school."


def test_a_promise_of_one_clause_takes_its_verdict_as_it_is():
    result = judge(house(make_clause(), letters=["A"]))

    assert result.schools[1].verdict == result.lines[0].units[1].verdict
    assert result.trust.verdict == result.lines[0].trust.verdict
    assert (result.schools[1].deciding, result.trust.deciding) == (1, 1)


@pytest.mark.parametrize(
    ("combine", "letters", "deciding"),
    [
        case("all: the worst", "all", "GR", 2),
        case("all: the first of two", "all", "RR", 1),
        case("any: the best", "any", "RG", 2),
        case("any: the first of two", "any", "GG", 1),
    ],
)
def test_a_cell_shows_the_clause_that_decides(combine, letters, deciding):
    result = judge(house(*clauses(2), letters=[letters], combine=combine))

    assert result.schools[1].deciding == deciding


@pytest.mark.parametrize(
    ("letters", "deciding"),
    [
        case("in most of the worst schools", ["GRG", "GGR", "GGR"], 3),
        case("however many are good", ["GRG", "GGG", "GGG"], 2),
        case("the first of two", ["GRG", "RGG"], 1),
    ],
)
def test_the_trusts_cell_shows_the_clause_that_decides_most_of_the_worst(letters, deciding):
    assert judge(house(*clauses(3), letters=letters)).trust.deciding == deciding


def test_a_clause_without_a_title_is_called_by_its_key():
    given = house(make_clause(1, title=""), make_clause(2, reads=2), letters=["RG"])

    assert judge(given).schools[1].verdict.because.startswith("c1: 80.0%")


# Over the units


@pytest.mark.parametrize(
    ("letters", "reason", "sentence"),
    [
        case("all good", "GGG", "ALL_GREEN", "On target: 3 on target, of 3 schools."),
        case("one off", "GGR", "ANY_RED", "Off target: 2 on target, 1 off target, of 3 schools."),
        case(
            "ru2: one missing",
            "GG?",
            "PARTIAL",
            "No status: 2 on target, 1 not known, of 3 schools.",
        ),
        case("all missing", "???", "NO_DATA", "No status: 3 not known, of 3 schools."),
        case(
            "one with nobody",
            "GG0",
            "ALL_GREEN",
            "On target: 2 on target, of 2 schools, 1 not applicable.",
        ),
        case(
            "close beside missing",
            "GA?",
            "ANY_AMBER",
            "Close to target: 1 on target, 1 close to target, 1 not known, of 3 schools.",
        ),
    ],
)
def test_each_school_must_hold(letters, reason, sentence):
    verdict = judge(house(make_clause(), letters=letters)).trust.verdict

    assert (verdict.reason, verdict.sentence) == (Reason(reason), sentence)


@pytest.mark.parametrize(
    ("letters", "share", "reason"),
    [
        case("enough", "GGGGR", "80.0", "MET"),
        case("close", "GGGRR", "65.0", "NEAR"),
        case("missing stays in the denominator", "GGGG?", "85.0", "NEAR"),
        case("far", "GRRRR", "80.0", "OFF"),
    ],
)
def test_a_trust_may_choose_a_share_of_schools(letters, share, reason):
    clause = make_clause(roll_up="share_of_schools", share=share)

    assert said_of_trust(house(clause, letters=letters)).verdict.reason == Reason(reason)


def test_what_is_only_listed_has_no_colour():
    verdict = said_of_trust(house(make_clause(roll_up="list"), letters="GR")).verdict

    assert verdict.reason == Reason.NOT_APPLICABLE


def test_a_trusts_promise_may_be_made_of_each_schools():
    result = judge(house(make_clause(level="trust", roll_up="each_school"), letters="GR"))

    assert result.trust.verdict.reason == Reason.ANY_RED
    assert result.is_trust_wide


DONE = {"rule": "done", "operator": ""}
YES_NO = make_measure(kind="yes_no", basis="date")
YES = [answer(date(2025, 11, 1), done="yes", done_on=date(2025, 11, 1))]


def rolled_out(done, of, *, clause=None, kind="school", **more):
    units = [make_unit(pk, kind) for pk in range(1, of + 1)]
    measure = make_measure(kind="yes_no", basis="date", of=kind)
    return judge(
        make_given(
            clause or make_clause(**DONE, level=kind),
            measures=[measure],
            units=units,
            answers=dict.fromkeys(range(1, done + 1), YES),
            **more,
        )
    )


@pytest.mark.parametrize(
    ("done", "of", "as_at", "reason", "figure"),
    [
        case("ru6: one of eleven", 1, 11, date(2026, 1, 30), "NOT_DUE", "1 of 11"),
        case("all of them", 11, 11, date(2026, 1, 30), "DONE", "11 of 11"),
        case("overdue", 10, 11, date(2028, 9, 1), "OVERDUE", "10 of 11"),
        case("due soon", 10, 11, date(2028, 8, 20), "DUE_SOON", "10 of 11"),
        case("none yet", 0, 11, date(2026, 1, 30), "NOT_DUE", "0 of 11"),
    ],
)
def test_what_is_done_is_counted_and_never_each_judged(done, of, as_at, reason, figure):
    verdict = rolled_out(done, of, as_at=as_at).trust.verdict

    assert (verdict.reason, verdict.figure) == (Reason(reason), figure)


@pytest.mark.parametrize("roll_up", ["each_school", "rollout"])
def test_whatever_the_plan_file_calls_it(roll_up):
    clause = make_clause(**DONE, roll_up=roll_up)

    assert rolled_out(1, 11, clause=clause).trust.verdict.reason == Reason.NOT_DUE


@pytest.mark.parametrize("combine", ["all", "any"])
def test_whatever_it_is_combined_with(combine):
    result = rolled_out(1, 11, combine=combine)

    assert result.trust.verdict.reason == Reason.NOT_DUE
    assert result.lines[0].trust.verdict.figure == "1 of 11"


def test_sites_are_called_sites():
    verdict = rolled_out(1, 3, kind="site").trust.verdict

    assert verdict.sentence == (
        "No status: 1 of 3 sites done by 30 January 2026, due 31 August 2028."
    )


@pytest.mark.parametrize(
    ("letters", "as_at", "reason"),
    [
        case("before the day", "GRA", date(2026, 1, 30), "NOT_DUE"),
        case("all there", "GGG", date(2026, 1, 30), "ALL_GREEN"),
        case("after it each is judged", "GGA", date(2026, 9, 1), "ANY_AMBER"),
        case("after it, one off", "GRA", date(2026, 9, 1), "ANY_RED"),
    ],
)
def test_a_number_by_a_date_is_counted_until_then_and_each_judged_after(letters, as_at, reason):
    clause = make_clause(by_a_date=True, roll_up="rollout")

    given = house(clause, letters=letters, dues=[due(date(2026, 8, 31))], as_at=as_at)

    assert said_of_trust(given).verdict.reason == Reason(reason)


def test_a_rollout_joins_the_other_clauses_at_the_last_step():
    """One school of two done is not due, and does not freeze the rest."""
    number = make_clause(1)
    to_do = make_clause(2, reads=2, **DONE)
    given = make_given(
        number,
        to_do,
        measures=[make_measure(1), make_measure(2, "yes_no", basis="date")],
        units=make_schools(2),
        answers={
            1: [answer("autumn 2025", "96 of 100")],
            2: [answer("autumn 2025", "96 of 100")],
            (2, 1): YES,
        },
    )

    verdict = judge(given).trust.verdict

    assert (verdict.reason, verdict.marks) == (Reason.ALL_GREEN, {Mark.PART_DUE})


# A plan to get there


def reserves(letter, *, planned, due_on=date(2028, 8, 31), settings=None):
    number = make_clause(1, title="Inside the policy")
    plan = make_clause(2, reads=2, title="A plan", plan_counts=True, **DONE)
    given = house(
        number,
        plan,
        letters=[letter + "?"],
        measures=[make_measure(1), make_measure(2, "yes_no", basis="date")],
        combine="any",
        answers={(2, 1): YES} if planned else {},
        dues=[due(due_on)],
        settings=settings or {},
    )
    return judge(given)


@pytest.mark.parametrize(
    ("letter", "planned", "reason", "marks"),
    [
        case("inside", "G", False, "ONE_GREEN", {"PART_DUE"}),
        case("outside with a plan", "R", True, "ONE_GREEN", {"BY_PLAN"}),
        case("outside without", "R", False, "ANY_RED", {"PART_DUE"}),
        case("unknown with a plan", "?", True, "ONE_GREEN", {"BY_PLAN", "PARTIAL", "LATE"}),
    ],
)
def test_or_has_a_plan(letter, planned, reason, marks):
    verdict = reserves(letter, planned=planned).schools[1].verdict

    assert verdict.reason == Reason(reason)
    assert verdict.marks == {Mark(mark) for mark in marks}


def test_a_deed_that_is_no_plan_makes_no_such_mark():
    number, deed = make_clause(1), make_clause(2, reads=2, **DONE)
    measures = [make_measure(1), make_measure(2, "yes_no", basis="date")]
    given = house(
        number, deed, letters=["R?"], measures=measures, combine="any", answers={(2, 1): YES}
    )

    assert judge(given).schools[1].verdict.marks == set()


def test_cases_say_for_themselves_which_of_them_rest_on_a_plan():
    number = make_clause(1)
    defects = make_clause(2, "cases", "", reads=2, months_allowed=1, plan_counts=True)
    measures = [make_measure(1), make_measure(2, "cases", about_pupils=False)]
    told = {(2, 1): [answer("autumn 2025", "0 of 3")]}
    given = house(number, defects, letters=["R?"], measures=measures, combine="any", answers=told)

    assert judge(given).schools[1].verdict.marks == set()


def test_one_school_inside_the_policy_and_one_with_a_plan_are_both_on_target():
    number = make_clause(1)
    plan = make_clause(2, reads=2, plan_counts=True, **DONE)
    measures = [make_measure(1), make_measure(2, "yes_no", basis="date")]
    given = house(
        number, plan, letters=["R?", "G?"], measures=measures, combine="any", answers={(2, 1): YES}
    )

    verdict = judge(given).trust.verdict

    assert verdict.reason == Reason.ALL_GREEN
    assert verdict.marks == {Mark.BY_PLAN, Mark.PART_DUE}


def test_that_it_rests_on_a_plan_goes_up_to_the_trust():
    assert Mark.BY_PLAN in reserves("R", planned=True).trust.verdict.marks


def test_a_trust_may_call_a_plan_close_to_target():
    result = reserves("R", planned=True, settings={"plan_counts_as": "amber"})

    assert result.trust.verdict.reason == Reason.ANY_AMBER


# Sites, bodies and parts


def sites(letters, serves=None, clause=None, **more):
    """Sites 11, 12… of school 1, each with a letter."""
    units = [
        make_unit(1),
        *(
            make_unit(10 + n, "site", serves=frozenset(serves or {1}))
            for n in range(1, len(letters) + 1)
        ),
        *more.pop("units", []),
    ]
    answers = {
        (1, 10 + n): [answer("autumn 2025", SHARES[letter])]
        for n, letter in enumerate(letters, 1)
        if SHARES[letter]
    }
    clause = make_clause(level="site") if clause is None else clause
    return judge(
        make_given(clause, measures=[make_measure(of="site")], units=units, answers=answers, **more)
    )


@pytest.mark.parametrize(
    ("letters", "reason", "words", "figure"),
    [
        case("one site", "A", "NEAR", None, 94),
        case("the worst of two", "GR", "OFF", "1 on target, 1 off target, of 2 sites", 80),
        case("both good", "GG", "MET", "2 on target, of 2 sites", 96),
        case("one missing", "G?", "NO_DATA", "1 on target, 1 not known, of 2 sites", None),
        case("one with nobody", "G0", "MET", "1 on target, of 1 site, 1 not applicable", 96),
    ],
)
def test_a_schools_cell_shows_the_worst_of_its_sites(letters, reason, words, figure):
    result = sites(letters)
    cell = result.schools[1].verdict

    assert cell.reason == Reason(reason)
    assert words is None or words in cell.sentence
    assert result.lines[0].schools[1].figure == figure


def test_the_trusts_line_counts_sites_and_never_school_cells():
    counts = sites("GGR").trust.verdict.counts

    assert (counts.green, counts.red) == (2, 1)


def test_a_site_of_two_schools_is_counted_once():
    result = sites("R", serves={1, 2}, units=[make_unit(2)])

    assert result.trust.verdict.sentence == "Off target: 1 off target, of 1 site."
    assert {pk: cell.verdict.status for pk, cell in result.schools.items()} == {
        1: Status.RED,
        2: Status.RED,
    }


def test_a_school_with_one_of_its_three_sites_done_is_not_done():
    units = [make_unit(1), *(make_unit(pk, "site", serves=frozenset({1})) for pk in (11, 12, 13))]
    given = make_given(
        make_clause(**DONE, level="site"),
        measures=[make_measure(kind="yes_no", basis="date", of="site")],
        units=units,
        answers={11: YES},
    )

    cell = judge(given).schools[1].verdict

    assert (cell.reason, cell.figure) == (Reason.NOT_DUE, "1 of 3")


def test_a_board_that_serves_no_school_counts_for_the_trust_alone():
    units = [make_unit(1), make_unit(11, "body", serves=frozenset({1})), make_unit(12, "body")]
    given = make_given(
        make_clause(level="body"),
        measures=[make_measure(of="body")],
        units=units,
        answers={
            11: [answer("autumn 2025", "96 of 100")],
            12: [answer("autumn 2025", "80 of 100")],
        },
    )

    result = judge(given)

    assert result.schools[1].verdict.reason == Reason.MET
    assert result.trust.verdict.sentence == (
        "Off target: 1 on target, 1 off target, of 2 governing bodies."
    )


def test_a_body_meets_a_rule_if_one_of_its_schools_does():
    church, other = make_unit(1, church=True), make_unit(2)
    units = [
        church,
        other,
        make_unit(11, "body", serves=frozenset({1, 2}), served=(church.place, other.place)),
        make_unit(12, "body", serves=frozenset({2}), served=(other.place,)),
    ]
    clause = make_clause(level="body", applicability=Applicability(church=True))

    result = judge(make_given(clause, measures=[make_measure(of="body")], units=units))

    reasons = {pk: said.verdict.reason for pk, said in result.lines[0].units.items()}
    assert reasons == {11: Reason.NO_DATA, 12: Reason.NOT_APPLICABLE}


ALL_THROUGH = [
    make_unit(1, phase="all_through", has_parts=True),
    make_unit(11, "part", parent=1, phase="primary"),
    make_unit(12, "part", parent=1, phase="secondary"),
    make_unit(2),
]
BY_PHASE = [
    make_series(
        make_outside("90.0", "autumn 2025", scope="phase:primary"),
        make_outside("80.0", "autumn 2025", scope="phase:secondary"),
    )
]


def test_an_all_through_school_is_asked_by_its_parts_and_shows_the_worst():
    clause = make_clause(rule="compare", operator="above")
    given = make_given(
        clause,
        measures=[make_measure(series=1)],
        series=BY_PHASE,
        units=ALL_THROUGH,
        answers={
            11: [answer("autumn 2025", "85 of 100")],
            12: [answer("autumn 2025", "85 of 100")],
            2: [answer("autumn 2025", "95 of 100")],
        },
    )

    result = judge(given)

    assert set(result.lines[0].units) == {11, 12, 2}
    assert result.schools[1].verdict.reason == Reason.OFF
    assert "1 on target, 1 off target, of 2 parts of schools" in result.schools[1].verdict.sentence
    counts = result.trust.verdict.counts
    assert (counts.green, counts.red) == (2, 1)
    # There are two schools, so three of them would be one too many.
    assert "1 off target, of 3 schools and parts of schools." in result.trust.verdict.sentence


def test_a_figure_of_some_counts_the_parts_of_schools_among_those_that_are_in():
    result = judge(
        make_given(
            make_clause(level="trust", roll_up="pooled"),
            measures=[make_measure(series=1)],
            series=BY_PHASE,
            units=ALL_THROUGH,
            answers={11: [answer("autumn 2025", "85 of 100")]},
        )
    )

    assert "from 1 of 3 schools and parts of schools" in result.trust.verdict.sentence


def test_what_is_not_published_by_phase_is_asked_of_the_school_as_one():
    given = make_given(
        make_clause(), units=ALL_THROUGH, answers={1: [answer("autumn 2025", "96 of 100")]}
    )

    assert set(judge(given).lines[0].units) == {1, 2}


def test_a_clause_with_both_kinds_asks_each_of_whom_it_should():
    clause = make_clause(reads=[1, 2])
    given = make_given(
        clause,
        measures=[make_measure(1), make_measure(2, series=1)],
        units=ALL_THROUGH[:3],
        answers={
            (1, 1): [answer("autumn 2025", "96 of 100")],
            (2, 11): [answer("autumn 2025", "96 of 100")],
            (2, 12): [answer("autumn 2025", "96 of 100")],
        },
    )

    assert judge(given).trust.verdict.reason == Reason.ALL_GREEN


# Schools that come and go

TREND = make_clause(rule="trend", operator="improve", baseline="2024/25")
YEARLY = make_measure(basis="academic_year", asked={"summer"})
OLD = [
    answer("2024/25", "70 of 100"),
    answer("2025/26", "72 of 100"),
    answer("2026/27", "74 of 100"),
]
NEW = [answer("2026/27", "50 of 100")]


def growing(joined, at="summer 2027", clauses=(TREND,), answers=None, **more):
    return judge(
        make_given(
            *clauses,
            at=at,
            measures=more.pop("measures", [YEARLY]),
            units=[make_unit(1), make_unit(2, joined=joined)],
            answers={1: OLD, 2: NEW} if answers is None else answers,
            **more,
        )
    )


@pytest.mark.parametrize(
    ("joined", "reason", "too_new"),
    [
        case("its first whole year", date(2026, 9, 1), "ALL_GREEN", 1),
        case("joined during the year before", date(2026, 1, 1), "ALL_GREEN", 1),
        case("in its second year", date(2025, 9, 1), "PARTIAL", 0),
        case("always there", date(2015, 9, 1), "PARTIAL", 0),
    ],
)
def test_a_new_school_without_a_past_does_not_hold_the_trust_back(joined, reason, too_new):
    verdict = growing(joined).trust.verdict

    assert verdict.reason == Reason(reason)
    assert verdict.counts.too_new == too_new
    assert ("1 school too new" in verdict.sentence) is bool(too_new)


def test_its_own_cell_says_what_it_is():
    assert growing(date(2026, 9, 1)).schools[2].verdict.reason == Reason.BASELINE_YEAR


def test_a_new_school_that_has_sent_nothing_does():
    verdict = growing(date(2026, 9, 1), answers={1: OLD}).trust.verdict

    assert verdict.reason == Reason.PARTIAL


def test_what_a_new_school_can_be_judged_by_counts():
    number = make_clause(2, reads=2)
    measures = [YEARLY, make_measure(2)]
    answers = {1: OLD, 2: NEW, (2, 1): [answer("summer 2027", "96 of 100")]}

    def with_new(share):
        told = answers | {(2, 2): [answer("summer 2027", share)]}
        return growing(
            date(2026, 9, 1), clauses=(TREND, number), measures=measures, answers=told
        ).trust.verdict

    assert with_new("96 of 100").reason == Reason.ALL_GREEN
    assert with_new("96 of 100").marks == set()
    assert with_new("80 of 100").reason == Reason.ANY_RED


def test_in_an_either_or_a_new_schools_other_arm_may_yet_be_good():
    number = make_clause(2, reads=2)
    measures = [YEARLY, make_measure(2)]
    answers = {
        1: OLD,
        2: NEW,
        (2, 1): [answer("summer 2027", "96 of 100")],
        (2, 2): [answer("summer 2027", "80 of 100")],
    }

    verdict = growing(
        date(2026, 9, 1),
        clauses=(TREND, number),
        measures=measures,
        answers=answers,
        combine="any",
    ).trust.verdict

    assert (verdict.reason, verdict.counts.too_new) == (Reason.ALL_GREEN, 1)


def test_so_for_the_readings_of_one_clause():
    clause = make_clause(rule="trend", operator="improve", baseline="2024/25", reads=[1, 2])
    measures = [YEARLY, make_measure(2, basis="academic_year", asked={"summer"})]
    best = [answer("2026/27", "100 of 100")]
    answers = {1: OLD, 2: NEW, (2, 1): OLD, (2, 2): best}

    verdict = growing(
        date(2026, 9, 1), clauses=(clause,), measures=measures, answers=answers
    ).trust.verdict

    assert (verdict.reason, verdict.counts.green) == (Reason.ALL_GREEN, 2)


def test_a_new_school_not_inspected_yet_is_too_new():
    inspection = make_level_measure(inspection=True)
    clause = make_clause(rule="scale", operator="at_least", scale_targets={1: 2})
    answers = {1: [answer(date(2023, 3, 1), level="good")]}

    new = growing(date(2026, 9, 1), clauses=(clause,), measures=[inspection], answers=answers)
    old = growing(date(2024, 9, 1), clauses=(clause,), measures=[inspection], answers=answers)

    assert (new.trust.verdict.reason, old.trust.verdict.reason) == (
        Reason.ALL_GREEN,
        Reason.PARTIAL,
    )


@pytest.mark.parametrize(
    ("unit", "has_a_column", "reason"),
    [
        case("joined last term", {"joined": date(2025, 5, 1)}, True, "ANY_RED"),
        case("joined in this term", {"joined": date(2025, 11, 1)}, True, "ALL_GREEN"),
        case("joins next term", {"joined": date(2026, 1, 1)}, False, "ALL_GREEN"),
        case("left in this term", {"left": date(2025, 11, 1)}, True, "ALL_GREEN"),
        case("left before it", {"left": date(2025, 8, 31)}, False, "ALL_GREEN"),
    ],
)
def test_a_school_has_a_column_while_it_is_here_and_counts_for_full_terms(
    unit, has_a_column, reason
):
    given = house(make_clause(), letters="GR", units=[make_unit(1), make_unit(2, **unit)])

    assert ({school.id for school in schools_of(given)} == {1, 2}) is has_a_column
    assert (2 in judge(given).schools) is has_a_column
    assert judge(given).trust.verdict.reason == Reason(reason)


# Marks


def test_marks_go_up_with_every_school_that_counts():
    given = house(
        make_clause(),
        letters="G",
        units=make_schools(2),
        answers={2: [answer("autumn 2025", "96 of 100", provisional=True)]},
    )

    assert judge(given).trust.verdict.marks == {Mark.PROVISIONAL}


def test_a_late_figure_makes_the_line_late():
    assert Mark.LATE in judge(house(make_clause(), letters="R?")).trust.verdict.marks


def test_a_not_applicable_school_has_no_marks_to_give():
    told = answer("autumn 2025", why_none="not_applicable", claim_accepted=True, provisional=True)
    given = house(make_clause(), letters="G", units=make_schools(2), answers={2: [told]})

    assert judge(given).trust.verdict.marks == set()


# By hand


def by_hand(status, *clauses_, letters, unit=1, **more):
    overrides = {(1, unit): Manual(status, "an error in the register", "A. Leader")}
    return judge(house(*clauses_, letters=letters, overrides=overrides, **more))


def test_a_status_set_by_hand_says_by_whom_and_what_the_figures_say():
    verdict = by_hand("green", make_clause(), letters="R").schools[1].verdict

    assert (verdict.status, verdict.marks) == (Status.GREEN, {Mark.MANUAL})
    assert verdict.sentence.startswith(
        "On target: set by A. Leader, an error in the register; by the figures off target, 80.0%"
    )


@pytest.mark.parametrize("number", [1, 2])
def test_it_counts_for_the_trust_and_is_shown_as_manual_there(number):
    letters = ["R" * number, "G" * number]

    result = by_hand("green", *clauses(number), letters=letters)

    assert result.trust.verdict.reason == Reason.ALL_GREEN
    assert result.trust.verdict.marks == {Mark.MANUAL}
    # The clause itself stays as it was worked out.
    assert result.lines[0].trust.verdict.reason == Reason.ANY_RED


def test_of_an_either_or_that_is_still_counted_by_its_clauses():
    result = reserves("R", planned=False)

    assert result.lines[1].trust.verdict.reason == Reason.NOT_DUE


def test_of_what_is_counted_too():
    given_by_hand = {(1, 2): Manual("green", "seen on a visit", "A. Leader")}

    result = rolled_out(1, 2, overrides=given_by_hand)

    assert (result.trust.verdict.reason, result.trust.verdict.figure) == (Reason.DONE, "2 of 2")


def test_a_status_of_the_whole_promise_changes_no_count_of_one_of_its_clauses():
    number, deed = make_clause(1), make_clause(2, reads=2, **DONE)
    given = house(
        number,
        deed,
        letters=["R?", "G?"],
        measures=[make_measure(1), make_measure(2, "yes_no", basis="date")],
        overrides={(1, 1): Manual("green", "seen on a visit", "A. Leader")},
    )

    parts = {part.name: part.verdict for part in judge(given).trust.verdict.parts}

    assert parts["Clause 1"].reason == Reason.ALL_GREEN
    assert parts["Clause 2"].figure == "0 of 2"


def test_a_pooled_figure_stays_what_it_is():
    result = by_hand("green", make_clause(roll_up="pooled"), letters="RR")

    assert result.trust.verdict.reason == Reason.OFF


def test_the_trusts_own_status_may_be_set_by_hand():
    result = by_hand("amber", make_clause(), letters="R", unit=TRUST)

    assert (result.trust.verdict.status, result.trust.verdict.marks) == (
        Status.AMBER,
        {Mark.MANUAL},
    )


def test_another_promises_hand_is_not_this_ones():
    overrides = {(2, 1): Manual("green", "elsewhere", "A. Leader")}

    assert (
        judge(house(make_clause(), letters="R", overrides=overrides)).schools[1].verdict.marks
        == set()
    )


# What the trust promises as one


def test_a_trust_wide_promise_has_no_cells():
    clause = make_clause(level="trust", roll_up="trust_only")
    given = make_given(
        clause,
        measures=[make_measure(of="trust")],
        answers={TRUST: [answer("autumn 2025", "96 of 100")]},
    )

    result = judge(given)

    assert (result.is_trust_wide, result.trust.verdict.reason) == (True, Reason.MET)


def test_d5_schools_in_the_trust_by_the_plans_end():
    """Worked out from the register, by a date: not due with its count, green once met."""
    register = make_measure(
        kind="number", of="trust", asked=(), register="schools", about_pupils=False,
        basis="date", unit="schools",
    )  # fmt: skip
    clause = make_clause(
        target="12", margin="0", level="trust", roll_up="trust_only", by_a_date=True
    )

    def with_schools(number):
        told = {TRUST: [answer(date(2025, 12, 31), number)]}
        return judge(make_given(clause, measures=[register], answers=told)).trust.verdict

    assert with_schools("11").reason == Reason.NOT_DUE
    assert with_schools("11").figure == "11 schools"
    assert (with_schools("12").reason, with_schools("12").marks) == (Reason.MET, set())


def test_a_trust_bound_and_a_bound_for_each_school_join_by_all():
    """Turnover under 15% in the trust, with no school above 20%."""
    trust = make_clause(1, operator="<", target="15", level="trust", roll_up="pooled")
    each = make_clause(2, operator="<=", target="20")
    answers = {
        1: [answer("autumn 2025", "10 of 100")],
        2: [answer("autumn 2025", "5 of 20")],
    }

    result = judge(make_given(trust, each, units=make_schools(2), answers=answers))

    reasons = {part.name: part.verdict.reason for part in result.trust.verdict.parts}
    assert reasons == {"Clause 1": Reason.MET, "Clause 2": Reason.ANY_RED}
    assert result.trust.verdict.reason == Reason.ANY_RED


def test_every_promise_with_clauses_is_judged_in_the_plans_order():
    given = house(make_clause(), letters="G")
    empty = make_promise(pk=2)
    plan = replace(given, promises=(empty, *given.promises))

    assert [one.promise.id for one in judge_all(plan)] == [1]


def test_a_versions_roll_up_holds_from_its_term_on():
    clause = make_clause(versions={"spring 2026": {"roll_up": "pooled"}})

    autumn = house(clause, letters=["G", "R"])
    spring = house(clause, letters=["G", "R"], at="spring 2026")

    assert said_of_trust(autumn).figure is None
    assert said_of_trust(spring).figure == Decimal("88.0")


def test_a_start_of_one_school_is_not_anothers():
    starts = [make_start("70", unit=1)]
    clause = make_clause(rule="trend", operator="improve", starts=starts)
    given = house(clause, letters=["G", "G"])

    cells = judge(given).schools
    assert (cells[1].verdict.reason, cells[2].verdict.reason) == (
        Reason.IMPROVED,
        Reason.BASELINE_YEAR,
    )
