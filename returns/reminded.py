"""That somebody has been reminded: at most once a day."""

from django.db import models

from schools.models import Trust, User
from schools.tenancy import InTrust


class Reminder(models.Model):
    """One mail to one person on one day (Europe/London) about all that they owe.

    It is written in the transaction that queues the mail, so that asking twice
    sends one. What the mail said is not kept: it is what was missing that day.
    """

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="reminders")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    returns = models.ManyToManyField("returns.Return", related_name="reminders")

    to_trust = "trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "person", "day"], name="reminder_once_a_day"),
        ]

    def __str__(self):
        return f"{self.person}, {self.day}"
