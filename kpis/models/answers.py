"""What was answered: entries, judgements, cases, and what people said about them."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q

from priorities.models import Node
from schools.models import Period, Term, Unit, User
from schools.tenancy import InTrust

from .measures import Level, Measure, PupilGroup


class Standing(models.TextChoices):
    """Sent in, or accepted by the trust."""

    PROVISIONAL = "provisional", "Sent in, not approved yet"
    APPROVED = "approved", "Approved"


class WhyNone(models.TextChoices):
    """Why there is no figure. The first two are claims until the trust accepts them."""

    NOT_APPLICABLE = "not_applicable", "Not applicable to this school"
    TOO_FEW = "too_few", "Too few pupils"
    NOT_AVAILABLE = "not_available", "Not available yet"


class Done(models.TextChoices):
    YES = "yes", "Yes"
    NOT_YET = "not_yet", "Not yet"
    AT_RISK = "at_risk", "Not yet, and at risk"


def exactly_one(*names):
    """A condition: one of these columns has an answer, the others are null."""
    only = (Q(**{f"{name}__isnull": name != answered for name in names}) for answered in names)
    return reduce(or_, only)


class AnswerQuerySet(models.QuerySet):
    def seen_by(self, memberships):
        """Of the units that these memberships reach, and no other."""
        return self.filter(unit__in=Unit.objects.seen_by(memberships))

    def provisional(self):
        """Sent in, and not approved yet."""
        return self.filter(standing=Standing.PROVISIONAL)

    def approved(self):
        return self.filter(standing=Standing.APPROVED)

    def ready_to_judge(self):
        """The provisional one of each pair, the approved where there is no other."""
        twin = self.model.everywhere.provisional().filter(
            **{name: models.OuterRef(name) for name in self.model.SAME_QUESTION}
        )
        return self.filter(Q(standing=Standing.PROVISIONAL) | ~models.Exists(twin))


class Entry(models.Model):
    """One answer of one unit: a figure, a level, a day, or why there is none.

    It counts from the day its return is submitted, provisionally until it is
    approved; what is still being typed is a line in ``returns``. It is asked
    once, however many clauses read it. Whether it is good news is decided in
    ``kpis.rag``, never here. For cases without a log, ``numerator`` is those
    overdue now and ``value`` and ``denominator`` all of them.
    """

    SAME_QUESTION = ["measure_id", "unit_id", "period_id", "group_id"]

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="entries")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(PupilGroup, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=12, choices=Standing)
    value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, null=True, blank=True)
    done = models.CharField(max_length=8, choices=Done, null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    why_none = models.CharField(max_length=16, choices=WhyNone, null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    claim_accepted = models.BooleanField(default=False)
    respondents = models.PositiveIntegerField(null=True, blank=True)
    invited = models.PositiveIntegerField(null=True, blank=True)
    provider = models.CharField(max_length=80, blank=True)
    collected_in = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")

    to_trust = "measure__trust"
    objects = InTrust.from_queryset(AnswerQuerySet)()
    everywhere = models.Manager.from_queryset(AnswerQuerySet)()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "unit", "period", "group", "standing"],
                name="entry_asked_once",
            ),
            models.CheckConstraint(
                condition=exactly_one("value", "level", "done", "why_none"),
                name="entry_one_answer",
                violation_error_message="Give one answer, or say why there is none.",
            ),
            models.CheckConstraint(
                condition=Q(numerator=None) | Q(denominator__isnull=False),
                name="entry_numerator_has_a_denominator",
                violation_error_message="A part needs the whole that it is a part of.",
            ),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gte=0),
                name="entry_denominator_not_negative",
                violation_error_message="A whole cannot be below zero.",
            ),
            models.CheckConstraint(
                condition=Q(respondents=None) | Q(invited=None) | Q(respondents__lte=F("invited")),
                name="entry_respondents_were_invited",
                violation_error_message="More people answered than were asked.",
            ),
        ]
        indexes = [models.Index(fields=["unit", "collected_in"], name="entry_of_a_return")]

    def __str__(self):
        return f"{self.measure}, {self.unit}, {self.period}"


class Judgement(models.Model):
    """A named person's rating on a day, with the evidence for it."""

    SAME_QUESTION = ["measure_id", "unit_id", "group_id", "kind", "on"]

    class Kind(models.TextChoices):
        INTERNAL = "internal", "Internal"
        EXTERNAL = "external", "External"

    class Rating(models.TextChoices):
        GREEN = "green", "On target"
        AMBER = "amber", "Close to target"
        RED = "red", "Off target"

    class RatedBy(models.TextChoices):
        SCHOOL = "school", "The school"
        TRUST = "trust", "The trust"
        OUTSIDE = "outside", "Somebody outside the trust"

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="judgements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="judgements")
    group = models.ForeignKey(PupilGroup, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    on = models.DateField()
    standing = models.CharField(max_length=12, choices=Standing)
    rating = models.CharField(max_length=5, choices=Rating)
    rated_by = models.CharField(max_length=7, choices=RatedBy)
    reviewer = models.CharField(max_length=120)
    evidence = models.TextField()
    collected_in = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")

    to_trust = "measure__trust"
    objects = InTrust.from_queryset(AnswerQuerySet)()
    everywhere = models.Manager.from_queryset(AnswerQuerySet)()

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "unit", "group", "kind", "on", "standing"],
                name="judgement_once",
            ),
            models.CheckConstraint(
                condition=~Q(reviewer="") & ~Q(evidence=""),
                name="judgement_names_reviewer_and_evidence",
                violation_error_message="Say who judged it, and on what evidence.",
            ),
        ]

    def __str__(self):
        return f"{self.measure}, {self.unit}: {self.get_rating_display()}"


