"""What a plan lacks before all of it can be judged, as text and as a page."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from kpis.models import KPI, Baseline, Comparator, Measure, PupilGroup, Series, Target
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read
from kpis.readiness import KINDS, readiness
from priorities.models import FrameworkItem, NodeOwner
from schools.models import Role, Term
from schools.tenancy import inside
from tests.dashboard.plan_trees import make_due, make_node, serve, the_plan, the_priority
from tests.factories import (
    make_clause,
    make_house,
    make_kpi,
    make_measure,
    make_plan,
    make_terms,
    make_trust,
    make_user,
)
from tests.plans.files import plan_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """A trust whose plan lacks nothing, and its KPI."""
    trust, _, attendance, _ = make_house()
    Measure.everywhere.filter(pk=attendance.pk).update(what_counts="Sessions, from the register.")
    plan = the_plan(trust)
    kpi = KPI.everywhere.get(plan=plan)
    NodeOwner.everywhere.create(node=kpi, role="Head of inclusion")
    make_start(trust, kpi)
    for item in FrameworkItem.objects.all():
        serve(the_priority(plan), item.key)
    return trust, plan, kpi, attendance


def make_start(trust, node, dated=True, **columns):
    """A baseline of the node's first reading, printed in the plan."""
    clause = node.clauses(manager="everywhere").first()
    reading = clause.readings(manager="everywhere").first()
    from_period = clause.versions(manager="everywhere").first().from_period
    columns = {"value": "91.5", "printed": "currently", **columns}
    return Baseline.everywhere.create(
        reading=reading,
        unit=trust.own_unit,
        group=PupilGroup.objects.get(code="all"),
        from_period=from_period,
        dated=from_period if dated else None,
        **columns,
    )


def ready_of(trust, plan):
    with inside(trust):
        return readiness(plan, list(Term.objects.select_related("period__year")))


def lacks_of(trust, plan):
    """{kind: [(the entry's title, the clause, what)]} of what is lacking."""
    return {
        group.kind.key: [
            (lack.entry.title if lack.entry else "", lack.clause, lack.what) for lack in group.lacks
        ]
        for group in ready_of(trust, plan).groups
        if group.lacks
    }


def make_tested(plan, measure, title="Another", **clause):
    """A KPI that lacks nothing but what its clause does."""
    kpi = make_kpi(plan, title)
    NodeOwner.everywhere.create(node=kpi, role="Somebody")
    made = make_clause(kpi, measure, **clause)
    return kpi, made


def test_a_plan_that_says_everything_lacks_nothing(house):
    trust, plan, _, _ = house

    ready = ready_of(trust, plan)

    assert (ready.count, lacks_of(trust, plan)) == (0, {})
    assert ready.ready == KINDS
    assert ready.looked_at == {"kpi": 1}


def test_nobody_is_named(house):
    trust, plan, _, _ = house
    NodeOwner.everywhere.all().delete()
    make_node(plan, "milestone", "Remark", the_priority(plan), only_a_note=True)

    assert lacks_of(trust, plan) == {"owner": [("Attendance", "", "")]}


def test_nothing_tests_it(house):
    trust, plan, kpi, _ = house
    priority = the_priority(plan)
    untested = [make_kpi(plan, "No clause")]
    untested += [make_node(plan, role, role, priority) for role in ("outcome", "milestone")]
    served = make_node(plan, "outcome", "Served", priority)
    kpi.outcomes.add(served)
    for node in [*untested, served]:
        NodeOwner.everywhere.create(node=node, role="Somebody")

    assert lacks_of(trust, plan)["test"] == [
        ("No clause", "", "No clause says what is measured"),
        ("outcome", "", "No KPI is linked to it and it has no test of its own"),
        ("milestone", "", "Nothing says when it counts as reached"),
    ]


@pytest.mark.parametrize(
    ("clause", "what"),
    [
        ({"rule": "trend", "operator": "improve"}, "Cannot be judged until there is one"),
        (
            {"rule": "gap", "operator": "narrow", "against": "same_school"},
            "Cannot be judged until there is one",
        ),
        ({"target": "95.0"}, "Judged on the target alone until there is one"),
        ({"rule": "judged"}, None),
        ({"rule": "compare", "operator": "above"}, None),
        ({"rule": "band", "target": ("90.0", "95.0")}, None),
    ],
)
def test_a_baseline_is_asked_for_by_the_rules_that_need_one(clause, what, house):
    trust, plan, _, attendance = house
    kpi, made = make_tested(plan, attendance, **clause)

    lacks = lacks_of(trust, plan)

    assert lacks.get("baseline", []) == ([("Another", made.key, what)] if what else [])
    if what:
        make_start(trust, kpi)
        assert "baseline" not in lacks_of(trust, plan)


def test_a_baseline_period_is_a_baseline(house):
    trust, plan, _, attendance = house
    _, made = make_tested(plan, attendance, rule="trend", operator="improve")
    assert "baseline" in lacks_of(trust, plan)

    version = made.versions(manager="everywhere").get()
    version.baseline_period = version.from_period
    version.save()

    assert lacks_of(trust, plan) == {}


