"""What people say of a result stands beside it on the dashboard, for those who may read it."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.urls import reverse

from dashboard.matrix import comments
from dashboard.matrix.comments import said_of
from dashboard.matrix.grid import Column, Matrix, Section
from kpis import facts as read
from kpis.models import KPI, Comment, Reply
from kpis.rag.verdict import Status
from schools import kept
from schools.models import Role
from tests.dashboard.test_matrix_drawing import make_cell, make_row
from tests.factories import make_entry, make_head, make_house, make_user

pytestmark = pytest.mark.django_db


class House:
    """Three schools off target: the first two have said why, and so has the trust."""

    def __init__(self):
        self.trust, self.term, self.attendance, self.schools = make_house(schools=3)
        for school in self.schools:
            make_entry(self.attendance, school, self.term, value="81.2")
        self.leader = make_user(Role.LEADER, self.trust)
        self.says(self.schools[0], why="Flu in May", what_next="Calls home, Ms Fern")
        self.says(self.schools[1], why="A bus was cut")
        self.says(self.trust.own_unit, why="A hard winter")
        self.page = reverse("dashboard:matrix", args=[self.trust], query={"term": self.term.slug})

    def says(self, unit, **parts):
        held = {"node": KPI.everywhere.get(), "unit": unit, "term": self.term}
        Comment.everywhere.create(**held, by=self.leader, **parts)


@pytest.fixture
def house():
    return House()


def cells_of(text):
    """Whether each cell of the matrix is marked, and says so: the trust's, then the schools'."""
    cells = re.findall(r'<td class="cell.*?</td>', text, re.DOTALL)
    assert all(('noted"' in cell) is ("Commented." in cell) for cell in cells)
    return ["Commented." in cell for cell in cells]


def card_of(text):
    return re.search(r'<ul class="cards.*?</ul>\n\n<div', text, re.DOTALL)[0]


def test_a_leader_sees_where_somebody_said_why_and_reads_it_on_the_card(house, client):
    client.force_login(house.leader)
    text = client.get(house.page).text

    assert cells_of(text) == [True, True, True, False]
    card = card_of(text)
    assert "3 comments" in card
    assert "<b>Why?</b> Flu in May <b>What next?</b> Calls home, Ms Fern" in card
    assert card.index("A hard winter") < card.index("Flu in May") < card.index("A bus was cut")
    assert "commented" in text[text.index('class="key"') :]


def test_where_nobody_has_said_a_word_nothing_is_marked(house, client):
    Comment.everywhere.all().delete()
    client.force_login(house.leader)
    text = client.get(house.page).text

    assert cells_of(text) == [False] * 4
    assert "omment" not in card_of(text)
    assert "commented" not in text


@pytest.mark.parametrize("leader_first", [True, False])
def test_a_head_reads_what_is_said_of_their_own_school_and_of_the_trust(
    house, client, leader_first
):
    head = make_head(house.schools[0])
    for person in [house.leader, head] if leader_first else [head, house.leader]:
        client.force_login(person)
        text = client.get(house.page).text
        assert ("A bus was cut" in text) is (person == house.leader)
        assert "Flu in May" in text
        assert "A hard winter" in text
    client.force_login(head)
    assert cells_of(client.get(house.page).text) == [True, True]
    client.force_login(make_head(house.schools[2]))
    text = client.get(house.page).text
    assert cells_of(text) == [True, False]
    assert "1 comment" in card_of(text)


def test_a_reply_stands_with_the_comment_that_it_answers(house, client):
    held = {"node": KPI.everywhere.get(), "term": house.term, "by": house.leader}
    Reply.everywhere.create(**held, unit=house.schools[0], text="Two have moved")
    Reply.everywhere.create(**held, unit=house.schools[2], text="We were shut")
    client.force_login(house.leader)
    text = client.get(house.page).text

    assert cells_of(text) == [True] * 4
    assert "Ms Fern <b>The school replies:</b> Two have moved" in card_of(text)
    assert "4 comments" in card_of(text)


def test_another_text_is_on_the_next_page_though_no_figure_has_changed(house, client):
    client.force_login(house.leader)
    assert "Flu in May" in client.get(house.page).text

    Comment.everywhere.filter(unit=house.schools[0]).update(why="Measles in May")
    type(house.schools[0]).everywhere.filter(pk=house.schools[0].pk).changed()
    text = client.get(house.page).text

    assert "Measles in May" in card_of(text)
    assert "Flu in May" not in text


def test_comments_cost_no_query(house, sign_in, django_assert_max_num_queries):
    client, counts = sign_in(house.leader), []
    client.get(house.page)
    for gone in ({}, {"why__gt": "B"}, {"pk__gt": 0}):
        Comment.everywhere.filter(**gone).delete() if gone else None
        kept.forget()
        with django_assert_max_num_queries(16) as asked:
            client.get(house.page)
        counts.append(len(asked))
    assert len(set(counts)) == 1


def said_by(unit):
    return read.Comment(7, unit, "Ms Fern", None, "0123456789", "")


def test_what_has_no_room_is_counted_and_the_trust_and_the_worst_come_first(monkeypatch):
    monkeypatch.setattr(comments, "AT_MOST", 20)
    columns = tuple(Column(n, name, name) for n, name in enumerate(["Ash", "Elm", "Oak"]))
    cells = tuple(make_cell(status=status) for status in (Status.GREEN, Status.RED, Status.RED))
    row = replace(make_row(), cells=cells)
    page = Matrix("", columns=columns, sections=(Section("", "", "", (row,)),))
    facts = SimpleNamespace(
        tree=[SimpleNamespace(key="k1", id=7)],
        given=SimpleNamespace(trust=50),
        comments=[said_by(unit) for unit in (0, 1, 2, 50)],
    )

    said = said_of(page, facts)

    assert [one.name for one in said["k1"].words] == ["The trust", "Elm"]
    assert said["k1"].more == 2
    assert said["k1"].count == 4
