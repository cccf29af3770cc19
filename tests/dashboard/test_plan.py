"""The strategy on a page: what the trust is trying to achieve, and whether it is working."""

import pytest

from kpis.models import KPI
from priorities.models import Priority
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

from .plan_trees import address, make_label, make_node, make_outcome, the_plan, the_priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_leader(sign_in):
    def opened(trust, term=None, **choices):
        return sign_in(make_user(Role.LEADER, trust)).get(address("plan", trust, term, **choices))

    return opened


def cards_of(page):
    return {row.heading: row.cards for row in page.context["plan"].rows}


def the_card(page):
    [[card]] = cards_of(page).values()
    return card


def test_it_says_what_the_trust_wants_in_its_own_words(as_leader):
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    plan.vision = "Known, taught well and ready."
    plan.save()
    make_label(plan, "principle", "Value", "Values")
    make_node(plan, "principle", "Kindness", label="Value")
    make_node(plan, "principle", "Courage")
    make_node(plan, "principle", "We visit before we judge", label="Way of working")
    make_outcome(plan, "Pupils want to be in school")

    page = as_leader(trust, term)

    plan = page.context["plan"]
    assert (plan.title, plan.vision) == ("Better together", "Known, taught well and ready.")
    assert plan.years == "2025 to 2028"
    assert [(creed.heading, creed.titles) for creed in plan.creeds] == [
        ("Values", ("Kindness", "Courage")),
        ("Way of working", ("We visit before we judge",)),
    ]
    card = the_card(page)
    assert (card.code, card.title) == ("A", "Every pupil flourishes")
    assert [line.title for line in card.lines] == ["Pupils want to be in school"]
    assert card.counts == "Outcome 1 · KPI 1"


def test_its_levels_are_called_what_the_plan_calls_them(as_leader):
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    make_label(plan, "priority", "Belief", "Beliefs")
    make_label(plan, "kpi", "Metric", "Metrics")
    make_outcome(plan, "All read", label="Goal point")

    page = as_leader(trust, term)

    assert list(cards_of(page)) == ["Belief"]
    assert the_card(page).counts == "Goal point 1 · Metric 1"


def test_the_years_are_those_that_the_plan_prints(as_leader):
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    plan.printed_period = "by 2028"
    plan.save()

    assert as_leader(trust, term).context["plan"].years == "by 2028"


def test_both_wordings_of_a_priority_are_shown(as_leader):
    trust, term, _, _ = make_house()
    statement = "No pupil is left to guess."
    Priority.everywhere.filter(plan=the_plan(trust)).update(statement=statement)

    for view in ("page", "tree"):
        page = as_leader(trust, term, view=view).text
        assert "Every pupil flourishes" in page
        assert statement in page


def test_a_level_that_a_plan_does_not_have_leaves_nothing_behind(as_leader):
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    KPI.everywhere.filter(plan=plan).update(archived_at="2025-10-01T00:00Z")
    make_outcome(plan, "All read")

    page = as_leader(trust, term)

    assert the_card(page).counts == "Outcome 1"
    assert "KPI" not in page.text
    tree = as_leader(trust, term, view="tree")
    assert tree.context["plan"].notes == ("KPIs: none in this plan.",)
    assert "No KPI measures this yet" not in tree.text


def test_a_theme_that_holds_priorities_is_named_on_their_cards(as_leader):
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    theme = make_node(plan, "theme", "Children")
    priority = the_priority(plan)
    priority.parent = theme
    priority.save()
    make_node(plan, "theme", "Across all of it")

    rows = cards_of(as_leader(trust, term))

    assert [card.title for card in rows["Theme"]] == ["Across all of it"]
    assert [(card.above, card.title) for card in rows["Priority"]] == [
        ("Children", "Every pupil flourishes")
    ]


def test_groups_that_match_no_aim_have_cards_of_their_own(as_leader):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    make_label(plan, "group", "Heading", "Headings")
    culture = make_node(plan, "group", "Culture")
    make_clause(make_kpi(plan, "Happy", parent=culture), attendance, target="90.0")
    make_entry(attendance, school, term, "96.0")

    [card] = cards_of(as_leader(trust, term))["Heading"]

    assert (card.title, card.counts) == ("Culture", "KPI 1")
    assert card.stack.words == "1 on target"


def test_a_priority_shows_counts_and_never_one_colour(as_leader):
    trust, term, attendance, schools = make_house(3)
    for school, value in zip(schools, ("96.0", "93.5", "80.0"), strict=True):
        make_entry(attendance, school, term, value)

    card = the_card(as_leader(trust, term))

    assert card.stack.words == "1 off target, 1 close to target, 1 on target"


def test_a_head_counts_their_own_school_only(sign_in):
    trust, term, attendance, schools = make_house(3)
    for school, value in zip(schools, ("96.0", "93.5", "80.0"), strict=True):
        make_entry(attendance, school, term, value)

    page = sign_in(make_head(schools[0])).get(address("plan", trust, term))

    assert the_card(page).stack.words == "1 on target"
    assert schools[2].name not in page.text


