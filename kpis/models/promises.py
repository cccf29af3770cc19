"""What is promised: KPIs, the clauses that test them, and their dated versions."""

from django.db import models
from django.db.models import Q

from priorities.models import Node, NodeQuerySet, Outcome
from schools.models import Period, Unit, UnitKind, User
from schools.tenancy import InTrust

from .measures import Applicability, Level, Measure, PupilGroup, ScaleVersion


class KPI(Node):
    """The plan's promise, in the plan's words; its clauses say how it is tested."""

    short_name = models.CharField(max_length=32, blank=True)
    outcomes = models.ManyToManyField(Outcome, blank=True, related_name="kpis")

    objects = InTrust.from_queryset(NodeQuerySet)()
    everywhere = models.Manager.from_queryset(NodeQuerySet)()

    class Meta:
        verbose_name = "KPI"

    @property
    def short(self):
        """At most 32 characters, for tables."""
        return self.short_name or self.title[:32]


class Clause(models.Model):
    """One promise of a KPI, outcome or milestone: one rule, one level, one rhythm."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="clauses")
    key = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=120, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["node", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["node", "key"], name="clause_key_once"),
        ]

    def __str__(self):
        return self.title or self.key


class Rule(models.TextChoices):
    THRESHOLD = "threshold", "Against a number"
    BAND = "band", "Inside a range"
    COMPARE = "compare", "Against an outside figure"
    TREND = "trend", "Against its own past"
    GAP = "gap", "Between groups"
    SCALE = "scale", "On a scale"
    DONE = "done", "Done"
    CASES = "cases", "Cases in time"
    JUDGED = "judged", "Judged with evidence"


class Operator(models.TextChoices):
    AT_LEAST = ">=", "at least"
    MORE_THAN = ">", "more than"
    AT_MOST = "<=", "at most"
    LESS_THAN = "<", "less than"
    IN_LINE_OR_BETTER = "in_line_or_better", "in line or better"
    ABOVE = "above", "above"
    BELOW = "below", "below"
    SIGNIFICANTLY_BETTER = "significantly_better", "significantly better"
    IN_LINE = "in_line", "in line"
    IMPROVE = "improve", "improve"
    NARROW = "narrow", "narrow"
    CLOSED = "closed", "closed"
    LEVEL = "at_least", "at least this level"
    KEEP_OR_RAISE = "maintain_or_improve", "maintain or improve"
    NONE = "", "none"


class RollUp(models.TextChoices):
    EACH = "each_school", "Each school"
    ROLLOUT = "rollout", "How many are there yet"
    SHARE = "share_of_schools", "Share of schools"
    POOLED = "pooled", "All pupils together"
    RATIO = "ratio", "Sum over sum"
    SUM = "sum", "Sum"
    TRUST_ONLY = "trust_only", "Entered once for the trust"
    LIST = "list", "Listed, not judged"


class ClauseVersion(models.Model):
    """All of a clause that decides a colour, as it stood from a period on.

    A figure is judged by the version in force on the last day of its period,
    whenever that version was typed.
    """

    class When(models.TextChoices):
        ALWAYS = "always", "From the first day"
        BY = "by", "By a date"

    class Against(models.TextChoices):
        NONE = "", "No gap"
        SAME_SCHOOL = "same_school", "Others in the same school"
        NATIONAL_OTHER = "national_other", "Others in England"
        GROUP = "group", "A named group"
        NOT_STATED = "not_stated", "Not stated"

    class RatedBy(models.TextChoices):
        ANYONE = "", "Anyone"
        SCHOOL = "school", "The school"
        TRUST = "trust", "The trust"
        OUTSIDE = "outside", "Somebody outside the trust"

    class BadSide(models.TextChoices):
        BOTH = "", "Both sides"
        LOW = "low", "Only below"
        HIGH = "high", "Only above"

    class Repeated(models.TextChoices):
        ONCE = "", "Once"
        TERM = "term", "Every term"
        YEAR = "year", "Every year"

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="versions")
    from_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=10, choices=Rule)
    operator = models.CharField(max_length=24, choices=Operator, blank=True)
    when = models.CharField(max_length=6, choices=When, default=When.ALWAYS)
    level = models.CharField(max_length=16, choices=UnitKind)
    group = models.ForeignKey(PupilGroup, on_delete=models.PROTECT, related_name="+")
    roll_up = models.CharField(max_length=16, choices=RollUp)
    share = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    months_allowed = models.PositiveSmallIntegerField(null=True, blank=True)
    repeated = models.CharField(max_length=4, choices=Repeated, blank=True)
    at_period_end = models.BooleanField(default=False)
    bad_side = models.CharField(max_length=4, choices=BadSide, blank=True)
    significant_step = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    one_pupil = models.BooleanField(default=False)
    carries_release = models.BooleanField(default=False)
    expires_months = models.PositiveSmallIntegerField(null=True, blank=True)
    baseline_period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    against = models.CharField(max_length=14, choices=Against, blank=True)
    against_group = models.ForeignKey(
        PupilGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    symmetric = models.BooleanField(default=False)
    provider = models.CharField("comparator's provider", max_length=80, blank=True)
    comparator_group = models.ForeignKey(
        PupilGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rated_by = models.CharField(max_length=8, choices=RatedBy, blank=True)
    plan_counts = models.BooleanField(
        default=False,
        help_text="An agreed plan counts as in time, with the mark by plan.",
    )
    person_bar = models.CharField(max_length=120, blank=True)
    applicability = models.ForeignKey(
        Applicability, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    to_trust = "clause__node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["clause", "from_period__on"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "from_period"], name="clause_version_once"),
            models.CheckConstraint(
                condition=~Q(against="group") | Q(against_group__isnull=False),
                name="clause_reference_group_named",
                violation_error_message="Name the group that the gap is measured against.",
            ),
        ]

    def __str__(self):
        return f"{self.clause} from {self.from_period}"


class Reading(models.Model):
    """That a clause reads a measure; several of one kind for phases or subjects."""

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="readings")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="readings")
    order = models.PositiveSmallIntegerField(default=0)

    to_trust = "measure__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["clause", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "measure"], name="reading_once"),
        ]

    def __str__(self):
        return str(self.measure)


class ReadingVersion(models.Model):
    """A reading's own margin, tolerance, step and applicability, from a period on.

    In the measure's unit; None is the default of the rules for such a measure.
    """

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="versions")
    from_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    margin = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    tolerance = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    step = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    applicability = models.ForeignKey(
        Applicability, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    to_trust = "reading__measure__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["reading", "from_period__on"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "from_period"], name="reading_version_once"),
        ]

    def __str__(self):
        return f"{self.reading} from {self.from_period}"


class ScaleTarget(models.Model):
    """The level to reach, on one version of the scale."""

    clause_version = models.ForeignKey(
        ClauseVersion, on_delete=models.PROTECT, related_name="scale_targets"
    )
    scale_version = models.ForeignKey(ScaleVersion, on_delete=models.PROTECT, related_name="+")
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+")

    to_trust = "clause_version__clause__node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clause_version", "scale_version"], name="scale_target_once"
            ),
        ]

    def __str__(self):
        return str(self.level)


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
