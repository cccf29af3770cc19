"""The full tree: everything that a plan holds, in its own words and order, to read."""

from datetime import date

import pytest

from kpis.models import KPI
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read
from priorities.models import NodeCost, NodeOwner, NodePhase, PlanPhase
from schools.models import AcademicYear, Period, Role
from tests.factories import (
    make_clause,
    make_entry,
    make_house,
    make_kpi,
    make_school,
    make_term,
    make_terms,
    make_trust,
    make_user,
)
from tests.plans.files import plan_files

from .plan_trees import (
    address,
    entries_of,
    link,
    make_due,
    make_label,
    make_node,
    make_outcome,
    said_of,
    serve,
    the_plan,
    the_priority,
)

pytestmark = pytest.mark.django_db

PLANS = plan_files()
FIRST_YEARS = {
    "learning-together-trust": 2018,
    "plantsbrook-learning-trust": 2017,
    "education-improvement-plan": 2023,
}


@pytest.fixture
def house():
    """A trust with a plan, its term, and its priority."""
    trust, term, _, _ = make_house()
    return trust, term, the_plan(trust), the_priority(the_plan(trust))


@pytest.fixture
def tree(sign_in):
    """The page of the full tree as a leader reads it."""

    def opened(trust, term):
        client = sign_in(make_user(Role.LEADER, trust))
        return client.get(address("plan", trust, term, view="tree", open="all"))

    return opened


@pytest.fixture
def entries(tree):
    return lambda trust, term: entries_of(tree(trust, term).context["plan"])


def a_year(starts_in):
    year = AcademicYear.objects.get_or_create(starts_in=starts_in)[0]
    ends = date(starts_in + 1, 8, 31)
    return Period.objects.kept(Period(basis="academic_year", year=year, part=3, on=ends))


def headings(entry):
    return [group.heading for group in entry.groups]


def names(group):
    return [entry.title for entry in group.entries]


def test_each_kpi_stands_under_what_it_serves(entries):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    kpi = KPI.everywhere.get(plan=plan)
    make_entry(attendance, school, term, "96.0")
    make_outcome(plan, "Served", kpi)
    make_outcome(plan, "Served too", kpi)
    make_outcome(plan, "Unserved")
    make_clause(make_kpi(plan, "Loose"), attendance, target="50.0")
    make_label(plan, "outcome", "What will be true", "What will be true")

    found = entries(trust, term)

    outcomes, loose = found["Every pupil flourishes"].groups
    assert outcomes.heading == "What will be true"
    assert names(outcomes) == ["Served", "Served too", "Unserved"]
    [measured] = found["Served"].groups
    [line] = measured.entries
    assert (line.title, line.target) == ("Attendance", "94.0 min")
    assert line.verdict.sentence == "On target: 1 on target, of 1 school."
    assert line.url.startswith(f"/t/{trust.slug}/kpis/{kpi.pk}/")
    assert found["Unserved"].empty == "No KPI measures this yet."
    assert (loose.heading, names(loose)) == ("KPI, not linked to an outcome", ["Loose"])


def test_a_kpi_that_serves_two_outcomes_is_told_in_full_once(entries):
    trust, term, _, _ = make_house()
    plan = the_plan(trust)
    kpi = KPI.everywhere.get(plan=plan)
    NodeOwner.everywhere.create(node=kpi, role="Head of inclusion")
    for title in ("First", "Second"):
        make_outcome(plan, title, kpi)

    found = entries(trust, term)

    [[first], [second]] = [found[title].groups[0].entries for title in ("First", "Second")]
    assert (first.anchor, said_of(first)["Owner"]) == (
        "entry-k" + kpi.key[1:],
        ["Head of inclusion"],
    )
    assert (second.anchor, second.about, second.title) == ("", (), "Attendance")


def test_no_outcome_is_blamed_where_the_plan_links_no_kpi_to_any(entries, house):
    trust, term, plan, _ = house
    make_outcome(plan, "Alone")

    found = entries(trust, term)

    assert found["Alone"].empty == ""
    assert headings(found["Every pupil flourishes"]) == ["Outcome", "KPI"]


