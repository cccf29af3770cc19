"""The to-do strip, and what the page says when there is nothing to show."""

from datetime import datetime

import pytest
from django.urls import reverse

from dashboard.matrix import todo
from kpis.models import Comment
from returns.models import Return
from schools import kept
from schools.models import Role
from schools.tenancy import inside
from tests.factories import (
    LONDON,
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


def matrix_page(trust, term, **choices):
    return reverse("dashboard:matrix", args=[trust], query={"term": term.slug, **choices})


def todo_of(client, trust, term):
    kept.forget()  # what factories make raises no version
    return [link.label for link in client.get(matrix_page(trust, term)).context["matrix"].todo]


def a_return(unit, term, state):
    with inside(term.trust):
        return Return.objects.create(unit=getattr(unit, "unit_ptr", unit), term=term, state=state)


@pytest.fixture
def as_leader(sign_in):
    return lambda trust: sign_in(make_user(Role.LEADER, trust))


def test_each_phrase_leads_to_exactly_what_it_counts(as_leader):
    trust, term, attendance, [bad, worse, missing, _] = make_house(4)
    for school in (bad, worse):
        make_entry(attendance, school, term, "80.0")
    client = as_leader(trust)

    phrases = client.get(matrix_page(trust, term)).context["matrix"].todo

    assert [link.label for link in phrases] == [
        "2 results are late.",
        "2 results off target have no comment.",
    ]
    for link in phrases:
        matrix = client.get(link.url).context["matrix"]
        assert matrix.announced == "2 results shown"
        [row] = matrix.sections[0].rows
        assert sum(not cell.dim for cell in row.cells) == 2
    assert missing.name in client.get(phrases[0].url).text


def test_it_vanishes_when_nothing_is_to_do(as_leader):
    trust, term, attendance, [school] = make_house()
    client = as_leader(trust)
    assert "To do" in client.get(matrix_page(trust, term)).text

    make_entry(attendance, school, term, "96.0")
    kept.forget()

    page = client.get(matrix_page(trust, term))
    assert page.context["matrix"].todo == ()
    assert "To do" not in page.text


def test_a_comment_is_one_thing_less_to_do(as_leader):
    trust, term, attendance, [one, other] = make_house(2)
    for school in (one, other):
        make_entry(attendance, school, term, "80.0")
    client = as_leader(trust)
    assert todo_of(client, trust, term) == ["2 results off target have no comment."]

    kpi = trust.plans(manager="everywhere").get().nodes(manager="everywhere").get(role="kpi")
    columns = {"node": kpi, "unit": one.unit_ptr, "by": make_user()}
    with inside(trust):
        Comment.objects.create(term=make_term(trust, "2025-summer"), why="Long ago", **columns)
        assert todo_of(client, trust, term) == ["2 results off target have no comment."]
        Comment.objects.create(term=term, why="Flu", **columns)

    assert todo_of(client, trust, term) == ["1 result off target has no comment."]


def test_nothing_is_to_do_in_a_closed_term(as_leader):
    trust, term, _, _ = make_house()
    assert todo_of(as_leader(trust), trust, term) == ["1 result is late."]
    term.closed_at = term.due.replace(day=30)
    term.save()

    assert todo_of(as_leader(trust), trust, term) == []


def test_what_only_a_leader_can_settle_is_theirs_to_do(as_leader, sign_in):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "96.0")
    reading = make_measure(trust, "Reading")
    make_clause(make_kpi(trust.plans(manager="everywhere").get(), "Reading"), reading)
    make_entry(reading, school, term, "60.0")

    page = as_leader(trust).get(matrix_page(trust, term))

    [phrase] = page.context["matrix"].todo
    assert phrase.label == "1 result waits for an answer of yours."
    assert ">1 waits for you</a>" in page.text
    [row] = as_leader(trust).get(phrase.url).context["matrix"].sections[0].rows
    assert row.name == "Reading"
    auditor = sign_in(make_user(Role.AUDITOR, trust)).get(matrix_page(trust, term))
    assert auditor.context["matrix"].todo == ()
    assert "waits for you" not in auditor.text


