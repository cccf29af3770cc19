"""Several parts, one verdict: all must hold, or any one is enough."""

from decimal import Decimal

import pytest

from kpis.rag import compare, threshold
from kpis.rag.combine import all_of, any_of
from kpis.rag.compare import Against, Comparator, Compare
from kpis.rag.side import Better, Sign
from kpis.rag.threshold import Threshold
from kpis.rag.verdict import Mark, Part, Reason, Status

from .tables import (
    AMBER,
    GREEN,
    MISSING,
    NOBODY,
    NOT_DUE,
    NOT_HERE,
    NOT_JUDGED,
    RED,
    SCORE,
    TOO_FEW,
    case,
)

LETTERS = {
    "G": GREEN,
    "A": AMBER,
    "R": RED,
    "?": MISSING,
    "s": TOO_FEW,
    "j": NOT_JUDGED,
    "d": NOT_DUE,
    "-": NOT_HERE,
    "0": NOBODY,
}
PARTIAL, PART_DUE = Mark.PARTIAL, Mark.PART_DUE


def parts(letters):
    """ "GR?" as three parts: on target, off target, nothing sent."""
    return [Part(f"c{n}", LETTERS[letter]) for n, letter in enumerate(letters, 1)]


ALL = [
    case("cb4: five green, one suppressed", "GGGGGs", "PARTIAL", set(), "c6"),
    case("cb6: one not applicable, two green", "-GG", "ALL_GREEN", set(), "c2"),
    case("cb7: one done, one not due", "Gd", "ALL_GREEN", {PART_DUE}, "c1"),
    case("all green", "GG", "ALL_GREEN", set(), "c1"),
    case("one amber", "GA", "ANY_AMBER", set(), "c2"),
    case("one red", "GAR", "ANY_RED", set(), "c3"),
    case("two red, the first decides", "GRR", "ANY_RED", set(), "c2"),
    case("cb1: red beside unknown", "R?", "ANY_RED", {PARTIAL}, "c1"),
    case("cb9: amber beside unknown", "?A", "ANY_AMBER", {PARTIAL}, "c2"),
    case("green beside unknown", "G?", "PARTIAL", set(), "c2"),
    case("red beside not due", "Rd", "ANY_RED", {PART_DUE}, "c1"),
    case("red beside unknown and not due", "Rd?", "ANY_RED", {PARTIAL, PART_DUE}, "c1"),
    case("unknown beside not due", "?d", "NO_DATA", {PART_DUE}, "c1"),
    case("all unknown for one reason", "??", "NO_DATA", set(), "c1"),
    case("all unknown for two reasons", "?s", "PARTIAL", set(), "c1"),
    case("unknown and not applicable", "-?", "NO_DATA", set(), "c2"),
    case("all not due", "dd", "NOT_DUE", set(), "c1"),
    case("not due and not applicable", "-d", "NOT_DUE", set(), "c2"),
    case("all not applicable", "--", "NOT_APPLICABLE", set(), None),
    case("nobody anywhere", "00", "NO_COHORT", set(), None),
    case("nobody here, not applicable there", "0-", "NOT_APPLICABLE", set(), None),
    case("nothing at all", "", "NOT_APPLICABLE", set(), None),
    case("one part is its own verdict", "A", "NEAR", set(), None),
    case("one unknown part too", "s", "SUPPRESSED", set(), None),
]


@pytest.mark.parametrize(("letters", "reason", "marks", "deciding"), ALL)
def test_all_must_hold(letters, reason, marks, deciding):
    verdict = all_of(parts(letters))

    assert verdict.reason == Reason(reason)
    assert verdict.marks == marks
    assert (verdict.deciding and verdict.deciding.name) == deciding


ANY = [
    case("cb2: red, and two unknown", "R??", "PARTIAL", set(), "c2"),
    case("cb3: one green is enough", "RG", "ONE_GREEN", set(), "c2"),
    case("two green, the first decides", "GG", "ONE_GREEN", set(), "c1"),
    case("green beside unknown", "?G", "ONE_GREEN", {PARTIAL}, "c2"),
    case("amber and red", "RA", "ANY_AMBER", set(), "c2"),
    case("amber beside unknown", "?A", "ANY_AMBER", {PARTIAL}, "c2"),
    case("cb5: all red", "RR", "ANY_RED", set(), "c1"),
    case("red beside not due", "Rd", "ANY_RED", {PART_DUE}, "c1"),
    case("red beside not applicable", "R-", "ANY_RED", set(), "c1"),
    case("all unknown for one reason", "??", "NO_DATA", set(), "c1"),
    case("all unknown for two reasons", "?j", "PARTIAL", set(), "c1"),
    case("all not due", "dd", "NOT_DUE", set(), "c1"),
    case("all not applicable", "--", "NOT_APPLICABLE", set(), None),
    case("nothing at all", "", "NOT_APPLICABLE", set(), None),
    case("one part is its own verdict", "R", "OFF", set(), None),
]


