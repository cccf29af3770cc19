"""CSV files of the register: row by row, as downloaded or as a spreadsheet saved them."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# More say nothing new, and a broken file of 50,000 rows would fill the screen.
MOST_NAMED = 50
CHUNK = 1 << 20
LONGEST_CELL = 4000
DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
# What the register writes where nobody has said when.
NO_DAY = date(1900, 1, 1)


class BadRegister(ValueError):
    """The files cannot be used; ``problems`` has a sentence for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Problems:
    """What is wrong in one file, named by line and column; the first fifty in words."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.number = 0
        self._sentences: list[str] = []

    def add(self, says: str, line: int | None = None, column: str = "") -> None:
        self.number += 1
        if self.number <= MOST_NAMED:
            where = [self.name]
            where += [f"line {line}"] if line else []
            where += [column] if column else []
            self._sentences.append(f"{', '.join(where)}: {says}")

    @property
    def sentences(self) -> list[str]:
        more = self.number - len(self._sentences)
        return self._sentences + ([f"{self.name}: and {more:,} more like these."] if more else [])

    def stop(self) -> None:
        """BadRegister if there is any."""
        if self.number:
            raise BadRegister(self.sentences)


@dataclass(slots=True)
class Row:
    """One line of a file, its cells by column; a column that the file has not is blank.

    What cannot be read is added to ``problems``, and the answer is None.
    """

    line: int
    cells: list[str]
    columns: Mapping[str, int]
    problems: Problems

    def raw(self, column: str) -> str:
        at = self.columns.get(column)
        return "" if at is None or at >= len(self.cells) else self.cells[at].strip()

    def wrong(self, column: str, says: str) -> None:
        """Name the cell with its text; ``says`` goes on after it."""
        text = "".join(
            c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in self.raw(column)
        )
        self.problems.add(f"“{text[:80]}” {says}", self.line, column)

    def text(self, column: str, longest: int = LONGEST_CELL) -> str | None:
        """Words that can be shown: no formula, no lost or unreadable character."""
        text = self.raw(column)
        if text.startswith(("=", "+", "@", "-")):
            self.wrong(column, "begins like a formula of a spreadsheet; words are allowed.")
            return None
        if any(c == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(c)[0] == "C" for c in text):
            self.wrong(
                column,
                "has a character that was lost or cannot be read; download the file again and "
                "do not save it in another program.",
            )
            return None
        if len(text) > longest:
            self.wrong(column, f"is too long; {longest} characters are allowed.")
            return None
        return text

    def urn(self, column: str) -> str | None:
        text = self.raw(column)
        if len(text) == 6 and text.isascii() and text.isdecimal():
            return text
        self.wrong(column, "is no URN; six digits are allowed.")
        return None

    def whole(self, column: str, most: int) -> int | None:
        """A whole number from 0 to ``most``; None for a blank too."""
        text = self.raw(column)
        if not text:
            return None
        if text.isascii() and text.isdecimal() and int(text[:9]) <= most and len(text) <= 9:
            return int(text)
        self.wrong(column, f"is no whole number; 0 to {most:,} is allowed.")
        return None

    def code(self, column: str, codes: Collection[int], allowed: str) -> int | None:
        """One of the codes, with or without its leading nought; a blank is wrong."""
        text = self.raw(column)
        if text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) in codes:
            return int(text)
        self.wrong(column, f"is not known here; allowed are {allowed}.")
        return None

    def day(self, column: str) -> date | None:
        """A day; None for a blank and where the register itself has none."""
        try:
            return read_day(self.raw(column))
        except ValueError:
            self.wrong(column, "is no day; allowed is a day like 31-08-2026.")
            return None


def read_day(text: str) -> date | None:
    """A day written 31-08-2026 or 31/08/2026, None for no day; ValueError for all else."""
    if not text:
        return None
    found = DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, month, year = map(int, found.groups())
    read = date(year, month, day)
    return None if read == NO_DAY else read


def read_rows(
    path: Path, needed: Collection[str], problems: Problems, never_filled: str = ""
) -> Iterator[Row]:
    """Every row of a file, one at a time; BadRegister if it is no such file at all.

    A row with more or fewer cells than the header is named and left out.
    ``needed`` are the columns that must be there; others may be, in any order.
    ``never_filled`` is a last column that the register names and then leaves
    out of every row.
    """
    encoding = encoding_of(path)
    # A byte that is not of the encoding is only wrong in a cell that is used.
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [column.strip() for column in next(reader, [])]
            _check_header(header, needed, problems)
            columns = {column: at for at, column in enumerate(header)}
            line, width = reader.line_num + 1, 0
            for cells in reader:
                if cells and not width:
                    lacks = header[-1] == never_filled and len(cells) == len(header) - 1
                    width = len(header) - lacks
                if cells and len(cells) == width:
                    yield Row(line, cells, columns, problems)
                elif cells:
                    problems.add(f"this row has {len(cells)} cells; {width} are needed.", line)
                line = reader.line_num + 1
        except csv.Error as why:
            problems.add(f"this is not CSV as the register writes it ({why}).", reader.line_num)
            problems.stop()


def _check_header(header: list[str], needed: Collection[str], problems: Problems) -> None:
    missing = [column for column in needed if column not in header]
    if len(missing) == len(needed):
        problems.add(
            f"this is no such file of the register: none of the columns {', '.join(needed)}.", 1
        )
    elif missing:
        problems.add(f"the columns {', '.join(missing)} are missing; they are needed.", 1)
    for column in needed:
        if header.count(column) > 1:
            problems.add("this column is there twice.", 1, column)
    problems.stop()


def header_of(path: Path) -> list[str]:
    """The columns of a file."""
    with path.open(encoding=encoding_of(path), errors="surrogateescape", newline="") as file:
        try:
            return [column.strip() for column in next(csv.reader(file, strict=True), [])]
        except csv.Error as why:
            raise BadRegister([f"{path.name}, line 1: this is not CSV ({why})."]) from why


def encoding_of(path: Path) -> str:
    """How a file is written: UTF-8 where all of it is, otherwise Windows-1252.

    The register itself writes Windows-1252; a spreadsheet that saves "CSV
    UTF-8" puts a mark in front. BadRegister for what is no text.
    """
    decode = codecs.getincrementaldecoder("utf-8")().decode
    with path.open("rb") as file:
        first = file.read(4)
        if first.startswith(b"PK\x03\x04"):
            raise BadRegister(
                [f"{path.name}: this is a zip archive or a workbook; take the CSV file out of it."]
            )
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise BadRegister([f"{path.name}: this is UTF-16; save it as “CSV UTF-8”."])
        has_mark = first.startswith(codecs.BOM_UTF8)
        file.seek(0)
        is_utf8 = True
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                raise BadRegister([f"{path.name}: this is no text file; CSV is allowed."])
            if is_utf8 and not has_mark:
                try:
                    decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
    if has_mark:
        return "utf-8-sig"
    return "utf-8" if is_utf8 else "cp1252"
