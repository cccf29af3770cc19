"""One unit's figures, by the rule, the version and the way that hold in their period."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.verdict import Mark, Reason, Status

from .builders import (
    TRUST,
    answer,
    due,
    make_aim,
    make_clause,
    make_given,
    make_measure,
    make_start,
    make_unit,
    said,
    said_of_trust,
    term,
)
from .tables import case

YEARLY = {"basis": "academic_year", "asked": {"summer"}}
LAST_YEAR = {"basis": "academic_year", "asked": {"autumn"}, "about_last": True}


def weigh(clause, answers, *, at="autumn 2025", measure=None, **more):
    answers = [answer(at, answers)] if isinstance(answers, str) else answers
    measure = make_measure(**measure or {})
    return said(make_given(clause, at=at, measures=[measure], answers={1: answers}, **more))


# The figure judged is the figure shown


@pytest.mark.parametrize(
    ("measure", "sent", "figure", "reason"),
    [
        case("half up from the counts", {}, "1899 of 2000", "95.0", "MET"),
        case("just under a half", {}, "9494 of 10000", "94.9", "NEAR"),
        case(
            "from the counts, not from what was stored", {"decimals": 0}, "189 of 200", "95", "MET"
        ),
        case("all but one", {}, "1999 of 2000", "99.9", "MET"),
        case("all", {}, "2000 of 2000", "100.0", "MET"),
        case("some are not none", {}, "1 of 5000", "0.1", "OFF"),
        case("none", {}, "0 of 5000", "0.0", "OFF"),
        case("at no decimals too", {"decimals": 0}, "999 of 1000", "99", "MET"),
        case("a rate per 100", {"kind": "rate", "decimals": 2}, "47 of 200", "23.50", "OFF"),
        case("typed without counts", {"counts": "none"}, "94.95", "95.0", "MET"),
    ],
)
def test_the_figure_judged_is_the_figure_shown(measure, sent, figure, reason):
    one = weigh(make_clause(), sent, measure=measure)

    assert str(one.figure) == figure
    assert one.verdict.reason == Reason(reason)
    assert one.verdict.figure == one.shown.write(one.figure)


@pytest.mark.parametrize(
    ("measure", "sent", "reason"),
    [
        case("attendance, one point", {"unit": "% of sessions"}, "94 of 100", "NEAR"),
        case("and no more", {"unit": "% of sessions"}, "939 of 1000", "OFF"),
        case("another share, five points", {}, "90 of 100", "NEAR"),
        case("and no more than five", {}, "899 of 1000", "OFF"),
        case("a score, a fifth", {"kind": "score"}, "94.80 for 60", "NEAR"),
        case("a count, nothing", {"kind": "number", "about_pupils": False}, "94", "OFF"),
        case("money, nothing", {"kind": "money", "about_pupils": False}, "94", "OFF"),
    ],
)
def test_without_a_margin_of_its_own_the_measures_default_holds(measure, sent, reason):
    assert weigh(make_clause(margin=None), sent, measure=measure).verdict.reason == Reason(reason)


# On the way to a target

B2 = {"target": "85", "margin": "5", "path": "even"}


@pytest.mark.parametrize(
    ("at", "sent", "reason", "expected"),
    [
        case("th3: on the line", "spring 2026", "772 of 1000", "ON_TRACK", "77.2"),
        case("just off it", "spring 2026", "771 of 1000", "NEAR", "77.2"),
        case(
            "th5: worse than the start", "spring 2026", "749 of 1000", "WORSE_THAN_BASELINE", "77.2"
        ),
        case("the first term", "autumn 2025", "761 of 1000", "ON_TRACK", "76.1"),
        case("the eighth term", "spring 2028", "839 of 1000", "ON_TRACK", "83.9"),
        case("the last term", "summer 2028", "849 of 1000", "NEAR", "85"),
        case("reached early", "spring 2026", "85 of 100", "MET", "77.2"),
    ],
)
def test_the_place_on_the_line_counts_whole_terms(at, sent, reason, expected):
    clause = make_clause(**B2, starts=[make_start("75", dated="summer 2025")])

    one = weigh(clause, sent, at=at)

    assert one.verdict.reason == Reason(reason)
    assert one.expected == Decimal(expected)
    assert one.verdict.target_met is (reason == "MET")


def test_the_colour_of_a_figure_on_the_line_says_where_the_line_is():
    clause = make_clause(**B2, starts=[make_start("75", dated="summer 2025")])

    assert weigh(clause, "772 of 1000", at="spring 2026").verdict.sentence == (
        "On target: 77.2%, target at least 85.0%, 77.2% expected by now."
    )


@pytest.mark.parametrize("at", ["autumn 2026", "spring 2027", "summer 2027"])
def test_a_carried_figure_never_changes_colour_without_a_new_fact(at):
    clause = make_clause(**B2, starts=[make_start("75", dated="2024/25")])
    answers = [answer("2025/26", "784 of 1000", collected="autumn 2026")]

    one = weigh(clause, answers, at=at, measure=LAST_YEAR)

    assert (one.verdict.reason, one.expected) == (Reason.ON_TRACK, Decimal("78.3"))
    assert (Mark.CARRIED in one.verdict.marks) is (at != "autumn 2026")


@pytest.mark.parametrize(
    ("starts", "note"),
    [
        case("undated", [make_start("75")], "the baseline of 75.0% has no date"),
        case("no baseline at all", [], "no dated baseline"),
    ],
)
def test_without_a_dated_baseline_the_final_target_decides_and_the_sentence_says_so(starts, note):
    one = weigh(make_clause(**B2, starts=starts), "80 of 100")

    assert (one.verdict.reason, one.expected) == (Reason.NEAR, None)
    assert one.verdict.because.endswith(f"judged on the final target, {note}")


def test_without_a_way_nothing_is_said_of_it():
    assert "final target" not in weigh(make_clause(), "96 of 100").verdict.sentence


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        case("met, then a little less", ["86", "82"], "FELL_BACK"),
        case("met, then much less", ["86", "79"], "OFF"),
        case("met, and met again", ["86", "85"], "MET"),
        case("never met", ["84", "82"], "ON_TRACK"),
        case("met by too few to count", ["6 of 6/2", "82"], "ON_TRACK"),
        case("met before the plan began", [None, "82", "86"], "ON_TRACK"),
    ],
)
def test_once_the_target_has_been_met_it_stays_expected(told, reason):
    clause = make_clause(**B2, starts=[make_start("75", dated="summer 2024")])
    first, then, *before = told
    answers = [answer("summer 2025", f"{share} of 100") for share in before]
    if first:
        of = "5 of 5" if "/" in first else f"{first} of 100"
        answers.append(answer("spring 2026", of))
    answers.append(answer("summer 2026", f"{then} of 100"))

    assert weigh(clause, answers, at="summer 2026").verdict.reason == Reason(reason)


def test_what_is_met_later_has_not_been_met_before():
    clause = make_clause(**B2, starts=[make_start("75", dated="summer 2025")])
    answers = [answer("spring 2026", "82 of 100"), answer("summer 2026", "86 of 100")]

    one = weigh(clause, answers, at="spring 2026")

    assert (one.verdict.reason, one.expected) == (Reason.ON_TRACK, Decimal("77.2"))


def test_a_new_target_starts_afresh():
    aims = [make_aim("85", path="even"), make_aim("95", since="summer 2026", path="even")]
    clause = make_clause(targets=aims, margin="5", starts=[make_start("75", dated="summer 2025")])
    answers = [answer("spring 2026", "96 of 100"), answer("summer 2026", "82 of 100")]

    one = weigh(clause, answers, at="summer 2026")

    assert (one.verdict.reason, one.expected) == (Reason.ON_TRACK, Decimal("81.7"))


def test_who_began_on_target_has_no_way_to_go():
    clause = make_clause(**B2, starts=[make_start("86", dated="summer 2025")])

    assert weigh(clause, "84 of 100").expected == 85


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        case("before the first step", "autumn 2025", "75.0"),
        case("from the first step on", "summer 2026", "78"),
        case("between two", "spring 2027", "78"),
        case("at the last", "summer 2028", "85"),
    ],
)
def test_steps_typed_one_by_one_are_expected_from_their_term_on(at, expected):
    aim = make_aim("85", path="steps", steps=[("summer 2026", "78"), ("summer 2028", "85")])
    clause = make_clause(targets=[aim], starts=[make_start("75", dated="summer 2025")])

    assert weigh(clause, "90 of 100", at=at).expected == Decimal(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        case("the last day of a term", date(2026, 8, 31), "85"),
        case("the first day of the next closes it too", date(2026, 9, 1), "85"),
        case("a day inside the next", date(2026, 11, 15), "82.5"),
    ],
)
def test_the_line_ends_with_the_term_of_the_due_day(day, expected):
    clause = make_clause(**B2, starts=[make_start("75", dated="summer 2025")])

    one = weigh(clause, "90 of 100", at="summer 2026", dues=[due(day)])

    assert one.expected == Decimal(expected)


def test_a_baseline_of_another_question_is_no_start_of_a_line_and_no_guard():
    clause = make_clause(**B2, starts=[make_start("82", dated="summer 2025")])
    breaks = ((term("autumn 2025"), "the question changed"),)

    one = weigh(clause, "81 of 100", measure={"breaks": breaks})

    assert (one.verdict.reason, one.expected) == (Reason.NEAR, None)


def test_amber_never_covers_what_is_worse_than_an_undated_baseline():
    clause = make_clause(**B2, starts=[make_start("82")])

    assert weigh(clause, "81 of 100").verdict.reason == Reason.WORSE_THAN_BASELINE


# By a date, and at a period's end


@pytest.mark.parametrize(
    ("day", "role", "sent", "reason"),
    [
        case("before the day", date(2026, 8, 31), "kpi", "90 of 100", "NOT_DUE"),
        case("green as soon as it is met", date(2026, 8, 31), "kpi", "95 of 100", "MET"),
        case("on the day", date(2026, 1, 30), "kpi", "50 of 100", "NOT_DUE"),
        case("after the day", date(2026, 1, 29), "kpi", "50 of 100", "OFF"),
        case("after the day, close", date(2026, 1, 29), "kpi", "945 of 1000", "NEAR"),
        case("without a day: at the plan's end", None, "kpi", "50 of 100", "NOT_DUE"),
        case("a milestone without a day", None, "milestone", "50 of 100", "NO_DATE"),
        case("a milestone met without a day", None, "milestone", "95 of 100", "MET"),
        case("nothing sent", date(2026, 8, 31), "kpi", None, "NO_DATA"),
    ],
)
def test_by_a_date_it_is_not_due_before_that_date(day, role, sent, reason):
    clause = make_clause(by_a_date=True, roll_up="each_school")
    dues = [due(day)] if day else []
    answers = [answer("autumn 2025", sent)] if sent else []

    one = weigh(clause, answers, role=role, dues=dues, as_at=date(2026, 1, 30))

    assert one.verdict.reason == Reason(reason)


def test_not_due_says_the_figure_and_the_day():
    clause = make_clause(by_a_date=True)

    one = weigh(clause, "90 of 100", dues=[due(date(2026, 8, 31))])

    assert one.verdict.sentence == (
        "No status: 90.0%, target at least 95.0%, margin 1.0, due 31 August 2026."
    )


def test_with_a_way_there_it_is_judged_on_the_way():
    clause = make_clause(**B2, by_a_date=True, starts=[make_start("75", dated="summer 2025")])

    assert weigh(clause, "70 of 100").verdict.reason == Reason.WORSE_THAN_BASELINE


@pytest.mark.parametrize(
    ("year", "as_at", "reason"),
    [
        case("the first year, over", "2025/26", date(2026, 9, 1), "OFF"),
        case("the first year, on its last day", "2025/26", date(2026, 8, 31), "NOT_DUE"),
        case("the second year, not yet over", "2026/27", date(2027, 8, 1), "NOT_DUE"),
        case("the second year, over", "2026/27", date(2027, 9, 1), "OFF"),
    ],
)
def test_a_promise_for_each_of_two_years_is_due_with_each(year, as_at, reason):
    clause = make_clause(target="2", margin="0", by_a_date=True)
    dues = [due(date(2026, 8, 31), step=1), due(date(2027, 8, 31), step=2)]
    at = "summer 2026" if year == "2025/26" else "summer 2027"
    count = {"kind": "number", "about_pupils": False} | YEARLY

    one = weigh(clause, [answer(year, "1")], at=at, measure=count, dues=dues, as_at=as_at)

    assert one.verdict.reason == Reason(reason)


@pytest.mark.parametrize(
    ("sent", "as_at", "reason"),
    [
        case("not yet, and still growing", "1", date(2026, 6, 1), "NOT_DUE"),
        case("reached before its end", "2", date(2026, 6, 1), "MET"),
        case("on its last day", "1", date(2026, 8, 31), "NOT_DUE"),
        case("not reached by its end", "1", date(2026, 9, 1), "OFF"),
    ],
)
def test_a_count_that_grows_is_judged_at_its_periods_end(sent, as_at, reason):
    clause = make_clause(target="2", margin="0", at_period_end=True)
    count = {"kind": "number", "about_pupils": False} | YEARLY

    one = weigh(clause, [answer("2025/26", sent)], at="summer 2026", measure=count, as_at=as_at)

    assert one.verdict.reason == Reason(reason)


# Versions, and a unit's own target


@pytest.mark.parametrize(
    ("aims", "at", "target"),
    [
        case("the trust's default", [make_aim("90")], "autumn 2025", "90"),
        case("its own hides it", [make_aim("90"), make_aim("80", unit=1)], "autumn 2025", "80"),
        case("another's does not", [make_aim("90"), make_aim("80", unit=2)], "autumn 2025", "90"),
        case(
            "not before its own first period",
            [make_aim("90"), make_aim("80", unit=1, since="spring 2026")],
            "autumn 2025",
            "90",
        ),
        case(
            "from its own first period on",
            [make_aim("90"), make_aim("80", unit=1, since="spring 2026")],
            "spring 2026",
            "80",
        ),
        case(
            "also where the trust's is newer",
            [make_aim("80", unit=1), make_aim("90", since="spring 2026")],
            "spring 2026",
            "80",
        ),
        case(
            "a later one takes its place",
            [make_aim("90"), make_aim("92", since="spring 2026")],
            "spring 2026",
            "92",
        ),
        case(
            "never in an earlier period",
            [make_aim("90"), make_aim("92", since="spring 2026")],
            "autumn 2025",
            "90",
        ),
        case("words that name no number", [make_aim(None)], "autumn 2025", None),
        case(
            "its own number where the trust names none",
            [make_aim(None), make_aim("80", unit=1)],
            "autumn 2025",
            "80",
        ),
    ],
)
def test_a_figure_is_judged_by_the_target_in_force_in_its_period(aims, at, target):
    one = weigh(make_clause(targets=aims), "85 of 100", at=at)

    assert one.target == (target and Decimal(target))
    assert (one.verdict.reason == Reason.NO_TARGET) is (target is None)


def test_a_carried_figure_is_judged_by_the_version_of_its_own_period():
    clause = make_clause(versions={"autumn 2026": {"operator": "<="}})
    answers = [answer("2025/26", "96 of 100", collected="autumn 2026")]

    now = weigh(clause, answers, at="spring 2027", measure=LAST_YEAR)
    next_year = weigh(
        clause, [answer("2026/27", "96 of 100", collected="autumn 2027")],
        at="autumn 2027", measure=LAST_YEAR,
    )  # fmt: skip

    assert (now.verdict.reason, next_year.verdict.reason) == (Reason.MET, Reason.NEAR)


def test_so_is_its_group_and_its_rule():
    clause = make_clause(
        baseline="2024/25",
        versions={"autumn 2026": {"group": "send", "rule": "trend", "operator": "improve"}},
    )
    given = make_given(
        clause,
        at="autumn 2026",
        measures=[make_measure(**LAST_YEAR)],
        answers={
            1: [answer("2025/26", "96 of 100", collected="autumn 2026")],
            (1, 1, "send"): [answer("2025/26", "10 of 100", collected="autumn 2026")],
        },
    )

    assert (said(given).verdict.reason, said(given).figure) == (Reason.MET, 96)


# Trend


TREND = {"rule": "trend", "operator": "improve", "baseline": "2024/25"}


def trend(*shares, clause=None, at="summer 2026", since=2024, **more):
    answers = [
        answer(f"{year}/{(year + 1) % 100}", f"{share} of 100")
        for year, share in enumerate(shares, since)
        if share is not None
    ]
    clause = make_clause(**TREND) if clause is None else clause
    return weigh(clause, answers, at=at, measure=YEARLY | more)


@pytest.mark.parametrize(
    ("shares", "more", "at", "reason"),
    [
        case("better", (71, 72), {}, "summer 2026", "IMPROVED"),
        case("the same", (71, 71), {}, "summer 2026", "FLAT"),
        case("worse", (71, 70), {}, "summer 2026", "WORSE"),
        case("less is better", (71, 70), {"better": "lower"}, "summer 2026", "IMPROVED"),
        case("more is worse", (71, 72), {"better": "lower"}, "summer 2026", "WORSE"),
        case(
            "better than the start, worse than last year",
            (71, 75, 73),
            {},
            "summer 2027",
            "SLIPPING",
        ),
        case("tr4: as good as can be", (100, 100), {}, "summer 2026", "AT_BEST"),
        case("the best needs no baseline", (None, 100), {}, "summer 2026", "AT_BEST"),
        case("as low as can be", (0, 0), {"better": "lower"}, "summer 2026", "AT_BEST"),
        case("up from nought", (0, 1), {}, "summer 2026", "IMPROVED"),
        case("tr8: no baseline", (None, 48), {}, "summer 2026", "BASELINE_YEAR"),
        case(
            "another question",
            (71, 72),
            {"breaks": ((term("summer 2026"), "a new question"),)},
            "summer 2026",
            "NO_LIKE_FOR_LIKE",
        ),
    ],
)
def test_a_trend_looks_back_to_its_baseline(shares, more, at, reason):
    assert trend(*shares, at=at, **more).verdict.reason == Reason(reason)


def test_after_a_rebase_the_trend_goes_on():
    rebased = make_start(entry="2025/26", since="autumn 2026")
    breaks = ((term("summer 2026"), "a new question"),)

    one = trend(
        71, 60, 61, clause=make_clause(**TREND, starts=[rebased]), at="summer 2027", breaks=breaks
    )

    assert (one.verdict.reason, one.target) == (Reason.IMPROVED, 60)


@pytest.mark.parametrize(
    ("step", "reason"), [("1.0", "IMPROVED"), ("1.1", "FLAT"), (None, "IMPROVED")]
)
def test_the_least_step_is_data(step, reason):
    assert trend(71, 72, clause=make_clause(**TREND, step=step)).verdict.reason == Reason(reason)


def test_a_figure_about_too_few_is_nobodys_last_time():
    answers = [
        answer("2024/25", "71 of 100"),
        answer("2025/26", "4 of 5"),
        answer("2026/27", "73 of 100"),
    ]

    one = weigh(make_clause(**TREND), answers, at="summer 2027", measure=YEARLY)

    assert (one.verdict.reason, one.before) == (Reason.IMPROVED, None)


def test_last_time_is_not_the_time_before_the_baseline():
    one = trend(90, 71, 72, since=2023)

    assert one.verdict.reason == Reason.IMPROVED


# Gap


GAP = {"rule": "gap", "group": "disadvantaged", "against": "same_school", "baseline": "2024/25"}


def gap(*pairs, operator="narrow", at="summer 2026", measure=None, clause=None, **sent):
    """Each pair is what was sent of all and of the group, from 2024/25 on."""
    answers = {(1, 1, group): list(told) for group, told in sent.items()}
    for place, group in enumerate(("all", "disadvantaged")):
        answers[1, 1, group] = [
            answer(f"{year}/{(year + 1) % 100}", pair[place])
            for year, pair in enumerate(pairs, 2024)
            if pair and pair[place]
        ]
    clause = make_clause(operator=operator, **GAP) if clause is None else clause
    measures = [make_measure(**YEARLY | (measure or {}))]
    return said(make_given(clause, at=at, measures=measures, answers=answers))


# Of 200 pupils 100 are disadvantaged; the others stand at 75 and at 70.
THEN, NOW, FALLEN = (
    ("130 of 200", "55 of 100"),
    ("133 of 200", "58 of 100"),
    ("124 of 200", "54 of 100"),
)


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        case("smaller", (THEN, NOW), "NARROWED"),
        case("gp2: smaller, because the group fell less", (THEN, FALLEN), "NARROWED_BY_FALL"),
        case("the same", (THEN, THEN), "FLAT"),
        case("wider", (NOW, THEN), "WIDENED"),
        case("closed", (THEN, ("140 of 200", "70 of 100")), "CLOSED"),
        case("turned round", (THEN, ("140 of 200", "71 of 100")), "GAP_REVERSED"),
        case("gp6: four in the group", (THEN, ("133 of 200", "2 of 4")), "SUPPRESSED"),
        case("four others", (THEN, ("60 of 104", "58 of 100")), "SUPPRESSED"),
        case("four in the group at the start", (("130 of 200", "2 of 4"), NOW), "BASELINE_YEAR"),
        case("four others at the start", (("57 of 104", "55 of 100"), NOW), "BASELINE_YEAR"),
        case("nobody in the group", (THEN, ("133 of 200", "0 of 0")), "NO_COHORT"),
        case("nobody else", (THEN, ("58 of 100", "58 of 100")), "NO_COHORT"),
        case("no baseline", (None, NOW), "BASELINE_YEAR"),
        case("nothing sent of the group", (THEN, ("133 of 200", None)), "NO_DATA"),
        case("nothing sent of all", (THEN, (None, "58 of 100")), "NO_DATA"),
        case("more of the group than of all", (THEN, ("58 of 90", "58 of 100")), "NO_DATA"),
        case(
            "more reached in the group than in all", (THEN, ("50 of 200", "58 of 100")), "NO_DATA"
        ),
    ],
)
def test_a_gap_in_a_school(pairs, reason):
    assert gap(*pairs).verdict.reason == Reason(reason)


def test_others_are_worked_out_as_all_minus_the_group():
    one = gap(THEN, NOW)

    assert one.figure == Decimal("17.0")
    assert one.before == Decimal("20.0")
    assert "disadvantaged 58.0%, others 75.0%" in one.verdict.sentence


def test_and_not_as_somebody_has_typed_them():
    others = [answer("2024/25", "75 of 100"), answer("2025/26", "99 of 100")]

    assert "others 75.0%" in gap(THEN, NOW, others=others).verdict.sentence


def test_where_there_are_no_counts_they_are_asked_for():
    others = [answer("2024/25", "75"), answer("2025/26", "76")]

    one = gap((None, "55"), (None, "58"), measure={"counts": "none"}, others=others)

    assert "disadvantaged 58.0%, others 76.0%" in one.verdict.sentence


def test_others_of_scores_are_weighted_by_pupils():
    score = {"kind": "score", "min_to_judge": 0}
    clause = make_clause(operator="narrow", **GAP | {"margin": "0.20"})

    one = gap(
        ("0.00 for 40", "-0.30 for 10"), ("0.05 for 40", "-0.10 for 10"),
        measure=score, clause=clause,
    )  # fmt: skip

    assert "disadvantaged −0.10, others 0.10" in one.verdict.sentence


def test_gp8_a_gap_that_was_not_there_opens():
    level = ("120 of 200", "60 of 100")
    clause = make_clause(operator="narrow", margin="5.0", tolerance="0", **GAP)

    assert gap(level, ("123 of 200", "60 of 100"), clause=clause).verdict.reason == Reason.OPENED


def test_less_is_better_turns_the_gap_round():
    low, high = ("30 of 200", "20 of 100"), ("40 of 200", "30 of 100")

    assert gap(high, low, measure={"better": "lower"}).verdict.reason == Reason.NARROWED
    assert gap(low, high, measure={"better": "lower"}).verdict.reason == Reason.WIDENED


def test_another_question_breaks_a_gap_that_should_narrow():
    breaks = {"breaks": ((term("summer 2026"), "a new question"),)}

    narrow = gap(THEN, NOW, measure=breaks)
    closed = gap(THEN, ("140 of 200", "70 of 100"), measure=breaks, operator="closed")

    assert narrow.verdict.reason == Reason.NO_LIKE_FOR_LIKE
    assert closed.verdict.reason == Reason.CLOSED


@pytest.mark.parametrize(
    ("girls", "boys", "reason"),
    [
        case("gp4: four ahead, then five behind", "65 of 100", "70 of 100", "WIDENED"),
        case("closer", "72 of 100", "70 of 100", "NARROWED"),
        case("as far the other way", "66 of 100", "70 of 100", "FLAT"),
        case("no figure of the other group", "72 of 100", None, "NO_DATA"),
        case("too few in the other group", "72 of 100", "3 of 5", "SUPPRESSED"),
    ],
)
def test_a_gap_to_a_named_group(girls, boys, reason):
    clause = make_clause(
        rule="gap", operator="narrow", group="girls", against="group", against_group="boys",
        symmetric=True, baseline="2024/25",
    )  # fmt: skip
    given = make_given(
        clause,
        at="summer 2026",
        measures=[make_measure(**YEARLY)],
        answers={
            (1, 1, "girls"): [answer("2024/25", "74 of 100"), answer("2025/26", girls)],
            (1, 1, "boys"): [
                answer("2024/25", "70 of 100"),
                *([answer("2025/26", boys)] if boys else []),
            ],
        },
    )

    assert said(given).verdict.reason == Reason(reason)


def test_a_claim_about_the_other_group_is_a_claim():
    clause = make_clause(
        rule="gap", operator="closed", group="girls", against="group", against_group="boys"
    )
    told = {
        (1, 1, "girls"): [answer("autumn 2025", "74 of 100")],
        (1, 1, "boys"): [answer("autumn 2025", why_none="too_few", claim_accepted=True)],
    }

    assert said(make_given(clause, answers=told)).verdict.reason == Reason.SUPPRESSED


def test_a_gap_to_nobody_in_particular_has_no_target():
    clause = make_clause(rule="gap", operator="narrow", group="disadvantaged", against="not_stated")
    told = {(1, 1, "disadvantaged"): [answer("autumn 2025", "74 of 100")]}

    assert said(make_given(clause, answers=told)).verdict.reason == Reason.NO_TARGET


def test_a_gap_is_provisional_if_either_figure_is():
    told = {
        (1, 1, "disadvantaged"): [answer("autumn 2025", "74 of 100")],
        (1, 1, "all"): [answer("autumn 2025", "150 of 200", provisional=True)],
    }
    clause = make_clause(
        rule="gap", operator="closed", group="disadvantaged", against="same_school"
    )

    assert said(make_given(clause, answers=told)).verdict.marks == {Mark.PROVISIONAL}


# Bands


@pytest.mark.parametrize(
    ("target", "bad_side", "sent", "reason", "words"),
    [
        case("inside", "8 to 12", "", "10 of 100", "IN_BAND", "8.0% to 12.0%"),
        case("on the edge", "8 to 12", "", "8 of 100", "IN_BAND", "8.0% to 12.0%"),
        case("too high is bad", "8 to 12", "", "15 of 100", "OUT", "8.0% to 12.0%"),
        case("too high is fine", "8 to 12", "low", "15 of 100", "IN_BAND", "at least 8.0%"),
        case("too low is fine", "8 to 12", "high", "1 of 100", "IN_BAND", "at most 12.0%"),
        case("about ten", "10", "", "8 of 100", "IN_BAND", "8.0% to 12.0%"),
        case("bd2: about ten, far under", "10", "", "59 of 1000", "OUT", "8.0% to 12.0%"),
        case("words", None, "", "10 of 100", "NO_TARGET", ""),
    ],
)
def test_a_range(target, bad_side, sent, reason, words):
    clause = make_clause(rule="band", target=target, bad_side=bad_side, margin="2")

    one = weigh(clause, sent)

    assert (one.verdict.reason, one.target_words) == (Reason(reason), words)


def test_how_far_about_reaches_is_data():
    clause = make_clause(rule="band", target="10", tolerance="1.0", margin="0")

    assert weigh(clause, "8 of 100").verdict.reason == Reason.OUT


# What has moved


NUMBER = {"kind": "number", "about_pupils": False}
RATE = {"kind": "rate", "better": "lower"}
STEEP = {"rule": "trend", "operator": "improve", "step": "2.0"}


@pytest.mark.parametrize(
    ("measure", "clause", "then", "now", "moved"),
    [
        case("half a point is steady", {}, {}, "900 of 1000", "905 of 1000", None),
        case("more than that has moved", {}, {}, "900 of 1000", "906 of 1000", "0.6"),
        case("one pupil of 40 is steady", {}, {}, "36 of 40", "37 of 40", None),
        case("two have moved", {}, {}, "36 of 40", "38 of 40", "5.0"),
        case("one pupil of 10 is 10 points", {}, {}, "500 of 1000", "6 of 10", None),
        case("and more has moved", {}, {}, "499 of 1000", "6 of 10", "10.1"),
        case("down to nought", NUMBER, {}, "1", "0", "-1"),
        case("nought, as before", NUMBER, {}, "0", "0", None),
        case("a rate down to nought", RATE, {}, "1 of 10000", "0 of 10000", "-0.01"),
        case("less than the step of a trend", {}, STEEP, "900 of 1000", "919 of 1000", None),
        case("the step of a trend", {}, STEEP, "900 of 1000", "920 of 1000", "2.0"),
        case(
            "the measure says what is steady",
            {"steady_band": Decimal(3)},
            {},
            "90 of 100",
            "93 of 100",
            None,
        ),
        case(
            "of other figures two in a hundred",
            {"kind": "number", "about_pupils": False},
            {},
            "100",
            "102",
            None,
        ),
        case(
            "and more has moved",
            {"kind": "number", "about_pupils": False},
            {},
            "100",
            "103",
            "3",
        ),
        case(
            "of a trend every step",
            {},
            {"rule": "trend", "operator": "improve"},
            "900 of 1000",
            "901 of 1000",
            "0.1",
        ),
    ],
)
def test_a_figure_moves_only_beyond_its_steady_band(measure, clause, then, now, moved):
    answers = [answer("autumn 2024", then), answer("autumn 2025", now)]

    one = weigh(make_clause(**clause), answers, measure={"seasonal": True} | measure)

    assert (one.moved is not None and str(one.moved)) == (moved or False)


def test_an_arrow_says_what_the_number_did_and_a_mark_whether_that_is_good():
    answers = [answer("autumn 2024", "80 of 100"), answer("autumn 2025", "90 of 100")]

    rose = weigh(make_clause(), answers, measure={"seasonal": True})
    rose_badly = weigh(make_clause(), answers, measure={"seasonal": True, "better": "lower"})

    assert (rose.moved, rose.got_worse) == (10, False)
    assert (rose_badly.moved, rose_badly.got_worse) == (10, True)


def test_marks_are_those_of_the_figure():
    one = weigh(make_clause(), [answer("autumn 2025", "96 of 100", provisional=True)])

    assert one.verdict.marks == {Mark.PROVISIONAL}


def test_nobody_gets_a_colour_under_the_minimum_whoever_is_looking():
    one = weigh(make_clause(), "2 of 4")

    assert (one.verdict.status, one.figure, one.verdict.figure) == (Status.GREY, None, None)


def test_what_is_too_few_is_said_before_what_is_wanting():
    assert weigh(make_clause(target=None), "2 of 4").verdict.reason == Reason.SUPPRESSED


def test_a_trust_wide_measure_is_judged_like_any_other():
    clause = make_clause(level="trust", roll_up="trust_only")
    given = make_given(
        clause,
        measures=[make_measure(of="trust")],
        answers={TRUST: [answer("autumn 2025", "96 of 100")]},
        units=[make_unit()],
    )
    assert said_of_trust(given).verdict.reason == Reason.MET
