"""Rows that are written together are as they would be, written one by one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError

from kpis.models import Entry, PupilGroup
from returns.models import Line
from schools.at_once import add, add_rows, write, write_rows
from schools.models import AuditRow, Period
from schools.tenancy import inside
from tests.factories import make_entry, make_house, make_return

pytestmark = pytest.mark.django_db
MANY = 120  # more than go into one statement
AT = datetime(2025, 12, 1, 9, 30, tzinfo=UTC)


def lines_of_a_return():
    _, term, measure, [school] = make_house()
    return_ = make_return(school, term)
    place = {
        "return_to": return_,
        "measure": measure,
        "unit": school,
        "group": PupilGroup.objects.get(code="all"),
        "period": Period.objects.first(),
    }
    return [
        Line(**place, number=number, value=f"{number}%", changed_at=AT) for number in range(MANY)
    ]


def test_every_row_is_there_once_with_its_own_number():
    lines = lines_of_a_return()

    add(lines)

    kept = {line.pk: line for line in Line.everywhere.all()}
    assert len(kept) == MANY
    for line in lines:
        there = kept[line.pk]
        for field in Line._meta.concrete_fields:
            assert getattr(there, field.attname) == getattr(line, field.attname)


def test_days_decimals_json_and_what_is_empty_come_back_as_they_went_in():
    trust, term, measure, [school] = make_house()
    entry = make_entry(measure, school, term, value="94.1")
    Entry.everywhere.all().delete()
    entry.pk, entry.value = None, None
    entry.why_none, entry.expected_on = "not_available", date(2026, 2, 13)
    entry.numerator, entry.denominator = Decimal("0.000001"), Decimal("12345678.5")
    with inside(trust):
        row = AuditRow.objects.prepared(
            "typed", trust, by=None, at=AT, before={"value": 'say "0"\\ é'}, after=[1, None, True]
        )

    add([entry])
    add([row])

    assert Entry.everywhere.values().get() == {
        field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields
    }
    assert AuditRow.everywhere.values().get(pk=row.pk) == {
        field.attname: getattr(row, field.attname) for field in AuditRow._meta.concrete_fields
    }


def test_each_row_gets_its_own_values_and_only_in_the_columns_named():
    lines = lines_of_a_return()
    add(lines)
    for line in lines:
        line.value, line.note, line.reopened = f"{line.number}.5", "Not to be kept.", True

    write(lines[1:], ["value", "reopened"])

    kept = list(Line.everywhere.order_by("number").values_list("value", "note", "reopened"))
    assert kept == [("0%", "", False)] + [(f"{n}.5", "", True) for n in range(1, MANY)]


def test_what_the_database_forbids_is_refused_and_nothing_at_all_is_nothing():
    lines = lines_of_a_return()
    lines[-1].number = lines[0].number
    add([])
    write([], ["value"])

    with pytest.raises(IntegrityError):
        add(lines)


def test_rows_that_are_no_models_come_out_as_if_they_were():
    as_models, as_rows = lines_of_a_return(), lines_of_a_return()
    add(as_models)
    Line.everywhere.all().delete()
    columns = ("return_to", "measure", "unit", "group", "period", "number", "value")
    rows = [
        (
            *(line.return_to_id, line.measure_id, line.unit_id, line.group_id, line.period_id),
            *(line.number, line.value),
        )
        for line in as_rows
    ]

    add_rows(Line, columns, rows, {"changed_at": AT})

    kept = Line.everywhere.order_by("number")
    assert len(kept) == MANY
    for line, there in zip(as_rows, kept, strict=True):
        for field in Line._meta.concrete_fields[1:]:
            assert getattr(there, field.attname) == getattr(line, field.attname), field


def test_the_trail_of_rows_that_are_no_models_holds_days_json_and_nothing_at_all():
    trust, *_ = make_house()
    same = {"trust": trust.pk, "at": AT, "action": "typed", "thing_kind": "x", "by": None}
    told = [(1, "One", None, {"value": 'say "0"\\ é'}), (2, "Two", [1, None, True], None)]

    add_rows(AuditRow, ("thing_id", "thing_name", "before", "after"), told, same)

    rows = AuditRow.everywhere.filter(action="typed").order_by("thing_id")
    assert list(rows.values_list("thing_id", "thing_name", "before", "after")) == told
    assert {(row.at, row.trust_id, row.channel, row.reason) for row in rows} == {
        (AT, trust.pk, "form", "")
    }


def test_rows_get_their_own_values_and_what_all_of_them_get():
    lines = lines_of_a_return()
    add(lines)

    told = [(f"{line.number}.5", line.number + 2, line.pk) for line in lines[1:]]
    write_rows(Line, ("value", "version"), told, {"reopened": True})

    kept = Line.everywhere.order_by("number").values_list("value", "version", "reopened")
    assert list(kept) == [("0%", 1, False)] + [(f"{n}.5", n + 2, True) for n in range(1, MANY)]


def test_no_rows_at_all_are_nothing():
    add_rows(Line, ("value",), [], {})
    write_rows(Line, ("value",), [])

    assert Line.everywhere.count() == 0
