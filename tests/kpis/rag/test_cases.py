"""Cases with a time limit."""

from datetime import date

import pytest

from kpis.rag.cases import Case, Cases, judge_counts, judge_log
from kpis.rag.verdict import Mark, Reason

from .tables import case

BEGINS, AS_AT = date(2026, 1, 5), date(2026, 4, 12)
VACANCY = Cases(months=6)
DEFECT = Cases(months=1, plan_counts=True)
NO_PLANS = Cases(months=1)
FOUND = date(2026, 1, 31)  # its limit is 28 February


def log(*cases):
    return [Case(*days) for days in cases]


LOGS = [
    case(
        "cs2: fixed three days late",
        log((FOUND, None, date(2026, 3, 3))),
        DEFECT,
        1,
        "LATE_BUT_CLOSED",
    ),
    case("cs4: none, and somebody says so", log(), VACANCY, 0, "NO_CASES"),
    case("cs5: none, and nobody says so", log(), VACANCY, None, "NO_DATA"),
    case("none in the log, one said", log(), VACANCY, 1, "NO_DATA"),
    case("one in the log, none said", log((FOUND, None, date(2026, 2, 1))), DEFECT, 0, "NO_DATA"),
    case(
        "in time, nobody has confirmed",
        log((FOUND, None, date(2026, 2, 1))),
        DEFECT,
        None,
        "NO_DATA",
    ),
    case(
        "late, nobody has confirmed",
        log((FOUND, None, date(2026, 3, 3))),
        DEFECT,
        None,
        "NO_DATA",
    ),
    case("cs1: on the limit day", log((FOUND, None, date(2026, 2, 28))), DEFECT, 1, "ALL_IN_TIME"),
    case("the day after", log((FOUND, None, date(2026, 3, 1))), DEFECT, 1, "LATE_BUT_CLOSED"),
    case("open, in time", log((date(2026, 3, 12), None, None)), NO_PLANS, 1, "ALL_IN_TIME"),
    case("open, a day over", log((date(2026, 3, 11), None, None)), NO_PLANS, 1, "OVERDUE_NOW"),
    case(
        "cs3: overdue, nobody has confirmed", log((FOUND, None, None)), DEFECT, None, "OVERDUE_NOW"
    ),
    case("overdue, another number said", log((FOUND, None, None)), DEFECT, 7, "OVERDUE_NOW"),
    case("cs6: planned in time", log((FOUND, date(2026, 2, 10), None)), DEFECT, 1, "ALL_IN_TIME"),
    case(
        "planned on the limit day",
        log((FOUND, date(2026, 2, 28), None)),
        DEFECT,
        1,
        "ALL_IN_TIME",
    ),
    case("planned late", log((FOUND, date(2026, 3, 1), None)), DEFECT, 1, "LATE_BUT_CLOSED"),
    case(
        "planned in time, closed late",
        log((FOUND, date(2026, 2, 10), date(2026, 4, 1))),
        DEFECT,
        1,
        "ALL_IN_TIME",
    ),
    case(
        "a plan where plans do not count",
        log((FOUND, date(2026, 2, 10), None)),
        NO_PLANS,
        1,
        "OVERDUE_NOW",
    ),
    case(
        "a plan where they do not, closed late",
        log((FOUND, date(2026, 2, 10), date(2026, 3, 3))),
        NO_PLANS,
        1,
        "LATE_BUT_CLOSED",
    ),
    case(
        "planned after the day judged",
        log((FOUND, date(2026, 4, 13), None)),
        DEFECT,
        1,
        "OVERDUE_NOW",
    ),
    case(
        "closed after the day judged",
        log((FOUND, None, date(2026, 4, 13))),
        DEFECT,
        1,
        "OVERDUE_NOW",
    ),
    case("closed on the day judged", log((FOUND, None, AS_AT)), DEFECT, 1, "LATE_BUT_CLOSED"),
    case(
        "closed before the term",
        log((date(2025, 6, 1), None, date(2026, 1, 4))),
        VACANCY,
        0,
        "NO_CASES",
    ),
    case(
        "closed on its first day",
        log((date(2025, 6, 1), None, BEGINS)),
        VACANCY,
        1,
        "LATE_BUT_CLOSED",
    ),
    case(
        "opened after the day judged",
        log((date(2026, 4, 13), None, None)),
        VACANCY,
        0,
        "NO_CASES",
    ),
    case("opened on it", log((AS_AT, None, None)), VACANCY, 1, "ALL_IN_TIME"),
    case(
        "one of two overdue",
        log((FOUND, None, None), (FOUND, None, FOUND)),
        DEFECT,
        2,
        "OVERDUE_NOW",
    ),
    case(
        "one of two late",
        log((FOUND, None, date(2026, 3, 3)), (FOUND, None, FOUND)),
        DEFECT,
        2,
        "LATE_BUT_CLOSED",
    ),
    case("six months", log((date(2025, 10, 12), None, None)), VACANCY, 1, "ALL_IN_TIME"),
    case("six months and a day", log((date(2025, 10, 11), None, None)), VACANCY, 1, "OVERDUE_NOW"),
]


