"""The history of a trust: who changed what, and what it was before."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from returns.actions import Change, save_lines, submit
from returns.asking import Asking
from returns.models import Return
from returns.questions import Typed
from schools.models import AuditRow, Memberships, Role
from schools.tenancy import inside
from tests.factories import make_head, make_house, make_return, make_trust, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 20, 16, 20, tzinfo=UTC)


@pytest.fixture
def house(client):
    """One figure typed twice and sent, and the data manager signed in."""
    trust, term, attendance, [school, other] = make_house(schools=2)
    return_ = make_return(school, term)
    head = Memberships(make_head(school), trust)
    for text, seen in (("93.5", 0), ("94.1", 1)):
        typed(return_, term, attendance, school, Typed(value=text), seen, head)
    with inside(trust):
        fresh = Return.objects.get(pk=return_.pk)
        submit(fresh, version=fresh.version, memberships=head, at=NOW)
    client.force_login(make_user(Role.DATA_MANAGER, trust))
    return trust, school, other, head.user


def typed(return_, term, measure, school, text, seen, by):
    with inside(term.trust):
        asked = next(one for one in Asking(term).of_return(school.pk) if one.measure == measure)
        save_lines(return_, [Change(asked, text, seen)], memberships=by, at=NOW)


def page(trust, **query):
    return reverse("dashboard:trail", args=[trust], query=query)


def test_each_change_says_who_when_what_before_and_after(house, client):
    trust, school, _, head = house

    text = client.get(page(trust)).text

    assert "20 January 2026, 4:20pm" in text
    assert str(head) in text
    assert "figure: 93.5 <span" in text
    assert "94.1" in text
    assert f"submitted <b>Autumn 2025 return, {school}</b>" in text
    assert "state: In progress" in text


def test_the_newest_stands_first(house, client):
    text = client.get(page(house[0])).text
    assert text.index("submitted <b>") < text.index("figure: 93.5")


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"kind": "figures"}, True),
        ({"kind": "people"}, False),
        ({"kind": "nonsense"}, True),
        ({"words": "attendance"}, True),
        ({"words": "phonics"}, False),
        ({"person": "nobody of that name"}, False),
        ({"since": "2026-01-20", "until": "2026-01-20"}, True),
        ({"since": "2026-01-21"}, False),
        ({"until": "2026-01-19"}, False),
        ({"since": "not a day"}, True),
    ],
)
def test_it_can_be_narrowed_down(house, client, query, seen):
    text = client.get(page(house[0], **query)).text
    assert ("figure: 93.5" in text) is seen


def test_where_nothing_fits_the_page_says_so_and_leads_back(house, client):
    text = client.get(page(house[0], words="phonics")).text
    assert "Nothing was changed that fits." in text
    assert f'href="{page(house[0])}">Show everything' in text


def test_of_one_school_only_its_own_is_shown(house, client):
    trust, school, other, _ = house
    assert "figure: 93.5" in client.get(page(trust, unit=school.code)).text
    assert "figure: 93.5" not in client.get(page(trust, unit=other.code)).text


def test_many_things_at_one_moment_are_one_entry_that_opens(house, client):
    trust, school, _, head = house
    with inside(trust):
        for number in range(60):
            row = AuditRow.objects.record(
                "typed", school, by=head, unit=school, after={"value": str(number)}, at=NOW
            )
            AuditRow.objects.record("looked", school, by=head, unit=school, at=NOW)

    text = client.get(page(trust)).text
    assert "60 things" in text
    assert "Show 20 of them" in text or "Show 21 of them" in text
    more = page(trust, batch=row.pk)
    assert f'href="{more.replace("&", "&amp;")}"' in text
    whole = client.get(more).text
    assert "figure: 41" in whole
    assert "page 1 of 2" in whole


def test_long_histories_have_pages_and_say_which_one_is_shown(house, client):
    trust, school, _, head = house
    with inside(trust):
        for number in range(120):
            AuditRow.objects.record(f"did {number}", school, by=head, at=NOW)

    first = client.get(page(trust)).text
    assert "<title>History, page 1 of 3" in first
    assert "did 119" in first
    assert "did 60 " not in first
    assert "did 60 " in client.get(page(trust, page=2)).text


def test_hostile_text_is_shown_and_never_run(house, client):
    trust, school, _, head = house
    hostile = "<script>alert(1)</script>"
    with inside(trust):
        AuditRow.objects.record(
            "typed", school, by=head, before={"value": hostile}, after=[hostile], reason=hostile
        )
    text = client.get(page(trust)).text
    assert hostile not in text
    assert "&lt;script&gt;" in text


def test_another_trusts_history_is_not_there(house, client):
    trust, *_ = house
    other = make_trust("elsewhere")
    with inside(other):
        AuditRow.objects.record("changed", other, by=None, after={"name": "Elsewhere"})
    assert "Elsewhere" not in client.get(page(trust)).text
    assert client.get(page(other)).status_code == 404


def test_it_takes_few_queries_however_long_it_is(house, client, django_assert_max_num_queries):
    trust, school, _, head = house
    with inside(trust):
        for number in range(80):
            AuditRow.objects.record(f"did {number}", school, by=head, unit=school, at=NOW)
    with django_assert_max_num_queries(16):
        client.get(page(trust))
