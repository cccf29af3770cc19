"""A report's life: a leader drafts it, the worker publishes it, a trustee reads it."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from reports.models import Meeting, Report
from schools.models import Role
from schools.tenancy import inside
from tests.factories import boxes_of, make_entry, make_house, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(sign_in):
    """Two schools, one off target, with a leader and a trustee."""
    trust, term, attendance, schools = make_house(schools=2)
    make_entry(attendance, schools[0], term, value="91.7")
    make_entry(attendance, schools[1], term, value="95.2")
    return trust, term, attendance, schools


def address(name, trust, *args):
    return reverse(f"reports:{name}", args=[trust, *args])


def test_a_leader_drafts_a_report_and_a_trustee_reads_it_once_it_is_published(house, sign_in):
    trust, term, _, schools = house
    leader = sign_in(make_user(Role.LEADER, trust))
    trustee = sign_in(make_user(Role.TRUSTEE, trust, email="trustee@example.org"))

    page = leader.post(
        address("report-meeting-new", trust), {"name": "Trust board", "on": "10/2/2026"}
    )
    with inside(trust):
        meeting = Meeting.objects.get()
    leader.post(address("report-meeting", trust, meeting.pk), {"term": term.slug})
    with inside(trust):
        report = Report.objects.get()
    draft = address("report-draft", trust, report.pk)
    page = leader.get(draft)
    assert "Off target" in page.text
    boxes = boxes_of(page)
    kpi = next(name for name in boxes_ticks(page) if name.endswith(f"-{schools[0].pk}"))
    leader.post(draft, ticked(page) | {kpi: "on", "ask-1": "Approve the attendance target"})
    page = leader.get(draft)
    why = kpi.replace("tick-", "why-")
    leader.post(draft, ticked(page) | {why: "Two weeks of flu in Year 4.", kpi: "on"})

    nothing = trustee.get(address("report-latest", trust), follow=True)
    assert "No board report has been published yet" in nothing.text

    leader.post(address("report-publish", trust, report.pk), {"number": 1})
    assert "being made" in leader.get(draft).text
    call_command("work", once=True)

    read = trustee.get(address("report-latest", trust), follow=True)
    assert read.status_code == 200
    assert "Of 2 results, 1 (50.0%) are on target and 1 are off target." in read.text
    assert "Approve the attendance target" in read.text
    assert "Two weeks of flu in Year 4." in read.text
    assert "Off target: 91.7%, target at least 94.0%, margin 1.0." in read.text
    [letter] = mail.outbox
    assert letter.to == ["trustee@example.org"]
    assert address("report-read", trust, report.pk) in letter.body
    assert "91.7" not in letter.body + letter.subject
    assert boxes


def boxes_ticks(page):
    return [name for name in page.context["form"].fields if name.startswith("tick-")]


def ticked(page):
    """What a browser would send of the draft: every box, and the ticks that are set."""
    form = page.context["form"]
    sent = {}
    for box in form:
        value = box.value()
        if value is None or value is False or value == []:
            continue
        sent[box.html_name] = "on" if value is True else value
    return sent
