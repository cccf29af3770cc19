"""Every sign that can stand in a cell, looked at by axe on the page that explains them."""

import pytest
from django.urls import reverse

from schools.models import Role
from tests.factories import make_trust, make_user

from .sizes import DESK, PHONE, SMALLEST, scrolls_sideways

# A size, what the reader's machine asks for, and which rules axe holds the page to.
LOOKS = {
    "light": (DESK, {}),
    "dark": (DESK, {"color_scheme": "dark"}),
    "forced colours": (DESK, {"forced_colors": "active"}),
    "phone": (PHONE, {}),
    "400% zoom": (SMALLEST, {}),
}


@pytest.fixture
def signs(window):
    """The page of all signs, as a trustee reads it."""
    trust = make_trust("north")
    page = window(make_user(Role.TRUSTEE, trust), viewport=DESK)
    page.goto(reverse("dashboard:reading", args=[trust]))
    assert page.locator("h1").inner_text() == "How to read the statuses"
    return page


def test_no_sign_has_a_fault_in_any_look(signs, faults_of):
    found = {}
    for name, (size, looks) in LOOKS.items():
        signs.set_viewport_size(size)
        signs.emulate_media(**{"color_scheme": "light", "forced_colors": "none"} | looks)
        if faults := faults_of(signs):
            found[name] = faults
        if scrolls_sideways(signs, size):
            found[name, "sideways"] = size

    assert found == {}


LETTERS = """cells => cells.map(cell => [
    [...cell.classList].find(name => /^(red|amber|green|grey|not_applicable)$/.test(name)),
    getComputedStyle(cell.firstChild, "::before").content,
])"""
ARROWS = """cells => cells.map(cell => [
    ["up", "down", "worse"].filter(name => cell.classList.contains(name)).join(" "),
    getComputedStyle(cell.firstChild, "::after").content,
])"""


def told_apart(signs, what):
    """{class: what stands in the cells of it}: one thing only, and a quiet one."""
    found = signs.locator(".reading .cell").evaluate_all(what)
    assert len(dict(found)) == len({tuple(pair) for pair in found})
    return {name: content.removesuffix(' / ""') for name, content in found}


def test_a_letter_stands_with_each_colour_and_with_nothing_else(signs):
    assert told_apart(signs, LETTERS) == {
        "red": '"R"',
        "amber": '"A"',
        "green": '"G"',
        "grey": "none",
        "not_applicable": "none",
    }


def test_the_arrow_is_the_way_that_the_figure_went(signs):
    assert told_apart(signs, ARROWS) == {
        "": "none",
        "up": '"↑"',
        "up worse": '"↑"',
        "down": '"↓"',
        "down worse": '"↓"',
    }


def test_got_worse_is_not_only_a_colour(signs):
    disc = signs.locator(".cell.worse > *").first
    arrow = signs.locator(".cell.up:not(.worse) > *").first

    signs.emulate_media(forced_colors="active")

    ring = "cell => getComputedStyle(cell, '::after').borderTopWidth"
    assert (disc.evaluate(ring), arrow.evaluate(ring)) == ("2px", "0px")


def test_on_paper_the_fills_are_kept(signs):
    signs.emulate_media(media="print")

    for part, mark in (
        (".cell.red > *", ""),
        (".cell.worse > *", "::after"),
        (".status.red", ""),
        (".status .shape", ""),
    ):
        kept = signs.locator(part).first.evaluate(
            "(part, mark) => getComputedStyle(part, mark).printColorAdjust", mark
        )
        assert kept == "exact", (part, mark)
