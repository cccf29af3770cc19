"""Single figures of a school's return are handed to a colleague, who is told once."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from returns.models import Line
from schools.models import AuditRow, Membership, Outbox, Role
from tests.factories import (
    boxes_of,
    make_head,
    make_measure,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 15, 15, 10, tzinfo=UTC)


class Sharing:
    """A head, the office and three figures; the head hands some of them on."""

    def __init__(self, client):
        self.trust, self.client = make_trust(), client
        self.school = make_school(self.trust)
        for name in ("Attendance", "Meals", "Staff"):
            make_measure(self.trust, name)
        self.return_ = make_return(self.school, make_term(self.trust))
        self.head = make_head(self.school)
        self.office = make_user(Role.SCHOOL_EDITOR, self.trust, [self.school])
        client.force_login(self.head)

    def page(self, name):
        return reverse(f"returns:return-{name}", args=[self.trust, self.return_.pk])

    def hand(self, *names, to):
        everyone = self.trust.measures.model.everywhere.filter(trust=self.trust, name__in=names)
        all_pupils = everyone.first().groups.get()
        lines = [f"{m.pk}-{self.school.pk}-{all_pupils.pk}-1" for m in everyone]
        boxes = {"lines": lines, "to": to.pk if to else "", "back": "" if to else "yes"}
        return self.client.post(self.page("hand"), boxes, follow=True)

    def theirs(self):
        rows = Line.everywhere.exclude(handed_to=None).values_list("measure__name", "handed_to")
        return dict(rows)


def test_a_colleague_gets_figures_and_one_mail_and_sees_only_them_if_they_like(client):
    share = Sharing(client)

    page = share.hand("Attendance", "Meals", to=share.office)
    share.hand("Attendance", "Meals", to=share.office)  # once more changes nothing

    assert "2 figures handed to" in page.text
    assert share.theirs() == {"Attendance": share.office.pk, "Meals": share.office.pk}
    [mail] = Outbox.objects.all()
    assert mail.to == share.office.email
    assert "- Attendance" in mail.body
    assert f"{share.page('edit')}?whose=mine" in mail.body
    assert AuditRow.everywhere.filter(action="handed on").count() == 1

    client.force_login(share.office)
    mine = client.get(share.page("edit") + "?whose=mine").text
    every = client.get(share.page("edit")).text
    assert ('data-name="Attendance"' in mine, 'data-name="Staff"' in mine) == (True, False)
    assert 'data-name="Staff"' in every
    assert f"{share.office} 0 of 2 in." in every


def test_whoever_may_type_still_types_what_was_handed_on_from_a_page_opened_before(client):
    share = Sharing(client)
    boxes = boxes_of(client.get(share.page("edit")))
    share.hand("Attendance", to=share.office)
    [first] = [n for n in boxes if n.endswith("-value")][:1]

    answer = client.post(share.page("edit"), boxes | {first: "93.5"})

    assert answer.status_code == 302
    assert Line.everywhere.get(measure__name="Attendance").value == "93.5"


def test_figures_are_taken_back_without_a_mail(client):
    share = Sharing(client)
    share.hand("Attendance", to=share.office)

    share.hand("Attendance", to=None)

    assert share.theirs() == {}
    assert Outbox.objects.count() == 1


def test_handed_to_nobody_in_particular_is_asked_about_and_takes_nothing_back(client):
    share = Sharing(client)
    share.hand("Attendance", to=share.office)
    line = Line.everywhere.get(measure__name="Attendance")

    boxes = {"lines": "-".join(map(str, line.key)), "to": ""}
    answer = client.post(share.page("hand"), boxes)

    assert answer.status_code == 422
    assert "Choose who gets the figures." in answer.text
    assert share.theirs() == {"Attendance": share.office.pk}


def test_one_who_has_left_is_named_as_such(client):
    share = Sharing(client)
    share.hand("Attendance", to=share.office)
    Membership.everywhere.filter(user=share.office).update(ended_at=NOW)

    assert f"{share.office}, who has left" in client.get(share.page("hand")).text
    assert f"With {share.office}, who has left" in client.get(share.page("edit")).text


def test_nobody_of_another_school_gets_a_figure(client):
    share = Sharing(client)
    stranger = make_head(make_school(share.trust))

    answer = share.hand("Attendance", to=stranger)

    assert answer.status_code == 422
    assert (share.theirs(), Outbox.objects.count()) == ({}, 0)


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_has_been_sent_is_not_handed_on(state, client):
    share = Sharing(client)
    type(share.return_).everywhere.filter(pk=share.return_.pk).update(state=state)
    answer = share.hand("Attendance", to=share.office)

    assert answer.status_code in (409, 422)
    assert share.theirs() == {}
    assert AuditRow.everywhere.filter(action="handed on").count() == 0
