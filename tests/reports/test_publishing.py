"""Publishing: once, whole or not at all, told to trustees and to nobody else."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client

from reports import publishing
from reports.files.rendering import FILES
from reports.models import Published, PublishedFile, Report
from reports.publishing import ask_to_publish
from schools.jobs import work_next
from schools.models import AuditRow, Job, Memberships, Outbox, Role
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import AT, make_entry, make_house, make_published, make_user

from .conftest import told_by

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=400)


@pytest.fixture(autouse=True)
def _no_big_files():
    """What the files hold is tested with them; here they only have to be there."""
    with patch.dict(FILES, {"txt": lambda document: document.header.title.encode()}, clear=True):
        yield


def ask(told, number=1, correction=""):
    with inside(told.trust):
        return ask_to_publish(
            told.report,
            number=number,
            correction=correction,
            memberships=told.memberships(),
            at=AT,
        )


def stored(trust):
    """How much there is of what publishing writes."""
    with inside(trust):
        return (
            Published.objects.count(),
            PublishedFile.objects.count(),
            AuditRow.objects.filter(action="published").count(),
            Outbox.objects.count(),
        )


ONCE, NOTHING = (1, 1, 1, 1), (0, 0, 0, 0)


def test_asked_twenty_times_and_worked_on_twice_it_is_published_once(told, sign_in):
    client = sign_in(told.leader)
    for _ in range(20):
        client.post(told.address("publish", told.report.pk), {"number": 1})
    assert Job.objects.count() == 1

    call_command("work", once=True)
    for _ in range(5):
        client.post(told.address("publish", told.report.pk), {"number": 1})
    call_command("work", once=True)

    assert stored(told.trust) == ONCE
    assert [letter.to for letter in mail.outbox] == [[told.trustee.email]]
    with inside(told.trust):
        assert AuditRow.objects.filter(action="asked to publish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_and_two_workers_publish_one_version():
    trust, term, attendance, schools = make_house(schools=1)
    make_entry(attendance, schools[0], term, value="91.7")
    told = told_by(trust, term, attendance, schools)

    def click(_):
        client = Client()
        client.force_login(told.leader)
        status = client.post(told.address("publish", told.report.pk), {"number": 1}).status_code
        connection.close()
        return status

    def work(_):
        try:
            with inside(trust):
                publishing.publish(told.report.pk, AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(click, range(20))) == {302}
        list(pool.map(work, range(4)))

    assert stored(trust) == ONCE
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    "what",
    [
        "reports.publishing.html_of",
        "reports.publishing.PublishedFile.objects.bulk_create",
        "reports.publishing.tell_trustees",
    ],
)
def test_what_fails_in_the_middle_leaves_nothing_and_is_made_by_the_next_try(told, what):
    ask(told)

    with patch(what, side_effect=OSError(28, "No space left on device")):
        assert work_next(LATER)
    assert stored(told.trust) == NOTHING
    job = Job.objects.get()
    assert "No space left on device" in job.error

    assert work_next(LATER + timedelta(hours=1))
    assert stored(told.trust) == ONCE


def test_a_full_disk_under_the_database_leaves_nothing(told):
    ask(told)

    full = OperationalError("database or disk is full")
    with patch("reports.publishing.Published.save", side_effect=full):
        assert work_next(LATER)

    assert stored(told.trust) == NOTHING
    with inside(told.trust):
        assert Report.objects.get().publishing_since is not None


def test_what_went_wrong_is_said_to_the_leader_who_waits(told, sign_in):
    ask(told)
    with patch("reports.publishing.html_of", side_effect=ValueError("no such glyph")):
        work_next(LATER)

    page = sign_in(told.leader).get(told.address("draft", told.report.pk))

    assert "nothing has been published yet" in page.text
    assert "no such glyph" in page.text
    assert page.headers["Refresh"] == "4"


def test_a_draft_that_is_being_made_cannot_be_changed(told, sign_in):
    ask(told)

    page = sign_in(told.leader).post(told.address("draft", told.report.pk), {"summary": "Late"})

    assert "The report is being made." in page.text
    with inside(told.trust):
        assert "Late" not in Report.objects.get().summary


def test_only_a_leader_publishes(told):
    manager = Memberships(make_user(Role.DATA_MANAGER, told.trust), told.trust)
    with inside(told.trust), pytest.raises(Refused, match="Only a leader"):
        ask_to_publish(told.report, number=1, memberships=manager, at=AT)

    assert Job.objects.count() == 0


def test_a_second_version_needs_a_note_and_the_first_one_says_what_replaces_it(told, sign_in):
    first = make_published(told.trust, told.report)
    leader, trustee = sign_in(told.leader), sign_in(told.trustee)
    page = leader.post(told.address("publish", told.report.pk), {"number": 2})
    assert "Say what this version corrects." in page.text
    with pytest.raises(Refused, match="Say what this version corrects"):
        ask(told, number=2)

    make_published(told.trust, told.report, correction="The name of a school was wrong.")

    old = trustee.get(told.address("version", told.report.pk, 1))
    new = trustee.get(told.address("read", told.report.pk))
    assert "Version 2 replaces this" in old.text
    assert first.html in old.text
    assert "Version 2 replaces this" not in new.text
    assert "The name of a school was wrong." in new.text


def test_every_digest_is_that_of_what_is_stored_and_each_version_follows_from_the_last(told):
    first = make_published(told.trust, told.report)
    second = make_published(told.trust, told.report, correction="Again.")

    with inside(told.trust):
        for one in (first, second):
            assert one.html_digest == hashlib.sha256(one.html.encode()).hexdigest()
            files = list(one.files.all())
            assert [hashlib.sha256(bytes(f.content)).hexdigest() for f in files] == [
                f.digest for f in files
            ]
            assert files
        assert publishing.chained(second, files, first.digest) == second.digest
        assert publishing.chained(second, files, "") != second.digest


CHANGES = {
    "a figure in the snapshot": (
        "UPDATE reports_published SET snapshot = REPLACE(snapshot, '91.7', '94.7')"
    ),
    "a word of the page": "UPDATE reports_published SET html = REPLACE(html, 'flu', 'measles')",
    "the style sheet": "UPDATE reports_published SET sheet = 'body'",
    "who it is by": "UPDATE reports_published SET title = 'Another'",
    "a file": "UPDATE reports_publishedfile SET content = CAST('other' AS {blob})",
    "a file is gone": "DELETE FROM reports_publishedfile",
    "the page and its digest": "UPDATE reports_published SET html = '', html_digest = '{empty}'",
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_row_that_was_changed_by_sql_is_found(told, what, capsys):
    make_published(told.trust, told.report)
    call_command("verify_reports")
    assert "1 published versions, all as they were published." in capsys.readouterr().out

    blob = "BYTEA" if connection.vendor == "postgresql" else "BLOB"
    empty = hashlib.sha256(b"").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(CHANGES[what].format(blob=blob, empty=empty))

    with pytest.raises(CommandError):
        call_command("verify_reports")
    assert "Board report" in capsys.readouterr().out or what == "who it is by"


def test_a_version_that_was_taken_out_of_the_chain_is_missed(told):
    make_published(told.trust, told.report)
    make_published(told.trust, told.report, correction="Again.")
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM reports_publishedfile WHERE published_id IN"
            " (SELECT id FROM reports_published WHERE number = 1)"
        )
        cursor.execute("DELETE FROM reports_published WHERE number = 1")

    with pytest.raises(CommandError):
        call_command("verify_reports")
