"""Outside figures that a trust's own are held against: England, similar schools."""

from django.db import models
from django.db.models import F, Q

from schools.models import Basis, Period


class SeriesQuerySet(models.QuerySet):
    def changed(self):
        """Raise the version of each, so that nothing judged before is shown again."""
        return self.update(data_version=F("data_version") + 1)


class Series(models.Model):
    """The identity of an outside figure: who gives it, what it is, on which basis.

    Two official England figures exist for the same thing, so a provider and a
    name are not enough: the basis belongs to it. ``owner`` is empty for what is
    common to all trusts, and the slug of a trust for its own budget or policy.
    """

    owner = models.CharField(max_length=60, blank=True)
    provider = models.CharField(max_length=80)
    what = models.CharField(max_length=60)
    basis = models.CharField(max_length=20, choices=Basis)
    is_example = models.BooleanField(default=False, help_text="Invented, and marked so on screen.")
    data_version = models.PositiveIntegerField(default=1, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["what", "provider", "basis"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "provider", "what", "basis"], name="series_once"
            ),
        ]

    def __str__(self):
        return f"{self.provider}: {self.what}, {self.get_basis_display().lower()}"


class Scope(models.TextChoices):
    """For whom an outside figure is: all schools, a phase, or one school or unit."""

    EVERYONE = "everyone", "Everyone"
    PHASE = "phase", "Phase"
    UNIT = "unit", "One school or unit"


class Release(models.TextChoices):
    """How final an outside figure is, in the order in which they come."""

    PROVISIONAL = "provisional", "Provisional"
    REVISED = "revised", "Revised"
    FINAL = "final", "Final"


class Comparator(models.Model):
    """One published outside figure, or the fact that there will be none.

    ``value`` is None where the provider has said that it does not publish the
    figure for the period, which is not the same as a missing row. ``scope_code``
    is a phase, or the URN of a school, or empty for everyone.
    """

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="comparators")
    scope = models.CharField(max_length=8, choices=Scope, default=Scope.EVERYONE)
    scope_code = models.CharField(max_length=40, blank=True)
    group = models.ForeignKey("kpis.PupilGroup", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    release = models.CharField(max_length=12, choices=Release, default=Release.FINAL)
    value = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    not_published = models.BooleanField(default=False)
    printed_in_plan = models.BooleanField(
        default=False,
        help_text="A yardstick: used for every period until it is replaced.",
    )
    published_on = models.DateField(null=True, blank=True)
    source_title = models.CharField(max_length=200, blank=True)
    source_ref = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["series", "period__on"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "scope", "scope_code", "group", "period", "release"],
                name="comparator_once",
            ),
            models.CheckConstraint(
                condition=Q(not_published=True, value=None, low=None, high=None)
                | Q(not_published=False, value__isnull=False)
                | Q(not_published=False, low__isnull=False, high__isnull=False),
                name="comparator_value_or_not_published",
                violation_error_message="Give a figure, two limits, or say that none is published.",
            ),
        ]

    def __str__(self):
        return f"{self.series}: {self.period}"