def test_an_outcome_with_clauses_shows_how_each_stands(entries):
    trust, term, attendance, [school] = make_house()
    outcome = make_outcome(the_plan(trust), "All in school")
    make_clause(outcome, attendance, target="90.0", title="Most days")
    make_clause(outcome, attendance, target="99.0", title="Nearly every day")
    make_entry(attendance, school, term, "95.0")

    entry = entries(trust, term)["All in school"]

    assert entry.verdict.status == "red"
    assert [(one.name, one.verdict.status, one.figure) for one in entry.clauses] == [
        ("Most days", "green", "1 of 1"),
        ("Nearly every day", "red", "0 of 1"),
    ]


def test_printed_codes_stand_as_printed_even_twice(entries, tree, house):
    trust, term, plan, priority = house
    make_node(plan, "outcome", "Central team", priority, code="SC 22")
    make_node(plan, "outcome", "More revenue", priority, code="SC 22")
    make_node(plan, "outcome", "No code", priority)

    found = entries(trust, term)

    assert [found[title].code for title in ("Central team", "More revenue", "No code")] == [
        "SC 22",
        "SC 22",
        "",
    ]
    assert tree(trust, term).text.count(">SC 22</span>") == 2


def test_an_entry_with_a_word_of_its_own_is_called_that(entries, house):
    trust, term, plan, priority = house
    make_label(plan, "outcome", "Criterion", "Criteria")
    for title in ("One", "Two"):
        make_node(plan, "outcome", title, priority)
    make_node(plan, "outcome", "Point", priority, label="Goal point")

    assert headings(entries(trust, term)["Every pupil flourishes"]) == [
        "Criteria",
        "Goal point",
        "KPI",
    ]


def test_dates_stand_as_printed_with_the_day_they_mean(entries, house):
    trust, term, plan, priority = house
    dated = make_node(plan, "milestone", "Dated", priority)
    make_due(dated, "July 2026", date(2026, 7, 31), "month")
    day = make_node(plan, "milestone", "To the day", priority)
    make_due(day, "", date(2026, 7, 1))
    vague = make_node(plan, "milestone", "Vague", priority)
    make_due(vague, "annual", None, "none")
    make_node(plan, "milestone", "Undated", priority)
    last = make_node(plan, "action", "At the end", priority)
    make_due(last, "by the end", plan.ends, "plan_end")

    found = entries(trust, term)

    due = {title: said_of(found[title])["Due"] for title in found if "Due" in said_of(found[title])}
    assert due == {
        "Dated": ["July 2026 (31 July 2026)"],
        "To the day": ["1 July 2026"],
        "Vague": ["annual, no date set"],
        "Undated": ["No date set"],
        "At the end": ["by the end (31 August 2028)"],
    }


def test_a_date_that_moved_keeps_what_was_said_first(entries, house):
    trust, term, plan, priority = house
    lost = make_node(plan, "milestone", "Lost", priority)
    make_due(lost, "not stated", None, "none", reason="The first date is lost.")
    make_due(lost, "July 2026", date(2026, 7, 31), "month", version=2)
    twice = make_node(plan, "milestone", "Twice", priority)
    for version, month in enumerate((1, 4, 7), start=1):
        make_due(twice, "", date(2026, month, 1), version=version)

    found = entries(trust, term)

    assert said_of(found["Lost"])["Due"] == [
        "July 2026 (31 July 2026). Moved once, first said: not stated. The first date is lost"
    ]
    assert said_of(found["Twice"])["Due"] == [
        "1 July 2026. Moved twice, first said: 1 January 2026"
    ]


def test_steps_of_a_series_are_no_revision(entries, house):
    trust, term, plan, priority = house
    series = make_node(plan, "milestone", "Two schools a year", priority)
    for step, year in enumerate((2026, 2027), start=1):
        make_due(series, f"by {year}", date(year, 8, 31), "academic_year", step=step)

    assert said_of(entries(trust, term)["Two schools a year"])["Due"] == [
        "Step 1: by 2026 (31 August 2026)",
        "Step 2: by 2027 (31 August 2027)",
    ]


def test_a_caveat_among_the_milestones_is_no_milestone(entries, house):
    trust, term, plan, priority = house
    make_node(plan, "milestone", "May change", priority, only_a_note=True)

    entry = entries(trust, term)["May change"]

    assert said_of(entry) == {"Note only": ["A remark, no milestone: it is never due"]}
    assert entry.verdict is None


