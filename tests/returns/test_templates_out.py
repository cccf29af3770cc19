"""Templates: what goes out as a spreadsheet comes in again as it was filled in."""

import csv
import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from returns.models import Line, Return
from returns.spreadsheets import views as upload_views
from returns.spreadsheets.reading import read_file
from returns.spreadsheets.shapes import rows_of
from returns.spreadsheets.writing import zipped
from schools.models import Role
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_clause,
    make_entry,
    make_head,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

SAMPLES = Path(__file__).parent / "samples"
SOFFICE = shutil.which("soffice")


def make_every_kind(**school_columns):
    """A school whose autumn return has a question of every kind."""
    trust = make_trust(slug="north", name="North Learning Trust")
    school = make_school(trust, "First Primary", code="FIRST", urn="100001", **school_columns)
    plan, dated = make_plan(trust), {"basis": "date", "unit": "", "seasonal": False}
    attendance = make_measure(trust)
    make_clause(make_kpi(plan), attendance, target="94.0", margin="1.0")
    share = make_measure(trust, "Share", counts="both", groups=["all", "send"])
    make_measure(trust, "KS2", kind="score", counts="weight", basis="academic_year", about="last")
    make_measure(trust, "Domain", kind="yes_no", **dated)
    make_measure(trust, "Defects", kind="cases", basis="term", unit="defects")
    make_measure(trust, "Review", kind="rating", **dated)
    make_measure(trust, "Survey", survey=True, rated=True, counts="both", basis="academic_year")
    make_measure(trust, "=Trap, with a sign", code="trap", kind="number", unit="places")
    with inside(trust):
        scale = trust.scales.create(code="grades", name="Grades")
        version = scale.versions.create(key="1")
        for order, name in enumerate(["Poor", "Good"]):
            version.levels.create(order=order, key=name.lower(), name=name)
    make_measure(trust, "Inspection", kind="level", scale=scale, inspection=True, **dated)
    make_entry(attendance, school, make_term(trust, "2024-autumn"), value="94.1")
    return_ = make_return(school, make_term(trust))
    make_line(return_, attendance, value="94.60", why="= odd, \nbut true")
    make_line(return_, share, numerator="187", denominator="200")
    return trust, school, return_


FILLED = {  # measure, and what is typed into its row
    "attendance": {"value": "93.5", "why": "Flu", "what_next": "Call families"},
    "ks2": {"value": "-1.2", "denominator": "30"},
    "domain": {"value": "Yes", "on": "12 November 2025"},
    "defects": {"numerator": "1", "denominator": "4"},
    "review": {
        "value": "Close to target",
        "on": "12 November 2025",
        "reviewer": "A. Visitor",
        "kind": "External",
        "evidence": "Report",
    },
    "trap": {"value": "12"},
    "inspection": {"value": "Good", "on": "13 November 2025"},
}


def fill(sheet, heads_at, filled):
    """Type into the boxes of a sheet, which must be open to be typed into."""
    heads = {cell.value: cell.column for cell in sheet[heads_at]}
    for cells in sheet.iter_rows(min_row=heads_at + 1):
        measure = cells[heads["measure_code"] - 1].value
        for name, text in filled.get(measure, {}).items():
            cell = cells[heads[name] - 1]
            assert cell.protection.locked is False, (measure, name)
            cell.value = (
                float(text) if name in ("value", "numerator") and text[-1].isdigit() else text
            )


def filled_in(data, heads_at, sheet, filled=None):
    book = load_workbook(io.BytesIO(data))
    fill(book[sheet], heads_at, filled or FILLED)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def typed(*names):
    return {
        line.measure.code: tuple(getattr(line, name) for name in names)
        for line in Line.everywhere.select_related("measure").filter(group__code="all")
    }


