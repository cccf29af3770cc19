"""What page 1 of a report calls improving."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from kpis.rag.verdict import Status
from reports.freezing.ranking import got_better


def result(status=Status.AMBER, **said):
    """A figure that rose to the good side, and is judged."""
    said = {
        "moved": Decimal("1.5"),
        "better": "higher",
        "before_period": "Autumn 2025",
        "shown": "93.5%",
        "got_worse": False,
        **said,
    }
    return SimpleNamespace(verdict=SimpleNamespace(status=status), said=SimpleNamespace(**said))


@pytest.mark.parametrize(
    ("found", "improving"),
    [
        (result(), True),
        (result(Status.RED), True),
        (result(Status.GREY), False),
        (result(moved=None), False),
        (result(got_worse=True), False),
        (result(better="none"), False),
        (result(before_period=None), False),
    ],
    ids=[
        "it rose",
        "off target and rising",
        "carried, and not judged",
        "within its steady band",
        "to the bad side",
        "no side is good",
        "nothing like for like before",
    ],
)
def test_a_result_improves_that_is_judged_and_moved_to_the_good_side(found, improving):
    assert got_better(found) is improving
