"""Drafts for the meetings to come, and a letter to the leaders of what each still lacks."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from schools.models import Membership, Role, Term, Trust
from schools.refused import Refused
from schools.tenancy import inside

from ...building.drafting import begin, cut_for
from ...freezing.board import board_of
from ...freezing.snapshot import lacks
from ...models import Meeting, Report


class Command(BaseCommand):
    help = (
        "Begin the report of each meeting that is near, and tell the trust's leaders what it lacks."
        " Run daily; what has been begun already stays as it is, and nobody is told twice."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=21, help="before a meeting (default: 21)")

    def handle(self, *, days, **options):
        now = timezone.now()
        for trust in Trust.objects.order_by("slug"):
            with inside(trust):
                for report in drafted(trust, days, now):
                    self.stdout.write(f"{trust.slug}: began {report}")


def drafted(trust, days, now):
    """Begin what is due, each with its letters in one transaction."""
    today = timezone.localdate(now)
    opened = Term.objects.opened(today).select_related("period__year").order_by("-period__on")
    term = opened.first()
    near = Meeting.objects.to_come(today).filter(on__lte=today + timedelta(days=days))
    for meeting in near.select_related("trust") if term else ():
        if Report.objects.filter(meeting=meeting).exists():
            continue
        try:
            with transaction.atomic():
                cut = cut_for(meeting)
                report = begin(meeting, term, cut=cut, by=None, at=now, today=today)
                tell_leaders(report, today)
        except Refused:
            continue  # there is no plan yet
        yield report


def tell_leaders(report, today):
    trust = report.meeting.trust
    board = board_of(trust, report.plan, report.term, today)
    path = reverse("reports:report-draft", args=[trust, report.pk])
    missing = "".join(f"- {line}\n" for line in lacks(report, board))
    body = (
        f"A draft has been begun: {report}.\n\nWhat it still lacks:\n{missing}\n"
        f"Go on with it here: {settings.SITE_ADDRESS}{path}\n\n{trust.name}\n"
    )
    leaders = Membership.objects.current().filter(role=Role.LEADER).order_by("user__email")
    for email in leaders.values_list("user__email", flat=True):
        send_mail(f"Begun: {report.title}"[:200], body, None, [email])
