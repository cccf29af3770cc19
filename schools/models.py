"""Who and when: trusts, their units and schools, and what every app writes."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .calendar import AcademicYear, Basis, Deadline, Part, Period, Term
from .people import Membership, Memberships, Office, Role, User
from .queued import FullCopy, Job, Outbox
from .refused import Refused
from .tenancy import InTrust, current_trust

__all__ = [
    "AcademicYear",
    "AuditRow",
    "Basis",
    "Deadline",
    "FullCopy",
    "Job",
    "Membership",
    "Memberships",
    "Office",
    "Outbox",
    "Part",
    "Period",
    "Phase",
    "Role",
    "School",
    "SchoolBefore",
    "SchoolPhaseOfImprovement",
    "Term",
    "Trust",
    "Unit",
    "UnitKind",
    "User",
]


class Trust(models.Model):
    """A multi-academy trust: the tenant. Nothing of one trust is seen in another."""

    class PlanCountsAs(models.TextChoices):
        GREEN = "green", "On target, marked by plan"
        AMBER = "amber", "Close to target, marked by plan"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    is_example = models.BooleanField(
        default=False,
        help_text="Invented data, marked on every page, that one command removes.",
    )
    min_to_judge = models.PositiveSmallIntegerField(
        default=6,
        help_text="Below this number of pupils or answers nobody gets a colour.",
    )
    min_to_show = models.PositiveSmallIntegerField(
        default=6,
        help_text="Below it a figure is hidden from those without the right to see it.",
    )
    plan_counts_as = models.CharField(
        max_length=8, choices=PlanCountsAs, default=PlanCountsAs.GREEN
    )
    editor_submits = models.BooleanField(
        default=False,
        help_text="School editors may submit a return, not only the headteacher.",
    )
    approves_own = models.BooleanField(
        default=True,
        db_default=True,
        help_text="The data manager may approve a return that they have sent themselves.",
    )
    wants_comments = models.BooleanField(
        default=True,
        db_default=True,
        help_text="A return is submitted only with why and what next beside each figure that is "
        "off target or got worse.",
    )
    due_soon_days = models.PositiveSmallIntegerField(default=30)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def own_unit(self):
        """The trust itself as a unit: it answers for what is measured trust-wide."""
        return Unit.everywhere.get(trust=self, kind=UnitKind.TRUST)


class UnitKind(models.TextChoices):
    """What can be asked for a figure."""

    TRUST = "trust", "Trust"
    SCHOOL = "school", "School"
    PART = "part", "Part of a school"
    SITE = "site", "Site"
    BODY = "body", "Governing body"
    SUPPLIER = "supplier", "Supplier"
    OUTSIDE_SCHOOL = "outside_school", "School outside the trust"


class Phase(models.TextChoices):
    """The phase that England publishes figures by; a mixed school has a part for each."""

    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    ALL_THROUGH = "all_through", "All-through"
    SIXTEEN_PLUS = "16_plus", "16 plus"
    SPECIAL = "special", "Special"
    ALTERNATIVE = "alternative", "Alternative provision"
    ALL = "all", "All phases"


class UnitQuerySet(models.QuerySet):
    def seen_by(self, memberships):
        """Those that these memberships reach, and no other."""
        if memberships.sees_all:
            return self
        if not memberships.unit_ids:
            return self.none()
        reached = Unit.everywhere.filter(memberships.reach(), trust=memberships.trust)
        return self.filter(pk__in=reached.values("pk"))

    def in_trust_on(self, day):
        """Belonging to the trust on that day."""
        return self.filter(joined__lte=day).filter(Q(left=None) | Q(left__gte=day))

    def schools(self):
        return self.filter(kind=UnitKind.SCHOOL)

    def changed(self):
        """Raise the version of each, so that nothing judged before is shown again."""
        return self.update(data_version=F("data_version") + 1)


class Unit(models.Model):
    """Whoever answers for a figure: the trust, a school, a site, a governing body.

    ``data_version`` is raised, last before the commit, by every action that
    changes a fact of this unit that counts.
    """

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="units")
    kind = models.CharField(max_length=16, choices=UnitKind)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=18, blank=True)
    phase = models.CharField(max_length=12, choices=Phase, default=Phase.ALL)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    serves = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="served_by")
    joined = models.DateField(help_text="The first day in the trust.")
    left = models.DateField(null=True, blank=True)
    data_version = models.PositiveIntegerField(default=1, editable=False)

    to_trust = "trust"
    objects = InTrust.from_queryset(UnitQuerySet)()
    everywhere = models.Manager.from_queryset(UnitQuerySet)()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "code"], name="unit_code_once"),
            models.UniqueConstraint(
                fields=["trust"],
                condition=Q(kind="trust"),
                name="unit_one_for_the_trust",
            ),
            models.CheckConstraint(
                condition=Q(kind="part", parent__isnull=False) | ~Q(kind="part"),
                name="unit_part_of_something",
                violation_error_message="A part of a school must name its school.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """At most 18 characters, for the head of a column."""
        return self.short_name or self.name[:18]


class School(Unit):
    """A school: what the register (GIAS) knows of it, and how the trust sees it."""

    urn = models.CharField("URN", max_length=6, unique=True, null=True, blank=True)
    laestab = models.CharField("DfE number", max_length=7, blank=True)
    type_code = models.CharField("GIAS type", max_length=2, blank=True)
    low_age = models.PositiveSmallIntegerField()
    high_age = models.PositiveSmallIntegerField()
    is_church = models.BooleanField("church school", default=False)
    has_sixth_form = models.BooleanField(default=False)
    predecessor_urn = models.CharField(max_length=6, blank=True)
    pupils_on_roll = models.PositiveIntegerField(null=True, blank=True)

    objects = InTrust.from_queryset(UnitQuerySet)()
    everywhere = models.Manager.from_queryset(UnitQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(low_age__lt=F("high_age")),
                name="school_ages_in_order",
                violation_error_message="The lowest age must be below the highest.",
            ),
        ]

    def as_on(self, day):
        """What was true of it on a day: this row, or the one of a time before."""
        return self.before.filter(until__gte=day).order_by("until").first() or self

    def become(self, since, **facts):
        """Let facts of DATED be others from a day on; what was true until then is kept.

        Changed twice from the same day, the later one corrects the earlier.
        Refused before a day from which something has changed already.
        """
        until = since - timedelta(days=1)
        latest = self.before.order_by("until").last()
        if latest and until < latest.until:
            changed = latest.until + timedelta(days=1)
            raise Refused(
                f"{self} has changed from {changed} on already, so nothing can change from {since}."
            )
        if self.joined < since and not (latest and latest.until == until):
            was = {name: getattr(self, name) for name in DATED}
            self.before.create(until=until, **was)
        for name, value in facts.items():
            setattr(self, name, value)
        self.save()


# What the register says of a school, and what may be otherwise from a day on.
DATED = (
    "name",
    "urn",
    "laestab",
    "type_code",
    "phase",
    "low_age",
    "high_age",
    "is_church",
    "has_sixth_form",
    "pupils_on_roll",
)


class SchoolBefore(models.Model):
    """What was true of a school up to and including a day; what is true now is in School.

    Each row follows the one before it, so the earliest that a day has not
    passed is the one in force on that day.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="before")
    until = models.DateField(help_text="The last day on which all of this was true.")
    name = models.CharField(max_length=120)
    urn = models.CharField("URN", max_length=6, null=True, blank=True)
    laestab = models.CharField("DfE number", max_length=7, blank=True)
    type_code = models.CharField("GIAS type", max_length=2, blank=True)
    phase = models.CharField(max_length=12, choices=Phase)
    low_age = models.PositiveSmallIntegerField()
    high_age = models.PositiveSmallIntegerField()
    is_church = models.BooleanField("church school")
    has_sixth_form = models.BooleanField()
    pupils_on_roll = models.PositiveIntegerField(null=True, blank=True)

    to_trust = "school__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        verbose_name = "school before a change"
        verbose_name_plural = "schools before a change"
        ordering = ["school", "until"]
        constraints = [
            models.UniqueConstraint(fields=["school", "until"], name="school_before_once"),
        ]

    def __str__(self):
        return f"{self.name}, until {self.until}"


