"""The rule as a sentence: what people read before there is a figure is what judges it."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rag import rule_words as words
from kpis.rag import threshold
from kpis.rag.band import BadSide, Band
from kpis.rag.cases import Cases
from kpis.rag.compare import Against, Comparator, Compare
from kpis.rag.done import Done
from kpis.rag.gap import Gap, Wish
from kpis.rag.judged import Judged, Rater
from kpis.rag.shown import Kind, Shown
from kpis.rag.side import Better, Sign
from kpis.rag.threshold import Threshold
from kpis.rag.trend import Trend
from kpis.rag.verdict import Status

D = Decimal
RATE = Shown(Kind.NUMBER, 2, "per 100 pupils")


def rule(sign, target, margin="1.0", **more):
    return Threshold(Sign(sign), None if target is None else D(target), D(margin), **more)


@pytest.mark.parametrize(
    ("promise", "sentence"),
    [
        pytest.param(
            rule(">=", "95.0"),
            "On target at 95.0% or more. Close to target from 94.0% to 94.9%."
            " Off target below 94.0%.",
            id="at least",
        ),
        pytest.param(
            rule("<=", "18.0"),
            "On target at 18.0% or less. Close to target from 18.1% to 19.0%."
            " Off target above 19.0%.",
            id="at most",
        ),
        pytest.param(
            rule(">", "95.0"),
            "On target above 95.0%. Close to target from 94.0% to 95.0%. Off target below 94.0%.",
            id="more than: equal is close",
        ),
        pytest.param(
            rule("<", "5.0"),
            "On target below 5.0%. Close to target from 5.0% to 6.0%. Off target above 6.0%.",
            id="less than: equal is close",
        ),
        pytest.param(
            rule(">=", "0", "0", shown=Shown(Kind.MONEY, 0)),
            "On target at £0 or more. Off target below £0.",
            id="no margin, no close",
        ),
        pytest.param(
            rule(">", "95.0", "0"),
            "On target above 95.0%. Off target at 95.0% or less.",
            id="more than without margin: equal is off",
        ),
        pytest.param(
            rule("<=", "1.40", "0.01", shown=RATE),
            "On target at 1.40 per 100 pupils or less. Close to target at 1.41 per 100 pupils."
            " Off target above 1.41 per 100 pupils.",
            id="one figure is close",
        ),
        pytest.param(
            rule(">=", "85.0", "5.0", baseline=D("82.0")),
            "On target at 85.0% or more. Close to target from 82.0% to 84.9%."
            " Off target below 82.0%.",
            id="close never reaches below the baseline",
        ),
        pytest.param(
            rule(">=", "85.0", "5.0", expected=D("77.2"), baseline=D("75.0")),
            "On target at 77.2% or more now, on the way to 85.0%."
            " Close to target from 75.0% to 77.1%. Off target below 75.0%.",
            id="on the way",
        ),
        pytest.param(rule(">=", None), words.NO_NUMBER, id="no number"),
    ],
)
def test_a_threshold_says_where_each_colour_begins(promise, sentence):
    assert words.of_threshold(promise) == sentence


def colour_by_the_words(sentence, figure):
    """The status that a reader would give a figure, by the sentence alone."""
    green = re.search(r"On target (?:at (\S+)% or (more|less)|(above|below) (\S+)%)", sentence)
    bar, more_or_less, side, strict_bar = green.groups()
    bar = D((bar or strict_bar).replace("−", "-"))
    if side:
        if (figure > bar) if side == "above" else (figure < bar):
            return Status.GREEN
    elif (figure >= bar) if more_or_less == "more" else (figure <= bar):
        return Status.GREEN
    close = re.search(r"Close to target (?:from (\S+)% to (\S+)%|at (\S+)%)", sentence)
    if close:
        low, high, only = (part and D(part.replace("−", "-")) for part in close.groups())
        if (figure == only) if only is not None else (low <= figure <= high):
            return Status.AMBER
    return Status.RED


numbers = st.decimals(-20, 120, places=1)
promises = st.builds(
    Threshold,
    sign=st.sampled_from(Sign),
    target=numbers,
    margin=st.decimals(0, 6, places=1),
    expected=st.none() | numbers,
    baseline=st.none() | numbers,
)


@given(promises, numbers)
def test_a_reader_of_the_sentence_comes_to_the_same_colour(promise, figure):
    judged = threshold.judge(figure, promise)

    assert colour_by_the_words(words.of_threshold(promise), figure) is judged.status


@pytest.mark.parametrize(
    ("promise", "sentence"),
    [
        (
            Band(D("8.0"), D("12.0"), D("2.0")),
            "On target from 8.0% to 12.0%. Close to target from 6.0% or up to 14.0%."
            " Off target beyond.",
        ),
        (Band(D("8.0"), D("12.0"), D(0)), "On target from 8.0% to 12.0%. Off target outside."),
        (
            Band(None, D("12.0"), D("2.0"), BadSide.ABOVE),
            "On target at 12.0% or less. Close to target from 12.1% to 14.0%."
            " Off target above 14.0%.",
        ),
        (
            Band(D("8.0"), None, D("2.0"), BadSide.BELOW),
            "On target at 8.0% or more. Close to target from 6.0% to 7.9%. Off target below 6.0%.",
        ),
        (
            Band(D("8.0"), None, D("2.0")),
            "The limits of the range are not entered, so there is no status yet.",
        ),
    ],
)
def test_a_range_says_how_far_outside_is_close(promise, sentence):
    assert words.of_band(promise) == sentence


SIMILAR = Comparator(D("93.6"), "DfE similar schools, 2024/25, final")


@pytest.mark.parametrize(
    ("against", "better", "sentence"),
    [
        (
            Against.IN_LINE_OR_BETTER,
            Better.HIGHER,
            "On target at 93.1% or more. Close to target from 92.1% to 93.0%."
            " Off target below 92.1%.",
        ),
        (
            Against.BETTER,
            Better.LOWER,
            "On target below 93.6%. Close to target from 93.6% to 94.6%. Off target above 94.6%.",
        ),
        (
            Against.SIGNIFICANTLY_BETTER,
            Better.HIGHER,
            "On target at 95.6% or more. Close to target from 93.6% to 95.5%."
            " Off target below 93.6%.",
        ),
        (
            Against.IN_LINE,
            Better.HIGHER,
            "On target from 93.1% to 94.1%. Close to target from 92.1% or up to 95.1%."
            " Off target beyond.",
        ),
    ],
)
def test_a_comparison_names_its_outside_figure(against, better, sentence):
    promise = Compare(against, better, D("1.0"), D("0.5"), D("2.0"))

    beside = "The outside figure is 93.6% (DfE similar schools, 2024/25, final)."
    assert words.of_compare(promise, SIMILAR) == f"{sentence} {beside}"


def test_a_comparison_without_an_outside_figure_says_so():
    promise = Compare(Against.BETTER, Better.LOWER, D("1.0"))

    sentence = "On target below the outside figure. There is none for the period yet."
    assert words.of_compare(promise, None) == sentence


def test_one_pupil_widens_what_is_in_line():
    promise = Compare(Against.IN_LINE_OR_BETTER, Better.HIGHER, D("1.0"), D("0.5"), one_pupil=True)

    assert words.of_compare(promise, SIMILAR, pupils=20).startswith("On target at 88.6% or more.")


def test_a_trend_says_from_where():
    promise = Trend(Better.HIGHER, D("0.1"))

    assert words.of_trend(promise, D("71.0"), D("72.0")) == (
        "On target at 71.1% or more, and no worse than 72.0% last time. Close to target when"
        " unchanged from the baseline of 71.0%, or better by less, or better but slipping back."
        " Off target below 71.0%."
    )
    assert "There is no baseline yet" in words.of_trend(promise, None)
    lower = Trend(Better.LOWER, D("0.1"))
    assert words.of_trend(lower, D("20.0")).startswith("On target at 19.9% or less.")


def test_a_gap_says_how_wide_it_was():
    narrow = Gap(Wish.NARROW, Better.HIGHER, D("0.1"), margin=D("5.0"), group="disadvantaged")
    closed = Gap(Wish.CLOSED, Better.HIGHER, D("0.1"), tolerance=D("0.5"))

    assert "smaller than 16.0 points" in words.of_gap(narrow, D("16.0"))
    assert "Off target when wider than 16.0 points" in words.of_gap(narrow, D("16.0"))
    assert "Close to target up to 5.0 points" in words.of_gap(narrow, D("0.0"))
    assert "There is no baseline yet" in words.of_gap(narrow, None)
    assert words.of_gap(closed, None).startswith("On target up to a gap of 0.5 points.")


def test_things_done_levels_cases_and_ratings_have_their_sentences():
    due = Done(date(2026, 3, 31))

    assert words.of_done(due) == (
        "On target when done by 31 March 2026. Close to target in the 30 days before, when not"
        " done. Off target after that day."
    )
    assert words.of_done(Done(None)) == "On target when done. No due date is set."
    assert words.of_scale("at_least", "Strong").startswith("On target at Strong or higher.")
    assert words.of_scale("at_least", "") == "No target is set on this scale yet."
    assert "no lower than on joining" in words.of_scale("maintain_or_improve", "")
    assert "one level higher than before" in words.of_scale("improve", "")
    assert "closed within 6 months" in words.of_cases(Cases(6))
    assert "a plan for it agreed, within 1 month." in words.of_cases(Cases(1, plan_counts=True))
    assert words.of_judged(Judged(Rater.OUTSIDE)) == (
        "As rated by somebody outside the trust, with evidence. A rating holds 12 months."
    )
