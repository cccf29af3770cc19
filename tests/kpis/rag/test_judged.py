"""A named person's rating with evidence, and a verdict set by hand."""

from datetime import date

import pytest

from kpis.rag.judged import Judged, Rater, Rating, judge, set_by_hand
from kpis.rag.verdict import Mark, Reason, Status

from .tables import AMBER, RED, case

NOV = date(2025, 11, 1)
YEAR = Judged()


def rating(status, on=NOV, rater=Rater.TRUST, **more):
    more = {"reviewer": "A. Reader", "evidence": "visit notes"} | more
    return Rating(Status(status), rater=rater, on=on, **more)


TABLE = [
    case("jd2: valid on its last day", [rating("amber")], date(2026, 11, 1), "amber", "JUDGED"),
    case("jd3: a day later", [rating("amber")], date(2026, 11, 2), "grey", "STALE"),
    case("green", [rating("green")], NOV, "green", "JUDGED"),
    case("red", [rating("red")], NOV, "red", "JUDGED"),
    case("not given yet", [rating("red")], date(2025, 10, 31), "grey", "NO_DATA"),
    case("jd4: none given", [], NOV, "grey", "NO_DATA"),
    case(
        "the later counts",
        [rating("red"), rating("green", on=date(2026, 1, 9))],
        date(2026, 2, 1),
        "green",
        "JUDGED",
    ),
    case(
        "whatever the order",
        [rating("green", on=date(2026, 1, 9)), rating("red")],
        date(2026, 2, 1),
        "green",
        "JUDGED",
    ),
    case("two on one day", [rating("red"), rating("green")], NOV, "red", "JUDGED"),
    case("two on one day, the worse last", [rating("green"), rating("red")], NOV, "red", "JUDGED"),
    case("on target and close", [rating("green"), rating("amber")], NOV, "amber", "JUDGED"),
    case(
        "they differ: the worse, inside",
        [rating("red"), rating("green", rater=Rater.OUTSIDE)],
        NOV,
        "red",
        "JUDGED",
    ),
    case(
        "jd1: they differ: the worse, outside, though older",
        [
            rating("green", on=date(2026, 1, 9)),
            rating("amber", rater=Rater.OUTSIDE),
        ],
        date(2026, 2, 1),
        "amber",
        "JUDGED",
    ),
    case(
        "the worse has run out",
        [
            rating("green", on=date(2026, 1, 9)),
            rating("red", rater=Rater.OUTSIDE),
        ],
        date(2026, 11, 2),
        "green",
        "JUDGED",
    ),
    case(
        "both have run out",
        [rating("green"), rating("red", rater=Rater.OUTSIDE)],
        date(2026, 11, 2),
        "grey",
        "STALE",
    ),
    case(
        "the latest has run out, an older one no longer counts",
        [rating("green"), rating("red", on=date(2025, 10, 1))],
        date(2026, 11, 2),
        "grey",
        "STALE",
    ),
]


@pytest.mark.parametrize(("ratings", "as_at", "status", "reason"), TABLE)
def test_the_latest_rating_of_each_side_counts(ratings, as_at, status, reason):
    verdict = judge(ratings, YEAR, as_at=as_at)

    assert (verdict.status, verdict.reason) == (Status(status), Reason(reason))


def test_a_trust_may_let_ratings_hold_longer():
    verdict = judge([rating("green")], Judged(months=36), as_at=date(2028, 11, 1))

    assert verdict.reason == Reason.JUDGED


@pytest.mark.parametrize(
    ("asked", "rater", "may"),
    [
        case("a school for itself", Rater.SCHOOL, Rater.SCHOOL, True),
        case("the trust for a school", Rater.SCHOOL, Rater.TRUST, True),
        case("outside for a school", Rater.SCHOOL, Rater.OUTSIDE, True),
        case("a school where the trust is asked", Rater.TRUST, Rater.SCHOOL, False),
        case("the trust where it is asked", Rater.TRUST, Rater.TRUST, True),
        case("outside where the trust is asked", Rater.TRUST, Rater.OUTSIDE, True),
        case("a school where outside is asked", Rater.OUTSIDE, Rater.SCHOOL, False),
        case("the trust where outside is asked", Rater.OUTSIDE, Rater.TRUST, False),
        case("outside where it is asked", Rater.OUTSIDE, Rater.OUTSIDE, True),
    ],
)
def test_nobody_rates_where_somebody_farther_away_is_asked(asked, rater, may):
    rule, given = Judged(rated_by=asked), rating("green", rater=rater)

    assert (rule.refuses(given) is None) is may
    assert judge([given], rule, as_at=NOV).reason == (Reason.JUDGED if may else Reason.NO_DATA)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        case("no evidence", rating("green", evidence=" "), "Say what the rating rests on."),
        case("no reviewer", rating("green", reviewer=""), "Name the reviewer."),
        case("no colour", rating("grey"), "Choose on target, close to target or off target."),
        case(
            "not applicable is no rating",
            rating("not_applicable"),
            "Choose on target, close to target or off target.",
        ),
    ],
)
def test_a_rating_is_refused_in_words_that_say_what_to_do(given, words):
    assert YEAR.refuses(given) == words


def test_where_two_ratings_differ_the_sentence_shows_both():
    inside = rating("green", on=date(2026, 1, 9))
    outside = rating("red", rater=Rater.OUTSIDE, reviewer="B. Visitor")

    verdict = judge([inside, outside], YEAR, as_at=date(2026, 2, 1))

    assert verdict.sentence == (
        "Off target: rated on target by A. Reader (the trust) on 9 January 2026;"
        " rated off target by B. Visitor (outside the trust) on 1 November 2025."
    )


def test_a_rating_that_ran_out_is_shown_with_the_day():
    verdict = judge([rating("amber")], YEAR, as_at=date(2026, 11, 2))

    assert verdict.sentence == (
        "No status: rated close to target by A. Reader (the trust) on 1 November 2025,"
        " which held until 1 November 2026."
    )


def test_a_status_set_by_hand_says_so_and_keeps_what_was_calculated():
    verdict = set_by_hand(
        RED.marked(Mark.CARRIED), Status.AMBER, why="flood in March", by="J. Khan"
    )

    assert verdict.marks == {Mark.CARRIED, Mark.MANUAL}
    assert verdict.sentence == (
        "Close to target: set by J. Khan, flood in March; by the figures off target,"
        " 90.0%, target at least 95.0%, margin 1.0."
    )


def test_nobody_sets_a_status_that_is_no_colour():
    with pytest.raises(ValueError, match="JUDGED cannot stand with No status"):
        set_by_hand(AMBER, Status.GREY, why="not sure", by="J. Khan")


def test_of_two_that_ran_out_the_later_is_shown():
    inside, outside = rating("green"), rating("red", on=date(2025, 12, 1), rater=Rater.OUTSIDE)

    verdict = judge([inside, outside], YEAR, as_at=date(2027, 1, 1))

    assert verdict.because.startswith("rated off target")
    assert verdict.because.endswith("held until 1 December 2026")
