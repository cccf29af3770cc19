"""Past terms: the data manager brings them in by file, before there was a plan or a return."""

import csv
import io

import pytest
from django.urls import reverse

from kpis.models import Entry
from returns.models import Return
from schools.models import Role, Term
from tests.factories import make_head, make_house, make_line, make_return, make_term, make_user

from .test_uploads import confirm, send

pytestmark = pytest.mark.django_db

PAST = "2024-autumn"  # before the plan and before the last term that has opened


@pytest.fixture
def house():
    trust, _, attendance, schools = make_house(schools=2)
    return trust, make_term(trust, PAST), attendance, schools


@pytest.fixture
def manager(house, client):
    client.force_login(make_user(Role.DATA_MANAGER, house[0]))
    return client


def page_of(trust, name="spreadsheet", term=PAST):
    return reverse(f"returns:{name}", args=[trust], query={"term": term})


def rows_in(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def filled(rows, **values):
    """A template with these values: {code of a unit: figure}."""
    for row in rows:
        row["value"] = values.get(row["unit"], "")
    to = io.StringIO()
    writer = csv.DictWriter(to, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return to.getvalue().encode()


def test_a_term_before_the_plan_has_a_template_that_comes_in_as_history(house, manager):
    trust, term, _, schools = house
    page = manager.get(page_of(trust))
    assert "is over, so what you bring in is history" in page.text
    assert "Nothing can be typed" not in page.text
    rows = rows_in(manager.get(page_of(trust, "template-csv")))
    assert [(row["unit"], row["measure_code"]) for row in rows] == [
        (school.urn, "attendance") for school in schools
    ]
    assert not Return.everywhere.filter(term=term).exists()

    data = filled(rows, **{schools[0].urn: "93.4", schools[1].urn: "95"})
    checked = send(manager, page_of(trust), data)
    assert f"History: {term} ({schools[0]}, {schools[1]})." in checked.text
    applied = confirm(manager, checked)

    assert set(Entry.everywhere.values_list("standing", flat=True)) == {"approved"}
    assert applied.text.count("History: approved at once") == 2
    assert "These figures are history" in applied.text
    assert "Approved since" not in applied.text
    assert "Undo this upload" not in applied.text


def test_a_template_of_a_past_term_has_what_is_missing_and_no_more(house, manager):
    trust, _, attendance, [school, other] = house
    told = make_return(school, make_term(trust, PAST), typed="93.4", measure=attendance)
    Return.everywhere.filter(pk=told.pk).update(state="approved")

    rows = rows_in(manager.get(page_of(trust, "template-csv")))

    assert [row["unit"] for row in rows] == [other.urn]


def test_a_past_return_of_its_own_has_a_template_too(house, manager):
    trust, term, attendance, [school, _] = house
    there = make_return(school, term, state="approved")
    make_line(there, attendance)

    at = [trust, there.pk]
    page = manager.get(reverse("returns:return-spreadsheet", args=at))
    rows = rows_in(manager.get(reverse("returns:return-template-csv", args=at)))

    assert "is over, so what you bring in is history" in page.text
    assert [row["unit"] for row in rows] == [school.urn]


def test_a_school_brings_in_no_history(house, client):
    trust, _, _, [school, _] = house
    client.force_login(make_head(school))

    assert "is history" not in client.get(page_of(trust)).text
    assert rows_in(client.get(page_of(trust, "template-csv"))) == []


def test_the_board_of_a_term_without_returns_says_where_history_comes_in(house, manager):
    page = manager.get(page_of(house[0], "return-list"))

    assert f'<a href="{page_of(house[0])}">Bring them in as history</a>' in page.text


def test_the_latest_term_too_is_history_if_it_was_due_before_the_trust_began(house, manager):
    latest, school = make_term(house[0], "2026-summer"), house[3][0]
    Term.everywhere.filter(pk=latest.pk).update(is_history=True)
    rows = rows_in(manager.get(page_of(house[0], "template-csv", latest.slug)))

    checked = send(
        manager, page_of(house[0], term=latest.slug), filled(rows, **{school.urn: "93.4"})
    )
    confirm(manager, checked)

    assert f"History: {latest} ({school})." in checked.text
    [entry] = Entry.everywhere.filter(collected_in=latest)
    assert entry.standing == "approved"


def test_the_term_being_collected_is_no_history(house, manager):
    assert "is history" not in manager.get(page_of(house[0], term="2026-summer")).text


def test_many_returns_of_a_past_term_are_counted_and_not_named(house, manager, monkeypatch):
    trust, term, _, schools = house
    monkeypatch.setattr("returns.spreadsheets.preview.MOST_NAMED", 1)
    rows = rows_in(manager.get(page_of(trust, "template-csv")))

    checked = send(manager, page_of(trust), filled(rows, **{one.urn: "93" for one in schools}))

    assert f"History: {term} (2 returns)." in checked.text
