"""From the units to the trust, by their verdicts."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rag.rollup import Cell, Rollout, each_school, rollout, share_of_schools, worst_of
from kpis.rag.shown import Kind, Shown
from kpis.rag.side import Sign
from kpis.rag.threshold import Threshold
from kpis.rag.verdict import Counts, Mark, Reason, Status, Verdict

from .tables import BASELINE_YEAR, MISSING, NOT_JUDGED, RED, case
from .test_combine import LETTERS

PARTIAL, PART_DUE = Mark.PARTIAL, Mark.PART_DUE


def cells(letters):
    """ "GGR" as three schools; a star after a letter says that it is new."""
    found = []
    for letter in letters:
        if letter == "*":
            found[-1] = Cell(found[-1].verdict, is_new=True)
        else:
            found.append(Cell(LETTERS[letter]))
    return found


EACH = [
    case("ru2: 14 green, 1 missing", "G" * 14 + "?", "PARTIAL", set()),
    case("all green", "GGG", "ALL_GREEN", set()),
    case("one amber", "GAG", "ANY_AMBER", set()),
    case("ru1: one red", "GAR", "ANY_RED", set()),
    case("amber, one missing", "GA?", "ANY_AMBER", {PARTIAL}),
    case("ru3: red, one missing", "GR?", "ANY_RED", {PARTIAL}),
    case("all missing", "???", "NO_DATA", set()),
    case("all unknown, for two reasons", "?s", "PARTIAL", set()),
    case("green, one not applicable", "G-", "ALL_GREEN", set()),
    case("green, one without a cohort", "G0", "ALL_GREEN", set()),
    case("green, one not due", "Gd", "ALL_GREEN", {PART_DUE}),
    case("none due", "dd-", "NOT_DUE", set()),
    case("none applicable", "--", "NOT_APPLICABLE", set()),
    case("nobody to count anywhere", "00", "NO_COHORT", set()),
    case("nobody here, not applicable there", "0-", "NOT_APPLICABLE", set()),
    case("no school", "", "NOT_APPLICABLE", set()),
    case("a new school not inspected yet", "GGj*", "ALL_GREEN", set()),
    case("an old school not inspected yet", "GGj", "PARTIAL", set()),
    case("a new school that has sent nothing", "GG?*", "PARTIAL", set()),
    case("a new school that is off target", "GGR*", "ANY_RED", set()),
    case("a new school alone", "j*", "NOT_JUDGED", set()),
    case("a new school beside one not due", "j*d", "NOT_DUE", set()),
    case("a new school where nothing else applies", "j*-", "NOT_JUDGED", set()),
]


@pytest.mark.parametrize(("letters", "reason", "marks"), EACH)
def test_every_school_must_hold(letters, reason, marks):
    verdict = each_school(cells(letters))

    assert (verdict.reason, verdict.marks) == (Reason(reason), marks)


def test_a_new_school_without_a_baseline_does_not_hold_the_rest_back():
    verdict = each_school([*cells("GG"), Cell(BASELINE_YEAR, is_new=True)])

    assert verdict.sentence == "On target: 2 on target, of 2 schools, 1 school too new."


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        case(
            "all kinds",
            "GGARR?d-j*",
            "Off target: 2 on target, 1 close to target, 2 off target, 1 not known,"
            " of 6 schools, 1 not due yet, 1 not applicable, 1 school too new.",
        ),
        case("one school", "G", "On target: 1 on target, of 1 school."),
        case("none due", "dd", "No status: 2 not due yet."),
        case("none at all", "", "Not applicable: no schools to judge."),
    ],
)
def test_the_sentence_has_counts_and_no_names(letters, sentence):
    assert each_school(cells(letters)).sentence == sentence


def test_the_counts_are_there_for_a_page_too():
    counts = each_school(cells("GGARR?d-j*")).counts

    assert counts == Counts(
        green=2, amber=1, red=2, unknown=1, not_due=1, not_applicable=1, too_new=1
    )
    assert counts.of == 6


def test_marks_go_up_with_every_school_that_counts():
    carried = Cell(LETTERS["G"].marked(Mark.CARRIED))
    dropped = Cell(LETTERS["-"].marked(Mark.PROVISIONAL))

    assert each_school([carried, dropped]).marks == {Mark.CARRIED}


def test_a_school_shows_the_worst_of_its_sites():
    verdict = worst_of(cells("GAG?"), things="sites")

    assert (verdict.reason, verdict.marks) == (Reason.NEAR, {PARTIAL})
    assert verdict.sentence == (
        "Close to target: 94.9%, target at least 95.0%, margin 1.0;"
        " 2 on target, 1 close to target, 1 not known, of 4 sites."
    )


@pytest.mark.parametrize(
    ("letters", "reason"),
    [
        case("red is worse than amber", "GAR", "OFF"),
        case("unknown is worse than green", "G?", "NO_DATA"),
        case("amber is worse than unknown", "?A", "NEAR"),
        case("all green", "GG", "MET"),
        case("none here", "--", "NOT_APPLICABLE"),
        case("none due", "d-", "NOT_DUE"),
        case("no site", "", "NOT_APPLICABLE"),
    ],
)
def test_what_is_worst(letters, reason):
    assert worst_of(cells(letters), things="sites").reason == Reason(reason)


MOST = Threshold(Sign.AT_LEAST, Decimal("80.0"), Decimal("5.0"))


SHARE = [
    case("enough", "GGGGR", "MET", set()),
    case("close", "GGGR", "NEAR", set()),
    case("too few", "GGRR", "OFF", set()),
    case("close is not on target", "GGAA", "OFF", set()),
    case("missing stays below the line", "GGGG?", "MET", {PARTIAL}),
    case("ru5: missing can turn a share", "GGG?", "NEAR", {PARTIAL}),
    case("not applicable does not", "GGGGR-", "MET", set()),
    case("not due does not", "GGGGRd", "MET", {PART_DUE}),
    case("none on target", "RR", "OFF", set()),
    case("nothing known", "??", "NO_DATA", set()),
    case("nothing applies", "--", "NOT_APPLICABLE", set()),
    case("nothing due", "d", "NOT_DUE", set()),
    case("too new drops out", "GGGGRj*", "MET", set()),
]


@pytest.mark.parametrize(("letters", "reason", "marks"), SHARE)
def test_enough_schools_where_the_trust_says_how_many(letters, reason, marks):
    verdict = share_of_schools(cells(letters), MOST)

    assert (verdict.reason, verdict.marks) == (Reason(reason), marks)


def test_the_share_is_said_with_its_counts():
    assert share_of_schools(cells("GGR"), MOST).sentence == (
        "Off target: 2 on target, 1 off target, of 3 schools;"
        " 66.7%, target at least 80.0%, margin 5.0."
    )


def test_all_but_one_of_very_many_is_not_all():
    every = Threshold(Sign.AT_LEAST, Decimal(100), Decimal(5), shown=Shown(Kind.PERCENTAGE, 0))

    assert share_of_schools(cells("G" * 999 + "R"), every).reason == Reason.NEAR


DUE = date(2028, 8, 31)
STEPS = Rollout(DUE, steps=((date(2026, 8, 31), 2), (date(2027, 8, 31), 4)))
BY = Rollout(DUE, by=True)


ROLLOUTS = [
    case("ru6: one of eleven", "G" + "d" * 10, Rollout(DUE), date(2026, 5, 1), False, "NOT_DUE"),
    case("all", "GGG", Rollout(DUE), date(2026, 5, 1), False, "DONE"),
    case("all, after the date", "GGG", Rollout(DUE), date(2029, 5, 1), False, "DONE"),
    case("all, but where it does not apply", "GG-", Rollout(DUE), date(2026, 5, 1), False, "DONE"),
    case("all but one, on the day", "GGd", Rollout(DUE), DUE, False, "DUE_SOON"),
    case("ru7: all but one, a day late", "GGR", Rollout(DUE), date(2028, 9, 1), False, "OVERDUE"),
    case("one need not answer yet", "GG?", Rollout(DUE), date(2028, 9, 1), False, "PARTIAL"),
    case("none need answer yet", "??", Rollout(DUE), date(2028, 9, 1), False, "NO_DATA"),
    case("one late, one to answer", "GR?", Rollout(DUE), date(2028, 9, 1), False, "OVERDUE"),
    case("30 days before", "GGd", Rollout(DUE), date(2028, 8, 1), False, "DUE_SOON"),
    case("31 days before", "GGd", Rollout(DUE), date(2028, 7, 31), False, "NOT_DUE"),
    case("at risk", "GGd", Rollout(DUE), date(2026, 5, 1), True, "AT_RISK"),
    case("at risk, but all there", "GGG", Rollout(DUE), date(2026, 5, 1), True, "DONE"),
    case("no date", "GGd", Rollout(None), date(2026, 5, 1), False, "NO_DATE"),
    case("no date, all", "GGG", Rollout(None), date(2026, 5, 1), False, "DONE"),
    case("no date, at risk", "GGd", Rollout(None), date(2026, 5, 1), True, "AT_RISK"),
    case("nowhere to do it", "--", Rollout(DUE), date(2026, 5, 1), False, "NOT_APPLICABLE"),
    case("before the first step", "dddd", STEPS, date(2026, 8, 31), False, "NOT_DUE"),
    case("the first step reached", "GGdd", STEPS, date(2026, 9, 1), False, "ON_TRACK"),
    case("the first step missed", "Gddd", STEPS, date(2026, 9, 1), False, "OVERDUE"),
    case("the second step missed", "GGGdd", STEPS, date(2027, 9, 1), False, "OVERDUE"),
    case("on the way, at risk", "GGdd", STEPS, date(2026, 9, 1), True, "AT_RISK"),
    case("behind, at risk", "Gddd", STEPS, date(2026, 9, 1), True, "OVERDUE"),
    case("on the way, due soon", "GGGGd", STEPS, date(2028, 8, 15), False, "DUE_SOON"),
    case("a level by a date: all", "GG", BY, date(2026, 5, 1), False, "ALL_GREEN"),
    case("a level by a date: not all", "GA", BY, date(2026, 5, 1), False, "NOT_DUE"),
    case("after it, each by itself", "GA", BY, date(2028, 9, 1), False, "ANY_AMBER"),
    case("after it, one unknown", "G?", BY, date(2028, 9, 1), False, "PARTIAL"),
    case("on its day", "GR", BY, DUE, False, "DUE_SOON"),
]


@pytest.mark.parametrize(("letters", "rule", "as_at", "at_risk", "reason"), ROLLOUTS)
def test_how_many_are_there(letters, rule, as_at, at_risk, reason):
    verdict = rollout(cells(letters), rule, as_at=as_at, at_risk=at_risk)

    assert verdict.reason == Reason(reason)


def test_a_school_that_says_it_is_at_risk_puts_the_rollout_at_risk():
    risky = Cell(Verdict(Status.AMBER, Reason.AT_RISK, "not done, at risk"))

    verdict = rollout([*cells("Gd"), risky], Rollout(DUE), as_at=date(2026, 5, 1))

    assert verdict.reason == Reason.AT_RISK


@pytest.mark.parametrize(
    ("letters", "rule", "as_at", "sentence"),
    [
        case(
            "on the way",
            "Gd-",
            Rollout(DUE),
            date(2026, 5, 1),
            "No status: 1 of 2 sites done by 1 May 2026, due 31 August 2028.",
        ),
        case(
            "a step missed",
            "Gdd",
            STEPS,
            date(2026, 9, 1),
            "Off target: 1 of 3 sites done by 1 September 2026, due 31 August 2028,"
            " 2 expected by 31 August 2026.",
        ),
        case(
            "soon",
            "Gd",
            BY,
            date(2028, 8, 30),
            "Close to target: 1 of 2 sites on target by 30 August 2028,"
            " due 31 August 2028, 1 day left.",
        ),
        case(
            "no date",
            "Gd",
            Rollout(None),
            date(2026, 5, 1),
            "No status: 1 of 2 sites done by 1 May 2026, no due date set.",
        ),
    ],
)
def test_a_rollout_says_how_many_and_by_when(letters, rule, as_at, sentence):
    assert rollout(cells(letters), rule, as_at=as_at, things="sites").sentence == sentence


def test_a_rollout_shows_its_count():
    assert rollout(cells("Gdd-"), Rollout(DUE), as_at=date(2026, 5, 1)).figure == "1 of 3"


def test_each_school_would_call_one_of_eleven_on_target():
    eleven = cells("G" + "d" * 10)

    assert each_school(eleven).status == Status.GREEN
    assert rollout(eleven, Rollout(DUE), as_at=date(2026, 5, 1)).status == Status.GREY


def test_is_too_new_only_without_a_past():
    assert Cell(NOT_JUDGED, is_new=True).is_too_new
    assert not Cell(NOT_JUDGED).is_too_new
    assert not Cell(MISSING, is_new=True).is_too_new
    assert not Cell(RED, is_new=True).is_too_new


def test_marks_go_up_in_a_rollout_from_every_school_that_counts():
    there = Cell(LETTERS["G"].marked(Mark.PROVISIONAL))
    waiting = Cell(LETTERS["d"].marked(Mark.CARRIED))

    verdict = rollout([there, waiting], Rollout(DUE), as_at=date(2026, 5, 1))

    assert verdict.marks == {Mark.PROVISIONAL}
