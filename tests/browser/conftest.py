"""A real browser: Debian's Chromium, driven by Playwright."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from .watch import Watch

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser():
    """Chromium, once for the whole run."""
    if not CHROMIUM:
        give_up = pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip
        give_up("No Chromium: apt-get install chromium fonts-liberation")
    from playwright.sync_api import sync_playwright

    # Playwright runs a loop in this thread, and Django would refuse the database in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--no-first-run", *QUIET]
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def window(browser, live_server):
    """Open a window on the running site: ``page = window(user)``, signed in as that person.

    Without a person nobody is signed in. Takes Playwright's options for a
    context (``viewport``, ``java_script_enabled``). At the end nothing may have
    gone wrong in any window; see Watch.
    """
    windows = Windows(browser, live_server.url)
    yield windows.open
    assert windows.close() == []


class Windows:
    """Watched windows on one site, each with a session of its own."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self._open = []

    def open(self, user=None, **options):
        context = self.browser.new_context(
            base_url=self.address, locale="en-GB", timezone_id="Europe/London", **options
        )
        context.set_default_timeout(15_000)
        self._open.append((context, Watch(context, self.address)))
        if user:
            context.add_cookies([{**session_of(user), "url": self.address}])
        return context.new_page()

    def close(self):
        """Close all; what went wrong in them."""
        faults = []
        for context, watch in self._open:
            context.close()
            faults += watch.faults
        self._open.clear()
        return faults


def session_of(user):
    """The cookie of a person who has signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


@pytest.fixture(scope="session")
def faults_of():
    """What axe finds wrong with a page, in words: ``assert faults_of(page) == []``.

    All its rules for our standard, or ``only`` those that are named.
    """
    source = AXE.read_text(encoding="utf-8")

    def found(page, only=None):
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        return page.evaluate(RUN, only or TAGS)

    return found


# Told to look for faults only, axe is three times as fast.
RUN = """async rules => {
    const found = await axe.run({runOnly: rules, resultTypes: ["violations"]});
    return found.violations.flatMap(fault => fault.nodes.map(
        node => `${fault.id}: ${fault.help}: ${node.html.slice(0, 200)}`
    ));
}"""
