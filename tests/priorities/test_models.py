"""What the tables of the tree refuse, and what migrations have put into them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from priorities.models import (
    Framework,
    FrameworkItem,
    Node,
    NodeCost,
    NodeLink,
    NodePhase,
    PlanPhase,
    Priority,
    Risk,
)
from schools.models import Period
from schools.tenancy import inside
from tests.factories import make_plan, make_trust

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    trust = make_trust()
    with inside(trust):
        yield make_plan(trust)


def refused(constraint, make, **columns):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**columns)


@pytest.mark.parametrize("name", ["likelihood", "impact"])
def test_a_risk_is_rated_from_1_to_5_or_not_at_all(plan, name):
    def make(key, rating):
        return Risk.objects.create(
            plan=plan, role="risk", key=key, title="A roof falls in", **{name: rating}
        )

    for rating in (None, 1, 5):
        make(f"r{rating}", rating)
    for rating in (0, 6):
        refused(f"risk_{name}_from_1_to_5", make, key=f"r{rating}", rating=rating)

    ratings = Risk.objects.values_list(name, flat=True)
    assert sorted(ratings, key=lambda rating: rating or 0) == [None, 1, 5]


def test_an_entry_is_linked_to_another_one_and_once_in_each_way(plan):
    one = Priority.objects.get(plan=plan)
    other = Node.objects.create(plan=plan, role="theme", key="t", title="A goal")
    NodeLink.objects.create(node=other, to=one, kind="tags")

    assert str(NodeLink.objects.create(node=other, to=one, kind="pairs")) == (
        "Goes with: A Every pupil flourishes"
    )
    refused("(?i)unique", NodeLink.objects.create, node=other, to=one, kind="tags")
    refused("node_link_to_another", NodeLink.objects.create, node=one, to=one, kind="tags")


def test_a_link_goes_with_either_end(plan):
    one = Priority.objects.get(plan=plan)
    other = Node.objects.create(plan=plan, role="theme", key="t", title="A goal")
    NodeLink.objects.create(node=other, to=one, kind="tags")

    one.delete()

    assert NodeLink.objects.count() == 0
    assert Node.objects.filter(pk=other.pk).exists()


def test_a_cost_may_be_words_alone_but_never_below_zero(plan):
    node = Priority.objects.get(plan=plan)
    said = {"node": node, "words": "Cover for training", "certainty": "question"}

    NodeCost.objects.create(order=1, **said)
    NodeCost.objects.create(order=2, amount=Decimal("0"), **said)
    refused("node_cost_not_negative", NodeCost.objects.create, order=3, amount=-1, **said)

    assert list(node.costs.values_list("amount", flat=True)) == [None, Decimal("0")]


def test_an_entry_is_once_in_a_phase_of_a_year(plan):
    node = Priority.objects.get(plan=plan)
    explore = PlanPhase.objects.create(plan=plan, key="explore", order=1, name="Explore")
    said = {"node": node, "phase": explore, "year": Period.objects.whole_year(2025)}

    assert str(NodePhase.objects.create(**said)) == "Explore, 2025/26"
    refused("(?i)unique", NodePhase.objects.create, **said, certain=False)


def test_the_frameworks_are_there_and_each_item_has_a_key_of_its_own():
    assert set(Framework.objects.values_list("key", flat=True)) == {
        "trust-quality-descriptions",
        "cst-assurance-framework",
    }
    assert all(Framework.objects.values_list("source", flat=True))
    names = dict(FrameworkItem.objects.values_list("key", "name"))
    assert names["tqd3"] == names["cst5"] == "Workforce"
    assert len(names) == 13


def test_no_two_frameworks_share_the_key_of_an_item():
    other = Framework.objects.create(key="other", name="Another list")

    refused(
        "(?i)unique", FrameworkItem.objects.create, framework=other, key="tqd1", name="Something"
    )


def test_a_plan_keeps_its_phases_in_order(plan):
    for order, key in enumerate(["sustain", "explore"], start=1):
        PlanPhase.objects.create(plan=plan, key=key, order=order, name=key.title())

    assert [str(phase) for phase in plan.phases.all()] == ["Sustain", "Explore"]