class SchoolPhaseOfImprovement(models.Model):
    """From when a school has stood at which stage of the trust's support."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="improvement_phases")
    name = models.CharField(max_length=40)
    since = models.DateField()

    to_trust = "school__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["school", "since"]
        constraints = [
            models.UniqueConstraint(fields=["school", "since"], name="improvement_phase_once"),
        ]

    def __str__(self):
        return f"{self.school}: {self.name}"


class AuditRowManager(InTrust):
    def record(self, action, thing, *, by, unit=None, before=None, after=None, **about):
        """Write what was done to one thing, in the transaction that does it.

        ``before`` and ``after`` are plain data, as JSON takes it. ``about`` may
        say ``reason``, ``channel`` and ``on_behalf_of``.
        """
        row = self.prepared(action, thing, by=by, unit=unit, before=before, after=after, **about)
        row.save(force_insert=True)
        return row

    def prepared(self, action, thing, *, by, unit=None, **about):
        """A row that is not written yet, for ``bulk_create``: many things at once."""
        trust = thing if isinstance(thing, Trust) else (unit.trust if unit else None)
        return self.model(
            trust=trust or current_trust(),
            action=action,
            thing_kind=thing._meta.label_lower,
            thing_id=thing.pk,
            thing_name=str(thing)[:200],
            unit=unit,
            by=by,
            **about,
        )


class AuditRow(models.Model):
    """One action on one thing: who, when, before, after and why. Never changed.

    The database refuses to change or delete a row; only example data may go,
    together with its trust.
    """

    class Channel(models.TextChoices):
        FORM = "form", "On screen"
        IMPORT = "import", "From a file"
        COMMAND = "command", "By a command"
        ADMIN = "admin", "By the system administrator"

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="audit_rows")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.FORM)
    action = models.CharField(max_length=40)
    thing_kind = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    thing_name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    to_trust = "trust"
    objects = AuditRowManager()
    everywhere = models.Manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["thing_kind", "thing_id"], name="audit_of_a_thing"),
            models.Index(fields=["trust", "unit"], name="audit_of_a_unit"),
        ]

    def __str__(self):
        return f"{self.action}: {self.thing_name}"

    @property
    def how(self):
        """The way in which it was done, whatever was done: "on screen", "from a file"."""
        return self.get_channel_display().lower()