def test_a_milestone_without_a_date_is_never_red(entries):
    trust, term, attendance, [school] = make_house()
    plan = the_plan(trust)
    milestone = make_node(plan, "milestone", "Some day", the_priority(plan))
    make_clause(milestone, attendance, target="99.0", when="by")
    make_entry(attendance, school, term, "50.0")

    entry = entries(trust, term)["Some day"]

    assert (entry.verdict.reason, said_of(entry)["Due"]) == ("NO_DATE", ["No date set"])


def test_owners_and_costs_are_said_as_the_plan_says_them(entries, house):
    trust, term, plan, priority = house
    action = make_node(plan, "action", "Coach", priority)
    for order, role in enumerate(("Deputy Trust Lead", "EDs")):
        NodeOwner.everywhere.create(node=action, role=role, order=order)
    costs = [
        ("part of the budget (£25,000)", "25000", "certain"),
        ("a speaker", "450.50", "certain"),
        ("tbc", None, "to_be_confirmed"),
        ("venue", None, "question"),
    ]
    for order, (words, amount, certainty) in enumerate(costs):
        NodeCost.everywhere.create(
            node=action, order=order, words=words, amount=amount, certainty=certainty
        )

    assert said_of(entries(trust, term)["Coach"]) == {
        "Owners": ["Deputy Trust Lead, EDs"],
        "Costs": [
            "part of the budget (£25,000)",
            "a speaker: £450.50",
            "tbc (to be confirmed)",
            "venue (an open question)",
        ],
    }


def test_actions_stand_inside_actions(entries, house):
    trust, term, plan, priority = house
    action = make_node(plan, "action", "Lead subjects", priority)
    make_node(plan, "action", "Networks", action)

    [inside] = entries(trust, term)["Lead subjects"].groups

    assert (inside.heading, names(inside)) == ("", ["Networks"])


def test_phases_are_a_table_year_by_year(tree, house):
    trust, term, plan, priority = house
    phases = {}
    for order, name in enumerate(("Explore", "Prepare", "Deliver")):
        phases[name] = PlanPhase.everywhere.create(plan=plan, key=name, name=name, order=order)
    first, second = (a_year(year) for year in (2025, 2026))
    action = make_node(plan, "action", "Oracy", priority, code="O")
    NodePhase.everywhere.create(node=action, phase=phases["Explore"], year=first)
    NodePhase.everywhere.create(node=action, phase=phases["Deliver"], year=second, certain=False)

    page = tree(trust, term).context["plan"]

    assert said_of(entries_of(page)["Oracy"])["Phase"] == [
        "Explore 2025/26, Deliver 2026/27 (not certain)"
    ]
    assert page.phase_table.heads == ("Explore", "Prepare", "Deliver")
    cells = [
        (year, [[piece.text for piece in cell] for cell in cells])
        for year, cells in page.phase_table.rows
    ]
    assert cells == [
        ("2025/26", [["O Oracy"], [], []]),
        ("2026/27", [[], [], ["O Oracy (not certain)"]]),
    ]


def test_a_plan_without_phases_has_no_table_of_them(tree, house):
    trust, term, _, _ = house

    page = tree(trust, term)

    assert page.context["plan"].phase_table is None
    assert "year by year" not in page.text


def test_risks_say_what_is_done_about_them_or_that_nothing_is(entries, tree, house):
    trust, term, plan, _ = house
    known = make_node(plan, "risk", "Roll falls", code="R 1", likelihood=3, impact=5)
    answer = make_node(plan, "mitigation", "Marketing", known, code="a)")
    other = make_node(plan, "risk", "Competition", code="R 2")
    again = make_node(plan, "mitigation", "As above", other, code="a)")
    link(again, answer, "same_as")
    make_node(plan, "risk", "Policy shifts", code="R 3")

    found = entries(trust, term)

    assert said_of(found["Roll falls"]) == {"Likelihood": ["3 of 5"], "Impact": ["5 of 5"]}
    assert found["Policy shifts"].empty == "No mitigation in the plan."
    assert found["Roll falls"].empty == ""
    [same] = found["As above"].about
    assert (same.term, same.pieces[0].text) == ("Same as", "R 1 a) Marketing")
    assert same.pieces[0].url.endswith(f"#entry-{answer.key}")
    assert f'id="entry-{answer.key}"' in tree(trust, term).text


