"""The page of a term's collecting, and reopening on the page where a return is approved."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from returns.models import Line, Return
from schools.models import Deadline, Role, Term
from tests.factories import make_house, make_return, make_term, make_terms, make_trust, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house(schools=2)


@pytest.fixture
def manager(house, client):
    client.force_login(make_user(Role.DATA_MANAGER, house[0]))
    return client


def page(trust, term):
    return reverse("returns:collect", args=[trust], query={"term": term.slug})


def test_the_data_manager_moves_one_schools_deadline(house, manager):
    trust, term, _, [school, _] = house
    typed = {"do": "deadline", "own-unit": school.pk, "own-due": "30/1/26", "own-reason": "Flood"}

    after = manager.post(page(trust, term), typed, follow=True)

    assert "Friday 30 January 2026, 5pm" in after.text
    assert "Flood" in after.text
    assert timezone.localtime(Deadline.everywhere.get().due).hour == 17


def test_of_a_term_from_before_the_trust_the_page_says_that_it_is_history(house, manager):
    trust, term, _, _ = house
    words = "It was due before the trust began here, so it counts as history"
    stays = "What was not sent stays late"
    assert words not in manager.get(page(trust, term)).text

    Term.everywhere.filter(pk=term.pk).update(is_history=True)
    assert words in manager.get(page(trust, term)).text
    Term.everywhere.filter(pk=term.pk).update(closed_at=timezone.now())
    assert stays not in manager.get(page(trust, term)).text
    Term.everywhere.filter(pk=term.pk).update(is_history=False)
    assert stays in manager.get(page(trust, term)).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"own-due": "soon"}, "Enter the day as a day, like 16 January 2026."),
        ({"own-reason": ""}, "Say why this school has its own deadline."),
        ({"own-unit": ""}, "Choose the school."),
    ],
)
def test_what_is_wrong_with_a_deadline_is_said_and_nothing_saved(house, manager, typed, words):
    trust, term, _, [school, _] = house
    right = {"own-unit": school.pk, "own-due": "30 January 2026", "own-reason": "Flood"}

    answer = manager.post(page(trust, term), {"do": "deadline", **right, **typed})

    assert answer.status_code == 422
    assert words in answer.text
    assert not Deadline.everywhere.exists()


def test_a_deadline_is_never_given_to_another_trusts_school(house, manager):
    trust, term, _, _ = house
    _, _, _, [elsewhere] = make_house()
    typed = {"own-unit": elsewhere.pk, "own-due": "30 January 2026", "own-reason": "Flood"}

    answer = manager.post(page(trust, term), {"do": "deadline", **typed})

    assert answer.status_code == 422
    assert not Deadline.everywhere.exists()


def test_a_term_is_closed_only_once_every_sent_return_is_decided(house, manager):
    trust, term, attendance, [school, other] = house
    sent = make_return(school, term, typed="93.5", measure=attendance)
    make_return(other, term)
    Return.everywhere.filter(pk=sent.pk).update(state="submitted")

    before = manager.get(page(trust, term)).text
    assert "These returns wait for a decision." in before
    assert f"{school}</a>" in before
    refused = manager.post(page(trust, term), {"do": "close", "confirm": "on"})
    assert refused.status_code == 409

    Return.everywhere.filter(pk=sent.pk).update(state="approved")
    assert f"<li>{other}</li>" in manager.get(page(trust, term)).text
    without_tick = manager.post(page(trust, term), {"do": "close"})
    assert "Tick the box to say that the term is over." in without_tick.text
    closed = manager.post(page(trust, term), {"do": "close", "confirm": "on"}, follow=True)
    assert "Closed on" in closed.text
    assert Term.everywhere.get(pk=term.pk).closed_at is not None
    assert "Close the term" not in closed.text


def test_leaders_read_the_days_and_change_none(house, client):
    trust, term, _, _ = house
    client.force_login(make_user(Role.LEADER, trust))

    assert "<form method" not in client.get(page(trust, term)).text.split("<main")[1]
    assert client.post(page(trust, term), {"do": "close", "confirm": "on"}).status_code == 404
    assert Term.everywhere.get(pk=term.pk).closed_at is None


def test_the_data_manager_reopens_one_figure_with_a_reason(house, manager):
    trust, term, attendance, [school, _] = house
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    at = timezone.now() - timedelta(days=1)
    Return.everywhere.filter(pk=return_.pk).update(
        state="approved", approved_at=at, submitted_at=at
    )
    line = Line.everywhere.get()
    approve = reverse("returns:return-approve", args=[trust, return_.pk])
    url = reverse("returns:return-reopen", args=[trust, return_.pk])

    assert "Let the school change figures" in manager.get(approve).text
    silent = manager.post(url, {"lines": [line.pk]})
    assert (silent.status_code, "Say why" in silent.text) == (422, True)
    elsewhere = manager.post(url, {"lines": [line.pk + 99], "reason": "Year 6"})
    assert elsewhere.status_code == 422
    assert manager.post(url, {"lines": [line.pk], "reason": "Year 6"}).status_code == 302

    return_.refresh_from_db()
    line.refresh_from_db()
    assert (return_.state, line.reopened) == ("in_progress", True)
    assert "Year 6" in manager.get(reverse("returns:return-edit", args=[trust, return_.pk])).text


def test_an_approved_line_that_is_not_reopened_has_no_box(house, manager):
    trust, term, attendance, [school, _] = house
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    at = timezone.now()
    Return.everywhere.filter(pk=return_.pk).update(
        state="in_progress", approved_at=at, reopened_at=at
    )
    edit = reverse("returns:return-edit", args=[trust, return_.pk])

    assert '<span class="shown">93.5%</span>' in manager.get(edit).text
    Line.everywhere.update(reopened=True)
    assert 'value="93.5"' in manager.get(edit).text


def test_a_term_to_come_opens_on_the_day_that_the_data_manager_sets(house, manager):
    trust, term, _, _ = house
    coming = make_term(trust, "2026-spring")
    today = timezone.localdate()
    Term.everywhere.filter(pk=coming.pk).update(
        opens=today + timedelta(days=30), due=timezone.now() + timedelta(days=60)
    )

    shown = manager.get(page(trust, term))
    assert page(trust, coming) in shown.text
    about = manager.get(page(trust, coming))
    assert "Opens on" in about.text
    assert "Who has longer" not in about.text
    assert "Close Spring 2026" not in about.text
    due = (today + timedelta(days=40)).strftime("%d/%m/%Y")
    typed = {"do": "dates", "opens": today.strftime("%d/%m/%Y"), "due": due}
    after = manager.post(page(trust, coming), typed, follow=True)

    assert Term.everywhere.get(pk=coming.pk).opens == today
    assert "Open from" in after.text
    assert Return.everywhere.filter(term=coming).exists()


def test_a_trust_whose_first_term_is_to_come_says_when_it_opens(client):
    trust = make_trust("north", terms=make_terms(first=2090, years=1))
    client.force_login(make_user(Role.DATA_MANAGER, trust))

    about = client.get(reverse("returns:collect", args=[trust]))

    assert "Collecting Autumn 2090" in about.text
    assert "Spring 2091" in about.text
    assert client.get(reverse("returns:return-list", args=[trust])).status_code == 200
    links = re.findall(r'href="(/t/[^"]*)"', about.text)
    assert links
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_a_term_that_has_not_opened_cannot_be_closed(house, manager):
    trust, term, _, _ = house
    Term.everywhere.filter(pk=term.pk).update(opens=timezone.localdate() + timedelta(days=1))

    answer = manager.post(page(trust, term), {"do": "close", "confirm": "on"})

    assert answer.status_code == 409
    assert "has not opened" in answer.text
    assert Term.everywhere.get(pk=term.pk).closed_at is None
