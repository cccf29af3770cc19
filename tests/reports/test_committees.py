"""Who hears of a committee's report: its members, where somebody is named; else every trustee."""

import pytest
from django.core import mail
from django.core.management import call_command

from reports.building.drafting import begin, save_cut
from reports.models import Cut, Published
from schools.models import AuditRow, Membership, Role
from schools.tenancy import inside
from tests.factories import AT, make_trust, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seated(told):
    """A second trustee, who alone sits on the people committee."""
    return make_user(Role.TRUSTEE, told.trust, email=f"aisha@{told.trust.slug}.example")


def committee(told, members=()):
    """The people committee, with a draft of its own; it reads what the board reads."""
    with inside(told.trust):
        cut = save_cut(
            told.trust,
            None,
            name="People committee",
            members=[one.pk for one in members],
            priorities=list(told.report.priorities.all()),
            kpis=[],
            memberships=told.memberships(),
            at=AT,
        )
        return begin(told.report.meeting, told.term, cut=cut, by=None, at=AT, today=AT.date())


def publish(told, sign_in, report):
    """By the page; what it says before, and who gets a letter."""
    client, address = sign_in(told.leader), told.address("publish", report.pk)
    mail.outbox.clear()
    page = client.get(address).text
    client.post(address, {"number": 1})
    call_command("work", once=True)
    return page, sorted(letter.to[0] for letter in mail.outbox)


def test_a_committees_report_is_told_to_its_members_and_the_boards_to_all(told, seated, sign_in):
    page, letters = publish(told, sign_in, committee(told, [seated]))

    assert letters == [seated.email]
    assert f"1 trustee will be e-mailed the link, never the figures: {seated}." in page

    page, letters = publish(told, sign_in, told.report)

    assert letters == sorted([seated.email, told.trustee.email])
    assert "2 trustees will be e-mailed" in page


@pytest.mark.parametrize("whose", ["nobody", "one who has left"])
def test_where_no_trustee_is_named_all_are_told_and_the_page_says_why(told, seated, sign_in, whose):
    members = []
    if whose != "nobody":
        gone = make_user(Role.TRUSTEE, told.trust, email="gone@example.org")
        members = [gone]
    report = committee(told, members)
    Membership.everywhere.filter(user__in=members).update(ended_at=AT)

    page, letters = publish(told, sign_in, report)

    assert letters == sorted([seated.email, told.trustee.email])
    assert "Nobody is named as sitting on the People committee, so all trustees are told" in page


def test_a_leader_chooses_the_members_among_the_trustees_of_the_trust(told, seated, sign_in):
    report = committee(told)
    other = make_user(Role.TRUSTEE, make_trust("other"), email="other@example.org")
    client, address = sign_in(told.leader), told.address("cut", report.cut_id)
    with inside(told.trust):
        [priority] = report.priorities.values_list("pk", flat=True)
    sent = {"name": "People committee", "priorities": [priority]}

    assert "Who sits on it?" in client.get(address).text
    for stranger in (other, told.leader):
        assert client.post(address, sent | {"members": [stranger.pk]}).status_code == 422
    assert client.post(address, sent | {"members": [seated.pk]}).status_code == 302

    with inside(told.trust):
        assert list(Cut.objects.get().members.all()) == [seated]
        row = AuditRow.objects.filter(action="chose what is read by").latest("pk")
    assert (row.before, row.after) == (
        {"who sits on it": "none"},
        {"who sits on it": str(seated)},
    )


def test_a_trustee_lands_on_the_latest_report_that_they_were_told_of(told, seated, sign_in):
    publish(told, sign_in, told.report)
    report = committee(told, [seated])
    publish(told, sign_in, report)
    home = told.address("latest")

    assert sign_in(told.trustee).get(home).url == told.address("read", told.report.pk)
    assert sign_in(seated).get(home).url == told.address("read", report.pk)
    assert sign_in(told.trustee).get(told.address("read", report.pk)).status_code == 200


def test_one_who_was_told_of_none_lands_on_the_latest_of_all(told, seated, sign_in):
    report = committee(told, [seated])
    publish(told, sign_in, report)

    address = sign_in(told.trustee).get(told.address("latest")).url

    assert address == told.address("read", report.pk)
    with inside(told.trust):
        assert Published.objects.newest_told_to(told.trustee).report == report
