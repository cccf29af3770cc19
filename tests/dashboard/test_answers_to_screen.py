"""Shares of schools, and schools that come and go: from the figures to the screen."""

from datetime import date

import pytest
from django.urls import reverse

from kpis.models import Baseline, Entry, PupilGroup
from schools.models import Period, Role, Unit
from tests.factories import (
    make_clause,
    make_entry,
    make_house,
    make_kpi,
    make_measure,
    make_school,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


@pytest.fixture
def seen(sign_in):
    """A KPI as the leader sees it: its page, and its row in the matrix."""

    def looked_at(trust, term, kpi):
        client, query = sign_in(make_user(Role.LEADER, trust)), {"term": term.slug}
        page = client.get(reverse("dashboard:kpi", args=[trust, kpi.pk], query=query))
        matrix = client.get(reverse("dashboard:matrix", args=[trust], query=query))
        rows = [row for s in matrix.context["matrix"].sections for row in s.rows]
        return page.context["kpi"], next(row for row in rows if row.name == kpi.title)

    return looked_at


# A share of schools


@pytest.mark.parametrize(
    ("figures", "reason", "because"),
    [
        pytest.param(
            ["96", "96", "96", "96", "80"],
            "MET",
            "4 on target, 1 off target, of 5 schools; 80.0%, target at least 80.0%",
            id="just enough",
        ),
        pytest.param(
            ["96", "96", "96", "80", "80"],
            "OFF",
            "3 on target, 2 off target, of 5 schools; 60.0%, target at least 80.0%",
            id="too few",
        ),
        pytest.param(
            ["96", "96", "96", "96", None, None],
            "OFF",
            "4 on target, 2 not known, of 6 schools; 66.7%, target at least 80.0%",
            id="what is missing stays in the denominator",
        ),
    ],
)
def test_enough_schools_on_target_is_a_threshold_on_their_share(figures, reason, because, seen):
    trust, term, attendance, schools = make_house(len(figures))
    kpi = make_kpi(the_plan(trust), "Most schools")
    make_clause(
        kpi, attendance, target="94.0", margin="1.0", roll_up="share_of_schools", share="80"
    )
    for school, value in zip(schools, figures, strict=True):
        if value is not None:
            make_entry(attendance, school, term, value)

    page, row = seen(trust, term, kpi)

    assert page.verdict.reason == reason
    assert page.verdict.because.startswith(because)
    assert row.trust.status == page.verdict.status
    assert because in row.trust.spoken
    assert ("PARTIAL" in page.verdict.marks) is (None in figures)


# Schools that come and go


def test_a_school_counts_from_its_first_full_period_and_until_it_leaves(seen):
    trust, term, _, [always] = make_house()
    spring, summer = make_term(trust, "2026-spring"), make_term(trust, "2026-summer")
    by_term = make_measure(trust, "Punctuality", basis="term", seasonal=False)
    kpi = make_kpi(the_plan(trust), "On time")
    make_clause(kpi, by_term, target="94.0", margin="1.0")
    joiner = make_school(trust, "Joiner", joined=date(2025, 11, 1))
    leaver = make_school(trust, "Leaver")
    Unit.everywhere.filter(pk=leaver.pk).update(left=date(2026, 2, 10))
    for school in (always, joiner, leaver):
        for each in (term, spring, summer):
            make_entry(by_term, school, each, "80" if school == always else "96")

    stands = {each.slug: seen(trust, each, kpi) for each in (term, spring, summer)}

    told = {slug: page.verdict.because for slug, (page, _) in stands.items()}
    assert told == {
        "2025-autumn": "1 on target, 1 off target, of 2 schools, 1 not applicable",
        "2026-spring": "1 on target, 1 off target, of 2 schools, 1 not applicable",
        "2026-summer": "1 on target, 1 off target, of 2 schools",
    }
    rows = {
        slug: {r.name: r.sentence for phase in page.phases for r in phase.rows}
        for slug, (page, _) in stands.items()
    }
    assert "joined during or after Autumn 2025" in rows["2025-autumn"]["Joiner"]
    assert rows["2026-spring"]["Joiner"].startswith("On target")
    assert "left before the end of Spring 2026" in rows["2026-spring"]["Leaver"]
    assert "Leaver" not in rows["2026-summer"]


def house_that_grows():
    """Two old schools with a baseline of 50% each, and one that joined a year later."""
    trust, _, _, old = make_house(2)
    then, now = make_term(trust, "2024-autumn"), make_term(trust)
    new = make_school(trust, "Newcomer", joined=date(2025, 9, 1))
    counted = make_measure(trust, "Reading", counts="both")
    for school in old:
        make_entry(counted, school, then, "50", numerator=50, denominator=100)
        make_entry(counted, school, now, "60", numerator=60, denominator=100)
    make_entry(counted, new, now, "30", numerator=60, denominator=200)
    return trust, now, counted, old, new


def start_from(clause, schools, measure, term):
    for school in schools:
        Baseline.everywhere.create(
            reading=clause.readings(manager="everywhere").get(),
            unit=school.unit_ptr,
            group=PupilGroup.objects.get(code="all"),
            from_period=Period.objects.for_term(2025, 1),
            entry_period=measure.period_for(term),
        )


def test_a_new_school_without_a_past_is_counted_beside_the_others(seen):
    trust, now, counted, old, _ = house_that_grows()
    kpi = make_kpi(the_plan(trust), "Reading rises")
    clause = make_clause(kpi, counted, rule="trend", operator="improve")
    start_from(clause, old, counted, make_term(trust, "2024-autumn"))

    page, row = seen(trust, now, kpi)

    words = "On target: 2 on target, of 2 schools, 1 school too new."
    assert page.verdict.sentence == words
    assert words in row.trust.spoken


def test_the_trend_of_the_trust_is_that_of_the_schools_in_both_periods(seen):
    trust, now, counted, old, _ = house_that_grows()
    kpi = make_kpi(the_plan(trust), "Reading rises together")
    clause = make_clause(
        kpi, counted, rule="trend", operator="improve", level="trust", roll_up="pooled"
    )
    start_from(clause, old, counted, make_term(trust, "2024-autumn"))

    page, row = seen(trust, now, kpi)

    assert (page.verdict.reason, page.figure) == ("IMPROVED", "60.0%")
    assert "2 of 3 schools, those in both periods" in page.verdict.sentence
    # 60 of 100 twice and 60 of 200 are 180 of 400.
    assert page.beside == "All schools together: 45.0%."
    assert (row.trust.status, row.trust.figure) == ("green", "60.0")


def test_a_part_shows_the_figure_that_its_sentence_names_while_schools_are_missing(seen):
    trust, now, counted, old, _ = house_that_grows()
    kpi = make_kpi(the_plan(trust), "Reading rises together")
    asked = {"rule": "trend", "operator": "improve", "level": "trust", "roll_up": "pooled"}
    clause = make_clause(kpi, counted, **asked)
    start_from(clause, old, counted, make_term(trust, "2024-autumn"))
    make_clause(kpi, counted, target="50.0")
    Entry.everywhere.filter(unit=old[0], period=counted.period_for(now)).delete()

    page, _ = seen(trust, now, kpi)

    [together, _] = page.clauses
    assert together.verdict.reason == "PARTIAL"
    assert together.figure == together.verdict.figure
    assert together.verdict.sentence.startswith(f"No status: {together.figure} from")
