"""What to look at first, and what goes well: the rule that chooses, case by case."""

from decimal import Decimal

import pytest

from dashboard.cells import Result
from dashboard.school.first import distance, going_well, look_first
from kpis.rag.given import Basis, Period, nominal_days
from kpis.rag.outcome import Said
from kpis.rag.shown import Shown
from kpis.rag.verdict import Reason, Status, Verdict

AUTUMN_2024 = Period(Basis.TERM, 2024, 1, *nominal_days(2024 * 3), "Autumn 2024")
REASONS = {
    "R": (Status.RED, Reason.OFF),
    "A": (Status.AMBER, Reason.NEAR),
    "G": (Status.GREEN, Reason.MET),
    "-": (Status.GREY, Reason.NO_DATA),
}


def result(letter, figure=None, before=None, target="90.0", steady="0.5"):
    """One result of a percentage that should be high; ``before`` is its last figure."""
    verdict = Verdict(*REASONS[letter], "said")
    if figure is None:
        return Result(verdict)
    said = Said(
        verdict,
        shown=Shown(),
        figure=Decimal(figure),
        before=None if before is None else Decimal(before),
        before_period=None if before is None else AUTUMN_2024,
        better="higher",
        target=Decimal(target),
        steady=Decimal(steady),
    )
    return Result(verdict, said)


def test_off_target_and_worse_comes_before_all_else():
    results = [
        result("G", "92.0", "95.0"),  # 0 on target but falling
        result("A", "89.5", "91.0"),  # 1 close and worse
        result("R", "40.0", "30.0"),  # 2 off target, and better
        result("R", "80.0", "85.0"),  # 3 off target and worse
        result("G", "95.0", "95.0"),  # 4 nothing to look at
        result("A", "89.5", "88.0"),  # 5 close, and better
        result("-"),  # 6 nobody knows
    ]

    assert look_first(results) == [3, 2, 1, 0]
    assert going_well(results) == [4]


def test_among_equals_the_furthest_counted_in_changes_that_matter_comes_first():
    wide = result("R", "80.0", target="90.0", steady="5.0")  # two changes away
    narrow = result("R", "88.0", target="90.0", steady="0.5")  # four changes away
    by_word = result("R")

    assert (distance(wide), distance(narrow)) == (2, 4)
    assert look_first([by_word, wide, narrow]) == [2, 1, 0]


def test_what_is_expected_by_now_decides_and_not_the_target_in_the_end():
    one = result("R", "80.0", target="90.0", steady="1.0")
    on_the_way = one._replace(said=one.said._replace(expected=Decimal("82.0")))

    assert (distance(one), distance(on_the_way)) == (10, 2)


def test_what_got_better_leads_what_goes_well():
    results = [result("G", "99.0"), result("G", "91.0", "89.0"), result("G")]

    assert going_well(results) == [1, 0, 2]


@pytest.mark.parametrize(("choose", "letter"), [(look_first, "R"), (going_well, "G")])
def test_no_more_than_five_are_chosen(choose, letter):
    assert choose([result(letter)] * 8) == [0, 1, 2, 3, 4]
