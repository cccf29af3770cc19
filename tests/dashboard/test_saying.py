"""Words beside a result: the leader's comment, the headteacher's reply, and who sees them."""

import pytest
from django.urls import reverse

from kpis.models import KPI, Comment, Judgement, PupilGroup, Reply
from priorities.models import Plan
from schools.models import Role
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_user,
)

pytestmark = pytest.mark.django_db


class House:
    def __init__(self):
        self.trust, self.term, self.attendance, schools = make_house(schools=2)
        self.school, self.sister = schools
        make_entry(self.attendance, self.school, self.term, value="81.2")
        self.kpi = KPI.everywhere.get()
        self.leader = make_user(Role.LEADER, self.trust)
        self.head = make_head(self.school)

    def page(self, name="", school=None):
        name = name or ("reply" if school else "say")
        query = {"term": self.term.slug} | ({"school": school.code} if school else {})
        return reverse(f"dashboard:{name}", args=[self.trust, self.kpi.pk], query=query)


@pytest.fixture
def house():
    return House()


def seen_on(page):
    return page.context["form"].initial["seen"]


def test_a_leader_comments_for_the_trust_and_everybody_reads_it_beside_the_result(house, client):
    client.force_login(house.leader)
    assert f'href="{house.page().replace("&", "&amp;")}"' in client.get(house.page("kpi")).text
    form = client.get(house.page())
    typed = {"seen": seen_on(form), "why": "A hard winter", "what_next": "Buses, by March"}
    after = client.post(house.page(), typed, follow=True)

    assert "A hard winter" in after.text
    assert "Buses, by March" in after.text
    client.force_login(house.head)
    assert "A hard winter" in client.get(house.page("kpi")).text
    assert "Comment for the trust" not in client.get(house.page("kpi")).text


def test_a_headteacher_replies_beside_the_schools_own_status(house, client):
    client.force_login(house.head)
    assert "Reply to this status" in client.get(house.page("kpi", house.school)).text
    form = client.get(house.page(school=house.school))
    assert "81.2%" in form.text
    typed = {"seen": seen_on(form), "text": "Two of three have moved away."}
    client.post(house.page(school=house.school), typed)

    client.force_login(house.leader)
    page = client.get(house.page("kpi", house.school)).text
    assert "The school replies:" in page
    assert "Two of three have moved away." in page
    sister = make_head(house.sister)
    client.force_login(sister)
    assert "Two of three have moved away." not in client.get(house.page("kpi")).text


def test_what_somebody_else_wrote_meanwhile_is_shown_and_the_choice_is_theirs(house, client):
    client.force_login(house.leader)
    old = seen_on(client.get(house.page()))
    client.post(house.page(), {"seen": old, "why": "First"})
    clash = client.post(house.page(), {"seen": old, "why": "Second"})

    assert clash.status_code == 409
    assert "First" in clash.text
    assert "Second" in clash.text
    assert Comment.everywhere.get().why == "First"
    again = clash.context["form"].data["seen"]
    client.post(house.page(), {"seen": again, "why": "Second"})
    assert Comment.everywhere.get().why == "Second"


def test_a_text_that_is_too_long_is_named_and_kept_in_its_box(house, client):
    client.force_login(house.leader)
    seen = seen_on(client.get(house.page()))
    page = client.post(house.page(), {"seen": seen, "why": "x" * 401})
    assert page.status_code == 422
    assert "Shorten this to 400 characters." in page.text
    assert "x" * 401 in page.text
    assert not Comment.everywhere.exists()


def test_emptied_it_is_taken_back(house, client):
    client.force_login(house.leader)
    client.post(house.page(), {"seen": seen_on(client.get(house.page())), "why": "Flu"})
    client.post(house.page(), {"seen": seen_on(client.get(house.page()))})
    assert not Comment.everywhere.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_speaks_for_others(house, client, method):
    places = [
        (house.leader, house.page(school=house.school)),
        (house.head, house.page()),
        (house.head, house.page(school=house.sister)),
        (make_user(Role.DATA_MANAGER, house.trust), house.page()),
    ]
    for person, page in places:
        client.force_login(person)
        assert getattr(client, method)(page).status_code == 404
    assert not Comment.everywhere.exists()
    assert not Reply.everywhere.exists()


def test_hostile_words_are_shown_as_they_are_and_never_run(house, client):
    client.force_login(house.leader)
    seen = seen_on(client.get(house.page()))
    client.post(house.page(), {"seen": seen, "why": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in client.get(house.page("kpi")).text
    assert "&lt;script&gt;alert(1)" in client.get(house.page("kpi")).text


@pytest.mark.django_db(transaction=True)
def test_words_are_kept_when_nothing_but_the_page_opens_a_transaction(client):
    house = House()

    client.force_login(house.leader)
    said = client.post(house.page(), {"seen": seen_on(client.get(house.page())), "why": "Flu"})
    client.force_login(house.head)
    page = house.page(school=house.school)
    replied = client.post(page, {"seen": seen_on(client.get(page)), "text": "Two have moved."})

    assert (said.status_code, replied.status_code) == (302, 302)
    assert (Comment.everywhere.get().why, Reply.everywhere.get().text) == ("Flu", "Two have moved.")


def test_a_rating_that_is_the_status_is_said_once(house, client):
    plan = Plan.everywhere.get()
    review = make_measure(house.trust, "Review", kind="rating", basis="date", decimals=0)
    with inside(house.trust):
        kpi = make_kpi(plan, "Outside review")
        make_clause(kpi, review, rule="judged", rated_by="trust")
        Judgement.objects.create(
            measure=review,
            unit=house.school,
            group=PupilGroup.objects.get(code="all"),
            kind="internal",
            on=house.term.starts,
            standing="approved",
            rating="green",
            rated_by="trust",
            reviewer="A. Reviewer",
            evidence="Seen in lessons.",
            collected_in=house.term,
        )
    client.force_login(house.head)
    query = {"term": house.term.slug, "school": house.school.code}
    page = client.get(reverse("dashboard:reply", args=[house.trust, kpi.pk], query=query)).text

    answer = page[page.index('<section class="answer"') :]
    answer = answer[: answer.index("</p>")]
    assert answer.count("On target") == 1
