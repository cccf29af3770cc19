"""The coverage page: which pillars and domains the plan serves, and which no KPI does."""

import pytest

from kpis.coverage import read_coverage
from kpis.facts import read_tree
from kpis.models import KPI
from priorities.models import FrameworkItem
from schools.models import Role
from schools.tenancy import inside
from tests.factories import make_house, make_kpi, make_user

from .plan_trees import address, make_node, make_outcome, serve, the_plan, the_priority

pytestmark = pytest.mark.django_db

DFE, CST = "trust-quality-descriptions", "cst-assurance-framework"


@pytest.fixture
def house():
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    return trust, term, plan, KPI.everywhere.get(plan=plan)


def coverage_of(trust, plan):
    """Each item by its key, strands too."""
    with inside(trust):
        found = read_coverage(plan, read_tree(plan, None)[0])
    items = [item for framework in found for item in framework.items]
    return {item.key: item for one in items for item in (one, *one.strands)}


def served(trust, plan):
    return {key for key, item in coverage_of(trust, plan).items() if item.is_served}


@pytest.fixture
def page(sign_in):
    def opened(trust, term, role=Role.LEADER):
        client = sign_in(make_user(role, trust))
        return client.get(address("plan-coverage", trust, term))

    return opened


def test_a_kpi_serves_what_it_names_itself(house):
    trust, _, plan, kpi = house
    assert served(trust, plan) == set()

    serve(kpi, "tqd3")

    assert served(trust, plan) == {"tqd3"}


def test_a_kpi_serves_what_any_entry_above_it_names(house):
    trust, _, plan, _ = house
    theme = make_node(plan, "theme", "Children")
    priority = the_priority(plan)
    priority.parent = theme
    priority.save()
    strand = make_node(plan, "strand", "Social", priority)
    deep = make_kpi(plan, "Deep", parent=strand)
    serve(theme, "cst1")
    serve(strand, "cst2")

    found = coverage_of(trust, plan)

    assert len(found["cst1"].kpis) == 2
    assert found["cst2"].kpis == {deep.pk}


def test_a_kpi_serves_what_an_outcome_that_it_is_linked_to_names(house):
    trust, _, plan, kpi = house
    serve(make_outcome(plan, "Served", kpi), "tqd1")
    serve(make_outcome(plan, "Alone"), "tqd2")

    found = coverage_of(trust, plan)

    assert found["tqd1"].kpis == {kpi.pk}
    assert not found["tqd2"].is_served
    assert [naming.kpis for naming in found["tqd2"].namings] == [0]


def test_a_kpi_does_not_serve_what_an_entry_beside_or_below_it_names(house):
    trust, _, plan, _ = house
    beside = make_node(plan, "strand", "Beside", the_priority(plan))
    serve(beside, "tqd4")
    serve(make_node(plan, "milestone", "Below", beside), "tqd5")

    assert served(trust, plan) == set()


def test_what_serves_a_strand_serves_its_pillar_and_not_the_other_way_round(house):
    trust, _, plan, kpi = house
    serve(kpi, "tqd1.culture")
    assert served(trust, plan) == {"tqd1", "tqd1.culture"}

    other = make_house()
    plan = the_plan(other[0])
    serve(KPI.everywhere.get(plan=plan), "tqd1")
    assert served(other[0], plan) == {"tqd1"}


def test_a_kpi_that_serves_an_item_in_two_ways_is_counted_once(house):
    trust, _, plan, kpi = house
    serve(kpi, "tqd2")
    serve(the_priority(plan), "tqd2")

    item = coverage_of(trust, plan)["tqd2"]

    assert item.kpis == {kpi.pk}
    assert len(item.namings) == 2


def test_what_has_left_the_plan_serves_nothing(house):
    trust, _, plan, kpi = house
    serve(kpi, "tqd2")
    KPI.everywhere.filter(pk=kpi.pk).update(archived_at="2025-10-01T00:00Z")

    assert coverage_of(trust, plan)["tqd2"].namings == ()


def test_the_page_says_in_words_what_is_left(house, page):
    trust, term, plan, kpi = house
    for item in ("tqd1", "tqd2", "tqd3"):
        serve(the_priority(plan), item)
    for item in FrameworkItem.objects.filter(framework__key=CST):
        serve(kpi, item.key)

    shown = page(trust, term).context["coverage"]

    assert {framework.key: framework.finding for framework in shown.frameworks} == {
        DFE: "KPIs serve 3 of the 5 items. No KPI serves: "
        "Finance and operations; and Governance and leadership.",
        CST: "KPIs serve each of the 7 items.",
    }


def test_the_page_names_the_entries_that_name_an_item_and_leads_to_them(house, page):
    trust, term, plan, kpi = house
    serve(the_priority(plan), "tqd2")
    serve(kpi, "tqd2")

    answer = page(trust, term)

    rows = {row.name: row for row in answer.context["coverage"].frameworks[0].rows}
    named = [
        (one.level, one.piece.text, one.counted) for one in rows["School improvement"].named_by
    ]
    assert named == [
        ("Priority", "A Every pupil flourishes", "1 KPI"),
        ("KPI", f"{kpi.code} Attendance", ""),
    ]
    assert rows["School improvement"].counted == "1 KPI"
    assert rows["Workforce"].counted == "No KPI"
    assert rows["Culture"].is_strand
    assert "#entry-a" in answer.text
    assert "A KPI serves what it names itself" in answer.text


def test_everybody_reads_it_and_it_shows_no_status(house, page):
    trust, term, _, kpi = house
    serve(kpi, "tqd2")

    for role in (Role.TRUSTEE, Role.TRUST_ADMINISTRATOR, Role.HEADTEACHER):
        text = page(trust, term, role).text
        assert "Attendance" in text
        assert 'class="status' not in text
