"""Spreadsheets that were sent in: the files, what each has changed, and what heads mean."""

from secrets import token_hex

from django.core.files.storage import storages
from django.db import models

from kpis.models import Measure, PupilGroup
from schools.models import Trust, Unit, User
from schools.tenancy import InTrust

from .models import Line, Return
from .spreadsheets.files import COLUMNS
from .spreadsheets.reading import ending_of
from .typed.texts import Texts

HEADING_LENGTH = 120


def private():
    return storages["private"]


def random_name(upload, name):
    """Where the file lies: nobody guesses it, and nothing of its own name is in it."""
    return f"uploads/{token_hex(16)}"


class UploadQuerySet(models.QuerySet):
    def seen_by(self, memberships):
        """One's own, and those for returns that one sees."""
        if memberships.sees_all:
            return self
        returns = Return.objects.seen_by(memberships)
        return self.filter(models.Q(by=memberships.user) | models.Q(return_to__in=returns))


class Upload(models.Model):
    """A file of figures: checked, and nothing more until the person who sent it applies it.

    ``return_to`` is the return that it was sent for, null where it may be for
    any. Applied once; the file is kept with what it has changed.
    """

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="uploads")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    return_to = models.ForeignKey(Return, on_delete=models.PROTECT, null=True, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=random_name, storage=private, max_length=200)
    digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, default="utf-8")
    checked_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    to_trust = "trust"
    objects = InTrust.from_queryset(UploadQuerySet)()
    everywhere = models.Manager.from_queryset(UploadQuerySet)()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    @property
    def ending(self):
        """How its name ends, by what the file is."""
        with self.file.open("rb") as file:
            return ending_of(file.read())


class UploadedLine(Texts):
    """What an upload has made of one line: where the file says it, and what the line said before.

    ``version`` is the line's after it. If the line has another one by now,
    somebody has changed it since, and undoing leaves it alone.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField(max_length=60, blank=True)
    row = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    undone = models.BooleanField(default=False)

    to_trust = "upload__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "line"], name="uploaded_line_once"),
        ]

    def __str__(self):
        return f"{self.upload}, row {self.row}"


class Heading(models.Model):
    """What a head of another program's export means, as somebody of a school has said it once.

    ``column`` is empty where it means nothing to us. With a ``measure`` it is
    the box of it that the column fills, in a file with a column for each
    measure: for the ``group``, or without one for that which the row says. The
    trust's own unit stands for files with several schools.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    heading = models.CharField(max_length=HEADING_LENGTH)
    column = models.CharField(
        max_length=20, blank=True, choices=[(column, column) for column in COLUMNS]
    )
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="+")
    group = models.ForeignKey(PupilGroup, on_delete=models.PROTECT, null=True, related_name="+")

    to_trust = "unit__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["heading"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "heading"], name="heading_once"),
        ]

    def __str__(self):
        return self.heading
