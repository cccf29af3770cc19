"""The board of returns, reminders, and approving several at once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from returns.models import Line, Reminder, Return
from schools.models import AuditRow, Deadline, Outbox, Role, Term
from schools.tenancy import inside
from tests.factories import (
    make_entry,
    make_head,
    make_house,
    make_measure,
    make_return,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Autumn 2025 is due in a week; its figures can be sent."""
    trust, term, attendance, schools = make_house(schools=3)
    due = timezone.now() + timedelta(days=7)
    Term.everywhere.filter(pk=term.pk).update(due=due, opens=timezone.localdate() - timedelta(9))
    Term.everywhere.filter(trust=trust, period__on__gt=term.period.on).update(
        opens=timezone.localdate() + timedelta(60)
    )
    term.refresh_from_db()
    return trust, term, attendance, schools


@pytest.fixture
def manager(house, client):
    client.force_login(make_user(Role.DATA_MANAGER, house[0]))
    return client


def is_late(term):
    Term.everywhere.filter(pk=term.pk).update(due=timezone.now() - timedelta(days=3))


def board(trust, term, **query):
    return reverse("returns:return-list", args=[trust], query={"term": term.slug, **query})


def reminding(trust, term):
    return reverse("returns:remind", args=[trust], query={"term": term.slug})


def units_in(page):
    table = page.text.split("<tbody>")[1].split("</tbody>")[0]
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', table)


def sent(school, term, measure, typed="93.5", state="submitted", **columns):
    return_ = make_return(school, term, typed=typed, measure=measure, **columns)
    Return.everywhere.filter(pk=return_.pk).update(state=state)
    return_.refresh_from_db()
    return return_


# The board


def test_the_board_counts_in_its_title_and_puts_the_late_first(house, manager):
    trust, term, attendance, [one, two, three] = house
    sent(one, term, attendance, state="approved")
    sent(three, term, attendance)
    is_late(term)

    page = manager.get(board(trust, term))

    assert "<title>1 late, 1 to approve: Autumn 2025 returns" in page.text
    assert "1 approved, 1 to approve, 1 late" in page.text
    assert units_in(page) == [str(two), str(three), str(one)]
    assert "late 3 days" in page.text
    assert "Remind 1 late school<" in page.text


def test_once_all_who_are_late_have_been_reminded_the_board_says_so_in_place_of_the_button(
    house, manager
):
    trust, term, _, [one, two, _] = house
    is_late(term)
    heads = [make_head(one), make_head(two)]

    manager.post(reminding(trust, term), {"to": [heads[0].pk]})
    assert "Remind 3 late schools<" in manager.get(board(trust, term)).text

    manager.post(reminding(trust, term), {"to": [heads[1].pk]})
    page = manager.get(board(trust, term)).text
    lead = page[page.index("board-lead") : page.index("<thead")]
    assert "Remind 3 late schools" not in page
    assert re.search(r"Everybody who is late was reminded today, \d+:\d\d[ap]m, by Person", lead)
    assert f'href="{reminding(trust, term)}">See whom' in lead
    assert re.search(
        rf"{heads[0]}, \d+ \w+ \d+, \d+:\d\d[ap]m:", manager.get(reminding(trust, term)).text
    )

    Reminder.everywhere.update(day=timezone.localdate() - timedelta(days=1))
    assert "Remind 3 late schools<" in manager.get(board(trust, term)).text


def test_nobody_late_means_no_button_to_remind(house, manager):
    trust, term, _, _ = house

    assert "Remind" not in manager.get(board(trust, term)).text.split("<main")[1].split("<thead")[0]


def test_what_is_missing_says_which_kpis_it_hides(house, manager):
    trust, term, _, schools = house

    page = manager.get(board(trust, term))

    assert page.text.count("1 missing, hiding 1 KPI<") == len(schools)
    assert "on the dashboard now and in the next board report" in page.text
    assert f"school={schools[0].code}" in page.text


@pytest.mark.parametrize(
    ("show", "who"), [("late", [1]), ("approve", [2]), ("unsent", [1]), ("approved", [0])]
)
def test_the_address_says_which_returns_are_shown(house, manager, show, who):
    trust, term, attendance, schools = house
    sent(schools[0], term, attendance, state="approved")
    sent(schools[2], term, attendance)
    is_late(term)

    page = manager.get(board(trust, term, show=show))

    assert units_in(page) == [str(schools[number]) for number in who]
    assert 'aria-current="true"' in page.text


def test_the_board_names_whom_to_write_to(house, manager):
    trust, term, _, [school, *_] = house
    head, office = make_head(school), make_user(Role.SCHOOL_EDITOR, trust, units=[school])

    page = manager.get(board(trust, term)).text

    assert page.index(f'href="mailto:{head.email}"') < page.index(f'href="mailto:{office.email}"')


