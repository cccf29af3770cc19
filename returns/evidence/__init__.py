"""Evidence: files and links beside the answers of a return."""

import secrets

from django.core.files.storage import storages
from django.db import models

from schools.models import Unit, UnitKind, User
from schools.tenancy import InTrust

from ..life.states import State
from .kinds import KINDS, size_words

SENT = [State.SUBMITTED, State.APPROVED]


def private():
    """Where files lie that nobody finds by an address."""
    return storages["private"]


def random_name(instance, filename):
    """A name that says nothing and cannot be guessed; what people called it is in ``name``."""
    return f"evidence/{secrets.token_urlsafe(24)}"


class EvidenceQuerySet(models.QuerySet):
    def seen_by(self, memberships):
        """Of own schools' returns; of what the trust has sent about them; of own offices."""
        if memberships.sees_all:
            return self
        own = Unit.objects.seen_by(memberships)
        reached = models.Q(line__return_to__unit__in=own)
        reached |= models.Q(line__unit__in=own, line__return_to__state__in=SENT)
        if memberships.office_ids:
            reached |= models.Q(
                line__return_to__unit__kind=UnitKind.TRUST,
                line__measure__office__in=memberships.office_ids,
            )
        return self.filter(reached)

    def there(self):
        """Not taken away."""
        return self.filter(removed_at=None)


class Evidence(models.Model):
    """A file or a link that shows what an answer rests on, kept with its line.

    The line outlives its entries and judgements, so evidence is there whatever
    becomes of them: sent back, reopened, sent again. A link is never followed.
    What is taken away stays as a row; its file too once the answer has been
    approved with it.
    """

    line = models.ForeignKey("returns.Line", on_delete=models.PROTECT, related_name="attached")
    name = models.CharField(max_length=120, help_text="What the person called it.")
    file = models.FileField(storage=private, upload_to=random_name, max_length=100, blank=True)
    ending = models.CharField(max_length=4, blank=True, choices=[(key, key) for key in KINDS])
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    link = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    to_trust = "line__return_to__term__trust"
    objects = InTrust.from_queryset(EvidenceQuerySet)()
    everywhere = models.Manager.from_queryset(EvidenceQuerySet)()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(link="") ^ models.Q(digest=""),
                name="evidence_file_or_link",
                violation_error_message="Evidence is a file or a link.",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.line.measure}"

    @property
    def words(self):
        """What it is: "PDF, 1.2 MB", or a link."""
        return "link" if self.link else f"{KINDS[self.ending].words}, {size_words(self.size)}"

    @property
    def told(self):
        """For the trail: what it is, and what it says of the file for ever."""
        what = {"evidence": self.name, "kind": self.words}
        return what | ({"link": self.link} if self.link else {"sha256": self.digest})


def evidence_of(return_):
    """What the answers of a return rest on as it is sent, for its row in the trail."""
    there = Evidence.objects.there().filter(line__return_to=return_)
    return [{"line": one.line_id, **one.told} for one in there]
