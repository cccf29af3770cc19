"""Files as they are written: text comes back as it was, figures are numbers, no formulas."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from dashboard.exports import as_csv, as_xlsx
from dashboard.exports.tables import Book, Shaded, Table, columns
from dashboard.exports.written import code_in, number_in
from kpis.rag.shown import Kind, Shown
from kpis.rag.verdict import Status
from schools.csv_text import defused, restored

D = Decimal
DAY = date(2026, 1, 22)
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://example.org","here")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "-0.4 is words here",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "'=1+1",
    "''=1+1",
    "'",
    "{=1+1}",
    "a;=1+1",
    "a,=1+1",
    'a","=1+1',
    '"=1+1"',
    "a\r\n=1+1",
    "<r><t>bold</t></r>",
    "<r></x></r>",
    "</t></is></c><c><f>1+1</f></c>",
    "<script>alert(1)</script>",
    "&amp; & &lt;",
    "http://example.org",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "_x0041_",
    "007",
    "1E5",
    "93,5",
    "12%",
    "TRUE",
    "2026-01-22",
    "None",
    "z",
    "Schools’ “own” words — £5 a week",
    "日本語 🙂",
    "  spaces  ",
    "one\ntwo",
    "x" * 5_000,
    "100% &P &D",
]


def table_of(*rows, heads=("One",)):
    return Table("t", "Table", columns(*heads), tuple(rows))


def read_csv(body):
    """What is in the file, and that it begins with the mark of UTF-8."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def read_xlsx(*tables, about=()):
    body = as_xlsx.written(Book("book", "A & B <&P>", tables, about), DAY)
    return load_workbook(io.BytesIO(body))


# Text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_in_csv_and_each_can_be_had_back(text):
    _, [field] = read_csv(as_csv.written(table_of((text,))))

    assert restored(field) == text
    assert field[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert field.lstrip()[:1] not in tuple("=+-@＝＋－＠")


@given(st.text(alphabet="'=+-@ \t\r\nA1＝\ufeff\u200b,\"", max_size=8))
def test_taking_the_apostrophe_away_gives_the_text_back_whatever_it_was(text):
    assert restored(defused(text)) == text


def test_ordinary_text_is_not_touched():
    for text in ("Attendance", "Don't", "'tis", "−0.4 points", "5 - 6", "a=b"):
        assert defused(text) == text


def test_a_workbook_holds_every_text_as_it_was_typed_and_no_formula():
    sheet = read_xlsx(table_of(*((text,) for text in HOSTILE)))["Table"]

    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    as_xml = [text.replace("\r\n", "\n").replace("\r", "\n") for text in HOSTILE]
    told = [cell.value.replace("_x000D_", "\r").replace("_x005F_", "_") for cell in cells]
    assert [text.replace("\r\n", "\n").replace("\r", "\n") for text in told] == as_xml
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_heads_and_titles_are_as_safe_as_cells():
    hostile = table_of(("x",), heads=("=1+1", "<r><t>bold</t></r>"))
    book = Book("book", "=1+1 & <b>", (hostile,), (("=About", "=1+1"),))
    workbook = load_workbook(io.BytesIO(as_xlsx.written(book, DAY)))

    heads = next(workbook["Table"].iter_rows(max_row=1))
    assert [cell.value for cell in heads] == ["=1+1", "<r><t>bold</t></r>"]
    every = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in every} == {"s"}
    assert read_csv(as_csv.written(hostile))[0][0] == "'=1+1"


@pytest.mark.parametrize("title", ["a/b", "[x]:*?\\", "'quoted'", "", "x" * 60, "Table"])
def test_a_sheet_may_be_named_after_anything(title):
    tables = [Table("a", title, columns("H"), ()), Table("b", title, columns("H"), ())]

    names = read_xlsx(*tables).sheetnames

    assert len({name.lower() for name in names}) == 3
    assert all(len(name) <= 31 for name in names)


# Numbers and blanks


def test_a_figure_is_a_number_with_its_decimals_and_a_blank_is_no_zero():
    rows = (D("93.40"), D("-0.4"), D("0"), 12, None, "", D("1204.5"))
    table = table_of(rows, heads=tuple("abcdefg"))

    assert as_csv.written(table).decode("utf-8-sig").splitlines()[1] == "93.40,-0.4,0,12,,,1204.5"
    cells = next(read_xlsx(table)["Table"].iter_rows(min_row=2))
    assert [cell.value for cell in cells] == [93.4, -0.4, 0, 12, None, None, 1204.5]
    assert [cell.number_format for cell in cells[:3]] == ["#,##0.00", "#,##0.0", "#,##0"]