@pytest.mark.parametrize(("log", "rule", "confirmed", "reason"), LOGS)
def test_cases_are_judged_by_their_log(log, rule, confirmed, reason):
    verdict = judge_log(log, rule, begins=BEGINS, as_at=AS_AT, confirmed=confirmed)

    assert verdict.reason == Reason(reason)


@pytest.mark.parametrize(
    ("days", "rests"),
    [
        case("open, with a plan", (FOUND, date(2026, 2, 10), None), True),
        case("planned, then closed late", (FOUND, date(2026, 2, 10), date(2026, 4, 1)), True),
        case("closed before the plan", (FOUND, date(2026, 2, 10), date(2026, 2, 9)), False),
        case("closed on the day of the plan", (FOUND, date(2026, 2, 9), date(2026, 2, 9)), False),
        case("closed in time, after a plan", (FOUND, date(2026, 2, 9), date(2026, 2, 20)), False),
        case("closed", (FOUND, None, date(2026, 2, 9)), False),
        case(
            "open, with a plan, before its limit", (date(2026, 4, 1), date(2026, 4, 2), None), False
        ),
        case("open, with a late plan", (FOUND, date(2026, 3, 10), None), True),
        case("closed late, after a late plan", (FOUND, date(2026, 3, 2), date(2026, 3, 3)), False),
    ],
)
def test_a_verdict_that_rests_on_a_plan_says_so(days, rests):
    verdict = judge_log(log(days), DEFECT, begins=BEGINS, as_at=AS_AT, confirmed=1)

    assert (Mark.BY_PLAN in verdict.marks) is rests


@pytest.mark.parametrize(
    ("overdue", "cases", "reason"),
    [
        case("no cases", 0, 0, "NO_CASES"),
        case("none overdue", 0, 4, "ALL_IN_TIME"),
        case("one overdue", 1, 4, "OVERDUE_NOW"),
        case("all overdue", 4, 4, "OVERDUE_NOW"),
        case("nothing sent", None, None, "NO_DATA"),
        case("half sent", 0, None, "NO_DATA"),
        case("other half sent", None, 4, "NO_DATA"),
    ],
)
def test_cases_are_judged_by_two_counts_where_no_log_is_kept(overdue, cases, reason):
    assert judge_counts(overdue, cases).reason == Reason(reason)


@pytest.mark.parametrize(
    ("log", "rule", "confirmed", "sentence"),
    [
        case(
            "overdue",
            log((FOUND, None, None), (FOUND, None, FOUND)),
            DEFECT,
            2,
            "Off target: 2 cases, 1 overdue now, 0 late but settled, limit 1 month.",
        ),
        case(
            "by plan",
            log((FOUND, date(2026, 2, 10), None)),
            DEFECT,
            1,
            "On target: 1 case, 0 overdue now, 0 late but settled, limit 1 month,"
            " 1 settled by a plan.",
        ),
        case("none", log(), VACANCY, 0, "On target: 0 cases, confirmed."),
        case("another number", log(), VACANCY, 2, "No status: 2 cases confirmed, 0 in the log."),
    ],
)
def test_the_sentence_counts_the_cases(log, rule, confirmed, sentence):
    verdict = judge_log(log, rule, begins=BEGINS, as_at=AS_AT, confirmed=confirmed)

    assert verdict.sentence == sentence


def test_a_cell_shows_how_many_were_late():
    one_of_each = log((FOUND, None, None), (FOUND, None, date(2026, 3, 3)), (FOUND, None, FOUND))

    assert judge_log(one_of_each, DEFECT, begins=BEGINS, as_at=AS_AT, confirmed=3).figure == (
        "2 late"
    )
    assert judge_counts(2, 11).figure == "2 late"
