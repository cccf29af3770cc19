"""The floor of the grid is honest: the same rows and boxes, and the same texts in them."""

import re
from types import SimpleNamespace

import pytest
from django.db import connection

from bench.bare import Bare
from bench.floor_grid import GridFloor
from bench.grid import Grid
from bench.house import House
from bench.returning import Typing
from tests.factories import boxes_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def typing():
    house = House(1, 30, seed=1)
    ground = SimpleNamespace(trust=house.trust, term=house.term, manager=house.manager)
    typing = Typing(ground, 8)
    typing.full()
    return typing


def test_the_floor_of_the_grid_has_every_row_box_and_text_that_the_grid_has(typing):
    floor = GridFloor(Bare(connection.connection), typing).page().decode()

    ours = "".join(rows for _, rows in Grid(typing).show())

    assert len(rows_in(ours)) == 8
    assert rows_in(floor) == rows_in(ours)
    assert told(floor) == told(ours)
    assert len([text for text in told(ours).values() if text]) >= 2 * 8


def rows_in(html):
    return re.findall(r'<tr id="([^"]+)" data-key', html)


def told(html):
    """What stands in the boxes. Which version was shown is a digest on the page itself."""
    boxes = boxes_in(html)
    return {
        name: text.partition(".")[0] if name.endswith("-seen") else text
        for name, text in boxes.items()
    }
