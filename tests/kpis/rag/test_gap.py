"""The difference between two groups."""

from decimal import Decimal

import pytest

from kpis.rag.gap import Gap, Pair, Reference, Wish, judge
from kpis.rag.side import Better
from kpis.rag.verdict import Reason

from .tables import case, number


def gap(wish, better=Better.HIGHER, **more):
    figures = {
        key: Decimal(more.pop(key)) for key in ("tolerance", "margin", "step") if key in more
    }
    figures.setdefault("step", Decimal("0.1"))
    return Gap(Wish(wish), better, group="disadvantaged", **figures, **more)


NARROW = gap("narrow", margin="5.0")
STEP = gap("narrow", step="2.0")
LENIENT = gap("narrow", tolerance="0.5", margin="1.0")
LESS = gap("narrow", Better.LOWER, margin="5.0")
SAME = gap("narrow", symmetric=True, margin="1.0", others="boys")
NO_STEP = gap("narrow", step="0")
CLOSE_NO_STEP = gap("closed", step="0")
CLOSE = gap("closed", tolerance="0.5")
CLOSE_LESS = gap("closed", Better.LOWER, tolerance="0.5")
CLOSE_SAME = gap("closed", symmetric=True, tolerance="0.5")
CLOSE_BY = gap("closed", step="2.0")

