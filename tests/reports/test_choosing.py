"""What a leader chooses: any result, in a report for the board and in one for each committee."""

import pytest
from django.db import IntegrityError, transaction

from kpis.models import KPI
from priorities.models import Plan, Priority
from reports.building.drafting import begin
from reports.models import Cut, Published, Report
from schools.tenancy import inside
from tests.factories import (
    AT,
    make_clause,
    make_entry,
    make_kpi,
    make_measure,
    make_meeting,
    make_published,
)

from .test_story import ticked

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(told):
    """A second priority with a KPI of its own, off target, and the committee that reads it."""
    with inside(told.trust):
        plan = Plan.objects.get()
        second = Priority.everywhere.create(
            plan=plan, role="priority", key="b", code="B", order=2, title="Good people"
        )
        kpi = make_kpi(plan, "Staff leaving", parent=second)
        leaving = make_measure(told.trust, "Leaving", better="lower")
        make_clause(kpi, leaving, target="10.0", margin="1.0", operator="<=")
        for school in told.schools:
            make_entry(leaving, school, told.term, value="19.0")
        cut = Cut.objects.create(trust=told.trust, name="People committee")
        cut.priorities.set([second])
    return cut


def draft_of(told, sign_in, report=None):
    client = sign_in(told.leader)
    address = told.address("draft", (report or told.report).pk)
    return client, address, client.get(address)


def attendance():
    return KPI.objects.get(title="Attendance")


# Any result


def test_a_result_that_no_rule_suggests_is_in_the_report_with_the_leaders_own_words(told, sign_in):
    good = told.schools[1]
    client, draft, page = draft_of(told, sign_in)
    assert f"Attendance, {good.name}" not in page.text
    with inside(told.trust):
        kpi = attendance().pk

    client.post(draft, ticked(page) | {"other_kpi": kpi, "other_unit": good.pk})
    page = client.get(draft)
    assert f"<h3>Attendance, {good.name}</h3>" in page.text
    words = {f"why-{kpi}-{good.pk}": "The breakfast club.", f"order-{kpi}-{good.pk}": "1"}
    client.post(draft, ticked(page) | words)

    with inside(told.trust):
        picks = told.report.picks.all()
        assert [(pick.unit_id, pick.why, pick.rule) for pick in picks] == [
            (told.schools[0].pk, "Two weeks of flu in Year 4.", "Off target and getting worse"),
            (good.pk, "The breakfast club.", ""),
        ]
    preview = client.get(told.address("preview", told.report.pk)).text
    item = preview[preview.index('id="item-2.2"') :]
    item = item[: item.index("</dl>") + 100]
    assert "The breakfast club." in item
    assert "Named here because" not in item


def test_a_suggestion_that_is_chosen_from_the_list_keeps_its_rule(told, sign_in):
    with inside(told.trust):
        told.report.picks.all().delete()
        kpi = attendance().pk
    client, draft, page = draft_of(told, sign_in)

    client.post(draft, ticked(page) | {"other_kpi": kpi, "other_unit": told.schools[0].pk})

    with inside(told.trust):
        assert told.report.picks.get().rule == "Off target and getting worse"


@pytest.mark.parametrize(
    ("whose", "words"),
    [
        (lambda told: told.schools[0].pk, "This result is in the report already."),
        (lambda told: told.trust.own_unit.pk, None),
        (lambda told: 999_999, "Select a valid choice"),
    ],
    ids=["there already", "the trust", "another trust's"],
)
def test_what_cannot_be_chosen_says_why(told, sign_in, whose, words):
    client, draft, page = draft_of(told, sign_in)
    with inside(told.trust):
        sent = ticked(page) | {"other_kpi": attendance().pk, "other_unit": whose(told)}

    answer = client.post(draft, sent)

    with inside(told.trust):
        assert answer.status_code == (422 if words else 302)
        assert told.report.picks.count() == (1 if words else 2)
    assert words is None or words in answer.text


def test_of_a_kpi_of_the_trust_no_school_is_chosen(told, sign_in):
    with inside(told.trust):
        kpi = make_kpi(Plan.objects.get(), "Reserves")
        reserves = make_measure(told.trust, "Reserves", of="trust")
        make_clause(kpi, reserves, target="5.0", level="trust")
    client, draft, page = draft_of(told, sign_in)
    school = ticked(page) | {"other_kpi": kpi.pk, "other_unit": told.schools[0].pk}

    assert "It is measured for the trust as a whole." in client.post(draft, school).text

    client.post(draft, school | {"other_unit": told.trust.own_unit.pk})
    with inside(told.trust):
        assert told.report.picks.filter(node=kpi).exists()


# A report for each committee


