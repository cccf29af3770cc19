"""The report on paper: A4, tagged for who hears it, the same bytes for the same document.

The template in ``template/`` draws what the document says and works out
nothing. Typst lays it out as PDF/UA-1 in a process of its own
(`typesetting`), with our fonts and no others.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from ..shapes import Document
from .printable import printable_all
from .row_heads import with_row_heads

TYPESETTING = Path(__file__).parent / "typesetting.py"
SECONDS = 90
FOOT = 90  # of the names in the footer, which has one line


class NotTypeset(Exception):
    """There is no PDF, and not a part of one."""


def written(document: Document, *, seconds: float = SECONDS) -> bytes:
    """The bytes of the file; NotTypeset says what went wrong."""
    told = printable_all(json.loads(document.as_json()))
    told["foot"] = _foot(told["header"])
    return typeset(json.dumps(told).encode(), script=TYPESETTING, seconds=seconds)


def typeset(report: bytes, *, script: Path, seconds: float = SECONDS) -> bytes:
    """What the process makes of the report as JSON: the whole PDF or NotTypeset."""
    try:
        done = subprocess.run(  # noqa: S603 - our own file, by our own Python
            [sys.executable, "-I", str(script)],
            input=report,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"PATH": os.defpath},  # no secret of the installation goes along
        )
    except subprocess.TimeoutExpired:
        raise NotTypeset(f"The PDF was not made within {seconds} seconds.") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        why = done.stderr.decode(errors="replace").strip() or f"ended with {done.returncode}"
        raise NotTypeset(f"The PDF could not be made: {why[-1000:]}")
    return with_row_heads(done.stdout)


def _foot(header):
    trust, title = (_short(header[name]) for name in ("trust", "title"))
    day = header["as_at"].partition(",")[0]
    return f"{trust} · {title} · version {header['version']} · {day}"


def _short(words):
    most = FOOT // 2
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
