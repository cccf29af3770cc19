"""What cannot be judged, and which reason stands where several fit."""

from datetime import date
from itertools import combinations

import pytest

from kpis.rag import grey
from kpis.rag.verdict import Mark, Reason, Status, Verdict

from .tables import AMBER, EVERY, GREEN, MISSING, NOT_HERE, RED, case

ORDER = [
    "NO_DATA",
    "NOT_AVAILABLE_YET",
    "NOT_JUDGED",
    "SUPPRESSED",
    "STALE",
    "NO_LIKE_FOR_LIKE",
    "NO_TARGET",
    "NO_MAPPING",
    "NO_COMPARATOR",
    "BASELINE_YEAR",
    "NO_DATE",
    "NOT_DUE",
    "PARTIAL",
]


@pytest.mark.parametrize(("first", "second"), list(combinations(ORDER, 2)))
def test_of_two_greys_the_one_that_comes_first_stands(first, second):
    one = Verdict(Status.GREY, Reason(first), "one")
    other = Verdict(Status.GREY, Reason(second), "other")

    assert grey.first_of([one, other]) is one
    assert grey.first_of([other, one]) is one


def test_every_grey_reason_has_its_place():
    greys = [reason for reason in Reason if Status.GREY in reason.statuses]

    assert sorted(greys) == sorted(ORDER)


def test_of_two_of_one_reason_the_first_given_stands():
    one = Verdict(Status.GREY, Reason.NO_DATA, "one")
    other = Verdict(Status.GREY, Reason.NO_DATA, "other")

    assert grey.first_of([one, other]) is one


@pytest.mark.parametrize(
    ("minimum", "counts", "hidden"),
    [
        case("gp6: four in the group", 6, [4, 60], True),
        case("five", 6, [5], True),
        case("six", 6, [6], False),
        case("the others are too few", 6, [60, 5], True),
        case("both are enough", 6, [60, 6], False),
        case("none at all", 6, [0], True),
        case("nobody gave a count", 6, [None], False),
        case("one count given, and too few", 6, [None, 5], True),
        case("seats have no minimum", None, [1], False),
        case("a minimum of its own", 10, [9], True),
        case("no counts", 6, [], False),
    ],
)
def test_what_is_too_few_to_judge(minimum, counts, hidden):
    assert grey.too_few(minimum, *counts) is hidden


def test_the_number_of_too_few_is_not_said():
    assert grey.suppressed(6).sentence == "No status: fewer than 6 pupils, too few to judge."


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (grey.no_data(), "No status: no figure has been sent."),
        (
            grey.no_data(date(2026, 1, 16)),
            "No status: no figure has been sent, due 16 January 2026.",
        ),
        (
            grey.no_data(date(2026, 1, 16), late=True),
            "No status: no figure has been sent, was due 16 January 2026.",
        ),
        (
            grey.only_claimed("not applicable"),
            "No status: the school answered “not applicable”, not accepted yet.",
        ),
        (grey.not_available_yet(), "No status: not published for this period."),
        (
            grey.not_available_yet(date(2026, 2, 1)),
            "No status: not available yet, expected 1 February 2026.",
        ),
        (
            grey.stale("68.4%", "Summer 2024"),
            "No status: 68.4% from Summer 2024, too old to judge.",
        ),
        (
            grey.no_like_for_like("68.4%", "the question changed"),
            "No status: 68.4%, nothing like for like to judge it by: the question changed.",
        ),
        (
            grey.baseline_year("48.0%"),
            "No status: 48.0%, the figure that later ones are judged by.",
        ),
        (grey.not_due("not asked for yet"), "No status: not asked for yet."),
        (grey.no_cohort(), "Not applicable: no pupils to count."),
        (
            grey.not_applicable("a primary school has no sixth form"),
            "Not applicable: a primary school has no sixth form.",
        ),
    ],
)
def test_each_says_why(verdict, sentence):
    assert verdict.sentence == sentence


def test_only_what_is_past_its_deadline_is_late():
    assert grey.no_data(date(2026, 1, 16), late=True).marks == {Mark.LATE}
    assert grey.no_data(date(2026, 1, 16)).marks == set()


DUE = date(2028, 8, 31)


@pytest.mark.parametrize(
    ("verdict", "as_at", "reason"),
    [
        case("off target before the day", RED, date(2028, 8, 30), "NOT_DUE"),
        case("close before the day", AMBER, date(2028, 8, 30), "NOT_DUE"),
        case("on target as soon as met", GREEN, date(2026, 1, 1), "MET"),
        case("missing stays missing", MISSING, date(2026, 1, 1), "NO_DATA"),
        case("not applicable stays so", NOT_HERE, date(2026, 1, 1), "NOT_APPLICABLE"),
        case("the day itself is not late", RED, DUE, "NOT_DUE"),
        case("the day after", RED, date(2028, 9, 1), "OFF"),
        case("close the day after", AMBER, date(2028, 9, 1), "NEAR"),
    ],
)
def test_a_promise_by_a_date_waits_for_it(verdict, as_at, reason):
    assert grey.until_due(verdict, DUE, as_at).reason == Reason(reason)


def test_what_waits_keeps_its_figures_and_marks():
    waiting = grey.until_due(RED.marked(Mark.CARRIED), DUE, date(2026, 1, 1))

    assert waiting.marks == {Mark.CARRIED}
    assert waiting.sentence == (
        "No status: 90.0%, target at least 95.0%, margin 1.0, due 31 August 2028."
    )


@pytest.mark.parametrize("verdict", EVERY)
def test_after_its_date_a_promise_is_judged_as_ever(verdict):
    assert grey.until_due(verdict, DUE, date(2028, 9, 1)) is verdict
