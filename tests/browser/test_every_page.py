"""Every page of the example trust, as every role that may read it.

Pages are not listed here: each role walks from where it lands, by the links
that it is shown, and must come to every page that the access table opens to it.
The walk asks the site without a browser; each page that is different from those
of the roles before is then opened once, and looked at in every way.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.test import TransactionTestCase
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from demo.loading import load
from schools.models import Membership, Role
from schools.people import OF_A_SCHOOL

from .conftest import Windows
from .said import said_in, said_on
from .sizes import DESK, PHONE, SMALLEST, TABLET, scrolls_sideways
from .walk import kind_of, open_to, walked

pytestmark = pytest.mark.usefixtures("db")

# Linked where a page is still empty; asked for by a script.
NOT_BY_LINK = {"dashboard:first-steps", "returns:return-results"}
# Come to when something has been sent, and only by who did: their own tests open them.
AFTER_SENDING = {
    "returns:upload",
    "returns:upload-columns",
    "returns:upload-problems-csv",
    "returns:upload-problems-xlsx",
    "returns:return-sent",
    "returns:return-log",
    "returns:evidence-file",
}
# Those who may read along, but are not the ones whom the page is for, are shown no link to it.
READ_ALONG = {
    Role.LEADER: {"returns:spreadsheet-help"},
    Role.AUDITOR: {"returns:spreadsheet-help"},
}
# Whoever has one school has nothing to compare it with.
OF_SEVERAL_SCHOOLS = {"dashboard:schools-compare"}
# Who reads the most tries every filter; the others come to each page once.
READS_MOST = Role.LEADER

each_role = pytest.mark.parametrize("role", Role, ids=[role.value for role in Role])


@dataclass(frozen=True)
class Look:
    """What was seen of one page."""

    faults: dict
    wide: list
    headings: int
    title: str
    is_printed: bool
    said: list
    served: list


@pytest.fixture(scope="module")
def example(browser, django_db_setup, django_db_blocker):
    """The example trust, loaded once for all tests that only look, and a site that shows it."""
    with django_db_blocker.unblock():
        load(timezone.localdate())
        server = LiveServer("localhost")
        with server._live_server_modified_settings:
            yield SimpleNamespace(address=server.url, looks={})
        server.stop()
        TransactionTestCase()._fixture_teardown()


@pytest.fixture
def db(example):
    """In place of a transaction for each test, which would hide from the site who has signed in."""


@pytest.fixture(scope="module")
def pages(example):
    """The pages of each role, {role: {kind: Page}}."""
    return {role: walked(person(role), role, everything=role == READS_MOST) for role in Role}


@pytest.fixture(scope="module")
def to_look_at(pages):
    """Of the pages of each role those in which something stands that no page of the view had."""
    seen, fresh = {}, {}
    for role, found in pages.items():
        fresh[role] = {}
        for kind, page in found.items():
            known = seen.setdefault(kind.split()[0], set())
            if page.parts - known:
                fresh[role][kind] = page
                known |= page.parts
    return fresh


@pytest.fixture
def looks(browser, example, to_look_at, faults_of):
    """What was seen of the pages of a role, each opened once: ``looks(role)`` is {kind: Look}."""

    def seen_by(role):
        if role not in example.looks:
            windows = Windows(browser, example.address)
            window, views, looks = windows.open(person(role)), set(), {}
            for kind, page in to_look_at[role].items():
                view = kind.split()[0]
                looks[kind] = look_at(window, page, faults_of, is_new=view not in views)
                views.add(view)
            assert windows.close() == []
            example.looks[role] = looks
        return example.looks[role]

    return seen_by


def look_at(window, page, faults_of, is_new):
    """Open a page once and look at it; the first page of a view on a phone and in the dark too.

    Of a page that is there already with another choice, axe reads the first rows.
    """
    window.set_viewport_size(DESK)
    window.goto(page.address)
    assert urlsplit(window.url).path == urlsplit(page.address).path
    said, served = said_on(window), said_in(window, page.html)
    headings, title = window.locator("h1").count(), window.title()
    wide = [size for size in (DESK, TABLET, PHONE, SMALLEST) if scrolls_sideways(window, size)]
    window.emulate_media(media="print")
    is_printed = window.locator("h1").is_visible()
    window.emulate_media(media="screen")

    window.set_viewport_size(DESK)
    window.evaluate(UNSTICK)
    if not is_new:
        window.evaluate(SHORTEN)
    faults = {"desk": faults_of(window)}
    if is_new:
        window.emulate_media(color_scheme="dark")
        faults["dark"] = faults_of(window, only=["color-contrast"])
        window.emulate_media(color_scheme="light")
        window.set_viewport_size(PHONE)
        faults["phone"] = faults_of(window)
    return Look(faults, wide, headings, title, is_printed, said, served)


# What sticks to the bottom lies over whatever is scrolled under it at the moment.
UNSTICK = """() => {
    for (const bar of document.querySelectorAll(".save-bar")) bar.style.position = "static";
}"""
SHORTEN = """() => {
    for (const long of document.querySelectorAll("main :is(tbody, ul, ol, dl)")) {
        [...long.children].slice(4).forEach(one => one.remove());
    }
}"""


def person(role):
    """The first person of the example trust who has this role."""
    return Membership.everywhere.current().filter(role=role).order_by("pk").first().user


@each_role
def test_a_role_comes_to_every_page_that_is_open_to_it(role, pages):
    come_to = {kind.split()[0] for kind in pages[role]}

    missed = open_to(role, files=role == READS_MOST) - NOT_BY_LINK - AFTER_SENDING - come_to
    missed -= READ_ALONG.get(role, set())
    assert missed - (OF_SEVERAL_SCHOOLS if role in OF_A_SCHOOL else set()) == set()


@each_role
def test_no_page_has_a_fault_at_a_desk_in_the_dark_or_on_a_phone(role, looks):
    assert {
        kind: look.faults for kind, look in looks(role).items() if any(look.faults.values())
    } == {}


@each_role
def test_no_page_scrolls_sideways(role, looks):
    assert {kind: look.wide for kind, look in looks(role).items() if look.wide} == {}


@each_role
def test_every_page_has_one_heading_and_a_title_and_can_be_printed(role, looks):
    for kind, look in looks(role).items():
        assert (look.headings, look.is_printed) == (1, True), kind
        assert look.title, kind


@each_role
def test_every_page_says_without_script_what_it_says_with_it(role, looks):
    different = {kind: look for kind, look in looks(role).items() if look.said != look.served}

    assert different == {}


def test_a_page_is_known_by_its_view_and_by_what_is_chosen():
    assert kind_of("/t/north/dashboard/?term=2025-autumn&show=off") == "dashboard:matrix show"
