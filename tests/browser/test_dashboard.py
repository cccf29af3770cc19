"""The dashboard and a KPI, by keyboard alone, without script, and with a script that fails."""

import re
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from kpis.models import KPI, Comment
from schools.models import Role, School
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

from .sizes import DESK, PHONE, scrolls_sideways

NAMES = ["Attendance", "Phonics", "Reading"]
BEFORE = "cell => getComputedStyle(cell, '::before').content"


@pytest.fixture
def house():
    """Three promises of at least 80.0 in two schools: the second misses all of them."""
    trust = make_trust("north")
    plan, terms = make_plan(trust), ["2025-autumn", "2026-spring", "2026-summer"]
    schools = [make_school(trust, "Ashdale Primary"), make_school(trust, "Kelbeck Primary")]
    for name in NAMES:
        measure = make_measure(trust, name)
        make_clause(make_kpi(plan, name, short_name=name), measure, target="80.0", margin="2.0")
        for term in (make_term(trust, slug) for slug in terms):
            for school, value in zip(schools, ["85.0", "70.0"], strict=True):
                make_entry(measure, school, term, value)
    return SimpleNamespace(
        leader=make_user(Role.LEADER, trust),
        dashboard=reverse("dashboard:matrix", args=[trust]),
        trust=trust,
        kelbeck=schools[1],
    )


def focused(page):
    """What has the focus: its words, or those that are said in their place."""
    return page.evaluate(
        "(({ ariaLabel, textContent }) => ariaLabel ?? textContent.trim())(document.activeElement)"
    )


