"""The history of a KPI: who typed, sent, approved and took back; fifty rows a page."""

import re
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from returns.models import Line, Return
from schools.models import AuditRow, Role
from schools.tenancy import inside
from tests.factories import make_entry, make_head, make_house, make_term, make_user

from .kpi_house import AUTUMNS, everyone, kpi_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_leader_of(sign_in):
    """The rows of the history as the leader of the trust reads them."""

    def opened(trust, term, **choices):
        client = sign_in(make_user(Role.LEADER, trust))
        return client.get(kpi_page(trust, term, page="kpi-history", **choices))

    return opened


def history_of(opened, trust, term, **choices):
    return opened(trust, term, **choices).context["page"].rows


def test_the_history_says_by_whom_a_figure_was_typed_changed_sent_and_approved(as_leader_of):
    trust, term, attendance, [school] = make_house()
    entry = make_entry(attendance, school, term, "93.9")
    office, head = make_user(), make_user()
    with inside(trust):
        return_ = Return.objects.create(unit=school.unit_ptr, term=term, state="approved")
        line = Line.objects.create(
            return_to=return_,
            measure=attendance,
            unit=school.unit_ptr,
            group=everyone(),
            period=attendance.period_for(term),
            value="93.9",
            entry=entry,
        )
        about = {"unit": school.unit_ptr}
        typed = [({"value": ""}, {"value": "22.5"}), ({"value": "22.5"}, {"value": "93.9"})]
        for before, after in typed:
            AuditRow.objects.record("typed", line, by=office, before=before, after=after, **about)
        AuditRow.objects.record("submitted", return_, by=office, **about)
        AuditRow.objects.record(
            "approved",
            return_,
            by=head,
            at=datetime(2026, 1, 20, 12, tzinfo=timezone.get_default_timezone()),
            **about,
        )

    stands, changed = history_of(as_leader_of, trust, term)

    assert (stands.figure, stands.target) == ("93.9%", "94.0%")
    assert (stands.who, stands.how) == (office.name, "on screen")
    assert stands.standing == f"Approved ({head.name}, 20 January 2026)"
    assert (changed.standing, changed.before, changed.figure) == ("Changed", "22.5", "93.9")
    assert changed.who == office.name


def test_every_figure_of_the_matrix_leads_to_its_history(sign_in):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "93.5")
    client = sign_in(make_user(Role.LEADER, trust))
    matrix = client.get(reverse("dashboard:matrix", args=[trust], query={"term": term.slug})).text

    addresses = re.findall(r'<td class="cell[^>]*><a href="([^"]*)"', matrix)
    pages = [client.get(address.replace("&amp;", "&")) for address in addresses]
    histories = [client.get(page.context["kpi"].history_url).text for page in pages]

    assert len(histories) == 2
    assert all("93.5%" in history for history in histories)


def returned(trust, term, attendance, school, **line):
    """A return of one line: (return, line)."""
    return_ = Return.objects.create(unit=school.unit_ptr, term=term, state="approved")
    about = {"unit": school.unit_ptr, "measure": attendance, "group": everyone()}
    period = attendance.period_for(term)
    return return_, Line.objects.create(return_to=return_, period=period, **about, **line)


def test_taking_back_sending_back_and_reopening_are_in_the_history(as_leader_of):
    trust, term, attendance, [school] = make_house()
    entry = make_entry(attendance, school, term, "93.9")
    with inside(trust):
        return_, _ = returned(trust, term, attendance, school, value="93.9", entry=entry)
        for action, reason in (("taken back", ""), ("sent back", "Slipped row"), ("reopened", "")):
            about = {"unit": school.unit_ptr, "reason": reason}
            AuditRow.objects.record(action, return_, by=make_user(), **about)

    rows = history_of(as_leader_of, trust, term)

    assert [(row.standing, row.figure, row.reason) for row in rows[1:]] == [
        ("Return reopened", "", ""),
        ("Return sent back to the school", "", "Slipped row"),
        ("Return taken back", "", ""),
    ]


def test_what_is_still_being_typed_shows_only_inside_the_return(as_leader_of):
    trust, term, attendance, [school] = make_house()
    entry = make_entry(attendance, school, term, "93.9")
    with inside(trust):
        return_, line = returned(trust, term, attendance, school, value="71.3", entry=entry)
        about = {"by": make_user(), "unit": school.unit_ptr}
        typed = {"before": {"value": ""}, "after": {"value": "93.9"}}
        AuditRow.objects.record("typed", line, **typed, **about)
        AuditRow.objects.record("submitted", return_, **about)
        draft = {"before": {"value": "93.9"}, "after": {"value": "71.3"}}
        AuditRow.objects.record("typed", line, **draft, **about)

    page = as_leader_of(trust, term)

    assert "93.9" in page.text
    assert "71.3" not in page.text


def test_it_comes_in_pages_of_fifty_with_the_number_in_the_title(
    sign_in, django_assert_max_num_queries
):
    trust, term, attendance, schools = make_house(26)
    for school in schools:
        for slug in AUTUMNS[1:]:
            make_entry(attendance, school, make_term(trust, slug), "93.0")

    client = sign_in(make_user(Role.LEADER, trust))
    address = kpi_page(trust, term, page="kpi-history")
    with django_assert_max_num_queries(16):
        first = client.get(address)
    last = client.get(first.context["page"].next)

    assert "page 1 of 2</title>" in first.text.replace(f" · {trust.name}", "")
    assert [len(page.context["page"].rows) for page in (first, last)] == [50, 2]
    assert last.context["page"].next == ""
    assert client.get(f"{address}&page=3").status_code == 404


def test_it_can_be_of_one_school_or_of_one_term(as_leader_of):
    trust, term, attendance, [one, other] = make_house(2)
    for school in (one, other):
        for slug in AUTUMNS[1:]:
            make_entry(attendance, school, make_term(trust, slug), "93.0")
    collected = str(make_term(trust, "2024-autumn").period.index)

    assert len(history_of(as_leader_of, trust, term)) == 4
    assert {row.unit for row in history_of(as_leader_of, trust, term, school=one.code)} == {
        one.name
    }
    of_term = history_of(as_leader_of, trust, term, collected=collected)
    assert {row.period for row in of_term} == {"2024/25 to autumn"}
    assert as_leader_of(trust, term, collected="1").status_code == 404


def test_a_head_reads_the_history_of_own_schools_alone(sign_in, as_leader_of):
    trust, term, attendance, [mine, theirs] = make_house(2)
    make_entry(attendance, mine, term, "95.5")
    make_entry(attendance, theirs, term, "41.7")
    assert "41.7" in as_leader_of(trust, term).text

    client = sign_in(make_head(mine))
    text = client.get(kpi_page(trust, term, page="kpi-history")).text

    assert "95.5" in text
    for secret in ("41.7", theirs.name, theirs.code):
        assert secret not in text
    hidden = kpi_page(trust, term, page="kpi-history", school=theirs.code)
    assert client.get(hidden).status_code == 404
