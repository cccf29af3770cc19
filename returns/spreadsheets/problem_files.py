"""The problems of a file as a file: where each stands, what it says, what is allowed."""

import codecs
import csv
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from schools.csv_text import defused, unmarked

HEADS = ("file", "sheet", "row", "column", "heading", "says", "problem")


def _lines(name, faults):
    for fault in faults:
        row = fault.row or ""
        yield name, fault.sheet, row, fault.letter, fault.column, fault.text, fault.words


def problems_csv(name, faults):
    text = StringIO(newline="")
    # In quotes, so that no program takes a text for a number or a day.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(HEADS)
    for line in _lines(name, faults):
        writer.writerow([defused(cell) if isinstance(cell, str) else cell for cell in line])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def problems_xlsx(name, faults):
    data = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(data, options) as book:
        sheet = book.add_worksheet("Problems")
        sheet.set_column(0, 4, 14)
        sheet.set_column(5, 5, 24)
        sheet.set_column(6, 6, 90)
        sheet.freeze_panes(1, 0)
        for number, line in enumerate([HEADS, *_lines(name, faults)]):
            for place, cell in enumerate(line):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, unmarked(cell))
    return data.getvalue()
