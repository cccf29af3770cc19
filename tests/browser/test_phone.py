"""A return on a phone: typed, explained, checked and sent with a thumb."""

import pytest
from playwright.sync_api import expect

from kpis.models import Entry
from returns.models import Line
from schools.models import Role
from tests.factories import (
    make_clause,
    make_entry,
    make_kpi,
    make_measure,
    make_plan,
    make_school,
    make_term,
    make_trust,
    make_user,
)

from .sizes import PHONE, scrolls_sideways

THUMB = 24  # CSS pixels, the least of WCAG 2.2
NAMES = ["Attendance", "Maths", "Phonics", "Reading", "Writing"]


@pytest.fixture
def head():
    """The head of a school that types five percentages, two counts and a yes."""
    trust = make_trust("north", name="North Learning Trust")
    before, plan = make_term(trust, "2025-summer"), make_plan(trust)
    school = make_school(trust, "Ashdale Church of England Primary")
    for name in NAMES:
        measure = make_measure(trust, name)
        make_clause(make_kpi(plan, name, short_name=name), measure, target="80.0", margin="2.0")
        make_entry(measure, school, before, "85.0")
    make_measure(trust, "Swimming", counts="both", per=100)
    make_measure(trust, "Website checked", kind="yes_no", unit="")
    return make_user(Role.HEADTEACHER, trust, [school], email="head@example.org")


def is_in_sight(page, thing):
    """Whether one sees the middle of it, or something inside it, and nothing that lies above."""
    return thing.evaluate("""thing => {
        const { left, right, top, bottom } = thing.getBoundingClientRect();
        const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return thing.contains(there);
    }""")


def too_small(page):
    """What a thumb would miss: buttons, boxes and ticks of the page; links in text may be small."""
    things = page.locator("main :is(button, select, summary, input:not([type=hidden]))").all()
    boxes = [(thing, thing.bounding_box()) for thing in things if thing.is_visible()]
    return [
        thing.evaluate("thing => thing.outerHTML")
        for thing, box in boxes
        if min(box["width"], box["height"]) < THUMB and not thing.evaluate(IN_A_LABEL)
    ]


IN_A_LABEL = "thing => Boolean(thing.closest('label.tick'))"


# That no page scrolls sideways on a phone or has a fault there is in test_every_page.
@pytest.mark.long
def test_a_return_is_typed_explained_and_sent_with_a_thumb(head, window):
    page = window(head, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/t/north/returns/?term=2026-summer")
    page.get_by_role("link", name="Ashdale Church of England Primary").first.tap()
    boxes = page.locator(".answers").locator("input, select")
    expect(page.locator(".target").first).to_have_text("80.0% or more")

    for place, text in enumerate(["86.0", "70", "86.2", "86.3", "86.4", "27", "30"]):
        boxes.nth(place).tap()
        page.keyboard.type(text)
        assert is_in_sight(page, boxes.nth(place)), place
    boxes.nth(7).select_option("Not yet")
    expect(page.get_by_text("Off target: two short answers needed.")).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("All changes saved at")
    assert not scrolls_sideways(page, PHONE)
    assert too_small(page) == []

    page.get_by_role("button", name="Small year group").tap()
    page.get_by_label("Why is it so?: Maths").tap()
    page.keyboard.type("A small year group, two of ten.")
    page.get_by_label("What next, who, by when?: Maths").tap()
    page.keyboard.type("Tutoring, J. Patel, by June.")
    page.get_by_role("button", name="Save and check").tap()
    page.get_by_role("link", name="To the end, to submit it").tap()
    expect(page.get_by_text("nothing was saved")).to_be_hidden()
    tick = page.get_by_label("I have checked")
    expect(tick).to_be_in_viewport()
    assert not scrolls_sideways(page, PHONE)
    assert too_small(page) == []
    page.get_by_text("A small year group, two of ten.").scroll_into_view_if_needed()
    assert is_in_sight(page, page.get_by_text("A small year group, two of ten."))

    tick.tap()
    page.get_by_role("button", name="Submit return").tap()
    expect(page.get_by_text("Return submitted. 7 figures")).to_be_visible()
    assert not scrolls_sideways(page, PHONE)
    for name in [*NAMES, "Swimming", "Website checked"]:
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    assert Entry.everywhere.provisional().count() == 7
    assert Line.everywhere.get(measure__name="Maths").what_next == "Tutoring, J. Patel, by June."
