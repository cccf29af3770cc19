"""The outbox and its worker: every mail at least once, whatever happens on the way."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from schools.mail import send_next
from schools.models import Outbox

pytestmark = pytest.mark.django_db

# Later than anything that this run queues.
NOW = timezone.now() + timedelta(days=1)


def remind(to="head@example.org"):
    send_mail("Autumn 2025", "12 figures are left.", None, [to], html_message="<p>12 left</p>")


@pytest.fixture
def mail_server_down(monkeypatch):
    def refuse(*_, **__):
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    return monkeypatch


def test_the_worker_sends_what_waits_and_then_ends_if_told_to():
    remind("one@example.org")
    remind("two@example.org")

    call_command("work", once=True)

    assert [message.to for message in mail.outbox] == [["one@example.org"], ["two@example.org"]]
    assert mail.outbox[0].body == "12 figures are left."
    assert mail.outbox[0].alternatives[0].content == "<p>12 left</p>"
    assert not Outbox.objects.filter(done_at=None).exists()


def test_a_mail_that_was_sent_is_not_sent_again_and_keeps_no_text():
    remind()
    assert send_next(NOW)

    assert not send_next(NOW + timedelta(days=1))
    assert len(mail.outbox) == 1
    sent = Outbox.objects.get()
    assert (sent.done_at, sent.subject, sent.body, sent.html) == (NOW, "Autumn 2025", "", "")


def test_nothing_is_queued_by_a_change_that_was_undone():
    with transaction.atomic():
        remind()
        transaction.set_rollback(True)

    assert not Outbox.objects.exists()


def test_a_mail_that_cannot_be_sent_waits_and_is_tried_again(mail_server_down):
    remind()
    assert send_next(NOW)

    waiting = Outbox.objects.get()
    assert waiting.error == "ConnectionRefusedError: nobody listens"
    assert waiting.body == "12 figures are left."
    assert not send_next(NOW + timedelta(seconds=59))

    mail_server_down.undo()
    assert send_next(NOW + timedelta(seconds=61))
    assert len(mail.outbox) == 1
    assert Outbox.objects.get().error == ""


def test_each_failure_doubles_the_wait_and_the_eighth_is_the_last(mail_server_down):
    remind()
    now, waits = NOW, []
    while send_next(now):
        due = Outbox.objects.get().not_before
        waits.append((due - now).total_seconds() / 60)
        now = due

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]
    assert Outbox.objects.get().done_at is None


def test_one_bad_mail_does_not_hold_up_the_others():
    Outbox.objects.create(to="head@example.org", subject="two\nlines", body="")
    remind("next@example.org")

    call_command("work", once=True)

    assert [message.to for message in mail.outbox] == [["next@example.org"]]
    assert "BadHeaderError" in Outbox.objects.get(done_at=None).error


def test_two_workers_do_not_take_the_same_mail():
    remind()

    assert Outbox.objects.take(NOW) is not None
    assert Outbox.objects.take(NOW) is None


def test_the_mail_of_a_worker_that_died_goes_to_another():
    remind()
    assert Outbox.objects.take(NOW)

    assert send_next(NOW + timedelta(seconds=61))
    assert len(mail.outbox) == 1