# rule, the group and its reference now, and then
TABLE = [
    case("gp2: smaller because others fell more", NARROW, "54 70", "55 75", "NARROWED_BY_FALL"),
    case("gp4: 4 ahead, then 5 behind", SAME, "60 65", "64 60", "WIDENED"),
    case("gp8: a gap that opened", NARROW, "67.0 70.0", "70.0 70.0", "OPENED"),
    case("gp1: smaller", NARROW, "58 75", "55 75", "NARROWED"),
    case("smaller, because others fell", NARROW, "55 70", "55 75", "NARROWED"),
    case("smaller by a hair", NARROW, "55.1 75.0", "55.0 75.0", "NARROWED"),
    case("gp7: unchanged", NARROW, "55 75", "55 75", "FLAT"),
    case("unchanged, both fell", NARROW, "50 70", "55 75", "FLAT"),
    case("wider by a hair", NARROW, "54.9 75.0", "55.0 75.0", "WIDENED"),
    case("wider, because others rose", NARROW, "56 80", "55 75", "WIDENED"),
    case("smaller by less than the step", STEP, "56.9 75.0", "55.0 75.0", "FLAT"),
    case("smaller by the step", STEP, "57.0 75.0", "55.0 75.0", "NARROWED"),
    case("smaller by the step, by fall", STEP, "54.0 72.0", "55.0 75.0", "NARROWED_BY_FALL"),
    case("gp3: closed", NARROW, "75 75", "55 75", "CLOSED"),
    case("closed, though both fell", NARROW, "50 50", "55 75", "CLOSED"),
    case("gp5: ahead now", NARROW, "76 75", "55 75", "GAP_REVERSED"),
    case("ahead then and now", NARROW, "76 75", "80 75", "GAP_REVERSED"),
    case("ahead then, behind now", NARROW, "74 75", "80 75", "OPENED"),
    case("opened to the margin", NARROW, "65.0 70.0", "70.0 70.0", "OPENED"),
    case("opened beyond the margin", NARROW, "64.9 70.0", "70.0 70.0", "WIDENED"),
    case("opened, no margin", gap("narrow"), "69.9 70.0", "70.0 70.0", "WIDENED"),
    case("no gap, and none now", NARROW, "70.0 70.0", "70.0 70.0", "CLOSED"),
    case("within the tolerance", LENIENT, "69.5 70.0", "60.0 70.0", "CLOSED"),
    case("past the tolerance", LENIENT, "69.4 70.0", "60.0 70.0", "NARROWED"),
    case("was within it, is", LENIENT, "69.5 70.0", "70.0 70.0", "CLOSED"),
    case("was within it, opened", LENIENT, "68.5 70.0", "69.5 70.0", "OPENED"),
    case("was within it, opened beyond", LENIENT, "68.4 70.0", "69.5 70.0", "WIDENED"),
    case("was just past it, wider", LENIENT, "69.3 70.0", "69.4 70.0", "WIDENED"),
    case("ahead within the tolerance", LENIENT, "70.1 70.0", "60.0 70.0", "GAP_REVERSED"),
    case("zero is a figure", NARROW, "0 0", "0 20", "CLOSED"),
    case("less is better, smaller", LESS, "9.0 5.0", "10.0 5.0", "NARROWED"),
    case("less is better, wider", LESS, "10.1 5.0", "10.0 5.0", "WIDENED"),
    case("less is better, by a rise", LESS, "11.0 8.0", "10.0 5.0", "NARROWED_BY_FALL"),
    case("less is better, ahead", LESS, "4.9 5.0", "10.0 5.0", "GAP_REVERSED"),
    case("less is better, opened", LESS, "5.1 5.0", "5.0 5.0", "OPENED"),
    case("either way, smaller", SAME, "64 61", "64 60", "NARROWED"),
    case("either way, smaller, sides changed", SAME, "60 63", "59 64", "NARROWED"),
    case("either way, sides changed by a fall", SAME, "60 63", "64 60", "NARROWED_BY_FALL"),
    case("either way, as large", SAME, "60 64", "64 60", "FLAT"),
    case("either way, level", SAME, "60 60", "64 60", "CLOSED"),
    case("either way, those behind fell", SAME, "62 59", "64 60", "NARROWED_BY_FALL"),
    case("either way, those ahead fell", SAME, "63 60", "64 60", "NARROWED"),
    case("either way, opened", SAME, "61 60", "60 60", "OPENED"),
    case("either way, opened beyond", SAME, "60.0 61.1", "60 60", "WIDENED"),
    case("gp11: no past", NARROW, "55 75", None, "BASELINE_YEAR"),
    case("no past, no gap", NARROW, "75 75", None, "BASELINE_YEAR"),
    case("to close: within", CLOSE, "69.5 70.0", "60.0 70.0", "CLOSED"),
    case("to close: level", CLOSE, "70.0 70.0", "70.0 70.0", "CLOSED"),
    case("to close: ahead", CLOSE, "70.1 70.0", "60.0 70.0", "GAP_REVERSED"),
    case("gp9: to close: smaller", CLOSE, "69.4 70.0", "60.0 70.0", "NARROWED_NOT_CLOSED"),
    case("to close: smaller, by fall", CLOSE, "54 70", "55 75", "NARROWED_NOT_CLOSED"),
    case("gp10: to close: unchanged", CLOSE, "60.0 70.0", "60.0 70.0", "OFF"),
    case("to close: wider", CLOSE, "59.9 70.0", "60.0 70.0", "WIDENED"),
    case("to close: less than the step", CLOSE_BY, "61.9 70.0", "60.0 70.0", "OFF"),
    case("to close: by the step", CLOSE_BY, "62.0 70.0", "60.0 70.0", "NARROWED_NOT_CLOSED"),
    case("to close: no past, on its level", CLOSE, "60.0 70.0", None, "OFF"),
    case("to close: no past, closed", CLOSE, "69.5 70.0", None, "CLOSED"),
    case("to close: less is better", CLOSE_LESS, "5.6 5.0", "8.0 5.0", "NARROWED_NOT_CLOSED"),
    case("to close: less is better, closed", CLOSE_LESS, "5.5 5.0", "8.0 5.0", "CLOSED"),
    case(
        "to close: either way, ahead too far",
        CLOSE_SAME,
        "71.0 70.0",
        "72.0 70.0",
        "NARROWED_NOT_CLOSED",
    ),
    case("to close: either way, within", CLOSE_SAME, "70.5 70.0", "72.0 70.0", "CLOSED"),
    case("a step of nothing wants less still", NO_STEP, "55 75", "55 75", "FLAT"),
    case("to close: a step of nothing", CLOSE_NO_STEP, "55 75", "55 75", "OFF"),
    case("either way, by fall, just behind", SAME, "60.0 60.5", "63.0 60.0", "NARROWED_BY_FALL"),
    case("either way, by fall, just ahead", SAME, "60.5 60.0", "60.0 63.0", "NARROWED_BY_FALL"),
    case("below zero", NARROW, "-0.3 -0.1", "-0.6 -0.1", "NARROWED"),
    case("below zero, wider", NARROW, "-0.7 -0.1", "-0.6 -0.1", "WIDENED"),
    case("zero beside some", NARROW, "0 20", "5 20", "WIDENED"),
    case("less is better, unchanged", LESS, "10.0 5.0", "10.0 5.0", "FLAT"),
    case("less is better, closed", LESS, "5.0 5.0", "10.0 5.0", "CLOSED"),
    case("less is better, opened to the margin", LESS, "10.0 5.0", "5.0 5.0", "OPENED"),
    case("less is better, opened beyond", LESS, "10.1 5.0", "5.0 5.0", "WIDENED"),
    case("less is better, none of either", LESS, "0 0", "3.0 0", "CLOSED"),
    case("to close: less is better, wider", CLOSE_LESS, "8.1 5.0", "8.0 5.0", "WIDENED"),
    case("to close: less is better, ahead", CLOSE_LESS, "4.9 5.0", "8.0 5.0", "GAP_REVERSED"),
    case("to close: either way, wider", CLOSE_SAME, "70.0 73.0", "72.0 70.0", "WIDENED"),
    case("nothing of the group", NARROW, "- 75", "55 75", "NO_DATA"),
    case("nothing of the others", NARROW, "55 -", "55 75", "NO_DATA"),
    case("nothing of either", CLOSE, "- -", None, "NO_DATA"),
]