@pytest.mark.parametrize(
    ("kind", "there", "back"),
    [
        ("tags", "Tagged with", "Tagged by"),
        ("restates", "Says again", "Said again by"),
        ("next_bar", "Next bar", "Bar before it"),
        ("pairs", "Goes with", "Goes with"),
    ],
)
def test_a_link_is_read_from_both_ends(kind, there, back, entries, house):
    trust, term, plan, priority = house
    goal = make_node(plan, "theme", "Curriculum", code="G3")
    link(goal, priority, kind)

    found = entries(trust, term)

    assert said_of(found["Curriculum"])[there] == ["A Every pupil flourishes"]
    assert said_of(found["Every pupil flourishes"])[back] == ["G3 Curriculum"]


def test_the_frameworks_that_an_entry_serves_are_named(entries, house):
    trust, term, _, priority = house
    for item in ("tqd2", "tqd3", "cst7"):
        serve(priority, item)

    assert said_of(entries(trust, term)["Every pupil flourishes"]) == {
        "DfE Trust Quality Descriptions": ["School improvement, Workforce"],
        "CST Building Strong Trusts: Assurance Framework": ["Public benefit"],
    }


def test_notes_and_the_line_of_the_document_stand_with_the_entry(tree, house):
    trust, term, plan, priority = house
    make_node(plan, "strand", "Social", priority, note="Printed twice.", source_line=191)

    page = tree(trust, term).text

    assert "Printed twice." in page
    assert "line 191" in page


def test_what_has_left_the_plan_is_not_in_its_tree(entries, house):
    trust, term, plan, priority = house
    gone = make_node(plan, "strand", "Gone", priority, archived_at="2025-10-01T00:00Z")
    stays = make_node(plan, "strand", "Stays", priority)
    link(stays, gone, "restates")

    found = entries(trust, term)

    assert "Gone" not in found
    assert said_of(found["Stays"]) == {}


def test_it_can_be_asked_for_all_open(tree, house, sign_in):
    trust, term, _, _ = house
    closed = sign_in(make_user(Role.LEADER, trust)).get(address("plan", trust, term, view="tree"))

    assert 'id="entry-a" open' in tree(trust, term).text
    assert 'id="entry-a"' in closed.text
    assert 'id="entry-a" open' not in closed.text


@pytest.mark.parametrize("schools", [1, 3, 25])
def test_more_schools_and_entries_cost_no_more_queries(schools, sign_in, django_assert_num_queries):
    trust, term, attendance, units = make_house(schools)
    plan = the_plan(trust)
    for unit in units:
        make_entry(attendance, unit, term, "93.5")
    for number in range(schools):
        kpi = make_kpi(plan, f"KPI {number}")
        make_clause(kpi, attendance, target="95.0")
        outcome = make_outcome(plan, f"Outcome {number}", kpi)
        make_due(outcome, "soon", date(2026, 7, 31))
        NodeOwner.everywhere.create(node=outcome, role="Somebody")
        serve(outcome, "tqd1")
    client = sign_in(make_user(Role.LEADER, trust))
    asked = address("plan", trust, term, view="tree")

    with django_assert_num_queries(15):
        page = client.get(asked)

    assert page.text.count(">KPI ") == schools


@pytest.mark.any_database
@pytest.mark.parametrize("name", PLANS)
def test_every_entry_of_every_plan_stands_in_the_full_tree(
    name, sign_in, django_assert_max_num_queries
):
    trust = make_trust(terms=make_terms(FIRST_YEARS.get(name, 2025), 3))
    make_school(trust)
    plan = load_plan(read(PLANS[name], f"{name}.yaml"), trust).plan
    term = make_term(trust, f"{plan.starts.year}-autumn")
    client = sign_in(make_user(Role.LEADER, trust))

    pages = {}
    for page, choices in (
        ("plan", {}),
        ("plan", {"view": "tree", "open": "all"}),
        ("plan-coverage", {}),
        ("plan-readiness", {}),
    ):
        asked = address(page, trust, term, **choices)
        with django_assert_max_num_queries(16):
            pages[page] = client.get(asked)
        assert pages[page].status_code == 200

    nodes = plan.nodes(manager="everywhere").values_list("key", flat=True)
    shown = entries_of(pages["plan"].context["plan"])
    assert {entry.key for entry in shown.values()} <= set(nodes)
    missing = [key for key in nodes if f'id="entry-{key}"' not in pages["plan"].text]
    assert missing == []
