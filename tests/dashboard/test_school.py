"""A school on a page: how it stands, what it is held against, what is late, who may see it."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from kpis import facts
from kpis.models import Comment, Reply
from kpis.rag.judging import judge_all, schools_of
from returns.models import Return
from schools.models import Office, Phase, Role, Term
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

from .plan_trees import the_plan

pytestmark = pytest.mark.django_db


def address(school, term):
    return reverse("dashboard:school", args=[school.trust, school.code], query={"term": term.slug})


@pytest.fixture
def as_leader(sign_in):
    def opened(school, term):
        return sign_in(make_user(Role.LEADER, school.trust)).get(address(school, term))

    return opened


def counted_house():
    """Two schools that send counts with their figures, so that they make one of the trust."""
    trust, term, attendance, schools = make_house(2)
    attendance.counts = "both"
    attendance.save()
    return trust, term, attendance, schools


def page_of(response):
    return response.context["school"]


def the_row(response):
    [[row]] = [section.rows for section in page_of(response).sections]
    return row


def test_a_row_says_all_that_a_figure_is_held_against(as_leader):
    trust, term, attendance, [school, other] = counted_house()
    before = make_term(trust, "2024-autumn")
    make_entry(attendance, school, before, "93.1", numerator=931, denominator=1000)
    make_entry(attendance, school, term, "90.0", numerator=900, denominator=1000)
    make_entry(attendance, other, term, "96.0", numerator=960, denominator=1000)

    response = as_leader(school, term)
    row = the_row(response)

    assert (row.name, row.status.words, row.figure) == ("Attendance", "Off target", "90.0%")
    assert (row.target, row.trust) == ("at least 94.0%", "93.0%")
    assert row.moved == "3.1 points since Aut 24"
    assert row.movement.words == "fell 3.1 points since Autumn 2024, got worse"
    assert row.spark.say == "Last figures: 93.1%, 90.0%"
    assert row.url.endswith(f"school={school.code}")
    assert next(count.words for count in page_of(response).counts) == "1 off target"
    assert page_of(response).first == (row,)


def test_a_figure_that_is_zero_is_shown_and_one_that_is_missing_says_why(as_leader):
    _, term, attendance, [zero, missing] = make_house(2)
    make_entry(attendance, zero, term, "0")

    assert the_row(as_leader(zero, term)).figure == "0.0%"
    assert the_row(as_leader(missing, term)).figure == "Late"


def test_what_the_return_lacks_is_named_with_the_way_to_it(as_leader):
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term)

    said = page_of(as_leader(school, term)).return_

    assert said.missing == ("Attendance",)
    assert said.missing_words == "1 figure late: due 16 January 2026"
    assert said.words == "Return not started"
    Term.everywhere.filter(pk=term.pk).update(is_history=True)
    said = page_of(as_leader(school, term)).return_
    assert said.missing_words == "1 figure not brought in from before the trust began here"
    assert said.url == reverse("returns:return-edit", args=[trust, return_.pk])

    make_entry(attendance, school, term, "95.0")

    assert page_of(as_leader(school, term)).return_.missing == ()


def test_comments_of_the_school_stand_beside_its_results_and_no_others(as_leader):
    trust, term, attendance, [mine, other] = make_house(2)
    [kpi] = [node.pk for node in the_plan(trust).nodes(manager="everywhere").filter(role="kpi")]
    for school, why in ((mine, "A stomach bug"), (other, "A flooded hall")):
        make_entry(attendance, school, term, "80.0")
        Comment.everywhere.create(
            node_id=kpi,
            unit_id=school.pk,
            term=term,
            why=why,
            by=make_user(Role.HEADTEACHER, trust, [school]),
        )

    response = as_leader(mine, term)

    assert [said.why for said in page_of(response).comments] == ["A stomach bug"]
    assert "A flooded hall" not in response.text


def test_a_reply_of_the_head_stands_with_what_it_answers(as_leader):
    trust, term, attendance, [school, other] = make_house(2)
    [kpi] = [node.pk for node in the_plan(trust).nodes(manager="everywhere").filter(role="kpi")]
    make_entry(attendance, school, term, "80.0")
    by = make_user(Role.HEADTEACHER, trust, [school])
    held = {"node_id": kpi, "unit_id": school.pk, "term": term, "by": by}
    Reply.everywhere.create(**held, text="Two have moved")
    [alone] = page_of(as_leader(school, term)).comments
    Comment.everywhere.create(**held, why="A stomach bug")
    [both] = page_of(as_leader(school, term)).comments

    assert (alone.why, alone.reply) == ("", "Two have moved")
    assert (both.why, both.reply) == ("A stomach bug", "Two have moved")
    assert not page_of(as_leader(other, term)).comments


# Schools that are not like the others


def test_a_new_school_is_told_what_there_is_nothing_to_compare_with(as_leader):
    trust, term, _, _ = make_house()
    school = make_school(trust, joined=date(2025, 9, 1))

    notes = page_of(as_leader(school, term)).notes

    assert notes == ("Joined September 2025, so there is no earlier term.",)


def test_a_school_that_left_is_found_in_its_last_term(as_leader):
    trust, term, _, _ = make_house()
    school = make_school(trust, "Leaver", left=date(2025, 8, 31))

    empty = page_of(as_leader(school, term)).empty

    assert empty.sentence == "Leaver left the trust on 31 August 2025, before this term."
    assert empty.link_text == "See Summer 2025, its last term here"
    assert "term=2025-summer" in empty.url


def test_what_does_not_apply_is_named_and_never_counted(as_leader):
    _, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, why_none="not_applicable", claim_accepted=True)

    page = page_of(as_leader(school, term))

    assert [link.label for link in page.not_applicable] == ["Attendance"]
    assert page.sections == ()


def alone(given, school):
    """The same facts with no other school in them."""
    units = {
        pk: unit
        for pk, unit in given.units.items()
        if pk in (given.trust, school.id) or unit.parent == school.id or school.id in unit.serves
    }
    return replace(given, units=units)


def test_judged_alone_a_school_stands_as_it_does_among_all():
    """No verdict of a school depends on another school."""
    trust, term, attendance, schools = make_house(3)
    make_clause(make_kpi(the_plan(trust), "Gone up"), attendance, rule="trend", operator="improve")
    for school, value in zip(schools, ("96.0", "93.5", "80.0"), strict=True):
        make_entry(attendance, school, term, value)
        make_entry(attendance, school, make_term(trust, "2024-autumn"), "90.0")
    with inside(trust):
        given = facts.read_facts(trust, facts.plan_for(term), term, date(2026, 2, 1))

    for school in schools_of(given):
        among_all = [one.schools.get(school.id) for one in judge_all(given)]
        by_itself = [one.schools.get(school.id) for one in judge_all(alone(given, school))]
        assert by_itself == among_all


# Who may see it


def test_a_head_reads_the_own_school_and_no_other(sign_in):
    trust, term, attendance, [mine, theirs] = make_house(2)
    make_entry(attendance, theirs, term, "41.7")
    client = sign_in(make_head(mine))

    assert "41.7" in sign_in(make_user(Role.LEADER, trust)).get(address(theirs, term)).text
    assert client.get(address(theirs, term)).status_code == 404
    own = client.get(address(mine, term))

    assert own.status_code == 200
    assert theirs.name not in own.text
    assert "41.7" not in own.text


def test_a_head_of_one_school_has_no_way_to_a_list_of_others(sign_in):
    _, term, _, [mine, _] = make_house(2)

    response = sign_in(make_head(mine)).get(address(mine, term))

    assert page_of(response).compare_url == ""
    assert response.context["breadcrumbs"] == []
    assert ">Your school</a>" in response.text


def test_the_trusts_figure_is_hidden_where_a_small_number_could_be_worked_out(sign_in, as_leader):
    _, term, attendance, [mine, small] = counted_house()
    make_entry(attendance, mine, term, "90.0", numerator=90, denominator=100)
    make_entry(attendance, small, term, "75.0", numerator=3, denominator=4)

    assert the_row(as_leader(mine, term)).trust == "89.4%"
    response = sign_in(make_head(mine)).get(address(mine, term))

    assert the_row(response).figure == "90.0%"
    assert "89.4" not in response.text


def test_a_head_is_told_when_the_return_is_ready_to_submit(sign_in):
    _, term, attendance, [school] = make_house()
    client = sign_in(make_head(school))
    make_return(school, term)
    before = page_of(client.get(address(school, term))).return_.todo
    assert before.startswith("0 of 1 figures of your return are in. Due Friday 16 January 2026")

    Return.everywhere.filter(unit=school.pk).delete()
    make_return(school, term, typed="95.0", measure=attendance)

    assert page_of(client.get(address(school, term))).return_.todo == (
        "Your return is ready to check and submit."
    )


@pytest.mark.parametrize("schools", [1, 3])
def test_more_schools_cost_no_more_queries(schools, sign_in, django_assert_num_queries):
    trust, term, attendance, units = make_house(schools)
    for unit in units:
        make_entry(attendance, unit, term, "90.0")
    client = sign_in(make_user(Role.LEADER, trust))
    url = address(units[0], term)
    client.get(url)

    with django_assert_num_queries(15):
        client.get(url)


# The list


def the_list(trust, term, **choices):
    return reverse("dashboard:schools", args=[trust], query={"term": term.slug, **choices})


def test_the_list_has_each_school_with_what_it_sent_and_what_is_late(sign_in):
    trust, term, attendance, [good, silent] = make_house(2)
    make_entry(attendance, good, term, "95.0")
    make_return(silent, term)

    page = sign_in(make_user(Role.LEADER, trust)).get(the_list(trust, term)).context["schools"]

    assert [(row.name, row.counts, row.late) for row in page.rows] == [
        (good.name, "1 on target", ""),
        (silent.name, "1 no status", "1 late"),
    ]
    assert page.summary == "2 schools, 1 with late figures"


def test_the_list_keeps_to_one_phase(sign_in):
    trust, term, _, _ = make_house()
    secondary = make_school(trust, phase=Phase.SECONDARY, low_age=11, high_age=16)
    client = sign_in(make_user(Role.AUDITOR, trust))

    page = client.get(the_list(trust, term, phase="secondary")).context["schools"]

    assert [row.name for row in page.rows] == [secondary.name]
    [group] = page.filters
    assert [(link.label, link.count, link.current) for link in group.links] == [
        ("All schools", 2, False),
        ("Primary", 1, False),
        ("Secondary", 1, True),
    ]


def test_the_list_of_a_head_has_the_own_schools_and_that_of_one_leads_to_it(sign_in):
    trust, term, _, [one, two, other] = make_house(3)

    several = sign_in(make_user(Role.HEADTEACHER, trust, [one, two])).get(the_list(trust, term))
    single = sign_in(make_head(one)).get(the_list(trust, term))

    assert [row.name for row in several.context["schools"].rows] == [one.name, two.name]
    assert other.name not in several.text
    assert single.url == address(one, term)


def test_a_trust_without_a_plan_says_so(sign_in):
    trust = make_trust()
    make_school(trust)
    page = sign_in(make_user(Role.LEADER, trust)).get(reverse("dashboard:schools", args=[trust]))

    assert page.context["schools"].empty.sentence == (
        "There is no plan yet, so there is nothing to judge."
    )


def test_a_measure_of_an_office_is_not_missing_from_a_schools_return(as_leader):
    trust, term, _, [school] = make_house()
    office = Office.everywhere.create(trust=trust, code="hr", name="HR")
    of_hr = make_measure(trust, "Staff absence", office=office)
    make_clause(make_kpi(the_plan(trust), "Staff absence"), of_hr, target="94.0")

    assert page_of(as_leader(school, term)).return_.missing == ("Attendance",)


def test_what_was_done_in_an_earlier_term_is_not_counted_as_asked_again(sign_in):
    trust, term, attendance, [school] = make_house()
    policy = make_measure(trust, "Policy agreed", kind="yes_no", basis="term", unit="")
    make_clause(make_kpi(trust.plans(manager="everywhere").get()), policy, rule="done")
    before = make_term(trust, "2025-summer")
    make_entry(policy, school, before, done="yes", done_on=before.period.on)
    make_return(school, term, typed="95.0", measure=attendance)

    page = page_of(sign_in(make_head(school)).get(address(school, term)))

    assert page.return_.todo == "Your return is ready to check and submit."
