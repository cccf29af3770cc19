"""What is counted: measures, the groups and scales that they use, who is asked."""

from django.core.validators import MaxValueValidator
from django.db import models

from kpis.rag.given import shown_in
from schools.calendar import nominal_end, term_of
from schools.models import Basis, Office, Part, Period, Trust, Unit, UnitKind
from schools.tenancy import InTrust


class PupilGroup(models.Model):
    """A group that a figure can be about, from one list common to all trusts.

    "All pupils" is a group too, so that no key is ever null. ``complement`` is
    the rest: its figure is all minus the group where both have counts.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    complement = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complement_of",
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self):
        return self.name


class Scale(models.Model):
    """An ordered scale of the trust's choice: inspection grades, award stages."""

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="scales")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    to_trust = "trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trust", "code"], name="scale_once"),
        ]

    def __str__(self):
        return self.name


class ScaleVersion(models.Model):
    """A scale as it stood from a day on; grades of two versions never compare."""

    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="versions")
    key = models.SlugField(max_length=40)
    since = models.DateField(null=True, blank=True, help_text="Empty: from the start.")

    to_trust = "scale__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["scale", models.F("since").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["scale", "key"], name="scale_version_once"),
        ]

    def __str__(self):
        return f"{self.scale} {self.key}"


class Level(models.Model):
    """One step of a scale version, lowest first; failing ones are never amber."""

    version = models.ForeignKey(ScaleVersion, on_delete=models.PROTECT, related_name="levels")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    failing = models.BooleanField(default=False)

    to_trust = "version__scale__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="level_once"),
            models.UniqueConstraint(fields=["version", "order"], name="level_order_once"),
        ]

    def __str__(self):
        return self.name


class Applicability(models.Model):
    """To which units something applies: a rule, with a list of exceptions.

    Empty columns ask nothing. ``phases`` are the codes of schools.Phase parted
    by spaces, ``teaches_age`` asks for a school that teaches pupils who are that
    old at the start of the year.
    A body meets the rule if one of its schools does, the board always.
    """

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="applicabilities")
    phases = models.CharField(max_length=120, blank=True)
    church = models.BooleanField(null=True, blank=True)
    sixth_form = models.BooleanField(null=True, blank=True)
    teaches_age = models.PositiveSmallIntegerField(null=True, blank=True)
    improvement_phase = models.CharField(max_length=40, blank=True)

    to_trust = "trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        verbose_name_plural = "applicabilities"

    def __str__(self):
        return self.phases or "everywhere"


class ApplicabilityException(models.Model):
    """One unit for which the rule says the wrong thing, from a period on."""

    applicability = models.ForeignKey(
        Applicability, on_delete=models.CASCADE, related_name="exceptions"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    applies = models.BooleanField()
    from_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)

    to_trust = "applicability__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["applicability", "unit", "from_period"], name="exception_once"
            ),
        ]

    def __str__(self):
        return f"{self.unit}: {'applies' if self.applies else 'does not apply'}"


class MeasureQuerySet(models.QuerySet):
    def live(self):
        return self.filter(archived_at=None)

    def asked_in(self, part):
        """Those that the return of such a term asks for."""
        return self.filter(**{f"ask_{Part(part).name.lower()}": True}, source=Measure.Source.TYPED)


