"""What others wrote and we serve: its version, its licence, and that nobody changed it."""

import hashlib
import json
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", MANIFEST, ids=[row["file"] for row in MANIFEST])
def test_a_vendored_file_is_what_the_manifest_says(row):
    file = VENDOR / row["file"]

    assert hashlib.sha256(file.read_bytes()).hexdigest() == row["sha256"]
    assert row["version"] in file.read_text(encoding="utf-8")[:200]
    licence = row["licence"].partition("(")[2].rstrip(")")
    assert (VENDOR / licence).stat().st_size > 500


def test_nothing_is_served_that_the_manifest_does_not_name():
    named = {"manifest.json"}
    for row in MANIFEST:
        named |= {row["file"], row["licence"].partition("(")[2].rstrip(")")}

    assert {file.name for file in VENDOR.iterdir()} == named


def test_only_the_basic_bundle_is_served_of_the_version_that_checks_our_figures():
    [row] = [row for row in MANIFEST if "plotly" in row["file"]]

    assert "basic" in row["file"]
    assert row["version"] == get_plotlyjs_version()
    assert (VENDOR / row["file"]).stat().st_size < 1_300_000