def test_a_meeting_reads_a_report_for_the_board_and_one_for_a_committee(told, people, sign_in):
    client = sign_in(told.leader)
    meeting = told.address("meeting", told.report.meeting_id)

    begun = client.post(meeting, {"term": told.term.slug, "cut": people.pk})
    again = client.post(meeting, {"term": told.term.slug, "cut": people.pk})

    with inside(told.trust):
        report = Report.objects.exclude(pk=told.report.pk).get()
        assert report.cut == people
        assert [one.title for one in report.priorities.all()] == ["Good people"]
        assert report.summary.startswith("Of {results} results")
    assert begun.url == again.url == told.address("draft", report.pk)
    page = client.get(meeting).text
    assert "Board report: Autumn 2025, People committee" in page
    read = client.get(told.address("preview", report.pk)).text
    assert "Of 2 results, 0 (0.0%) are on target and 2 are off target." in read


def test_what_a_committee_does_not_read_is_not_suggested_to_it(told, people, sign_in):
    with inside(told.trust):
        told.report.picks.all().delete()
        report = begin(told.report.meeting, told.term, cut=people, by=None, at=AT, today=AT.date())
    _, _, board = draft_of(told, sign_in)
    _, _, committee = draft_of(told, sign_in, report)

    names = [
        f"{kpi}, {school.name}"
        for kpi in ("Attendance", "Staff leaving")
        for school in told.schools
    ]
    assert [name in board.text for name in names] == [True, False, True, True]
    assert [name in committee.text for name in names] == [False, False, True, True]
    choices = dict(committee.context["form"].fields["other_kpi"].choices)
    assert len(choices) == 2
    assert any("Staff leaving" in name for name in choices.values())


def test_a_second_report_for_the_same_readers_is_refused(told, people, sign_in):
    with inside(told.trust):
        begin(told.report.meeting, told.term, cut=people, by=None, at=AT, today=AT.date())
    client, draft, page = draft_of(told, sign_in)

    answer = client.post(draft, ticked(page) | {"cut": people.pk})

    assert "This meeting has a report for that committee already." in answer.text
    about = {"meeting": told.report.meeting, "term": told.term, "plan": told.report.plan}
    for cut in (None, people):
        with inside(told.trust), pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(**about, cut=cut)


def test_results_and_promises_are_those_of_the_report_to_the_same_readers(told, people, sign_in):
    make_published(told.trust, told.report)
    with inside(told.trust):
        report = begin(told.report.meeting, told.term, cut=people, by=None, at=AT, today=AT.date())
    make_published(told.trust, report)

    with inside(told.trust):
        assert Published.objects.newest_for(people).report == report
        assert Published.objects.newest_for().report == told.report
        later = make_meeting(told.trust, name="Later", on=AT.date())
        assert begin(later, told.term, by=None, at=AT, today=AT.date()).cut is None
    results = sign_in(told.trustee).get(f"/t/{told.trust.slug}/reports/results/")
    assert "Attendance" in results.text


# From page 1 to an item, and back


def test_an_ask_leads_to_its_exception_and_back(told, sign_in):
    client, draft, page = draft_of(told, sign_in)
    assert "about-ask-1" not in page.context["form"].fields
    client.post(draft, ticked(page) | {"ask-1": "Note it.", "ask-2": "Visit the school."})
    page = client.get(draft)
    with inside(told.trust):
        item = f"{attendance().pk}-{told.schools[0].pk}"

    client.post(draft, ticked(page) | {"about-ask-2": item})

    read = client.get(told.address("preview", told.report.pk)).text
    assert '<li id="ask-1">Note it.</li>' in read
    ask = read[read.index('<li id="ask-2">') :]
    assert ask[: ask.index("</li>")].endswith('href="#item-2.1">See 2.1</a>')
    exception = read[read.index('id="item-2.1"') :]
    assert '<a href="#ask-2">What we ask of you, 2</a>' in exception
    assert '<a href="#question-1">A question you might ask</a>' in exception

    page = client.get(draft)
    client.post(draft, {k: v for k, v in ticked(page).items() if not k.startswith("tick-")})
    with inside(told.trust):
        assert [ask.about for ask in told.report.asks.all()] == [None, None]


def test_what_a_trustee_has_asked_leads_to_its_item(told, sign_in):
    make_published(told.trust, told.report)
    with inside(told.trust):
        key = f"{attendance().key}:{told.schools[0].code}"
        told.report.questions.create(
            item=key, words="Which year groups?", asked_by=told.trustee, asked_at=AT
        )
    client, read = sign_in(told.trustee), told.address("read", told.report.pk)

    assert (
        f'<a href="{read}#item-2.1">2.1 Attendance'
        in client.get(told.address("questions", told.report.pk)).text
    )
    page = client.get(read).text
    assert '<a href="#item-2.1">2.1 Attendance' in page[page.index("Asked before the meeting") :]
