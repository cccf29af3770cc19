"""Every page of the example trust, as every role that may read it.

Pages are not listed here: each role walks from where it lands, by the links
that it is shown, and must come to every page that the access table opens to it.
The walk asks the site without a browser; each page that is different from those
of the roles before is then opened once, and looked at in every way.
"""

import csv
import io
from dataclasses import dataclass
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TransactionTestCase
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from demo.loading import load
from returns.models import Line, Return
from returns.views import READ, TYPE
from schools.models import Membership, Memberships, Role
from schools.people import OF_A_SCHOOL
from schools.tenancy import inside
from tests.factories import boxes_of, make_evidence, make_measure

from .conftest import Windows
from .said import said_in, said_on
from .sizes import DESK, PHONE, SMALLEST, TABLET, scrolls_sideways
from .walk import kind_of, open_to, walked

pytestmark = pytest.mark.usefixtures("db")

# Linked where a page is still empty; asked for by a script.
NOT_BY_LINK = {"dashboard:first-steps", "returns:return-results"}
# Whoever has one school has nothing to compare it with.
OF_SEVERAL_SCHOOLS = {"dashboard:schools-compare"}
# Who reads the most tries every filter; the others come to each page once.
READS_MOST = Role.LEADER

ANSWERING = ("value", "numerator", "denominator", "on", "reviewer")
UNKNOWN_HEADS = b"Academy,Result\nOur school,94.1\n"

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
        trust, _ = load(timezone.localdate())
        # A log in each school's return: in the example only one office keeps one.
        make_measure(trust, "Complaints", kind="cases", keeps_log=True, unit="", decimals=0)
        server = LiveServer("localhost")
        with server._live_server_modified_settings:
            yield SimpleNamespace(address=server.url, sent=sent_in(trust), looks={})
        server.stop()
        TransactionTestCase()._fixture_teardown()


@pytest.fixture
def db(example):
    """In place of a transaction for each test, which would hide from the site who has signed in."""


@pytest.fixture(scope="module")
def pages(example):
    """The pages of each role, {role: {kind: Page}}."""
    return {
        role: walked(
            person(role),
            role,
            everything=role == READS_MOST,
            sent=example.sent.get(role),
            never=never_linked(role),
        )
        for role in Role
    }


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

    show_whole(window, DESK)
    if not is_new:
        window.evaluate(SHORTEN)
    faults = {"desk": faults_of(window)}
    if is_new:
        window.emulate_media(color_scheme="dark")
        faults["dark"] = faults_of(window, only=["color-contrast"])
        window.emulate_media(color_scheme="light")
        show_whole(window, PHONE)
        faults["phone"] = faults_of(window)
    return Look(faults, wide, headings, title, is_printed, said, served)


def show_whole(window, size):
    """A window as high as the page: nothing is scrolled under what sticks to its edges."""
    window.set_viewport_size(size)
    high = window.evaluate("document.documentElement.scrollHeight")
    window.set_viewport_size({**size, "height": max(size["height"], high)})


SHORTEN = """() => {
    for (const long of document.querySelectorAll("main :is(tbody, ul, ol, dl)")) {
        [...long.children].slice(4).forEach(one => one.remove());
    }
}"""


def person(role):
    """The first person of the example trust who has this role; of those in offices the last."""
    found = Membership.everywhere.current().filter(role=role).order_by("pk")
    return (found.last() if role == Role.CONTRIBUTOR else found.first()).user


def never_linked(role):
    """The pages to which no link leads somebody with this role."""
    return NOT_BY_LINK | (OF_SEVERAL_SCHOOLS if role in OF_A_SCHOOL else set())


def sent_in(trust):
    """Send what pages come after: {role: {kind: address}} of those who may read them."""
    typing = Return.everywhere.get(term__trust=trust, state="in_progress")
    files = {role: sent_files(person(role), role, typing) for role in TYPE}
    with inside(trust):
        offices = Memberships(person(Role.CONTRIBUTOR), trust).office_ids
    of_term = Line.everywhere.filter(return_to__term=typing.term)
    of_office = of_term.filter(return_to__unit__kind="trust", measure__office__in=offices).first()
    of_school = of_term.filter(return_to=typing).first()
    for line in (of_school, of_office):
        make_evidence(line.return_to, line=line)

    def address(role):
        line = of_office if role == Role.CONTRIBUTOR else of_school
        at = [trust, line.return_to_id, "-".join(map(str, line.key))]
        return {"returns:evidence kept": reverse("returns:evidence", args=at)}

    return {role: files.get(role, files[Role.DATA_MANAGER]) | address(role) for role in READ}


def sent_files(user, role, typing):
    """Send a file with heads that nobody knows; the data manager one that is then applied too."""
    client, at = Client(), {"term": typing.term.slug}
    client.force_login(user)
    trust = typing.term.trust

    def send(name, data):
        page = reverse("returns:spreadsheet", args=[trust], query=at)
        return client.post(page, {"file": SimpleUploadedFile(name, data)}).url

    found = {"returns:upload problems": send("export.csv", UNKNOWN_HEADS)}
    if role in (Role.HEADTEACHER, Role.DATA_MANAGER):
        template = client.get(reverse("returns:template-csv", args=[trust], query=at))
        found["returns:upload"] = send("figures.csv", filled_in(template.content))
    if role == Role.DATA_MANAGER:
        shown = client.get(found["returns:upload"])
        assert client.post(found["returns:upload"], boxes_of(shown)).status_code == 302
    return found


def filled_in(template):
    """A template in which one blank row says why: that fits every kind of question."""
    rows = list(csv.DictReader(io.StringIO(template.decode("utf-8-sig"))))
    blank = next(row for row in rows if not any(row[name] for name in ANSWERING))
    blank["value"] = "n/a"
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@each_role
def test_a_role_comes_to_every_page_that_is_open_to_it(role, pages):
    come_to = {kind.split()[0] for kind in pages[role]}

    assert open_to(role, files=role == READS_MOST) - never_linked(role) - come_to == set()


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
