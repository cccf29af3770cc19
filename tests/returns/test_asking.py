"""What a return asks: each measure once, of those it applies to, in the terms that ask."""

from datetime import date

import pytest

from kpis.models import Applicability, Comparator, PupilGroup, Series
from returns.asked.asking import Asking
from schools.models import Period, Phase, Unit
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_kpi,
    make_measure,
    make_plan,
    make_school,
    make_term,
    make_trust,
)

pytestmark = pytest.mark.django_db


def asked_of(unit, slug="2025-autumn"):
    """The questions of a unit's return: {(measure, unit, group), …}, by name and code."""
    trust = unit.trust
    with inside(trust):
        asking = Asking(make_term(trust, slug))
        return [
            (asked.measure.name, asked.unit.name, asked.group.code)
            for asked in asking.of_return(unit.pk)
        ]


def names(unit, slug="2025-autumn"):
    return [name for name, _, _ in asked_of(unit, slug)]


def rule(trust, **columns):
    return Applicability.everywhere.create(trust=trust, **columns)


def make_unit(trust, name, kind, serves=(), **columns):
    columns = {"code": name.lower(), "joined": date(2019, 9, 1), **columns}
    unit = Unit.everywhere.create(trust=trust, name=name, kind=kind, **columns)
    with inside(trust):
        unit.serves.set(serves)
    return unit


def test_a_school_is_asked_in_the_terms_that_the_measure_names():
    trust = make_trust()
    school = make_school(trust)
    make_measure(trust, "Attendance")
    make_measure(trust, "KS2", ask_autumn=False, ask_summer=False)

    assert names(school, "2025-autumn") == ["Attendance"]
    assert names(school, "2026-spring") == ["Attendance", "KS2"]


def test_what_is_worked_out_from_the_register_or_archived_is_never_asked():
    trust = make_trust()
    school = make_school(trust)
    make_measure(trust, "Schools", source="register", register="schools")
    make_measure(trust, "Old", archived_at="2025-01-01T00:00Z")

    assert names(school) == []


@pytest.mark.parametrize(
    ("columns", "is_asked"),
    [
        ({"phases": "primary"}, True),
        ({"phases": "secondary 16_plus"}, False),
        ({"church": True}, True),
        ({"church": False}, False),
        ({"sixth_form": False}, True),
        ({"sixth_form": True}, False),
        ({"teaches_age": 10}, True),
        ({"teaches_age": 11}, False),
        ({"teaches_age": 3}, False),
        ({"improvement_phase": "Repair"}, True),
        ({"improvement_phase": "Sustain"}, False),
        ({"phases": "primary", "church": False}, False),
    ],
)
def test_a_school_is_asked_where_the_rule_holds(columns, is_asked):
    trust = make_trust()
    school = make_school(trust, is_church=True, has_sixth_form=False)
    school.improvement_phases(manager="everywhere").create(name="Repair", since=date(2025, 1, 5))
    school.improvement_phases(manager="everywhere").create(name="Sustain", since=date(2026, 1, 5))
    make_measure(trust, "KS2", applicability=rule(trust, **columns))

    assert names(school) == (["KS2"] if is_asked else [])


def test_an_exception_holds_from_its_term_on():
    trust = make_trust()
    school = make_school(trust)
    church_only = rule(trust, church=True)
    church_only.exceptions(manager="everywhere").create(
        unit=school, applies=True, from_period=Period.objects.for_term(2025, 2)
    )
    make_measure(trust, "SIAMS", applicability=church_only)

    assert names(school, "2025-autumn") == []
    assert names(school, "2026-spring") == ["SIAMS"]


def test_a_school_is_asked_from_its_first_full_period_to_its_last():
    trust = make_trust()
    joiner = make_school(trust, joined=date(2025, 11, 1))
    leaver = make_school(trust, left=date(2025, 11, 1))
    make_measure(trust, "Vacancies", basis="term")
    make_measure(trust, "Attendance", basis="year_to_date")
    make_measure(trust, "Visit", basis="date")

    assert names(joiner, "2025-autumn") == ["Visit"]
    assert names(joiner, "2026-spring") == ["Vacancies", "Visit"]
    assert names(joiner, "2026-summer") == ["Vacancies", "Visit"]
    assert names(leaver, "2025-autumn") == []


def test_what_its_series_will_not_publish_is_not_asked():
    trust = make_trust()
    school, secondary = make_school(trust), make_school(trust, phase=Phase.SECONDARY)
    series = Series.objects.create(provider="DfE", what="progress", basis="academic_year")
    make_measure(trust, "Progress", series=series, basis="academic_year", about="last")
    Comparator.objects.create(
        series=series,
        period=Period.objects.whole_year(2024),
        group=PupilGroup.objects.get(code="all"),
        scope="phase",
        scope_code="primary",
        not_published=True,
    )

    assert names(school, "2025-autumn") == []
    assert names(secondary, "2025-autumn") == ["Progress"]
    assert names(school, "2024-autumn") == ["Progress"]


