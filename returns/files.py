"""Files of figures: the rows of a long CSV, or what is wrong with the file.

Nothing here knows a database: what the cells mean is decided in
``returns.importing``.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from schools.csv_text import restored

COLUMNS = (
    "unit",
    "measure_code",
    "academic_year",
    "term",
    "pupil_group",
    "value",
    "numerator",
    "denominator",
    "on",
    "respondents",
    "invited",
    "reviewer",
    "kind",
    "evidence",
    "why",
    "what_next",
)
NEEDED = ("unit", "measure_code", "term")
MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
ENCODINGS = {"utf-8": "UTF-8", "windows-1252": "Windows-1252"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, row or file, and what is allowed instead.

    ``row`` is the number that a spreadsheet shows, 1 for the head; 0 for the file.
    """

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "the file"
        return f"{where}{f', {self.column}' if self.column else ''}: {self.words}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its cells by column, without the spaces around them."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class BadFile(Exception):
    """The file cannot be read at all; ``faults`` say why."""

    def __init__(self, *faults: Fault):
        self.faults = list(faults)
        super().__init__(*map(str, faults))


def read_rows(data: bytes, encoding: str = "utf-8") -> tuple[list[Row], list[Fault]]:
    """The rows that are not blank, and the faults of those that cannot be read.

    UTF-8, with or without its mark, unless Windows-1252 is declared; UTF-16
    with its mark. BadFile if it is no such table at all.
    """
    text = _decoded(data, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [cell.strip().lower() for cell in next(reader, [])]
        _check_head(head)
        return _rows(reader, head)
    except csv.Error as why:
        raise BadFile(Fault(reader.line_num, "", f"This is no CSV: {why}.")) from None


def _decoded(data: bytes, encoding: str) -> str:
    if len(data) > MOST_BYTES:
        raise BadFile(Fault(0, "", "It is larger than 5 MB. Split it into several files."))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16"
    else:
        codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as why:
        line = data[: why.start].count(b"\n") + 1
        raise BadFile(
            Fault(
                line,
                "",
                f"This is not {ENCODINGS.get(encoding, codec)}. Save the file as CSV UTF-8, "
                "or declare --encoding windows-1252.",
            )
        ) from None
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise BadFile(Fault(line, "", "It holds a NUL character, so it is no text file."))
    return text


def _check_head(head: list[str]) -> None:
    faults = [
        Fault(1, name or "(empty)", f"Unknown column. Allowed: {', '.join(COLUMNS)}.")
        for name in head
        if name not in COLUMNS
    ][:200]
    faults += [Fault(1, name, "This column is missing.") for name in NEEDED if name not in head]
    faults += [
        Fault(1, name, "This column stands there twice.")
        for name in COLUMNS
        if head.count(name) > 1
    ]
    if faults:
        raise BadFile(*faults)


def _rows(reader: Iterator[list[str]], head: list[str]) -> tuple[list[Row], list[Fault]]:
    rows, faults = [], []
    for number, cells in enumerate(reader, start=2):
        if number > MOST_ROWS + 1:
            raise BadFile(Fault(number, "", f"It has more than {MOST_ROWS:,} rows. Split it."))
        cells = [restored(cell.strip()) for cell in cells]
        if not any(cells):
            continue
        if len(cells) > len(head) and any(cells[len(head) :]):
            faults.append(Fault(number, "", "It has more cells than the head has columns."))
            continue
        rows.append(Row(number, dict(zip(head, cells, strict=False))))
    return rows, faults
