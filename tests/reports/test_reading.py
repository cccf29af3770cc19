"""What trustees read: what was published, in words that can be followed, and nothing live."""

import re
from datetime import date, timedelta
from html import unescape
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kpis.models import Entry
from reports.files.page import html_of
from reports.models import Meeting, PrivateNote, Question, Report
from schools import kept
from schools.models import AuditRow, Outbox, Role, Term
from schools.tenancy import inside
from tests.factories import (
    AT,
    make_entry,
    make_house,
    make_meeting,
    make_published,
    make_report,
    make_user,
)

from .documents import make_document

HOSTILE = '<script>alert(1)</script> =SUM(A1) {{ x }} "quoted" & #panic(1)'
pytestmark = pytest.mark.django_db


def headings(text):
    return re.findall(r"<h([1-6])", text)


def test_headings_are_in_order_and_every_chart_has_its_sentence():
    text = html_of(make_document(kpis=20, schools=5, exceptions=4))

    levels = [int(level) for level in headings(text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    charts = re.findall(r"<svg[^>]*>", text)
    assert len(charts) > 20
    assert all(re.search(r'role="img" aria-label="[^"]{5,}"', chart) for chart in charts)
    assert text.count("<table") == text.count("<caption")


def test_hostile_words_stand_as_they_were_typed_and_do_nothing():
    text = html_of(make_document(text=HOSTILE))

    assert "<script" not in text
    assert unescape(text).count(HOSTILE) > 20


def test_a_trustee_sees_the_plan_as_the_latest_report_has_it(told, sign_in):
    client = sign_in(told.trustee)
    plan = reverse("dashboard:plan", args=[told.trust], query={"view": "tree", "open": "all"})
    assert "Off target" not in client.get(plan).text
    make_published(told.trust, told.report)

    page = client.get(plan).text
    assert "Statuses as in the board report: Autumn 2025" in page
    assert "Off target" in page
    assert "/kpis/" not in page
    with inside(told.trust):
        make_entry_again(told)
    kept.forget()
    assert main_of(client.get(plan).text) == main_of(page)


def main_of(page):
    """A page without its frame, which has a token of its own each time."""
    return page[page.index("<main") : page.index("</main>")]


def make_entry_again(told):
    """The school that is off target is on target now."""
    Entry.objects.filter(unit=told.schools[0]).update(value="99.0")


def test_the_results_of_the_latest_report_are_the_dashboard_of_trustees(told, sign_in):
    client = sign_in(told.trustee)
    results = reverse("reports:results", args=[told.trust])
    assert "No board report has been published yet" in client.get(results).text
    make_published(told.trust, told.report)

    page = client.get(results).text

    assert "Off target: 91.7%, target at least 94.0%, margin 1.0." in page
    assert client.get(reverse("dashboard:matrix", args=[told.trust])).status_code == 404


def test_before_it_is_published_a_trustee_reads_when_it_will_be(told, sign_in):
    day = timezone.localdate() + timedelta(days=9)
    with inside(told.trust):
        Meeting.objects.update(papers_on=day, on=day)

    page = sign_in(told.trustee).get(told.address("read", told.report.pk))

    assert f"will be published on {day:%A} {day.day} {day:%B %Y}." in page.text
    assert "91.7" not in page.text


def test_leaders_hear_how_many_figures_have_changed_since_and_trustees_do_not(told, sign_in):
    make_published(told.trust, told.report)
    address = told.address("read", told.report.pk)
    leader, trustee = sign_in(told.leader), sign_in(told.trustee)
    assert "changed since this was published" not in leader.get(address).text

    with inside(told.trust):
        make_entry_again(told)
    kept.forget()

    assert "1 figure has changed since this was published" in leader.get(address).text
    assert "since this was published" not in trustee.get(address).text


def test_a_past_figure_put_right_is_told_by_the_next_report(told, sign_in):
    make_published(told.trust, told.report)
    with inside(told.trust):
        make_entry_again(told)
        unit = told.schools[0].unit_ptr
        AuditRow.objects.record(
            "reopened", unit, by=told.leader, unit=unit, reason="The register was wrong."
        )
        spring = Term.objects.named("2026-spring").get()
    kept.forget()
    later = make_report(told.trust, spring, make_meeting(told.trust, name="Finance committee"))
    preview = sign_in(told.leader).get(told.address("preview", later.pk)).text

    make_published(told.trust, later)

    page = sign_in(told.trustee).get(told.address("read", later.pk)).text
    table = page[page.index('id="restated"') : page.index("Figures as at")]
    assert table in preview
    assert "91.7" in table
    assert "99.0" in table
    assert "The register was wrong." in table
    assert "Board report: Autumn 2025, version 1" in table


def test_a_figure_of_an_older_report_that_was_put_right_is_told_once(told, sign_in):
    """Autumn's is put right after spring was published: May's report says so, June's does not."""
    client = sign_in(told.trustee)

    def published(term, month):
        with inside(told.trust):
            named = Term.objects.named(term).get()
        on = date(2026, month, 10)
        report = make_report(told.trust, named, make_meeting(told.trust, on=on))
        kept.forget()
        return make_published(told.trust, report, at=AT + timedelta(days=30 * month))

    def told_in(version):
        page = client.get(told.address("read", version.report_id)).text
        start = page.find('id="restated"')
        return page[start : page.index("Figures as at")] if start > 0 else ""

    autumn, spring = make_published(told.trust, told.report), published("2026-spring", 4)
    with inside(told.trust):
        make_entry_again(told)
    may, june = published("2026-summer", 5), published("2026-summer", 6)
    with inside(told.trust):
        Entry.objects.filter(unit=told.schools[0], value="99.0").update(value="98.5")
    july = published("2026-summer", 7)

    assert [told_in(one) for one in (autumn, spring, june)] == ["", "", ""]
    once, again = (re.findall(r"\d\d\.\d%", told_in(one)) for one in (may, july))
    assert ["91.7%", "99.0%"] in [once[:2], once[2:4]]
    assert ["99.0%", "98.5%"] in [again[:2], again[2:4]]
    assert "Board report: Autumn 2025, version 1" in told_in(may)
    assert "Board report: Summer 2026, version 1" in told_in(july)


def test_provisional_figures_are_marked_or_left_out_as_the_leader_chose(told, sign_in):
    with inside(told.trust):
        Entry.objects.filter(unit=told.schools[0], value="91.7").update(standing="provisional")
    leader = sign_in(told.leader)
    preview = told.address("preview", told.report.pk)
    marked = leader.get(preview).text
    assert "91.7%" in marked
    assert "1 result provisional, marked so" in marked

    with inside(told.trust):
        Report.objects.update(provisional="leave_out")

    left = leader.get(preview).text
    assert "91.7" not in left
    assert "sent in and not approved yet, so it is left out of this report" in left
    assert "Approved last: 94.8%, Autumn 2024." in left
    assert "94.8 Aut 24" in left
    assert "1 provisional result left out" in left
    assert "in its place" not in left
    assert "Late" not in left


def test_the_figure_that_was_approved_before_stands_in_the_place_of_a_provisional_one(
    told, sign_in
):
    """A line was opened again and sent anew: what the board can rely on is the old figure."""
    with inside(told.trust):
        Report.objects.update(provisional="leave_out")
    make_entry(told.attendance, told.schools[0], told.term, value="92.2", standing="provisional")

    text = sign_in(told.leader).get(told.address("preview", told.report.pk)).text

    assert "92.2" not in text
    assert (
        "Off target: 91.7%, target at least 94.0%, margin 1.0, approved for Autumn 2025;"
        " a newer figure is not approved yet, so it is left out of this report." in text
    )
    assert "1 provisional result left out, 1 with the approved figure in its place" in text
    assert "Left out" not in text
    assert 'class="red"' in text


def test_small_numbers_are_hidden_and_what_would_give_them_away(told, sign_in):
    """Of three schools one has four pupils: its figure goes, and one more with it."""
    with inside(told.trust):
        small, large = (school.unit_ptr for school in told.schools)
        Entry.objects.filter(unit=small).update(numerator=3, denominator=4, value="75.0")
        Entry.objects.filter(unit=large).update(numerator=190, denominator=200, value="95.0")
    kept.forget()
    text = sign_in(told.leader).get(told.address("preview", told.report.pk)).text

    assert "75.0" not in text
    assert "hidden" in text
    assert "94.6" not in text  # 193 of 204: it would give the small school away


# Questions and notes


def test_a_trustee_asks_a_leader_answers_and_both_stand_under_the_report(told, sign_in):
    with inside(told.trust):
        Meeting.objects.update(on=timezone.localdate())
    make_published(told.trust, told.report)
    leader, trustee = sign_in(told.leader), sign_in(told.trustee)
    questions = told.address("questions", told.report.pk)
    with inside(told.trust):
        Outbox.objects.all().delete()
        key = f"{told.report.picks.get().node.key}:{told.schools[0].code}"

    trustee.post(questions, {"item": key, "words": "Which year groups?"})
    with inside(told.trust):
        question = Question.objects.get()
    answer = told.address("answer", told.report.pk, question.pk)
    leader.post(answer, {"seen": "", "answer": "Years 4 and 5."})

    page = trustee.get(told.address("read", told.report.pk)).text
    asked = page[page.index("Asked before the meeting") :]
    assert "2.1 Attendance" in asked
    assert "Which year groups?" in asked
    assert "Years 4 and 5." in asked
    letters = [letter.to for letter in Outbox.objects.order_by("pk")]
    assert told.leader.email in letters
    assert letters[-1:] == [told.trustee.email]
    assert not Outbox.objects.filter(body__contains="Year").exists()

    make_published(told.trust, told.report, correction="The answers are in it.")
    again = trustee.get(told.address("read", told.report.pk)).text
    assert again.count("Which year groups?") == 1
    assert again.index("Years 4 and 5.") < again.index("</article>")


def test_a_stale_answer_overwrites_nothing(told, sign_in):
    make_published(told.trust, told.report)
    with inside(told.trust):
        question = Question.objects.create(
            report=told.report, words="Why?", asked_by=told.trustee, asked_at=timezone.now()
        )
    client = sign_in(told.leader)
    answer = told.address("answer", told.report.pk, question.pk)
    client.post(answer, {"seen": "", "answer": "First."})

    assert client.post(answer, {"seen": "", "answer": "Second."}).status_code == 409

    question.refresh_from_db()
    assert question.answer == "First."


def test_nothing_is_asked_after_the_meeting(told, sign_in):
    with inside(told.trust):
        Meeting.objects.update(on=timezone.localdate() - timedelta(days=1))
    make_published(told.trust, told.report)

    page = sign_in(told.trustee).post(
        told.address("questions", told.report.pk), {"item": "", "words": "Why?"}
    )

    assert page.status_code == 409
    with inside(told.trust):
        assert not Question.objects.exists()


def test_a_private_note_is_seen_by_nobody_else(told, sign_in, admin_user):
    make_published(told.trust, told.report)
    address = told.address("notes", told.report.pk)
    other = make_user(Role.TRUSTEE, told.trust)
    sign_in(told.trustee).post(address, {"words": "Ask about the boiler."})

    assert "boiler" in sign_in(told.trustee).get(address).text
    for person in (other, told.leader, make_user(Role.AUDITOR, told.trust)):
        client = sign_in(person)
        for name in ("notes", "questions", "read"):
            assert "boiler" not in client.get(told.address(name, told.report.pk)).text
    with inside(told.trust):
        assert PrivateNote.objects.get().words == "Ask about the boiler."
        rows = AuditRow.objects.filter(action="kept a private note on")
        assert [(row.before, row.after, row.reason) for row in rows] == [(None, None, "")]
    root = Client()
    root.force_login(admin_user)
    assert "note" not in root.get("/admin/").text.lower()


# Drafts by the clock


def test_a_draft_is_begun_before_a_meeting_and_leaders_are_told_once(told):
    soon = timezone.localdate() + timedelta(days=10)
    make_meeting(told.trust, name="Finance committee", on=soon)
    make_meeting(told.trust, name="People committee", on=soon + timedelta(days=60))

    call_command("draft_reports", days=21)
    call_command("draft_reports", days=21)

    with inside(told.trust):
        begun = Report.objects.exclude(pk=told.report.pk).get()
        assert begun.meeting.name == "Finance committee"
        assert begun.summary
        assert begun.priorities.count() == 1
    [letter] = Outbox.objects.all()
    assert letter.to == told.leader.email
    assert "no exception is ticked yet" in letter.body
    assert told.address("draft", begun.pk) in letter.body


@pytest.mark.parametrize("schools", [1, 3])
def test_more_schools_cost_no_more_queries(schools, sign_in, django_assert_max_num_queries):
    trust, term, attendance, units = make_house(schools)
    for unit in units:
        make_entry(attendance, unit, term, value="91.7")
    published = make_published(trust)
    client = sign_in(make_user(Role.TRUSTEE, trust))
    read = reverse("reports:report-read", args=[trust, published.report_id])

    with django_assert_max_num_queries(14) as queries:
        client.get(read)

    assert len(queries) == 11
