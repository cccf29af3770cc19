"""The outbox and its worker: every mail at least once, whatever happens on the way."""

import socket
import threading
from contextlib import suppress
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
    Outbox.objects.create(to="two\nlines@example.org", subject="Autumn", body="")
    remind("next@example.org")

    call_command("work", once=True)

    assert [message.to for message in mail.outbox] == [["next@example.org"]]
    assert "BadHeaderError" in Outbox.objects.get(done_at=None).error


def test_a_name_of_two_lines_adds_no_line_to_the_head_of_a_mail():
    subject = "Ashdale\r\nBcc: stranger@example.org\n has come back"
    Outbox.objects.create(to="head@example.org", subject=subject, body="Open the return.")

    send_next(NOW)

    [sent] = mail.outbox
    assert sent.subject == "Ashdale Bcc: stranger@example.org has come back"
    assert "Bcc" not in sent.message()


def test_two_workers_do_not_take_the_same_mail():
    remind()

    assert Outbox.objects.take(NOW) is not None
    assert Outbox.objects.take(NOW) is None


def test_the_mail_of_a_worker_that_died_goes_to_another():
    remind()
    assert Outbox.objects.take(NOW)

    assert send_next(NOW + timedelta(seconds=61))
    assert len(mail.outbox) == 1


class MailServer:
    """Takes connections on a port of its own: says nothing, or takes the mail."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.hangs, self.taken, self._callers = True, [], []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with suppress(OSError):
            while True:
                caller, _ = self.listener.accept()
                self._callers.append(caller)
                if not self.hangs:
                    threading.Thread(target=self._take, args=[caller], daemon=True).start()

    def _take(self, caller):
        """As much of SMTP as one mail needs."""
        with suppress(OSError), caller.makefile("rwb", buffering=0) as talk:
            talk.write(b"220 ready\r\n")
            text = None
            for line in talk:
                if text is not None and line == b".\r\n":
                    self.taken.append(text.decode())
                    text = None
                    talk.write(b"250 taken\r\n")
                elif text is not None:
                    text += line
                elif line.upper().startswith(b"DATA"):
                    text = b""
                    talk.write(b"354 go on\r\n")
                else:
                    talk.write(b"250 yes\r\n")

    def close(self):
        for each in (self.listener, *self._callers):
            each.close()


@pytest.fixture
def mail_server(settings):
    server = MailServer()
    assert settings.EMAIL_TIMEOUT < 10  # the longest that one mail holds up the worker
    settings.EMAIL_TIMEOUT = 0.3
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    server.close()


def test_a_mail_server_that_hangs_holds_up_nobody_and_gets_one_mail_when_it_is_well(mail_server):
    remind()
    assert send_next(NOW)
    assert "timed out" in Outbox.objects.get().error
    remind("next@example.org")  # whoever saves something is not kept waiting by it

    mail_server.hangs = False
    later = NOW + timedelta(seconds=61)
    while send_next(later):
        pass
    assert not send_next(later + timedelta(days=1))

    to = sorted(line for text in mail_server.taken for line in text.split("\r\n") if "To: " in line)
    assert to == ["To: head@example.org", "To: next@example.org"]