def pair(text):
    return [None if part == "-" else Decimal(part) for part in text.split()]


@pytest.mark.parametrize(("rule", "now", "then", "reason"), TABLE)
def test_a_gap_is_judged_against_what_it_was(rule, now, then, reason):
    verdict = judge(*pair(now), rule, then=None if then is None else Pair(*pair(then)))

    assert verdict.reason == Reason(reason)


@pytest.mark.parametrize(
    ("reference", "group", "others", "reason"),
    [
        case("the plan does not say whom", Reference.NOT_STATED, "55", "75", "NO_TARGET"),
        case("nor sent", Reference.NOT_STATED, None, None, "NO_DATA"),
        case("not published yet", Reference.NATIONAL_OTHERS, "55", None, "NO_COMPARATOR"),
        case("not published, nothing sent", Reference.NATIONAL_OTHERS, None, None, "NO_DATA"),
        case("published", Reference.NATIONAL_OTHERS, "58", "75", "NARROWED"),
        case("the other group not sent", Reference.NAMED_GROUP, "55", None, "NO_DATA"),
        case("the others not sent", Reference.SAME_SCHOOL, "55", None, "NO_DATA"),
    ],
)
def test_whom_the_group_is_compared_with(reference, group, others, reason):
    rule = gap("narrow", reference=reference)
    then = Pair(Decimal(55), Decimal(75))

    assert judge(number(group), number(others), rule, then=then).reason == Reason(reason)


