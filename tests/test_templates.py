"""What every template and script keeps to, whoever writes the next one."""

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
KILOBYTE = 1024


@pytest.mark.parametrize("name", NAMES)
def test_a_template_can_be_read(name):
    assert get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_template_holds_a_style_a_script_or_a_foreign_address(path):
    source = path.read_text()

    assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=", source)
    assert not re.search(r"<style|javascript:|https?://(?!www\.w3\.org)", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if path.name.startswith("_")],
    ids=[name for name in NAMES if "/_" in name],
)
def test_a_partial_says_what_it_needs(path):
    assert "Needs: " in path.read_text()[:200]


@pytest.mark.parametrize(("kind", "budget"), [("css", 20), ("js", 20)])
def test_what_a_browser_fetches_stays_small(kind, budget):
    files = (ROOT / "static" / kind).glob(f"*.{kind}")

    fetched = sum(len(gzip.compress(path.read_bytes())) for path in files)

    assert 0 < fetched <= budget * KILOBYTE