def test_others_are_worked_out_where_counts_exist_and_asked_where_not():
    trust = make_trust()
    school = make_school(trust)
    groups = ["all", "disadvantaged", "not_disadvantaged"]
    make_measure(trust, "Counted", groups=groups, counts="both")
    make_measure(trust, "Told", groups=groups)

    assert [(name, group) for name, _, group in asked_of(school)] == [
        ("Counted", "all"),
        ("Counted", "disadvantaged"),
        ("Told", "all"),
        ("Told", "disadvantaged"),
        ("Told", "not_disadvantaged"),
    ]


@pytest.mark.parametrize(
    ("repeated", "autumn", "spring"),
    [("", False, False), ("year", False, True), ("term", True, True)],
    ids=["once", "every year", "every term"],
)
def test_a_yes_is_asked_until_it_is_yes_and_again_where_the_duty_returns(repeated, autumn, spring):
    trust = make_trust()
    school = make_school(trust)
    duty = make_measure(trust, "Policy", kind="yes_no", basis="date", unit="")
    plan = make_plan(trust, starts=date(2023, 9, 1))
    make_clause(make_kpi(plan), duty, rule="done", repeated=repeated)
    assert names(school, "2025-spring") == ["Policy"]

    make_entry(duty, school, make_term(trust, "2025-spring"), done="yes", done_on=date(2025, 2, 1))

    assert names(school, "2025-spring") == ["Policy"]
    assert names(school, "2025-summer") == (["Policy"] if autumn else [])
    assert names(school, "2025-autumn") == (["Policy"] if spring else [])


def test_a_no_is_asked_again():
    trust = make_trust()
    school = make_school(trust)
    duty = make_measure(trust, "Policy", kind="yes_no", basis="date", unit="")
    make_entry(duty, school, make_term(trust, "2025-spring"), done="at_risk")

    assert names(school, "2025-summer") == ["Policy"]


def test_the_trusts_own_return_has_what_no_school_types():
    trust = make_trust()
    school = make_school(trust)
    with inside(trust):
        office = trust.offices.create(code="governance", name="Governance")
    make_unit(trust, "Depot", "site")
    make_unit(trust, "Governors", "body", serves=[school])
    make_measure(trust, "Reserves", of="trust")
    make_measure(trust, "Defects", of="site")
    make_measure(trust, "Vacancies", of="body")
    make_measure(trust, "SIAMS", office=office)
    make_measure(trust, "Attendance")

    assert names(school) == ["Attendance"]
    assert sorted(asked_of(trust.own_unit)) == [
        ("Defects", "Depot", "all"),
        ("Reserves", trust.own_unit.name, "all"),
        ("SIAMS", school.name, "all"),
        ("Vacancies", "Governors", "all"),
    ]


def test_a_body_is_asked_if_one_of_its_schools_is_and_the_board_always():
    trust = make_trust()
    church, other = make_school(trust, is_church=True), make_school(trust)
    make_unit(trust, "Mixed", "body", serves=[church, other])
    make_unit(trust, "Plain", "body", serves=[other])
    make_unit(trust, "Board", "body")
    make_measure(trust, "SIAMS known", of="body", applicability=rule(trust, church=True))

    assert sorted(unit for _, unit, _ in asked_of(trust.own_unit)) == ["Board", "Mixed"]


def test_an_all_through_school_answers_by_part_what_england_publishes_by_phase():
    trust = make_trust()
    school = make_school(trust, "Whole", phase=Phase.ALL_THROUGH, low_age=4, high_age=16)
    series = Series.objects.create(provider="DfE", what="attendance", basis="year_to_date")
    make_measure(trust, "Attendance", series=series)
    make_measure(trust, "Vacancies", about_pupils=False)
    with inside(trust):
        parts = sorted(part.name for part in school.parts.all())

    assert len(parts) == 2
    assert sorted((name, unit) for name, unit, _ in asked_of(school)) == sorted(
        [("Vacancies", "Whole"), *(("Attendance", part) for part in parts)]
    )


@pytest.mark.parametrize("size", [1, 3])
def test_asking_costs_the_same_whatever_the_size_of_the_trust(size, django_assert_num_queries):
    trust = make_trust()
    for number in range(size):
        school = make_school(trust)
        measure = make_measure(trust, f"Measure {number}", groups=["all", "send"])
        make_entry(measure, school, make_term(trust, "2025-spring"), value="90")
    term = make_term(trust)

    with inside(trust), django_assert_num_queries(6):
        assert len(Asking(term).every) == 2 * size * size
