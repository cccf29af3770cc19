"""How files of figures are read: every odd cell has its answer, every trap is refused."""

import csv
import io
import time
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from returns.spreadsheets.checks import workbooks_are_read_safely
from returns.spreadsheets.files import MOST_CELLS, BadFile, UnknownHeads
from returns.spreadsheets.reading import read_file
from returns.spreadsheets.shapes import rows_of

HEADS = ["unit", "measure_code", "academic_year", "term", "value", "why"]


def book(*rows, heads=HEADS, sheet="Data", change=lambda sheet: None):
    """The bytes of a workbook with one long sheet; ``change`` is given the sheet."""
    made = Workbook()
    made.active.title = sheet
    for row in (heads, *rows):
        made.active.append(row)
    change(made.active)
    return saved(made)


def saved(made):
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def with_part(data, name, text):
    """The same zip, with another text in one of its parts; None takes the part away."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        if text is not None:
            new.writestr(name, text, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


SHEET = "xl/worksheets/sheet1.xml"


def line(value="93.5", why="Flu"):
    return ["100001", "attendance", "2025/26", "Autumn", value, why]


def values_of(data, **options):
    return [row["value"] for row in rows_of(read_file(data), **options).rows]


def refused(data, encoding="utf-8"):
    """Every fault that a file is refused with, as words."""
    try:
        found = rows_of(read_file(data, encoding))
    except BadFile as why:
        return [str(fault) for fault in why.faults]
    return [str(fault) for fault in found.faults]


def percent(sheet):
    sheet["E2"].number_format = "0.0%"


def two_merged(sheet):
    sheet.merge_cells("E2:E3")


def hide_second(sheet):
    sheet.row_dimensions[2].hidden = True


# What a cell counts as


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (93.5, "93.5"),
        (93, "93"),
        (93.0, "93"),
        (0.1 + 0.2, "0.3"),
        (-0.4, "-0.4"),
        (1e-7, "0.0000001"),
        (123456789012, "123456789012"),
        ("  93.5 ", "93.5"),
        ("1,204", "1,204"),
        ("£340,000", "£340,000"),
        ("(0.4)", "(0.4)"),
        ("CLEAR", "CLEAR"),
        ("n/a", "n/a"),
        (None, ""),
    ],
)
def test_a_cell_says_what_a_person_would_type(value, text):
    assert values_of(book(line(value))) == [text]


@pytest.mark.parametrize("shown", ["0%", "0.0%", '0.00" per cent"%', "[Red]0.0%"])
def test_a_per_cent_cell_counts_as_it_is_shown(shown):
    def as_percent(sheet):
        sheet["E2"].number_format = shown

    [row] = rows_of(read_file(book(line(0.934), change=as_percent))).rows

    assert (row["value"], row.kinds) == ("93.4%", {"value": "percent"})


def test_a_per_cent_sign_that_is_only_written_changes_no_number():
    def literal(sheet):
        sheet["E2"].number_format = '0.0"%"'

    assert values_of(book(line(93.4), change=literal)) == ["93.4"]


def test_a_day_and_a_ticked_box_are_told_apart_from_numbers():
    rows = rows_of(
        read_file(
            book(
                line(date(2026, 3, 9)), line(True), line(datetime.fromisoformat("2026-03-09 10:30"))
            )
        )
    ).rows

    assert [(row["value"], row.kinds["value"]) for row in rows] == [
        ("2026-03-09", "date"),
        ("TRUE", "boolean"),
        ("2026-03-09 10:30:00", "date"),
    ]


def test_a_formula_counts_by_its_saved_result():
    data = book(line("=90+3.5"))
    raw = part(data, SHEET).replace(b"<f>90+3.5</f><v />", b"<f>90+3.5</f><v>93.5</v>")
    raw = raw.replace(b"<f>90+3.5</f><v></v>", b"<f>90+3.5</f><v>93.5</v>")
    assert b"<v>93.5</v>" in raw
    names = part(data, "xl/workbook.xml").replace(b' fullCalcOnLoad="1"', b"")
    data = with_part(with_part(data, SHEET, raw), "xl/workbook.xml", names)

    assert values_of(data) == ["93.5"]


def test_a_formula_without_a_saved_result_is_no_blank():
    assert refused(book(line("=90+3.5"), line("94"))) == [
        "sheet Data, row 2, value: This is a formula without a saved result. Open the file in "
        "Excel and save it, or type the figure itself."
    ]


def test_a_result_that_no_spreadsheet_has_worked_out_is_no_zero():
    """Some programs write 0 beside each formula and ask for it to be worked out."""
    data = book(line("=90+3.5"))
    raw = part(data, SHEET).replace(b"<v />", b"<v>0</v>").replace(b"<v></v>", b"<v>0</v>")

    assert "formula without a saved result" in refused(with_part(data, SHEET, raw))[0]


def test_an_error_in_a_cell_is_said_and_is_no_blank():
    assert refused(book(line("#DIV/0!"))) == [
        "sheet Data, row 2, value: The cell shows an error (#DIV/0!). Type the figure itself."
    ]


def test_merged_cells_are_refused_where_figures_stand():
    assert refused(book(line(), line(), change=two_merged)) == [
        "sheet Data, row 2, value: The cells E2:E3 are merged. Unmerge them and fill in each one."
    ]


def test_cells_merged_over_what_nobody_reads_do_no_harm():
    def far_away(sheet):
        sheet.merge_cells("H2:H3")

    assert values_of(book(line(), line("94"), change=far_away)) == ["93.5", "94"]


def test_a_hidden_row_is_read_and_said_to_be_hidden():
    found = rows_of(read_file(book(line(), line("94"), change=hide_second)))

    assert [row.hidden for row in found.rows] == [True, False]


def test_a_hidden_sheet_is_not_read():
    made = load_workbook(io.BytesIO(book(line())))
    other = made.create_sheet("Old figures")
    other.append(["nothing", "of", "ours"])
    other.sheet_state = "hidden"

    assert values_of(saved(made)) == ["93.5"]


# What is refused before it is parsed


def test_the_site_does_not_start_where_workbooks_would_be_read_unsafely(monkeypatch):
    assert workbooks_are_read_safely(None) == []

    monkeypatch.setattr("openpyxl.DEFUSEDXML", False)

    [error] = workbooks_are_read_safely(None)
    assert error.id == "returns.E001"


def bomb():
    """60 MB of one letter in a zip of some kilobytes."""
    return with_part(book(line()), "xl/worksheets/sheet9.xml", b"x" * 60_000_000)


def entities(kind):
    traps = {
        "laughs": b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]>',
        "outside": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        "declared": b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    }
    data = book(line())
    head, _, rest = part(data, SHEET).partition(b"<sheetData>")
    head = head if head.startswith(b"<?xml") else b'<?xml version="1.0"?>' + head
    declared, _, root = head.partition(b"?>")
    text = declared + b"?>" + traps[kind] + root + b"<sheetData>" + rest
    return with_part(data, SHEET, text)


def with_parts(count):
    data = book(line())
    result = io.BytesIO(data)
    with zipfile.ZipFile(result, "a") as archive:
        for number in range(count):
            archive.writestr(f"xl/more/{number}.xml", "<a/>")
    return result.getvalue()


def wide_awake():
    """More cells than anybody fills in, all of them empty and coloured."""
    cells = b'<c r="A2" s="1"/>' * (MOST_CELLS + 1)
    data = book(line())
    raw = part(data, SHEET).replace(b"</sheetData>", b'<row r="9">' + cells + b"</row></sheetData>")
    return with_part(data, SHEET, raw)


def utf_16_part():
    data = book(line())
    raw = part(data, SHEET).decode()
    raw = raw.split("?>", 1)[-1]
    return with_part(
        data, SHEET, ('<?xml version="1.0" encoding="UTF-16"?>' + raw).encode("utf-16")
    )


def open_document():
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    return result.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TRAPS = {
    "too large": (lambda: b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    "a zip bomb": (bomb, "Unpacked it is larger than 50 MB"),
    "a thousand parts": (lambda: with_parts(1_000), "more than 1,000 parts"),
    "entities in entities": (lambda: entities("laughs"), "It defines XML entities"),
    "an entity from a file": (lambda: entities("outside"), "It defines XML entities"),
    "a DTD from elsewhere": (lambda: entities("declared"), "It defines XML entities"),
    "a part in UTF-16": (utf_16_part, "It is damaged"),
    "coloured emptiness": (wide_awake, "most of them empty"),
    "huge styles": (
        lambda: with_part(book(line()), "xl/styles.xml", b"<a>" + b" " * 5_000_000 + b"</a>"),
        "xl/styles.xml in it is too large",
    ),
    "macros": (lambda: with_part(book(line()), "xl/vbaProject.bin", b"x"), "It has macros"),
    "a binary workbook": (lambda: with_part(book(line()), "xl/workbook.bin", b"x"), ".xlsb"),
    "OpenDocument": (open_document, ".ods"),
    "old Excel": (lambda: OLE, "old Excel workbook (.xls)"),
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "It has a password"),
    "another zip": (lambda: with_part(book(line()), "xl/workbook.xml", None), "not a workbook"),
    "a cut off zip": (lambda: book(line())[:3_000], "It is damaged"),
    "a PDF": (lambda: b"%PDF-1.7 ...", "It is a PDF"),
    "a web page": (lambda: b"<html><table>", "It is a web page"),
    "nothing": (lambda: b"", "It is empty"),
}


@pytest.mark.parametrize(("made", "words"), TRAPS.values(), ids=TRAPS)
def test_a_trap_is_refused_with_advice(made, words):
    [said] = refused(made())

    assert words in said


def test_the_size_that_a_sheet_declares_is_not_believed():
    data = book(*[line(str(number)) for number in range(5)])
    for dimension in (b"A1:B2", b"A1:XFD1048576"):
        raw = part(data, SHEET).replace(b"A1:F6", dimension)
        assert dimension in raw
        assert values_of(with_part(data, SHEET, raw)) == ["0", "1", "2", "3", "4"]


def test_a_formatted_cell_in_the_last_row_is_no_row():
    def far(sheet):
        sheet["XFD1048576"].number_format = "0.0%"

    assert values_of(book(line(), change=far)) == ["93.5"]


def test_a_figure_in_the_last_column_is_not_passed_over():
    def far(sheet):
        sheet["XFD2"] = 1

    assert refused(book(line(), change=far)) == [
        "sheet Data, row 2: It has more than 200 columns. Delete those that are not needed."
    ]


def test_a_figure_far_below_is_not_passed_over():
    def far(sheet):
        sheet["B20005"] = 1

    assert refused(book(line(), change=far)) == [
        "sheet Data, row 20005: It has more than 20,000 rows. Split it."
    ]


def test_what_an_apostrophe_quotes_is_seen_too():
    data = book(line("=1+1"), line())
    raw = part(data, SHEET).replace(b'"', b"'")
    raw = raw.replace(b"<row r='3'", b"<row hidden='1' r='3'")

    [said] = refused(with_part(data, SHEET, raw))
    assert "row 2, value: This is a formula without a saved result" in said
    hidden = [row.hidden for row in rows_of(read_file(with_part(data, SHEET, raw))).rows]
    assert hidden == [True]


LONG = 50_000
DAMAGED = {
    "cells that never end": (SHEET, b"<sheetData>", b'<c r="A1"><f>' * LONG),
    "cells in a comment": (SHEET, b"</sheetData>", b"<!--" + b'<c r="AA1" t="n"><f>' * LONG),
    "rows that never end": (SHEET, b"<sheetData>", b"<row " * LONG),
    "merged cells that never end": (SHEET, b"<sheetData>", b"<mergeCell " * LONG),
    "columns that never end": (SHEET, b"<sheetData>", b' r="AA1"' * LONG),
    "a book that never ends": ("xl/workbook.xml", b"<sheets>", b"<calcPr " * LONG),
    "a format that never ends": ("xl/styles.xml", b'formatCode="', b"[" * LONG),
}


@pytest.mark.parametrize(("where", "after", "what"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_at_great_length_is_refused_as_soon(where, after, what):
    data = book(line("=1+1"), change=percent)
    raw = part(data, where)
    assert after in raw
    at = time.process_time()

    assert refused(with_part(data, where, raw.replace(after, after + what)))

    assert time.process_time() - at < 10  # a guard against hanging


def test_a_figure_beside_the_columns_is_not_passed_over():
    def beside(sheet):
        sheet["H2"] = 1

    assert "Unknown column" in refused(book(line(), heads=[*HEADS, None, "x"], change=beside))[0]
    assert "more cells than the head" in refused(book(line(), change=beside))[0]


def test_rows_that_go_back_are_not_passed_over():
    raw = part(book(line(), line("94")), SHEET).replace(b'<row r="3"', b'<row r="2"')

    assert "It is damaged" in refused(with_part(book(line(), line("94")), SHEET, raw))[0]


def test_too_many_rows_are_refused_and_the_limit_goes_in():
    def far_down(sheet):
        sheet["A20010"] = "100001"

    rows = [["1", "a", "2025/26", "Autumn", "1", ""]] * 20_000
    text = "\n".join(",".join(row) for row in [HEADS, *rows])

    assert len(rows_of(read_file(text.encode())).rows) == 20_000
    assert "more than 20,000 rows" in refused(f"{text}\n1,a,2025/26,Autumn,1,".encode())[0]
    assert "more than 20,000 rows" in refused(book(line(), change=far_down))[0]


# Letters and separators


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-8"), ("cp1252", "windows-1252")],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_of_any_program_is_read(encoding, declared, separator):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([HEADS, line("93.5", "Café, £\nand flu")])

    [row] = rows_of(read_file(text.getvalue().encode(encoding), declared)).rows

    assert (row["value"], row["why"]) == ("93.5", "Café, £\nand flu")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"unit,measure_code,term\nA,\x00,Autumn", "row 2: It holds a NUL"),
        (b"unit,measure_code,term\nA,caf\xe9,Autumn", "row 2: This is not UTF-8."),
        (b"\xff\xfeu\x00n\x00i", "This is not UTF-16"),
    ],
)
def test_broken_letters_are_refused(data, words):
    assert words in refused(data)[0]


def test_the_apostrophe_that_keeps_a_text_from_being_a_formula_is_taken_away():
    data = b"unit,measure_code,term,value,why\nA,b,Autumn,'-0.4,'=late again\n"

    [row] = rows_of(read_file(data)).rows

    assert (row["value"], row["why"]) == ("-0.4", "=late again")


# Shapes


def grid(*rows, urn="100001", year="2025/26", sheet="Autumn", heads=None):
    made = Workbook()
    made.active.title = sheet
    heads = heads or ["unit", "measure_code", "measure", "pupil_group", "value", "why"]
    for row in (["URN", urn], ["Academic year", year], [], heads, *rows):
        made.active.append(row)
    return saved(made)


def test_a_grid_says_its_school_and_term_once():
    found = rows_of(read_file(grid([None, "attendance", "Attendance", None, 93.5, "Flu"])))

    [row] = found.rows
    assert (row.sheet, row.number, row.of) == ("Autumn", 5, "100001")
    assert (row["unit"], row["academic_year"], row["term"]) == ("100001", "2025/26", "autumn")
    assert (row["value"], row.letters["value"]) == ("93.5", "E")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"urn": None}, "sheet Autumn, row 1, unit: Write the URN of the school in B1."),
        ({"year": None}, "sheet Autumn, row 2, academic_year: Write the academic year in B2"),
        ({"sheet": "Winter"}, "sheet Winter: A sheet with figures is named for its term"),
        (
            {"heads": ["unit", "measure_code", "measure", "pupil_group", "score", "why"]},
            "sheet Autumn, row 4, score: Unknown column.",
        ),
    ],
)
def test_a_grid_without_its_top_is_refused(options, words):
    assert words in refused(grid([None, "attendance", "", None, 93.5, ""], **options))[0]


def test_a_sheet_of_notes_beside_a_grid_is_left_alone_and_said_so():
    made = load_workbook(io.BytesIO(grid([None, "attendance", "", None, 93.5, ""])))
    made.create_sheet("My notes").append(["ask the office"])

    assert rows_of(read_file(saved(made))).notes == [
        'Sheet "My notes" was left alone: it is no sheet of a term.'
    ]


def test_several_sheets_without_one_called_data_are_asked_about():
    made = load_workbook(io.BytesIO(book(line(), sheet="One")))
    made.create_sheet("Two").append(["unit"])

    assert "Call the one with the figures Data" in refused(saved(made))[0]


def test_the_heads_of_another_program_can_be_said_to_be_ours():
    data = book(["100001", "attendance", 93.5], heads=["School URN", "Code", "Pct"])
    with pytest.raises(UnknownHeads) as why:
        rows_of(read_file(data))
    assert why.value.heads == ["School URN", "Code", "Pct"]
    assert why.value.sample == [["100001", "attendance", "93.5"]]

    [row] = rows_of(
        read_file(data),
        names={"school urn": "unit", "code": "measure_code", "pct": "value"},
        given={"term": "Autumn", "academic_year": "2025/26"},
    ).rows

    assert (row["unit"], row["value"], row["term"]) == ("100001", "93.5", "Autumn")


def test_what_is_wrong_says_sheet_row_column_and_what_stands_there():
    [row] = rows_of(read_file(book(line("lots")))).rows
    fault = row.fault("value", "Enter a number.")

    assert str(fault) == 'sheet Data, row 2, value: Enter a number. It says "lots".'
    assert (fault.letter, fault.text) == ("E", "lots")
