"""The KPI page and its history as files, without the small figures of others."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kpis.models import KPI
from schools.models import Role, Trust
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(sign_in):
    """A file of a KPI as somebody gets it: CSV as rows, Excel as a workbook."""

    def got(user, term, kpi, kind="csv", page="kpi", **query):
        query = {"term": term.slug, **query}
        trust = kpi.plan.trust
        address = reverse(f"dashboard:{page}-{kind}", args=[trust, kpi.pk], query=query)
        answer = sign_in(user).get(address)
        assert answer.status_code == 200, address
        if kind == "xlsx":
            return load_workbook(io.BytesIO(answer.content))
        text = answer.content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return got


@pytest.fixture
def attendance():
    """Two schools through two autumns; the trust, its term, its KPI and its schools."""
    trust, term, measure, schools = make_house(2)
    for slug, figures in (("2024-autumn", ("91.0", "95.0")), ("2025-autumn", ("92.2", "95.5"))):
        for school, figure in zip(schools, figures, strict=True):
            make_entry(measure, school, make_term(trust, slug), figure)
    return trust, term, KPI.everywhere.get(plan__trust=trust), schools


def test_every_table_of_the_page_is_a_sheet_and_a_csv(attendance, files):
    trust, term, kpi, schools = attendance
    leader = make_user(Role.LEADER, trust)

    book = files(leader, term, kpi, "xlsx", school=schools[0].code)

    assert book.sheetnames[0] == "Schools"
    assert {"Over time", "Targets and rules", "About"} <= set(book.sheetnames)
    rows = files(leader, term, kpi, table="schools")
    assert [(row["School"], row["Figure"]) for row in rows] == [
        (schools[0].name, "92.2"),
        (schools[1].name, "95.5"),
    ]
    over_time = files(leader, term, kpi, table="chart", school=schools[0].code)
    told = [row[schools[0].name] for row in over_time if row[schools[0].name]]
    assert told == ["91.0", "92.2"]
    heads, first = [[cell.value for cell in row] for row in book["Schools"].iter_rows(max_row=2)]
    assert dict(zip(heads, first, strict=True))["Figure"] == 92.2


def test_the_page_links_to_its_files(attendance, sign_in):
    trust, term, kpi, _ = attendance
    client = sign_in(make_user(Role.LEADER, trust))

    for name in ("kpi", "kpi-history"):
        query = {"term": term.slug}
        page = client.get(reverse(f"dashboard:{name}", args=[trust, kpi.pk], query=query)).text
        stem = reverse(f"dashboard:{name}", args=[trust, kpi.pk]).rstrip("/")
        assert f'href="{stem}.xlsx?term=2025-autumn"' in page
        assert f'href="{stem}.csv?term=2025-autumn&amp;table=' in page


def test_a_head_gets_their_own_school_and_no_other(attendance, files):
    _, term, kpi, schools = attendance
    head = make_head(schools[0])

    rows = files(head, term, kpi, table="schools")
    history = files(head, term, kpi, page="kpi-history")

    assert {row["School"] for row in rows} == {schools[0].name}
    assert {row["School"] for row in history} == {schools[0].name}


def test_the_history_has_every_row_of_what_was_chosen(attendance, files):
    trust, term, kpi, schools = attendance

    rows = files(make_user(Role.AUDITOR, trust), term, kpi, page="kpi-history")

    told = sorted((row["School"], row["Figure"]) for row in rows)
    assert told == [
        (schools[0].name, "91.0"),
        (schools[0].name, "92.2"),
        (schools[1].name, "95.0"),
        (schools[1].name, "95.5"),
    ]


@pytest.mark.parametrize("page", ["kpi", "kpi-history"])
def test_a_file_of_a_kpi_costs_no_more_queries_than_a_page(
    page, attendance, sign_in, django_assert_max_num_queries
):
    trust, term, kpi, _ = attendance
    client = sign_in(make_user(Role.LEADER, trust))
    address = reverse(f"dashboard:{page}-xlsx", args=[trust, kpi.pk], query={"term": term.slug})

    with django_assert_max_num_queries(16):
        client.get(address)


# Small numbers


@pytest.fixture
def small():
    """Three schools with groups; eight pupils of the last, fewer than the trust shows to others."""
    trust, term, _, schools = make_house(3)
    Trust.objects.filter(pk=trust.pk).update(min_to_show=10)
    groups = ("all", "disadvantaged")
    reading = make_measure(trust, "Reading", groups=groups, counts="both")
    kpi = make_kpi(trust.plans(manager="everywhere").get(), "Reading")
    make_clause(kpi, reading, target="50.0", margin="1.0", roll_up="pooled")
    for slug in ("2024-autumn", "2025-autumn"):
        of_all = ((40, 80), (30, 41), (3, 8))
        of_some = ((11, 30), (10, 20), (2, 7))
        for group, counts in zip(groups, (of_all, of_some), strict=True):
            for school, (part, whole) in zip(schools, counts, strict=True):
                figure = f"{100 * part / whole:.2f}"
                columns = {"numerator": part, "denominator": whole, "group": group}
                make_entry(reading, school, make_term(trust, slug), figure, **columns)
    return trust, term, kpi, schools


SMALL = ("37.5", "28.6", "3 of 8", "2 of 7")  # all pupils, disadvantaged, and their counts


def everything(files, user, term, kpi, **query):
    """All that stands in the workbooks of the page and of the history."""
    books = [files(user, term, kpi, "xlsx", page=page, **query) for page in ("kpi", "kpi-history")]
    return " ".join(
        str(cell.value)
        for book in books
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


@pytest.mark.parametrize("leads", ["trust", "school"])
def test_no_file_of_a_leader_says_a_small_figure_now_or_then(leads, small, files, sign_in):
    trust, term, kpi, schools = small
    leader = make_user(Role.LEADER, trust)
    query = {"school": schools[2].code} if leads == "school" else {"schools": schools[2].code}

    page = sign_in(leader).get(
        reverse("dashboard:kpi", args=[trust, kpi.pk], query={"term": term.slug, **query})
    )
    text = everything(files, leader, term, kpi, **query)

    assert "37.5" in page.text
    assert "hidden" in text
    assert not [number for number in SMALL if number in text]


@pytest.mark.parametrize("who", ["data manager", "head"])
def test_the_school_itself_and_the_data_manager_keep_theirs(who, small, files):
    trust, term, kpi, schools = small
    user = make_head(schools[2]) if who == "head" else make_user(Role.DATA_MANAGER, trust)

    text = everything(files, user, term, kpi, school=schools[2].code)

    assert all(number in text for number in ("37.5", "3 of 8", "2 of 7"))


def test_the_picture_and_the_chart_of_a_leader_hide_it_too(small, sign_in):
    trust, term, kpi, schools = small
    client, query = sign_in(make_user(Role.LEADER, trust)), {"term": term.slug}

    for school in (schools[2], schools[0]):
        chosen = {**query, "school": school.code, "schools": schools[2].code}
        answer = client.get(reverse("dashboard:kpi-figures", args=[trust, kpi.pk], query=chosen))
        assert answer.status_code in (200, 404)  # nothing is left to draw
        assert not [number for number in SMALL if number in answer.text]
