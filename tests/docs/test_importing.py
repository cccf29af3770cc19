"""docs/importing.md names every command and every column that there is, and no other."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import find_commands, get_commands

from kpis import comparators
from kpis.plan_files.reading import SCHEMA
from returns.spreadsheets import files
from schools import term_files

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")


def section(title):
    return PAGE.partition(f"\n## {title}")[2].partition("\n## ")[0]


def named_in(text):
    """The names in the first cell of each row of the section's table."""
    cells = re.findall(r"^\| ([^|]+) \|", text, flags=re.MULTILINE)
    return set(re.findall(r"\b[a-z]\w+\b", " ".join(cells))) - {"column", "part", "or"}


def ours():
    """The commands of our own apps."""
    for app in apps.get_app_configs():
        if Path(app.path).parent == ROOT:
            yield from find_commands(f"{app.path}/management")


def test_every_command_is_there():
    commands = section("A trust starts").partition("| command |")[2]
    named = set(re.findall(r"`([a-z_]+)[ `]", commands))

    assert set(ours()) <= named <= set(get_commands())


@pytest.mark.parametrize(
    ("title", "columns"),
    [
        ("Terms", {*term_files.HEADER, *term_files.OPTIONAL}),
        ("Outside figures", {*comparators.HEADER, *comparators.NAMED_BY}),
        ("Figures", set(files.COLUMNS)),
        ("The plan", set(json.loads(SCHEMA.read_text(encoding="utf-8"))["properties"])),
    ],
)
def test_every_column_is_there(title, columns):
    assert named_in(section(title)) == columns
