"""What is asked and noted beside a published report. One transaction each, with its trail."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from schools.models import AuditRow, Membership, Role
from schools.refused import Refused

from ..models import PrivateNote, Question
from ..publishing import locked

LONGEST_QUESTION = Question._meta.get_field("words").max_length
LONGEST_ANSWER = Question._meta.get_field("answer").max_length


@transaction.atomic
def ask(report, *, item, words, memberships, at, today):
    """A trustee asks about one item of a published report, up to the day of the meeting."""
    if not memberships.has(Role.TRUSTEE):
        raise Refused("Only a trustee asks questions of a board report.")
    report = locked(report)
    if not report.versions.exists():
        raise Refused("This report has not been published yet, so there is nothing to ask about.")
    if today > report.meeting.on:
        raise Refused("The meeting has been held. Ask at the next one.")
    question = Question.objects.create(
        report=report, item=item, words=words.strip(), asked_by=memberships.user, asked_at=at
    )
    AuditRow.objects.record(
        "asked about", report, by=memberships.user, at=at, after={"question": question.words}
    )
    _tell(report, Role.LEADER, "A trustee has asked about a board report")
    return question


@transaction.atomic
def answer(question, *, words, seen, memberships, at):
    """A leader answers; ``seen`` is the answer that they saw, so nobody's is overwritten."""
    if not memberships.has(Role.LEADER):
        raise Refused("Only a leader of the trust answers questions of trustees.")
    question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    words = words.strip()
    if question.answer == words:
        return question
    if question.answer != seen:
        raise Refused("Somebody else has answered this since you opened the page. Read it again.")
    before = question.answer
    question.answer, question.answered_by, question.answered_at = words, memberships.user, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    AuditRow.objects.record(
        "answered a question about",
        question.report,
        by=memberships.user,
        at=at,
        before={"answer": before} if before else None,
        after={"question": question.words, "answer": words},
    )
    asked_by = question.asked_by.email
    _send([asked_by], "Your question about a board report has been answered", question.report)
    return question


@transaction.atomic
def note(report, *, words, memberships, at):
    """Keep a reader's own note. The trail says that there is one, and nothing of what it says."""
    report = locked(report)
    held = PrivateNote.objects.filter(report=report, user=memberships.user).first()
    if (held.words if held else "") == words:
        return held
    held = held or PrivateNote(report=report, user=memberships.user)
    held.words, held.at = words, at
    held.save()
    AuditRow.objects.record("kept a private note on", report, by=memberships.user, at=at)
    return held


def _tell(report, role, subject):
    held = Membership.objects.current().filter(role=role).order_by("user__email")
    _send(held.values_list("user__email", flat=True), subject, report)


def _send(emails, subject, report):
    """A link, never what was asked or answered."""
    trust = report.meeting.trust
    path = reverse("reports:report-questions", args=[trust, report.pk])
    body = f"{report}\n\nRead it here: {settings.SITE_ADDRESS}{path}\n\n{trust.name}\n"
    for email in emails:
        send_mail(subject, body, None, [email])
