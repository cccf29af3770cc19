"""What a leader has answered, as the rules take it: by hand for a school of several phases."""

import pytest

from kpis.rag.given import Manual
from kpis.rag.verdict import Mark, Reason
from tests.kpis.rag.builders import (
    answer,
    judge,
    make_clause,
    make_given,
    make_measure,
    make_outside,
    make_series,
    make_unit,
)

ALL_THROUGH = [
    make_unit(1, phase="all_through", has_parts=True),
    make_unit(11, "part", parent=1, phase="primary"),
    make_unit(12, "part", parent=1, phase="secondary"),
]
BY_HAND = Manual("green", "seen on a visit", "A. Leader")


def all_through(overrides):
    series = make_series(
        make_outside("90.0", "autumn 2025", scope="phase:primary"),
        make_outside("90.0", "autumn 2025", scope="phase:secondary"),
    )
    return judge(
        make_given(
            make_clause(rule="compare", operator="above"),
            measures=[make_measure(series=1)],
            series=[series],
            units=ALL_THROUGH,
            answers={pk: [answer("autumn 2025", "50 of 100")] for pk in (11, 12)},
            overrides=overrides,
        )
    )


def test_what_is_set_for_a_school_of_several_phases_holds_for_its_parts_in_the_trusts_line():
    result = all_through({(1, 1): BY_HAND})

    assert result.schools[1].verdict.marks == {Mark.MANUAL}
    assert result.trust.verdict.reason == Reason.ALL_GREEN
    assert result.trust.verdict.marks == {Mark.MANUAL}


@pytest.mark.parametrize(
    ("overrides", "reason"), [({}, "ANY_RED"), ({(1, 11): BY_HAND}, "ANY_RED")]
)
def test_without_it_each_part_counts_as_it_stands(overrides, reason):
    assert all_through(overrides).trust.verdict.reason == reason
