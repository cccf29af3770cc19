"""What the register changes holds from its day: terms before it keep what was true of them."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from kpis import facts
from kpis.rag.applies import Applicability, Place, applies
from schools.models import Phase
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_kpi,
    make_measure,
    make_plan,
    make_school,
    make_term,
    make_trust,
)

from .register_files import NORTH, closed, row, written

pytestmark = pytest.mark.django_db

ASHDALE = {
    "name": "Ashdale Primary School",
    "code": "ASH",
    "urn": "150001",
    "laestab": "3802001",
    "type_code": "34",
    "pupils_on_roll": 210,
}
FIRST_OF_JANUARY = date(2026, 1, 1)


def change(trust, folder, *rows, on=FIRST_OF_JANUARY):
    call_command(
        "import_gias",
        trust.slug,
        written(folder, *rows),
        group=NORTH,
        on=on,
        apply=True,
        stdout=StringIO(),
    )


@pytest.fixture
def house():
    """A trust that counts its pupils, and Ashdale, a primary school as the register has it."""
    trust = make_trust()
    pupils = make_measure(
        trust, "Pupils", kind="number", of="trust", source="register", register="pupils"
    )
    make_clause(make_kpi(make_plan(trust)), pupils, level="trust", roll_up="trust_only")
    return trust, make_school(trust, **ASHDALE)


def read(trust, slug):
    term = make_term(trust, slug)
    with inside(trust):
        return facts.read(trust, facts.plan_for(term), term, date(2026, 11, 1)).given


def at(trust, slug, school):
    return read(trust, slug).units[school.pk]


def test_a_church_school_since_january_was_none_in_autumn(house, tmp_path):
    trust, school = house
    church_only = Applicability(church=True)
    change(trust, tmp_path, row(character="Church of England"))

    place = at(trust, "2026-spring", school).place
    autumn, spring = (
        make_term(trust, slug).period.index for slug in ("2025-autumn", "2026-spring")
    )

    assert (applies(church_only, place, autumn), applies(church_only, place, spring)) == (
        False,
        True,
    )
    assert not at(trust, "2025-autumn", school).place.church


def test_a_term_before_the_change_is_read_as_if_there_had_been_none(house, tmp_path):
    trust, school = house
    before = at(trust, "2025-autumn", school)

    everything = {"phase": "7", "low": "2", "high": "18", "sixth_form": "1", "pupils": "900"}
    change(trust, tmp_path, row(character="Catholic", **everything))

    assert at(trust, "2025-autumn", school) == before
    after = at(trust, "2026-spring", school)
    assert (after.phase, after.pupils) == (Phase.ALL_THROUGH, 900)
    assert (after.place.low_age, after.place.high_age) == (2, 18)
    assert (after.place.church, after.place.sixth_form) == (True, True)


def test_parts_answer_from_the_first_whole_term_on(house, tmp_path):
    trust, school = house
    change(trust, tmp_path, row(phase="7", high="16"))

    had = [at(trust, slug, school).place.has_parts for slug in ("2025-autumn", "2026-spring")]

    assert had == [False, True]


def test_figures_of_the_old_urn_are_still_of_the_same_school(house, tmp_path):
    trust, school = house
    change(trust, tmp_path, closed("150001"), row("160001", opened="01-01-2026"))

    assert at(trust, "2026-spring", school).codes == {"ASH", "150001", "160001"}


def test_pupils_on_roll_are_counted_as_they_were(house, tmp_path):
    trust, _ = house
    change(trust, tmp_path, row(pupils="300"))

    [answers] = read(trust, "2026-spring").answers.values()

    by_term = {answer.period.index: answer.value for answer in answers}
    autumn, spring = (make_term(trust, s).period.index for s in ("2025-autumn", "2026-spring"))
    assert (by_term[autumn], by_term[spring]) == (210, 300)


def test_the_latest_change_that_has_come_counts():
    now = Place(1, "school", phase="secondary", before=((10, Place(1, "school")), (20, CHURCH)))

    assert [now.at(index).phase for index in (9, 10, 19, 20)] == [
        "all",
        "primary",
        "primary",
        "secondary",
    ]


CHURCH = Place(1, "school", phase="primary", church=True)
