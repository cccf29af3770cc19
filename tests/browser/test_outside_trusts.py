"""The pages before a trust is entered, in a real browser: signing in, passwords, not found."""

import pytest
from django.urls import reverse

from schools.access import PUBLIC, SIGNED_IN
from schools.models import Role
from tests.factories import PASSWORD, make_trust, make_user

from .said import said_in, said_on
from .sizes import DESK, PHONE, SMALLEST, scrolls_sideways

# Made by a mail: tests/schools/test_sign_in.py opens the mailed link.
WITH_A_KEY = {"account_reset_password_from_key"}
NAMES = sorted((PUBLIC | SIGNED_IN) - WITH_A_KEY)


@pytest.fixture
def visit(window):
    """Open a page: ``page = visit(user, path)``."""

    def opened(user=None, path="/", **options):
        page = window(user, **options)
        page.goto(path)
        assert user is None or "/sign-in/" not in page.url
        return page

    return opened


@pytest.fixture
def person():
    """Somebody with two trusts, who is asked to choose one."""
    north, south = make_trust("north"), make_trust("south")
    person = make_user(Role.TRUST_ADMINISTRATOR, north, email="ada@example.org")
    make_user(Role.LEADER, south, email="ada@example.org")
    return person


def reader(name, person):
    return person if name in SIGNED_IN else None


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_fault_never_scrolls_sideways_and_needs_no_script(
    name, person, visit, faults_of
):
    page = visit(reader(name, person), reverse(name), viewport=DESK)

    assert said_on(page) == said_in(page, page.request.get(reverse(name)).text())

    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert page.locator("h1").count() == 1
        assert faults_of(page) == []
    assert not scrolls_sideways(page, SMALLEST)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_stop_of_the_keyboard_leads_to_the_content(name, person, visit):
    page = visit(reader(name, person), reverse(name))

    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.className.includes('skip')"):
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
    else:
        # A form that was opened with the cursor in it: the skip link is before it.
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_somebody_signs_in_by_keyboard_and_is_on_their_own_page(visit):
    person = make_user(Role.TRUST_ADMINISTRATOR, make_trust("north"))
    page = visit()

    page.get_by_label("Email").focus()
    page.keyboard.type(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/north/people/")

    assert page.locator("h1").inner_text() == "People"


def test_a_wrong_password_takes_the_reader_to_the_problem(visit, faults_of):
    page = visit()
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()

    assert page.title().startswith("Error: ")
    assert (
        "Enter the email and password you use for trustplan." in page.locator("main").inner_text()
    )
    assert page.get_by_label("Email").input_value() == "ada@example.org"
    assert faults_of(page) == []


def test_a_page_that_is_not_there_has_no_fault_either(person, visit, faults_of):
    page = visit(person, "/t/nowhere/")

    assert page.locator("h1").inner_text() == "Page not found, or not yours to see"
    assert faults_of(page) == []
