"""Every table as a file: for the same people as its page, with the same figures and no more."""

import csv
import io
from html import unescape
from itertools import pairwise

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kpis.models import KPI
from schools.models import AuditRow, Role, Trust
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_return,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

EVERYBODY_ON_A_PLAN = ("plan", "plan-coverage")
HOSTILE = '=HYPERLINK("http://example.org")'


def address(name, trust, term, *args, **query):
    return reverse(f"dashboard:{name}", args=[trust, *args], query={"term": term.slug, **query})


def rows_of(response):
    """The rows of a CSV as dicts."""
    assert response.status_code == 200, response.status_code
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def book_of(response):
    assert response.status_code == 200, response.status_code
    return load_workbook(io.BytesIO(response.content))


def every_text(workbook):
    return [
        cell.value
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]


@pytest.fixture
def house():
    """Three schools: one fine, one off target, one that has sent nothing."""
    trust, term, attendance, schools = make_house(3)
    make_entry(attendance, schools[0], term, "95.5")
    make_entry(attendance, schools[1], term, "90.0", standing="provisional")
    return trust, term, schools


PAGES = {
    "plan": {"view": "tree"},
    "plan-coverage": {},
    "plan-readiness": {},
    "schools": {},
    "schools-compare": {"school": "two"},
    "school": {},
}


def page_of(name, trust, term, schools):
    args = [schools[0].code] if name == "school" else []
    query = PAGES[name]
    if query.get("school") == "two":
        query = {"school": [one.code for one in schools[:2]]}
    return address(name, trust, term, *args, **query)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_links_to_its_files_and_they_open(name, house, sign_in):
    trust, term, schools = house
    client = sign_in(make_user(Role.LEADER, trust))

    page = client.get(page_of(name, trust, term, schools))
    links = [part.split('"')[0] for part in page.text.split('href="') if ".xlsx?" in part[:200]]
    links += [part.split('"')[0] for part in page.text.split('href="') if ".csv?" in part[:200]]

    assert len(links) >= 2
    before = AuditRow.everywhere.count()
    for link in links:
        file = client.get(unescape(link))
        kind = "xlsx" if ".xlsx" in link else "csv"
        assert file.status_code == 200, link
        assert file["Content-Disposition"].startswith(f'attachment; filename="{trust.slug}-')
        assert file["Content-Disposition"].endswith(f'-2025-autumn.{kind}"')
        assert file["X-Content-Type-Options"] == "nosniff"
        assert file["Cache-Control"] == "no-store, private"
    assert AuditRow.everywhere.count() == before


@pytest.mark.parametrize("schools", [1, 3])
@pytest.mark.parametrize("name", ["plan", "schools", "school"])
def test_a_file_costs_as_many_queries_for_many_schools_as_for_one(
    name, schools, sign_in, django_assert_max_num_queries
):
    trust, term, attendance, units = make_house(schools)
    for unit in units:
        make_entry(attendance, unit, term, "93.5")
    client = sign_in(make_user(Role.LEADER, trust))
    args = [units[0].code] if name == "school" else []

    with django_assert_max_num_queries(16):
        client.get(address(f"{name}-xlsx", trust, term, *args))


def test_the_file_of_a_school_says_what_its_page_says_with_figures_as_numbers(house, sign_in):
    trust, term, schools = house
    client = sign_in(make_head(schools[1]))

    page = client.get(address("school", trust, term, schools[1].code))
    [row] = rows_of(client.get(address("school-csv", trust, term, schools[1].code)))
    book = book_of(client.get(address("school-xlsx", trust, term, schools[1].code)))

    assert "90.0%" in page.text
    assert (row["KPI"], row["Status"], row["Figure"]) == ("Attendance", "Off target", "90.0")
    assert row["Marks"] == "provisional"
    heads, values = ([cell.value for cell in one] for one in book["Scorecard"].iter_rows())
    assert dict(zip(heads, values, strict=True))["Figure"] == 90.0


