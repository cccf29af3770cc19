"""The boxes of the grid are those of Django's own widgets."""

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from returns.boxes import HiddenBox, ListBox, TextBox

TEXTS = [None, "", "94.1", '"><script>alert(1)</script>', "é & 'so' on", 0]
ATTRS = {"id": "id_x", "size": 7, "disabled": True, "hidden": False, "title": 'a "b" <c>'}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    ("ours", "theirs"), [(TextBox, forms.TextInput), (HiddenBox, forms.HiddenInput)]
)
def test_a_box_is_written_as_django_writes_it(ours, theirs, text):
    assert ours(ATTRS).render("x", text) == theirs(ATTRS).render("x", text)


@pytest.mark.parametrize("chosen", ["", "b<", "none of them"])
def test_a_list_is_written_as_django_writes_it(chosen):
    choices = [("", "Choose"), ("a", "One & two"), ("b<", "<Three>")]

    ours = ListBox(ATTRS, choices=choices).render("x", chosen)

    assertHTMLEqual(ours, forms.Select(ATTRS, choices=choices).render("x", chosen))
