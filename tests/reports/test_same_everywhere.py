"""Page, PDF, Excel and Word of one document say the same, text by text and figure by figure."""

import html
import io
import re
from dataclasses import fields, is_dataclass, replace

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook

from reports.files import word, workbook
from reports.files.page import html_of
from reports.pdf import paper

from .documents import make_document
from .structure import Paper

# What is drawn, counted or looked up, and not read.
KEPT = (
    *("status", "letter", "direction", "kind", "path", "goal", "dot", "x", "width", "end", "tick"),
    *("diamond", "label", "key", "meeting_date", "as_at_moment", "at", "code"),
)
TOKEN = re.compile(r"t\d{5}t")


def each_its_own(value, told, where=""):
    """The same with a token of its own for every text, and in ``told`` where each one stands."""
    if isinstance(value, str) and value:
        told.append(where)
        return f"t{len(told) - 1:05}t"
    if isinstance(value, tuple):
        return tuple(each_its_own(one, told, where) for one in value)
    if is_dataclass(value):
        kind = type(value).__name__
        changed = {
            one.name: each_its_own(getattr(value, one.name), told, f"{kind}.{one.name}")
            for one in fields(value)
            if one.name not in KEPT and not (kind == "Exceptional" and one.name == "number")
        }
        return replace(value, **changed)
    return value


@pytest.fixture(scope="module")
def marked():
    """A document of nothing but tokens, and of each where it stands."""
    told = []
    return each_its_own(make_document(kpis=4, schools=3, exceptions=3), told), told


@pytest.fixture(scope="module")
def on_page(marked):
    document, told = marked
    return _places(html.unescape(html_of(document)), told)


def _places(text, told):
    """The tokens in a text, each with its place in the document."""
    return {(token, told[int(token[1:-1])]) for token in TOKEN.findall(text)}


def test_the_pdf_says_all_that_the_page_says_and_nothing_else(marked, on_page):
    document, told = marked
    printed = Paper(paper.written(document))
    alts = " ".join(one.alt for one in printed.root.every("Figure"))
    on_paper = _places(printed.words + alts, told)

    assert len(on_page) > 200
    # What the page says of a cell for those who cannot see it; on paper the cell itself is read.
    # Page 1 has last term's counts as numbers.
    missing = {one for one in on_page - on_paper if one[1] != "Cell.say"}
    assert {token for token, _ in missing} <= {document.counts.before.say}
    # Nobody judges a risk and none is due; here, where every text stands for itself, both are told.
    risks = [one for section in document.sections for one in section.risks]
    unjudged = {told for one in risks for told in (one.due, one.chip.words if one.chip else "")}
    assert {token for token, _ in on_paper - on_page} <= unjudged


def test_figures_stand_in_the_same_order_in_the_page_and_in_the_pdf(marked):
    document, _ = marked
    page = html.unescape(html_of(document))
    printed = Paper(paper.written(document)).words

    for group in (document.exceptions, document.sections[0].kpis, document.worst):
        figures = [one.figure for one in group]
        assert sorted(figures, key=page.index) == figures
        assert sorted(figures, key=printed.index) == figures


def test_word_says_all_that_the_page_says(marked, on_page):
    document, told = marked
    file = docx.Document(io.BytesIO(word.written(document)))
    words = "".join(part.text or "" for part in file.element.body.iter(qn("w:t")))

    # A cell of the matrix is read itself, and its column by the school's whole name.
    missing = on_page - _places(words, told)
    assert {place for _, place in missing} <= {"Cell.say", "Column.short"}


def test_every_figure_of_exceptions_priorities_and_matrix_is_in_the_workbook(marked, on_page):
    document, told = marked
    book = load_workbook(io.BytesIO(workbook.written(document)))
    words = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)

    missing = {place for _, place in on_page - _places(words, told)}
    # Page 1 is a choice from the matrix; talk about an item stays with the report.
    first = {"Result", "Question", "Counts", "Stack", "Movement", "Answered", "Chip"}
    drawn = {"Spark.say", "Bullet.say", "Column.short", "Matrix.caption", "Exceptional.suggested"}
    assert {place for place in missing if place.split(".")[0] not in first} <= drawn
