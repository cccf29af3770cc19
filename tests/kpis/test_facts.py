"""Facts: all that a page judges, in a fixed number of queries."""

from datetime import date
from decimal import Decimal

import pytest

from kpis import facts
from kpis.models import Baseline, Comparator, Due, Override, PupilGroup, Series, Target
from kpis.rag.given import ALL_PUPILS
from schools.models import Deadline, Period
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_house,
    make_kpi,
    make_measure,
    make_plan,
    make_school,
    make_target,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 10)


def read(trust, term, today=TODAY, **narrow):
    with inside(trust):
        return facts.read(trust, facts.plan_for(term), term, today, **narrow)


@pytest.mark.parametrize("schools", [1, 3, 25])
def test_more_schools_and_promises_cost_no_more_queries(schools, django_assert_num_queries):
    trust, term, attendance, units = make_house(schools)
    plan = trust.plans(manager="everywhere").get()
    attendance.series = Series.objects.create(
        provider="DfE", what="attendance", basis="year_to_date"
    )
    attendance.save()
    for number in range(schools):
        make_clause(make_kpi(plan), attendance, target="95.0", margin="1.0", title=f"Part {number}")
    for unit in units:
        make_entry(attendance, unit, term, "94.1")

    with inside(trust):
        terms = list(trust.terms(manager="objects").select_related("period__year"))
        with django_assert_num_queries(8):
            given = facts.read(trust, plan, term, TODAY, terms=terms).given

    assert len(given.promises) == schools + 1
    assert len(given.answers) == schools


def test_a_figure_stands_as_it_was_sent():
    trust, term, attendance, [school] = make_house()
    make_entry(
        attendance, school, term, "94.117647", numerator="16", denominator="17", respondents=17
    )

    given = read(trust, term).given
    [answer] = given.answers[attendance.pk, school.pk, ALL_PUPILS]

    assert answer.value == Decimal("94.117647")
    assert (answer.numerator, answer.denominator, answer.respondents) == (16, 17, 17)
    assert answer.period.name == "2025/26 to autumn"
    assert (answer.period.starts, answer.period.ends) == (date(2025, 9, 1), date(2025, 12, 19))
    assert answer.collected == answer.period.index == given.term.index
    assert not answer.provisional


def test_zero_is_a_figure_and_a_reason_is_none():
    trust, term, attendance, [one, other] = make_house(2)
    make_entry(attendance, one, term, "0")
    make_entry(attendance, other, term, None, why_none="too_few")

    given = read(trust, term).given

    assert given.answers[attendance.pk, one.pk, ALL_PUPILS][0].value == 0
    assert given.answers[attendance.pk, other.pk, ALL_PUPILS][0].value is None
    assert given.answers[attendance.pk, other.pk, ALL_PUPILS][0].why_none == "too_few"


def test_the_one_that_was_sent_last_takes_the_place_of_the_approved_one():
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "91.0")
    make_entry(attendance, school, term, "93.5", standing="provisional")

    [answer] = read(trust, term).given.answers[attendance.pk, school.pk, ALL_PUPILS]

    assert answer.value == Decimal("93.5")
    assert answer.provisional


def test_answers_stand_oldest_first_and_later_terms_are_not_seen():
    trust, autumn, attendance, [school] = make_house()
    for slug in ("2026-spring", "2024-autumn", "2025-autumn", "2025-summer"):
        make_entry(attendance, school, make_term(trust, slug), "94.0")

    answers = read(trust, autumn).given.answers[attendance.pk, school.pk, ALL_PUPILS]

    assert [answer.period.name for answer in answers] == [
        "2024/25 to autumn",
        "2024/25",
        "2025/26 to autumn",
    ]


def test_a_later_correction_counts_for_its_own_period():
    trust, autumn, attendance, [school] = make_house()
    late = make_term(trust, "2026-spring")
    make_entry(attendance, school, late, "94.6", period=attendance.period_for(autumn))

    [answer] = read(trust, autumn).given.answers[attendance.pk, school.pk, ALL_PUPILS]

    assert answer.value == Decimal("94.6")


