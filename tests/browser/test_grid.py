"""The entry grid with real keys and a real clipboard: nothing typed is lost, whatever happens."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from returns.models import Line
from schools.models import Role
from tests.factories import (
    make_clause,
    make_entry,
    make_kpi,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

from .conftest import Windows

NAMES = ["Attendance", "Maths", "Phonics", "Reading"]


@pytest.fixture
def house():
    """A school that types four percentages, two counts, and a figure that it has given before."""
    trust = make_trust("north", name="North Learning Trust")
    term, before = make_term(trust), make_term(trust, "2024-autumn")
    plan, school = make_plan(trust), make_school(trust, "Ashdale Primary")
    for name in NAMES:
        measure = make_measure(trust, name)
        make_clause(make_kpi(plan, name, short_name=name), measure, target="80.0", margin="2.0")
        make_entry(measure, school, before, "85.0")
    make_measure(trust, "Swimming", counts="both", per=100)
    results = make_measure(trust, "Tests", basis="academic_year")
    make_entry(results, school, before, "84.2", period=results.period_for(term))
    return SimpleNamespace(
        return_=make_return(school, term),
        office=make_user(Role.SCHOOL_EDITOR, trust, [school], email="office@example.org"),
        data=make_user(Role.DATA_MANAGER, trust, email="data@example.org"),
    )


@pytest.fixture
def windows(browser, live_server):
    windows = Windows(browser, live_server.url)
    yield windows
    windows.close()


def open_grid(windows, house, user, **options):
    page = windows.open(user, **options)
    page.goto(f"/t/north/returns/{house.return_.pk}/")
    return page


def box_of(page, measure):
    return page.get_by_label(re.compile(f"^{measure}, "))


def row_of(page, measure):
    return page.locator(f'tr.line[data-name="{measure}"]')


def saved(page):
    expect(page.locator("[data-saved]")).to_contain_text("All changes saved at")


def held():
    return {line.measure.name: line.value for line in Line.everywhere.select_related("measure")}


def test_figures_are_typed_by_keys_judged_and_saved_one_by_one(house, windows):
    page = open_grid(windows, house, house.office)
    keys = page.keyboard

    expect(row_of(page, "Maths").locator(".target")).to_have_text("80.0% or more")
    box_of(page, "Attendance").focus()
    for text in ["84.9", "70", "n/a", "94,1"]:
        keys.type(text)
        keys.press("Enter")
    saved(page)

    assert held() == dict(zip(NAMES, ["84.9", "70", "n/a", "94,1"], strict=True))
    expect(row_of(page, "Attendance").locator(".result")).to_contain_text("On target")
    expect(row_of(page, "Maths").locator(".result")).to_contain_text("Off target")
    expect(page.get_by_text("Is this 94.1 or 941?")).to_be_visible()
    expect(page.get_by_text("15.0 points less than")).to_be_visible()
    expect(page.get_by_text("Off target: two short answers needed.")).to_be_visible()

    keys.type("27")
    keys.press("Tab")
    keys.type("30")
    expect(row_of(page, "Swimming").locator(".share")).to_have_text("= 90.0%")
    keys.press("Enter")
    keys.type("=")
    expect(box_of(page, "Tests")).to_have_value("84.2")
    keys.press("Shift+Enter")
    keys.press("ArrowUp")
    keys.type("99")
    keys.press("Escape")
    expect(box_of(page, "Reading")).to_have_value("94,1")

    page.get_by_role("button", name="Small year group").click()
    keys.press("Tab")
    expect(page.get_by_text("15.0 points less than")).to_be_hidden()
    saved(page)
    assert Line.everywhere.get(measure__name="Maths").note == "Small year group"
    assert held()["Tests"] == "84.2"
    assert windows.close() == []


def test_a_lost_connection_a_reload_and_a_second_editor_lose_nothing(house, windows):
    page = open_grid(windows, house, house.office)
    network = page.context
    page.on("dialog", lambda dialog: dialog.accept())

    network.set_offline(True)
    box_of(page, "Attendance").fill("91.5")
    box_of(page, "Maths").focus()
    expect(page.locator("[data-trouble]")).to_contain_text("Not saved: no connection.")
    network.set_offline(False)
    saved(page)
    assert held() == {"Attendance": "91.5"}

    sessions = network.cookies()
    network.clear_cookies(name="sessionid")
    box_of(page, "Maths").fill("82.0")
    box_of(page, "Phonics").focus()
    expect(page.locator("[data-trouble]")).to_contain_text("you have been signed out")
    network.add_cookies(sessions)
    other = open_grid(windows, house, house.data)
    box_of(other, "Maths").fill("81.0")
    box_of(other, "Phonics").focus()
    saved(other)

    page.get_by_role("button", name="Sign in again").click()
    clash = page.locator(".clash")
    expect(clash).to_contain_text("changed this to 81.0 at")
    expect(clash).to_contain_text("You typed 82.0.")
    assert held()["Maths"] == "81.0"
    # Wherever on the page one is by now, the bar says so, also once something else is saved.
    box_of(page, "Reading").fill("88.0")
    box_of(page, "Phonics").focus()
    expect(page.locator("[data-figures]")).to_contain_text("3 of")
    expect(page.locator("[data-trouble]")).to_contain_text("somebody else has changed the same")
    page.get_by_role("button", name="Show both").click()
    expect(clash.get_by_role("button", name="Keep yours")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-trouble]")).to_be_hidden()
    saved(page)
    assert held()["Maths"] == "82.0"
    assert [fault.split(":")[0] for fault in windows.close()] == ["409"]


def test_the_button_waits_for_a_figure_that_is_on_its_way(house, windows):
    page, late = open_grid(windows, house, house.office), []

    def answer_late(route):
        if late:
            return route.continue_()
        return late.append((route, route.fetch()))

    page.route("**/lines/", answer_late)
    box_of(page, "Attendance").fill("70")
    box_of(page, "Maths").focus()
    while not late:
        page.wait_for_timeout(20)
    box_of(page, "Attendance").fill("86")
    page.get_by_role("button", name="Save and check").click()
    [(route, answer)] = late
    route.fulfill(response=answer)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Check and submit")
    assert held() == {"Attendance": "86"}
    assert windows.close() == []


def test_a_column_or_a_block_from_a_spreadsheet_is_pasted_and_undone(house, windows):
    page = open_grid(windows, house, house.office)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def paste(text):
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        page.keyboard.press("Control+v")

    box_of(page, "Attendance").focus()
    paste("94.6%\r\n\r\n(0.4)\r\n")
    message = page.locator("[data-pasted]")
    expect(message).to_contain_text("Pasted 2 figures, 1 blank left as it was.")
    saved(page)
    assert held() == {"Attendance": "94.6%", "Phonics": "(0.4)"}

    message.get_by_role("button", name="Undo paste").click()
    expect(box_of(page, "Attendance")).to_have_value("")
    paste("Measure\tLast\tNow\nReading\t80\t83\nSwimming\t27\t30\n")
    expect(message).to_contain_text("Pasted 3 figures, 1 row matched nothing here.")
    expect(row_of(page, "Swimming").locator(".share")).to_have_text("= 90.0%")
    expect(box_of(page, "Reading")).to_have_value("83")
    saved(page)
    assert windows.close() == []


def test_without_script_the_same_page_saves_with_its_button(house, windows):
    page = open_grid(windows, house, house.office, java_script_enabled=False)

    box_of(page, "Maths").fill("81.5")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved: 1 change.")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Result")).to_be_hidden()
    assert held() == {"Maths": "81.5"}


def test_a_small_count_is_set_to_too_few_once_its_row_is_left_and_one_button_takes_it_back(
    house, windows
):
    page = open_grid(windows, house, house.office)
    keys, row = page.keyboard, row_of(page, "Swimming")
    counts = row.locator(".answers input")

    counts.nth(0).focus()
    keys.type("3")
    keys.press("Tab")
    keys.type("4")
    saved(page)
    expect(counts.nth(1)).to_have_value("4")
    keys.press("Enter")
    expect(row.locator(".few")).to_contain_text("Swimming is set to too few pupils")
    expect(counts.nth(1)).to_have_value("")
    expect(row.locator(".share")).to_have_text("")
    expect(row.locator(".reason select").first).to_have_value("too_few")

    with page.expect_response("**/lines/"):
        row.get_by_role("button", name="Undo").click()
        expect(counts.nth(0)).to_have_value("3")
        expect(counts.nth(1)).to_have_value("4")
        keys.press("Tab")
        keys.press("Enter")
    page.reload()
    expect(counts.nth(0)).to_have_value("3")
    expect(row.locator(".reason select").first).to_have_value("")
