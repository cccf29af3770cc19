"""Queries: which answers look odd, and what is said of them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rag.shown import PERCENTAGE, Kind, Shown
from returns.typed.queries import Before, Usual, queries, the_same

D = Decimal
PUPILS = Shown(Kind.NUMBER, 0, "pupils")
LAST = "Autumn 2024"


@pytest.mark.parametrize(
    ("usual", "figure", "before", "others", "said"),
    [
        (Usual(PERCENTAGE), "94.1", None, [], ()),
        (Usual(PERCENTAGE), "94.1", "93.0", [], ()),
        (Usual(PERCENTAGE), "84.1", "94.1", [], ()),  # ten points are usual
        (
            Usual(PERCENTAGE),
            "84.0",
            "94.1",
            [],
            ("10.1 points less than Autumn 2024 (94.1%).",),
        ),
        (
            Usual(PERCENTAGE, change=D(2)),
            "91.0",
            "94.1",
            [D("-3.0"), D("4.0")],
            ("3.1 points less than Autumn 2024 (94.1%): the largest fall in the trust.",),
        ),
        (
            Usual(PERCENTAGE, change=D(2)),
            "97.2",
            "94.1",
            [D("3.5")],
            ("3.1 points more than Autumn 2024 (94.1%).",),
        ),
        (Usual(PUPILS), "1409", "412", [], ("997 pupils more than Autumn 2024 (412 pupils).",)),
        (Usual(PUPILS), "618", "412", [], ()),  # half as many again is usual
        (Usual(PERCENTAGE, low=D(80)), "79.9", None, [], ("It is usually 80.0% or more.",)),
        (Usual(PERCENTAGE, high=D(20)), "20.1", None, [], ("It is usually 20.0% or less.",)),
        (Usual(PERCENTAGE, low=D(80)), "80.0", None, [], ()),
        (
            Usual(PERCENTAGE, D(80), D(99)),
            "100.0",
            None,
            [],
            ("It is usually between 80.0% and 99.0%.",),
        ),
    ],
)
def test_what_looks_odd(usual, figure, before, others, said):
    was = None if before is None else Before(D(before), LAST)
    assert queries(usual, D(figure), was, others) == said


def pairs(same, others=3):
    found = {f"same {n}": (D(n + 1), Before(D(n + 1), LAST)) for n in range(same)}
    return found | {f"other {n}": (D(n), Before(D(n + 1), LAST)) for n in range(others)}


def test_five_figures_as_they_were_look_copied_and_four_do_not():
    assert the_same(pairs(4)) == {}
    found = the_same(pairs(5))
    assert set(found) == {f"same {n}" for n in range(5)}
    assert found["same 0"] == "The same as Autumn 2024 to the digit, like 4 others here."


def test_none_again_is_no_copy():
    assert the_same({n: (D(0), Before(D(0), LAST)) for n in range(9)}) == {}


@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1), st.decimals(0, 100, places=1))
def test_no_figure_within_what_is_usual_is_asked_about(figure, before, change):
    usual = Usual(PERCENTAGE, low=D(0), high=D(100), change=change)
    asked = queries(usual, figure, Before(before, LAST))
    assert bool(asked) == (abs(figure - before) > change)