def test_a_whole_year_that_is_still_going_on_is_seen_from_the_term_that_asked():
    trust, autumn, _, [school] = make_house()
    spring = make_term(trust, "2026-spring")
    survey = make_measure(trust, "Survey", basis="academic_year", ask_autumn=False)
    make_clause(make_kpi(trust.plans(manager="everywhere").get()), survey, target="80")
    make_entry(survey, school, spring, "81.0")

    question = (survey.pk, school.pk, ALL_PUPILS)

    assert question in read(trust, spring).given.answers
    assert question not in read(trust, autumn).given.answers


def test_a_term_is_judged_as_at_the_day_before_the_next_one_opens():
    trust, autumn, _, _ = make_house()

    assert read(trust, autumn, today=date(2026, 1, 10)).given.term.as_at == date(2026, 1, 10)
    assert read(trust, autumn, today=date(2026, 7, 1)).given.term.as_at == date(2026, 3, 31)


def test_another_trusts_figures_are_not_read():
    trust, term, attendance, [school] = make_house()
    other, other_term, other_attendance, [other_school] = make_house()
    make_entry(other_attendance, other_school, other_term, "41.7")

    given = read(trust, term).given

    assert set(given.units) == {school.pk, trust.own_unit.pk}
    assert set(given.measures) == {attendance.pk}
    assert given.answers == {}
    assert read(other, other_term).given.answers != {}


def test_a_school_has_its_own_deadline_and_what_rules_look_at():
    trust, term, _, [school] = make_house()
    church = make_school(trust, "Ashdale", is_church=True, high_age=18, phase="all_through")
    Deadline.everywhere.create(
        term=term, unit=school.unit_ptr, due=term.due.replace(day=23), reason="Flooded"
    )

    units = read(trust, term).given.units

    assert units[school.pk].due == date(2026, 1, 23)
    assert units[church.pk].due is None
    assert units[church.pk].place.church
    assert units[church.pk].place.has_parts
    parts = [unit for unit in units.values() if unit.parent == church.pk]
    assert {part.place.phase for part in parts} == {"primary", "secondary"}
    assert all(part.place.church for part in parts)
    assert {school.urn, school.code} == units[school.pk].codes


def test_targets_have_their_steps_and_baselines_their_words():
    trust, term, attendance, [school] = make_house()
    reading = attendance.readings(manager="everywhere").get()
    own = make_target(reading, "92.0", unit=school.unit_ptr, path="steps")
    for slug, value in (("2026-summer", "93.0"), ("2025-autumn", "91.0")):
        own.steps(manager="everywhere").create(by_period=make_term(trust, slug).period, value=value)
    Baseline.everywhere.create(
        reading=reading,
        unit=trust.own_unit,
        group=PupilGroup.objects.get(code="all"),
        from_period=term.period,
        value="90",
        printed="currently",
        difference="12",
        difference_in="points",
        difference_from="a benchmark",
    )

    page = read(trust, term)
    [promise] = page.given.promises
    [reading_given] = promise.clauses[0].readings
    by_unit = {aim.unit: aim for aim in reading_given.aims}

    assert by_unit[trust.own_unit.pk].value == 94
    assert [(index % 3, value) for index, value in by_unit[school.pk].steps] == [(0, 91), (2, 93)]
    assert reading_given.starts[0].printed == "currently"
    assert reading_given.starts[0].dated is None
    [printed] = [c.what for c in page.changes if isinstance(c.what, facts.PrintedStart)]
    assert printed.difference == facts.Difference(Decimal(12), "points", "a benchmark")


def test_a_date_that_moved_keeps_count():
    trust, term, _, _ = make_house()
    kpi = trust.plans(manager="everywhere").get().nodes(manager="everywhere").get(role="kpi")
    for version, day in ((1, date(2026, 7, 31)), (2, date(2026, 12, 31))):
        Due.everywhere.create(
            node=kpi, version=version, label="2026", precision="day", resolved=day
        )

    [promise] = read(trust, term).given.promises

    assert [(due.day, due.moved) for due in promise.dues] == [(date(2026, 12, 31), 1)]


