"""docs/plan-files.md teaches by a plan, and that plan is right."""

import re
from pathlib import Path

import pytest

from kpis.models import Clause
from kpis.plan_files.exporting import export_plan
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read, schema
from kpis.plan_files.wanted import TESTED
from priorities.models import PARENTS, FrameworkItem, NodeRole
from priorities.plan_files.tree import LISTS
from schools.tenancy import inside
from tests.factories import make_trust

PAGE = (Path(__file__).parents[2] / "docs" / "plan-files.md").read_text(encoding="utf-8")
PLAN = "\n".join(re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL))


@pytest.mark.django_db
def test_the_plan_of_the_page_loads_and_comes_out_again():
    trust = make_trust()
    with inside(trust):
        loaded = load_plan(read(PLAN, "plan-files.md"), trust)

        assert loaded.counts["node"] == 16
        assert set(Clause.objects.values_list("node__role", flat=True)) == set(TESTED)
        assert "Riverside" in export_plan(loaded.plan)


def test_the_page_shows_every_list_in_the_order_of_the_format():
    data = read(PLAN, "plan-files.md").data

    assert list(data) == list(schema()["properties"])


def test_the_page_says_what_every_entry_may_have():
    words = set(schema()["properties"]["measure_groups"]["items"]["properties"])
    table = PAGE.partition("Every entry may also have:")[2].partition("\n## ")[0]

    named = {name for cell in re.findall(r"^\| (`[^|]+) \|", table, re.M) for name in names(cell)}
    assert named == words - {"key", "under", "code", "title"}


def test_the_page_says_where_each_entry_may_stand():
    table = PAGE.partition("| list | stands under |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", table, flags=re.MULTILINE)
    said = {name: where for cell, where in rows for name in names(cell)}

    assert set(said) == set(LISTS)
    for name, role in LISTS.items():
        where = said[name].replace("the same", said["milestones"])
        found = {each for each in NodeRole if re.search(rf"\b{word_for(each)}\b", where)}
        found |= {None} if "the plan" in where else set()
        assert found == PARENTS[role], name


def word_for(role):
    return "group" if role == NodeRole.GROUP else role.label.lower()


def names(cell):
    return re.findall(r"`([a-z_]+)`", cell)


@pytest.mark.django_db
def test_every_item_of_a_framework_is_named():
    keys = set(FrameworkItem.objects.values_list("key", flat=True))
    spelt = PAGE.replace("`tqd2` to `tqd5`", "`tqd2` `tqd3` `tqd4` `tqd5`")
    spelt = spelt.replace("`cst1` to `cst7`", " ".join(f"`cst{number}`" for number in range(1, 8)))

    assert keys == set(re.findall(r"`((?:tqd|cst)[\w.]+)`", spelt))
