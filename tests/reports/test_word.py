"""The report as Word: what a clerk edits and pastes says all that the report says."""

import io
import itertools
import os
import subprocess
import sys
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.files import word
from reports.files.word_parts import writable
from reports.shapes import Document

from .documents import make_document
from .hostile import TYPED, each_different, told_in


def opened(document):
    return docx.Document(io.BytesIO(word.written(document)))


def texts(file):
    """Every paragraph, those in tables too."""
    return [
        "".join(
            part.text or "" if part.tag == qn("w:t") else "\n"
            for part in one.iter(qn("w:t"), qn("w:br"))
        )
        for one in file.element.body.iter(qn("w:p"))
    ]


@pytest.fixture(scope="module")
def document():
    return make_document(kpis=8, schools=14)


@pytest.fixture(scope="module")
def file(document):
    return opened(document)


def test_it_is_a4_in_english_and_says_what_it_is(file, document):
    upright, across, again = file.sections

    for section in (upright, again):
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)
    assert file.core_properties.title == "Board report: Autumn 2025, Northmere Learning Trust"
    [language] = file.styles["Normal"].element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "en-GB"


def test_headings_are_words_own_and_leave_no_level_out(file):
    told = [
        (p.style.name, p.text)
        for p in file.paragraphs
        if p.style.name.startswith(("Title", "Head"))
    ]

    assert told[0] == ("Title", "Board report: Autumn 2025")
    levels = [0 if name == "Title" else int(name[-1]) for name, _ in told]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert ("Heading 1", "2 Exceptions") in told
    assert ("Heading 2", "2.1 Attendance, Ashdale CE Primary") in told


def test_every_table_repeats_its_heads_and_splits_no_row(file):
    assert len(file.tables) > 10
    for table in file.tables:
        first, *rest = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        for row in (first, *rest):
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_a_status_is_a_letter_a_word_and_a_fill(file, document):
    [worst] = [table for table in file.tables if _caption(table) == "Worst"]
    cell = worst.rows[1].cells[1]

    assert cell.text == "R Off target"
    assert cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == "A3122A"


def test_more_schools_than_fit_stand_in_tables_after_it(file, document):
    heads = [[cell.text for cell in table.rows[0].cells] for table in file.tables]
    schools = [
        name for row in heads if row[0] == "KPI" and row[2:3] == ["Trust"] for name in row[3:]
    ]

    assert set(schools) == {column.name for column in document.matrix.columns}
    assert max(len(row) for row in heads) == 15


def _caption(table):
    return table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_what_is_not_there_is_left_out():
    document = make_document(
        exceptions=0, sections=(), matrix=None, definitions=(), restatements=()
    )

    words = texts(opened(document))

    assert "2 Exceptions" not in words
    assert "3 Priorities" not in words
    assert "4 All results" not in words
    assert "We ask you to" in words


def test_hostile_text_in_every_field_stands_there_as_it_was_typed():
    document, _ = each_different(make_document(text=TYPED, kpis=2, schools=2, exceptions=2))

    file = opened(document)
    told = texts(file)
    footer = file.sections[0].footer.paragraphs[0].text
    whole = "".join("\n".join([*told, footer]).split())

    parts = [getattr(document, name) for name in Document.__slots__ if name not in ("matrix",)]
    names = tuple(column.name for column in document.matrix.columns)
    found = list(told_in(*parts, document.matrix.rows, names))
    assert len(found) > 40
    assert [text for text in found if "".join(writable(text).split()) not in whole] == []


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_what_xml_cannot_hold_is_left_out(character):
    assert writable(f"a{character}b\tc\r\nd") == "ab\tc\nd"


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=200))
def test_any_text_anywhere_makes_a_file_that_opens(text):
    assert opened(make_document(text=text, kpis=1, schools=1, exceptions=1, priorities=1)).tables


def test_another_process_on_another_day_makes_the_same_bytes(document):
    script = (
        "import sys; from reports.files import word; from reports.shapes import Document;"
        "sys.stdout.buffer.write(word.written(Document.read(sys.stdin.read())))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script],
        input=document.as_json().encode(),
        env={**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )

    assert made.stdout == word.written(document)
    with zipfile.ZipFile(io.BytesIO(made.stdout)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
