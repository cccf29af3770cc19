"""The groups of the KPI page: how far each is behind, which way the gap went, and why."""

from decimal import Decimal

import pytest

from dashboard.kpi.gap_words import GapMove
from kpis.models import MeasureBreak, PupilGroup
from kpis.rag.shown import PERCENTAGE
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

from .kpi_house import kpi_page, the_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading():
    """A trust whose schools count readers: (trust, term, kpi, measure, schools)."""

    def made(schools=1):
        trust, term, _, units = make_house(schools)
        groups = ("all", "disadvantaged", "not_disadvantaged", "send")
        measure = make_measure(trust, "Reading", groups=groups, counts="both")
        kpi = make_kpi(the_plan(trust), "Reading")
        make_clause(kpi, measure, target="50.0")
        return trust, term, kpi, measure, units

    return made


def sent(measure, school, term, **groups):
    """(part, whole) of each group."""
    for group, (part, whole) in groups.items():
        value = Decimal(100 * part) / whole
        make_entry(measure, school, term, value, group, numerator=part, denominator=whole)


def test_a_leader_sees_a_small_group_and_reads_that_it_is_not_judged(as_leader, reading):
    trust, term, kpi, measure, [school] = reading()
    sent(measure, school, term, all=(60, 100), disadvantaged=(10, 25), send=(2, 5))

    groups = as_leader(trust, term, kpi, school=school.code).context["kpi"].groups

    assert [(row.figure, row.gap, row.note) for row in groups.rows] == [
        ("60.0%", "", ""),
        ("40.0%", "26.7 points behind others", ""),
        ("40.0%", "", "5 pupils, too few to judge"),
    ]


def test_a_head_sees_the_small_group_of_their_own_school_and_not_the_trusts(
    sign_in, as_leader, reading
):
    trust, term, kpi, measure, [mine, theirs] = reading(2)
    sent(measure, mine, term, all=(60, 100), send=(4, 8))
    sent(measure, theirs, term, all=(70, 100), send=(1, 3))
    pooled = "45.5%"  # 5 of 11: with one's own 4 of 8 it gives the other school's away

    assert pooled in as_leader(trust, term, kpi).text
    client = sign_in(make_head(mine))
    assert pooled not in client.get(kpi_page(trust, term, kpi)).text
    own = client.get(kpi_page(trust, term, kpi, school=mine.code)).context["kpi"].groups
    assert [row.figure for row in own.rows] == ["60.0%", "50.0%"]


def test_a_gap_says_how_it_moved_and_which_side_moved(as_leader, reading):
    trust, term, kpi, measure, [school] = reading()
    sent(measure, school, make_term(trust, "2024-autumn"), all=(60, 100), disadvantaged=(10, 25))
    sent(measure, school, term, all=(62, 100), disadvantaged=(12, 25))

    part = as_leader(trust, term, kpi, school=school.code).context["kpi"].groups

    assert part.rows[1].moved == "narrowed by 8.0 points since Autumn 2024"
    assert part.sentences == (
        "Disadvantaged pupils are 18.7 points behind others; the gap has narrowed by 8.0 points"
        " since Autumn 2024: disadvantaged rose 8.0, others unchanged.",
    )
    [chart] = part.charts
    assert [gap for *_, gap in chart.rows] == [
        "26.7 points behind others",
        "18.7 points behind others",
    ]


def test_of_the_trust_a_gap_moves_in_the_same_schools_only(as_leader, reading):
    trust, term, kpi, measure, [old, new] = reading(2)
    before = make_term(trust, "2024-autumn")
    sent(measure, old, before, all=(60, 100), disadvantaged=(10, 25))
    sent(measure, old, term, all=(60, 100), disadvantaged=(10, 25))
    sent(measure, new, term, all=(90, 100), disadvantaged=(5, 25))

    part = as_leader(trust, term, kpi).context["kpi"].groups

    assert part.rows[1].moved == "unchanged since Autumn 2024"
    assert "in the 1 school with both" in part.sentences[0]


def test_a_new_definition_is_no_movement_of_a_gap(as_leader, reading):
    trust, term, kpi, measure, [school] = reading()
    sent(measure, school, make_term(trust, "2024-autumn"), all=(60, 100), disadvantaged=(10, 25))
    sent(measure, school, term, all=(62, 100), disadvantaged=(12, 25))
    assert as_leader(trust, term, kpi, school=school.code).context["kpi"].groups.rows[1].moved
    MeasureBreak.everywhere.create(measure=measure, from_period=term.period, why="Counted anew")

    rows = as_leader(trust, term, kpi, school=school.code).context["kpi"].groups.rows

    assert rows[1].moved == ""


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (
            ("40", "60"),
            ("41", "60.4"),
            "narrowed by 0.6 points since then: SEND rose 1.0, others rose 0.4.",
        ),
        (("40", "60"), ("40", "58"), "It narrowed only because others did worse."),
        (("40", "60"), ("42", "65"), "Both did better, others by more."),
        (("40", "60"), ("40", "60"), "the gap is unchanged since then"),
    ],
    ids=["both rose", "others fell", "others rose more", "nothing moved"],
)
def test_it_says_whether_one_rose_or_the_other_fell(then, now, words):
    pairs = [tuple(map(Decimal, pair)) for pair in (then, now)]

    move = GapMove("higher", *pairs, "then")

    assert words in move.sentence(PERCENTAGE, "SEND")


def test_where_lower_is_better_a_fall_is_no_failing():
    move = GapMove("lower", (Decimal(30), Decimal(20)), (Decimal(25), Decimal(20)), "then")

    assert move.sentence(PERCENTAGE, "SEND") == (
        "the gap has narrowed by 5.0 points since then: SEND fell 5.0, others unchanged."
    )


def test_a_contributor_sees_the_groups_of_their_own_measure(sign_in, reading):
    trust, term, kpi, measure, [school] = reading()
    sent(measure, school, term, all=(60, 100), disadvantaged=(10, 25))

    client = sign_in(make_user(Role.CONTRIBUTOR, trust))

    assert client.get(kpi_page(trust, term, kpi)).status_code == 404  # no office, no measure


def test_groups_stand_in_the_order_of_the_list_however_they_are_stored(as_leader, reading):
    trust, term, kpi, measure, [school] = reading()
    sent(measure, school, term, all=(60, 100), disadvantaged=(10, 25), send=(20, 50))
    for code, order in {"send": 1, "disadvantaged": 2, "all": 3}.items():
        PupilGroup.objects.filter(code=code).update(order=order)

    groups = as_leader(trust, term, kpi, school=school.code).context["kpi"].groups

    assert [row.name for row in groups.rows] == ["SEND", "Disadvantaged", "All pupils"]
