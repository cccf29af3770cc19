"""Schools side by side: like with like in every row, and nobody ranked."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from schools.models import Phase, Role
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_school,
    make_user,
)

from .plan_trees import the_plan

pytestmark = pytest.mark.django_db


def address(trust, term, schools):
    pairs = [("term", term.slug), *(("school", school.code) for school in schools)]
    return reverse("dashboard:schools-compare", args=[trust], query=pairs)


@pytest.fixture
def compare(sign_in):
    def compared(trust, term, schools):
        return sign_in(make_user(Role.LEADER, trust)).get(address(trust, term, schools))

    return compared


def rows_of(response):
    return [row for section in response.context["compare"].sections for row in section.rows]


def test_the_figures_of_each_school_stand_beside_the_trusts(compare):
    trust, term, attendance, schools = make_house(3)
    attendance.counts = "both"
    attendance.save()
    for school, part in zip(schools, (960, 935, 800), strict=True):
        make_entry(attendance, school, term, f"{part / 10}", numerator=part, denominator=1000)

    [row] = rows_of(compare(trust, term, schools[:2]))

    assert [(cell.status.letter, cell.figure) for cell in row.cells] == [
        ("G", "96.0%"),
        ("A", "93.5%"),
    ]
    assert (row.target, row.trust) == ("94.0 min", "89.8%")


def test_schools_decided_by_different_clauses_stand_in_a_row_for_each(compare):
    trust, term, attendance, [one, other] = make_house(2)
    lates = make_measure(trust, "Lateness", better="lower")
    kpi = make_kpi(the_plan(trust), "In school on time")
    make_clause(kpi, attendance, target="94.0", title="Attendance holds")
    make_clause(kpi, lates, target="5.0", operator="<=", title="Few are late")
    for school, here, late in ((one, "80.0", "1.0"), (other, "96.0", "30.0")):
        make_entry(attendance, school, term, here)
        make_entry(lates, school, term, late)

    rows = {row.name: row for row in rows_of(compare(trust, term, [one, other]))}

    whole = rows["In school on time"]
    assert [(cell.status.letter, cell.figure) for cell in whole.cells] == [("R", ""), ("R", "")]
    assert [cell.figure for cell in rows["Attendance holds"].cells] == ["80.0%", "96.0%"]
    assert [cell.figure for cell in rows["Few are late"].cells] == ["1.0%", "30.0%"]


def test_schools_of_another_phase_stand_apart_and_are_not_ranked(compare):
    trust, term, _, [primary] = make_house()
    secondary = make_school(trust, phase=Phase.SECONDARY, low_age=11, high_age=16)

    page = compare(trust, term, [secondary, primary]).context["compare"]

    assert [(head.words, head.columns) for head in page.phases] == [
        ("Primary", 1),
        ("Secondary", 1),
    ]
    assert page.note == "No school is ranked here. Secondary: not ranked with primary."


@pytest.mark.parametrize(
    ("how_many", "problem"),
    [
        (0, "Choose two to six schools."),
        (1, "Choose two to six schools."),
        (7, "You chose 7 schools. Choose two to six schools."),
    ],
)
def test_too_few_or_too_many_are_asked_to_choose_again(how_many, problem, compare):
    trust, term, _, schools = make_house(7)

    response = compare(trust, term, schools[:how_many])

    assert response.context["compare"].problem == problem
    assert response.text.count('type="checkbox"') == 7
    assert response.text.count(" checked") == how_many


def test_a_school_that_is_named_twice_is_one(compare):
    trust, term, _, [one, other] = make_house(2)

    page = compare(trust, term, [one, one, other]).context["compare"]

    assert [column.name for column in page.columns] == [one.name, other.name]


def test_another_term_keeps_all_the_schools(compare):
    trust, term, _, schools = make_house(3)

    text = compare(trust, term, schools).text

    for school in schools:
        assert f'<input type="hidden" name="school" value="{school.code}">' in text


def test_a_kpi_that_applies_to_none_of_them_has_no_row(compare):
    trust, term, attendance, schools = make_house(2)
    for school in schools:
        make_entry(attendance, school, term, why_none="not_applicable", claim_accepted=True)

    page = compare(trust, term, schools).context["compare"]

    assert page.sections == ()
    assert page.empty.sentence == "Nothing in the plan is asked of these schools."


def test_what_does_not_apply_to_a_school_is_said_once_and_leads_to_why(compare):
    trust, term, attendance, [one, other] = make_house(2)
    make_entry(attendance, one, term, "96.0")
    make_entry(attendance, other, term, why_none="not_applicable", claim_accepted=True)

    page = compare(trust, term, [one, other])

    [row] = rows_of(page)
    assert f'<a href="{escape(row.cells[1].url)}"><span aria-hidden="true">Not app' in page.text
    assert 'class="status not_applicable"' not in page.text
    assert ">n/a<" not in page.text


def test_a_head_compares_own_schools_and_another_does_not_exist(sign_in):
    trust, term, _, [one, two, other] = make_house(3)
    client = sign_in(make_user(Role.HEADTEACHER, trust, [one, two]))

    assert client.get(address(trust, term, [one, two])).status_code == 200
    assert client.get(address(trust, term, [one, other])).status_code == 404
    assert sign_in(make_head(one)).get(address(trust, term, [one, two])).status_code == 404


@pytest.mark.parametrize("number", [2, 6])
def test_more_schools_cost_no_more_queries(number, sign_in, django_assert_num_queries):
    trust, term, attendance, schools = make_house(6)
    for school in schools:
        make_entry(attendance, school, term, "90.0")
    client = sign_in(make_user(Role.LEADER, trust))
    url = address(trust, term, schools[:number])
    client.get(url)

    with django_assert_num_queries(14):
        client.get(url)