def tab_to(page, words):
    """Press Tab until something that begins like this has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if re.match(words, focused(page)):
            return
    pytest.fail(f"Tab never comes to {words}")


def chosen(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_the_dashboard_is_read_by_keyboard_alone(house, window):
    page = window(house.leader, viewport=DESK)
    page.goto(house.dashboard)
    press = page.keyboard.press

    press("Tab")
    assert focused(page) == "Skip to the main content"
    assert page.locator(".skip").bounding_box()["width"] > 100
    press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    tab_to(page, "Every pupil flourishes")
    press("Enter")
    page.wait_for_url("**priority=a*")
    tab_to(page, "Off target")
    press("Enter")
    page.wait_for_url("**show=off*")
    filtered = page.url
    assert {**chosen(page), "priority": "a", "show": "off"} == chosen(page)

    # The matrix is one stop of Tab; inside it the arrows move, and a line reads the cell.
    while not page.evaluate("document.activeElement.matches('[data-matrix] .cell a')"):
        press("Tab")
    press("End")
    press("ArrowDown")
    sentence = "Off target: 70.0%, target at least 80.0%, margin 2.0."
    assert f"Kelbeck Primary. {sentence}" in focused(page)
    expect(page.locator("[data-readout]")).to_contain_text(sentence)
    assert page.locator("[data-matrix] a[tabindex='0']").count() == 1
    press("Tab")
    assert not page.evaluate("document.activeElement.matches('[data-matrix] *')")
    press("Shift+Tab")
    assert sentence in focused(page)

    press("Enter")
    page.wait_for_url("**/kpis/**")
    assert page.locator("h1").inner_text().startswith(NAMES[1])
    assert "school" in chosen(page)
    expect(page.get_by_text(sentence).first).to_be_visible()

    page.go_back()
    assert page.url == filtered
    expect(page.locator("[data-matrix]")).to_be_visible()


def test_a_cell_is_named_by_what_is_seen_and_by_its_whole_sentence(house, window, faults_of):
    page = window(house.leader, viewport=DESK)
    page.goto(house.dashboard)
    sentence = "Off target: 70.0%, target at least 80.0%, margin 2.0."

    school = page.get_by_role("link", name=f"Kelbeck Primary. {sentence}", exact=True)
    trust = page.get_by_role("link", name=re.compile(r"^1 of 2\. The trust\. Off target"))

    assert {link.inner_text() for link in school.all()} == {"70.0"}
    assert {link.inner_text() for link in trust.all()} == {"1 of 2"}
    assert (school.count(), trust.count()) == (len(NAMES), len(NAMES))
    assert faults_of(page, ["label-content-name-mismatch"]) == []


@pytest.fixture
def explained(house):
    """Why Kelbeck misses the first promise, and what happens next."""
    Comment.everywhere.create(
        node=KPI.everywhere.get(short_name=NAMES[0]),
        unit=house.kelbeck,
        term=make_term(house.trust, "2026-summer"),
        why="Flu in May",
        what_next="Calls home on day one",
        by=house.leader,
    )
    return house


SAID = "Why? Flu in May What next? Calls home on day one"


def test_what_people_say_of_a_figure_is_read_under_the_table(explained, window):
    page = window(explained.leader, viewport=DESK)
    page.goto(explained.dashboard)
    readout, cells = page.locator("[data-readout]"), page.locator("[data-matrix] .cell > a")
    noted = page.locator("[data-matrix] .noted > a")

    assert noted.count() == 1
    noted.hover()
    expect(readout).to_contain_text("Off target: 70.0%")
    expect(readout).to_contain_text(SAID)
    cells.first.focus()
    expect(readout).not_to_contain_text("Flu")
    noted.focus()
    expect(readout).to_contain_text(SAID)


def test_on_a_phone_the_card_opens_what_people_say(explained, window):
    page = window(explained.leader, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(explained.dashboard)
    card = page.locator(".card").filter(has_text=NAMES[0])

    words = card.get_by_text("Flu in May")
    expect(words).to_be_hidden()
    card.get_by_text("1 comment").tap()
    expect(words).to_be_visible()
    assert not scrolls_sideways(page, PHONE)
    card.get_by_role("link", name="Kelbeck Primary").tap()
    page.wait_for_url("**/kpis/**school=*")
    expect(page.get_by_text("Flu in May")).to_be_visible()


def test_on_a_phone_all_schools_side_by_side_are_in_view_at_once(house, window):
    page = window(house.leader, viewport=PHONE, has_touch=True, is_mobile=True)
    chosen = [("school", unit.code) for unit in School.everywhere.filter(trust=house.trust)]
    page.goto(reverse("dashboard:schools-compare", args=[house.trust], query=chosen))

    row = page.get_by_role("row").filter(has_text=NAMES[0])
    results = row.locator(".of-school")
    assert results.count() == 2
    for result in results.all():
        box = result.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    # Which school it is stands before it: the table's head is out of sight here.
    heads = [one.evaluate(BEFORE) for one in results.all()]
    assert heads == ['"Ashdale Primary"', '"Kelbeck Primary"']
    assert not scrolls_sideways(page, PHONE)


def test_without_script_every_cell_is_a_plain_link(house, window):
    page = window(house.leader, viewport=DESK, java_script_enabled=False)
    page.goto(house.dashboard)

    cells = page.locator("[data-matrix] .cell > a[href]")
    assert cells.count() == len(NAMES) * 3
    assert page.locator("[data-matrix] a[tabindex]").count() == 0
    assert page.locator("[data-readout]").is_hidden()
    page.get_by_role("link", name=re.compile("^Off target")).first.click()
    assert chosen(page)["show"] == "off"
    cells.last.click()

    assert page.locator("h1").inner_text().startswith(NAMES[2])
    assert page.locator("svg.chart-wide").first.is_visible()


def test_print_is_a_button_where_there_is_script_to_press_it(house, window):
    page = window(house.leader, viewport=DESK)
    page.add_init_script("window.print = () => { window.isPrinted = true }")
    page.goto(house.dashboard)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.isPrinted")

    without = window(house.leader, viewport=DESK, java_script_enabled=False)
    without.goto(house.dashboard)
    expect(without.get_by_role("button", name="Print", include_hidden=True)).to_be_hidden()


FAILURES = {
    "never comes": lambda route: route.abort(),
    "holds nothing": lambda route: route.fulfill(content_type="text/javascript", body=""),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_chart_whose_script_fails_leaves_its_picture_and_its_table(failure, house, window):
    page = window(house.leader, viewport=DESK)
    page.route("**/plotly*", FAILURES[failure])
    page.goto(house.dashboard)

    with page.expect_request("**/plotly*"):
        page.locator("[data-matrix] th a").filter(has_text=NAMES[0]).click()
    page.wait_for_load_state("networkidle")

    assert page.locator(".explore").count() == 0
    expect(page.locator("svg.chart-wide").first).to_be_visible()
    page.get_by_text("Show as a table").first.click()
    assert "80.0%" in page.locator("details table").first.inner_text()