class CaseQuerySet(models.QuerySet):
    def of_term(self, starts, ends):
        """Those that came up by the end of a term and were open on one of its days."""
        return self.filter(opened__lte=ends).exclude(closed__lt=starts).order_by("opened", "pk")


class Case(models.Model):
    """One time-limited thing: a defect found, a vacancy opened. No names of people.

    It stands in the log that its unit keeps inside its returns. What counts is
    a `CountedCase`: the case as it stood when the log was sent.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    what = models.CharField(max_length=120)
    opened = models.DateField()
    planned = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)

    to_trust = "measure__trust"
    objects = InTrust.from_queryset(CaseQuerySet)()
    everywhere = models.Manager.from_queryset(CaseQuerySet)()

    class Meta:
        ordering = ["opened"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed=None) | Q(closed__gte=F("opened")),
                name="case_closed_after_it_opened",
                violation_error_message="A case cannot close before it opened.",
            ),
        ]

    def __str__(self):
        return self.what


class CountedCase(models.Model):
    """A case as it stood in the log when its unit sent it: one of those that an entry counts.

    It counts as long as its entry does, provisionally or approved, and goes with it.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="cases")
    what = models.CharField(max_length=120)
    opened = models.DateField()
    planned = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)

    to_trust = "entry__measure__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["opened", "pk"]

    def __str__(self):
        return self.what


class Comment(models.Model):
    """Why a result is what it is and what happens next, by unit and term.

    It comes from the lines of a return, or is written ``on_page`` beside the
    result, by a leader for the trust; that one no return takes away.
    """

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="comments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=400, blank=True)
    what_next = models.CharField(max_length=400, blank=True)
    on_page = models.BooleanField(default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "unit", "term"], name="comment_once"),
        ]

    def __str__(self):
        return f"{self.node}, {self.unit}, {self.term}"


class Reply(models.Model):
    """What a headteacher says to a status of their school: one, and it stays beside it."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="replies")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["node", "unit", "term"], name="reply_once"),
        ]

    def __str__(self):
        return f"{self.node}, {self.unit}, {self.term}"


class Override(models.Model):
    """A leader's own status in place of the one worked out, for one term only."""

    class Status(models.TextChoices):
        GREEN = "green", "On target"
        AMBER = "amber", "Close to target"
        RED = "red", "Off target"

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="overrides")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=5, choices=Status)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "unit", "term"], name="override_once"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="override_needs_a_reason",
                violation_error_message="Say why.",
            ),
        ]

    def __str__(self):
        return f"{self.node}, {self.unit}: {self.get_status_display()}"
