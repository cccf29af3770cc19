"""Earlier figures that are looked up are those that were judged then."""

from dataclasses import replace

import pytest
from django.utils import timezone

from dashboard import past
from dashboard.last_terms import school_figures
from dashboard.sent import Sent
from dashboard.sight import Sight
from dashboard.small_numbers import SmallNumbers
from kpis import facts
from kpis.models import PupilGroup
from kpis.rag.say import say
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_house,
    make_kpi,
    make_measure,
    make_school,
    make_term,
)

from .kpi_house import AUTUMNS, autumns_of, the_plan

pytestmark = pytest.mark.django_db

RULES = {
    "threshold": {"target": "50.0"},
    "trend": {"rule": "trend", "operator": "improve"},
    "gap to narrow": {
        "rule": "gap",
        "operator": "narrow",
        "group": "disadvantaged",
        "against": "same_school",
    },
    "gap to close": {
        "rule": "gap",
        "operator": "closed",
        "group": "disadvantaged",
        "against": "same_school",
    },
}


def a_house(**clause):
    """Four schools; one had too few in a year, one has joined since."""
    trust, term, _, schools = make_house(3)
    schools.append(make_school(trust, "Late joiner", joined=make_term(trust, "2025-spring").starts))
    groups = ("all", "disadvantaged")
    measure = make_measure(trust, "Reading", groups=groups, counts="both")
    kpi = make_kpi(the_plan(trust), "Reading")
    clause["baseline_period"] = measure.period_for(make_term(trust, "2024-autumn"))
    if "group" in clause:
        clause["group"] = PupilGroup.objects.get(code=clause["group"])
    made = make_clause(kpi, measure, **clause)
    for number, school in enumerate(schools):
        for year, slug in enumerate(AUTUMNS):
            if number == 3 and year < 2:
                continue
            few = 5 if number == 2 and year == 1 else 20
            for code, part, whole in (
                ("all", 50 + 3 * number + year, 100),
                ("disadvantaged", min(few, 8 + number * year), few),
            ):
                share = 100 * part / whole
                counts = {"numerator": part, "denominator": whole}
                make_entry(measure, school, make_term(trust, slug), share, code, **counts)
    return trust, term, kpi, made


@pytest.mark.parametrize("clause", RULES.values(), ids=RULES)
def test_a_line_that_is_summed_up_or_looked_up_is_the_line_that_was_judged(clause):
    trust, term, kpi, _ = a_house(**clause)
    with inside(trust):
        read = facts.read(trust, the_plan(trust), term, timezone.localdate(), node=kpi.pk)
    given, promise = read.given, read.given.promises[0]
    [clause], small = promise.clauses, SmallNumbers(given, Sight(sees_all=True))
    [reading] = clause.readings
    lead, measure = given.units[given.trust], given.measures[reading.measure]
    schools = [unit for unit in given.units.values() if unit.kind == "school"]
    sent = Sent(given, measure, schools)
    axis = past._axis(given, measure, read.terms, sent)

    judged, own = {}, {school.id: {} for school in schools}
    for collecting in past._terms_back(read, measure):
        then = replace(given, term=collecting)
        said = past.said_then(then, promise, clause, lead, small)
        if said.figure is not None and not past._is_in_part(said):
            judged[said.period.index] = said.figure
        for school in schools:
            said = say(then, promise, clause, school)
            if said.figure is not None:
                own[school.id][said.period.index] = said.figure
    summed = past.summed_up(given, clause, reading, sent, axis)
    looked_up = {
        school.id: past.sent_figures(given, clause, reading, school, axis, sent)
        for school in schools
    }

    assert judged
    assert past.can_be_summed(given, clause, reading, lead)
    assert {index: said.figure for index, said in summed.items()} == judged
    assert looked_up == own


def test_what_is_asked_once_a_year_begins_with_what_the_first_of_the_terms_still_had(monkeypatch):
    monkeypatch.setattr(past, "TERMS_BACK", 3)  # spring, summer and autumn 2025
    trust, term, _, schools = make_house(2)
    yearly = make_measure(
        trust, "Reserves", seasonal=False, basis="term", ask_spring=False, ask_summer=False
    )
    kpi = make_kpi(the_plan(trust), "Reserves")
    make_clause(kpi, yearly, target="4.0")
    for school in schools:
        autumns_of(yearly, school, trust, "3.0", "4.0", "5.0")
    with inside(trust):
        read = facts.read(trust, the_plan(trust), term, timezone.localdate(), node=kpi.pk)
    [promise] = read.given.promises
    [clause], measure = promise.clauses, promise.clauses[0].readings[0].measure
    unit = next(unit for unit in read.given.units.values() if unit.kind == "school")

    assert school_figures(read, promise, clause, unit, measure) == [4, 5]
