"""What a plan file says of its entries stands in the tree, changes there and goes again."""

from decimal import Decimal

import pytest

from kpis.models import KPI, Clause, Comment, Due, Measure, Reading
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import PlanFileRefused, read
from priorities.models import (
    FrameworkLink,
    Milestone,
    Node,
    NodeCost,
    NodeLink,
    NodeOwner,
    NodePhase,
    NodeRole,
    Plan,
    PlanLabel,
    PlanPhase,
    Risk,
)
from schools.models import AuditRow, Basis
from schools.tenancy import inside
from tests.factories import make_entry, make_school, make_term, make_trust, make_user
from tests.plans.files import FULL

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    trust = make_trust()
    with inside(trust):
        yield trust


def load(trust, text=FULL, **said):
    return load_plan(read(text, "plan.yaml"), trust, **said)


def changed(*pairs):
    """The full plan with pieces of text replaced."""
    text = FULL
    for find, put in pairs:
        assert text.count(find) == 1, f"{find!r} stands {text.count(find)} times"
        text = text.replace(find, put)
    return text


def node(key):
    return Node.objects.get(key=key)


def keys(of):
    return [one.node.key for one in of.select_related("node")]


# what is in the tree


def test_every_role_has_its_place_and_its_label(trust):
    load(trust)

    stands = {node.key: node.parent and node.parent.key for node in Node.objects.all()}
    assert stands["goal-1"] is stands["sc-2"] is stands["tf-1"] is stands["risk-1"] is None
    assert (stands["belief-1"], stands["row-1-a"], stands["sc-1"]) == ("goal-1", "row-1", "point-a")
    assert (stands["metric-2"], stands["tf-2"], stands["tactic-1-a"]) == (
        *("point-a", "point-a"),
        "tactic-1",
    )
    assert set(Node.objects.values_list("role", flat=True)) == set(NodeRole.values)
    labels = dict(PlanLabel.objects.values_list("role", "plural"))
    assert (labels["theme"], labels["mitigation"]) == ("Goals", "Answers")


def test_jobs_own_an_entry_in_the_order_of_the_file(trust):
    load(trust)

    assert list(NodeOwner.objects.values_list("node__key", "role")) == [
        ("belief-1", "Head / Chief executive"),
        ("belief-1", "EDs"),
    ]


def test_a_cost_without_an_amount_is_no_zero(trust):
    load(trust)

    assert list(NodeCost.objects.values_list("words", "amount", "certainty")) == [
        ("Part of the budget for training", Decimal("25000.50"), "certain"),
        ("Hall?", None, "question"),
        ("Cover", Decimal("0"), "to_be_confirmed"),
    ]


def test_phases_of_a_year_are_certain_unless_the_file_doubts_it(trust):
    load(trust)

    phases = [(str(one), one.certain, one.year.basis) for one in NodePhase.objects.all()]
    assert phases == [
        ("Explore, 2025/26", True, Basis.ACADEMIC_YEAR),
        ("Explore, 2026/27", False, Basis.ACADEMIC_YEAR),
        ("Deliver, 2026/27", True, Basis.ACADEMIC_YEAR),
    ]
    assert list(PlanPhase.objects.values_list("key", "name")) == [
        ("explore", "Explore"),
        ("deliver", "Deliver"),
    ]


def test_links_and_what_an_entry_serves(trust):
    load(trust)

    links = NodeLink.objects.values_list("node__key", "kind", "to__key")
    assert set(links) == {
        ("goal-1", "tags", "belief-1"),
        ("goal-1", "tags", "belief-2"),
        ("sc-1", "restates", "metric-1"),
        ("tf-1", "next_bar", "metric-1"),
        ("tactic-1", "pairs", "metric-2"),
        ("risk-2-a", "same_as", "risk-1-a"),
    }
    served = FrameworkLink.objects.values_list("node__key", "item__name")
    assert set(served) == {
        ("goal-1", "High-quality and inclusive education: culture"),
        ("goal-1", "High quality, inclusive education"),
    }


