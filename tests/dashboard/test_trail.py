"""The history of a trust: who changed what, and what it was before."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from returns.asked.asking import Asking
from returns.asked.questions import Typed
from returns.grid.saving import Change, save_lines
from returns.life.sending import submit
from returns.models import Return
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


def test_how_says_the_way_it_was_done_and_not_what_was_done(house, client):
    """An approval is no typing: what was done stands beside it, in its own words."""
    trust, school, _, head = house
    with inside(trust):
        for channel in AuditRow.Channel:
            AuditRow.objects.record("put right", school, by=head, channel=channel)

    rows = client.get(page(trust)).context["trail"].rows

    ways = ["by the system administrator", "by a command", "from a file", "on screen"]
    assert [row.how for row in rows if row.did == "put right"] == ways
    assert {row.how for row in rows if row.did in ("typed", "submitted")} == {"on screen"}
    assert {row["How"] for row in in_csv(client, trust)} == set(ways)


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
    assert len(in_csv(client, trust, batch=row.pk)) == 60


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


# Its files


def in_csv(client, trust, **query):
    response = client.get(reverse("dashboard:trail-csv", args=[trust], query=query))
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def in_a_workbook(client, trust, **query):
    """The rows of the sheet, without its head, and what the sheet About says."""
    response = client.get(reverse("dashboard:trail-xlsx", args=[trust], query=query))
    assert response["Content-Disposition"] == f'attachment; filename="{trust.slug}-history.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    assert {cell.data_type for row in book["History"] for cell in row} <= {"s", "n", "d"}
    return list(book["History"].values)[1:], dict(list(book["About"].values)[1:])


def test_its_files_hold_what_was_chosen_with_the_time_in_london_and_in_iso(house, client):
    trust, school, _, head = house
    day = {"kind": "trust", "since": "2026-07-01", "until": "2026-07-01"}
    summer = datetime(2026, 7, 1, 11, 5, 30, tzinfo=UTC)
    with inside(trust):
        AuditRow.objects.record(
            "named", school, by=head, unit=school, after={"name": "=1+1"}, reason="=2+2", at=summer
        )

    assert "/history.xlsx?kind=trust&amp;since=2026-07-01" in client.get(page(trust, **day)).text
    [row] = in_csv(client, trust, **day)
    [[*cells]], about = in_a_workbook(client, trust, **day)

    assert (row["When"], row["When (ISO)"]) == ("2026-07-01 12:05", "2026-07-01T12:05:30+01:00")
    assert (row["Who"], row["Done"], row["School"]) == (str(head), "named", str(school))
    assert (row["After"], row["Reason"]) == ("name: =1+1", "'=2+2")
    assert (cells[0], cells[-1]) == (summer.replace(tzinfo=None, hour=12), "=2+2")
    assert (about["Shown"], about["Changes"]) == ("Schools and terms", "all 1 that fit")
    assert "Term" not in about


def test_figures_stand_in_the_data_managers_files_and_in_no_file_of_an_auditor(house, client):
    trust, *_ = house
    managers = in_csv(client, trust, kind="figures")
    client.force_login(make_user(Role.AUDITOR, trust))
    auditors = in_csv(client, trust, kind="figures")
    rows, about = in_a_workbook(client, trust, kind="figures")

    told = [
        ("state: In progress", "state: Submitted; answers: 1 made"),
        ("figure: 93.5", "figure: 94.1"),
    ]
    assert [(row["Before"], row["After"]) for row in managers][:2] == told
    told[1] = ("figure: left out", "figure: left out")
    assert [(row["Before"], row["After"]) for row in auditors][:2] == told
    assert "94.1" in client.get(page(trust)).text
    assert "94.1" not in str(rows)
    assert "left out" in about["Figures"]


def test_a_file_of_a_long_history_holds_the_newest_and_the_page_says_so(house, client, monkeypatch):
    trust, *_ = house
    assert "hold the newest" not in client.get(page(trust, kind="figures")).text
    monkeypatch.setattr("dashboard.exports.trail.MOST", 2)
    monkeypatch.setattr("dashboard.trail.views.MOST", 2)

    assert "hold the newest 2 changes" in client.get(page(trust, kind="figures")).text
    assert [row["Done"] for row in in_csv(client, trust, kind="figures")] == ["submitted", "typed"]
    rows, about = in_a_workbook(client, trust, kind="figures")
    assert len(rows) == 2
    assert about["Changes"] == "the newest 2 of those that fit"