@pytest.mark.parametrize(("letters", "reason", "marks", "deciding"), ANY)
def test_any_one_is_enough(letters, reason, marks, deciding):
    verdict = any_of(parts(letters))

    assert verdict.reason == Reason(reason)
    assert verdict.marks == marks
    assert (verdict.deciding and verdict.deciding.name) == deciding


def of_readings():
    """Progress in three subjects, in line with 0.00 or above."""
    promise = Compare(
        Against.IN_LINE_OR_BETTER, Better.HIGHER, Decimal("1.0"), Decimal("0"), shown=SCORE
    )
    national = Comparator(Decimal("0.0"), "England")
    scores = {"reading": "2.0", "writing": "-4.0", "maths": "-4.0"}
    readings = [
        Part(name, compare.judge(Decimal(score), promise, national))
        for name, score in scores.items()
    ]
    return all_of(readings)


def test_cb8_the_readings_of_one_clause_combine_by_all():
    verdict = of_readings()

    assert verdict.reason == Reason.ANY_RED
    assert verdict.sentence == (
        "Off target: writing: −4.00, target in line with 0.00 (England) or above,"
        " tolerance 0.00, margin 1.00; 1 on target, 2 off target, of 3 parts, all must hold."
    )


def of_progress():
    """A score above the national one, and more than 0."""
    above = compare.judge(
        Decimal("-0.01"),
        Compare(Against.BETTER, Better.HIGHER, Decimal("0.20"), shown=SCORE),
        Comparator(Decimal("-0.03"), "England"),
    )
    positive = threshold.judge(
        Decimal("-0.01"),
        Threshold(Sign.MORE_THAN, Decimal(0), Decimal("0.20"), shown=SCORE),
    )

    return all_of([Part("national", above), Part("positive", positive)])


def test_cp8_above_national_but_not_positive():
    verdict = of_progress()

    assert verdict.reason == Reason.ANY_AMBER
    assert verdict.deciding.name == "positive"


def test_a_cell_shows_the_figure_of_the_part_that_decides():
    shown = Part(
        "shown", threshold.judge(Decimal(90), Threshold(Sign.AT_LEAST, Decimal(95), Decimal(1)))
    )

    assert all_of([Part("c1", GREEN), shown]).figure == "90.0%"


def test_an_either_or_that_cannot_be_known_says_what_is_known():
    assert any_of(parts("R?")).because.endswith("one is enough, off target on what is known")
    assert "what is known" not in any_of(parts("?j")).because


def test_marks_go_up_with_every_part_that_counts():
    carried, late = GREEN.marked(Mark.CARRIED), NOT_DUE.marked(Mark.LATE)
    provisional = AMBER.marked(Mark.PROVISIONAL)

    combined = all_of([Part("c1", carried), Part("c2", provisional), Part("c3", late)])

    assert combined.marks == {Mark.CARRIED, Mark.PROVISIONAL, PART_DUE}


@pytest.mark.parametrize(
    ("other", "plan", "status", "by_plan", "deciding"),
    [
        case("off, with a plan", RED, GREEN, "green", True, "plan"),
        case("close, with a plan", AMBER, GREEN, "green", True, "plan"),
        case("unknown, with a plan", MISSING, GREEN, "green", True, "plan"),
        case("on target without it", GREEN, GREEN, "green", False, "range"),
        case("off, and no plan", RED, RED, "red", False, "range"),
        case("close, and no plan", AMBER, RED, "amber", False, "range"),
        case("off, a plan due soon", RED, AMBER, "amber", False, "plan"),
    ],
)
def test_a_plan_counts_and_says_so(other, plan, status, by_plan, deciding):
    combined = any_of([Part("range", other), Part("plan", plan, is_plan=True)])

    assert combined.status == Status(status)
    assert (Mark.BY_PLAN in combined.marks) is by_plan
    assert combined.deciding.name == deciding


def test_a_plan_named_first_does_not_hide_that_the_thing_itself_is_there():
    combined = any_of([Part("plan", GREEN, is_plan=True), Part("range", GREEN)])

    assert combined.deciding.name == "range"
    assert Mark.BY_PLAN not in combined.marks


@pytest.mark.parametrize(
    ("other", "reason", "by_plan"),
    [
        case("off, with a plan", RED, "ANY_AMBER", True),
        case("close by itself", AMBER, "ANY_AMBER", False),
        case("on target by itself", GREEN, "ONE_GREEN", False),
    ],
)
def test_a_trust_may_call_a_plan_close_to_target(other, reason, by_plan):
    plan = Part("plan", GREEN, is_plan=True)

    combined = any_of([Part("range", other), plan], plan=Status.AMBER)

    assert combined.reason == Reason(reason)
    assert (Mark.BY_PLAN in combined.marks) is by_plan


@pytest.mark.parametrize("combine", [all_of, any_of])
def test_where_nothing_applies_the_first_part_says_why(combine):
    assert combine(parts("0-")).sentence == "Not applicable: no pupils to count."
    assert combine([]).sentence == "Not applicable: nothing to judge."


@pytest.mark.parametrize("combine", [all_of, any_of])
def test_where_nothing_is_due_the_first_that_waits_says_why(combine):
    assert combine(parts("-d")).sentence == "No status: c2: not done by 1 May 2026."
