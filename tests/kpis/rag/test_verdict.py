"""A verdict: a status, exactly one reason that may stand with it, and marks."""

import pytest

from kpis.rag.verdict import Counts, Mark, Reason, Status, Verdict, marks_of, rank

from .tables import AMBER, GREEN, MISSING, NOT_DUE, NOT_HERE, RED

ALLOWED = {
    "green": "MET ON_TRACK IN_BAND IMPROVED AT_BEST NARROWED CLOSED GAP_REVERSED AT_LEVEL"
    " KEPT_OR_RAISED DONE DONE_LATE ALL_IN_TIME NO_CASES JUDGED ALL_GREEN ONE_GREEN",
    "amber": "NEAR NOT_ENOUGH FELL_BACK FLAT SLIPPING NARROWED_BY_FALL NARROWED_NOT_CLOSED"
    " OPENED ONE_STEP DUE_SOON AT_RISK LATE_BUT_CLOSED JUDGED ANY_AMBER",
    "red": "OFF OUT WORSE WORSE_THAN_BASELINE WIDENED TWO_STEPS FAILING OVERDUE OVERDUE_NOW"
    " JUDGED ANY_RED",
    "grey": "NO_DATA NOT_AVAILABLE_YET NOT_DUE BASELINE_YEAR NO_COMPARATOR NO_LIKE_FOR_LIKE"
    " NO_TARGET NOT_JUDGED NO_MAPPING SUPPRESSED STALE PARTIAL NO_DATE",
    "not_applicable": "NOT_APPLICABLE NO_COHORT",
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("reason", Reason)
def test_a_reason_stands_only_with_its_own_status(status, reason):
    if reason in ALLOWED[status].split():
        assert Verdict(status, reason, "so").status is status
    else:
        with pytest.raises(ValueError, match="cannot stand with"):
            Verdict(status, reason, "so")


@pytest.mark.parametrize(
    ("status", "words", "letter", "is_colour"),
    [
        ("green", "On target", "G", True),
        ("amber", "Close to target", "A", True),
        ("red", "Off target", "R", True),
        ("grey", "No status", "", False),
        ("not_applicable", "Not applicable", "n/a", False),
    ],
)
def test_a_status_has_words_and_a_letter(status, words, letter, is_colour):
    found = Status(status)

    assert (found.words, found.letter, found.is_colour) == (words, letter, is_colour)


def test_the_status_words_open_the_sentence():
    assert AMBER.sentence == "Close to target: 94.9%, target at least 95.0%, margin 1.0."


def test_from_the_worst_up():
    assert sorted([NOT_HERE, GREEN, MISSING, AMBER, RED], key=rank) == [
        RED,
        AMBER,
        MISSING,
        GREEN,
        NOT_HERE,
    ]


def test_a_template_can_ask_for_a_mark_by_its_name():
    marks = GREEN.marked(Mark.PROVISIONAL).marks

    assert "PROVISIONAL" in marks
    assert "CARRIED" not in marks


def test_marks_add_up_and_the_verdict_stays_as_it_was():
    twice = GREEN.marked(Mark.PROVISIONAL).marked(Mark.CARRIED)

    assert twice.marks == {Mark.PROVISIONAL, Mark.CARRIED}
    assert GREEN.marks == frozenset()
    assert marks_of([twice, RED.marked(Mark.LATE)]) == twice.marks | {Mark.LATE}


@pytest.mark.parametrize("mark", Mark)
def test_every_mark_has_its_words(mark):
    assert mark.words.islower()
    assert mark.spoken[0].isupper()


def test_what_drops_out():
    assert [v.drops_out for v in (GREEN, RED, MISSING, NOT_DUE, NOT_HERE)] == [
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_note_ends_the_sentence():
    assert GREEN.noted("2 of 3 schools").sentence.endswith("95.0%, 2 of 3 schools.")


def test_what_is_not_counted_is_none():
    assert Counts() == Counts(0, 0, 0, 0, 0, 0, 0)
    assert Counts(green=12, amber=2, red=1, unknown=3, not_due=5).of == 18
