"""The fonts of the PDF: whose they are, under which licence, and that nobody changed them."""

import hashlib
import json

import pytest

from reports.pdf.printable import FONTS

MANIFEST = json.loads((FONTS / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", MANIFEST, ids=[row["file"] for row in MANIFEST])
def test_a_font_is_what_the_manifest_says(row):
    assert hashlib.sha256((FONTS / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    licence = (FONTS / row["licence"].partition("(")[2].rstrip(")")).read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_no_font_is_there_that_the_manifest_does_not_name():
    assert {path.name for path in FONTS.glob("*.ttf")} == {row["file"] for row in MANIFEST}
