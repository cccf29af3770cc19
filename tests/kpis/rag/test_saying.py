"""What a clause says of a unit: its readings, and what is held, done, logged or rated."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.applies import Applicability
from kpis.rag.given import Logged
from kpis.rag.verdict import Mark, Reason, Status

from .builders import (
    GRADES,
    answer,
    due,
    make_clause,
    make_given,
    make_level_measure,
    make_measure,
    make_unit,
    rated,
    said,
    term,
)
from .tables import case

SECONDARY = Applicability(phases=frozenset({"secondary"}))


# Readings


def read(*shares, measures=None, clause=None, **more):
    """One clause that reads several measures, each with a share sent or None."""
    given = make_given(
        make_clause(reads=list(range(1, len(shares) + 1))) if clause is None else clause,
        measures=measures or [make_measure(pk) for pk in range(1, len(shares) + 1)],
        answers={
            (pk, 1): [answer("autumn 2025", f"{share} of 100")]
            for pk, share in enumerate(shares, 1)
            if share is not None
        },
        **more,
    )
    return said(given)


@pytest.mark.parametrize(
    ("shares", "reason", "marks", "figure"),
    [
        case("all good", (95, 96, 97), "ALL_GREEN", set(), 95),
        case("cb8: one off", (98, 80, 90), "ANY_RED", set(), 80),
        case("one close", (98, 94, 96), "ANY_AMBER", set(), 94),
        case("one missing beside good ones", (98, None, 96), "PARTIAL", {"LATE"}, None),
        case("one missing beside a bad one", (98, None, 80), "ANY_RED", {"PARTIAL", "LATE"}, 80),
        case("all missing", (None, None, None), "NO_DATA", {"LATE"}, None),
    ],
)
def test_the_readings_of_a_clause_combine_by_all(shares, reason, marks, figure):
    one = read(*shares)

    assert one.verdict.reason == Reason(reason)
    assert one.verdict.marks == {Mark(mark) for mark in marks}
    assert one.figure == figure


def test_the_figure_of_the_worst_reading_is_shown_under_its_name():
    one = read(98, 80)

    assert (one.measure, one.verdict.figure) == (2, "80.0%")
    assert one.verdict.sentence.startswith("Off target: Measure 2: 80.0%, target at least 95.0%")


def test_what_does_not_apply_drops_out_and_a_single_one_left_stands_as_it_is():
    measures = [make_measure(1), make_measure(2, applicability=SECONDARY)]

    one = read(96, None, measures=measures)

    assert (one.verdict.reason, one.verdict.parts) == (Reason.MET, ())


def test_nothing_applies():
    measures = [make_measure(pk, applicability=SECONDARY) for pk in (1, 2)]

    assert read(None, None, measures=measures).verdict.reason == Reason.NOT_APPLICABLE


@pytest.mark.parametrize("where", ["clause", "reading"])
def test_a_clause_or_reading_may_be_for_some_schools_only(where):
    only = {"applicability": SECONDARY} if where == "clause" else {"only": SECONDARY}
    given = make_given(make_clause(**only), units=[make_unit(1), make_unit(2, phase="secondary")])

    assert said(given, 1).verdict.reason == Reason.NOT_APPLICABLE
    assert said(given, 2).verdict.reason == Reason.NO_DATA


def test_whom_it_is_for_is_seen_in_the_period_of_the_figure():
    """A school that has entered the phase since is not judged on the year before it."""
    rule = Applicability(improvement_phase="two")
    unit = make_unit(improvement_phases=((term("autumn 2026"), "two"),))
    last_year = make_measure(basis="academic_year", asked={"autumn"}, about_last=True)
    clause = make_clause(applicability=rule)

    then = make_given(clause, at="autumn 2026", measures=[last_year], units=[unit])
    later = make_given(clause, at="autumn 2027", measures=[last_year], units=[unit])

    assert said(then).verdict.reason == Reason.NOT_APPLICABLE
    assert said(later).verdict.reason == Reason.NO_DATA


# Levels


def level(held, *, at="autumn 2025", clause=None, measure=None, scales=None, **more):
    clause = clause or make_clause(rule="scale", operator="at_least", scale_targets={1: 2})
    answers = [answer(date(2025, 11, 1), level=held)] if held else []
    more |= {"scales": scales} if scales else {}
    measures = [make_level_measure() if measure is None else measure]
    return said(make_given(clause, at=at, measures=measures, answers={1: answers}, **more))


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        case("above", "best", "AT_LEVEL"),
        case("at the level", "good", "AT_LEVEL"),
        case("one step below", "fair", "ONE_STEP"),
        case("two steps below, and failing", "weak", "FAILING"),
        case("none", None, "NO_DATA"),
        case("on a version without a target", (2, 1), "NO_MAPPING"),
    ],
)
def test_a_level_against_the_one_promised(held, reason):
    newer = type(GRADES)(2, "New grades", date(2025, 9, 1), GRADES.levels)

    one = level(held, scales={1: (GRADES, newer)})

    assert one.verdict.reason == Reason(reason)
    assert one.target_words == ("" if held == (2, 1) else "at least Good")


@pytest.mark.parametrize(
    ("held", "as_at", "reason"),
    [
        case("not yet there", "fair", date(2026, 1, 30), "NOT_DUE"),
        case("there", "good", date(2026, 1, 30), "AT_LEVEL"),
        case("not there when it is due", "fair", date(2028, 9, 1), "ONE_STEP"),
        case("nothing sent", None, date(2026, 1, 30), "NO_DATA"),
    ],
)
def test_a_level_by_a_date(held, as_at, reason):
    clause = make_clause(rule="scale", operator="at_least", scale_targets={1: 2}, by_a_date=True)

    assert level(held, clause=clause, as_at=as_at).verdict.reason == Reason(reason)


def test_a_level_is_judged_by_the_promise_of_its_own_day():
    clause = make_clause(
        rule="scale",
        operator="at_least",
        scale_targets={1: 2},
        versions={"spring 2026": {"scale_targets": {1: 3}}},
    )

    assert level("good", clause=clause, at="spring 2026").verdict.reason == Reason.AT_LEVEL


# Done

DONE = {"rule": "done", "operator": ""}
YES_NO = {"kind": "yes_no", "basis": "date"}


def done(answers, *, at="autumn 2025", day=date(2026, 8, 31), clause=None, measure=None, **more):
    more.setdefault("dues", [due(day)] if day else [])
    measures = [make_measure(**YES_NO | (measure or {}))]
    clause = clause or make_clause(**DONE)
    return said(make_given(clause, at=at, measures=measures, answers={1: answers}, **more))


YES = answer(date(2025, 11, 1), done="yes", done_on=date(2025, 11, 1))
NOT_YET = answer(date(2026, 1, 30), done="not_yet")
AT_RISK = answer(date(2025, 12, 1), done="at_risk")


@pytest.mark.parametrize(
    ("answers", "at", "as_at", "reason"),
    [
        case("done", [YES], "autumn 2025", date(2026, 1, 30), "DONE"),
        case("a yes counts for good", [YES], "autumn 2027", date(2028, 1, 30), "DONE"),
        case(
            "even where somebody says not yet later",
            [YES, NOT_YET],
            "spring 2026",
            date(2026, 5, 1),
            "DONE",
        ),
        case("not yet", [NOT_YET], "spring 2026", date(2026, 5, 1), "NOT_DUE"),
        case("nothing said is not done", [], "spring 2026", date(2026, 5, 1), "NOT_DUE"),
        case("at risk", [AT_RISK], "autumn 2025", date(2026, 1, 30), "AT_RISK"),
        case("due soon", [NOT_YET], "summer 2026", date(2026, 8, 1), "DUE_SOON"),
        case("on the due day", [NOT_YET], "summer 2026", date(2026, 8, 31), "DUE_SOON"),
        case("dn1: the first day after it", [NOT_YET], "summer 2026", date(2026, 9, 1), "OVERDUE"),
        case("nothing said, and overdue", [], "summer 2026", date(2026, 9, 1), "OVERDUE"),
        case("not known yet on that day", [YES], "autumn 2025", date(2025, 10, 31), "NOT_DUE"),
    ],
)
def test_something_to_be_done(answers, at, as_at, reason):
    assert done(answers, at=at, as_at=as_at).verdict.reason == Reason(reason)


def test_dn3_done_late_stays_green_and_says_so():
    late = answer(date(2026, 9, 4), done="yes", done_on=date(2026, 9, 4))

    assert done([late], at="autumn 2026").verdict.reason == Reason.DONE_LATE


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        case("a KPI is due at the plan's end", "kpi", "NOT_DUE"),
        case("so is a success criterion", "outcome", "NOT_DUE"),
        case("a milestone has none", "milestone", "NO_DATE"),
    ],
)
def test_without_a_date(role, reason):
    assert done([], day=None, role=role).verdict.reason == Reason(reason)


def test_a_clause_may_have_a_day_of_its_own():
    dues = [due(date(2026, 8, 31)), due(date(2025, 12, 31), clause=1)]

    assert done([], dues=dues).verdict.reason == Reason.OVERDUE


def test_a_promise_in_steps_is_due_with_the_last():
    dues = [due(date(2025, 12, 31), step=1), due(date(2026, 8, 31), step=2)]

    assert done([], dues=dues).verdict.reason == Reason.NOT_DUE


def test_a_date_that_was_moved_says_so():
    moved = done([], dues=[due(date(2026, 8, 31), moved=2)])

    assert moved.verdict.because.endswith("due 31 August 2026, moved 2 times")


def test_an_owner_may_say_that_it_is_at_risk_or_done():
    at_risk = done([], dues=[due(date(2026, 8, 31), at_risk=True)])
    is_done = done([], dues=[due(date(2026, 8, 31), done_on=date(2025, 10, 1))])

    assert (at_risk.verdict.reason, is_done.verdict.reason) == (Reason.AT_RISK, Reason.DONE)


def test_how_soon_is_soon_is_the_trusts_choice():
    assert done([], as_at=date(2026, 6, 1), settings={"due_soon_days": 100}).verdict.reason == (
        Reason.DUE_SOON
    )


def test_a_yes_without_its_day_is_done_by_now():
    yes = answer("autumn 2025", done="yes")

    one = done([yes], measure={"basis": "term"}, as_at=date(2025, 12, 1))

    assert one.verdict.reason == Reason.DONE


def test_a_claim_is_no_yes_and_an_accepted_one_does_not_apply():
    claim = answer(date(2025, 11, 1), why_none="not_applicable")
    accepted = answer(date(2025, 11, 1), why_none="not_applicable", claim_accepted=True)

    assert done([claim]).verdict.reason == Reason.NOT_DUE
    assert done([accepted]).verdict.reason == Reason.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("repeated", "at", "as_at", "reason"),
    [
        case("in this term", "term", "autumn 2025", date(2025, 12, 20), "DONE"),
        case("anew in the next", "term", "spring 2026", date(2026, 2, 1), "NOT_DUE"),
        case("and overdue after it", "term", "spring 2026", date(2026, 5, 15), "OVERDUE"),
        case("in this year", "year", "summer 2026", date(2026, 8, 1), "DONE"),
        case("anew in the next year", "year", "autumn 2026", date(2026, 12, 1), "NOT_DUE"),
        case("due with the year", "year", "summer 2027", date(2027, 8, 31), "DUE_SOON"),
        case("overdue after it", "year", "summer 2027", date(2027, 9, 15), "OVERDUE"),
    ],
)
def test_a_recurring_duty_is_one_thing_to_do_each_time(repeated, at, as_at, reason):
    clause = make_clause(**DONE, repeated=repeated)

    assert done([YES], at=at, as_at=as_at, clause=clause).verdict.reason == Reason(reason)


def test_a_duty_of_the_term_is_no_omission_before_its_return_is_due():
    clause = make_clause(**DONE, repeated="term")
    due = date(2026, 1, 16)

    def after_the_term(as_at):
        return done([], at="autumn 2025", as_at=as_at, clause=clause, due=due).verdict.reason

    assert after_the_term(date(2026, 1, 10)) == Reason.NO_DATA
    assert after_the_term(due) == Reason.NO_DATA
    assert after_the_term(date(2026, 1, 17)) == Reason.OVERDUE


def test_nothing_is_overdue_before_the_plan_has_begun():
    clause = make_clause(**DONE, repeated="term")

    assert done([], at="spring 2025", clause=clause).verdict.reason == Reason.NOT_DUE


# Cases

IN_TIME = make_clause(rule="cases", operator="", months_allowed=1)
DEFECTS = make_measure(kind="cases", about_pupils=False)


def cases(sent, *log, clause=IN_TIME, **more):
    answers = {} if sent is None else {1: [sent]}
    given = make_given(clause, measures=[DEFECTS], answers=answers, cases={(1, 1): log}, **more)
    return said(given).verdict


AUTUMN = term("autumn 2025")
LATE_ONE = Logged(date(2025, 9, 30), closed=date(2025, 11, 3), collected=AUTUMN)
OPEN_ONE = Logged(date(2025, 10, 1), collected=AUTUMN)
OPEN_LAST_TERM = Logged(date(2025, 7, 1), collected=term("summer 2025"))
NEXT_TERMS = Logged(date(2026, 1, 6), closed=date(2026, 1, 9), collected=AUTUMN + 1)


@pytest.mark.parametrize(
    ("sent", "log", "reason"),
    [
        case(
            "none, confirmed",
            answer("autumn 2025", "0", numerator=Decimal(0), denominator=Decimal(0)),
            [],
            "NO_CASES",
        ),
        case("none, typed as a number alone", answer("autumn 2025", "0"), [], "NO_CASES"),
        case("nobody has confirmed it", None, [], "NO_DATA"),
        case("all in time by the two counts", answer("autumn 2025", "0 of 3"), [], "ALL_IN_TIME"),
        case("overdue by the two counts", answer("autumn 2025", "1 of 3"), [], "OVERDUE_NOW"),
        case("cs2: late, now closed", answer("autumn 2025", "1"), [LATE_ONE], "LATE_BUT_CLOSED"),
        case("overdue now, confirmed or not", None, [OPEN_ONE], "OVERDUE_NOW"),
        case("overdue since an earlier term", None, [OPEN_LAST_TERM], "OVERDUE_NOW"),
        case(
            "overdue by an earlier log, and settled by this one",
            answer("autumn 2025", "1"),
            [OPEN_LAST_TERM, LATE_ONE],
            "LATE_BUT_CLOSED",
        ),
        case("a later term's log is not this term's", None, [NEXT_TERMS], "NO_DATA"),
        case("in the log and not confirmed", None, [LATE_ONE], "NO_DATA"),
        case("more confirmed than in the log", answer("autumn 2025", "2"), [LATE_ONE], "NO_DATA"),
        case(
            "one that came up after the term is not of this term",
            answer("autumn 2025", "1"),
            [LATE_ONE, NEXT_TERMS],
            "LATE_BUT_CLOSED",
        ),
        case(
            "the log was begun after the term",
            answer("autumn 2025", "0 of 3"),
            [NEXT_TERMS],
            "ALL_IN_TIME",
        ),
        case("a claim", answer("autumn 2025", why_none="not_applicable"), [], "NO_DATA"),
    ],
)
def test_cases_with_a_limit(sent, log, reason):
    assert cases(sent, *log).reason == Reason(reason)


def test_missing_cases_are_late_like_any_figure():
    assert cases(None).marks == {Mark.LATE}


def test_what_is_reopened_is_judged_by_the_log_that_was_sent_again():
    again = answer("autumn 2025", "1")._replace(provisional=True)
    mended = replace(LATE_ONE, provisional=True)

    assert cases(answer("autumn 2025", "1"), OPEN_ONE, mended).reason == Reason.OVERDUE_NOW
    assert cases(again, OPEN_ONE, mended).reason == Reason.LATE_BUT_CLOSED


def test_an_earlier_log_is_over_once_a_later_return_has_told_of_none():
    none = answer("summer 2025", "0", numerator=Decimal(0), denominator=Decimal(0))
    overdue = Logged(date(2025, 2, 1), collected=term("spring 2025"))

    with_it = make_given(IN_TIME, measures=[DEFECTS], cases={(1, 1): [overdue]})
    without = make_given(
        IN_TIME, measures=[DEFECTS], answers={1: [none]}, cases={(1, 1): [overdue]}
    )

    assert said(with_it).verdict.reason == Reason.OVERDUE_NOW
    assert said(without).verdict.reason == Reason.NO_DATA


def test_a_plan_settles_a_case_where_it_counts_and_says_so():
    planned = Logged(date(2025, 10, 1), planned=date(2025, 10, 20), collected=AUTUMN)
    with_plans = make_clause(rule="cases", operator="", months_allowed=1, plan_counts=True)

    without = cases(answer("autumn 2025", "1"), planned)
    with_it = cases(answer("autumn 2025", "1"), planned, clause=with_plans)

    assert without.reason == Reason.OVERDUE_NOW
    assert (with_it.reason, with_it.marks) == (Reason.ALL_IN_TIME, {Mark.BY_PLAN})


def test_cases_of_before_the_plan_have_no_colour():
    assert cases(answer("spring 2025", "1 of 3"), at="spring 2025").reason == Reason.NOT_DUE


# Ratings

RATING = make_measure(kind="rating", basis="date")


def judged(*ratings, clause=None, **more):
    clause = clause or make_clause(rule="judged", operator="", **more.pop("terms", {}))
    return said(make_given(clause, measures=[RATING], ratings={1: ratings}, **more))


@pytest.mark.parametrize(
    ("ratings", "status"),
    [
        case("one", [rated(date(2025, 10, 1), "amber")], "amber"),
        case(
            "the latest",
            [rated(date(2025, 10, 1), "red"), rated(date(2025, 11, 1), "green")],
            "green",
        ),
        case(
            "the worse of an internal and an external one",
            [rated(date(2025, 10, 1), "red", external=True), rated(date(2025, 11, 1), "green")],
            "red",
        ),
    ],
)
def test_a_named_persons_rating(ratings, status):
    one = judged(*ratings)

    assert (one.verdict.status, one.verdict.reason) == (Status(status), Reason.JUDGED)


@pytest.mark.parametrize(
    ("asked", "by", "reason"),
    [
        case("anybody may", "", "school", "JUDGED"),
        case("not the school itself", "outside", "school", "NO_DATA"),
        case("nor the trust", "outside", "trust", "NO_DATA"),
        case("somebody outside", "outside", "outside", "JUDGED"),
        case("somebody farther away always may", "trust", "outside", "JUDGED"),
    ],
)
def test_who_may_rate(asked, by, reason):
    external = by == "outside"

    one = judged(
        rated(date(2025, 10, 1), rated_by=by, external=external), terms={"rated_by": asked}
    )

    assert one.verdict.reason == Reason(reason)


def test_how_long_a_rating_holds_is_data():
    rating = rated(date(2025, 9, 10))

    one = judged(rating, terms={"expires_months": 3})

    assert (one.verdict.reason, one.verdict.marks) == (Reason.STALE, set())


def test_a_rating_that_has_run_out_is_not_what_is_provisional():
    old = rated(date(2025, 9, 10), external=True, rated_by="outside", provisional=True)
    new = rated(date(2025, 12, 10))

    assert judged(old, new, terms={"expires_months": 3}).verdict.marks == set()


def test_the_period_of_a_rating_is_its_day():
    one = judged(rated(date(2025, 10, 1)))

    assert (one.period.name, one.period.index) == ("1 October 2025", term("autumn 2025"))