@pytest.mark.parametrize(
    ("rule", "now", "then", "sentence"),
    [
        case(
            "by fall",
            NARROW,
            "54 70",
            "55 75",
            "Close to target: disadvantaged 54.0%, others 70.0%, 16.0 points behind,"
            " was 20.0 points behind with disadvantaged 55.0%, others 75.0%,"
            " target at least 0.1 smaller, tolerance 0.0, disadvantaged did worse than before.",
        ),
        case(
            "smaller, the group as before",
            NARROW,
            "55 70",
            "55 75",
            "On target: disadvantaged 55.0%, others 70.0%, 15.0 points behind,"
            " was 20.0 points behind with disadvantaged 55.0%, others 75.0%,"
            " target at least 0.1 smaller, tolerance 0.0.",
        ),
        case(
            "smaller, the group a little better",
            NARROW,
            "55.5 75.0",
            "55.0 75.0",
            "On target: disadvantaged 55.5%, others 75.0%, 19.5 points behind,"
            " was 20.0 points behind with disadvantaged 55.0%, others 75.0%,"
            " target at least 0.1 smaller, tolerance 0.0.",
        ),
        case(
            "just behind, was just ahead",
            LENIENT,
            "69.2 70.0",
            "70.3 70.0",
            "Close to target: disadvantaged 69.2%, others 70.0%, 0.8 points behind,"
            " was 0.3 points ahead with disadvantaged 70.3%, others 70.0%,"
            " target still no gap, tolerance 0.5, margin 1.0, disadvantaged did worse than before.",
        ),
        case(
            "no margin set",
            gap("narrow"),
            "69.9 70.0",
            "70.0 70.0",
            "Off target: disadvantaged 69.9%, others 70.0%, 0.1 points behind,"
            " was 0.0 points apart with disadvantaged 70.0%, others 70.0%,"
            " target still no gap, tolerance 0.0, margin 0.0, disadvantaged did worse than before.",
        ),
        case(
            "either way, level by a fall of the first",
            SAME,
            "60 60",
            "64 60",
            "On target: disadvantaged 60.0%, boys 60.0%, 0.0 points apart,"
            " was 4.0 points ahead with disadvantaged 64.0%, boys 60.0%,"
            " target at least 0.1 smaller, tolerance 0.0, whoever is behind,"
            " disadvantaged did worse than before.",
        ),
        case(
            "closed, though both fell",
            NARROW,
            "50 50",
            "55 75",
            "On target: disadvantaged 50.0%, others 50.0%, 0.0 points apart,"
            " was 20.0 points behind with disadvantaged 55.0%, others 75.0%,"
            " target at least 0.1 smaller, tolerance 0.0, disadvantaged did worse than before.",
        ),
        case(
            "opened",
            NARROW,
            "67 70",
            "70 70",
            "Close to target: disadvantaged 67.0%, others 70.0%, 3.0 points behind,"
            " was 0.0 points apart with disadvantaged 70.0%, others 70.0%,"
            " target still no gap, tolerance 0.0, margin 5.0, disadvantaged did worse than before.",
        ),
        case(
            "either way",
            SAME,
            "60 65",
            "64 60",
            "Off target: disadvantaged 60.0%, boys 65.0%, 5.0 points behind,"
            " was 4.0 points ahead with disadvantaged 64.0%, boys 60.0%,"
            " target at least 0.1 smaller, tolerance 0.0, whoever is behind,"
            " disadvantaged did worse than before.",
        ),
        case(
            "either way, the others fell",
            SAME,
            "62 59",
            "64 60",
            "Close to target: disadvantaged 62.0%, boys 59.0%, 3.0 points ahead,"
            " was 4.0 points ahead with disadvantaged 64.0%, boys 60.0%,"
            " target at least 0.1 smaller, tolerance 0.0, whoever is behind,"
            " boys did worse than before.",
        ),
        case(
            "to close, no past",
            CLOSE,
            "60 70",
            None,
            "Off target: disadvantaged 60.0%, others 70.0%, 10.0 points behind,"
            " target no gap, tolerance 0.5.",
        ),
    ],
)
def test_the_sentence_has_both_groups_now_and_then(rule, now, then, sentence):
    verdict = judge(*pair(now), rule, then=None if then is None else Pair(*pair(then)))

    assert verdict.sentence == sentence


def test_a_pair_where_only_the_size_counts_has_no_first_and_second():
    now, then = pair("62 59"), pair("64 60")

    one = judge(*now, SAME, then=Pair(*then))
    other = judge(*now[::-1], SAME, then=Pair(*then[::-1]))

    assert one.reason == other.reason == Reason.NARROWED_BY_FALL


def test_a_first_gap_is_shown_without_a_colour():
    verdict = judge(Decimal(55), Decimal(75), NARROW, then=None)

    assert verdict.figure == "20.0 points"
    assert verdict.sentence == (
        "No status: disadvantaged 55.0%, others 75.0%, 20.0 points behind,"
        " the figure that later ones are judged by."
    )
