"""An Excel workbook as tables, after everything that could be a trap has been ruled out.

Sizes, entities, macros and passwords are looked at before openpyxl parses
anything. What openpyxl does not tell (hidden rows, merged cells, formulas
without a result) is read off the sheet's own text.
"""

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser

from returns.files import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ENTRIES,
    MOST_ROWS,
    MOST_UNPACKED,
    BadFile,
    Fault,
    letters_of,
)

from .table import Table

SAVE_AGAIN = "Open it in Excel and save it as an Excel workbook (.xlsx)."
DAMAGED = f"It is damaged and cannot be read. {SAVE_AGAIN}"
MOST_OF_A_PART = 4 * 1024 * 1024  # of what describes the sheets: styles, names, links
LAST_ROW = 1_048_576

_TRAP = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_CELL_START = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>(?=[^<])")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z0-9:]+)"')
_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_REF = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NOT_CALCULATED = re.compile(rb'<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad="(?:1|true)"')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def read_xlsx(data: bytes) -> list[Table]:
    """The visible sheets of a workbook. BadFile, with advice, if it is none that we read."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            calculated = _look_before(archive)
            return _tables(data, archive, calculated=calculated)
    except BadFile:
        raise
    except Exception:
        # What a damaged part raises inside the parser is as many kinds as there are parts.
        raise BadFile(Fault(0, "", DAMAGED)) from None


def _look_before(archive: ZipFile) -> bool:
    """Refuse what must not be parsed. Whether formulas have been worked out."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise BadFile(Fault(0, "", f"It has more than {MOST_ENTRIES:,} parts. {SAVE_AGAIN}"))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        words = "Unpacked it is larger than 50 MB. Delete formatted empty rows, or split it."
        raise BadFile(Fault(0, "", words))
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFile(Fault(0, "", "It has a password. Take the password off and save it again."))
    _is_xlsx(archive, names)
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        is_sheet = entry.filename.startswith("xl/worksheets/") or "sharedStrings" in entry.filename
        if entry.file_size > MOST_OF_A_PART and not is_sheet:
            words = f"{entry.filename} in it is too large. {SAVE_AGAIN}"
            raise BadFile(Fault(0, "", words))
        text = archive.read(entry)
        if _TRAP.search(text):
            words = f"It defines XML entities, which no figures need. {SAVE_AGAIN}"
            raise BadFile(Fault(0, "", words))
        if b"\x00" in text:
            raise BadZipFile(entry.filename)
    return not _NOT_CALCULATED.search(archive.read("xl/workbook.xml"))


