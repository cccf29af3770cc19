"""The report as Excel and as CSV: figures are numbers, text is text, and nothing is lost."""

import csv
import io
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from reports.files import results_table, workbook
from reports.shapes import Document
from schools.csv_text import restored

from .documents import make_document
from .hostile import TYPED, each_different, told_in


def opened(document):
    return load_workbook(io.BytesIO(workbook.written(document)))


def lists_of(sheet):
    """The rows below the heads, each as a dict by head."""
    heads, *rows = sheet.iter_rows()
    return [{h.value: c for h, c in zip(heads, row, strict=True)} for row in rows]


@pytest.fixture(scope="module")
def document():
    return make_document(kpis=16, schools=5)


@pytest.fixture(scope="module")
def book(document):
    return opened(document)


def test_there_is_a_sheet_for_each_priority_and_for_what_the_words_mean(book, document):
    assert book.sheetnames == [
        "Exceptions",
        "1 Every pupil flourishes",
        "2 The register was corrected",
        "Milestones, actions, risks",
        "Results",
        "Matrix",
        "Definitions",
        "Figures from outside",
        "Figures put right",
        "About",
    ]


def test_what_there_is_none_of_has_no_sheet():
    book = opened(make_document(exceptions=0, matrix=None, restatements=(), releases=()))

    assert "Exceptions" not in book.sheetnames
    assert "Matrix" not in book.sheetnames
    assert "Figures put right" not in book.sheetnames


def test_a_figure_is_a_number_with_the_format_of_its_unit(book, document):
    first, *_ = lists_of(book["1 Every pupil flourishes"])
    row = document.sections[0].kpis[0]

    assert Decimal(str(first["Figure"].value)) == row.number
    assert first["Figure"].data_type == "n"
    assert first["Figure"].number_format == '#,##0.0"%";-#,##0.0"%"'
    assert first["As shown"].value == row.figure
    assert Decimal(str(first["Target number"].value)) == row.target_number
    assert first["Status"].value == "R Off target"
    assert first["Status"].fill.fgColor.rgb == "FFA3122A"


def test_pounds_stand_before_the_number_and_other_units_in_a_column():
    document = make_document()
    section, *others = document.sections
    money = replace(section.kpis[0], figure="−£340,000", number=Decimal(-340_000), unit="£")
    rate = replace(
        section.kpis[1], figure="1.40 per 100 pupils", number=Decimal("1.40"), unit="per 100 pupils"
    )
    section = replace(section, kpis=(money, rate))

    one, other = lists_of(
        opened(replace(document, sections=(section, *others)))["1 Every pupil flourishes"]
    )

    assert (one["Figure"].value, one["Figure"].number_format) == (-340000, '"£"#,##0;-"£"#,##0')
    assert (other["Figure"].value, other["Figure"].number_format) == (1.4, "#,##0.00;-#,##0.00")
    assert other["Unit"].value == "per 100 pupils"


def test_every_result_is_a_row_and_a_missing_figure_has_its_code_and_is_no_zero(book, document):
    rows = lists_of(book["Results"])
    schools = [column.name for column in document.matrix.columns]
    trust = document.header.trust
    cells = {
        (row.code, name): cell
        for row in document.matrix.rows
        for name, cell in zip([trust, *schools], [row.trust, *row.cells], strict=False)
    }

    assert len(rows) == len(cells)
    assert {cell.code for cell in cells.values()} == {"", "z", "c"}
    for row in rows:
        cell = cells[row["KPI code"].value, row["School"].value]
        figure = row["Figure"].value
        assert (None if figure is None else Decimal(str(figure))) == cell.number
        assert (row["Code"].value or "") == cell.code
        assert row["As shown"].value == cell.figure
        assert row["In words"].value == cell.say