def test_the_data_manager_reads_what_to_approve_and_who_is_late(sign_in):
    trust, term, _, schools = make_house(4)
    for school, state in zip(schools, ["submitted", "approved", "in_progress"], strict=False):
        a_return(school, term, state)

    assert todo_of(sign_in(make_user(Role.DATA_MANAGER, trust)), trust, term) == [
        "1 return to approve.",
        "2 schools are late.",
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "Your Autumn 2025 return is not started. It was due Friday 16 January 2026."),
        (
            "in_progress",
            "Your Autumn 2025 return is in progress. It was due Friday 16 January 2026.",
        ),
        (
            "sent_back",
            "Your Autumn 2025 return was sent back to you. It was due Friday 16 January 2026.",
        ),
        ("submitted", None),
        ("approved", None),
    ],
)
def test_a_school_reads_where_its_own_return_stands(state, words, sign_in):
    trust, term, attendance, [mine, other] = make_house(2)
    make_entry(attendance, mine, term, "96.0")
    a_return(other, term, "in_progress")
    found = state and a_return(mine, term, state)

    for role in (Role.HEADTEACHER, Role.SCHOOL_EDITOR):
        client = sign_in(make_user(role, trust, units=[mine]))
        links = client.get(matrix_page(trust, term)).context["matrix"].todo
        assert [link.label for link in links] == ([words] if words else [])
        if words and found:
            assert links[0].url == reverse("returns:return-edit", args=[trust, found.pk])


def test_a_head_of_several_schools_reads_which_one(sign_in):
    trust, term, _, schools = make_house(2)
    head = make_user(Role.HEADTEACHER, trust, units=schools)

    labels = todo_of(sign_in(head), trust, term)

    assert [label.split(",")[0] for label in labels] == [school.name for school in schools]


def test_a_head_counts_the_own_schools_results_alone(sign_in):
    trust, term, attendance, [mine, theirs] = make_house(2)
    a_return(mine, term, "approved")
    make_entry(attendance, mine, term, "96.0")
    make_entry(attendance, theirs, term, "80.0")

    assert todo_of(sign_in(make_head(mine)), trust, term) == []


@pytest.mark.parametrize(
    ("words", "one", "more"),
    [
        (todo.late, "1 result is late.", "2 results are late."),
        (todo.to_approve, "1 return to approve.", "2 returns to approve."),
        (todo.schools_late, "1 school is late.", "2 schools are late."),
    ],
)
def test_one_is_not_said_like_many(words, one, more):
    assert (words(1), words(2)) == (one, more)


# Nothing to show


def test_a_term_without_figures_says_from_when_and_leads_to_the_one_before(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, make_term(trust, "2025-summer"), "96.0")

    page = as_leader(trust).get(matrix_page(trust, term))
    matrix = page.context["matrix"]

    assert matrix.empty.sentence == (
        "No figures yet for Autumn 2025. Schools can send them from "
        "Monday 1 December 2025 to Friday 16 January 2026."
    )
    assert matrix.empty.url.startswith(reverse("returns:return-list", args=[trust]))
    assert (matrix.earlier.label, "term=2025-summer" in matrix.earlier.url) == (
        "See Summer 2025",
        True,
    )
    assert f'href="{matrix.earlier.url}"' in page.text.replace("&amp;", "&")
    assert "data-matrix" not in page.text


def test_what_stands_from_before_is_shown_though_nothing_has_been_sent_yet(as_leader):
    trust, _, _, [school] = make_house()
    summer, autumn = make_term(trust, "2025-summer"), make_term(trust, "2025-autumn")
    yearly = make_measure(
        trust, "Exams", basis="academic_year", ask_autumn=True, ask_spring=False, ask_summer=False
    )
    make_clause(make_kpi(trust.plans(manager="everywhere").get(), "Exams"), yearly, target="50.0")
    spring = make_term(trust, "2026-spring")
    make_entry(yearly, school, autumn, "60.0")

    page = as_leader(trust).get(matrix_page(trust, spring))
    matrix = page.context["matrix"]

    assert matrix.empty is None
    assert "No figures yet for Spring 2026." in page.text
    assert "On target: 60.0%" in page.text
    assert summer.slug not in matrix.earlier.url


def test_a_closed_term_without_figures_asks_for_none(as_leader):
    trust, term, _, _ = make_house()
    term.closed_at = datetime(2026, 1, 30, 12, tzinfo=LONDON)
    term.save()

    page = as_leader(trust).get(matrix_page(trust, term))

    assert "The term is closed, so none can be sent." in page.text
    assert "Closed. Figures as at 30 January 2026." in page.text
