"""The floor of typing and sending is honest: it writes the rows that the site writes."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import F

from bench.bare import Bare
from bench.floor_return import ReturnFloor
from bench.house import House
from bench.returning import Typing
from kpis.models import Entry
from returns.models import Line, Return
from schools.models import AuditRow, Unit

pytestmark = pytest.mark.django_db
ITS_OWN = {"id", "at", "changed_at", "submitted_at", "thing_id", "entry_id"}
ITS_OWN |= {"respondents"}  # of a survey, read out of its counts


@pytest.fixture
def typing():
    house = House(1, 30, seed=1)
    ground = SimpleNamespace(trust=house.trust, term=house.term, manager=house.manager)
    return Typing(ground, 8)


@pytest.fixture
def floor(typing):
    connection.ensure_connection()
    return ReturnFloor(Bare(connection.connection), typing)


def rows_of(model):
    """Every row, without its number and when it was."""
    names = {field.attname for field in model._meta.concrete_fields} - ITS_OWN
    return list(model.everywhere.order_by("pk").values(*sorted(names)))


def written(act):
    """What an act writes, before it is undone again: lines, entries, the return, the trail."""
    before = AuditRow.everywhere.count()
    with transaction.atomic():
        act()
        found = {model: rows_of(model) for model in (Line, Entry, Return)}
        found[Entry].sort(key=str)
        found["linked"] = Line.everywhere.filter(entry__measure=F("measure")).count()
        found["trail"] = rows_of(AuditRow)[before:]
        found["units"] = list(Unit.everywhere.order_by("pk").values_list("pk", "data_version"))
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("found", ["empty", "full"])
def test_the_floor_of_typing_writes_the_same_lines_and_the_same_trail(found, typing, floor):
    getattr(typing, found)()

    ours = written(typing.save)

    assert len(ours[Line]) == len(ours["trail"]) == 8
    assert written(floor.save) == ours


def test_the_floor_of_sending_writes_the_same_entries_and_links_them(typing, floor):
    typing.full()

    ours, theirs = written(typing.send), written(floor.send)

    assert len(ours[Entry]) == ours["linked"] == 8
    for told in (*ours["trail"], *theirs["trail"]):
        told["before"] = told["after"] = None  # plainer in the floor
    assert theirs == ours
