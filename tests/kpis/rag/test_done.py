"""Something to be done, by a date or at all."""

from datetime import date

import pytest

from kpis.rag.done import Done, judge
from kpis.rag.verdict import Reason

from .tables import case

DUE = date(2020, 8, 31)
BY_AUGUST = Done(DUE)
NO_DATE = Done(None)


TABLE = [
    case("dn1: the first day after", None, BY_AUGUST, date(2020, 9, 1), False, "OVERDUE"),
    case("dn3: late", date(2020, 9, 4), BY_AUGUST, date(2020, 9, 30), False, "DONE_LATE"),
    case(
        "dn5: ready for the term by its first day",
        date(2024, 9, 1),
        Done(date(2024, 9, 1)),
        date(2024, 9, 1),
        False,
        "DONE",
    ),
    case("early", date(2020, 1, 1), BY_AUGUST, date(2020, 9, 1), False, "DONE"),
    case("on the due day", DUE, BY_AUGUST, date(2020, 9, 1), False, "DONE"),
    case("a day late", date(2020, 9, 1), BY_AUGUST, date(2020, 9, 1), False, "DONE_LATE"),
    case("late stays green", date(2020, 9, 1), BY_AUGUST, date(2030, 9, 1), False, "DONE_LATE"),
    case("done and no longer at risk", DUE, BY_AUGUST, DUE, True, "DONE"),
    case(
        "done after the day judged",
        date(2020, 9, 4),
        BY_AUGUST,
        date(2020, 9, 3),
        False,
        "OVERDUE",
    ),
    case(
        "done after it, not due by it",
        date(2020, 5, 2),
        BY_AUGUST,
        date(2020, 5, 1),
        False,
        "NOT_DUE",
    ),
    case("dn2: the due day is not late", None, BY_AUGUST, DUE, False, "DUE_SOON"),
    case("30 days before", None, BY_AUGUST, date(2020, 8, 1), False, "DUE_SOON"),
    case("dn4: 31 days before", None, BY_AUGUST, date(2020, 7, 31), False, "NOT_DUE"),
    case("dn6: at risk long before", None, BY_AUGUST, date(2020, 1, 1), True, "AT_RISK"),
    case("at risk and due soon", None, BY_AUGUST, date(2020, 8, 30), True, "AT_RISK"),
    case("at risk and overdue", None, BY_AUGUST, date(2020, 9, 1), True, "OVERDUE"),
    case("dn7: no date", None, NO_DATE, date(2020, 9, 1), False, "NO_DATE"),
    case("no date, at risk", None, NO_DATE, date(2020, 9, 1), True, "AT_RISK"),
    case("no date, done", date(2020, 9, 1), NO_DATE, date(2020, 9, 1), False, "DONE"),
    case("no warning wanted", None, Done(DUE, warning=0), date(2020, 8, 30), False, "NOT_DUE"),
    case("no warning, due today", None, Done(DUE, warning=0), DUE, False, "DUE_SOON"),
]


@pytest.mark.parametrize(("done_on", "rule", "as_at", "at_risk", "reason"), TABLE)
def test_a_thing_to_do_is_judged_as_it_stood_on_a_day(done_on, rule, as_at, at_risk, reason):
    assert judge(done_on, rule, as_at=as_at, at_risk=at_risk).reason == Reason(reason)


@pytest.mark.parametrize(
    ("done_on", "rule", "at_risk", "sentence"),
    [
        case(
            "overdue",
            None,
            Done(date(2020, 7, 31)),
            False,
            "Off target: not done by 30 August 2020, due 31 July 2020.",
        ),
        case(
            "soon",
            None,
            BY_AUGUST,
            False,
            "Close to target: not done by 30 August 2020, due 31 August 2020, 1 day left.",
        ),
        case(
            "at risk",
            None,
            Done(date(2021, 8, 31), moved=1),
            True,
            "Close to target: not done by 30 August 2020, due 31 August 2021, moved once, at risk.",
        ),
        case(
            "moved",
            None,
            Done(date(2021, 8, 31), moved=2),
            False,
            "No status: not done by 30 August 2020, due 31 August 2021, moved 2 times.",
        ),
        case(
            "done",
            date(2020, 8, 1),
            BY_AUGUST,
            False,
            "On target: done on 1 August 2020, due 31 August 2020.",
        ),
        case(
            "done late",
            date(2020, 8, 30),
            Done(date(2020, 8, 29)),
            False,
            "On target: done on 30 August 2020, due 29 August 2020, late.",
        ),
        case(
            "no date",
            None,
            NO_DATE,
            False,
            "No status: not done by 30 August 2020, no due date set.",
        ),
    ],
)
def test_the_sentence_has_both_days(done_on, rule, at_risk, sentence):
    verdict = judge(done_on, rule, as_at=date(2020, 8, 30), at_risk=at_risk)

    assert verdict.sentence == sentence


def test_nothing_is_at_risk_unless_its_owner_says_so():
    assert judge(None, BY_AUGUST, as_at=date(2020, 1, 1)).reason == Reason.NOT_DUE