def test_lines_of_a_csv_end_as_the_standard_says_and_text_stands_in_quotes():
    body = as_csv.written(table_of(('say "hello"', D("1.5")), heads=("a", "b")))

    assert body.decode("utf-8-sig") == '"a","b"\r\n"say ""hello""",1.5\r\n'


def test_a_day_is_a_day():
    cells = next(read_xlsx(table_of((DAY,)))["Table"].iter_rows(min_row=2))

    assert cells[0].value.date() == DAY
    assert as_csv.written(table_of((DAY,))).endswith(b"2026-01-22\r\n")


def test_the_letter_and_the_marks_of_a_cell_leave_its_number_alone():
    shaded = [
        Shaded(D("24.6"), Status.RED, "↑ worse p"),
        Shaded(D("-0.4"), Status.GREEN),
        Shaded("Late", Status.GREY),
        Shaded("Good", Status.AMBER, "p"),
        Shaded(D("5.0"), Status.RED, dim=True),
    ]
    table = table_of(tuple(shaded), heads=tuple("abcde"))
    cells = next(read_xlsx(table)["Table"].iter_rows(min_row=2))

    assert [cell.value for cell in cells] == [24.6, -0.4, "Late", "A Good p", 5]
    assert cells[0].number_format == '"R "#,##0.0" ↑ worse p";"R "-#,##0.0" ↑ worse p"'
    assert [cell.fill.fgColor.rgb for cell in cells[:2]] == ["FFA3122A", "FFDDF1E3"]
    assert cells[4].fill.fill_type is None  # greyed by the filter
    assert [as_csv.shaded(one) for one in shaded[:3]] == ["R 24.6 ↑ worse p", "G -0.4", "Late"]


def test_a_workbook_shows_the_colours_of_the_screen_of_which_the_worst_is_the_darkest():
    css = Path("static/css/tokens.css").read_text()
    light = css[: css.index("prefers-color-scheme")]
    for status, (fill, ink) in as_xlsx.FILLS.items():
        found = dict(re.findall(rf"--{status.value}-(fill|text): (#\w+);", light))
        assert (found["fill"], found["text"]) == (fill, ink)

    def lightness(status):
        red, green, blue = (int(as_xlsx.FILLS[status][0][i : i + 2], 16) for i in (1, 3, 5))
        return 0.3 * red + 0.59 * green + 0.11 * blue

    assert lightness(Status.RED) + 60 < lightness(Status.AMBER) < lightness(Status.GREEN) - 40


# The workbook


def test_the_same_tables_give_the_same_bytes():
    book = Book("book", "Title", (table_of(("a", D("1.0")), heads=("x", "y")),), (("k", "v"),))

    assert as_xlsx.written(book, DAY) == as_xlsx.written(book, DAY)


def test_a_sheet_can_be_read_on_a_screen_and_printed():
    sheet = read_xlsx(Table("t", "Wide", columns(("A", 40), "B"), (("a", "b"),), fixed=1))["Wide"]

    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes, one across
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["A"].width > 35
    assert sheet.oddHeader.left.text == "A && B <&&P>"


# Figures that were written out


@given(
    st.sampled_from(
        [
            Shown(),
            Shown(decimals=0),
            Shown(Kind.NUMBER, 2, "per 100 pupils"),
            Shown(Kind.NUMBER, 2, "per 1,000 pupils"),
            Shown(Kind.NUMBER, 0, "vacancies"),
            Shown(Kind.NUMBER, 1, "score points"),
            Shown(Kind.NUMBER, 1),
            Shown(Kind.MONEY, 0),
            Shown(Kind.MONEY, 2),
        ]
    ),
    st.decimals(-2_000_000, 2_000_000, places=2),
)
def test_a_written_figure_is_read_back_as_the_number_that_was_shown(shown, amount):
    figure = shown.figure(amount)

    for words in (shown.write(figure), shown.distance(figure), shown.plain(figure)):
        assert number_in(words) == figure
        assert -number_in(words).as_tuple().exponent == shown.decimals


@pytest.mark.parametrize(
    "words",
    [
        *("", "Good", "14 of 15", "2 of 4 known", "Late", "n/a?", "few?", "Due Jan", "8.0 to 12.0"),
        *("80.0% now, 85.0% in the end", "Later (Feb)", "Yes, 5 January 2026", "No date", "1 2"),
    ],
)
def test_what_is_no_figure_is_not_taken_for_one(words):
    assert number_in(words) is None


def test_a_word_in_the_place_of_a_figure_has_its_code_and_a_claim_has_none():
    words = ["n/a", "few", "hidden", "Later (Feb)", "n/a?", "few?", "Late", "Due Jan", "Not yet"]

    assert [code_in(one) for one in words] == ["z", "c", "c", "x", "", "", "", "", ""]


def test_counts_behind_a_figure_do_not_hide_it():
    assert number_in("93.4% (93 of 100)") == D("93.4")