def test_a_printed_baseline_without_a_date(house):
    trust, plan, _, _ = house
    Baseline.everywhere.update(dated=None)

    assert lacks_of(trust, plan) == {
        "baseline_date": [("Attendance", "c1", "91.5, printed “currently”")]
    }


def test_a_target_in_words_is_no_number(house):
    trust, plan, _, attendance = house
    make_tested(plan, attendance, "None", rule="band")
    _, worded = make_tested(plan, attendance, "Words", rule="band")
    reading = worded.readings(manager="everywhere").get()
    first = worded.versions(manager="everywhere").get().from_period
    Target.everywhere.create(
        reading=reading, unit=trust.own_unit, from_period=first, words="high levels"
    )
    make_tested(plan, attendance, "Number", rule="band", target=("90.0", "95.0"))

    assert lacks_of(trust, plan) == {
        "target": [
            ("None", "c1", "No number"),
            ("Words", "c1", "“high levels” is no number yet"),
        ]
    }


def test_a_gap_to_nobody_has_no_target(house):
    trust, plan, _, attendance = house
    make_tested(plan, attendance, rule="gap", operator="closed", against="not_stated")

    assert lacks_of(trust, plan)["target"] == [
        ("Another", "c1", "The group to compare with is not stated")
    ]


def test_a_comparison_needs_an_outside_figure_that_somebody_has_entered(house):
    trust, plan, _, attendance = house
    make_tested(plan, attendance, rule="compare", operator="above")
    assert lacks_of(trust, plan) == {
        "comparator": [("Another", "c1", "No outside figure belongs to Attendance")]
    }

    series = Series.objects.create(provider="DfE", what="attendance", basis="year_to_date")
    Measure.everywhere.filter(pk=attendance.pk).update(series=series)
    assert lacks_of(trust, plan) == {
        "comparator": [("Another", "c1", "No figure of DfE is in yet")]
    }

    figure = Comparator.objects.create(
        series=series,
        group=PupilGroup.objects.get(code="all"),
        period=Term.everywhere.filter(trust=trust).first().period,
        not_published=True,
    )
    assert "comparator" in lacks_of(trust, plan)

    figure.not_published, figure.value = False, "93.4"
    figure.save()
    assert lacks_of(trust, plan) == {}


def test_a_budget_of_another_trust_is_no_comparator_of_ours(house):
    trust, plan, _, attendance = house
    theirs = Series.objects.create(
        owner="elsewhere", provider="Budget", what="spend", basis="year_to_date"
    )
    Comparator.objects.create(
        series=theirs,
        group=PupilGroup.objects.get(code="all"),
        period=Term.everywhere.filter(trust=trust).first().period,
        value="1",
    )
    ours = Series.objects.create(
        owner=trust.slug, provider="Budget", what="spend", basis="year_to_date"
    )
    Measure.everywhere.filter(pk=attendance.pk).update(series=ours)
    make_tested(plan, attendance, rule="compare", operator="above")

    assert lacks_of(trust, plan)["comparator"] == [
        ("Another", "c1", "No figure of Budget is in yet")
    ]


def test_due_dates(house):
    trust, plan, _, attendance = house
    priority = the_priority(plan)
    done, _ = make_tested(plan, attendance, "Done", rule="done")
    make_due(done, "", plan.ends, "plan_end")
    dated, _ = make_tested(plan, attendance, "Dated", rule="done")
    make_due(dated, "July 2026", date(2026, 7, 31), "month")
    make_tested(plan, attendance, "Each term", rule="done", repeated="term")
    milestones = {
        title: make_node(plan, "milestone", title, priority)
        for title in ("Undated", "Vague", "Sure")
    }
    make_due(milestones["Vague"], "annual", None, "none")
    make_due(milestones["Sure"], "", date(2026, 7, 1))

    assert lacks_of(trust, plan)["due"] == [
        ("Done", "c1", "No date of its own, so due on 31 August 2028"),
        ("Undated", "", "No date"),
        ("Vague", "", "“annual” names no day"),
    ]


def test_a_figure_that_nobody_is_asked_for_has_no_source(house):
    trust, plan, _, attendance = house
    silent = make_measure(
        trust, "Noise", ask_autumn=False, ask_spring=False, ask_summer=False, what_counts="Noise."
    )
    make_tested(plan, silent, rule="judged")
    Measure.everywhere.filter(pk=attendance.pk).update(what_counts="")

    assert lacks_of(trust, plan) == {
        "source": [
            ("Attendance", "c1", "It is not said what counts as Attendance"),
            ("Another", "c1", "No return asks for Noise"),
        ]
    }


def test_codes_that_stand_twice_are_both_named_but_letters_begin_anew(house):
    trust, plan, kpi, _ = house
    priority = the_priority(plan)
    for title in ("Central team", "More revenue"):
        made = make_node(plan, "outcome", title, priority, code="SC 22")
        kpi.outcomes.add(made)
        NodeOwner.everywhere.create(node=made, role="Somebody")
    for number in (1, 2):
        risk = make_node(plan, "risk", f"Risk {number}", code=f"R {number}")
        make_node(plan, "mitigation", "Watch", risk, code="a)")

    assert lacks_of(trust, plan) == {
        "code": [
            ("Central team", "", "SC 22 stands twice"),
            ("More revenue", "", "SC 22 stands twice"),
        ]
    }


