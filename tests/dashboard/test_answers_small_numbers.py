"""What a headteacher sees of the trust's line, where a small number stands behind it."""

import re

import pytest
from django.urls import reverse

from kpis.models import PupilGroup
from schools.models import Role
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

MINE, THEIRS = (40, 80), (1, 4)


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


def house(theirs=THEIRS, schools=2, **columns):
    """A trust with a pooled promise on Reading; ``theirs`` is the count of every other school."""
    trust, term, _, units = make_house(schools)
    counted = make_measure(trust, "Reading", groups=("all", "disadvantaged"), counts="both")
    kpi = make_kpi(the_plan(trust), "Reading")
    make_clause(kpi, counted, target="50.0", margin="1.0", roll_up="pooled", **columns)
    send(counted, units[0], term, *MINE)
    for unit in units[1:]:
        send(counted, unit, term, *theirs)
    return trust, term, kpi, counted, units


def send(measure, school, term, part, whole, group="all"):
    make_entry(measure, school, term, 100 * part / whole, group, numerator=part, denominator=whole)


@pytest.fixture
def looks(sign_in):
    """A KPI and its row in the matrix as a person sees them; all text, of the plan page too."""

    def looked(user, trust, term, kpi):
        client, query = sign_in(user), {"term": term.slug}
        page = client.get(reverse("dashboard:kpi", args=[trust, kpi.pk], query=query))
        matrix = client.get(reverse("dashboard:matrix", args=[trust], query=query))
        plan = client.get(
            reverse("dashboard:plan", args=[trust], query={**query, "view": "tree", "open": "all"})
        )
        rows = [row for s in matrix.context["matrix"].sections for row in s.rows]
        row = next(row for row in rows if row.name == kpi.title)
        return page.context["kpi"], row, page.text + matrix.text + plan.text

    return looked


def test_the_trusts_figure_is_hidden_where_it_would_show_the_other_schools(looks):
    trust, term, kpi, _, [mine, _] = house()

    leader, row, text = looks(make_user(Role.LEADER, trust), trust, term, kpi)
    # 41 of 84 together, less the 40 of 80 of one's own, are the 1 of 4.
    assert (leader.figure, row.trust.figure) == ("48.8%", "48.8")
    assert "48.8" in text

    head, row, text = looks(make_head(mine), trust, term, kpi)
    assert "48.8" not in text
    assert (head.figure, row.trust.figure) == ("hidden", "hidden")
    assert "a small number could be worked out from it" in row.trust.spoken
    assert "50.0%" in text  # one's own figure stays


def test_no_status_reason_or_mark_depends_on_who_looks(looks):
    trust, term, kpi, _, [mine, _] = house()

    leader, told, _ = looks(make_user(Role.LEADER, trust), trust, term, kpi)
    head, hidden, _ = looks(make_head(mine), trust, term, kpi)

    def stands(verdict):
        return verdict.status, verdict.reason, verdict.marks

    assert stands(leader.verdict) == stands(head.verdict)
    assert (told.trust.status, told.trust.marks) == (hidden.trust.status, hidden.trust.marks)


@pytest.mark.parametrize(
    ("theirs", "schools", "is_hidden"),
    [
        pytest.param((1, 4), 2, True, id="one other, small"),
        pytest.param((20, 60), 2, False, id="one other, not small"),
        pytest.param((1, 4), 3, False, id="two small ones hide each other"),
        pytest.param((1, 5), 3, True, id="two of five are the most that small ones can be"),
        pytest.param((3, 6), 2, False, id="as many as the minimum"),
    ],
)
def test_it_is_hidden_only_where_it_must_be(theirs, schools, is_hidden, looks):
    trust, term, kpi, _, units = house(theirs, schools)

    head, _, _ = looks(make_head(units[0]), trust, term, kpi)

    assert (head.figure == "hidden") is is_hidden


def test_the_minimum_is_the_trusts_own_setting(looks):
    trust, term, kpi, _, [mine, _] = house((5, 9))
    assert looks(make_head(mine), trust, term, kpi)[0].figure != "hidden"

    trust.min_to_show = 10
    trust.save()

    assert looks(make_head(mine), trust, term, kpi)[0].figure == "hidden"


def test_a_group_that_would_show_the_few_others_is_hidden_too(looks):
    trust, term, kpi, counted, units = house((30, 60))
    for school, (part, whole) in zip(units, [(20, 40), (28, 57)], strict=True):
        send(counted, school, term, part, whole, "disadvantaged")

    leader, _, _ = looks(make_user(Role.LEADER, trust), trust, term, kpi)
    head, _, text = looks(make_head(units[0]), trust, term, kpi)

    # All of the other school but three are in the group: all less the group are the three.
    assert [(row.name, row.figure) for row in leader.groups.rows] == [
        ("All pupils", "50.0%"),
        ("Disadvantaged", "49.5%"),
    ]
    assert [row.figure for row in head.groups.rows] == ["50.0%", "hidden"]
    assert "49.5" not in text


def test_the_figure_of_last_year_is_hidden_with_the_movement_from_it(looks):
    trust, term, kpi, counted, [mine, theirs] = house((30, 60))
    before = make_term(trust, "2024-autumn")
    send(counted, mine, before, 30, 80)
    send(counted, theirs, before, 2, 4)

    _, row, text = looks(make_user(Role.LEADER, trust), trust, term, kpi)
    assert row.trust.movement is not None
    assert "38.1" in text  # 32 of 84 a year ago

    head, row, text = looks(make_head(mine), trust, term, kpi)
    assert head.figure == "50.0%"
    assert (head.movement, row.trust.movement) == (None, None)
    assert "38.1" not in text
    assert all("2024" not in period or not any(cells) for period, cells in head.chart.rows)


def test_a_gap_loses_its_sentence_too(looks):
    group = PupilGroup.objects.get(code="disadvantaged")
    trust, term, _, counted, units = house((30, 60))
    kpi = make_kpi(the_plan(trust), "Gap")
    make_clause(
        kpi,
        counted,
        rule="gap",
        operator="closed",
        group=group,
        against="same_school",
        level="trust",
        roll_up="pooled",
    )
    for school, (part, whole) in zip(units, [(20, 40), (2, 4)], strict=True):
        send(counted, school, term, part, whole, "disadvantaged")

    leader, _, _ = looks(make_user(Role.LEADER, trust), trust, term, kpi)
    head, row, _ = looks(make_head(units[0]), trust, term, kpi)

    assert re.search(r"\d", leader.verdict.because)
    assert not re.search(r"\d", head.verdict.because)
    assert head.verdict.status == leader.verdict.status
    assert not re.search(r"\d\.\d", row.trust.spoken)


@pytest.mark.parametrize("role", [Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR])
def test_whoever_sees_all_schools_sees_all_figures(role, looks):
    trust, term, kpi, _, _ = house()

    assert looks(make_user(role, trust), trust, term, kpi)[0].figure == "48.8%"


def test_seats_and_suppliers_have_no_small_numbers(looks):
    trust, term, kpi, counted, [mine, _] = house()
    counted.about_pupils = False
    counted.save()

    assert looks(make_head(mine), trust, term, kpi)[0].figure == "48.8%"
