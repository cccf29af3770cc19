"""What a term asks is read once, and read again as soon as it may have changed."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis.models import Comparator, Measure, PupilGroup, Series
from returns.asked import kept as kept_asking
from returns.asked.asking import Asking
from returns.asked.plan_order import read_places
from schools.models import Unit
from schools.tenancy import inside
from tests.asked import READ, Unsaid, Watch
from tests.factories import make_head, make_house, make_measure, make_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(monkeypatch):
    """How often the database was asked what a term asks."""
    read, real = [], kept_asking.Asking

    def asking(term):
        read.append(term)
        return real(term)

    monkeypatch.setattr(kept_asking, "Asking", asking)
    return read


class House:
    def __init__(self, sign_in):
        self.trust, self.term, self.measure, [self.school] = make_house()
        self.head = sign_in(make_head(self.school))
        return_ = make_return(self.school, self.term)
        self.page = reverse("returns:return-edit", args=[self.trust, return_.pk])

    def text(self):
        return self.head.get(self.page).text


def test_a_term_is_read_once_for_all_who_type(sign_in, read):
    house = House(sign_in)

    for _ in range(3):
        assert "Attendance" in house.text()

    assert len(read) == 1


def test_a_measure_more_is_asked_as_soon_as_the_plan_is_loaded(sign_in, read):
    house = House(sign_in)
    assert "Exclusions" not in house.text()

    make_measure(house.trust, "Exclusions")
    with inside(house.trust):
        Unit.objects.filter(pk=house.trust.own_unit.pk).changed()  # as loading a plan does

    assert "Exclusions" in house.text()
    assert len(read) == 2


def test_a_figure_that_will_not_be_published_is_asked_no_more(sign_in):
    house = House(sign_in)
    series = Series.objects.create(provider="DfE", what="attendance", basis="year_to_date")
    type(house.measure).everywhere.filter(pk=house.measure.pk).update(series=series)
    Series.objects.filter(pk=series.pk).changed()
    assert "Attendance" in house.text()

    Comparator.objects.create(
        series=series,
        scope="everyone",
        group=PupilGroup.objects.get(code="all"),
        period=house.measure.period_for(house.term),
        release="final",
        not_published=True,
        published_on=date(2026, 1, 1),
    )
    Series.objects.filter(pk=series.pk).changed()  # as loading the outside figures does

    assert "Attendance" not in house.text()


def test_two_trusts_never_share_what_they_ask(sign_in):
    ours, theirs = House(sign_in), House(sign_in)
    make_measure(theirs.trust, "Exclusions")

    assert "Exclusions" not in ours.text()
    assert "Exclusions" in theirs.text()
    assert "Exclusions" not in ours.text()


# Whoever writes must raise a version: every test of returns watches for one that does not.


def test_all_that_is_kept_is_read_from_the_tables_that_are_watched(sign_in):
    house = House(sign_in)
    make_measure(house.trust, "Doors", kind="yes_no", basis="date", decimals=0, per=1)

    with inside(house.trust), CaptureQueriesContext(connection) as asked:
        asking = Asking(house.term)
        kept = asking.kept_periods, [asking.question(one) for one in asking.every]
        kept += (read_places(house.term),)

    tables = {name for one in asked for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', one["sql"])}
    assert len(kept[1]) == 2
    assert tables - READ == set()


def test_a_page_that_changes_what_is_asked_in_silence_fails_its_test(client):
    house = make_house()
    watch = Watch()

    with pytest.raises(Unsaid), connection.execute_wrapper(watch), watch.on("a page"):
        Measure.everywhere.filter(pk=house[2].pk).update(name="Presence")
    with connection.execute_wrapper(watch), watch.on("a page"):
        Measure.everywhere.filter(pk=house[2].pk).update(name="Presence")
        Unit.everywhere.changed()
