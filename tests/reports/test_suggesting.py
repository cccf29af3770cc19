"""Which results a report should name, and in which order."""

from fractions import Fraction

import pytest

from dashboard.matrix.filters import Standing
from kpis.rag.verdict import Status
from reports.building.suggesting import RULES, Candidate, suggested

RED, AMBER, GREEN, GREY = Status.RED, Status.AMBER, Status.GREEN, Status.GREY
WORSE, PROMISED, FALLING, MISSING, OFF = (rule.words for rule in RULES)


def one(standing, miss="0", place=0, promised=False):
    return Candidate(1, place, standing, Fraction(miss), place, promised)


CASES = {
    "off target and worse": (Standing(RED, worse=True), False, WORSE),
    "off target and no worse": (Standing(RED), False, OFF),
    "off target, worse and promised": (Standing(RED, worse=True), True, WORSE),
    "off target and promised": (Standing(RED), True, PROMISED),
    "close and promised": (Standing(AMBER), True, PROMISED),
    "no status and promised": (Standing(GREY), True, PROMISED),
    "on target and promised: it was kept": (Standing(GREEN), True, None),
    "on target but falling": (Standing(GREEN, worse=True), False, FALLING),
    "on target": (Standing(GREEN), False, None),
    "close": (Standing(AMBER), False, None),
    "close and worse": (Standing(AMBER, worse=True), False, None),
    "late that was there": (Standing(GREY, late=True, before=GREEN), False, MISSING),
    "late that never was": (Standing(GREY, late=True), False, None),
    "late that was late before": (Standing(GREY, late=True, before=GREY), False, None),
    "not due": (Standing(GREY), False, None),
    "not applicable": (Standing(Status.NOT_APPLICABLE), True, None),
}


@pytest.mark.parametrize("name", CASES)
def test_each_result_is_suggested_by_the_first_rule_that_it_meets(name):
    standing, promised, rule = CASES[name]

    found = suggested([one(standing, promised=promised)])

    assert [each.rule for each in found] == ([rule] if rule else [])


def test_the_worst_and_falling_come_first_and_then_the_order_of_the_plan():
    every = [
        one(Standing(RED), "1/2", 0),
        one(Standing(GREEN, worse=True), place=1),
        one(Standing(RED, worse=True), "1/10", 2),
        one(Standing(RED, worse=True), "1/5", 3),
        one(Standing(RED, worse=True), "1/5", 4),
        one(Standing(AMBER), place=5, promised=True),
    ]

    assert [each.candidate.place for each in suggested(every)] == [3, 4, 2, 5, 1, 0]
