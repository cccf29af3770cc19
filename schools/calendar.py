"""The school year: academic years, the periods that figures are about, terms.

Periods are common to all trusts; a Term gives one of them a trust's own days.
A term is collected just after it ends, so the term in which a figure is sent
and the period that it is about are two things.
"""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from .tenancy import InTrust


class Basis(models.TextChoices):
    """What span of time a figure covers. Unlike spans are never compared."""

    TERM = "term", "Term"
    YEAR_TO_DATE = "year_to_date", "Year to date"
    ACADEMIC_YEAR = "academic_year", "Academic year"
    FINANCIAL_YEAR = "financial_year", "Financial year"
    DATE = "date", "On a date"


class Part(models.IntegerChoices):
    """The three terms of a school year, in their order."""

    AUTUMN = 1, "Autumn"
    SPRING = 2, "Spring"
    SUMMER = 3, "Summer"


# The nominal last day of each term; a trust's own Term has the true one.
NOMINAL_END = {
    Part.AUTUMN: (0, 12, 31),
    Part.SPRING: (1, 4, 30),
    Part.SUMMER: (1, 8, 31),
}
NOMINAL_START = {Part.AUTUMN: (0, 9, 1), Part.SPRING: (1, 1, 1), Part.SUMMER: (1, 5, 1)}


class AcademicYear(models.Model):
    """1 September to 31 August, written 2025/26; an academy's financial year too."""

    starts_in = models.PositiveSmallIntegerField(primary_key=True)

    class Meta:
        ordering = ["starts_in"]

    def __str__(self):
        return f"{self.starts_in}/{(self.starts_in + 1) % 100:02d}"


class PeriodQuerySet(models.QuerySet):
    def for_term(self, year, part):
        return self._the(Basis.TERM, year, part)

    def year_to_date(self, year, part):
        return self._the(Basis.YEAR_TO_DATE, year, part)

    def whole_year(self, year, basis=Basis.ACADEMIC_YEAR):
        return self._the(basis, year, Part.SUMMER)

    def on_day(self, day):
        """The period of what is true on one day: an inspection, a rating, a census."""
        year, part = term_of(day)
        return self._the(Basis.DATE, year, part, on=day)

    def for_terms(self, terms):
        """The periods of several terms at once: {(year, part): period}."""
        terms = {(year, Part(part)): nominal_end(year, part) for year, part in terms}
        AcademicYear.objects.bulk_create(
            [AcademicYear(starts_in=year) for year in sorted({year for year, _ in terms})],
            ignore_conflicts=True,
        )
        self.bulk_create(
            [
                Period(basis=Basis.TERM, year_id=year, part=part, on=on)
                for (year, part), on in terms.items()
            ],
            ignore_conflicts=True,
        )
        rows = self.filter(basis=Basis.TERM, year__in={year for year, _ in terms})
        return {(row.year_id, Part(row.part)): row for row in rows}

    def kept(self, period):
        """The row of a period that may not have been needed before."""
        return self._the(period.basis, period.year_id, period.part, period.on)

    def _the(self, basis, year, part, on=None):
        asks = {"basis": basis, "year_id": year, "part": part, "on": on or nominal_end(year, part)}
        if period := self.filter(**asks).first():
            return period
        AcademicYear.objects.get_or_create(starts_in=year)
        return self.get_or_create(**asks)[0]


