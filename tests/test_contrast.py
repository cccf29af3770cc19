"""Text stands out 4.5 to 1 and edges 3 to 1, on screen, in the dark and on paper.

The ratios are WCAG 2.2's, worked out from the tokens of the style sheet: a
browser's own check gives up where a cell lies on a cell.
"""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "static" / "css" / "tokens.css"
LIGHT = ":root {"
DARK = "@media screen and (prefers-color-scheme: dark) {"
PRINT = "@media print {"
GREY_PRINTER = "@media print and (monochrome) {"
LOOKS = {
    "light": [LIGHT],
    "dark": [LIGHT, DARK],
    "print": [LIGHT, PRINT],
    "print without colour": [LIGHT, PRINT, GREY_PRINTER],
}

TEXT = 4.5
EDGE = 3.0
STATUSES = ("red", "amber", "green", "grey")
PAIRS = [
    *((f"{status}-text", f"{status}-fill", TEXT) for status in STATUSES),
    *((f"{status}-edge", "page", EDGE) for status in STATUSES),
    *(
        (text, ground, TEXT)
        for text in ("ink", "ink-2", "link", "link-deep", "error", "query", "saved")
        for ground in ("page", "band")
    ),
    ("ink", "query-fill", TEXT),
    ("query", "query-fill", EDGE),
    ("on-link", "link", TEXT),
    ("on-link", "link-deep", TEXT),
    ("on-selected", "selected", TEXT),
    ("ring", "ring-2", EDGE),
    ("control", "page", EDGE),
    ("selected", "page", EDGE),
    ("series-own", "page", TEXT),
    ("series-second", "page", TEXT),
    ("series-third", "page", TEXT),
    ("series-fourth", "page", TEXT),
    ("series-own", "band-off", EDGE),
    ("series-target", "band-off", EDGE),
    ("series-target", "page", TEXT),
    ("series-outside", "page", TEXT),
]


def tokens(look):
    """The colours that hold in one look: later blocks take the place of earlier ones."""
    css = TOKENS.read_text()
    colours = {}
    for start in LOOKS[look]:
        block = css[css.index(start) :]
        block = block[: block.index("}")]
        colours |= dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6});", block))
    return colours


def luminance(colour):
    """How light a colour like #A3122A is, from 0 to 1 (WCAG's definition)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_is_the_one_that_the_standard_defines():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert round(contrast("#A3122A", "#FFFFFF"), 2) == 7.84


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_what_is_read_stands_out_from_its_ground(look, front, ground, least):
    colours = tokens(look)

    assert contrast(colours[front], colours[ground]) >= least


@pytest.mark.parametrize("look", ["light", "print", "print without colour"])
def test_on_white_the_worst_status_is_the_darkest(look):
    colours = tokens(look)

    fills = [luminance(colours[f"{status}-fill"]) for status in ("red", "amber", "green")]

    assert fills == sorted(fills)


def test_in_the_dark_the_worst_status_is_the_lightest():
    colours = tokens("dark")

    fills = [luminance(colours[f"{status}-fill"]) for status in ("red", "amber", "green")]

    assert fills == sorted(fills, reverse=True)


def test_every_colour_of_the_style_sheets_is_a_token():
    sheets = [sheet for sheet in TOKENS.parent.glob("*.css") if sheet != TOKENS]

    named = {
        colour
        for sheet in sheets
        for colour in re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[;, )])", sheet.read_text())
    }

    assert named == set()
