"""One table as CSV: UTF-8 with its mark, commas, lines that end in CR LF (RFC 4180).

Excel takes a text that begins with = + - or @ for a formula, in quotes or not.
So such a text gets an apostrophe in front. A text that has one there already
gets another: whoever takes one away again has the text as it was. Numbers are
written plainly and stay numbers: -0.4 is no text.
"""

import codecs
from datetime import date, datetime
from decimal import Decimal

from .tables import Shaded

# What starts a formula, in full width too: some programs take those for the same.
STARTS = frozenset("=+-@＝＋－＠")
CONTROLS = frozenset("\t\r\n")
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u00ad"


def written(table):
    """The bytes of the file."""
    rows = [[column.head for column in table.columns], *table.rows]
    lines = "".join(f"{','.join(map(_field, row))}\r\n" for row in rows)
    return codecs.BOM_UTF8 + lines.encode()


def defused(text):
    """The text, with an apostrophe in front where it could be taken for a formula.

    >>> defused("=1+1"), defused("'=1+1"), defused("Don't"), defused("'tis")
    ("'=1+1", "''=1+1", "Don't", "'tis")
    """
    return f"'{text}" if _could_start_a_formula(text.lstrip("'")) else text


def restored(text):
    """What a field said before it was defused."""
    is_defused = text[:1] == "'" and _could_start_a_formula(text.lstrip("'"))
    return text[1:] if is_defused else text


def _could_start_a_formula(text):
    seen = text.lstrip().lstrip(UNSEEN).lstrip()
    return text[:1] in CONTROLS or (seen[:1] in STARTS if seen else False)


def _field(cell):
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Shaded):
        cell = shaded(cell)
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
