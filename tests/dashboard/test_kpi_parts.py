"""What stands round the figures of a KPI: definition, versions, evidence, what is being done."""

import pytest

from dashboard.kpi.evidence import linked
from kpis.models import Override
from priorities.models import NodeLink, NodeOwner
from schools.models import Role
from tests.factories import (
    make_clause,
    make_entry,
    make_house,
    make_kpi,
    make_measure,
    make_school,
    make_target,
    make_term,
    make_user,
)

from .kpi_house import kpi_page, the_kpi, the_plan

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("See https://example.org/a?b=1&c=2.", ["https://example.org/a?b=1&amp;c=2"]),
        ("http://example.org and javascript:alert(1)", []),
        ('https://example.org/"onmouseover="x', ["https://example.org/"]),
        ("<b>bold</b>", []),
    ],
    ids=["secure", "not secure", "with a quote", "markup"],
)
def test_only_secure_addresses_in_evidence_are_links_and_nothing_is_markup(said, links):
    words = linked(said)

    assert words.count("<a ") == words.count('rel="noopener noreferrer"') == len(links)
    assert all(f'href="{link}"' in words for link in links)
    assert "<b>" not in words
    assert "onmouseover=" not in words.replace("&quot;onmouseover=", "")


def test_what_is_the_same_of_several_measures_is_said_once(as_leader):
    trust, term, _, _ = make_house()
    one, other = make_measure(trust, "Reading"), make_measure(trust, "Writing")
    one.what_counts, other.what_counts = "Pages read.", "Pages written."
    one.save()
    other.save()
    kpi = make_kpi(the_plan(trust), "Both")
    clause = make_clause(kpi, one, target="50.0")
    make_target(clause.readings(manager="everywhere").create(measure=other, order=1), "60.0")

    common, *own = as_leader(trust, term, kpi).context["kpi"].definition

    assert dict(common.rows)["Who is asked"] == "Each school, every term"
    assert [(block.name, dict(block.rows)["What counts"]) for block in own] == [
        ("Reading", "Pages read."),
        ("Writing", "Pages written."),
    ]
    assert "Who is asked" not in dict(own[0].rows)


def test_one_month_is_a_month(as_leader):
    trust, term, _, _ = make_house()
    repairs = make_measure(trust, "Repairs", kind="cases", basis="date", seasonal=False)
    kpi = make_kpi(the_plan(trust), "Repairs")
    make_clause(kpi, repairs, rule="cases", months_allowed=1)

    said = [row.after for row in as_leader(trust, term, kpi).context["kpi"].versions]

    assert any("limit 1 month," in f"{words}," for words in said)


def test_what_was_set_by_hand_keeps_the_word_of_the_figures_beside_it(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "80.0")
    Override.everywhere.create(
        node=the_kpi(trust),
        unit=school.unit_ptr,
        term=term,
        status="green",
        reason="Agreed",
        by=make_user(Role.LEADER, trust),
    )

    page = as_leader(trust, term, school=school.code)

    [row] = page.context["kpi"].phases[0].rows
    assert (row.status, row.by_figures.status) == ("green", "red")
    assert "Set by hand. By the figures: off target" in page.context["kpi"].phases[0].first


def test_what_is_being_done_and_who_answers_stand_beside_the_figures(as_leader):
    trust, term, _, _ = make_house()
    kpi, plan = the_kpi(trust), the_plan(trust)
    nodes = plan.nodes(manager="everywhere")
    about = {"plan": plan, "order": 9}
    linked_one = nodes.create(role="action", key="a1", title="Call on day one", **about)
    nodes.create(role="action", key="a2", title="Paint the gym", **about)
    NodeLink.everywhere.create(node=linked_one, to=kpi, kind="tags")
    NodeOwner.everywhere.create(node=kpi, role="Director of Education")
    NodeOwner.everywhere.create(node=linked_one, role="Head of Attendance")

    page = as_leader(trust, term)

    shown = page.context["kpi"]
    assert shown.owners == "Director of Education"
    [row] = shown.related
    assert (row.what, row.title, row.owners) == ("Action", "Call on day one", "Head of Attendance")
    assert row.when == "No date set"
    assert "Paint the gym" not in page.text


def test_schools_that_are_as_far_from_target_share_a_place(as_leader):
    trust, term, attendance, schools = make_house(4)
    for school, value in zip(schools, ("80.0", "85.0", "85.0", None), strict=True):
        if value:
            make_entry(attendance, school, term, value)

    [phase] = as_leader(trust, term).context["kpi"].phases

    assert sorted(row.place for row in phase.rows) == ["", "1", "2=", "2="]
    assert phase.rows[0].figure == "80.0%"


def test_above_twenty_schools_the_worst_twenty_stand_open(as_leader):
    trust, term, attendance, schools = make_house(22)
    for number, school in enumerate(schools):
        make_entry(attendance, school, term, 70 + number)
    make_school(trust, "Hexwater", phase="secondary", low_age=11, high_age=16)

    primary, secondary = as_leader(trust, term).context["kpi"].phases

    assert (primary.first.count("<tr"), primary.folded.count("<tr")) == (20, 2)
    assert primary.folded_words == "Show the other 2 primary schools"
    assert secondary.folded == ""


def test_what_is_judged_in_words_shows_how_it_stood_term_by_term(sign_in):
    trust, _, _, [school] = make_house()
    done = make_measure(trust, "Published", kind="yes_no", basis="date", seasonal=False)
    kpi = make_kpi(the_plan(trust), "Published")
    make_clause(kpi, done, rule="done")
    client = sign_in(make_user(Role.LEADER, trust))

    page = client.get(kpi_page(trust, make_term(trust, "2026-spring"), kpi))

    table = page.context["kpi"].statuses
    assert table.heads == ("Aut 25", "Spr 26")
    assert [name for name, _ in table.rows][1:] == [school.name]
    assert all(cell.words for _, cells in table.rows for cell in cells)
