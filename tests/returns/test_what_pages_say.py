"""What the pages of a return say of it: how long there is, what is blank, what comes next."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from returns.life.approving import approve, send_back
from returns.life.reopening import reopen
from returns.life.sending import submit
from returns.models import Return
from schools.models import AuditRow, Deadline, Memberships, Role, Term
from schools.tenancy import inside
from tests.factories import (
    make_head,
    make_house,
    make_line,
    make_measure,
    make_return,
    make_school,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


class House:
    """A school with two figures to send, of which one is typed; its head and the data manager."""

    def __init__(self):
        self.trust, self.term, self.attendance, [self.school] = make_house()
        self.trust.contact_name = "Joan Pettifer"
        self.trust.save(update_fields=["contact_name"])
        make_measure(self.trust, "Punctuality")
        self.head = make_head(self.school)
        self.manager = make_user(Role.DATA_MANAGER, self.trust)
        self.return_ = make_return(self.school, self.term, "95.0", self.attendance)

    def do(self, action, who, **about):
        self.return_.refresh_from_db()
        asks = {"memberships": Memberships(who, self.trust), "at": timezone.now(), **about}
        if action is not reopen:
            asks["version"] = self.return_.version
        with inside(self.trust):
            action(self.return_, **asks)

    def page(self, client, name, who):
        client.force_login(who)
        return client.get(reverse(f"returns:{name}", args=[self.trust, self.return_.pk])).text


@pytest.fixture
def house():
    return House()


def due(term, **later):
    Term.everywhere.filter(pk=term.pk).update(due=timezone.now() + timedelta(**later))


@pytest.mark.parametrize(
    ("later", "words"),
    [({"days": 6}, "(6 days left)"), ({"days": 1}, "(tomorrow)"), ({"days": 0}, "send it")],
    ids=["in days", "tomorrow", "over"],
)
def test_a_return_says_how_long_there_is(later, words, house, client):
    due(house.term, **later)

    assert words in house.page(client, "return-edit", house.head)


def test_one_that_is_sent_counts_no_days(house, client):
    due(house.term, days=6)
    house.do(submit, house.head)

    page = house.page(client, "return-edit", house.head)

    assert "Due " in page
    assert "days left" not in page


def test_a_school_with_a_day_of_its_own_reads_it_in_the_list(house, client):
    own = timezone.now() + timedelta(days=9)
    with inside(house.trust):
        Deadline.objects.create(
            term=house.term, unit=house.school.unit_ptr, due=own, reason="Flooded"
        )
    client.force_login(house.head)

    page = client.get(
        reverse("returns:return-list", args=[house.trust], query={"term": house.term.slug})
    )

    assert f"Due {timezone.localtime(own):%A} {timezone.localtime(own).day} " in page.text


def test_what_is_blank_is_never_counted_among_the_figures(house, client):
    check = house.page(client, "return-check", house.head)
    house.do(submit, house.head)
    sent = house.page(client, "return-sent", house.head)
    to_approve = house.page(client, "return-approve", house.manager)

    assert "1 of 2 figures in" in check
    assert "1 of 2 figures. Sent by" in sent
    assert "Approve 1 of 2 figures" in to_approve
    assert "1 is not filled in and stays missing." in to_approve


def test_where_all_is_in_all_is_approved(house, client):
    with inside(house.trust):
        measure = house.trust.measures(manager="objects").get(name="Punctuality")
    make_line(house.return_, measure, value="94.0")
    house.do(submit, house.head)

    page = house.page(client, "return-approve", house.manager)

    assert "Approve all 2 figures" in page
    assert "missing." not in page


def test_a_blank_does_not_look_like_an_answer(house, client):
    house.do(submit, house.head)

    page = house.page(client, "return-edit", house.head)

    assert '<span class="shown">95.0%</span>' in page
    assert '<span class="note">Not filled in</span>' in page


def test_an_approved_return_says_whom_to_ask_and_a_reopened_one_what_can_be_changed(house, client):
    house.do(submit, house.head)
    house.do(approve, house.manager)
    approved = house.page(client, "return-edit", house.head)
    line = house.return_.lines(manager="everywhere").get(measure=house.attendance)
    house.do(reopen, house.manager, reason="Recounted", lines=[line.pk])
    reopened = house.page(client, "return-edit", house.head)

    assert "ask Joan Pettifer to reopen it." in approved
    assert "Only what has boxes can be changed." in reopened
    assert "Only what has boxes" not in approved


def test_what_was_sent_last_term_and_a_year_ago_is_one_click_away(house, client):
    for slug in ("2024-summer", "2024-autumn", "2025-spring", "2025-summer"):
        make_return(house.school, make_term(house.trust, slug), state="approved")
    other = make_school(house.trust)
    make_return(other, make_term(house.trust, "2025-summer"), state="approved")

    page = house.page(client, "return-edit", house.head)

    before = page.partition("What was sent ")[2].partition("</p>")[0]
    assert before.count("<a ") == 2
    for slug in ("2025-summer", "2024-autumn"):
        term = make_term(house.trust, slug)
        there = Return.everywhere.get(unit=house.school.pk, term=term)
        assert reverse("returns:return-sent", args=[house.trust, there.pk]) in before


def test_a_part_of_the_school_is_named_without_the_school(house, client):
    school = make_school(house.trust, "Hill Academy", phase="all_through", code="HIL")
    with inside(house.trust):
        part = school.unit_ptr.parts.get(name="Hill Academy, primary")
    house.return_ = make_return(school, house.term)
    make_line(house.return_, house.attendance, unit=part, value="94.0")

    page = house.page(client, "return-edit", make_head(school))

    assert "Attendance, primary" in page
    assert "Attendance, Hill Academy" not in page


def test_the_trail_of_sending_back_names_the_figures_that_are_asked_about(house):
    house.do(submit, house.head)
    line = house.return_.lines(manager="everywhere").get(measure=house.attendance)

    house.do(send_back, house.manager, questions={line.pk: "All of it?"}, note="")

    row = AuditRow.everywhere.get(action="sent back")
    assert row.after["questions"] == {str(line): "All of it?"}
