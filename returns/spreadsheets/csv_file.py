"""A CSV as a table: its letters, its separator, its rows."""

import csv
import io
from collections.abc import Iterator

from schools.csv_text import restored

from .files import ENCODINGS, MOST_COLUMNS, MOST_ROWS, BadFile, Fault
from .table import Table

SEPARATORS = ",\t;"
_NAMES = ENCODINGS | {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}


def read_csv(data: bytes, encoding: str = "utf-8") -> Table:
    """One table. UTF-8, with or without its mark, unless Windows-1252 is declared;
    UTF-16 with its mark. BadFile if it is no table at all.
    """
    text = _decoded(data, encoding)
    separator, text, skipped = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    table = Table()
    try:
        table.rows = list(_rows(reader, skipped))
    except csv.Error as why:
        raise BadFile(Fault(reader.line_num + skipped, "", f"This is no CSV: {why}.")) from None
    return table


def _decoded(data: bytes, encoding: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    else:
        codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as why:
        line = data[: why.start].count(b"\n") + 1
        words = (
            f"This is not {_NAMES.get(codec, codec)}. Save the file as CSV UTF-8, or say "
            "that it is Windows-1252 (on the page, or declare --encoding windows-1252)."
        )
        raise BadFile(Fault(line, "", words)) from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise BadFile(Fault(line, "", "It holds a NUL character, so it is no text file."))
    return text


def _separator(text: str) -> tuple[str, str, int]:
    """What stands between cells, the text without a line that says so, and if there was one."""
    first, _, rest = text.lstrip("\ufeff").partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and len(said) == 5 and said[4] in ",;|":
        return said[4], rest, 1
    found = max(SEPARATORS, key=first.count)
    return found, text, 0


def _rows(reader: Iterator[list[str]], skipped: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(reader, start=1 + skipped):
        if number > MOST_ROWS + 1 + skipped:
            raise BadFile(Fault(number, "", f"It has more than {MOST_ROWS:,} rows. Split it."))
        cells = [restored(cell.strip()) for cell in cells]
        if not any(cells):
            continue
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise BadFile(Fault(number, "", f"It has more than {MOST_COLUMNS} columns."))
        yield number, cells
