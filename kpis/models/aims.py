"""Where a promise starts and what it must reach by when: baselines, targets, dates."""

from django.db import models
from django.db.models import Q

from priorities.models import Node
from schools.models import Period, Unit, User
from schools.tenancy import InTrust

from .measures import Level, PupilGroup
from .promises import Clause, Reading


class Season(models.IntegerChoices):
    """The term of the year that a baseline is for; 0 is any."""

    ALL_YEAR = 0, "All year"
    AUTUMN = 1, "Autumn"
    SPRING = 2, "Spring"
    SUMMER = 3, "Summer"


class Baseline(models.Model):
    """What a unit started from, where the clause's baseline period does not say it.

    Either ``entry_period``, the period whose entry is this unit's baseline, or
    a figure or level that is in no entry: printed in the plan (``printed`` holds
    its words, such as "currently"), or the grade on joining. ``dated`` is the
    period that the trust has given to an undated printed figure. A printed
    difference to a benchmark is kept and shown, never judged.
    """

    class DifferenceIn(models.TextChoices):
        NONE = "", "No difference"
        POINTS = "points", "Points"
        RELATIVE = "relative", "Relative"
        UNKNOWN = "unknown", "Not stated"

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="baselines")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(PupilGroup, on_delete=models.PROTECT, related_name="+")
    season = models.PositiveSmallIntegerField(choices=Season, default=Season.ALL_YEAR)
    from_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    entry_period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    value = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, null=True, blank=True)
    dated = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    printed = models.CharField(max_length=80, blank=True)
    difference = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    difference_in = models.CharField(max_length=8, choices=DifferenceIn, blank=True)
    difference_from = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    to_trust = "reading__measure__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "unit", "group", "season", "from_period"],
                name="baseline_once",
            ),
            models.CheckConstraint(
                condition=Q(entry_period__isnull=False, value=None, level=None)
                | Q(entry_period=None, value__isnull=False, level=None)
                | Q(entry_period=None, value=None, level__isnull=False),
                name="baseline_one_answer",
                violation_error_message="Name a period, or give a figure, or a level.",
            ),
        ]

    def __str__(self):
        return f"Baseline of {self.reading}"


class Target(models.Model):
    """The number to reach, for one unit from a period on; the trust's is the default."""

    class Path(models.TextChoices):
        NONE = "", "Judged on the target from the first day"
        EVEN = "even", "Even steps from the baseline"
        STEPS = "steps", "Steps typed one by one"

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    words = models.CharField(
        max_length=120,
        blank=True,
        help_text="As printed, where the plan names no number.",
    )
    printed = models.BooleanField(
        default=False,
        help_text="Printed in the plan; otherwise our reading of its words.",
    )
    path = models.CharField(max_length=5, choices=Path, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    to_trust = "reading__measure__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "unit", "from_period"], name="target_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, low=None, high=None)
                | Q(
                    value=None,
                    low__isnull=False,
                    high__isnull=False,
                    low__lte=models.F("high"),
                )
                | (Q(value=None, low=None, high=None) & ~Q(words="")),
                name="target_value_or_range",
                violation_error_message="Give one number, a lowest and a highest, or the words.",
            ),
        ]

    def __str__(self):
        return f"Target of {self.reading}"


class TargetStep(models.Model):
    """Where the path to a target should be by the end of a period."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="steps")
    by_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=16, decimal_places=6)

    to_trust = "target__reading__measure__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["target", "by_period__on"]
        constraints = [
            models.UniqueConstraint(fields=["target", "by_period"], name="target_step_once"),
        ]

    def __str__(self):
        return f"{self.value} by {self.by_period}"


class Due(models.Model):
    """By when something is to be done: the words as printed, and the day they mean.

    Moving a date adds a version and keeps the first. ``resolved`` is None for
    words that name no day.
    """

    class Precision(models.TextChoices):
        DAY = "day", "Day"
        MONTH = "month", "Month"
        TERM = "term", "Term"
        ACADEMIC_YEAR = "academic_year", "Academic year"
        YEAR = "year", "Year"
        READY = "ready", "Ready by the first day"
        PLAN_END = "plan_end", "End of the plan"
        NONE = "none", "No date"

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="dues")
    clause = models.ForeignKey(
        Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="dues"
    )
    step = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField(default=1)
    label = models.CharField(max_length=80, blank=True)
    precision = models.CharField(max_length=13, choices=Precision)
    resolved = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    at_risk = models.BooleanField(default=False)
    done_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["node", "clause", "step", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "step", "version"],
                condition=Q(clause=None),
                name="due_of_a_node_once",
            ),
            models.UniqueConstraint(
                fields=["node", "clause", "step", "version"],
                condition=Q(clause__isnull=False),
                name="due_of_a_clause_once",
            ),
        ]

    def __str__(self):
        return self.label or str(self.resolved or "No date")
