"""The main job, from end to end, with real keys: a school sends, the trust sees and approves."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

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

# Ten promises of at least 80.0, close from 78.0: what is typed, and what comes of it.
TYPED = {
    "Attendance": ("93.5", "On target"),
    "Phonics": ("80.0", "On target"),
    "Reading": ("79.9", "Close to target"),
    "Writing": ("78.0", "Close to target"),
    "Maths": ("77.9", "Off target"),
    "Science": ("0", "Off target"),
    "Tables check": ("81.25", "On target"),
    "Swimming": ("80,5", "On target"),
    "Music": ("n/a", "No status"),
    "Trips": ("100", "On target"),
}


PROVISIONAL = "Sent in, not approved yet."


class Mouse:
    """Clicks on things, and types with the keys."""

    def __init__(self, page):
        self.page = page

    def type(self, box, text):
        self.reach(box)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def reach(self, box):
        box.click()

    def press(self, thing):
        thing.click()

    tick = open_cell = press


class Keyboard(Mouse):
    """Reaches everything with Tab; never touches the mouse."""

    def reach(self, thing):
        for _ in range(200):
            if thing.evaluate("thing => thing === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab never comes to {thing}")

    def press(self, thing):
        self.reach(thing)
        self.page.keyboard.press("Enter")

    def tick(self, box):
        self.reach(box)
        self.page.keyboard.press("Space")

    def open_cell(self, link):
        """The matrix is one stop of Tab; inside it the arrows move."""
        self.reach(self.page.locator("[data-matrix] td a").first)
        self.page.keyboard.press("ArrowRight")
        for _ in TYPED:
            if link.evaluate("link => link === document.activeElement"):
                sentence = link.get_attribute("aria-label")
                expect(self.page.locator("[data-readout]")).to_contain_text(sentence)
                return self.page.keyboard.press("Enter")
            self.page.keyboard.press("ArrowDown")
        return pytest.fail("The arrows do not come to the cell")


@pytest.fixture
def house():
    """A trust with ten promises and two schools; the editor of one of them may submit."""
    trust = make_trust("north", name="North Learning Trust", editor_submits=True)
    plan = make_plan(trust)
    school, other = make_school(trust, "Ashdale Primary"), make_school(trust, "Kelbeck Primary")
    for name in TYPED:
        measure = make_measure(trust, name)
        make_clause(make_kpi(plan, name, short_name=name), measure, target="80.0", margin="2.0")
        make_entry(measure, other, make_term(trust, "2026-summer"), "85.0")
    return SimpleNamespace(
        trust=trust,
        school=school,
        manager=make_user(Role.SCHOOL_EDITOR, trust, [school], email="office@example.org"),
        leader=make_user(Role.LEADER, trust, email="leader@example.org"),
        data_manager=make_user(Role.DATA_MANAGER, trust, email="data@example.org"),
    )


def sign_in(hand, person):
    page = hand.page
    page.goto("/")
    hand.type(page.get_by_label("Email"), person.email)
    hand.type(page.get_by_label("Password", exact=True), PASSWORD)
    hand.press(page.get_by_role("button", name="Sign in"))


def cell_of(page, kpi, school=1):
    """The link of a KPI in the school of that column; its name is the whole sentence."""
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(kpi)))
    return row.get_by_role("cell").nth(1 + school).get_by_role("link")


def box_of(page, measure):
    return page.get_by_label(re.compile(f"^{measure}, "))


WAYS = {
    "with the mouse": (Mouse, {}),
    "by keyboard alone": (Keyboard, {}),
    "without script": (Mouse, {"java_script_enabled": False}),
}


@pytest.mark.parametrize("way", WAYS)
def test_ten_figures_are_typed_judged_and_approved(way, house, window):
    hand_of, options = WAYS[way]
    office, leader, data = (hand_of(window(**options)) for _ in range(3))

    sign_in(leader, house.leader)
    matrix = leader.page
    expect(cell_of(matrix, "Maths")).to_have_accessible_name(re.compile("no figure has been sent"))

    sign_in(office, house.manager)
    type_and_submit(office)

    matrix.reload()
    for measure, (_, status) in TYPED.items():
        expect(cell_of(matrix, measure)).to_have_accessible_name(re.compile(status))
        expect(cell_of(matrix, measure)).to_have_accessible_name(re.compile(PROVISIONAL))
    leader.open_cell(cell_of(matrix, "Maths"))
    expect(matrix.get_by_role("heading", level=1)).to_contain_text("Maths")
    sentence = "Off target: 77.9%, target at least 80.0%, margin 2.0."
    expect(matrix.get_by_text(sentence).first).to_be_visible()
    matrix.go_back()

    sign_in(data, house.data_manager)
    data.press(data.page.get_by_role("link", name="Check and approve"))
    data.press(data.page.get_by_role("button", name="Approve all 10 figures"))
    expect(data.page.get_by_text("Approved: Summer 2026 return")).to_be_visible()

    matrix.reload()
    for measure, (_, status) in (TYPED | {"Music": ("", "Not applicable")}).items():
        expect(cell_of(matrix, measure)).to_have_accessible_name(re.compile(status))
        expect(cell_of(matrix, measure)).not_to_have_accessible_name(re.compile(PROVISIONAL))


def type_and_submit(office):
    """Type ten figures, mend the one that cannot be read, tick the box and send them."""
    page = office.page
    office.press(page.get_by_role("link", name="Ashdale Primary").first)
    for measure, (text, _) in TYPED.items():
        office.type(box_of(page, measure), text)
    office.press(page.get_by_role("button", name="Save and check"))
    office.press(page.get_by_role("link", name=re.compile("80.5 or 805")))
    expect(box_of(page, "Swimming")).to_have_value("80,5")
    office.type(box_of(page, "Swimming"), "80.5")
    office.press(page.get_by_role("button", name="Save and check"))
    office.tick(page.get_by_label("I have checked these figures."))
    office.press(page.get_by_role("button", name="Submit return to the trust"))
    expect(page.get_by_text("Sent by")).to_be_visible()
