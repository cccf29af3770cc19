"""The columns that hold what was typed for one question, whatever it is."""

from operator import attrgetter

from django.db import models

from ..asked.questions import NAMES, Typed

_texts_of = attrgetter(*NAMES)


class Texts(models.Model):
    """Text of a line, part by part."""

    value = models.CharField(max_length=200, blank=True)
    numerator = models.CharField(max_length=60, blank=True)
    denominator = models.CharField(max_length=60, blank=True)
    why_none = models.CharField(max_length=40, blank=True)
    until = models.CharField(max_length=40, blank=True)
    on = models.CharField(max_length=40, blank=True)
    respondents = models.CharField(max_length=20, blank=True)
    invited = models.CharField(max_length=20, blank=True)
    provider = models.CharField(max_length=80, blank=True)
    rating = models.CharField(max_length=40, blank=True)
    reviewer = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    evidence = models.TextField(blank=True)
    note = models.CharField(max_length=400, blank=True)
    why = models.CharField(max_length=400, blank=True)
    what_next = models.CharField(max_length=400, blank=True)

    class Meta:
        abstract = True

    @property
    def typed(self):
        return Typed._make(_texts_of(self))
