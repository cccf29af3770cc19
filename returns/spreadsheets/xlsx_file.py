"""An Excel workbook as tables, after everything that could be a trap has been ruled out.

Sizes, entities, macros and passwords are looked at before openpyxl parses
anything. What its rows of cells do not tell (hidden rows, merged cells, formulas
without a result) is read off the sheet's own text, by patterns that take no
longer for a damaged text than for a whole one.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string, range_boundaries

from .files import MOST_CELLS, MOST_COLUMNS, MOST_ENTRIES, MOST_ROWS, MOST_UNPACKED, BadFile, Fault
from .table import Table

SAVE_AGAIN = "Open it in Excel and save it as an Excel workbook (.xlsx)."
DAMAGED = f"It is damaged and cannot be read. {SAVE_AGAIN}"
MOST_OF_A_PART = 4 * 1024 * 1024  # of what describes the sheets: styles, names, links
LAST_ROW = 1_048_576
TOP = 4  # rows over the figures of a grid

_TRAP = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])")
_CELL_END = re.compile(rb"</(?:\w+:)?c\s*>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>(?=[^<])")
_SAYS = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*\bref=["']([A-Z0-9:]+)["']""")
_NUMBER = re.compile(rb"""\br=["'](\d{1,7})["']""")
_REF = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_FAR = re.compile(rb"""r=["'][A-Z]{2}""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_IS_TEXT = re.compile(rb"""\bt=["']str["']""")
_NOT_CALCULATED = re.compile(rb"""<(?:\w+:)?calcPr\b[^<>]*\bfullCalcOnLoad=["'](?:1|true)["']""")
_LONG_FORMAT = re.compile(rb"""formatCode\s*=\s*(?:"[^"]{2000}|'[^']{2000})""")  # Excel takes 255
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
        if b"\x00" in text or _LONG_FORMAT.search(text):
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
        reader = ExcelReader(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.read()
        parts = [
            rel.target
            for _, rel in reader.parser.find_sheets()
            if rel.target in reader.valid_files and "chartsheet" not in rel.Type
        ]
        try:
            return [
                _table(sheet, archive.read(part), calculated=calculated)
                for sheet, part in zip(reader.wb.worksheets, parts, strict=True)
                if sheet.sheet_state == "visible"
            ]
        finally:
            reader.wb.close()


def _table(sheet: Any, raw: bytes, *, calculated: bool) -> Table:
    table = Table(sheet.title)
    _check_cells(sheet.title, raw)
    _check_rows(sheet.title, raw)
    if _FORMULA.search(raw):
        table.wrongs |= _without_result(raw, calculated=calculated)
    if b"hidden" in raw:
        table.hidden = {
            int(told[1])
            for row in _ROW.finditer(raw)
            if _HIDDEN.search(row[1]) and (told := _NUMBER.search(row[1]))
        }
    if b"mergeCell" in raw:
        for area in _MERGE.finditer(raw):
            left, top, right, bottom = range_boundaries(area[1].decode())
            table.merged.append((top, left - 1, bottom, right - 1))
    percents = _Percents()
    # The size that a sheet gives itself may be wrong, and the row after the last be styled.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MOST_ROWS + TOP, max_col=MOST_COLUMNS)
    for number, row in enumerate(rows, 1):
        cells = [cell for cell in row if cell.value is not None]
        if not cells:
            continue
        texts = [""] * cells[-1].column
        for cell in cells:
            place = cell.column - 1
            texts[place] = _text(table, number, place, cell, percents)
        wrongs = table.wrongs
        if any(texts) or (wrongs and any((number, at) in wrongs for at in range(len(texts)))):
            table.rows.append((number, texts))
    return table


def _check_cells(name: str, raw: bytes) -> None:
    if raw.count(b"<") > MOST_CELLS:  # else there cannot be as many cells
        cells = sum(1 for _ in _CELL.finditer(raw))
        if cells > MOST_CELLS:
            words = f"It has {cells:,} cells, most of them empty. Delete the empty formatted rows."
            raise BadFile(Fault(0, "", words, sheet=name))
    if not _FAR.search(raw):
        return
    for head, inside in _cells(raw):
        ref = _REF.search(head)
        if not ref or len(ref[1]) == 1 or not _SAYS.search(inside):
            continue
        if column_index_from_string(ref[1].decode()) > MOST_COLUMNS:
            words = f"It has more than {MOST_COLUMNS} columns. Delete those that are not needed."
            raise BadFile(Fault(int(ref[2]), "", words, name, ref[1].decode()))


def _check_rows(name: str, raw: bytes) -> None:
    """Rows that repeat or go back would be passed over in silence, and so would too many."""
    last = 0
    for row in _ROW.finditer(raw):
        number = _NUMBER.search(row[1])
        last += 1
        if number:
            if int(number[1]) < last or int(number[1]) > LAST_ROW:
                raise BadZipFile("rows out of order")
            last = int(number[1])
        if last > MOST_ROWS + TOP:
            _check_empty(name, raw, last, row.start())
            return


def _check_empty(name: str, raw: bytes, number: int, start: int) -> None:
    """Nothing may stand in the rows after those that are read, though they may be styled."""
    for head, inside in _cells(raw, start):
        if _SAYS.search(inside):
            ref = _REF.search(head)
            place = (int(ref[2]), ref[1].decode()) if ref else (number, "")
            words = f"It has more than {MOST_ROWS:,} rows. Split it."
            raise BadFile(Fault(place[0], "", words, sheet=name, letter=place[1]))


def _cells(raw: bytes, start: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """What each cell says of itself, and what stands in it: the text up to the next one."""
    starts = [found.start() for found in _CELL.finditer(raw, start)]
    for begins, ends in zip(starts, [*starts[1:], len(raw)], strict=True):
        head, _, inside = raw[begins:ends].partition(b">")
        if head.endswith(b"/"):
            inside = b""
        elif found := _CELL_END.search(inside):
            inside = inside[: found.start()]
        yield head, inside


def _without_result(raw: bytes, *, calculated: bool) -> dict[tuple[int, int], str]:
    """The formulas whose result was never saved."""
    found = {}
    for head, inside in _cells(raw):
        if not _FORMULA.search(inside) or not (ref := _REF.search(head)):
            continue
        if not calculated or not (_RESULT.search(inside) or _IS_TEXT.search(head)):
            place = int(ref[2]), column_index_from_string(ref[1].decode()) - 1
            found[place] = (
                "This is a formula without a saved result. Open the file in Excel and save it, "
                "or type the figure itself."
            )
    return found


class _Percents(dict[str, bool]):
    """Which formats show their numbers as percentages, each looked at once."""

    def __missing__(self, shown: str) -> bool:
        self[shown] = "%" in _LITERAL.sub("", shown)
        return self[shown]


def _text(table: Table, row: int, place: int, cell: Any, percents: _Percents) -> str:
    """A cell as a person would type what it shows."""
    value = cell.value
    if table.wrongs and (row, place) in table.wrongs:
        return ""
    if isinstance(value, str):
        if cell.data_type == "e":
            table.wrongs[row, place] = f"The cell shows an error ({value}). Type the figure itself."
            return ""
        return value.strip()
    if isinstance(value, bool):
        table.kinds[row, place] = "boolean"
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        if percents[cell.number_format or ""]:
            table.kinds[row, place] = "percent"
            return f"{_plain(_exactly(value) * 100)}%"
        text = format(value, ".15g")
        return text if text.lstrip("-").replace(".", "").isdigit() else _plain(_exactly(value))
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
