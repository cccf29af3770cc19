"""A template as a workbook or CSV: heads that cannot be typed over, boxes that can.

The same rows give the same bytes. Nothing in it is ever a formula.
"""

import codecs
import re
from datetime import datetime, time
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from django.utils.text import slugify
from xlsxwriter import Workbook

from schools.csv_text import defused, unmarked

from .files import COLUMNS, SEEN, TOLD

PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{0,5}[1-9])?")
GRID = (
    "unit",
    "measure_code",
    "measure",
    "pupil_group",
    "value",
    "numerator",
    "denominator",
    "why",
    "what_next",
)
BESIDE = ("on", "respondents", "invited", "reviewer", "kind", "evidence")
NAMING = frozenset({"unit", "measure_code", "academic_year", "term", "pupil_group"})
WIDTHS = {
    "measure_code": 24,
    "measure": 38,
    "school": 26,
    "read_by": 34,
    "rule": 26,
    "how_to_answer": 44,
    "why": 36,
    "what_next": 36,
    "evidence": 30,
    "unit_of_measure": 18,
    "last_figure": 16,
    "reviewer": 20,
}
HELP = (
    ("What to do", "Fill in the white boxes, save the file, and upload it on the page it is from."),
    ("Nothing is stored", "until you have seen what would change and have said yes."),
    ("Blank", "changes nothing. CLEAR takes a figure away."),
    ("n/a or z", "not applicable"),
    ("few or c", "too few pupils to say"),
    ("later or x", "not available yet; write the day when it is expected under on"),
    (
        "Numbers",
        "94.1 or 94.1%, 1,204, £340,000, -0.4 or (0.4). For a percentage write 93.4, not 0.934.",
    ),
    ("Order", "Rows may be sorted and columns moved: each row is found by its codes."),
    ("seen", "says which figures you were shown, so that nobody's later change is lost. Leave it."),
)
HEAD = {"bold": True, "bg_color": "#E3E6EB", "bottom": 1, "text_wrap": True, "valign": "top"}
TOLD_LOOK = {"font_color": "#4A5160", "text_wrap": True, "valign": "top"}
BOX = {"locked": False, "border": 1, "border_color": "#8A93A3", "valign": "top"}
CLOSED = {"bg_color": "#E3E6EB", "border": 1, "border_color": "#FFFFFF"}
MAY = {
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


def long_csv(rows):
    """One line for each answer; the columns that tell stand last."""
    columns = [*COLUMNS, *TOLD, SEEN]
    lines = [columns, *([row.cells.get(name, "") for name in columns] for row in rows)]
    text = "".join(f"{','.join(map(_field, line))}\r\n" for line in lines)
    return codecs.BOM_UTF8 + text.encode()


def _field(text):
    if text == "" or PLAIN.fullmatch(text):
        return text
    return '"' + defused(text).replace('"', '""') + '"'


def long_xlsx(rows, *, title, as_at):
    """A workbook with the sheet Data, one row for each answer."""
    with _Book(title, as_at) as book:
        columns = [
            "school",
            "measure",
            *COLUMNS,
            *(c for c in TOLD if c not in ("school", "measure")),
        ]
        book.add("Data", _asked_for(columns, rows), rows, heads_at=0)
    return book.data


def grid_xlsx(sheets, *, title, as_at):
    """A workbook for one return: ``sheets`` are (name, unit, academic year, rows)."""
    with _Book(title, as_at) as book:
        for name, unit, year, rows in sheets:
            beside = [c for c in BESIDE if any(c in row.boxes for row in rows)]
            told = [c for c in TOLD if c not in ("school", "measure")]
            columns = [*GRID, *beside, *told, SEEN]
            rows = [_in_grid(row, unit) for row in rows]
            top = (("URN" if unit.isdigit() else "Return of", unit), ("Academic year", year))
            book.add(name, columns, rows, heads_at=3, top=top)
    return book.data


def zipped(books):
    """Workbooks in one zip: ``books`` are (words that name it, bytes), one at a time.

    Each is called after its words, in letters that any system takes. A zip
    dates its parts; these are all of 1980, so the same books give the same bytes.
    """
    to, taken = BytesIO(), set()
    with ZipFile(to, "w") as archive:  # stored: a workbook is packed already
        for words, data in books:
            name = slugify(words)
            while name in taken:
                name += "-2"
            taken.add(name)
            archive.writestr(ZipInfo(f"{name}.xlsx"), data)
    return to.getvalue()


def _in_grid(row, unit):
    """The unit stands at the top already, and is said again where it is another one."""
    own = "" if row.cells["unit"] == unit else row.cells["unit"]
    return type(row)({**row.cells, "unit": own}, row.boxes, row.choices)


def _asked_for(columns, rows):
    """Without the columns that no row needs."""
    unused = {c for c in BESIDE if not any(c in row.boxes for row in rows)}
    return [c for c in columns if c not in unused] + [SEEN]


class _Book:
    """One workbook being written: its formats, its sheet of help."""

    def __init__(self, title, as_at):
        self._to = BytesIO()
        self._book = Workbook(
            self._to,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        created = datetime.combine(as_at, time())
        self._book.set_properties({"title": title, "created": created})
        self._looks = {
            name: self._book.add_format(look)
            for name, look in {
                "head": HEAD,
                "told": TOLD_LOOK,
                "box": BOX,
                "words": {**BOX, "text_wrap": True},
                "closed": CLOSED,
                "strong": {"bold": True, "valign": "top"},
            }.items()
        }

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._help()
        self._book.close()
        self.data = self._to.getvalue()

    def add(self, name, columns, rows, *, heads_at, top=()):
        sheet = self._book.add_worksheet(name)
        for number, (label, text) in enumerate(top):
            self._write(sheet, number, 0, label, "strong")
            self._write(sheet, number, 1, text, "strong")
        for place, column in enumerate(columns):
            hidden = {"hidden": True} if column == SEEN else {}
            sheet.set_column(place, place, WIDTHS.get(column, 13), None, hidden)
            self._write(sheet, heads_at, place, column, "head")
        for number, row in enumerate(rows, start=heads_at + 1):
            for place, column in enumerate(columns):
                self._cell(sheet, number, place, column, row)
        fixed = columns.index("measure") + 1
        sheet.freeze_panes(heads_at + 1, fixed)
        sheet.protect("", MAY)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(heads_at)

    def _cell(self, sheet, number, place, column, row):
        text = row.cells.get(column, "")
        if column in NAMING or column in TOLD or column == SEEN:
            self._write(sheet, number, place, text, "told")
        elif column not in row.boxes:
            self._write(sheet, number, place, text, "closed")
        else:
            wide = column in ("why", "what_next", "evidence")
            self._write(sheet, number, place, text, "words" if wide else "box")
        if choices := column in row.boxes and row.choices.get(column):
            # A list that lets other text through: a figure is typed where a reason can be chosen.
            source = choices if sum(map(len, choices)) + len(choices) < 250 else choices[:6]
            sheet.data_validation(
                number,
                place,
                number,
                place,
                {"validate": "list", "source": source, "show_error": False},
            )

    def _write(self, sheet, row, place, text, look):
        look = self._looks[look]
        if text == "":
            sheet.write_blank(row, place, None, look)
        elif PLAIN.fullmatch(text) and len(text.replace(".", "")) <= 15:
            sheet.write_number(row, place, float(text), look)
        else:
            sheet.write_string(row, place, unmarked(text), look)

    def _help(self):
        sheet = self._book.add_worksheet("How to fill in")
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 90)
        for number, (label, text) in enumerate(HELP):
            self._write(sheet, number, 0, label, "strong")
            self._write(sheet, number, 1, text, "told")
        sheet.protect("", MAY)
