"""By when a promise is due, and what it is before that day."""

from datetime import date

import pytest

from kpis.rag.due import due_of, held_back
from kpis.rag.verdict import Mark, Reason

from .builders import PLAN_ENDS, due, make_clause, make_given
from .tables import AMBER, GREEN, MISSING, NOT_HERE, RED, case

FIRST, SECOND, THIRD = date(2026, 8, 31), date(2027, 8, 31), date(2028, 3, 31)
YEARLY = [due(SECOND, step=2), due(FIRST), due(THIRD, step=3)]


def day_of(given, ends=None):
    [promise] = given.promises
    return due_of(given, promise, promise.clauses[0], ends).day


@pytest.mark.parametrize(
    ("dues", "role", "day"),
    [
        case("its own day", [due(FIRST)], "kpi", FIRST),
        case("a KPI without one, by the plan's end", [], "kpi", PLAN_ENDS),
        case("a success criterion too", [], "criterion", PLAN_ENDS),
        case("a milestone without one has none", [], "milestone", None),
        case("a milestone with one", [due(FIRST)], "milestone", FIRST),
        case("words that name no day", [due(None, label="in due course")], "kpi", None),
        case("the last of several, whatever their order", YEARLY, "kpi", THIRD),
        case("the clause's own before its KPI's", [due(THIRD), due(FIRST, clause=1)], "kpi", FIRST),
        case("not that of another clause", [due(THIRD), due(FIRST, clause=2)], "kpi", THIRD),
    ],
)
def test_the_day_that_a_promise_is_due_by(dues, role, day):
    assert day_of(make_given(dues=dues, role=role)) == day


@pytest.mark.parametrize(
    ("ends", "day"),
    [
        case("long before the first", date(2025, 12, 31), FIRST),
        case("on the first day", FIRST, FIRST),
        case("a day after it", date(2026, 9, 1), SECOND),
        case("between two", date(2027, 4, 30), SECOND),
        case("on the last day", THIRD, THIRD),
        case("after all of them", date(2028, 8, 31), THIRD),
    ],
)
def test_a_figure_runs_up_to_the_next_of_several_days(ends, day):
    assert day_of(make_given(dues=YEARLY), ends) == day


def test_of_several_days_one_without_a_day_is_none_to_run_up_to():
    dues = [due(None, label="when ready"), due(SECOND, step=2)]

    assert day_of(make_given(dues=dues), date(2025, 12, 31)) == SECOND


@pytest.mark.parametrize(
    ("repeated", "at", "day"),
    [
        case("each term, in autumn", "term", "autumn 2025", date(2025, 12, 31)),
        case("each term, in spring", "term", "spring 2026", date(2026, 4, 30)),
        case("each year, in autumn", "year", "autumn 2025", date(2026, 8, 31)),
        case("each year, in spring", "year", "spring 2026", date(2026, 8, 31)),
        case("each year, in summer", "year", "summer 2026", date(2026, 8, 31)),
        case("the year after", "year", "autumn 2026", date(2027, 8, 31)),
    ],
)
def test_a_duty_that_recurs_is_due_anew(repeated, at, day):
    duty = make_clause(rule="done", operator="", repeated=repeated)

    assert day_of(make_given(duty, at=at, dues=[due(FIRST)])) == day


def test_what_is_due_without_a_date_of_its_own_has_not_been_put_off():
    for given in (make_given(), make_given(make_clause(rule="done", repeated="term"))):
        [promise] = given.promises
        found = due_of(given, promise, promise.clauses[0])

        assert (found.label, found.moved, found.at_risk, found.done_on) == ("", 0, False, None)


@pytest.mark.parametrize(
    ("verdict", "due", "reason"),
    [
        case("off target before the day", RED, FIRST, "NOT_DUE"),
        case("close before the day", AMBER, FIRST, "NOT_DUE"),
        case("on target before the day", GREEN, FIRST, "MET"),
        case("off target after the day", RED, date(2026, 5, 1), "OFF"),
        case("off target, no day", RED, None, "NO_DATE"),
        case("close, no day", AMBER, None, "NO_DATE"),
        case("on target, no day", GREEN, None, "MET"),
        case("missing, no day", MISSING, None, "NO_DATA"),
        case("not applicable, no day", NOT_HERE, None, "NOT_APPLICABLE"),
    ],
)
def test_before_its_day_a_promise_has_no_colour_but_green(verdict, due, reason):
    assert held_back(verdict, due, date(2026, 5, 2)).reason == Reason(reason)


def test_what_has_no_day_keeps_its_figures_and_marks():
    waiting = held_back(RED.marked(Mark.CARRIED), None, date(2026, 5, 2))

    assert waiting.marks == {Mark.CARRIED}
    assert waiting.sentence == (
        "No status: 90.0%, target at least 95.0%, margin 1.0, no due date set."
    )
