"""The plan page: what the trust is trying to achieve, and whether it is working."""

import pytest
from django.urls import reverse

from kpis.models import KPI
from priorities.models import Milestone, Node, Outcome, PlanLabel
from schools.models import Role
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


def plan_page(trust, term=None, **choices):
    query = {"term": term.slug, **choices} if term else choices
    return reverse("dashboard:plan", args=[trust], query=query)


def make_outcome(plan, title, kpi=None):
    """An outcome of the plan's priority, served by a KPI where one is given."""
    priority = Node.everywhere.get(plan=plan, role="priority")
    outcome = Outcome.everywhere.create(
        plan=plan, parent=priority, role="outcome", key=title.lower(), title=title
    )
    if kpi is not None:
        KPI.everywhere.get(pk=kpi.pk).outcomes.add(outcome)
    return outcome


@pytest.fixture
def as_leader(sign_in):
    def opened(trust, term=None, **choices):
        return sign_in(make_user(Role.LEADER, trust)).get(plan_page(trust, term, **choices))

    return opened


def test_it_says_what_the_trust_wants_in_its_own_words(as_leader):
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    plan.vision = "Known, taught well and ready."
    plan.save()
    for key, label, title in (
        ("v1", "Value", "Kindness"),
        ("w1", "Way of working", "We visit before we judge"),
    ):
        Node.everywhere.create(plan=plan, role="principle", key=key, label=label, title=title)
    make_outcome(plan, "Pupils want to be in school")

    page = as_leader(trust, term).context["plan"]

    assert (page.title, page.vision) == ("Better together", "Known, taught well and ready.")
    assert page.values == ("Kindness",)
    assert page.years == "2025 to 2028"
    [priority] = page.priorities
    assert (priority.number, priority.title) == (1, "Every pupil flourishes")
    assert priority.outcomes == ("Pupils want to be in school",)
    assert (priority.outcome_count, priority.kpi_count) == (1, 1)


def test_a_priority_shows_counts_and_never_one_colour(as_leader):
    trust, term, attendance, schools = make_house(3)
    for school, value in zip(schools, ("96.0", "93.5", "80.0"), strict=True):
        make_entry(attendance, school, term, value)

    [priority] = as_leader(trust, term).context["plan"].priorities

    assert priority.stack.words == "1 off target, 1 close to target, 1 on target"


def test_a_head_counts_their_own_school_only(sign_in):
    trust, term, attendance, schools = make_house(3)
    for school, value in zip(schools, ("96.0", "93.5", "80.0"), strict=True):
        make_entry(attendance, school, term, value)

    page = sign_in(make_head(schools[0])).get(plan_page(trust, term))

    [priority] = page.context["plan"].priorities
    assert priority.stack.words == "1 on target"
    assert schools[2].name not in page.text


def test_the_tree_puts_each_kpi_under_what_it_serves(as_leader):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    kpi = KPI.everywhere.get(plan=plan)
    make_entry(attendance, school, term, "96.0")
    make_outcome(plan, "Served", kpi)
    make_outcome(plan, "Unserved")
    loose = make_kpi(plan, "Loose")
    make_clause(loose, attendance, target="50.0")
    PlanLabel.everywhere.create(
        plan=plan, role="outcome", singular="What will be true", plural="What will be true"
    )

    [priority] = as_leader(trust, term, view="tree").context["plan"].priorities
    served, unserved, unlinked = priority.branches

    assert (served.label, served.title) == ("What will be true", "Served")
    [line] = served.kpis
    assert (line.name, line.target) == ("Attendance", "94.0 min")
    assert line.verdict.sentence == "On target: 1 on target, of 1 school."
    assert line.url.startswith(reverse("dashboard:kpi", args=[trust, kpi.pk]))
    assert unserved.empty == "No KPI measures this yet."
    assert [line.name for line in unlinked.kpis] == ["Loose"]


def test_milestones_are_counted_on_track(as_leader):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    priority = Node.everywhere.get(plan=plan, role="priority")
    for number, target in enumerate(("90.0", "99.0")):
        milestone = Milestone.everywhere.create(
            plan=plan, parent=priority, role="milestone", key=f"m{number}", title="By then"
        )
        make_clause(milestone, attendance, target=target)
    make_entry(attendance, school, term, "95.0")

    [priority] = as_leader(trust, term).context["plan"].priorities

    assert priority.milestone_words == "1 of 2 milestones on track"


def test_trustees_read_no_live_status_and_are_told_why(sign_in, as_leader):
    trust, term, attendance, [school] = make_house()
    make_outcome(the_plan(trust), "Served", KPI.everywhere.get(plan=the_plan(trust)))
    make_entry(attendance, school, term, "81.7")

    assert "Off target" in as_leader(trust, term, view="tree", open="all").text
    page = sign_in(make_user(Role.TRUSTEE, trust)).get(
        plan_page(trust, term, view="tree", open="all")
    )

    assert "No board report has been published yet" in page.text
    assert "Attendance" in page.text
    for live in ("Off target", "81.7", "/kpis/"):
        assert live not in page.text


@pytest.mark.parametrize("role", [Role.TRUST_ADMINISTRATOR, Role.CONTRIBUTOR])
def test_others_read_names_only(role, sign_in):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "81.7")

    page = sign_in(make_user(role, trust)).get(plan_page(trust, term, view="tree"))

    assert "Attendance" in page.text
    assert "Off target" not in page.text
    assert "81.7" not in page.text
    assert "No board report" not in page.text


def test_a_trust_without_a_plan_says_so(as_leader):
    trust = make_trust()

    assert "There is no plan here yet." in as_leader(trust, make_term(trust)).text


def test_the_tree_can_be_asked_for_all_open(as_leader):
    trust, term, _, _ = make_house()

    assert "<details" in as_leader(trust, term, view="tree").text
    assert re_open(as_leader(trust, term, view="tree", open="all").text)
    assert not re_open(as_leader(trust, term, view="tree").text)


def re_open(text):
    return 'id="priority-1" open' in text


@pytest.mark.parametrize("schools", [1, 3, 25])
def test_more_schools_and_kpis_cost_no_more_queries(schools, sign_in, django_assert_num_queries):
    trust, term, attendance, units = make_house(schools)
    for unit in units:
        make_entry(attendance, unit, term, "93.5")
    for number in range(schools):
        kpi = make_kpi(the_plan(trust), f"KPI {number}")
        make_clause(kpi, attendance, target="95.0")
        make_outcome(the_plan(trust), f"Outcome {number}", kpi)
    client = sign_in(make_user(Role.LEADER, trust))
    address = plan_page(trust, term, view="tree")

    with django_assert_num_queries(15):
        page = client.get(address)

    assert page.text.count(">KPI ") == schools
