"""What is promised: KPIs, the clauses that test them, and their dated versions."""

from django.db import models
from django.db.models import Q

from priorities.models import Node, NodeQuerySet, Outcome
from schools.models import Period, UnitKind, User
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
