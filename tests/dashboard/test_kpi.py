"""The KPI page: how it stands, why, where, since when, and by whose word."""

from datetime import date

import pytest

from kpis.models import (
    Baseline,
    Comment,
    Comparator,
    Judgement,
    Series,
    Target,
)
from schools.models import Office, Period, Role
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_school,
    make_target,
    make_term,
    make_user,
)

from .kpi_house import AUTUMNS, everyone, kpi_page, the_kpi, the_plan

pytestmark = pytest.mark.django_db


def definition_of(page):
    return {term: words for block in page.context["kpi"].definition for term, words in block.rows}


def test_it_leads_with_the_verdict_its_sentence_and_its_rule(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "93.5", standing="provisional")

    page = as_leader(trust, term)

    assert page.context["kpi"].verdict.sentence in page.text
    assert (
        "Autumn, year to date: on target at 94.0% or more."
        " Close to target from 93.0% to 93.9%. Off target below 93.0%." in page.text
    )
    assert "Close to target: 93.5%, target at least 94.0%, margin 1.0." in page.text


def test_with_a_school_it_leads_with_that_school(as_leader):
    trust, term, attendance, [one, other] = make_house(2)
    make_entry(attendance, one, term, "96.0")
    make_entry(attendance, other, term, "80.0")

    kpi = as_leader(trust, term, school=one.code).context["kpi"]

    assert kpi.school.name == one.name
    assert (kpi.figure, kpi.verdict.sentence) == (
        "96.0%",
        "On target: 96.0%, target at least 94.0%.",
    )
    assert f"school={one.code}" in kpi.history_url
    assert kpi.all_url.endswith(f"/kpis/{the_kpi(trust).pk}/?term={term.slug}")


def test_a_head_sees_no_other_schools_figure_name_or_history(sign_in, as_leader):
    trust, term, attendance, [mine, theirs] = make_house(2)
    make_entry(attendance, mine, term, "95.5")
    make_entry(attendance, theirs, term, "41.7")
    told = {"node": the_kpi(trust), "term": term, "by": make_user()}
    Comment.everywhere.create(unit=theirs.unit_ptr, why="The boiler broke", **told)
    reading = attendance.readings(manager="everywhere").get()
    make_target(reading, "77.7", unit=theirs.unit_ptr)

    leader = as_leader(trust, term).text
    for secret in ("41.7", theirs.name, "The boiler broke", "77.7"):
        assert secret in leader

    head = sign_in(make_head(mine)).get(kpi_page(trust, term)).text
    assert "95.5" in head
    for secret in ("41.7", theirs.name, theirs.code, "The boiler broke", "77.7"):
        assert secret not in head