def test_another_schools_file_does_not_exist_for_you(house, sign_in):
    trust, term, schools = house
    client = sign_in(make_head(schools[0]))

    for kind in ("csv", "xlsx"):
        mine = client.get(address(f"school-{kind}", trust, term, schools[0].code))
        theirs = client.get(address(f"school-{kind}", trust, term, schools[1].code))
        beside = [one.code for one in schools[:2]]
        compared = client.get(address(f"schools-compare-{kind}", trust, term, school=beside))
        told = [one.status_code for one in (mine, theirs, compared)]
        assert told == [200, 404, 404]


def test_a_trustee_has_the_plan_without_how_it_stands(house, sign_in):
    trust, term, _ = house
    query = {"view": "tree"}
    theirs = sign_in(make_user(Role.TRUSTEE, trust)).get(address("plan-csv", trust, term, **query))
    leaders = sign_in(make_user(Role.LEADER, trust)).get(address("plan-csv", trust, term, **query))

    def told(response):
        return {row["Entry"]: row["Status"] for row in rows_of(response)}

    assert told(leaders)["Attendance"] == "Off target"
    assert told(theirs)["Attendance"] == ""


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.CONTRIBUTOR, Role.TRUST_ADMINISTRATOR])
def test_who_may_not_open_the_page_has_no_file(role, house, sign_in):
    trust, term, schools = house
    client = sign_in(make_user(role, trust))

    for name in ("matrix", "schools", "schools-compare", "plan-readiness"):
        assert client.get(address(f"{name}-xlsx", trust, term)).status_code == 404
    assert client.get(address("school-csv", trust, term, schools[0].code)).status_code == 404


def test_a_table_that_the_page_does_not_have_is_not_found(house, sign_in):
    trust, term, _ = house
    client = sign_in(make_user(Role.LEADER, trust))

    assert client.get(address("plan-csv", trust, term, table="nothing")).status_code == 404
    assert client.get(address("schools-compare-csv", trust, term)).status_code == 404


def test_where_there_is_no_plan_there_is_no_file(sign_in):
    trust = make_trust()
    client = sign_in(make_user(Role.LEADER, trust))

    for name in ("plan", "plan-coverage", "plan-readiness", "schools", "matrix"):
        assert client.get(reverse(f"dashboard:{name}-csv", args=[trust])).status_code == 404


def test_hostile_names_come_out_as_they_are_and_never_as_a_formula(house, sign_in):
    trust, term, schools = house
    Trust.objects.filter(pk=trust.pk).update(name=HOSTILE)
    schools[0].name = f"{HOSTILE} & Sons"
    schools[0].save()
    KPI.everywhere.filter(plan__trust=trust).update(title="@KPI", words="+Words", code="-1")
    client = sign_in(make_user(Role.LEADER, trust))

    found = set()
    for name in PAGES:
        file = client.get(page_of(name, trust, term, schools).replace("/?", ".xlsx?"))
        workbook = book_of(file)
        found |= set(every_text(workbook))
        types = {cell.data_type for one in workbook for row in one.iter_rows() for cell in row}
        assert "f" not in types
    assert {HOSTILE, f"{HOSTILE} & Sons", "@KPI", "-1"} <= found

    [row] = [
        row
        for row in rows_of(client.get(address("schools-csv", trust, term)))
        if "Sons" in row["School"]
    ]
    assert row["School"] == f"'{HOSTILE} & Sons"


# Small numbers


@pytest.fixture
def small():
    """Four schools; eight pupils of the last one: fewer than this trust shows to others."""
    trust, term, _, schools = make_house(4)
    Trust.objects.filter(pk=trust.pk).update(min_to_show=10)
    reading = make_measure(trust, "Reading", counts="both")
    kpi = make_kpi(trust.plans(manager="everywhere").get(), "Reading")
    make_clause(kpi, reading, target="50.0", margin="1.0", roll_up="pooled")
    for school, (part, whole) in zip(schools, ((40, 80), (30, 41), (50, 60), (3, 8)), strict=True):
        figure = f"{100 * part / whole:.2f}"
        make_entry(reading, school, term, figure, numerator=part, denominator=whole)
    return trust, term, schools


