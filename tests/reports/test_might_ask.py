"""The questions that page 1 puts into a trustee's mouth."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kpis.rag.verdict import Status
from reports.freezing.might_ask import questions_of
from reports.freezing.writing import chip_of

from .documents import FELL, make_document

pytestmark = pytest.mark.no_database

NOW = SimpleNamespace(period=SimpleNamespace(index=6))
BOARD = SimpleNamespace(term=NOW, terms=[NOW])


def exceptions(*about):
    """Each (status, whether a plan is told)."""
    every = make_document(exceptions=len(about)).exceptions
    words = {True: "A late bus.", False: ""}
    return [
        replace(
            one,
            chip=chip_of(SimpleNamespace(status=status, marks=())),
            kpi=f"KPI {place}",
            school="",
            movement=replace(FELL, worse=True),
            what_next=words[planned],
            who="",
        )
        for place, (one, (status, planned)) in enumerate(zip(every, about, strict=True), 1)
    ]


def asked(*about):
    return [(one.words, one.at) for one in questions_of(exceptions(*about), BOARD)]


def test_each_exception_brings_the_first_question_that_nothing_before_it_has_brought():
    red, green, grey = Status.RED, Status.GREEN, Status.GREY

    assert asked(
        (red, True), (red, True), (red, True), (red, False), (green, True), (grey, True)
    ) == [
        ("KPI 1 is off target and got worse: what will be different?", "2.1"),
        ("How will we know that what is planned for KPI 2 works?", "2.2"),
        ("Who does what about KPI 4, and by when?", "2.4"),
        ("KPI 5 is still on target: what would show that it slips?", "2.5"),
        ("When will we know how KPI 6 stands?", "2.6"),
    ]


def test_without_exceptions_there_is_nothing_to_ask():
    assert asked() == []