def test_ratings_of_risks_and_notes_among_milestones(trust):
    load(trust)

    ratings = Risk.objects.values_list("key", "likelihood", "impact")
    assert set(ratings) == {("risk-1", 2, 5), ("risk-2", None, None)}
    assert set(Milestone.objects.values_list("key", "only_a_note")) == {
        ("tf-1", False),
        ("tf-2", True),
    }


def test_outcomes_and_milestones_carry_clauses_and_dates(trust):
    load(trust)

    assert node("sc-1").combine == "any"
    clauses = Clause.objects.values_list("node__key", "key")
    assert {("sc-1", "c1"), ("sc-1", "c2"), ("tf-1", "c1")} <= set(clauses)
    dates = Due.objects.filter(node__key="tf-1").values_list("step", "version", "label")
    assert list(dates) == [(1, 1, "2025/26"), (2, 1, "not stated"), (2, 2, "By September")]
    assert not Due.objects.filter(node__key="sc-2").exists()


# what changes


def test_an_entry_moves_to_another_place_without_a_reason(trust):
    load(trust)

    loaded = load(trust, changed(("{key: risk-2, under: belief-2", "{key: risk-2")))

    assert [change.path for change in loaded.changed] == [("node", "risk-2")]
    assert node("risk-2").parent is None


def test_a_child_may_stand_above_its_parent_in_the_file(trust):
    row = "  - {key: row-1, under: belief-2, title: Row one}\n"
    inner = "  - {key: row-1-a, under: row-1, title: Inside row one}\n"

    load(trust, changed((row + inner, inner + row)))

    assert node("row-1-a").parent.key == "row-1"
    gone = "measure_groups:\n" + row + inner
    load(trust, changed((gone, ""), ("    under: row-1-a\n", "    under: belief-2\n")))
    assert not Node.objects.filter(role="group").exists()


def test_a_risk_is_rated_anew(trust):
    load(trust)

    load(trust, changed(("likelihood: 2, impact: 5", "impact: 4")))

    risk = Risk.objects.get(key="risk-1")
    assert (risk.likelihood, risk.impact, risk.title) == (None, 4, "It burns")


def test_costs_and_owners_keep_the_order_of_the_file(trust):
    load(trust)

    load(
        trust,
        changed(
            ("[Head / Chief executive, EDs]", "[EDs, Head / Chief executive]"),
            ("{words: Hall?, certainty: question}, ", ""),
        ),
    )

    owners = node("belief-1").owners.values_list("role", flat=True)
    assert list(owners) == ["EDs", "Head / Chief executive"]
    costs = node("tactic-1").costs.values_list("order", "words", "amount")
    assert list(costs) == [
        (1, "Part of the budget for training", Decimal("25000.50")),
        (2, "Cover", Decimal("0")),
    ]


# what goes


def test_what_hangs_on_an_entry_goes_when_the_file_no_longer_says_it(trust):
    load(trust)
    text = changed(
        ("    owners: [Head / Chief executive, EDs]\n", ""),
        (", serves: [tqd1.culture, cst3]", ""),
        (", links: [{to: belief-2, kind: tags}, {to: belief-1, kind: tags}]", ""),
        ("    links: [{to: metric-2, kind: pairs}]\n", ""),
    )
    lines = text.splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith(("    costs:", "    phases:")))
    text = text.replace(text[text.index("phases:\n") : text.index("offices:\n")], "")

    loaded = load(trust, text)

    assert loaded.kept == []
    for table in (NodeOwner, NodeCost, NodePhase, PlanPhase, FrameworkLink):
        assert table.objects.count() == 0, table
    assert set(keys(NodeLink.objects)) == {"sc-1", "tf-1", "risk-2-a"}
    assert load(trust, text).nothing_changed


def test_an_entry_goes_with_all_that_hangs_on_it(trust):
    load(trust)
    start, end = FULL.index("actions:\n"), FULL.index("risks:\n")

    load(trust, FULL[:start] + FULL[end:])

    assert not Node.objects.filter(role="action").exists()
    assert NodeCost.objects.count() == NodePhase.objects.count() == 0
    assert set(keys(NodeLink.objects)) == {"goal-1", "sc-1", "tf-1", "risk-2-a"}


