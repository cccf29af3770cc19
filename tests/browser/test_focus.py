"""What has focus is never wholly hidden behind a bar that sticks (WCAG 2.2, 2.4.11)."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from schools.models import Role
from tests.factories import (
    make_clause,
    make_entry,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

from .sizes import DESK, PHONE

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def house():
    """A page that is longer than any window: of a return, of schools, of KPIs and of one KPI."""
    trust = make_trust("north", name="North Learning Trust")
    term, before, plan = make_term(trust), make_term(trust, "2024-autumn"), make_plan(trust)
    schools = [make_school(trust, f"School {number:02}") for number in range(1, 13)]
    return_ = make_return(schools[0], term, state="in_progress")
    sent = make_return(schools[1], term, state="submitted")
    for number in range(1, 15):
        columns = {"counts": "both", "what_counts": "Of those on roll."} if number % 2 else {}
        measure = make_measure(trust, f"Share {number:02}", **columns)
        kpi = make_kpi(plan, measure.name, short_name=measure.name)
        make_clause(kpi, measure, target="80.0", margin="2.0")
        for place, school in enumerate(schools):
            make_entry(measure, school, before, f"{70 + number + place}.0")
            if place:
                make_entry(measure, school, term, f"{72 + number}.0")
        make_line(return_, measure, value="" if number % 2 else "70.5")
        make_line(sent, measure, value=f"{72 + number}.0")
    about = [("term", term.slug)]
    return SimpleNamespace(
        office=make_user(Role.SCHOOL_EDITOR, trust, [schools[0]], email="office@example.org"),
        leader=make_user(Role.LEADER, trust, email="leader@example.org"),
        manager=make_user(Role.DATA_MANAGER, trust, email="data@example.org"),
        typing=reverse("returns:return-edit", args=[trust, return_.pk]),
        check=reverse("returns:return-check", args=[trust, return_.pk]),
        approving=reverse("returns:return-approve", args=[trust, sent.pk]),
        dashboard=reverse("dashboard:matrix", args=[trust], query=about),
        by_school=reverse("dashboard:matrix", args=[trust], query=[*about, ("down", "schools")]),
        comparing=reverse(
            "dashboard:schools-compare",
            args=[trust],
            query=[*about, *(("school", school.code) for school in schools[:4])],
        ),
        kpi=reverse("dashboard:kpi", args=[trust, kpi.pk], query=about),
    )


# Whether something of what has focus is on top at one of its points, and what it is called.
FOCUSED = """() => {
    const box = document.activeElement;
    if (!box || box === document.body) return null;
    const seen = [...box.getClientRects()].some(({ left, top, width, height }) => {
        const steps = [0.02, 0.25, 0.5, 0.75, 0.98];
        return steps.some((down) => steps.some((along) => {
            const on = document.elementFromPoint(left + width * along, top + height * down);
            return on !== null && (box.contains(on) || box.closest("label")?.contains(on));
        }));
    });
    box.dataset.reached ??= "";
    const name = box.name || box.id || box.textContent.trim().slice(0, 40) || box.className;
    const { left, top, width, height } = box.getBoundingClientRect();
    const [x, y, w, h] = [left, top, width, height].map(Math.round);
    return [`${box.localName} ${name}, ${w} x ${h} at ${x}, ${y}`, seen];
}"""
LEFT_OUT = """() => [...document.querySelectorAll(
    "main :is(a[href], button, input:not([type=hidden]), select, textarea, summary)"
)].filter((one) => one.tabIndex >= 0 && one.checkVisibility() && !("reached" in one.dataset))
    .map((one) => one.outerHTML.slice(0, 120))"""


def hidden_on_the_way(page, key, start, most=600):
    """What is hidden while it has focus, from one end of the page to the other."""
    page.evaluate(start)
    hidden = []
    for _ in range(most):
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return hidden
        name, is_seen = focused
        if not is_seen:
            hidden.append(name)
    pytest.fail(f"{key} came to no end")


FROM_THE_TOP = """() => {
    document.querySelector("a[href]").focus();
    scrollTo(0, 0);
}"""
FROM_THE_END = """() => {
    const all = document.querySelectorAll("a[href], button, input, summary");
    [...all].filter((one) => one.checkVisibility()).at(-1).focus();
}"""


WHO = {
    "typing": "office",
    "check": "office",
    "approving": "manager",
    "dashboard": "leader",
    "by_school": "leader",
    "comparing": "leader",
    "kpi": "leader",
}


@SIZES
@pytest.mark.parametrize("place", WHO)
def test_by_tab_nothing_that_has_focus_is_hidden(house, window, place, size):
    page = window(getattr(house, WHO[place]), viewport=size)
    page.goto(getattr(house, place), wait_until="networkidle")
    assert page.evaluate("document.documentElement.scrollHeight") > size["height"]

    assert hidden_on_the_way(page, "Tab", FROM_THE_TOP) == []
    assert page.evaluate(LEFT_OUT) == []
    assert hidden_on_the_way(page, "Shift+Tab", FROM_THE_END) == []


@pytest.mark.parametrize("place", ["dashboard", "by_school"])
def test_by_arrows_no_cell_of_the_dashboard_is_hidden(house, window, place):
    """It is one stop for Tab, and its cells lie under heads on two sides."""
    page = window(house.leader, viewport=DESK)
    page.goto(getattr(house, place), wait_until="networkidle")

    page.locator(".matrix td a").first.focus()
    hidden = []
    for key in ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"]:
        for _ in range(16):
            page.keyboard.press(key)
            name, is_seen = page.evaluate(FOCUSED)
            hidden += [] if is_seen else [f"{key}: {name}"]

    assert page.locator("[data-reached]").count() > 12
    assert hidden == []


@SIZES
def test_an_error_that_comes_in_above_a_box_does_not_push_it_out_of_sight(house, window, size):
    page = window(house.office, viewport=size)
    page.goto(house.typing, wait_until="networkidle")
    boxes = page.locator("tr.line .answers .box:first-child input")

    boxes.first.focus()
    for text in ["lots"] * 6 + ["later"] * 2:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
    expect(page.locator("[data-saved]")).to_contain_text("All changes saved at")
    expect(page.locator(".entry .error")).to_have_count(8)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")

    expect(boxes.nth(8)).to_be_focused()
    assert page.evaluate(FOCUSED)[1]


def test_who_scrolls_away_from_a_box_to_read_is_left_there(house, window):
    page = window(house.office, viewport=DESK)
    page.goto(house.typing, wait_until="networkidle")

    page.locator("tr.line .answers input").first.focus()
    page.keyboard.type("lots")
    page.mouse.move(600, 300)
    page.mouse.wheel(0, 1500)
    expect(page.locator("[data-saved]")).to_contain_text("All changes saved at")
    page.wait_for_timeout(300)

    assert page.evaluate("scrollY") > 500
