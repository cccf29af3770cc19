"""Figures inside a text: fields are filled in, typed ones are pointed out."""

from collections import Counter

import pytest

from dashboard.matrix.filters import Standing
from kpis.rag.verdict import Status
from reports.building.inserting import (
    FIELDS,
    Inserted,
    resolved,
    started,
    typed_figures,
    unknown_fields,
)

TALLY = Counter(
    {
        Standing(Status.RED, worse=True, before=Status.AMBER): 6,
        Standing(Status.AMBER, before=Status.AMBER): 9,
        Standing(Status.GREEN, worse=True, before=Status.GREEN): 2,
        Standing(Status.GREEN, before=Status.RED): 19,
        Standing(Status.GREY, late=True, before=Status.GREEN): 4,
        Standing(Status.NOT_APPLICABLE): 7,
    }
)


def inserted(**other):
    about = {"term": "Autumn 2025", "before": "Summer 2025", "kpis": 4, "schools": 11}
    return Inserted.of(tally=TALLY, worst=("Attendance", 3), **about | other)


def test_every_field_has_words_and_no_other():
    assert inserted().words.keys() == FIELDS.keys()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{off_target} of {results}", "6 of 40"),
        ("{on_target} ({on_target_share})", "21 (52.5%)"),
        ("{close}, {no_status}, {late}", "9, 4, 4"),
        ("{went_off} and {came_back}", "6 and 19"),
        ("{got_worse}, {falling}", "8, 2"),
        ("{change_on}, {change_off}", "15 more, 13 fewer"),
        ("{worst_kpi}: {worst_kpi_schools} of {schools}", "Attendance: 3 of 11"),
        ("{term}, {last_term}", "Autumn 2025, Summer 2025"),
        ("{nothing} and {Off_Target} stay", "{nothing} and {Off_Target} stay"),
        ("{{off_target}}", "{6}"),
    ],
)
def test_a_field_becomes_its_words(text, told):
    assert resolved(text, inserted()) == told


def test_what_cannot_be_compared_is_not_made_up():
    assert resolved("{change_on}, {last_term}", inserted(before="")) == "not known, not known"
    assert "{last_term}" not in started(inserted(before=""))
    assert "{last_term}" in started(inserted())


def test_a_summary_that_was_started_has_fields_only():
    text = started(inserted())

    assert unknown_fields(text) == []
    assert typed_figures(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Attendance fell to 91.7% this term.", ["91.7%"]),
        ("It rose 1.2 points, to £12,400.", ["1.2 points", "£12,400"]),
        ("Nearly 12 per cent, or −0.4 points", ["12 per cent", "−0.4 points"]),
        ("{on_target_share} of {results}", []),
        ("By 10 February 2026, in Year 4, see 2.3 and SI-02.", []),
    ],
)
def test_what_was_typed_by_hand_is_pointed_out(text, found):
    assert typed_figures(text) == found


def test_a_name_that_is_no_field_is_named():
    assert unknown_fields("{off_target} {off_targets} {x}") == ["off_targets", "x"]