def test_milestones_on_track_are_counted_of_those_that_can_be_judged(as_leader):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    other = make_term(trust, "2024-autumn")
    for target in ("90.0", "99.0"):
        milestone = make_node(plan, "milestone", f"{target} by then", the_priority(plan))
        make_clause(milestone, attendance, target=target)
    make_node(plan, "milestone", "Nothing tests it", the_priority(plan))
    make_entry(attendance, school, term, "95.0")

    assert the_card(as_leader(trust, term)).milestone_words == "1 of 2 milestones on track"
    assert the_card(as_leader(trust, other)).milestone_words == ""


def test_each_outcome_shows_counts_and_one_without_a_kpi_says_so(as_leader):
    trust, term, attendance, schools = make_house(2)
    plan = the_plan(trust)
    make_outcome(plan, "Pupils want to be in school", KPI.everywhere.get(plan=plan))
    make_outcome(plan, "Nobody counts this")
    tested = make_outcome(plan, "Tested by itself")
    make_clause(tested, attendance, target="99.0")
    for school, value in zip(schools, ("96.0", "80.0"), strict=True):
        make_entry(attendance, school, term, value)

    lines = the_card(as_leader(trust, term)).lines

    assert [(line.words, line.letters, line.note) for line in lines] == [
        ("1 off target, 1 on target", (("R", 1), ("G", 1)), ""),
        ("", (), "No KPI measures this yet."),
        ("", (), "Off target"),
    ]


def test_a_priority_opens_in_place_with_each_kpi_under_its_outcome(as_leader):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    make_outcome(plan, "Pupils want to be in school", KPI.everywhere.get(plan=plan))
    make_clause(make_kpi(plan, "Unlinked"), attendance, target="99.0")
    for slug, value in (("2024-autumn", "91.0"), ("2025-autumn", "93.5")):
        make_entry(attendance, school, make_term(trust, slug), value, numerator=None)

    assert the_card(as_leader(trust, term)).opened == ()
    page = as_leader(trust, term, open="a")

    served, unlinked = the_card(page).opened
    [kpi] = served.kpis
    assert (kpi.title, kpi.figure, kpi.target) == ("Attendance", "0 of 1", "94.0 min")
    assert unlinked.line.title == "KPIs, not linked to an outcome"
    assert [one.title for one in unlinked.kpis] == ["Unlinked"]
    assert page.text.count("Close to target: ") == 1


def test_trustees_read_no_live_status_and_are_told_why(sign_in, as_leader):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    make_outcome(plan, "Served", KPI.everywhere.get(plan=plan))
    tested = make_outcome(plan, "Tested")
    make_clause(tested, attendance, target="99.0")
    make_entry(attendance, school, term, "81.7")

    assert as_leader(trust, term, view="tree", open="all").text.count("Off target") == 2
    client = sign_in(make_user(Role.TRUSTEE, trust))
    for view in ("page", "tree"):
        page = client.get(
            address("plan", trust, term, view=view, open="a" if view == "page" else "all")
        )
        assert "No board report has been published yet" in page.text
        for live in ("Off target", "81.7", "/kpis/"):
            assert live not in page.text
    assert "Attendance" in page.text


@pytest.mark.parametrize("role", [Role.TRUST_ADMINISTRATOR, Role.CONTRIBUTOR])
def test_others_read_names_only(role, sign_in):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "81.7")

    page = sign_in(make_user(role, trust)).get(address("plan", trust, term, view="tree"))

    assert "Attendance" in page.text
    assert "Off target" not in page.text
    assert "81.7" not in page.text
    assert "No board report" not in page.text


@pytest.mark.parametrize("page", ["plan", "plan-coverage", "plan-readiness"])
def test_a_trust_without_a_plan_says_so(page, sign_in):
    trust = make_trust()
    client = sign_in(make_user(Role.LEADER, trust))

    assert "There is no plan here yet." in client.get(address(page, trust, make_term(trust))).text


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.LEADER, ["Strategy on a page", "Full tree", "Coverage", "Readiness"]),
        (Role.AUDITOR, ["Strategy on a page", "Full tree", "Coverage", "Readiness"]),
        (Role.TRUSTEE, ["Strategy on a page", "Full tree", "Coverage"]),
        (Role.HEADTEACHER, ["Strategy on a page", "Full tree", "Coverage"]),
    ],
)
def test_each_page_of_the_plan_leads_to_the_others_that_are_for_you(role, pages, sign_in):
    trust, term, _, _ = make_house()
    client = sign_in(make_user(role, trust))

    tabs = client.get(address("plan", trust, term)).context["plan"].tabs

    assert [tab.label for tab in tabs] == pages
    for tab in tabs:
        answer = client.get(tab.url)
        assert answer.status_code == 200
        assert f'aria-current="page">{tab.label}</a>' in answer.text
