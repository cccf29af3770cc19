"""The boxes of the grid are those of Django's own widgets, and take what fits."""

from html import escape

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from returns.grid.boxes import NUL, AreaBox, Box, HiddenBox, ListBox

TEXTS = ["", "94.1", '"><script>alert(1)</script>', "é & 'so' on", "0"]
ABOUT, ATTRS = ' size="7"', {"size": 7, "id": "id_x"}
CHOICES = (("", "Choose"), ("a", "One & two"), ("b<", "<Three>"))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("kind", "theirs", "longest"),
    [
        (Box, forms.TextInput, {"maxlength": 60}),
        (HiddenBox, forms.HiddenInput, {}),
        (AreaBox, forms.Textarea, {"maxlength": 60, "cols": False, "rows": False}),
    ],
)
def test_a_box_is_written_as_django_writes_it(kind, theirs, longest, text):
    ours = kind("value", "Attendance", 60, ABOUT).html("x", text)

    assertHTMLEqual(ours, theirs(ATTRS | longest).render("x", text))


@pytest.mark.parametrize("chosen", ["", "a", "b<"])
def test_a_list_is_written_as_django_writes_it(chosen):
    ours = ListBox("value", "Answer", 60, choices=CHOICES).html("x", chosen)

    assertHTMLEqual(ours, forms.Select({"id": "id_x"}, choices=CHOICES).render("x", chosen))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("green", [("", "Choose"), ("green", "On target"), ("Off", "Off target")]),
        ("On", [("", "Choose"), ("On", "On target"), ("Off", "Off target")]),
        ("<b>", [("", "Choose"), ("On", "On target"), ("Off", "Off target"), ("<b>", "<b>")]),
    ],
)
def test_a_list_keeps_the_words_in_which_an_answer_was_typed(text, options):
    means = {"green": "on", "On": "on", "Off": "off"}
    box = ListBox(
        "rating",
        "Rating",
        40,
        choices=(("", "Choose"), ("On", "On target"), ("Off", "Off target")),
        means=lambda said: means.get(said, said),
    )

    assert list(box.options(text)) == options
    assert f'value="{escape(text)}" selected' in box.html("x", text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("9" * 60, ""),
        ("9" * 61, "Shorten this to 60 characters."),
        (f"9{NUL}3", "Type this again: it has characters that nobody can read."),
    ],
)
def test_a_box_takes_any_text_that_fits(text, problem):
    assert Box("value", "Attendance", 60).problem(text) == problem
