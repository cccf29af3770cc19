"""What a board is told: meetings, the report being drafted, and what was published."""

from django.db import models
from django.utils import timezone

from kpis.models import KPI
from priorities.models import Node, Plan
from schools.models import Term, Trust, Unit, User
from schools.tenancy import InTrust


class MeetingQuerySet(models.QuerySet):
    def to_come(self, today):
        return self.filter(on__gte=today).order_by("on")


class Meeting(models.Model):
    """A day on which the board, or one of its committees, meets and reads reports."""

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="meetings")
    name = models.CharField(max_length=120)
    on = models.DateField("date")
    papers_on = models.DateField("papers go out on", null=True, blank=True)
    committee = models.CharField(max_length=80, blank=True)

    to_trust = "trust"
    objects = InTrust.from_queryset(MeetingQuerySet)()
    everywhere = models.Manager()

    class Meta:
        ordering = ["-on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "name", "on"], name="meeting_once"),
        ]

    def __str__(self):
        return f"{self.name}, {self.on.day} {self.on:%B %Y}"


class Cut(models.Model):
    """A committee: which priorities and which KPIs it reads, and which trustees sit on it.

    A priority without any of its KPIs chosen comes with all of them. Without
    ``members`` every trustee is told of its reports; all may read them anyway.
    """

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="cuts")
    name = models.CharField(max_length=80)
    priorities = models.ManyToManyField(Node, related_name="+")
    kpis = models.ManyToManyField(KPI, related_name="+", blank=True)
    members = models.ManyToManyField(User, related_name="+", blank=True)

    to_trust = "trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "name"], name="cut_once"),
        ]

    def __str__(self):
        return self.name


class Provisional(models.TextChoices):
    """What becomes of figures that are sent in and not approved yet."""

    MARK = "mark", "Show them, marked as provisional"
    LEAVE_OUT = "leave_out", "Leave them out"


class Report(models.Model):
    """One report to one meeting: a draft until it is published, and the choices behind it.

    A meeting reads one report of a term for the whole board, and one for each
    committee: ``cut`` is what that committee reads, None for everything.
    It is edited by leaders only and read by trustees never: they read what was
    `Published` of it. ``edition`` is raised by each change. While
    ``publishing_since`` is set, the worker makes the next version.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reports")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="reports")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    cut = models.ForeignKey(
        Cut, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    for_decision = models.BooleanField("decision", default=False)
    for_assurance = models.BooleanField("assurance", default=True)
    for_information = models.BooleanField("information", default=False)
    summary = models.TextField(blank=True)
    provisional = models.CharField(max_length=9, choices=Provisional, default=Provisional.MARK)
    priorities = models.ManyToManyField(Node, related_name="+", blank=True)
    shows_results = models.BooleanField("all results", default=True)
    shows_milestones = models.BooleanField("milestones and actions", default=True)
    shows_risks = models.BooleanField("risks", default=True)
    edition = models.PositiveIntegerField(default=1, editable=False)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    publishing_since = models.DateTimeField(null=True, editable=False)
    publishing_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    correction = models.CharField(max_length=400, blank=True)

    to_trust = "meeting__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["-meeting__on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "term"],
                condition=models.Q(cut=None),
                name="report_of_the_board_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "term", "cut"],
                condition=~models.Q(cut=None),
                name="report_of_a_cut_once",
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.meeting}"

    @property
    def title(self):
        """Board report: Autumn 2025; of a committee's cut with its name."""
        return f"Board report: {self.term}{f', {self.cut}' if self.cut else ''}"


class Ask(models.Model):
    """One thing that the board is asked to decide or to answer; ``about`` is its exception."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="asks")
    order = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    about = models.ForeignKey(
        "Pick", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    to_trust = "report__meeting__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["report", "order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "order"], name="ask_once"),
        ]

    def __str__(self):
        return self.words


class Pick(models.Model):
    """One result that the report names as an exception, with what is said about it.

    ``rule`` is the suggestion it came from, "" where a person chose it.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="picks")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=400, blank=True)
    what_next = models.CharField(max_length=400, blank=True)
    who = models.CharField(max_length=120, blank=True)
    by_when = models.CharField(max_length=120, blank=True)
    rule = models.CharField(max_length=80, blank=True)

    to_trust = "report__meeting__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["report", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "node", "unit"], name="pick_once"),
        ]

    def __str__(self):
        return f"{self.node}, {self.unit}"


class PublishedQuerySet(models.QuerySet):
    def latest_of_each(self):
        """The versions that no later one replaces, newest first."""
        later = Published.everywhere.filter(
            report=models.OuterRef("report"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(later)).order_by("-place")

    def newest_for(self, cut=None):
        """The latest to the same readers, the whole board without a cut; else the latest of all.

        None without any.
        """
        is_theirs = models.Q(report__cut=cut)
        latest = self.latest_of_each().annotate(
            is_theirs=models.Case(models.When(is_theirs, 1), default=0)
        )
        return latest.order_by("-is_theirs", "-place").first()

    def newest_told_to(self, user):
        """The latest of those that this trustee was told of; without any, the latest of all."""
        seats = Cut.members.through.objects.filter(cut=models.OuterRef("report__cut"))
        theirs = ~models.Exists(seats) | models.Exists(seats.filter(user=user))
        latest = self.latest_of_each()
        return latest.filter(theirs).first() or latest.first()


class Published(models.Model):
    """One published version of a report: stored once, and never changed again.

    ``snapshot`` is the whole document as JSON text, ``html`` the page made from
    it and ``sheet`` its style sheet, each with its SHA-256; the files are rows
    of their own. ``place`` counts the versions of the trust: ``digest`` is over
    all of this one and the digest of the place before, so that nothing can be
    changed, left out or put in between without `verify_reports` finding it.
    """

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="published")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    place = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    correction = models.CharField(max_length=400, blank=True)
    title = models.CharField(max_length=200)
    snapshot = models.TextField()
    snapshot_digest = models.CharField(max_length=64)
    html = models.TextField()
    html_digest = models.CharField(max_length=64)
    sheet = models.TextField()
    sheet_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    to_trust = "trust"
    objects = InTrust.from_queryset(PublishedQuerySet)()
    everywhere = models.Manager.from_queryset(PublishedQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "published"
        ordering = ["-place"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="published_once"),
            models.UniqueConstraint(fields=["trust", "place"], name="published_in_a_row"),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(correction=""),
                name="published_again_says_why",
                violation_error_message="Say what this version corrects.",
            ),
        ]

    def __str__(self):
        return f"{self.title}, version {self.number}"


class PublishedFile(models.Model):
    """A file of a published version, as it was made then. ``kind`` is the end of its name."""

    published = models.ForeignKey(Published, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    to_trust = "published__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["published", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["published", "kind"], name="published_file_once"),
        ]

    def __str__(self):
        return f"{self.published}, {self.kind}"

    @property
    def ending(self):
        """How its name ends."""
        return self.kind


class Question(models.Model):
    """What a trustee asks about one item before the meeting, and the answer.

    ``item`` is the item's key, which stays the same from version to version;
    "" is the report as a whole.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="questions")
    item = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=400)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    to_trust = "report__meeting__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["asked_at", "pk"]

    def __str__(self):
        return self.words


class PrivateNote(models.Model):
    """What one reader notes for themselves: nobody else ever sees it, on any page."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="private_notes")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=4000)
    at = models.DateTimeField()

    stays_private = True  # in no full copy of the trust either
    to_trust = "report__meeting__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "user"], name="private_note_once"),
        ]

    def __str__(self):
        return "A private note"
