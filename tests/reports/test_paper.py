"""The PDF: tagged for who hears it, the same bytes every time, and whole whatever is in it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest

from reports.pdf import row_heads
from reports.pdf.paper import written
from reports.shapes import Ask, Document, Question
from tests.paper_pictures import PAGES, pages_of

from .documents import make_document
from .structure import Paper, squeezed

BIG = {"kpis": 49, "schools": 12, "exceptions": 14, "priorities": 4}


@pytest.fixture(scope="module")
def usual():
    return make_document(kpis=8, schools=5)


@pytest.fixture(scope="module")
def printed(usual):
    return Paper(written(usual))


@pytest.fixture(scope="module")
def big():
    return Paper(written(make_document(**BIG)))


# For who hears it


def test_it_says_that_it_is_tagged_what_it_is_called_and_in_which_language(printed):
    assert printed.catalogue["/MarkInfo"]["/Marked"]
    assert printed.catalogue["/Lang"] == "en-GB"
    assert printed.catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    title = "Board report: Autumn 2025, Northmere Learning Trust"
    assert printed.reader.metadata.title == title
    assert printed.reader.xmp_metadata.dc_title["x-default"] == title
    assert b"pdfuaid:part" in printed.catalogue["/Metadata"].get_data()


def test_headings_go_from_1_to_3_and_leave_no_level_out(big):
    levels = [int(one.kind[1]) for one in big.root.every(*(f"H{n}" for n in range(1, 7)))]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert set(levels) == {1, 2, 3}
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_heading_is_a_bookmark(printed, usual):
    told = printed.bookmarks()

    assert told[0] == (1, "Board report: Autumn 2025")
    parts = [title for depth, title in told if depth == 2]
    assert parts == [
        "We ask you to",
        "Summary",
        "How results stand",
        "Worst, improving and falling",
        "Questions you might ask",
        "Figures put right since they were printed",
        "2 Exceptions",
        "3 Priorities",
        "4 All results",
        "Definitions and target rules",
        "How to read this report",
        "Figures from outside",
    ]
    items = [title for depth, title in told if depth == 3]
    first, section = usual.exceptions[0], usual.sections[0]
    assert f"2.1 {first.kpi}, {first.school}" in items
    assert f"3.1 {section.code} {section.title}" in items


def test_every_table_has_heads_that_say_what_they_head(big):
    tables = list(big.root.every("Table"))

    assert len(tables) > 20
    for table in tables:
        [first, *rest] = table.every("TR")
        columns = [(one.kind, one.scope) for one in first.inside]
        assert set(columns) == {("TH", "Column")}
        assert rest
        for row in rest:
            head, *cells = ((one.kind, one.scope) for one in row.inside)
            assert head == ("TH", "Row")
            assert set(cells) == {("TD", "")}
            assert len(cells) < len(columns)


def test_the_heads_of_rows_move_no_byte_of_the_file(big):
    """Whatever says where something stands in the file is as true as it was."""
    told = row_heads._places(big.body)

    assert len(told) > 1000
    assert all(big.body[place:].startswith(b"%d 0 obj" % number) for number, place in told.items())
    assert b"/Headers[(" not in big.body.partition(b"/S/TD")[2].partition(b"endobj")[0]
    with pytest.raises(row_heads.Unexpected):
        row_heads.with_row_heads(big.body)


def test_every_chart_says_in_words_what_it_shows(usual, printed):
    told = [one.alt for one in printed.root.every("Figure")]

    assert all(told)
    results = (*usual.worst, *usual.improving, *usual.falling)
    sparks = [one.spark.say for one in (*results, *usual.exceptions)]
    sparks += [row.spark.say for section in usual.sections for row in section.kpis]
    for say in {*sparks, *(one.bullet.say for one in usual.exceptions)}:
        assert told.count(say) >= 1
    assert told.count(usual.exceptions[0].bullet.say) == sum(
        one.bullet.say == usual.exceptions[0].bullet.say for one in usual.exceptions
    )
    assert f"How many stand where: {usual.counts.now.say}" in told


# What stands where


def test_page_1_holds_what_a_trustee_needs_in_two_minutes(usual, printed):
    first = squeezed(printed.pages[0])

    for words in (
        *(one.words for one in usual.asks),
        *usual.summary,
        usual.header.meeting_on,
        usual.header.completeness,
        usual.header.provisional,
        usual.header.correction,
        usual.counts.words,
        f"Figures as at {usual.header.as_at} · version 2 · prepared by A. Jones",
        *(one.words for one in usual.questions),
    ):
        assert squeezed(words) in first
    before = {part.status: part.count for part in usual.counts.before.parts}
    for part in usual.counts.now.parts:
        words = {"red": "R Off", "amber": "A Close to", "green": "G On"}.get(part.status, "No")
        noun = "status" if words == "No" else "target"
        told = f"{words} {noun} {part.count} {before[part.status]}"
        assert squeezed(told) in first
    for one in (*usual.worst, *usual.improving, *usual.falling):
        assert squeezed(f"{one.kpi}{one.school}") in first
        assert squeezed(one.movement.words) in first


def test_a_long_summary_is_set_smaller_before_page_1_runs_over():
    summary = tuple(
        "Attendance rose in six of our twelve schools this term. " * 5 for _ in range(3)
    )
    asks = tuple(Ask(n, "Approve the revised attendance target", "2.1") for n in (1, 2, 3))
    questions = tuple(
        Question(f"What is different by {year}?", "2.1") for year in (2026, 2027, 2028)
    )
    document = make_document(summary=summary, asks=asks, questions=questions)

    [first, *_] = Paper(written(document)).pages

    assert sum(len(words.split()) for words in summary) == 150
    assert squeezed(questions[-1].words) in squeezed(first)
    assert "prepared by" in first


def test_what_the_board_is_asked_names_the_page_of_the_item(printed):
    page = next(number for number, text in enumerate(printed.pages, 1) if "2.1 Attendance" in text)

    assert squeezed(f"attendance target (2.1, page {page})") in squeezed(printed.pages[0])


def test_every_page_says_whose_it_is_and_which_of_how_many(big):
    pages = len(big.pages)

    for number, text in enumerate(big.pages, 1):
        foot = (
            "Northmere Learning Trust · Board report: Autumn 2025 · version 2 · 3 February 2026"
            f"page {number} of {pages}"
        )
        assert squeezed(text).endswith(squeezed(foot))


def test_the_matrix_lies_across_the_paper_and_repeats_its_heads(big):
    wide = [
        text
        for page, text in zip(big.reader.pages, big.pages, strict=True)
        if page.mediabox.width > page.mediabox.height
    ]

    assert len(wide) >= 2
    assert all("Priority" in text and "School 12" in text for text in wide)


def test_an_exception_is_never_split():
    document = make_document(exceptions=30)

    printed = Paper(written(document))

    for one in document.exceptions:
        named = squeezed(f"{one.number} {one.kpi}, {one.school}")
        [page] = [squeezed(text) for text in printed.pages if named in squeezed(text)]
        after = page[page.index(named) :]
        assert squeezed(f"Named here because: {one.suggested}.") in after


def test_an_invented_trust_says_so_on_every_page(usual):
    document = replace(usual, header=replace(usual.header, is_example=True))

    pages = Paper(written(document)).pages

    assert all("Example: everything here is invented" in text for text in pages)


# The same bytes


def test_the_same_document_gives_the_same_bytes_in_every_process_and_at_once(usual, printed):
    again = Document.read(usual.as_json())
    with ThreadPoolExecutor(3) as threads:
        bodies = list(threads.map(written, [usual, again, usual]))

    assert set(bodies) == {printed.body}


def test_another_process_on_another_day_and_in_another_zone_makes_the_same_bytes(usual, printed):
    script = (
        "import sys; from reports.pdf.paper import written; from reports.shapes import Document;"
        "sys.stdout.buffer.write(written(Document.read(sys.stdin.read())))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script],
        input=usual.as_json().encode(),
        env={**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )

    assert made.stdout == printed.body


def test_another_figure_gives_other_bytes(usual, printed):
    first, *others = usual.worst
    other = replace(usual, worst=(replace(first, figure="12.3%"), *others))

    assert "12.3%" in Paper(written(other)).words


def test_a_report_of_49_kpis_and_12_schools_stays_below_2_megabytes(big):
    assert len(big.pages) >= 20
    assert len(big.body) < 2_000_000


# Whatever is in it


LONG = "A very long name that goes on and on about the provision for pupils " * 5


@pytest.mark.parametrize(
    "document",
    [
        make_document(kpis=1, schools=1, exceptions=0, priorities=1),
        make_document(text=LONG, exceptions=2, schools=2),
        make_document(text="Donaudampfschifffahrtsgesellschaft" * 9, exceptions=1, schools=14),
        make_document(text="x", matrix=None, definitions=(), explained=(), releases=()),
        make_document(
            asks=(),
            summary=(),
            worst=(),
            improving=(),
            falling=(),
            questions=(),
            exceptions=0,
            sections=(),
            restatements=(),
            matrix=None,
            definitions=(),
        ),
    ],
    ids=["smallest", "long names", "words without an end", "no appendix", "empty plan"],
)
def test_it_is_made_of_anything(document):
    printed = Paper(written(document))

    assert printed.pages
    assert all(one.alt for one in printed.root.every("Figure"))


def test_a_hundred_schools_stand_in_tables_side_by_side_and_none_is_left_out():
    document = make_document(kpis=3, schools=100, exceptions=0, priorities=1)

    printed = Paper(written(document))

    assert all(squeezed(f"School {number}") in printed.words for number in range(7, 101))


def test_an_exception_longer_than_a_page_goes_on_over_the_page():
    document = make_document(exceptions=1)
    [one] = document.exceptions
    long = tuple(f"Line {number} of what the school says." for number in range(200))
    document = replace(document, exceptions=(replace(one, reply="\n".join(long)),))

    printed = Paper(written(document))

    assert all(squeezed(line) in printed.words for line in long)


def test_pictures_are_taken_of_the_pages_where_parts_begin(printed):
    found = pages_of(printed.body)

    assert sorted(found.values()) == ["definitions", "exceptions", "first", "matrix", "priority"]
    for page, name in found.items():
        heading = next(words for words, called in PAGES.items() if called == name)
        assert heading in printed.pages[page - 1]
