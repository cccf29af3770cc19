"""Rows of figures as a file tells them, and what is wrong with a file.

Nothing here knows a database: what the cells mean is decided in
``returns.spreadsheets.importing``. How bytes become rows is in ``returns.spreadsheets``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
# What a template tells its reader, and ``seen``: which line it was made from.
TOLD = ("school", "measure", "unit_of_measure", "read_by", "last_figure", "rule", "how_to_answer")
SEEN = "seen"

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_ENTRIES = 1_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = 400_000
MOST_BOOKS = 150  # in one zip
ENCODINGS = {"utf-8": "UTF-8", "windows-1252": "Windows-1252"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, row or file, and what is allowed instead.

    ``row`` is the number that a spreadsheet shows, 0 for the file or sheet;
    ``letter`` that of the column, ``text`` what stands there.
    """

    row: int
    column: str
    words: str
    sheet: str = ""
    letter: str = ""
    text: str = ""

    def __str__(self) -> str:
        where = [f"sheet {self.sheet}"] if self.sheet else []
        where += [f"row {self.row}"] if self.row else []
        where += [self.column] if self.column else []
        said = f' It says "{shortened(self.text)}".' if self.text else ""
        return f"{', '.join(where) or 'the file'}: {self.words}{said}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its cells by column, without the spaces around them.

    ``kinds`` says which cells were no plain text or number: "percent", "date" or
    "boolean". ``of`` is what stands at the top of a grid: the unit whose return
    the row goes into, in the term that the sheet is named for; "" where only the
    term is said, None where ``term`` is of the period that the row is about.
    ``group`` is the code of the pupil group that the heads of its figures say, if any.
    """

    number: int
    cells: dict[str, str]
    sheet: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False
    of: str | None = None
    group: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(self, column: str, words: str) -> Fault:
        """What is wrong in one of its cells; in the whole row without a column."""
        text = self[column]
        letter = self.letters.get(column, "")
        return Fault(self.number, column, words, self.sheet, letter, text)


class BadFile(Exception):
    """The file cannot be read at all; ``faults`` say why."""

    def __init__(self, *faults: Fault):
        self.faults = list(faults)
        super().__init__(*map(str, faults))


class UnknownHeads(BadFile):
    """The heads are other words than ours: somebody has to say what they mean.

    ``heads`` are those of the file, ``sample`` its first rows.
    """

    def __init__(self, heads: list[str], sample: list[list[str]], *faults: Fault):
        self.heads, self.sample = heads, sample
        super().__init__(*faults)


def shortened(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def letters_of(place: int) -> str:
    """The letters of a column, counted from 0.

    >>> letters_of(0), letters_of(25), letters_of(26), letters_of(16_383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
