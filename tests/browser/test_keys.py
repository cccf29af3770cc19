"""Thirty figures sent without a mouse, by somebody who knows spreadsheets: every key is counted."""

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import expect

from kpis.models import Entry
from returns.models import Line
from schools.models import Role
from tests.factories import (
    PASSWORD,
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

FIGURES = 30
MOST_MORE = 15


class Keys:
    """Presses keys, and counts them: characters, one Enter for each figure, and the rest."""

    def __init__(self, page):
        self.keyboard = page.keyboard
        self.characters = self.figures = self.more = 0

    def type(self, text):
        self.keyboard.type(text)
        self.characters += len(text)

    def figure(self, text):
        self.type(text)
        self.keyboard.press("Enter")
        self.figures += 1

    def press(self, *keys):
        for key in keys:
            self.keyboard.press(key)
            self.more += 1


def make_office(figures):
    """The office of a school that is asked so many percentages and gave them a year ago."""
    trust = make_trust("north", name="North Learning Trust", editor_submits=True)
    before, plan = make_term(trust, "2025-summer"), make_plan(trust)
    school = make_school(trust, "Ashdale Primary")
    for number in range(figures):
        measure = make_measure(trust, f"Share {number + 1:02}")
        node = make_kpi(plan, f"KPI {number + 1}", short_name=f"KPI {number + 1}")
        make_clause(node, measure, target="80.0", margin="2.0")
        make_entry(measure, school, before, f"{85 + number / 10:.1f}")
    return make_user(Role.SCHOOL_EDITOR, trust, [school], email="office@example.org")


@pytest.mark.long
def test_thirty_figures_are_sent_with_few_more_keys_than_they_have_characters(window):
    office, page = make_office(FIGURES), window()
    keys = Keys(page)
    figures = [f"{86 + number / 10:.1f}" for number in range(FIGURES)]

    page.goto("/")
    keys.type(office.email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("returns")
    keys.press("Enter")
    expect(page.locator("[data-grid]")).to_be_visible()
    for text in figures:
        keys.figure(text)
    expect(page.get_by_role("button", name="Save and check")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check and submit")
    keys.press("Tab", "Enter", "Tab", "Tab", "Tab", "Enter")
    expect(page.get_by_label("I have checked these figures.")).to_be_focused()
    keys.press("Space", "Enter")
    expect(page.get_by_text("Return submitted. 30 figures")).to_be_visible()

    sent = Entry.everywhere.provisional().order_by("measure__name")
    assert [f"{entry.value:.1f}" for entry in sent] == figures
    assert keys.characters == len(office.email + PASSWORD + "".join(figures))
    assert keys.figures == FIGURES
    assert keys.more <= MOST_MORE
    assert f"{FIGURES} figures, and {keys.more} more" in docs()


def test_a_figure_off_target_costs_a_few_keys_more_than_its_two_answers(window):
    page = window(make_office(2))
    keys, row = Keys(page), page.locator("tr.line").first

    page.goto("/")
    keys.press("Enter")
    expect(row.locator(".target")).to_have_text("80.0% or more")
    before = keys.more
    keys.figure("77.5")
    expect(page.get_by_text("Off target: two short answers needed.")).to_be_visible()
    keys.press("Shift+Enter", "Tab", "Tab")
    keys.type("A wave of illness.")
    keys.press("Tab")
    keys.type("Calls home, J. Patel, by June.")
    with page.expect_response(lambda answer: "by+June" in (answer.request.post_data or "")):
        keys.press("Enter")
    expect(page.locator("tr.line").nth(1).locator(".answers input")).to_be_focused()

    line = Line.everywhere.get()
    assert (line.value, line.why) == ("77.5", "A wave of illness.")
    assert line.what_next == "Calls home, J. Patel, by June."
    assert f"costs {keys.more - before} more" in docs()


def docs():
    text = Path(settings.BASE_DIR, "docs", "returns.md").read_text(encoding="utf-8")
    return " ".join(text.split())