class Period(models.Model):
    """The stretch of time that a figure is about, the same for every trust.

    ``part`` is the term in which it ends and ``on`` its nominal last day, so no
    column of the key is ever null: a whole year ends in summer, on 31 August.
    """

    basis = models.CharField(max_length=20, choices=Basis)
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="periods")
    part = models.PositiveSmallIntegerField(choices=Part)
    on = models.DateField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["on", "basis"]
        constraints = [
            models.UniqueConstraint(fields=["basis", "year", "part", "on"], name="period_once"),
        ]

    def __str__(self):
        match self.basis:
            case Basis.DATE:
                return f"{self.on.day} {self.on:%B %Y}"
            case Basis.TERM:
                return self.term_name
            case Basis.YEAR_TO_DATE:
                return f"{self.year} to {self.get_part_display().lower()}"
        return str(self.year)

    @property
    def term_name(self):
        """The term in which it ends: Autumn 2025, Spring 2026."""
        calendar_year = self.year_id if self.part == Part.AUTUMN else self.year_id + 1
        return f"{self.get_part_display()} {calendar_year}"

    @property
    def index(self):
        """Whole terms on one line, so that terms can be counted and compared."""
        return self.year_id * 3 + self.part - 1

    @property
    def starts(self):
        """Its nominal first day."""
        match self.basis:
            case Basis.DATE:
                return self.on
            case Basis.TERM:
                years, month, day = NOMINAL_START[Part(self.part)]
                return date(self.year_id + years, month, day)
        return date(self.year_id, 9, 1)


def nominal_end(year, part):
    """The last day that a term, or what ends with it, can have."""
    years, month, day = NOMINAL_END[Part(part)]
    return date(year + years, month, day)


def term_of(day):
    """The academic year and term of a day, by the nominal calendar."""
    year = day.year if day.month >= 9 else day.year - 1
    part = Part.AUTUMN if day.month >= 9 else Part.SPRING if day.month <= 4 else Part.SUMMER
    return year, part


class TermQuerySet(models.QuerySet):
    def opened(self, today):
        """Collecting already, or collected."""
        return self.filter(opens__lte=today)

    def named(self, slug):
        """By the name in the address: 2025-autumn."""
        year, _, part = slug.partition("-")
        parts = {choice.name.lower(): choice for choice in Part}
        if not year.isascii() or not year.isdigit() or len(year) != 4 or part not in parts:
            return self.none()
        starts_in = int(year) if parts[part] == Part.AUTUMN else int(year) - 1
        return self.filter(period__year_id=starts_in, period__part=parts[part])


class Term(models.Model):
    """One trust's days of a term, and when its figures are collected."""

    trust = models.ForeignKey("schools.Trust", on_delete=models.PROTECT, related_name="terms")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="terms")
    starts = models.DateField()
    ends = models.DateField()
    opens = models.DateField(help_text="The first day on which figures can be sent.")
    due = models.DateTimeField(help_text="When the figures should be in.")
    closed_at = models.DateTimeField(null=True, blank=True)
    is_history = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its returns were due before the trust began here: nobody is late with them or "
        "reminded, and no timer closes it.",
    )

    to_trust = "trust"
    objects = InTrust.from_queryset(TermQuerySet)()
    everywhere = models.Manager()

    class Meta:
        ordering = ["period__on"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "period"], name="term_once"),
            models.CheckConstraint(
                condition=models.Q(starts__lt=models.F("ends")),
                name="term_starts_before_it_ends",
                violation_error_message="A term must start before it ends.",
            ),
        ]

    def __str__(self):
        return self.period.term_name

    @property
    def name(self):
        """Autumn 2025."""
        return self.period.term_name

    @cached_property
    def slug(self):
        calendar_year = self.period.term_name.rsplit(" ", 1)[1]
        return f"{calendar_year}-{self.period.get_part_display().lower()}"

    def is_open(self, today):
        return self.opens <= today and self.closed_at is None

    def is_collected(self, today):
        """Whether schools are asked for its figures now. History comes in from records."""
        return self.is_open(today) and not self.is_history

    def due_for(self, unit):
        """When this unit's figures should be in: its own deadline, if it has one."""
        own = self.deadlines.filter(unit=unit).first()
        return own.due if own else self.due

    def due_day(self):
        return timezone.localtime(self.due).date()


class Deadline(models.Model):
    """One unit's own last day for a term, with the reason why it has one."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="deadlines")
    unit = models.ForeignKey("schools.Unit", on_delete=models.PROTECT, related_name="deadlines")
    due = models.DateTimeField()
    reason = models.CharField(max_length=400)

    to_trust = "term__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "unit"], name="deadline_once"),
        ]

    def __str__(self):
        return f"{self.unit}: {self.due:%d %B %Y}"