def test_pillars_and_domains_that_no_kpi_serves(house):
    trust, plan, _, _ = house
    the_priority(plan).framework_links(manager="everywhere").filter(
        item__key__in=["tqd4", "cst7"]
    ).delete()

    assert [what for _, _, what in lacks_of(trust, plan)["framework"]] == [
        "DfE Trust Quality Descriptions: Finance and operations",
        "CST Building Strong Trusts: Assurance Framework: Public benefit",
    ]


def test_one_of_several_clauses_is_named(house):
    trust, plan, kpi, attendance = house
    make_clause(kpi, attendance, rule="trend", operator="improve", title="Rising")

    assert lacks_of(trust, plan) == {
        "baseline": [("Attendance", "c2", "Rising: Cannot be judged until there is one")]
    }


# The command


def told(*arguments):
    out = StringIO()
    call_command("plan_readiness", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_tells_each_kind_with_its_count_and_where_it_is_mended(house):
    trust, plan, kpi, _ = house
    NodeOwner.everywhere.all().delete()

    text = told(trust.slug)

    lines = text.splitlines()
    assert lines[:2] == [f"Better together ({plan.key})", "Looked at: 1 KPI."]
    owner = lines.index("No owner: 1")
    assert lines[owner + 1] == (
        "  No job is named that answers for it. Mended in the plan file: owners of the entry."
    )
    assert lines[owner + 2] == f"  - [{kpi.key}] {kpi.code} Attendance"
    assert "No baseline: none" in lines
    assert lines[-1] == "In all: 1 lacking."
    assert told(trust.slug, plan.key) == text


def test_the_command_goes_through_all_plans_or_the_one_that_is_named(house):
    trust, _, _, _ = house
    make_plan(
        trust, key="later", title="Afterwards", starts=date(2028, 9, 1), ends=date(2030, 8, 31)
    )

    both, one = told(trust.slug), told(trust.slug, "later")

    assert both.index("Better together") < both.index("Afterwards")
    assert "Better together" not in one


def test_the_command_says_which_trusts_and_plans_there_are(house):
    trust, plan, _, _ = house

    with pytest.raises(CommandError, match=f"There are: {trust.slug}"):
        told("nowhere")
    with pytest.raises(CommandError, match=f"It has: {plan.key}"):
        told(trust.slug, "nothing")


# The page


@pytest.fixture
def page(sign_in):
    def opened(trust, role=Role.LEADER):
        client = sign_in(make_user(role, trust))
        return client.get(reverse("dashboard:plan-readiness", args=[trust]))

    return opened


def test_the_page_and_the_command_tell_the_same(page):
    trust = make_trust(terms=make_terms(2018))
    name = "learning-together-trust"
    load_plan(read(plan_files()[name], name), trust)

    tables = page(trust).context["readiness"].tables
    text = told(trust.slug)

    for table in tables:
        assert f"\n{table.name}: {table.count}\n" in text
        for row in table.rows:
            assert row.name in text
            assert row.what in text
    assert sum(table.count for table in tables) == text.count("\n  - ")
    counts = {table.key: table.count for table in tables}
    assert (counts["code"], counts["target"], counts["owner"]) == (2, 2, 53)


def test_each_lack_leads_to_where_it_is_mended(house, page):
    trust, _, kpi, _ = house
    NodeOwner.everywhere.all().delete()
    Baseline.everywhere.all().delete()

    tables = {table.key: table for table in page(trust).context["readiness"].tables}

    [owner], [baseline] = tables["owner"].rows, tables["baseline"].rows
    assert owner.url.endswith(f"#entry-{kpi.key}")
    assert owner.where == kpi.key
    assert f"/kpis/{kpi.pk}/" in baseline.url
    assert "clause=c1" in baseline.url
    assert baseline.where == f"{kpi.key}, c1"


def test_the_page_is_calm_where_nothing_is_lacking(house, page):
    trust, _, _, _ = house

    text = page(trust).text

    assert "Nothing is lacking." in text
    assert "<table" not in text


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.HEADTEACHER, Role.TRUST_ADMINISTRATOR])
def test_it_is_not_there_for_those_who_cannot_mend_it(role, house, page):
    trust, _, _, _ = house
    assert page(trust, Role.AUDITOR).status_code == 200

    assert page(trust, role).status_code == 404


@pytest.mark.parametrize("kpis", [1, 3, 25])
def test_more_kpis_cost_no_more_queries(kpis, house, sign_in, django_assert_num_queries):
    trust, plan, _, attendance = house
    for number in range(kpis):
        make_clause(make_kpi(plan, f"KPI {number}"), attendance, target="95.0")
    client = sign_in(make_user(Role.LEADER, trust))
    asked = reverse("dashboard:plan-readiness", args=[trust])

    with django_assert_num_queries(14):
        text = client.get(asked).text

    assert all(f"KPI {number}<" in text for number in range(kpis))