def figures(response):
    """{school: (figure, code)} of the KPI on reading."""
    rows = [row for row in rows_of(response) if row["KPI"] == "Reading"]
    return {row["School"]: (row["Figure"], row["Code"]) for row in rows}


def test_a_small_figure_is_on_a_leaders_page_and_in_no_file_of_theirs(small, sign_in):
    trust, term, schools = small
    client = sign_in(make_user(Role.LEADER, trust))

    page = client.get(address("matrix", trust, term))
    found = figures(client.get(address("matrix-csv", trust, term)))
    about = every_text(book_of(client.get(address("matrix-xlsx", trust, term))))

    assert "37.5" in page.text
    assert found[schools[3].name] == ("", "c")
    # One more is left out, or the last one would follow from the others and their total.
    assert found[schools[1].name] == ("", "c")
    assert (found[schools[0].name], found[schools[2].name]) == (("50.0", ""), ("83.3", ""))
    assert found[trust.name] == ("65.1", "")
    assert any("fewer than 10 pupils are hidden" in text for text in about)


def test_the_status_of_a_hidden_figure_stays(small, sign_in):
    trust, term, schools = small
    client = sign_in(make_user(Role.AUDITOR, trust))

    rows = rows_of(client.get(address("matrix-csv", trust, term)))
    [row] = [r for r in rows if r["KPI"] == "Reading" and r["School"] == schools[3].name]

    assert row["Status"] == "Off target"
    assert row["As shown"] == "hidden"
    assert "37.5" not in "".join(row.values())


def test_the_data_manager_and_the_school_itself_have_its_small_figures_in_their_files(
    small, sign_in
):
    trust, term, schools = small

    manager = sign_in(make_user(Role.DATA_MANAGER, trust)).get(address("matrix-csv", trust, term))
    head = sign_in(make_head(schools[3])).get(address("matrix-csv", trust, term))

    assert figures(manager)[schools[3].name] == ("37.5", "")
    assert figures(head)[schools[3].name] == ("37.5", "")


@pytest.mark.parametrize("role", [Role.LEADER, Role.DATA_MANAGER])
def test_the_files_of_schools_hide_them_too(role, small, sign_in):
    trust, term, schools = small
    client = sign_in(make_user(role, trust))
    two = [one.code for one in schools[2:]]

    alone = every_text(book_of(client.get(address("school-xlsx", trust, term, schools[3].code))))
    rows = rows_of(client.get(address("school-csv", trust, term, schools[3].code)))
    beside = client.get(address("schools-compare-csv", trust, term, school=two)).text

    seen = [row["Figure"] for row in rows if row["KPI"] == "Reading"]
    if role == Role.DATA_MANAGER:
        assert seen == ["37.5"]
        assert "37.5" in beside
    else:
        assert seen == [""]
        assert "37.5" not in beside
        assert not any("37.5" in text for text in alone)


# Returns


def test_who_is_late_is_a_file_for_those_who_see_the_list(house, sign_in):
    trust, term, schools = house
    for school in schools:
        make_return(school, term)
    leader, head = make_user(Role.LEADER, trust), make_head(schools[0])

    rows = rows_of(sign_in(leader).get(address("returns-csv", trust, term)))
    mine = rows_of(sign_in(head).get(address("returns-csv", trust, term)))
    book = book_of(sign_in(leader).get(address("returns-xlsx", trust, term)))

    assert {row["Return of"] for row in rows} >= {school.name for school in schools}
    assert {row["Late"] for row in rows} == {"yes"}
    assert [row["Return of"] for row in mine] == [schools[0].name]
    assert book["Returns"]["E2"].data_type == "n"
    assert (
        sign_in(make_user(Role.TRUSTEE, trust)).get(address("returns-csv", trust, term)).status_code
        == 404
    )


# Order


def test_the_files_of_a_page_keep_its_order(house, sign_in):
    trust, term, schools = house
    client = sign_in(make_user(Role.LEADER, trust))

    rows = rows_of(client.get(address("matrix-csv", trust, term)))

    names = [row["School"] for row in rows]
    assert names == [trust.name, *(school.name for school in schools)]
    assert all(one != other for one, other in pairwise(names))
