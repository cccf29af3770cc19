"""Fifty texts that would like to be formulas, through every writer of files, opened by LibreOffice.

Where there is none, the workbooks that it once made of them are read.
"""

import io
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dashboard.exports import as_csv, as_xlsx
from dashboard.exports.tables import Book
from returns.spreadsheets.files import Fault
from returns.spreadsheets.problem_files import problems_csv, problems_xlsx
from schools.csv_text import restored

from .test_exports_files import HOSTILE, table_of

SOFFICE = shutil.which("soffice")
SAMPLES = Path(__file__).parent / "samples"
# A cell holds one kind of end of line, and no mark of the order of bytes at its beginning.
TEXTS = [text.replace("\r\n", "\n").replace("\r", "\n") for text in HOSTILE if len(text) < 400]
DAY = date(2026, 1, 22)


def files():
    """What each writer makes of the texts: {name: bytes}."""
    table = table_of(*((text,) for text in TEXTS))
    faults = [
        Fault(number, "why", "Wrong.", "Data", "A", text) for number, text in enumerate(TEXTS)
    ]
    return {
        "table.csv": as_csv.written(table),
        "table.xlsx": as_xlsx.written(Book("book", "=1+1", (table,), ()), DAY),
        "problems.csv": problems_csv("=1+1", faults),
        "problems.xlsx": problems_xlsx("=1+1", faults),
    }


def opened(folder):
    """The workbooks that LibreOffice makes of them: {name: bytes}."""
    names = []
    for name, data in files().items():
        (folder / name).write_bytes(data)
        names.append(str(folder / name))
    profile, out = f"-env:UserInstallation=file://{folder}/profile", folder / "saved"
    for ending, how in {".csv": ["--infilter=CSV:44,34,76,1,,0,true"], ".xlsx": []}.items():
        some = [name for name in names if name.endswith(ending)]
        asks = [*how, "--headless", "--convert-to", "xlsx", "--outdir", str(out / ending[1:])]
        subprocess.run(
            [SOFFICE, profile, *asks, *some],
            check=True,
            capture_output=True,
            timeout=180,
        )
    return {
        name: (out / name.rpartition(".")[2] / f"{Path(name).stem}.xlsx").read_bytes()
        for name in files()
    }


def check(name, data):
    """No cell is a formula, and every text stands there as it was typed."""
    cells = [
        cell
        for sheet in load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert "f" not in {cell.data_type for cell in cells}
    assert not any(cell.hyperlink for cell in cells)
    told = {str(cell.value) for cell in cells}
    if name.endswith(".csv"):
        told = {restored(text) for text in told}
    told = {text.replace("_x000D_", "\r").replace("_x005F_", "_") for text in told}
    told = {text.replace("\r\n", "\n").replace("\r", "\n") for text in told}
    assert [text for text in TEXTS if text not in told] == []


@pytest.mark.parametrize("name", ["table.xlsx", "problems.xlsx"])
def test_a_workbook_of_any_writer_holds_every_text_as_it_was(name):
    check(name, files()[name])


@pytest.mark.parametrize("name", ["table.csv", "problems.csv"])
def test_a_csv_of_any_writer_has_every_text_in_quotes(name):
    text = files()[name].decode("utf-8-sig")

    for held in ("007", "1E5", "12%", "TRUE", "2026-01-22", "'=1+1", "'@SUM(A1)"):
        assert f'"{held}"' in text, held


@pytest.mark.long
def test_libreoffice_finds_every_text_as_it_was_and_no_formula(tmp_path):
    if SOFFICE is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_LIBREOFFICE") else pytest.skip
        give_up("No LibreOffice: apt-get install libreoffice-calc. The stored samples are tested.")

    for name, data in opened(tmp_path).items():
        check(name, data)


@pytest.mark.parametrize("name", ["table.csv", "table.xlsx", "problems.csv", "problems.xlsx"])
def test_what_libreoffice_once_made_of_them_says_the_same(name):
    check(name, (SAMPLES / f"{name}-by-libreoffice.xlsx").read_bytes())
