"""Publishing: a leader asks for it, the worker makes everything, one transaction stores it.

First the snapshot is taken and every file is written from it, with nothing
locked; that takes seconds. Then one short transaction stores the snapshot, the
page, its style sheet and the files with their digests, chained to the version
before, with the row in the trail and the mails to the trustees. Whatever goes
wrong before its end leaves no trace, and the job is tried again; whatever is
asked twice is done once.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse

from kpis import facts
from schools.jobs import does, queue
from schools.models import AuditRow, Job, Membership, Role, Trust
from schools.refused import Refused

from .files.page import html_of, sheet
from .files.rendering import FILES
from .freezing.restating import restated
from .freezing.snapshot import document_of
from .models import Published, PublishedFile, Report
from .shapes import Document

KIND = "reports.publish"
TRIES = 3
LONGEST_NOTE = Report._meta.get_field("correction").max_length


@dataclass(frozen=True, slots=True)
class Made:
    """All that a version consists of, before it is stored."""

    document: Document
    snapshot: str
    html: str
    sheet: str
    files: dict[str, bytes]


# What a leader does


@transaction.atomic
def ask_to_publish(report, *, number, correction="", memberships, at):
    """Let the worker make version ``number``; asked again, it changes nothing.

    A version after the first says what it corrects.
    """
    if not memberships.has(Role.LEADER):
        raise Refused("Only a leader of the trust publishes a report.")
    report = locked(report)
    published = report.versions.count()
    if published >= number:
        return report  # it was made meanwhile
    if report.publishing_since is None:
        correction = correction.strip()
        if published and not correction:
            raise Refused("Say what this version corrects: it stands on top of the report.")
        if len(correction) > LONGEST_NOTE:
            raise Refused(f"Shorten the note to {LONGEST_NOTE} characters.")
        report.publishing_since, report.publishing_by = at, memberships.user
        report.correction = correction if published else ""
        report.save(update_fields=["publishing_since", "publishing_by", "correction"])
        AuditRow.objects.record(
            "asked to publish",
            report,
            by=memberships.user,
            at=at,
            after={"version": number},
            reason=report.correction,
        )
    if not is_waiting(report):
        queue(KIND, trust=memberships.trust, argument=report.pk)
    return report


def locked(report):
    """The report as it is now, held until the transaction ends."""
    return Report.objects.select_for_update(of=("self",)).get(pk=report.pk)


def is_waiting(report):
    """Whether the worker will still try to make it."""
    return Job.objects.filter(kind=KIND, argument=report.pk, done_at=None, tries__lt=8).exists()


def trouble_of(report):
    """What went wrong when it was tried last, "" for nothing."""
    held = Job.objects.filter(kind=KIND, argument=report.pk, done_at=None).order_by("-pk").first()
    return held.error if held else ""


# What the worker does


@does(KIND)
def publish(pk, now):
    """Make and store the next version of a report. Done already, it does nothing."""
    report = Report.objects.select_related(
        "meeting__trust", "term__period__year", "plan", "cut", "publishing_by"
    ).get(pk=pk)
    if report.publishing_since is None:
        return None
    number = report.versions.count() + 1
    return store(report, number, make(report, number, now), now)


def make(report, number, now):
    """The version as it will be stored, from figures of one moment."""
    trust = report.meeting.trust
    by = str(report.publishing_by) if report.publishing_by else ""
    for _ in range(TRIES):
        before = facts.read_versions(trust)
        document = document_of(
            report,
            number=number,
            correction=report.correction,
            by=by,
            at=now,
            restated=restated(report, now),
        )
        if facts.read_versions(trust) == before:
            break
    else:
        raise RuntimeError("Figures change faster than they can be read.")
    return Made(
        document=document,
        snapshot=document.as_json(),
        html=html_of(document),
        sheet=sheet(),
        files={kind: write(document) for kind, write in sorted(FILES.items())},
    )


@transaction.atomic
def store(report, number, made, now):
    """Store all of it, or nothing."""
    trust = Trust.objects.select_for_update().get(pk=report.meeting.trust_id)
    report = locked(report)
    if report.publishing_since is None or report.versions.filter(number=number).exists():
        return None  # another worker was first
    last = Published.objects.order_by("-place").first()
    stored = Published(
        trust=trust,
        report=report,
        number=number,
        place=last.place + 1 if last else 1,
        at=now,
        by=report.publishing_by,
        correction=report.correction,
        title=made.document.header.title,
        snapshot=made.snapshot,
        snapshot_digest=digest_of(made.snapshot),
        html=made.html,
        html_digest=digest_of(made.html),
        sheet=made.sheet,
        sheet_digest=digest_of(made.sheet),
    )
    files = [
        PublishedFile(
            published=stored,
            kind=kind,
            content=content,
            size=len(content),
            digest=digest_of(content),
        )
        for kind, content in made.files.items()
    ]
    stored.digest = chained(stored, files, last.digest if last else "")
    stored.save(force_insert=True)
    PublishedFile.objects.bulk_create(files)
    by = report.publishing_by
    report.publishing_since = report.publishing_by = None
    report.correction = ""
    report.edition += 1
    report.save()
    AuditRow.objects.record(
        "published",
        stored,
        by=by,
        at=now,
        after={"version": number, "digest": stored.digest},
        reason=stored.correction,
    )
    tell_trustees(stored, report)
    return stored


def digest_of(content):
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def chained(stored, files, before):
    """One digest over a whole version and the digest of the version before it."""
    told = [
        before,
        str(stored.trust_id),
        str(stored.report_id),
        str(stored.number),
        str(stored.place),
        stored.at.astimezone(UTC).isoformat(),  # as the database gives it back
        stored.title,
        stored.correction,
        stored.snapshot_digest,
        stored.html_digest,
        stored.sheet_digest,
    ]
    told += [f"{one.kind} {one.size} {one.digest}" for one in sorted(files, key=lambda f: f.kind)]
    return digest_of("\n".join(told))


# What trustees are told: that it is there, and where; never a figure


def trustees():
    """The trustees of the trust, in the order of their addresses."""
    held = Membership.objects.current().filter(role=Role.TRUSTEE).select_related("user")
    return sorted({one.user for one in held}, key=lambda user: user.email)


def members_of(cut):
    """The trustees who sit on a committee; nobody where none is named."""
    seated = set(cut.members.all()) if cut else set()
    return [user for user in trustees() if user in seated]


def told_of(report):
    """Who hears that a report is there: the committee's members, else every trustee."""
    return members_of(report.cut) or trustees()


def tell_trustees(stored, report):
    """A mail to each trustee who reads it, in the transaction that publishes."""
    path = reverse("reports:report-read", args=[stored.trust, report.pk])
    what = f"{stored.title} for {report.meeting}"
    if stored.number > 1:
        first = f"Version {stored.number} of {what} has been published. It replaces the one before."
    else:
        first = f"{what} has been published."
    body = f"{first}\n\nRead it here: {settings.SITE_ADDRESS}{path}\n\n{stored.trust.name}\n"
    for user in told_of(report):
        send_mail(f"{stored.title}: {stored.trust.name}"[:200], body, None, [user.email])
