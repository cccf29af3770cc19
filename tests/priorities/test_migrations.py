"""Migrations of the plan's tree, run over rows that a trust had before them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("priorities", "0002_links_costs_phases_risks")


@pytest.fixture
def earlier():
    """The tables as they were before the rows were moved; afterwards as they are now."""
    executor = MigrationExecutor(connection)
    last = executor.loader.graph.leaf_nodes()  # of all apps: what stands on the tree went too
    executor.migrate([BEFORE])
    apps = executor.loader.project_state([BEFORE]).apps
    apps.get_model("priorities", "FrameworkItem").objects.all().delete()
    apps.get_model("priorities", "Framework").objects.all().delete()

    def later():
        executor = MigrationExecutor(connection)
        executor.migrate(last)
        return executor.loader.project_state(last).apps

    yield apps, later
    later()


def test_a_risk_that_was_there_already_gets_its_row_and_keeps_its_words(earlier):
    apps, later = earlier
    trust = apps.get_model("schools", "Trust").objects.create(slug="north", name="North")
    plan = apps.get_model("priorities", "Plan").objects.create(
        trust=trust, key="p", title="A plan", starts="2025-09-01", ends="2028-08-31"
    )
    nodes = apps.get_model("priorities", "Node").objects
    nodes.create(plan=plan, key="r1", role="risk", title="A roof falls in", order=3)
    nodes.create(plan=plan, key="p1", role="principle", title="Kindness")

    apps = later()

    risk = apps.get_model("priorities", "Risk").objects.get()
    assert (risk.key, risk.title, risk.order) == ("r1", "A roof falls in", 3)
    assert (risk.likelihood, risk.impact) == (None, None)


def test_items_of_two_frameworks_with_one_key_are_told_apart(earlier):
    apps, later = earlier
    for name in ("ofsted", "siams"):
        framework = apps.get_model("priorities", "Framework").objects.create(key=name, name=name)
        framework.items.create(key="One", name="The first")

    apps = later()

    items = apps.get_model("priorities", "FrameworkItem").objects.filter(name="The first")
    assert set(items.values_list("key", "framework__key")) == {
        ("one", "ofsted"),
        ("siams.one", "siams"),
    }


def test_the_two_frameworks_are_written_once_and_what_is_there_keeps_its_name(earlier):
    apps, later = earlier
    framework = apps.get_model("priorities", "Framework").objects.create(key="own", name="Own")
    framework.items.create(key="cst1", name="Our own domain")

    apps = later()

    items = apps.get_model("priorities", "FrameworkItem").objects
    assert items.get(key="cst1").name == "Our own domain"
    assert items.filter(key__startswith="tqd").count() == 6
    assert items.filter(key__startswith="cst").count() == 7
