"""docs/rag.md says what the rules do, and leaves none of it out."""

import re

import pytest

from kpis.models import Measure as MeasureRow
from kpis.models.promises import RollUp, Rule
from kpis.rag.given import Measure, Settings
from kpis.rag.verdict import Reason
from schools.models import Trust

from . import page

TEXT = page.PAGE.read_text(encoding="utf-8")


def rows(text):
    """The cells of every line of a table, its head and rule left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("name", page.TABLES)
def test_a_table_of_the_page_is_what_the_rules_say(name):
    written = [found[0] for found in page.PLACE.finditer(TEXT) if found[2] == name]

    assert written == [page.filled(one) for one in written], (
        "docs/rag.md is out of date; write its tables anew: python -m tests.kpis.rag.page"
    )
    assert len(written) == 1


def test_the_page_asks_for_no_other_table():
    asked = re.findall(r"<!-- table: (\w+) -->", TEXT)

    assert sorted(asked) == sorted(page.TABLES)
    assert TEXT.count("<!-- end -->") == len(asked)


def test_a_table_out_of_date_would_be_found():
    stale = TEXT.replace("On target: 85.0%, target at least 85.0%.", "On target: 84.9%.")

    assert stale != TEXT
    assert page.filled(stale) == TEXT


def test_every_reason_is_shown_with_a_sentence():
    shown = {cell for name in page.TABLES for row in rows(page.TABLES[name]()) for cell in row}

    assert set(Reason) <= shown


def test_every_example_has_a_number_of_its_own():
    numbers = [row[0] for name in page.TABLES for row in rows(page.TABLES[name]())]
    numbers = [number for number in numbers if re.fullmatch(r"[a-z]{2}\d+", number)]

    assert len(numbers) == len(set(numbers))
    assert len(numbers) > 80


def test_every_rule_has_its_section():
    section = TEXT.partition("\n## The nine rules\n")[2].partition("\n## ")[0]

    assert re.findall(r"^### (.+)$", section, flags=re.MULTILINE) == [
        rule.value.capitalize() for rule in Rule
    ]


def test_every_way_from_schools_to_the_trust_is_there():
    section = TEXT.partition("\n## From schools to the trust\n")[2].partition("<!--")[0]

    assert [row[0] for row in rows(section)] == [way.replace("_", " ") for way in RollUp.values]


@pytest.mark.parametrize("name", ["min_to_judge", "plan_counts_as", "due_soon_days"])
def test_a_trust_begins_with_the_settings_of_the_page(name):
    assert Trust._meta.get_field(name).default == getattr(Settings(), name)


@pytest.mark.parametrize("name", ["carried_terms", "valid_months"])
def test_a_measure_begins_with_the_settings_of_the_page(name):
    usual = Measure.__dataclass_fields__[name].default

    assert MeasureRow._meta.get_field(name).default == usual
