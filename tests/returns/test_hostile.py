"""Whatever is typed into a return is text, word for word: on pages, in mails, in the admin."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from schools.mail import send_next
from schools.models import Outbox, User
from tests.factories import PASSWORD

from .hostile import LONG, MARK, SHORT, harm_in, texts_of
from .hostile_house import HEAD, LEADER, MANAGER, Hostile

pytestmark = pytest.mark.django_db

SAID = ("why", "what_next", "why_review", "what_next_review")
LINES = ("note", *SAID, "reviewer", "evidence")

each_text = pytest.mark.parametrize(
    "text",
    [
        *texts_of(SHORT),
        *(pytest.param(text, marks=pytest.mark.long) for text in texts_of(LONG[len(SHORT) :])),
    ],
    ids=lambda text: re.sub(r"\W+", "-", text)[:30],
)


@each_text
def test_what_is_typed_into_a_return_is_read_word_for_word_wherever_it_stands(text, settings):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    house = Hostile(text)

    house.type_what_cannot_be_read()
    house.read(HEAD, "returns:return-edit", "trust", "school", "value")
    house.read(HEAD, "returns:return-check", "value")

    house.type_into_lines()
    house.hand()
    house.read(HEAD, "returns:return-edit", *LINES, "provider", "school_editor")
    house.read(HEAD, "returns:return-hand", "school_editor")
    house.read(HEAD, "returns:return-log", "case")
    house.read(HEAD, "returns:evidence", "link")
    house.read(HEAD, "returns:return-check", *SAID)

    house.send()
    house.say_beside_the_result()
    house.read(HEAD, "returns:return-sent", "school", "headteacher", *SAID, "link")
    house.read(MANAGER, "returns:return-approve", "headteacher", "note", *SAID, "link")
    house.read(MANAGER, "returns:return-log", "case")

    house.send_back()
    house.read(HEAD, "returns:return-edit", "question", "sent_back")
    house.send()
    house.decide("approve")
    house.give_more_time()
    house.read(LEADER, "kpi:kpi", "leader_why", "leader_what_next")
    house.read(LEADER, "kpi:kpi", "reply", "why", "what_next", school=house.school.code)
    house.read(HEAD, "kpi:kpi", "reply", "why", "what_next")
    house.read(LEADER, "kpi:say", "leader_why", "leader_what_next")
    house.read(HEAD, "kpi:reply", "reply", school=house.school.code)
    house.read(LEADER, "kpi:kpi-history", "school")
    house.read(LEADER, ":matrix", "trust", show="comments")

    house.reopen()
    house.read(HEAD, "returns:return-edit", "reopened")
    house.read(MANAGER, "returns_:return-list", "school")
    house.read(MANAGER, "returns_:collect", "school", "deadline")
    house.read(MANAGER, ":trail", "headteacher", "data_manager", "deadline", "reopened")

    mails_are_only_text(house)
    the_admin_shows_only_text(house)


def mails_are_only_text(house):
    """Each goes out, about the school by its name, with no line more in its head."""
    assert Outbox.objects.count() == 3
    while send_next(timezone.now()):
        pass
    assert [sent.subject[:40] for sent in mail.outbox] == [house.typed["school"][:40]] * 3
    assert {name for sent in mail.outbox for name in sent.message()} == HEADS


def the_admin_shows_only_text(house):
    root = Client()
    root.force_login(User.objects.create_superuser("root@example.org", PASSWORD, name="Root"))
    for kept in ("trust", "unit", "user", "auditrow", "outbox", "deadline"):
        page = root.get(f"/admin/schools/{kept}/")
        assert MARK in page.text
        assert harm_in(page.text, house.typed.values()) == []


HEADS = {
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
    "Subject",
    "From",
    "To",
    "Date",
    "Message-ID",
}