def test_another_school_in_the_address_is_not_found_like_one_that_never_was(sign_in, as_leader):
    trust, term, _, [mine, theirs] = make_house(2)
    client = sign_in(make_head(mine))

    assert as_leader(trust, term, school=theirs.code).status_code == 200
    assert client.get(kpi_page(trust, term, school=mine.code)).status_code == 200
    hidden = client.get(kpi_page(trust, term, school=theirs.code))
    missing = client.get(kpi_page(trust, term, school="S000000"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


@pytest.mark.parametrize("pk", [0, 999_999, 2**63, 10**30])
def test_a_kpi_that_never_was_is_not_found(pk, sign_in):
    trust, term, _, _ = make_house()
    client = sign_in(make_user(Role.LEADER, trust))

    assert client.get(kpi_page(trust, term)).status_code == 200
    address = kpi_page(trust, term).replace(f"/{the_kpi(trust).pk}/", f"/{pk}/")
    assert client.get(address).status_code == 404


def test_another_trusts_kpi_is_not_found(sign_in):
    trust, term, _, _ = make_house()
    other, _, _, _ = make_house()
    client = sign_in(make_user(Role.LEADER, trust))

    assert client.get(kpi_page(trust, term)).status_code == 200
    assert client.get(kpi_page(trust, term, the_kpi(other))).status_code == 404


def test_a_contributor_reads_the_kpis_of_their_own_measures_only(sign_in):
    trust, term, _, _ = make_house()
    attendance = the_kpi(trust)
    office = Office.everywhere.create(trust=trust, code="hr", name="HR")
    training = make_measure(trust, "Training", of="trust", office=office)
    kpi = make_kpi(the_plan(trust), "Training")
    make_clause(kpi, training, target="85.0", level="trust", roll_up="trust_only")
    make_entry(training, trust.own_unit, term, "86.0")
    client = sign_in(make_user(Role.CONTRIBUTOR, trust, offices=[office]))

    assert "On target: 86.0%" in client.get(kpi_page(trust, term, kpi)).text
    assert client.get(kpi_page(trust, term, attendance)).status_code == 404


def test_a_trustee_sees_no_live_figure(sign_in):
    trust, term, _, _ = make_house()

    assert sign_in(make_user(Role.TRUSTEE, trust)).get(kpi_page(trust, term)).status_code == 404


@pytest.mark.parametrize("schools", [1, 3, 25])
def test_more_schools_terms_and_kpis_cost_no_more_queries(
    schools, sign_in, django_assert_num_queries
):
    trust, term, attendance, units = make_house(schools)
    kpi = the_kpi(trust)
    attendance.series = Series.objects.create(
        provider="DfE", what="attendance", basis="year_to_date"
    )
    attendance.save()
    for unit in units:
        for slug in AUTUMNS[: min(schools, 3)]:
            make_entry(attendance, unit, make_term(trust, slug), "93.5")
    for number in range(schools):
        make_clause(make_kpi(the_plan(trust), f"KPI {number}"), attendance, target="95.0")
    client, address = sign_in(make_user(Role.LEADER, trust)), kpi_page(trust, term, kpi)

    with django_assert_num_queries(16):
        page = client.get(address)

    assert len(page.context["kpi"].phases[0].rows) == schools


def test_what_is_judged_in_words_has_no_chart_and_says_so(as_leader):
    trust, term, _, [school] = make_house()
    review = make_measure(trust, "Review", kind="rating", basis="date", seasonal=False)
    kpi = make_kpi(the_plan(trust), "Review")
    make_clause(kpi, review, rule="judged")
    Judgement.everywhere.create(
        measure=review,
        unit=school.unit_ptr,
        group=everyone(),
        kind="external",
        on=date(2025, 11, 3),
        standing="approved",
        rating="amber",
        rated_by="outside",
        reviewer="R. Ellingham",
        evidence="Lesson visits",
        collected_in=term,
    )

    page = as_leader(trust, term, kpi)

    assert page.context["kpi"].chart is None
    assert "judged in words or by a date" in page.text
    [row] = page.context["kpi"].evidence
    assert (row.unit, row.who, row.words) == (
        school.name,
        "R. Ellingham (outside the trust)",
        "Lesson visits",
    )
    assert row.holds == "Holds until 3 November 2026"


# Schools


def test_schools_stand_worst_first_and_phases_are_never_ranked_together(as_leader):
    trust, term, attendance, [good, bad] = make_house(2)
    secondary = make_school(trust, "Hexwater", phase="secondary", low_age=11, high_age=16)
    for school, value in ((good, "96.0"), (bad, "80.0"), (secondary, "70.0")):
        make_entry(attendance, school, term, value)

    phases = as_leader(trust, term).context["kpi"].phases

    assert [(phase.title, [row.name for row in phase.rows]) for phase in phases] == [
        ("Primary schools", [bad.name, good.name]),
        ("Secondary schools", ["Hexwater"]),
    ]
    assert [row.difference for row in phases[0].rows] == ["14.0 points under", "2.0 points over"]
    assert phases[0].rows[0].target == "94.0%"


def test_a_small_school_is_told_what_one_pupil_is_worth(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "95", numerator=19, denominator=20)

    [[row]] = [phase.rows for phase in as_leader(trust, term).context["kpi"].phases]

    assert row.note == "20 pupils, so 1 pupil is 5.0 points"


# Clauses


def test_several_clauses_stand_with_their_rules_and_one_of_them_is_charted(as_leader):
    trust, term, attendance, [school] = make_house()
    kpi = make_kpi(the_plan(trust), "Together", combine="any")
    reading = make_measure(trust, "Reading")
    make_clause(kpi, attendance, target="94.0", title="They come")
    make_clause(kpi, reading, target="50.0", title="They read")
    make_entry(attendance, school, term, "95.0")
    make_entry(reading, school, term, "40.0")

    page = as_leader(trust, term, kpi)
    charted = as_leader(trust, term, kpi, clause="c2").context["kpi"]

    assert "One of these is enough." in page.text
    assert [(c.name, c.current) for c in page.context["kpi"].clauses] == [
        ("They come", True),
        ("They read", False),
    ]
    assert [c.name for c in charted.clauses if c.current] == ["They read"]
    assert charted.chart.title == "Reading over time"
    assert as_leader(trust, term, kpi, clause="c9").status_code == 200


# Definition, versions, history


def test_the_definition_says_what_counts_who_is_asked_and_where_the_numbers_come_from(as_leader):
    trust, term, attendance, [school] = make_house()
    attendance.what_counts = "Half days attended."
    attendance.numerator_name, attendance.denominator_name = "Sessions attended", "All sessions"
    attendance.series = Series.objects.create(
        provider="Example comparison, invented",
        what="attendance",
        basis="year_to_date",
        is_example=True,
    )
    attendance.save()
    reading = attendance.readings(manager="everywhere").get()
    Target.everywhere.filter(reading=reading).update(printed=True)
    Baseline.everywhere.create(
        reading=reading,
        unit=trust.own_unit,
        group=everyone(),
        from_period=term.period,
        value="90",
        printed="currently",
        difference="12",
        difference_in="points",
        difference_from="a benchmark",
    )
    Comparator.objects.create(
        series=attendance.series,
        group=everyone(),
        period=attendance.period_for(term),
        value="92.6",
        release="provisional",
        source_title="An example",
    )
    make_entry(attendance, school, term, "95.0")

    told = definition_of(as_leader(trust, term))

    assert told["What counts"] == "Half days attended."
    assert told["Who is asked"] == "Each school, every term"
    assert told["Made from"] == "Sessions attended, of all sessions"
    assert told["How the trust's status is made"] == "The trust is on target when every school is."
    assert told["Due"] == "31 August 2028"
    assert told["Close to target within"] == "1.0 points"
    assert told["Target"] == "94.0% (printed in the plan), from Autumn 2025"
    assert told["Baseline"] == '90.0%, printed with "currently", without a date'
    assert told["Printed difference"] == (
        "12.0 points from a benchmark. That puts a benchmark at 78.0%: derived, not judged"
    )
    assert told["Compared with"] == (
        "Example comparison, invented, 2025/26 to autumn, provisional. Source: An example"
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"not_published": True}, "DfE: not published for this period"),
        (None, "DfE: no figure for this period yet"),
    ],
)
def test_not_published_is_not_the_same_as_not_there_yet(row, words, as_leader):
    trust, term, attendance, [school] = make_house()
    attendance.series = Series.objects.create(
        provider="DfE", what="attendance", basis="year_to_date"
    )
    attendance.save()
    if row:
        Comparator.objects.create(
            series=attendance.series, group=everyone(), period=attendance.period_for(term), **row
        )
    make_entry(attendance, school, term, "95.0")

    assert definition_of(as_leader(trust, term))["Compared with"] == words