def test_the_matrix_is_as_the_report_shows_it(book, document):
    [row] = [row for row in lists_of(book["Matrix"]) if row["KPI"].value == "Attendance"]
    cell = row["Ashdale CE Primary"]

    assert cell.value == 91.5
    assert cell.number_format == '"R "#,##0.0;"R "-#,##0.0'
    assert cell.fill.fgColor.rgb == "FFA3122A"
    whole = [row for row in lists_of(book["Matrix"]) if row["KPI"].value == "Staff turnover"]
    assert whole[0]["Ashdale CE Primary"].value == "Measured for the trust as a whole"


def test_each_sheet_lies_across_a4_and_repeats_its_heads(book):
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.freeze_panes


def test_the_last_sheet_says_whose_it_is_and_how_to_read_it(book):
    about = dict(book["About"].iter_rows(min_row=2, values_only=True))

    assert about["Report"] == "Board report: Autumn 2025, version 2"
    assert about["Figures as at"] == "3 February 2026, 2:05pm"
    assert about["Version 2 corrects"] == "The attendance of Beckside Primary was put right."
    assert "blank is never a zero" in about["Codes where there is no figure"]


def test_hostile_text_in_every_field_stands_there_as_it_was_typed_and_is_no_formula():
    document, _ = each_different(make_document(text=TYPED, kpis=2, schools=2, exceptions=2))

    found, kinds = set(), set()
    for sheet in opened(document):
        for row in sheet.iter_rows():
            for cell in row:
                kinds.add(cell.data_type)
                found.add(_as_typed(str(cell.value)))

    whole = "\n".join(found)
    told = told_in(
        *(document.header, document.asks, document.summary, document.restatements),
        *(replace(one, answered=()) for one in document.exceptions),  # discussed in the report
        *(document.sections, document.matrix.rows, document.definitions),
        tuple(column.name for column in document.matrix.columns),
    )
    assert [text for text in told if _as_typed(text) not in whole] == []
    assert "f" not in kinds


def _as_typed(text):
    """What XML makes of a text: controls are written as _x0000_, ends of lines as one."""
    for number in (*range(9), 11, 12, *range(14, 32)):
        text = text.replace(f"_x{number:04X}_", chr(number))
    return text.replace("_x005F_", "_")


def test_the_csv_has_a_row_for_each_result_with_the_same_numbers(document):
    body = results_table.matrix_as_csv(document)
    assert body.startswith(b"\xef\xbb\xbf")

    heads, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))

    told = [dict(zip(heads, row, strict=True)) for row in rows]
    first = document.matrix.rows[0]
    assert told[0]["Figure"] == "91.5"
    assert told[0]["School"] == document.header.trust
    assert told[0]["In words"] == first.trust.say
    assert {row["Code"] for row in told if not row["Figure"]} == {"z", "c"}
    assert all(row["Figure"] or row["As shown"] for row in told)


def test_no_text_of_the_csv_is_a_formula_and_each_can_be_had_back():
    document, _ = each_different(make_document(text=TYPED, kpis=4, schools=4))

    body = results_table.matrix_as_csv(document).decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(body, newline=""))

    fields = [field for row in rows for field in row]
    assert not [field for field in fields if field[:1] in tuple("=+-@\t\r\n")]
    assert {row.name for row in document.matrix.rows} <= {restored(field) for field in fields}


@pytest.mark.parametrize("write", ["workbook.written", "results_table.matrix_as_csv"])
def test_another_process_on_another_day_makes_the_same_bytes(document, write):
    script = (
        "import os, sys, django; django.setup(); from reports.files import results_table, workbook;"
        "from reports.shapes import Document;"
        f"sys.stdout.buffer.write({write}(Document.read(sys.stdin.read())))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script],
        input=document.as_json().encode(),
        env={**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )

    writers = {
        "workbook.written": workbook.written,
        "results_table.matrix_as_csv": results_table.matrix_as_csv,
    }
    assert made.stdout == writers[write](document)
    assert made.stdout == writers[write](Document.read(document.as_json()))
