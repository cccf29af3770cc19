"""Tables as a workbook: a sheet each, figures as numbers, and nothing is ever a formula.

The same tables give the same bytes: no clock is asked. Rows are handed on as
they are written, so a large matrix takes little memory.
"""

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook

from kpis.rag.verdict import Status
from schools.csv_text import unmarked

from .tables import Amount, Column, Shaded, Table

A4 = 9
# As on the screen: the worst is the darkest, so that paper without colour says the same.
FILLS = {
    Status.RED: ("#A3122A", "#FFFFFF"),
    Status.AMBER: ("#EFA12B", "#1F1400"),
    Status.GREEN: ("#DDF1E3", "#0A4020"),
}
GREYED = "#4A5160"
HEAD = {"bold": True, "bg_color": "#E3E6EB", "bottom": 1, "text_wrap": True, "valign": "top"}
NAMELESS = str.maketrans("[]:*?/\\", "       ")


def written(book, as_at):
    """The bytes of the workbook. ``as_at`` is the day that it says it was made."""
    to = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(to, options) as workbook:
        workbook.set_properties({"title": book.title, "created": datetime.combine(as_at, time())})
        one = _Sheets(workbook, book)
        for table in (*book.tables, _about(book)):
            one.add(table)
    return to.getvalue()


def _about(book):
    columns = (Column("About this file", 28), Column("", 90, wraps=True))
    return Table("about", "About", columns, book.about)


class _Sheets:
    """Adds tables to one workbook, which keeps each format once."""

    def __init__(self, workbook, book):
        self.workbook, self.book = workbook, book
        self.formats, self.names = {}, set()

    def add(self, table):
        sheet = self.workbook.add_worksheet(self._name(table.title))
        self._lay_out(sheet, table)
        wraps = [column.wraps for column in table.columns]
        head = self._format(**HEAD)
        for place, column in enumerate(table.columns):
            self._write_text(sheet, 0, place, column.head, head)
        for number, row in enumerate(table.rows, start=1):
            for place, cell in enumerate(row):
                self._write(sheet, number, place, cell, wraps[place])

    def _lay_out(self, sheet, table):
        """How it looks on a screen and on paper: A4 across, heads on every page."""
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(1, table.fixed)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(f"&L{_in_a_header(self.book.title)}&R{_in_a_header(table.title)}")
        sheet.set_footer("&RPage &P of &N")

    def _write(self, sheet, row, place, cell, wraps):
        if cell is None or cell == "":
            return
        if isinstance(cell, Shaded):
            self._write_shaded(sheet, row, place, cell)
        elif isinstance(cell, Amount):
            before, shown = _quoted(cell.before), f"{_decimals(cell.value)}{_quoted(cell.after)}"
            look = self._format(num_format=f"{before}{shown};-{before}{shown}", valign="top")
            sheet.write_number(row, place, cell.value, look)
        elif isinstance(cell, (int, Decimal)):
            look = self._format(num_format=_decimals(cell), valign="top")
            sheet.write_number(row, place, cell, look)
        elif isinstance(cell, date):
            has_time = isinstance(cell, datetime)
            shown = "d mmm yyyy h:mm" if has_time else "d mmm yyyy"
            sheet.write_datetime(row, place, cell, self._format(num_format=shown, valign="top"))
        else:
            self._write_text(sheet, row, place, cell, self._format(text_wrap=wraps, valign="top"))

    def _write_text(self, sheet, row, place, words, look):
        """The words as they are, also those that XlsxWriter would take for its own markup."""
        sheet.write_string(row, place, unmarked(words), look)

    def _write_shaded(self, sheet, row, place, cell):
        """The letter and the marks are the format of a number, which stays a number."""
        fill, ink = FILLS.get(cell.status, ("", ""))
        look = {"align": "right", "valign": "top"}
        if cell.dim:
            look["font_color"] = GREYED
        elif fill:
            look |= {"bg_color": fill, "font_color": ink, "border": 1, "border_color": "#FFFFFF"}
        before, after = f"{cell.letter} ".lstrip(), f" {cell.after}".rstrip()
        if isinstance(cell.value, str):
            words = f"{before}{cell.value}{after}"
            self._write_text(sheet, row, place, words, self._format(**look))
            return
        shown = "".join((_quoted(before), _decimals(cell.value), _quoted(after)))
        look["num_format"] = f"{shown};{_quoted(before)}-{shown.removeprefix(_quoted(before))}"
        sheet.write_number(row, place, cell.value, self._format(**look))

    def _format(self, **look):
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(look)
        return self.formats[key]

    def _name(self, title):
        """A name that a sheet may have, and that no other sheet has."""
        name = " ".join(title.translate(NAMELESS).strip(" '").split())[:28].rstrip(" '") or "Sheet"
        taken = sum(one == name.lower() for one in self.names)
        while name.lower() in self.names:
            taken += 1
            name = f"{name[:25]} {taken}"
        self.names.add(name.lower())
        return name


def _decimals(value):
    """How a number is shown: with as many decimals as it has."""
    places = -value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return f"#,##0.{'0' * places}" if places > 0 else "#,##0"


def _quoted(words):
    """Words inside a number format, which ends them with the sign that it begins them with."""
    return '"{}"'.format(words.replace('"', "'")) if words else ""


def _in_a_header(words):
    """Words in a header of paper, where & begins a command; at most 255 signs fit in all."""
    return words[:100].replace("&", "&&")
