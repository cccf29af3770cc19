"""Every page of the example trust, as every role that may read it.

Pages are not listed here: each role walks from where it lands, by the links
that it is shown, and must come to every page that the access table opens to it.
"""

from types import SimpleNamespace

import pytest
from django.test import TransactionTestCase
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from demo.loading import load
from schools.models import Membership, Role

from .conftest import Windows
from .sizes import DESK, PHONE, SMALLEST, scrolls_sideways
from .walk import kind_of, open_to, walked

pytestmark = pytest.mark.django_db

# It only leads to the page where a role's work is.
LEADS_ON = {"schools:landing"}

each_role = pytest.mark.parametrize("role", Role, ids=[role.value for role in Role])


@pytest.fixture(scope="module")
def example(browser, django_db_setup, django_db_blocker):
    """The example trust, loaded once for all tests that only look, and a site that shows it."""
    with django_db_blocker.unblock():
        load(timezone.localdate())
        server = LiveServer("localhost")
        with server._live_server_modified_settings:
            yield SimpleNamespace(address=server.url, pages=None)
        server.stop()
        TransactionTestCase()._fixture_teardown()


@pytest.fixture
def pages(example):
    """The pages of each role, {role: {kind: Page}}, and of them those to look at.

    What an earlier role sees word for word is not looked at twice.
    """
    if example.pages is None:
        example.pages, example.to_look_at, seen = {}, {}, set()
        for role in Role:
            example.pages[role] = walked(person(role), role)
            fresh = {k: page for k, page in example.pages[role].items() if page.main not in seen}
            example.to_look_at[role] = {kind: page.address for kind, page in fresh.items()}
            seen |= {page.main for page in fresh.values()}
    return example


@pytest.fixture
def window(browser, example):
    windows = Windows(browser, example.address)
    yield windows.open
    assert windows.close() == []


def person(role):
    """The first person of the example trust who has this role."""
    return Membership.everywhere.current().filter(role=role).order_by("pk").first().user


@each_role
def test_a_role_comes_to_every_page_that_is_open_to_it(role, pages):
    come_to = {kind.split()[0] for kind in pages.pages[role]}

    assert open_to(role) - LEADS_ON <= come_to


@each_role
def test_no_page_has_a_fault_or_scrolls_sideways(role, pages, window, faults_of):
    page = window(person(role))

    found = {}
    for kind, address in pages.to_look_at[role].items():
        page.goto(address)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            if faults := faults_of(page):
                found[kind, size["width"]] = faults
        if wide := [size for size in (DESK, PHONE, SMALLEST) if scrolls_sideways(page, size)]:
            found[kind, "sideways"] = wide
        if page.locator("h1").count() != 1 or not page.title():
            found[kind, "title"] = page.title()
    assert found == {}


@each_role
def test_every_page_says_the_same_without_script(role, pages, window):
    plain = window(person(role), java_script_enabled=False)
    lively = window(person(role))

    different = []
    for kind, address in pages.to_look_at[role].items():
        said = [said_by(page, address) for page in (plain, lively)]
        if said[0] != said[1]:
            different.append((kind, *said))
    assert different == []


def said_by(page, address):
    """Heading, links and boxes of a page: what somebody can read and do."""
    page.goto(address)
    main = page.locator("main")
    return (
        main.locator("h1").inner_text(),
        main.locator("a[href]").count(),
        main.locator("input, select, textarea, button:not([type=button])").count(),
    )


@pytest.mark.parametrize("looks", [{"media": "print"}, {"color_scheme": "dark"}], ids=str)
def test_every_page_can_be_printed_and_read_in_the_dark(looks, pages, window, faults_of):
    page = window(person(Role.LEADER))
    page.emulate_media(**looks)

    found = {}
    for kind, address in pages.to_look_at[Role.LEADER].items():
        page.goto(address)
        assert page.locator("h1").is_visible(), kind
        if looks.get("color_scheme") and (faults := faults_of(page)):
            found[kind] = faults
    assert found == {}


def test_a_page_is_known_by_its_view_and_by_what_is_chosen():
    assert kind_of("/t/north/dashboard/?term=2025-autumn&show=off") == "dashboard:matrix show"