def test_outside_figures_come_with_other_providers_and_without_strangers():
    trust, term, attendance, [school] = make_house()
    national = Series.objects.create(provider="DfE", what="attendance", basis="year_to_date")
    similar = Series.objects.create(
        provider="DfE similar schools", what="attendance", basis="year_to_date"
    )
    budget = Series.objects.create(
        owner="another-trust", provider="Budget", what="attendance", basis="year_to_date"
    )
    attendance.series = national
    attendance.save()
    period = attendance.period_for(term)
    everyone = PupilGroup.objects.get(code="all")
    about = {"group": everyone, "period": period, "value": "93.6"}
    Comparator.objects.create(series=national, scope="phase", scope_code="primary", **about)
    Comparator.objects.create(series=similar, scope="unit", scope_code=school.urn, **about)
    Comparator.objects.create(series=similar, scope="unit", scope_code="999999", **about)
    Comparator.objects.create(series=budget, **about)

    series = read(trust, term).given.series

    assert set(series) == {national.pk, similar.pk}
    assert [figure.scope_code for figure in series[national.pk].figures] == ["primary"]
    assert [figure.scope_code for figure in series[similar.pk].figures] == [school.urn]


def test_a_leaders_own_status_holds_for_its_term_only():
    trust, autumn, _, [school] = make_house()
    kpi = trust.plans(manager="everywhere").get().nodes(manager="everywhere").get(role="kpi")
    leader = make_user()
    Override.everywhere.create(
        node=kpi, unit=school.unit_ptr, term=autumn, status="amber", reason="Fire", by=leader
    )

    [manual] = read(trust, autumn).given.overrides.values()

    assert (manual.status, manual.reason, manual.who) == ("amber", "Fire", leader.name)
    assert read(trust, make_term(trust, "2026-spring")).given.overrides == {}


def test_the_register_answers_for_itself():
    trust = make_trust()
    term = make_term(trust)
    plan = make_plan(trust)
    schools = make_measure(
        trust, "Schools", kind="number", of="trust", source="register", register="schools"
    )
    make_clause(make_kpi(plan), schools, target="2", level="trust", roll_up="trust_only")
    make_school(trust)
    make_school(trust, joined=date(2025, 9, 1))

    answers = read(trust, term).given.answers[schools.pk, trust.own_unit.pk, ALL_PUPILS]

    assert answers[-1].value == 2
    assert answers[-2].value == 1
    assert answers[-1].period.index == answers[-2].period.index + 1


def test_the_plan_is_the_one_in_force_else_the_nearest():
    trust, term, _, _ = make_house()
    with inside(trust):
        [now] = trust.plans.all()
        later = make_plan(trust, starts=date(2028, 9, 1), ends=date(2031, 8, 31))

        assert facts.plan_for(term) == now
        assert facts.plan_for(make_term(trust, "2023-autumn")) == now
        later.starts = date(2025, 12, 1)
        later.save()
        assert facts.plan_for(term) == later


def test_what_left_the_plan_is_not_promised_any_more():
    trust, term, attendance, _ = make_house()
    plan = trust.plans(manager="everywhere").get()
    gone = make_kpi(plan, "Gone")
    make_clause(gone, attendance, target="95.0")
    gone.archived_at = term.due
    gone.save()

    page = read(trust, term)

    assert [promise.title for promise in page.given.promises] == ["Attendance"]
    assert gone.pk not in {branch.id for branch in page.tree}


def test_a_page_about_one_promise_reads_no_figures_of_others():
    trust, term, attendance, [school] = make_house()
    plan = trust.plans(manager="everywhere").get()
    other = make_measure(trust, "Reading")
    kpi = make_kpi(plan, "Reading")
    make_clause(kpi, other, target="50")
    make_entry(attendance, school, term, "94.0")
    make_entry(other, school, term, "55.0")

    page = read(trust, term, node=kpi.pk)

    assert [promise.id for promise in page.given.promises] == [kpi.pk]
    assert set(page.given.answers) == {(other.pk, school.pk, ALL_PUPILS)}
    assert len([branch for branch in page.tree if branch.role == "kpi"]) == 2


def test_versions_say_who_changed_what_from_when_and_why():
    trust, term, attendance, _ = make_house()
    reading = attendance.readings(manager="everywhere").get()
    spring = Period.objects.for_term(2025, 2)
    by = make_user()
    Target.everywhere.create(
        reading=reading, unit=trust.own_unit, from_period=spring, value="95", reason="Done", by=by
    )

    aims = [c for c in read(trust, term).changes if getattr(c.what, "value", None) is not None]

    assert [(c.what.value, c.who, c.reason) for c in aims] == [
        (Decimal("94.0"), "", ""),
        (Decimal("95.0"), by.name, "Done"),
    ]
    assert aims[1].from_index == aims[0].from_index + 1
