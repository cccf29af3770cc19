"""What the browser tests rely on: a fault is seen, whatever kind of fault it is."""

import pytest

from .conftest import Windows

FAULTS = {
    "an image of a stranger": "new Image().src = 'https://stranger.example.org/pixel.png'",
    "a style in an attribute": "document.body.setAttribute('style', 'color: red')",
    "a script in the page": """
        document.body.append(Object.assign(document.createElement('script'), {text: 'var a = 1'}))
    """,
    "a script that breaks": "setTimeout(() => { throw new Error('broken') })",
    "a file that is not there": "fetch('/static/no-such-file.css')",
}


@pytest.fixture
def windows(browser, live_server):
    windows = Windows(browser, live_server.url)
    yield windows
    windows.close()


@pytest.mark.parametrize("script", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_seen(script, windows):
    page = windows.open()
    page.goto("/sign-in/")

    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(200)
    page.goto("/sign-in/")

    assert len(windows.close()) >= 1


def test_a_page_without_fault_has_none(windows, faults_of):
    page = windows.open()
    page.goto("/sign-in/")
    assert faults_of(page) == []

    page.goto("/no/such/page/")
    assert faults_of(page) == []

    assert windows.close() == []


def test_axe_finds_what_is_wrong(windows, faults_of):
    page = windows.open()
    page.goto("/sign-in/")

    page.evaluate("document.querySelector('label').remove()")

    assert [fault.split(":")[0] for fault in faults_of(page)] == ["label"]
