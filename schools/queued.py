"""What waits for the worker: mail, long jobs, and the archive that one of them makes."""

from datetime import timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone

from .tenancy import InTrust


class LeasedQuerySet(models.QuerySet):
    """Rows that one worker at a time takes by a conditional update."""

    def waiting(self, now):
        return self.filter(done_at=None, tries__lt=8, not_before__lte=now).order_by("pk")

    def take(self, now):
        """The next row, leased to the caller; None if there is none.

        The lease grows with the tries, so a worker that died leaves its row to
        another. Works alike on SQLite and PostgreSQL, which SKIP LOCKED does not.
        """
        for row in self.waiting(now)[:20]:
            lease = now + min(timedelta(seconds=60) * 2**row.tries, timedelta(hours=6))
            mine = self.waiting(now).filter(pk=row.pk, tries=row.tries)
            if mine.update(tries=F("tries") + 1, not_before=lease):
                row.refresh_from_db()
                return row
        return None


class Leased(models.Model):
    """Work queued in the transaction that wants it and done by ``manage.py work``."""

    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]


class Outbox(Leased):
    """A mail that is to go out: at least once, retried, never in a saving request."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(blank=True)

    class Meta(Leased.Meta):
        verbose_name_plural = "outbox"

    def __str__(self):
        return f"{self.subject} to {self.to}"


class Job(Leased):
    """Long work of one kind; its arguments are the primary keys that it needs."""

    kind = models.CharField(max_length=40)
    trust = models.ForeignKey(
        "schools.Trust", on_delete=models.PROTECT, null=True, related_name="jobs"
    )
    argument = models.BigIntegerField(null=True)

    def __str__(self):
        return f"{self.kind} {self.argument}"


class FullCopy(models.Model):
    """An archive of all of a trust's data that somebody has asked for, and its file.

    It is made by the worker and thrown away after a week. ``name`` is its name
    in the private storage, chosen before it is made, so that a worker that
    dies leaves nothing behind that nobody knows of.
    """

    LASTS = timedelta(days=7)

    trust = models.ForeignKey("schools.Trust", on_delete=models.PROTECT, related_name="full_copies")
    asked_by = models.ForeignKey("schools.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    name = models.CharField(max_length=100, unique=True)
    made_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    to_trust = "trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        verbose_name_plural = "full copies"
        ordering = ["-pk"]

    def __str__(self):
        return f"Full copy of {timezone.localtime(self.asked_at):%d %B %Y}"

    @property
    def lasts_until(self):
        return self.made_at and self.made_at + self.LASTS

    def is_there(self, now):
        """Made, and not thrown away yet."""
        return self.made_at is not None and now < self.lasts_until