class Measure(models.Model):
    """What is counted, of whom it is asked, when, and for which period.

    Each measure is asked once, whatever the number of clauses that read it.
    ``about`` says whether a term asks for its own period or the one before
    (last summer's results in autumn). Without an office the unit itself
    answers; with one, that office of the trust answers about the unit.
    """

    class Kind(models.TextChoices):
        PERCENTAGE = "percentage", "Percentage"
        NUMBER = "number", "Number"
        RATE = "rate", "Rate"
        SCORE = "score", "Score"
        MONEY = "money", "Money"
        YES_NO = "yes_no", "Yes or no"
        DATE = "date", "Date"
        LEVEL = "level", "Level of a scale"
        RATING = "rating", "Rating with evidence"
        CASES = "cases", "Cases with a time limit"

    class Better(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"
        NONE = "none", "Neither is better"

    class About(models.TextChoices):
        THIS = "this", "This term or year"
        LAST = "last", "The term or year before"

    class Counts(models.TextChoices):
        NONE = "none", "The figure alone"
        BOTH = "both", "Two counts; the figure is worked out"
        WEIGHT = "weight", "The figure and how many it is about"

    class Source(models.TextChoices):
        TYPED = "typed", "Sent in a return"
        REGISTER = "register", "Worked out from the list of schools"

    class Register(models.TextChoices):
        SCHOOLS = "schools", "Schools in the trust"
        SCHOOLS_JOINED = "schools_joined", "Schools joined in the year"
        PUPILS = "pupils", "Pupils on roll"

    FIGURES = frozenset({Kind.PERCENTAGE, Kind.NUMBER, Kind.RATE, Kind.SCORE, Kind.MONEY})

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="measures")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    unit = models.CharField("unit of measurement", max_length=60, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(4)])
    better = models.CharField(max_length=6, choices=Better, default=Better.NONE)
    lowest = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    highest = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    basis = models.CharField(max_length=20, choices=Basis)
    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, null=True, blank=True)

    of = models.CharField("asked of", max_length=16, choices=UnitKind)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True)
    applicability = models.ForeignKey(
        Applicability, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ask_autumn = models.BooleanField(default=False)
    ask_spring = models.BooleanField(default=False)
    ask_summer = models.BooleanField(default=False)
    about = models.CharField(max_length=4, choices=About, default=About.THIS)
    groups = models.ManyToManyField(PupilGroup, related_name="+")
    counts = models.CharField(max_length=6, choices=Counts, default=Counts.NONE)
    per = models.PositiveIntegerField(
        default=1,
        help_text="Numerator over denominator times this: 100 for a percentage.",
    )
    numerator_name = models.CharField(max_length=80, blank=True)
    denominator_name = models.CharField(max_length=80, blank=True)
    survey = models.BooleanField(default=False, help_text="Asks for respondents and provider.")
    rated = models.BooleanField(default=False, help_text="Asks for a rating beside the figure.")
    inspection = models.BooleanField(
        default=False, help_text="Comes by inspection: having none yet is nobody's omission."
    )
    keeps_log = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Each unit keeps a log of its cases, and the count is worked out from it.",
    )
    source = models.CharField(max_length=8, choices=Source, default=Source.TYPED)
    register = models.CharField(max_length=16, choices=Register, blank=True)

    seasonal = models.BooleanField(default=False)
    what_counts = models.TextField(blank=True)
    usual_low = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    usual_high = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    usual_change = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    steady_band = models.DecimalField(max_digits=16, decimal_places=6, null=True, blank=True)
    series = models.ForeignKey(
        "kpis.Series",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
    )
    about_pupils = models.BooleanField(
        default=True, help_text="Small numbers are pupils, parents or survey answers."
    )
    min_to_judge = models.PositiveSmallIntegerField(null=True, blank=True)
    carried_terms = models.PositiveSmallIntegerField(default=3)
    valid_months = models.PositiveSmallIntegerField(default=12)
    archived_at = models.DateTimeField(null=True, blank=True)

    to_trust = "trust"
    objects = InTrust.from_queryset(MeasureQuerySet)()
    everywhere = models.Manager.from_queryset(MeasureQuerySet)()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "code"], name="measure_code_once"),
            models.CheckConstraint(
                condition=models.Q(kind="level", scale__isnull=False)
                | (~models.Q(kind="level") & models.Q(scale=None)),
                name="measure_level_has_a_scale",
                violation_error_message="A level needs its scale, and nothing else has one.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_figure(self):
        return self.kind in self.FIGURES

    def asked_parts(self):
        """The terms of the year whose returns ask for it."""
        return [part for part in Part if getattr(self, f"ask_{part.name.lower()}")]

    @property
    def shown(self):
        """How its figures are rounded and written."""
        return shown_in(self.kind, self.unit, self.decimals)

    @property
    def is_by_phase(self):
        """England publishes it phase by phase: a school that has parts answers by part."""
        return self.of == UnitKind.SCHOOL and self.about_pupils and self.series_id is not None

    def asked_about(self, term):
        """The period that a term's return asks this measure about, not yet kept."""
        year, part, on = term.period.year_id, Part(term.period.part), None
        last = self.about == self.About.LAST
        match self.basis:
            case Basis.DATE:
                on = term.ends
                year, part = term_of(on)
            case Basis.TERM | Basis.YEAR_TO_DATE if last:
                year, part = (year - 1, Part.SUMMER) if part == Part.AUTUMN else (year, part - 1)
            case Basis.ACADEMIC_YEAR | Basis.FINANCIAL_YEAR:
                year, part = year - last, Part.SUMMER
        on = on or nominal_end(year, part)
        return Period(basis=self.basis, year_id=year, part=part, on=on)

    def period_for(self, term):
        """The period that a term's return asks this measure about."""
        return Period.objects.kept(self.asked_about(term))


class MeasureBreak(models.Model):
    """From when a measure is no longer what it was: trend and gap look no further back."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="breaks")
    from_period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)

    to_trust = "measure__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "from_period"], name="break_once"),
        ]

    def __str__(self):
        return f"{self.measure}: {self.why}"
