"""Text on its way to paper: nothing is lost that can be read, nothing stays that cannot be set."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.pdf.paper import written
from reports.pdf.printable import BREAK, covered, printable, printable_all

from .documents import make_document
from .hostile import TYPED, each_different
from .structure import Paper, squeezed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (
            "Attendance ≥ 94.0%, £1.2 million, “Ysgol Dŵr”",
            "Attendance ≥ 94.0%, £1.2 million, “Ysgol Dŵr”",
        ),
        ("well done \N{THUMBS UP SIGN}", "well done (thumbs up sign)"),
        ("\N{CJK UNIFIED IDEOGRAPH-65E5}", "(cjk unified ideograph-65e5)"),
        ("w\N{COMBINING CIRCUMFLEX ACCENT}", "ŵ"),
        ("a\x00b\x07c\u202ed\u200be", "abcde"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\tb\u2003c", "a b c"),
        ("㎏ ½", "kg ½"),
        ("\N{PURPLE HEART}\ufe0f", "(purple heart)"),
        ("\ud800half", "half"),
        ("", ""),
    ],
)
def test_a_text_is_printed_as_it_was_typed_as_far_as_the_font_goes(typed, printed):
    assert printable(typed) == printed


@settings(max_examples=300)
@given(st.text())
def test_whatever_was_typed_can_be_set_and_stays_so(typed):
    printed = printable(typed)

    assert {ord(sign) for sign in printed} - {ord("\n")} <= covered()
    assert not [
        sign for sign in printed if unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n"
    ]
    assert printable(printed) == printed


@given(st.text(alphabet=sorted(map(chr, range(32, 127))), max_size=27))
def test_plain_words_are_not_touched(typed):
    assert printable(typed) == typed


@given(st.text(alphabet="abcŵ", min_size=28, max_size=200))
def test_a_word_without_an_end_may_break_and_loses_no_letter(word):
    printed = printable(word)

    assert max(map(len, printed.split(BREAK))) <= 8
    assert printed.replace(BREAK, "") == word


def test_every_text_of_a_document_is_cleaned_and_nothing_else_is_changed():
    assert printable_all({"a\x00": ["b\x00", 1, None, True, {"c": "d\x00"}]}) == {
        "a\x00": ["b", 1, None, True, {"c": "d"}]
    }


def test_hostile_text_in_every_field_stands_in_the_pdf_as_it_was_typed():
    document, told = each_different(make_document(text=TYPED, kpis=2, schools=2, exceptions=2))

    words = Paper(written(document)).words

    unseen = {column.name for column in document.matrix.columns}  # their short names stand there
    missing = [text for text in told if squeezed(printable(text)) not in words]
    assert set(missing) <= unseen
    assert len(told) > 40


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_any_text_anywhere_makes_a_pdf(text):
    assert written(make_document(text=text, kpis=2, schools=2, exceptions=1))