def test_everything_late_is_in_the_file(house, manager):
    trust, term, attendance, schools = house
    sent(schools[0], term, attendance, state="approved")
    is_late(term)
    query = {"term": term.slug, "show": "late"}
    manager.get(board(trust, term))

    file = manager.get(reverse("dashboard:returns-csv", args=[trust], query=query)).text
    missing = manager.get(
        reverse("dashboard:returns-csv", args=[trust], query={**query, "table": "missing"})
    ).text

    assert [str(school) in file for school in schools] == [False, True, True]
    assert missing.count("Attendance") == 2


def test_a_longer_board_costs_no_more_queries(client):
    costs = []
    for schools in (1, 3):
        trust, term, attendance, units = make_house(schools)
        for unit in units:
            sent(unit, term, attendance)
            make_head(unit)
        client.force_login(make_user(Role.DATA_MANAGER, trust))
        client.get(board(trust, term))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(board(trust, term))
        assert len(units_in(page)) == schools
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 45


def test_leaders_have_the_plain_list(house, client):
    trust, term, _, _ = house
    client.force_login(make_user(Role.LEADER, trust))

    page = client.get(board(trust, term)).text

    assert "Last reminded" not in page
    assert client.get(reminding(trust, term)).status_code == 404


# Reminding


def test_three_clicks_from_signing_in_to_reminders_on_their_way(house):
    trust, term, _, [school, *_] = house
    heads = [make_head(each) for each in house[3]]
    is_late(term)
    client = Client()
    client.force_login(make_user(Role.DATA_MANAGER, trust))

    landed = client.get("/", follow=True)
    first = re.search(r'<a class="button" href="([^"]*)">Remind 3 late schools</a>', landed.text)
    address = first[1].replace("&amp;", "&")
    preview = client.get(address)
    people = re.findall(r'name="to" value="(\d+)" checked', preview.text)
    after = client.post(address, {"to": people}, follow=True)

    assert "3 e-mails are on the way." in after.text
    assert {mail.to for mail in Outbox.objects.all()} == {head.email for head in heads}
    [mail] = Outbox.objects.filter(to=heads[0].email)
    assert mail.body in preview.text.replace("&#x27;", "'")
    assert mail.subject == f"Autumn 2025 return, {school}: 1 figure left"
    assert "- Attendance\n" in mail.body
    assert "It takes about 1 minute." in mail.body
    return_ = Return.everywhere.get(unit=school, term=term)
    assert reverse("returns:return-edit", args=[trust, return_.pk]) in mail.body
    assert timezone.localtime().strftime("%Y") in after.text.split("<tbody>")[1]


def test_a_person_gets_one_mail_a_day_about_all_their_schools(house, manager):
    trust, term, _, [one, two, _] = house
    both = make_user(Role.SCHOOL_EDITOR, trust, units=[one, two])
    make_user(Role.HEADTEACHER, trust, units=[one, two], email=both.email)
    is_late(term)
    manager.get(board(trust, term))

    for _ in range(2):
        manager.post(reminding(trust, term), {"to": [both.pk]})

    [mail] = Outbox.objects.all()
    assert mail.subject == "2 Autumn 2025 returns are not in yet"
    assert str(one) in mail.body
    assert str(two) in mail.body
    with inside(trust):
        assert Reminder.objects.get().returns.count() == 2
    assert AuditRow.everywhere.filter(action="reminded").count() == 2


def test_a_mail_never_holds_a_figure(house, manager):
    trust, term, attendance, [school, *_] = house
    behaviour = make_measure(trust, "Behaviour")
    return_ = make_return(school, term, typed="41.7", measure=attendance)
    head = make_head(school)
    make_entry(behaviour, school, make_term(trust, "2024-autumn"), value="57.3")
    is_late(term)

    manager.post(reminding(trust, term), {"to": [head.pk]})

    body = Outbox.objects.get().body
    assert "- Behaviour\n" in body
    assert "Attendance" not in body
    assert "41.7" not in body + Outbox.objects.get().subject
    assert "57.3" not in body
    assert return_.pk


def test_what_was_sent_back_says_so_and_leads_to_what_is_asked(house, manager):
    trust, term, attendance, [school, *_] = house
    make_head(school)
    return_ = sent(school, term, attendance, state="sent_back")
    is_late(term)

    page = manager.get(reminding(trust, term)).text

    assert f"{school}: sent back to you" in page
    assert reverse("returns:return-edit", args=[trust, return_.pk]) in page
    assert "All its figures are in" not in page