def test_a_milestone_with_figures_is_archived_and_keeps_its_dates_and_links(trust):
    load(trust)
    Reading.objects.get(clause__node__key="tf-1")
    term = make_term(trust)
    make_entry(Measure.objects.get(code="joined"), trust.own_unit, term, value="1")
    first = FULL.index("  - key: tf-1\n")
    text = FULL[:first] + FULL[FULL.index("  - {key: tf-2") :]

    load(trust, text)

    assert node("tf-1").archived_at is not None
    assert Due.objects.filter(node__key="tf-1").count() == 3
    assert NodeLink.objects.filter(node__key="tf-1").exists()
    assert load(trust, text).nothing_changed
    with pytest.raises(PlanFileRefused, match="node/tf-1: archived with its figures"):
        load(trust)


def test_an_outcome_without_figures_goes_with_its_clauses(trust):
    load(trust)
    first, last = FULL.index("  - key: sc-1\n"), FULL.index("  - {key: sc-2")
    text = (FULL[:first] + FULL[last:]).replace("outcomes: [sc-2, sc-1]", "outcomes: [sc-2]")

    load(trust, text)

    assert not Node.objects.filter(key="sc-1").exists()
    assert not Clause.objects.filter(node__role="outcome").exists()
    assert [one.key for one in KPI.objects.get(key="metric-1").outcomes.all()] == ["sc-2"]


def test_a_risk_that_people_have_talked_about_is_archived(trust):
    load(trust)
    Comment.objects.create(
        node=node("risk-2"), unit=make_school(trust), term=make_term(trust), by=make_user(), why="x"
    )
    text = changed(
        ("  - {key: risk-2, under: belief-2, title: It floods}\n", ""),
        (
            "  - {key: risk-2-a, under: risk-2, title: As above, "
            "links: [{to: risk-1-a, kind: same_as}]}\n",
            "",
        ),
    )

    load(trust, text)

    assert node("risk-2").archived_at is not None
    assert not Node.objects.filter(key="risk-2-a").exists()


# what people did meanwhile


def test_a_link_made_on_screen_is_kept_and_told(trust):
    load(trust)
    NodeLink.objects.create(node=node("sc-2"), to=node("metric-2"), kind="restates")

    loaded = load(trust)

    assert loaded.nothing_changed
    assert loaded.kept == ["link/sc-2/restates/metric-2: added on screen, and not in the file"]
    assert NodeLink.objects.filter(node__key="sc-2").exists()


def test_a_rating_changed_on_screen_and_in_the_file_stops_the_load(trust):
    load(trust)
    Risk.objects.filter(key="risk-1").update(impact=1)

    with pytest.raises(PlanFileRefused, match='impact: the file says "4", the trust has "1"'):
        load(trust, changed(("likelihood: 2, impact: 5", "likelihood: 2, impact: 4")))

    assert Risk.objects.get(key="risk-1").impact == 1


def test_a_load_before_a_column_was_known_is_no_change_by_people(trust):
    """The trail of an older load knows fewer columns than the file has words now."""
    load(trust)
    row = AuditRow.objects.filter(action="plan loaded").first()
    older = {path: dict(columns) for path, columns in row.after.items()}
    del older["node/tf-2"]["only_a_note"]
    AuditRow.objects.record("plan loaded", Plan.objects.get(), by=None, after=older)

    load(trust, changed((", only_a_note: yes", "")))

    assert Milestone.objects.get(key="tf-2").only_a_note is False


def test_a_job_with_a_stroke_in_its_name_can_leave(trust):
    load(trust)

    loaded = load(trust, changed(("[Head / Chief executive, EDs]", "[EDs]")))

    assert loaded.kept == []
    assert [change.path for change in loaded.gone] == [
        ("owner", "belief-1", "Head / Chief executive")
    ]
    assert [one.role for one in NodeOwner.objects.all()] == ["EDs"]
