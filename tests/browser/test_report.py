"""A published report as a trustee has it: on a tablet, at 400 %, on grey paper, without script."""

import re
from itertools import pairwise
from unittest.mock import patch

import pytest
from django.urls import reverse

from schools.models import Role
from tests.factories import make_entry, make_house, make_published, make_user
from tests.reports.documents import make_document

from .sizes import DESK, SMALLEST, TABLET, scrolls_sideways

ORDER = [
    "We ask you to",
    "Summary",
    "2 Exceptions",
    "3 Priorities",
    "4 All results",
    "Definitions and target rules",
]
LIGHTNESS = """chip => {
    const [r, g, b] = getComputedStyle(chip).backgroundColor.match(/[\\d.]+/g).map(Number);
    return 0.299 * r + 0.587 * g + 0.114 * b;
}"""


@pytest.fixture
def report(db):
    """A report of twenty KPIs and twelve schools, and who reads it."""
    trust, term, attendance, schools = make_house(schools=2)
    make_entry(attendance, schools[0], term, value="91.7")
    document = make_document(kpis=20, schools=12, exceptions=4, priorities=3)
    with patch("reports.publishing.document_of", return_value=document):
        published = make_published(trust)
    address = reverse("reports:report-read", args=[trust, published.report_id])
    return make_user(Role.TRUSTEE, trust, email="trustee@example.org"), address


@pytest.mark.parametrize("size", [TABLET, SMALLEST], ids=["820", "320"])
def test_axe_finds_nothing_on_a_tablet_and_at_400_percent_by_day_and_by_night(
    report, window, faults_of, size
):
    reader, address = report
    page = window(reader, viewport=size)
    page.goto(address)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults_of(page) == []
    assert not scrolls_sideways(page, size)


@pytest.mark.parametrize("size", [TABLET, SMALLEST], ids=["820", "320"])
def test_without_script_it_says_the_same_and_its_links_lead_there(report, window, size):
    reader, address = report
    page, with_script = (
        window(reader, viewport=size, java_script_enabled=on) for on in (False, True)
    )
    for one in (page, with_script):
        one.goto(address)

    assert page.locator(".report").inner_text() == with_script.locator(".report").inner_text()
    links = page.locator(".report-bar a")
    for place in range(links.count()):
        links.nth(place).click()
        to = page.locator(f"#{page.url.partition('#')[2]}")
        bar, heading = page.locator(".report-bar").bounding_box(), to.bounding_box()
        assert heading["y"] < size["height"]
        if place:  # the first leads to the top, above the bar
            assert heading["y"] >= bar["y"] + bar["height"] - 1
        assert links.nth(place).bounding_box()["height"] >= 44


def test_on_paper_without_colour_the_worst_is_the_darkest_and_says_its_letter(report, window):
    reader, address = report
    page = window(reader, viewport=DESK)
    page.goto(address)
    page.emulate_media(media="print")

    for kind in (".rs", ".report-matrix td"):
        light = [
            page.locator(f"{kind}.{status}").first.evaluate(LIGHTNESS)
            for status in ("red", "amber", "green")
        ]
        assert all(after - before > 40 for before, after in pairwise(light)), (kind, light)
        for status, letter in (("red", "R"), ("amber", "A"), ("green", "G")):
            words = page.locator(f"{kind}.{status}").first.inner_text()
            assert words.strip().startswith(letter), (kind, words)
        kept = page.locator(f"{kind}.red").first
        assert kept.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"
    assert page.locator(".report-bar").is_hidden()


def test_heard_from_front_to_back_it_is_in_order(report, window):
    """Headings one below another, a caption for every table, a sentence for every chart."""
    reader, address = report
    page = window(reader, viewport=DESK)
    page.goto(address)

    heard = page.locator(".report").aria_snapshot()
    levels = [int(level) for level in re.findall(r"heading .*\[level=(\d)\]", heard)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(re.findall(r"- table:", heard)) == 0  # each has a name
    assert len(re.findall(r'- table "', heard)) == page.locator(".report table").count()
    charts = page.locator(".report svg").count()
    assert charts > 10
    assert len(re.findall(r'- img "[^"]{5,}"', heard)) == charts
    parts = re.findall(r'heading "([^"]+)" \[level=2\]', heard)
    assert [one for one in parts if one in ORDER] == ORDER
