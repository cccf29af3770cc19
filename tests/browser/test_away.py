"""The database is away while somebody types: the page keeps the text and tries again."""

import re

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from returns.models import Line
from tests.factories import make_head, make_house, make_return

from .conftest import Windows


@pytest.fixture
def windows(browser, live_server):
    windows = Windows(browser, live_server.url)
    yield windows
    windows.close()


def test_what_is_typed_while_the_database_is_away_is_kept_and_saved_when_it_is_back(
    windows, monkeypatch
):
    trust, term, _, [school] = make_house()
    return_ = make_return(school, term)
    page = windows.open(make_head(school))
    page.goto(f"/t/{trust.slug}/returns/{return_.pk}/")
    box = page.get_by_label(re.compile("^Attendance, "))

    def gone(*_, **__):
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as away:
        away.setattr("returns.grid.saving_views.save_lines", gone)
        box.fill("91.5")
        box.blur()
        expect(page.locator("[data-trouble]")).to_contain_text("Not saved")
        expect(box).to_have_value("91.5")
        assert not Line.everywhere.exists()

    expect(page.locator("[data-saved]")).to_contain_text("All changes saved at")
    assert Line.everywhere.get().value == "91.5"
    assert {fault.split(":")[0] for fault in windows.close()} == {"503"}
