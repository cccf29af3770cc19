"""What a leader is told before publishing: how long the report is, and what it lacks."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from reports.building.ready import minutes_of, readiness
from reports.building.sheets import sheets_of
from reports.pdf import paper

from .documents import make_document

SIZES = {
    "one result": {"kpis": 1, "schools": 1, "exceptions": 1, "priorities": 1},
    "usual": {},
    "large": {"kpis": 20, "schools": 5, "exceptions": 8, "priorities": 3},
    "a board pack": {"kpis": 49, "schools": 12, "exceptions": 14, "priorities": 4},
    "many schools": {"kpis": 12, "schools": 30, "exceptions": 2, "priorities": 4},
}


def pages_of(document):
    return PdfReader(io.BytesIO(paper.written(document))).pages


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_that_are_said_are_those_of_the_pdf_give_or_take_one(size):
    document = make_document(**SIZES[size])

    assert abs(sheets_of(document) - len(pages_of(document))) <= 1


def test_what_takes_more_room_takes_more_pages():
    document = make_document()
    long = "The register was corrected in October, and late arrivals are rung at home. " * 5
    [first, *others] = document.exceptions
    wordy = replace(
        document, exceptions=tuple(replace(one, why=long, what_next=long) for one in [first] * 9)
    )
    bare = replace(document, matrix=None, definitions=(), exceptions=(), restatements=())

    assert sheets_of(wordy) >= sheets_of(document) + 3
    assert sheets_of(bare) == sheets_of(document) - 2
    assert [first, *others] == list(document.exceptions)


def test_lines_of_the_last_terms_count_for_nothing():
    document = make_document(kpis=20, schools=5, exceptions=8, priorities=3)
    bare = replace(
        document,
        worst=tuple(replace(one, spark=None) for one in document.worst),
        exceptions=tuple(replace(one, spark=None) for one in document.exceptions),
        sections=tuple(
            replace(section, kpis=tuple(replace(row, spark=None) for row in section.kpis))
            for section in document.sections
        ),
    )
    assert bare != document

    assert lines(bare) == lines(document)


def test_reading_time_counts_what_stands_before_the_appendix():
    document = make_document(kpis=20, schools=3, exceptions=6, priorities=2)
    front = replace(document, matrix=None, definitions=(), explained=(), releases=())
    words = sum(len(page.extract_text().split()) for page in pages_of(front))

    assert minutes_of(front) == minutes_of(document)
    assert minutes_of(document) == pytest.approx(words / 200, rel=0.2)


def lines(document, late=0, uncommented=0):
    told = readiness(document, late=late, uncommented=uncommented)
    return told.phrases, told.advice


def test_the_line_says_what_is_late_what_lacks_a_comment_and_how_long_it_is():
    document = make_document()

    phrases, advice = lines(document, late=8, uncommented=1)

    assert phrases[0] == "8 results late, marked as late"
    assert "1 exception without a comment" in phrases
    assert f"about {sheets_of(document)} pages" in phrases
    assert advice == ()


def test_it_advises_to_shorten_what_is_long_and_to_name_an_exception():
    document = make_document(kpis=49, schools=12, exceptions=14, priorities=4)
    wordy = replace(document, summary=("word " * 151,), exceptions=())

    assert lines(document)[1] == ("Boards read shorter reports. Try fewer exceptions.",)
    assert lines(wordy)[1][-2:] == (
        "The summary has 151 words. Shorten it to 150.",
        "No exception is ticked: a board reads those first.",
    )
