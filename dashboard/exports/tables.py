"""What a file holds, whatever it is written as: tables of typed cells.

A figure is a Decimal with the decimals of its measure, a count is an int, and
everything else is text: no writer guesses what a cell is. None is a blank, and
a blank is never a zero.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpis.rag.verdict import Status

WRAPS = 24  # in a wider column long words go on below
Plain = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Shaded:
    """A cell as the matrix shows it: a figure or a word, the letter and colour of its status.

    ``after`` are its marks in short. ``dim`` is what a filter has greyed.
    """

    value: str | Decimal
    status: Status | None = None
    after: str = ""
    dim: bool = False

    @property
    def letter(self):
        """R, A or G; what has no colour says so in words, and needs no letter."""
        return self.status.letter if self.status is not None and self.status.is_colour else ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the sign of its unit, which is its format: 94.1% is the number 94.1."""

    value: Decimal
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A head, and how wide the column is in a workbook, in characters."""

    head: str
    width: int = 12
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a page. ``key`` names it in an address, ``title`` on a sheet.

    ``fixed`` columns stay in sight when the others are scrolled or printed.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Plain | Shaded | Amount, ...], ...]
    fixed: int = 1


@dataclass(frozen=True, slots=True)
class Book:
    """All tables of a page. ``name`` begins the name of the file.

    ``about`` says what it is, whose, of when, and how to read it. What holds of
    all terms is not ``of_term``: neither the file nor its name says one.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    about: tuple[tuple[str, str], ...] = ()
    of_term: bool = True


def columns(*heads):
    """Columns by their heads, each with its width where twelve is not enough."""
    pairs = [head if isinstance(head, tuple) else (head, 12) for head in heads]
    return tuple(Column(head, width, wraps=width > WRAPS) for head, width in pairs)


FIGURE = (("Figure", 9), ("Code", 6), ("As shown", 16))  # what written.figure_cells fills


def marks_in_words(marks):
    """The marks beside a status, as words."""
    return "; ".join(mark.words for mark in marks)


def yes(is_so):
    """A yes that can be filtered for; "no" is said too, so that a blank means nothing else."""
    return "yes" if is_so else "no"