def test_who_has_sent_meanwhile_is_not_reminded(house, manager):
    trust, term, _, [one, two, _] = house
    heads = [make_head(one), make_head(two)]
    is_late(term)
    people = {"to": [head.pk for head in heads]}
    assert "2 e-mails" in manager.get(reminding(trust, term)).text
    Return.everywhere.filter(unit=one).update(state="submitted")

    manager.post(reminding(trust, term), people)

    assert [mail.to for mail in Outbox.objects.all()] == [heads[1].email]


def test_a_schools_own_deadline_counts(house, manager):
    trust, term, _, [one, two, three] = house
    heads = {school: make_head(school) for school in (one, two)}
    is_late(term)
    manager.get(board(trust, term))
    Deadline.everywhere.create(
        term=term, unit=one, due=timezone.now() + timedelta(days=1), reason="Flood"
    )

    page = manager.get(reminding(trust, term)).text

    assert heads[two].email in page
    assert heads[one].email not in page
    assert f"<li>{three}</li>" in page  # nobody to write to


def test_a_reminder_that_ticks_nobody_is_asked_again(house, manager):
    trust, term, _, [school, *_] = house
    make_head(school)
    is_late(term)

    answer = manager.post(reminding(trust, term), {})

    assert answer.status_code == 422
    assert "Tick at least one e-mail." in answer.text
    assert not Outbox.objects.exists()


def test_nobody_of_another_trust_can_be_reminded(house, manager):
    trust, term, _, [school, *_] = house
    make_head(school)
    _, _, _, [elsewhere] = make_house()
    is_late(term)

    manager.post(reminding(trust, term), {"to": [make_head(elsewhere).pk]})

    assert not Outbox.objects.exists()


# Approving several


def approving(trust, term):
    return reverse("returns:approve-several", args=[trust], query={"term": term.slug})


def picks_in(page):
    return re.findall(r'name="pick" value="([\d.]+)"', page.text)


def test_returns_without_open_queries_are_approved_together(house, manager):
    trust, term, attendance, [one, two, three] = house
    good = [sent(school, term, attendance) for school in (one, two)]
    odd = sent(three, term, attendance)
    Line.everywhere.filter(return_to=odd).update(question="Is this right?")
    picks = picks_in(manager.get(board(trust, term)))
    assert picks == [f"{each.pk}.{each.version}" for each in good]

    after = manager.post(approving(trust, term), {"pick": [*picks, f"{odd.pk}.1"]}, follow=True)

    assert f"Approved: {one}, {two}." in after.text
    assert f"Not approved: {three}. It has open queries" in after.text
    states = Return.everywhere.order_by("unit__name").values_list("state", flat=True)
    assert list(states) == ["approved", "approved", "submitted"]
    assert AuditRow.everywhere.filter(action="approved").count() == 2


def test_what_looks_odd_is_an_open_query_until_somebody_says_why(house, manager):
    trust, term, attendance, [school, *_] = house
    make_entry(attendance, school, make_term(trust, "2024-autumn"), value="95.0")
    return_ = sent(school, term, attendance, typed="51.0")

    assert picks_in(manager.get(board(trust, term))) == []
    assert units_in(manager.get(board(trust, term, show="queries"))) == [str(school)]

    Line.everywhere.update(note="Two weeks of flood.")
    assert picks_in(manager.get(board(trust, term))) == [f"{return_.pk}.{return_.version}"]


def test_a_return_that_changed_since_it_was_shown_is_not_approved(house, manager):
    trust, term, attendance, [school, *_] = house
    return_ = sent(school, term, attendance)
    [pick] = picks_in(manager.get(board(trust, term)))
    Return.everywhere.filter(pk=return_.pk).update(version=9)

    after = manager.post(approving(trust, term), {"pick": [pick]}, follow=True)

    assert "has changed since you read it" in after.text
    assert Return.everywhere.get(pk=return_.pk).state == "submitted"


def test_approving_without_a_tick_says_so_on_the_board(house, manager):
    trust, term, attendance, [school, *_] = house
    sent(school, term, attendance)

    after = manager.post(approving(trust, term), follow=True)

    assert after.request["PATH_INFO"] == reverse("returns:return-list", args=[trust])
    assert "Tick the returns to approve first." in after.text
    assert Return.everywhere.get(unit=school).state == "submitted"


@pytest.mark.parametrize("pick", ["", "x", "1", "1.x", "-1.1", "٣.1", "9" * 30 + ".1"])
def test_nonsense_is_refused_and_approves_nothing(house, manager, pick):
    trust, term, attendance, [school, *_] = house
    sent(school, term, attendance)

    assert manager.post(approving(trust, term), {"pick": [pick]}).status_code in (404, 409)
    assert Return.everywhere.get(unit=school).state == "submitted"
