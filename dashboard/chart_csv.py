"""The chart as CSV: UTF-8 with its mark, figures plain, text that is never taken for a formula."""

import codecs
import csv
import io
from decimal import Decimal

FORMULA = "=+-@＝＋－＠\t\r\n'"


def as_csv(heads, rows):
    """The bytes of the file. A missing figure is a blank, never a zero."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    for row in (heads, *rows):
        writer.writerow([_plain(cell) for cell in row])
    return codecs.BOM_UTF8 + out.getvalue().encode()


def _plain(cell):
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return f"'{cell}" if cell.strip()[:1] in FORMULA and cell.strip() else cell