def test_a_changed_target_says_who_when_why_and_what_it_was(as_leader):
    trust, term, attendance, _ = make_house()
    reading = attendance.readings(manager="everywhere").get()
    khan = make_user()
    make_target(
        reading,
        "95.0",
        from_period=Period.objects.for_term(2025, 2),
        reason="Reached early",
        by=khan,
    )

    newest, *_ = as_leader(trust, term).context["kpi"].versions

    assert (newest.from_period, newest.what) == ("Spring 2026", "Target")
    assert (newest.before, newest.after) == ("94.0%", "95.0%")
    assert (newest.who, newest.reason) == (khan.name, "Reached early")


def test_what_people_say_stands_with_who_and_for_which_school(as_leader):
    trust, term, attendance, [school] = make_house()
    Comment.everywhere.create(
        node=the_kpi(trust),
        unit=school.unit_ptr,
        term=term,
        why="Flu",
        what_next="Calls",
        by=make_user(),
    )

    for slug, value in (("2024-autumn", "95.0"), ("2025-autumn", "92.4")):
        make_entry(attendance, school, make_term(trust, slug), value)

    [comment] = as_leader(trust, term).context["kpi"].comments

    assert (comment.unit, comment.why, comment.what_next) == (school.name, "Flu", "Calls")
    assert comment.moved == "92.4%, was 95.0% in Autumn 2024"


def test_the_next_kpi_of_the_plan_is_one_click_away(as_leader):
    trust, term, attendance, _ = make_house()
    first = the_kpi(trust)
    following = make_kpi(the_plan(trust), "Reading")
    make_clause(following, attendance, target="50.0")

    page = as_leader(trust, term, first)

    assert page.context["kpi"].previous is None
    assert page.context["kpi"].next.label == "Reading"
    assert page.context["kpi"].next.url == kpi_page(trust, term, following)
    assert [label for label, _ in page.context["breadcrumbs"]] == ["Plan", "Every pupil flourishes"]
