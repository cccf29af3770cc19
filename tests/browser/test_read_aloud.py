"""The entry grid as a screen reader has it: Chromium's own tree of names and descriptions."""

from collections import Counter
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from schools.models import Role
from schools.tenancy import inside
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

BOXES = {"textbox", "combobox"}


class Read:
    """What stands in the accessibility tree of a page now."""

    def __init__(self, page):
        with_tree = page.context.new_cdp_session(page)
        nodes = with_tree.send("Accessibility.getFullAXTree")["nodes"]
        with_tree.detach()
        self._nodes = {node["nodeId"]: node for node in nodes}

    def boxes(self):
        """[(name, description, whether it is wrong)] in reading order."""
        return [
            (
                said(node, "name").replace(" :", ":"),
                said(node, "description"),
                told(node, "invalid") == "true",
            )
            for node in self._nodes.values()
            if said(node, "role") in BOXES and not node["ignored"]
        ]

    def box(self, name):
        return next(box[1:] for box in self.boxes() if box[0] == name)

    def live(self):
        """{how it is announced: what it says}."""
        found = {}
        for node in self._nodes.values():
            if said(node, "role") in ("status", "alert"):
                found.setdefault(told(node, "live"), []).append(self._text(node))
        return {how: " ".join(filter(None, texts)) for how, texts in found.items()}

    def _text(self, node):
        if said(node, "role") == "StaticText":
            return said(node, "name")
        inner = (self._nodes[one] for one in node.get("childIds", ()) if one in self._nodes)
        return "".join(map(self._text, inner))


def said(node, what):
    return str(node.get(what, {}).get("value", ""))


def told(node, name):
    found = (one["value"] for one in node.get("properties", ()) if one["name"] == name)
    return str(next(found, {}).get("value", ""))


@pytest.fixture
def house():
    """A percentage of two groups, two counts of two groups; in the trust's return one by school."""
    trust = make_trust("north", name="North Learning Trust")
    term, before, plan = make_term(trust), make_term(trust, "2024-autumn"), make_plan(trust)
    schools = [make_school(trust, "Ashdale Primary"), make_school(trust, "Kelbeck Primary")]
    groups = ["all", "disadvantaged"]
    share = make_measure(trust, "Attendance", groups=groups, unit="% of sessions")
    make_clause(make_kpi(plan, "Attendance"), share, target="95.0", margin="1.0")
    make_entry(share, schools[0], before, "94.1")
    make_measure(trust, "Swimming", groups=groups, counts="both", denominator_name="In Year 6")
    with inside(trust):
        office = trust.offices.create(code="hr", name="HR")
    make_measure(trust, "Vacancies", kind="number", unit="", decimals=0, office=office)
    return SimpleNamespace(
        school=make_return(schools[0], term),
        trust=make_return(trust.own_unit, term),
        office=make_user(Role.SCHOOL_EDITOR, trust, schools[:1], email="office@example.org"),
        data=make_user(Role.DATA_MANAGER, trust, email="data@example.org"),
    )


def grid(windows, user, return_):
    page = windows.open(user)
    page.goto(f"/t/north/returns/{return_.pk}/")
    return page


def test_each_box_says_what_it_asks_and_what_is_known_and_what_happens_is_announced(
    house, browser, live_server
):
    windows = Windows(browser, live_server.url)
    page = grid(windows, house.office, house.school)
    expect(page.locator(".target").first).to_have_text("95.0% or more")

    read = Read(page)
    names = Counter(name for name, _, _ in read.boxes())
    assert [name for name, count in names.items() if count > 1 or not name] == []
    assert {"Attendance, Autumn 2025", "Attendance, disadvantaged, Autumn 2025"} <= set(names)
    assert "Why there is no figure: Attendance, disadvantaged" in names
    assert "In Year 6: Swimming, disadvantaged" in names
    text, is_wrong = read.box("Attendance, Autumn 2025")
    assert text == "(% of sessions) 94.1% Aut 24 95.0% or more"
    assert not is_wrong

    page.keyboard.type("94,1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-saved]")).to_contain_text("All changes saved at")
    expect(page.locator(".error")).to_be_visible()
    read = Read(page)
    text, is_wrong = read.box("Attendance, Autumn 2025")
    assert text.startswith("(% of sessions) 94.1% Aut 24 95.0% or more")
    assert "Is this 94.1 or 941?" in text
    assert is_wrong
    assert "All changes saved at" in read.live()["polite"]

    page.keyboard.press("Shift+Enter")
    page.keyboard.type("70")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Off target: two short answers needed.")).to_be_visible()
    text, is_wrong = Read(page).box("Attendance, Autumn 2025")
    assert "Query: 24.1 points less than Autumn 2024 (94.1%)." in text
    assert "Off target: two short answers needed." in text
    assert not is_wrong

    page.context.set_offline(True)
    page.keyboard.type("80")
    page.keyboard.press("Enter")
    expect(page.locator("[data-trouble]")).to_be_visible()
    assert "Not saved: no connection. Keep this page open" in Read(page).live()["assertive"]
    page.on("dialog", lambda dialog: dialog.accept())
    windows.close()


def test_in_the_trusts_own_return_a_box_says_which_school_it_is_about(house, window):
    page = window(house.data)
    page.goto(f"/t/north/returns/{house.trust.pk}/")

    names = [name for name, _, _ in Read(page).boxes()]

    assert "Vacancies, Ashdale Primary, Autumn 2025" in names
    assert "Vacancies, Kelbeck Primary, Autumn 2025" in names
    assert len(set(names)) == len(names)