@pytest.mark.django_db
@pytest.mark.parametrize("shape", ["grid", "long"])
def test_a_template_downloaded_filled_in_and_uploaded_says_what_was_typed(shape, sign_in):
    trust, school, return_ = make_every_kind()
    client = sign_in(make_head(school))
    address = reverse("returns:return-template-xlsx", args=[trust, return_.pk])
    data = client.get(f"{address}?shape={shape}").content
    data = filled_in(data, *((4, "Autumn") if shape == "grid" else (1, "Data")))

    page = client.post(
        reverse("returns:return-spreadsheet", args=[trust, return_.pk]),
        {"file": SimpleUploadedFile("filled.xlsx", data)},
        follow=True,
    )
    assert "· 0 problems" in page.text
    assert "1 will change · 6 new" in page.text
    client.post(page.request["PATH_INFO"], boxes_of(page))

    said = typed("value", "numerator", "denominator", "on", "why")
    assert said["attendance"] == ("93.5", "", "", "", "Flu")
    assert said["share"] == ("", "187", "200", "", "")
    assert said["ks2"] == ("-1.2", "", "30", "", "")
    assert said["domain"] == ("Yes", "", "", "12 November 2025", "")
    assert said["defects"] == ("", "1", "4", "", "")
    assert said["inspection"] == ("Good", "", "", "13 November 2025", "")
    assert said["trap"] == ("12", "", "", "", "")
    assert typed("rating", "reviewer", "kind", "evidence")["review"] == (
        "Close to target",
        "A. Visitor",
        "External",
        "Report",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("shape", ["grid", "long"])
def test_a_template_that_nobody_has_touched_changes_nothing(shape, kind, sign_in):
    trust, school, return_ = make_every_kind()
    client = sign_in(make_head(school))
    address = reverse(f"returns:return-template-{kind}", args=[trust, return_.pk])
    data = client.get(f"{address}?shape={shape}").content

    page = client.post(
        reverse("returns:return-spreadsheet", args=[trust, return_.pk]),
        {"file": SimpleUploadedFile(f"same.{kind}", data)},
        follow=True,
    )

    assert "This file says what is there already" in page.text


@pytest.mark.django_db
def test_what_somebody_has_changed_since_the_download_is_asked_about(sign_in):
    trust, school, return_ = make_every_kind()
    client = sign_in(make_head(school))
    address = reverse("returns:return-template-xlsx", args=[trust, return_.pk])
    filled = {"attendance": {"value": "93.5"}, "trap": {"value": "12"}}
    data = filled_in(client.get(address).content, 4, "Autumn", filled)
    Line.everywhere.filter(measure__code="attendance").update(value="95", version=2)
    Line.everywhere.filter(measure__code="share").update(numerator="190", version=2)

    def send(**boxes):
        page = client.post(
            reverse("returns:return-spreadsheet", args=[trust, return_.pk]),
            {"file": SimpleUploadedFile("filled.xlsx", data)},
            follow=True,
        )
        assert "Changed since this template was made" in page.text
        assert "95.0%" in page.text
        client.post(page.request["PATH_INFO"], boxes_of(page) | boxes)

    send()
    said = typed("value", "numerator")
    assert (said["attendance"], said["trap"]) == (("95", ""), ("12", ""))
    assert said["share"] == ("", "190")  # not touched in the file, so theirs
    send(mine="Autumn!5")
    assert typed("value")["attendance"] == ("93.5",)


@pytest.mark.django_db
def test_a_template_tells_who_reads_a_figure_the_last_one_the_rule_and_how_to_answer(sign_in):
    trust, school, return_ = make_every_kind()
    client = sign_in(make_head(school))
    data = client.get(reverse("returns:return-template-csv", args=[trust, return_.pk])).content

    rows = {
        line["measure_code"]: line for line in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    }

    told = rows["attendance"]
    assert told["read_by"] == "Attendance"
    assert told["last_figure"] == "94.1% Aut 24"
    assert told["rule"] == "94.0% or more"
    assert told["how_to_answer"] == "A percentage, like 94.1; none: n/a, few, later"
    assert rows["inspection"]["how_to_answer"] == "One of: Poor, Good; none: n/a, later"
    assert rows["trap"]["measure"] == "'=Trap, with a sign"


@pytest.mark.django_db
def test_a_workbook_has_lists_to_choose_from_and_heads_that_cannot_be_typed_over(sign_in):
    trust, school, return_ = make_every_kind()
    client = sign_in(make_head(school))
    address = reverse("returns:return-template-xlsx", args=[trust, return_.pk])

    sheet = load_workbook(io.BytesIO(client.get(address).content))["Autumn"]

    assert (sheet["B1"].value, sheet["B2"].value) == (100001, "2025/26")
    assert [cell.value for cell in sheet[4]][:9] == [
        "unit",
        "measure_code",
        "measure",
        "pupil_group",
        "value",
        "numerator",
        "denominator",
        "why",
        "what_next",
    ]
    assert sheet.protection.sheet
    assert all(cell.protection.locked for cell in sheet[4])
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert {'"Poor,Good,n/a,later"', '"n/a,few,later"', '"Yes,Not yet,At risk"'} <= lists


@pytest.mark.django_db
def test_the_data_manager_has_one_template_for_all_schools_and_fills_it_in(sign_in):
    trust, _, _ = make_every_kind()
    second = make_school(trust, "Second Primary")
    make_return(second, make_term(trust))
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    term = {"term": "2025-autumn"}
    address = reverse("returns:template-csv", args=[trust], query=term)
    lines = client.get(address).content.decode("utf-8-sig").splitlines()
    heads = next(csv.reader(lines))
    rows = [dict(zip(heads, cells, strict=True)) for cells in csv.reader(lines[1:])]
    assert {line["unit"] for line in rows} == {"100001", second.urn}


def zip_of(trust):
    return reverse("returns:templates-zip", args=[trust], query={"term": "2025-autumn"})


def unzipped(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.django_db
def test_one_zip_has_the_same_workbook_for_each_school_as_its_own_page_and_goes_in_again(sign_in):
    trust, first, return_ = make_every_kind()
    second = make_school(trust, "St Mary’s, Über/Hill", short_name="../St Mary’s", code="M/1")
    make_return(make_school(trust, "Sent already"), make_term(trust), state="submitted")
    returns = {
        f"first-primary-{first.urn}.xlsx": return_,
        f"st-marys-{second.urn}.xlsx": make_return(second, make_term(trust)),
    }
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    page = reverse("returns:spreadsheet", args=[trust], query={"term": "2025-autumn"})
    assert f'href="{zip_of(trust)}"' in client.get(page).text

    answer = client.get(zip_of(trust))

    assert answer["Content-Disposition"] == 'attachment; filename="autumn-2025-returns.zip"'
    files = unzipped(answer)
    assert files == {
        name: client.get(reverse("returns:return-template-xlsx", args=[trust, one.pk])).content
        for name, one in returns.items()
    }
    assert client.get(zip_of(trust)).content == answer.content
    [_, (name, data)] = sorted(files.items())
    data = filled_in(data, 4, "Autumn", {"attendance": {"value": "93.5"}})
    checked = client.post(page, {"file": SimpleUploadedFile(name, data)}, follow=True)
    assert f"Check {name}" in checked.text
    assert "· 0 problems" in checked.text
    assert "0 will change · 1 new" in checked.text


@pytest.mark.django_db
def test_whoever_types_for_some_schools_has_a_zip_of_those_and_for_one_is_offered_none(sign_in):
    trust, first, _ = make_every_kind()
    second, third = (make_school(trust, name) for name in ("Second Primary", "Third Primary"))
    for school in (second, third):
        make_return(school, make_term(trust))
    elsewhere = make_school(make_trust(), "Elsewhere")
    make_return(elsewhere, make_term(elsewhere.trust))

    def given(*schools):
        client = sign_in(make_user(Role.SCHOOL_EDITOR, trust, schools))
        page = client.get(reverse("returns:spreadsheet", args=[trust]))
        assert client.get(zip_of(elsewhere.trust)).status_code == 404
        return {*unzipped(client.get(zip_of(trust)))}, "templates.zip" in page.text

    assert given(first, second) == (
        {f"first-primary-{first.urn}.xlsx", f"second-primary-{second.urn}.xlsx"},
        True,
    )
    assert given(third) == ({f"third-primary-{third.urn}.xlsx"}, False)


@pytest.mark.django_db
def test_a_zip_of_none_or_of_more_than_a_page_can_make_in_time_leads_back_to_the_page(
    sign_in, monkeypatch
):
    trust, _, _ = make_every_kind()
    make_return(make_school(trust), make_term(trust))
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    page = reverse("returns:spreadsheet", args=[trust], query={"term": "2025-autumn"})
    with monkeypatch.context() as fewer:
        fewer.setattr(upload_views, "MOST_BOOKS", 1)
        assert client.get(zip_of(trust)).url == page
        assert "templates.zip" not in client.get(page).text

    Return.everywhere.update(state="submitted")
    assert client.get(zip_of(trust)).url == page


def test_two_workbooks_of_one_name_do_not_take_each_others_place():
    books = [("CON/S 1", b"one"), ("con s-1", b"two"), ("Con, S 1", b"three")]

    with zipfile.ZipFile(io.BytesIO(zipped(books))) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
        days = {part.date_time for part in archive.infolist()}

    assert found == {"cons-1.xlsx": b"one", "con-s-1.xlsx": b"two", "con-s-1-2.xlsx": b"three"}
    assert days == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.django_db
def test_a_school_more_in_a_zip_costs_two_queries(sign_in):
    trust, _, _ = make_every_kind()
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    make_return(make_school(trust), make_term(trust))

    def queries():
        client.get(zip_of(trust))  # what the term asks is kept from now on
        with CaptureQueriesContext(connection) as asked:
            client.get(zip_of(trust))
        return len(asked)

    before = queries()
    for _ in range(3):
        make_return(make_school(trust), make_term(trust))

    assert queries() == before + 2 * 3


# LibreOffice


def saved_by_libreoffice(data, tmp_path, kind="xlsx"):
    """What LibreOffice makes of a workbook when it opens and saves it."""
    if SOFFICE is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_LIBREOFFICE") else pytest.skip
        give_up("No LibreOffice: apt-get install libreoffice-calc. The stored samples are tested.")
    source = tmp_path / "template.xlsx"
    source.write_bytes(data)
    out = tmp_path / "saved"
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [SOFFICE, home, "--headless", "--convert-to", kind, "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (out / f"template.{kind}").read_bytes()


def said_by(data):
    return [(row.sheet, row.number, row.cells) for row in rows_of(read_file(data)).rows]


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["grid", "long", "of all schools", "in the zip"])
def test_what_libreoffice_saves_of_a_template_says_the_same(kind, sign_in, tmp_path):
    """It opens each without repairing it: told to do so silently, it opens no broken file."""
    trust, _, return_ = make_every_kind()
    make_return(make_school(trust), make_term(trust))
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    address = reverse("returns:return-template-xlsx", args=[trust, return_.pk])
    term = {"term": "2025-autumn"}
    made = {
        "grid": lambda: client.get(address).content,
        "long": lambda: client.get(f"{address}?shape=long").content,
        "of all schools": lambda: (
            client.get(reverse("returns:template-xlsx", args=[trust], query=term)).content
        ),
        "in the zip": lambda: sorted(unzipped(client.get(zip_of(trust))).items())[0][1],
    }[kind]()
    at = (4, "Autumn") if kind in ("grid", "in the zip") else (1, "Data")

    untouched = saved_by_libreoffice(made, tmp_path)
    data = filled_in(made, *at)

    assert said_by(untouched) == said_by(made)
    assert said_by(saved_by_libreoffice(data, tmp_path)) == said_by(data)


def test_libreoffice_opens_no_workbook_that_has_to_be_repaired(tmp_path):
    with pytest.raises((subprocess.CalledProcessError, FileNotFoundError)):
        saved_by_libreoffice((SAMPLES / "grid-by-libreoffice.xlsx").read_bytes()[:4_000], tmp_path)


@pytest.mark.parametrize("name", ["grid", "long"])
def test_a_stored_sample_that_libreoffice_has_saved_is_read(name):
    """As a machine without LibreOffice has it; made from the template of ``make_every_kind``."""
    found = rows_of(read_file((SAMPLES / f"{name}-by-libreoffice.xlsx").read_bytes()))

    told = {row["measure_code"]: row for row in found.rows if row["pupil_group"] == "all"}
    assert found.faults == []
    for measure, cells in FILLED.items():
        for column, text in cells.items():
            assert told[measure][column] == text, (measure, column)
