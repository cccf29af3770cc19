"""One table as CSV: UTF-8 with its mark, commas, lines that end in CR LF (RFC 4180).

No text becomes a formula (``schools.csv_text``). Numbers are written plainly
and stay numbers: -0.4 is no text.
"""

import codecs
from datetime import date, datetime
from decimal import Decimal

from schools.csv_text import defused

from .tables import Amount, Shaded


def written(table):
    """The bytes of the file."""
    rows = [[column.head for column in table.columns], *table.rows]
    return codecs.BOM_UTF8 + "".join(map(line, rows)).encode()


def line(cells):
    """One row of a file, with its end."""
    return f"{','.join(map(_field, cells))}\r\n"


def _field(cell):
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Shaded):
        cell = shaded(cell)
    if isinstance(cell, Amount):
        cell = cell.value
    if isinstance(cell, str):
        text = defused(cell).replace('"', '""')
        return f'"{text}"'
    return plain(cell)


def shaded(cell):
    """A cell of the matrix in words: "R 24.6 p"."""
    value = cell.value if isinstance(cell.value, str) else plain(cell.value)
    return " ".join(part for part in (cell.letter, value, cell.after) if part)


def plain(value):
    """A number, or a day as 2026-01-16."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else str(value)