def _is_xlsx(archive: ZipFile, names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise BadZipFile("a part twice")
    if any("vbaproject" in name.lower() for name in names):
        words = "It has macros. Save it as an Excel workbook without macros (.xlsx)."
        raise BadFile(Fault(0, "", words))
    if "xl/workbook.bin" in names:
        raise BadFile(Fault(0, "", f"It is a binary workbook (.xlsb). {SAVE_AGAIN}"))
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
        words = "It is an OpenDocument file (.ods). Save it as an Excel workbook (.xlsx) or CSV."
        raise BadFile(Fault(0, "", words))
    if "xl/workbook.xml" not in names:
        words = "It is not a workbook. The selected file must be the Excel or CSV template."
        raise BadFile(Fault(0, "", words))


def _tables(data: bytes, archive: ZipFile, *, calculated: bool) -> list[Table]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        return [_table(sheet, archive, calculated=calculated) for sheet in sheets]
    finally:
        book.close()


def _table(sheet: Any, archive: ZipFile, *, calculated: bool) -> Table:
    raw = archive.read(sheet._worksheet_path.lstrip("/"))
    table = Table(sheet.title)
    _check_size(sheet.title, raw)
    _check_order(raw)
    if _FORMULA.search(raw):
        table.wrongs |= _without_result(raw, calculated=calculated)
    if _HIDDEN.search(raw):
        table.hidden = {
            int(told[1])
            for row in _ROW.finditer(raw)
            if _HIDDEN.search(row[1]) and (told := _NUMBER.search(row[1]))
        }
    for area in _MERGE.finditer(raw):
        left, top, right, bottom = range_boundaries(area[1].decode())
        table.merged.append((top, left - 1, bottom, right - 1))
    percents = _Percents(sheet.parent)
    for number, cells in _rows(sheet, raw):
        texts = [""] * (max(cells) + 1)
        for place, cell in cells.items():
            texts[place] = _text(table, number, place, cell, percents)
        wrongs = table.wrongs
        if any(texts) or (wrongs and any((number, at) in wrongs for at in range(len(texts)))):
            table.rows.append((number, texts))
    return table


def _check_size(name: str, raw: bytes) -> None:
    cells = sum(1 for _ in _CELL_START.finditer(raw))
    if cells > MOST_CELLS:
        words = f"It has {cells:,} cells, most of them empty. Delete the empty formatted rows."
        raise BadFile(Fault(0, "", words, sheet=name))
    far = re.compile(rb'\br="([A-Z]{2,3})(\d{1,7})"[^>/]*>\s*<(?:\w+:)?(?:v|is|f)\b')
    for found in far.finditer(raw):
        if column_index_from_string(found[1].decode()) > MOST_COLUMNS:
            words = f"It has more than {MOST_COLUMNS} columns. Delete those that are not needed."
            raise BadFile(Fault(int(found[2]), "", words, name, found[1].decode()))


def _check_order(raw: bytes) -> None:
    """Rows that repeat or go back would be passed over in silence."""
    last = 0
    for row in _ROW.finditer(raw):
        number = _NUMBER.search(row[1])
        last += 1
        if number:
            if int(number[1]) < last or int(number[1]) > LAST_ROW:
                raise BadZipFile("rows out of order")
            last = int(number[1])


def _without_result(raw: bytes, *, calculated: bool) -> dict[tuple[int, int], str]:
    """The formulas whose result was never saved."""
    found = {}
    for cell in _CELL.finditer(raw):
        inside = cell[3] or b""
        if not _FORMULA.search(inside) or not (ref := _REF.search(cell[1])):
            continue
        is_text = b't="str"' in cell[1]
        if not calculated or not (_RESULT.search(inside) or is_text):
            place = int(ref[2]), column_index_from_string(ref[1].decode()) - 1
            found[place] = (
                "This is a formula without a saved result. Open the file in Excel and save it, "
                "or type the figure itself."
            )
    return found


def _rows(sheet: Any, raw: bytes) -> Iterator[tuple[int, dict[int, Any]]]:
    """The cells that hold anything, by row and place, as openpyxl's own parser finds them.

    Its rows of cells would be as wide as the widest row could be, and as many
    as the last one says.
    """
    book = sheet.parent
    parser = WorkSheetParser(
        BytesIO(raw),
        sheet._shared_strings,
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )
    for number, cells in parser.parse():
        found = {
            cell["column"] - 1: cell
            for cell in cells
            if cell["value"] is not None and cell["column"] <= MOST_COLUMNS
        }
        if not found:
            continue
        if number > MOST_ROWS + 4:
            words = f"It has more than {MOST_ROWS:,} rows. Split it."
            letter = letters_of(max(found))
            raise BadFile(Fault(number, "", words, sheet=sheet.title, letter=letter))
        yield number, found


class _Percents(dict[int, bool]):
    """Which styles show their numbers as percentages, each looked up once."""

    def __init__(self, book: Any):
        self.book = book

    def __missing__(self, style: int) -> bool:
        number = self.book._cell_styles[style].numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            shown = BUILTIN_FORMATS.get(number, "General")
        else:
            shown = self.book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE] or ""
        self[style] = "%" in _LITERAL.sub("", shown)
        return self[style]


def _text(table: Table, row: int, place: int, cell: Mapping[str, Any], percents: _Percents) -> str:
    """A cell as a person would type what it shows."""
    value = cell["value"]
    if (row, place) in table.wrongs:
        return ""
    if isinstance(value, str):
        if cell["data_type"] == "e":
            table.wrongs[row, place] = f"The cell shows an error ({value}). Type the figure itself."
            return ""
        return value.strip()
    if isinstance(value, bool):
        table.kinds[row, place] = "boolean"
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        if percents[cell["style_id"]]:
            table.kinds[row, place] = "percent"
            return f"{_plain(_exactly(value) * 100)}%"
        return _plain(_exactly(value))
    if isinstance(value, (datetime, date, time, timedelta)):
        table.kinds[row, place] = "date"
        return _day_text(value)
    return str(value).strip()


def _exactly(value: float) -> Decimal:
    """As a spreadsheet holds it: no more than fifteen digits."""
    return Decimal(format(value, ".15g"))


def _plain(amount: Decimal) -> str:
    if not amount.is_finite():
        return str(amount)
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day_text(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    return str(value)
