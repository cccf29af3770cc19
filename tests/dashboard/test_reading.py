"""How to read the statuses: nothing that can stand in a cell is missing from the page."""

import re

import pytest
from django.urls import reverse

from dashboard.matrix.drawing import WHOLE
from dashboard.reading.page import sections
from kpis.rag.verdict import Mark, Reason, Status
from schools.models import Role
from tests.factories import make_school, make_trust, make_user

LINES = [line for section in sections() for line in section.lines]
VERDICTS = {(line.status, line.reason) for line in LINES}


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_shown_with_every_status_that_it_may_stand_with(reason):
    assert {status for status, shown in VERDICTS if shown is reason} == reason.statuses


@pytest.mark.parametrize("mark", Mark)
def test_each_mark_is_shown(mark):
    assert any(mark in line.marks for line in LINES)


def test_each_arrow_is_shown_with_and_without_the_disc():
    moved = {(line.movement.direction, line.movement.worse) for line in LINES if line.movement}

    assert moved == {("up", True), ("up", False), ("down", True), ("down", False)}
    assert any(line.movement is None for line in LINES)


# What stands in a cell that has no figure, and the note under it.
WORDS = [
    ("n/a", ""),
    ("few", ""),
    ("n/a?", ""),
    ("few?", ""),
    ("Later (Feb)", ""),
    ("Later", ""),
    ("68.4", "Sum 25"),
    ("Due Jan", ""),
    ("Late", ""),
    ("Late", "94.1 Aut 24"),
    ("68.4", ""),
    ("94.6", ""),
    ("48.0", ""),
    ("Expected", ""),
    ("Not yet", ""),
    ("68.4", "Sum 24"),
    ("12 of 15", ""),
    ("1 of 11", ""),
    ("Due Mar", ""),
    ("Due Sum 26", ""),
    ("No date", ""),
]


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_each_word_in_the_place_of_a_figure_is_shown(words):
    assert words in {(line.cell.figure, line.cell.note) for line in LINES}


def test_the_other_looks_of_a_cell_are_shown_too():
    assert any(line.cell.dim for line in LINES)
    assert any(line.cell.said for line in LINES)
    assert any(line.cell.provisional for line in LINES)
    assert any(WHOLE in line.drawn for line in LINES)
    assert any(line.cell.figure == "0.00" and line.status is Status.GREEN for line in LINES)


def test_each_line_says_what_it_means_and_what_to_do_next_in_words_of_its_own():
    for line in LINES:
        assert line.means.endswith(".")
        assert line.next.endswith(".")
    names = [(section.key, line.name) for section in sections() for line in section.lines]
    assert len(set(names)) == len(names)


def test_the_sentence_of_each_line_is_the_one_that_its_rule_has_written():
    for line in LINES:
        assert line.sentence.startswith(f"{line.status.words}: ")
        assert line.sentence in line.cell.spoken


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_everybody_in_the_trust_may_read_it(role, sign_in, django_assert_max_num_queries):
    trust = make_trust("north")
    make_school(trust)
    client = sign_in(make_user(role, trust))

    with django_assert_max_num_queries(6):
        page = client.get(reverse("dashboard:reading", args=[trust]))

    assert page.status_code == 200
    cells = re.findall(r'<td class="cell ', page.text)
    assert len(cells) == sum(WHOLE not in line.drawn for line in LINES)


@pytest.mark.django_db
def test_somebody_of_another_trust_does_not_find_it(sign_in):
    make_trust("north")
    client = sign_in(make_user(Role.LEADER, make_trust("south")))

    assert client.get(reverse("dashboard:reading", args=["north"])).status_code == 404


@pytest.mark.django_db
def test_help_leads_to_it_from_every_page_of_a_trust(sign_in):
    trust = make_trust("north")
    client = sign_in(make_user(Role.TRUST_ADMINISTRATOR, trust))

    page = client.get(reverse("schools:people", args=[trust]))

    assert f'href="{reverse("dashboard:reading", args=[trust])}' in page.text
