"""The chart of a KPI: drawn by the server, to be explored where there is room and a mouse."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from schools.models import Role
from tests.factories import make_entry, make_house, make_term, make_user

BUNDLE = "**/plotly-basic*"
WIDE = {"viewport": {"width": 1366, "height": 768}}
# Where the reader's chart must never load, whatever else is there.
NEVER = {
    "narrow": {"viewport": {"width": 1000, "height": 768}},
    "forced colours": {**WIDE, "forced_colors": "active"},
}


@pytest.fixture
def chart(window):
    """Open a KPI with two autumns as a leader: (page, what was asked of the bundle)."""
    trust, _, attendance, [school] = make_house()
    for slug, value in (("2024-autumn", "92.0"), ("2025-autumn", "93.5")):
        make_entry(attendance, school, make_term(trust, slug), value)
    kpi = trust.plans(manager="everywhere").get().nodes(manager="everywhere").get(role="kpi")
    query = {"term": "2025-autumn", "school": school.code}
    address = reverse("dashboard:kpi", args=[trust, kpi.pk], query=query)
    leader = make_user(Role.LEADER, trust)

    def opened(**options):
        page, asked = window(leader, **options), []
        page.route(BUNDLE, lambda route: (asked.append(1), route.continue_()))
        page.goto(address, wait_until="load")
        return page, asked

    return opened


@pytest.mark.browser
def test_a_reader_with_a_mouse_points_at_a_figure_and_paper_has_the_servers_chart(chart):
    page, _ = chart(**WIDE)
    expect(page.locator(".explore .main-svg").first).to_be_visible()
    expect(page.locator(".chart-wide")).to_be_hidden()

    for across in (330, 231):  # a pointer comes from somewhere
        page.locator(".explore").hover(position={"x": across, "y": 150})

    expect(page.locator(".hoverlayer")).to_contain_text("92.0%")
    page.emulate_media(media="print")
    expect(page.locator(".explore")).to_be_hidden()
    expect(page.locator(".chart-narrow")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("options", NEVER.values(), ids=NEVER)
def test_the_large_script_is_never_asked_for(chart, options):
    page, asked = chart(**options)

    page.wait_for_timeout(300)
    assert asked == []
    expect(page.locator(".chart:visible")).to_have_count(1)
