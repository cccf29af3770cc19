"""Why: the plan as a tree of nodes, in the trust's own words. It knows no numbers."""

from django.db import models
from django.db.models import F, Q

from schools.models import Period, Trust
from schools.tenancy import InTrust


class Plan(models.Model):
    """A trust's strategic plan for some years, as one version of it.

    Its levels are called what the trust calls them (``PlanLabel``). A plan that
    is replaced stays, and the one that follows names it as predecessor.
    """

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="plans")
    key = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    printed_period = models.CharField(max_length=60, blank=True)
    starts = models.DateField()
    ends = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    predecessor = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
    )
    vision = models.TextField(blank=True)
    note = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    to_trust = "trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["-starts", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "key", "version"], name="plan_once"),
            models.CheckConstraint(
                condition=Q(starts__lt=F("ends")),
                name="plan_starts_before_it_ends",
                violation_error_message="A plan must start before it ends.",
            ),
        ]

    def __str__(self):
        return self.title


class NodeRole(models.TextChoices):
    """What an entry of the plan is, whatever the trust calls it."""

    THEME = "theme", "Theme"
    PRIORITY = "priority", "Priority"
    STRAND = "strand", "Strand"
    OUTCOME = "outcome", "Outcome"
    GROUP = "group", "Measure group"
    KPI = "kpi", "KPI"
    MILESTONE = "milestone", "Milestone"
    ACTION = "action", "Action"
    RISK = "risk", "Risk"
    MITIGATION = "mitigation", "Mitigation"
    PRINCIPLE = "principle", "Principle"


# Which entry may stand under which; None is the plan itself.
_ANYWHERE = {None, NodeRole.THEME, NodeRole.PRIORITY, NodeRole.STRAND, NodeRole.GROUP}
PARENTS = {
    NodeRole.THEME: {None},
    NodeRole.PRIORITY: {None, NodeRole.THEME},
    NodeRole.STRAND: {NodeRole.PRIORITY},
    NodeRole.OUTCOME: {None, NodeRole.THEME, NodeRole.PRIORITY, NodeRole.STRAND},
    NodeRole.GROUP: {None, NodeRole.PRIORITY, NodeRole.GROUP},
    NodeRole.KPI: {NodeRole.PRIORITY, NodeRole.STRAND, NodeRole.GROUP},
    NodeRole.MILESTONE: {*_ANYWHERE},
    NodeRole.ACTION: {*_ANYWHERE, NodeRole.ACTION},
    NodeRole.RISK: {None, NodeRole.PRIORITY},
    NodeRole.MITIGATION: {NodeRole.RISK},
    NodeRole.PRINCIPLE: {None},
}


class PlanLabel(models.Model):
    """What one plan calls one level: "Strategic aim", "Strategic aims"."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="labels")
    role = models.CharField(max_length=12, choices=NodeRole)
    singular = models.CharField(max_length=60)
    plural = models.CharField(max_length=60)

    to_trust = "plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "role"], name="plan_label_once"),
        ]

    def __str__(self):
        return self.singular


class Combine(models.TextChoices):
    """How the clauses of an entry make one status."""

    ALL = "all", "All must hold"
    ANY = "any", "Any one is enough"


class NodeQuerySet(models.QuerySet):
    def live(self):
        """In the plan now; what left it and has figures is archived, never deleted."""
        return self.filter(archived_at=None)

    def of(self, role):
        return self.filter(role=role)


class Node(models.Model):
    """One entry of a plan's tree.

    ``key`` is never printed and never changes; ``code`` is what the plan
    prints, which may repeat or be missing. ``title`` is the short name that
    tables use, ``words`` the plan's own sentence as the trust typed it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    role = models.CharField(max_length=12, choices=NodeRole)
    key = models.CharField(max_length=60)
    label = models.CharField(
        max_length=60,
        blank=True,
        help_text="Instead of the plan's word for this level.",
    )
    code = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=160)
    words = models.TextField(blank=True)
    combine = models.CharField(max_length=3, choices=Combine, default=Combine.ALL)
    note = models.TextField(blank=True)
    source_line = models.PositiveIntegerField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    to_trust = "plan__trust"
    objects = InTrust.from_queryset(NodeQuerySet)()
    everywhere = models.Manager.from_queryset(NodeQuerySet)()

    class Meta:
        ordering = ["plan", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="node_key_once"),
        ]
        indexes = [models.Index(fields=["plan", "role"], name="node_of_a_role")]

    def __str__(self):
        return f"{self.code} {self.title}".strip()


class Priority(Node):
    """What the trust has set itself to do; everything else in the plan serves one."""

    statement = models.TextField(blank=True, help_text="The second wording, where there is one.")

    class Meta:
        verbose_name_plural = "priorities"

    objects = InTrust.from_queryset(NodeQuerySet)()
    everywhere = models.Manager.from_queryset(NodeQuerySet)()


class Outcome(Node):
    """What will be true when the plan has worked; may carry clauses of its own."""

    objects = InTrust.from_queryset(NodeQuerySet)()
    everywhere = models.Manager.from_queryset(NodeQuerySet)()


class Milestone(Node):
    """Something to be reached by a day; a caveat is printed as one and is none."""

    only_a_note = models.BooleanField(default=False)

    objects = InTrust.from_queryset(NodeQuerySet)()
    everywhere = models.Manager.from_queryset(NodeQuerySet)()


class Risk(Node):
    """What may go wrong. Likelihood and impact are from 1 to 5, where the plan gives them."""

    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    impact = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = InTrust.from_queryset(NodeQuerySet)()
    everywhere = models.Manager.from_queryset(NodeQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood=None) | Q(likelihood__range=(1, 5)),
                name="risk_likelihood_from_1_to_5",
                violation_error_message="Give the likelihood as a number from 1 to 5.",
            ),
            models.CheckConstraint(
                condition=Q(impact=None) | Q(impact__range=(1, 5)),
                name="risk_impact_from_1_to_5",
                violation_error_message="Give the impact as a number from 1 to 5.",
            ),
        ]


class NodeOwner(models.Model):
    """Who answers for an entry, by the name of the job: some plans name several."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="owners")
    order = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=80)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["node", "order"]
        constraints = [
            models.UniqueConstraint(fields=["node", "role"], name="node_owner_once"),
        ]

    def __str__(self):
        return self.role


class NodeLink(models.Model):
    """That an entry has to do with another one of the same plan, and how.

    It is read from the entry to the other: a milestone's next bar is a KPI, a
    success criterion restates one, a goal is tagged with several beliefs.
    """

    class Kind(models.TextChoices):
        TAGS = "tags", "Tagged with"
        RESTATES = "restates", "Says again"
        NEXT_BAR = "next_bar", "Next bar"
        PAIRS = "pairs", "Goes with"
        SAME_AS = "same_as", "Same as"

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="links")
    to = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=8, choices=Kind)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["node", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["node", "to", "kind"], name="node_link_once"),
            models.CheckConstraint(
                condition=~Q(node=F("to")),
                name="node_link_to_another",
                violation_error_message="Link an entry to another one, not to itself.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.to}"


class NodeCost(models.Model):
    """What an entry costs, in the plan's words; ``amount`` in pounds where one is printed.

    Words without an amount are no zero: nobody has said what it costs.
    """

    class Certainty(models.TextChoices):
        CERTAIN = "certain", "Certain"
        TO_BE_CONFIRMED = "to_be_confirmed", "To be confirmed"
        QUESTION = "question", "An open question"

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="costs")
    order = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    certainty = models.CharField(max_length=15, choices=Certainty)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["node", "order"]
        constraints = [
            models.UniqueConstraint(fields=["node", "order"], name="node_cost_once"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="node_cost_not_negative",
                violation_error_message="A cost is not below zero.",
            ),
        ]

    def __str__(self):
        return self.words


class PlanPhase(models.Model):
    """A phase of carrying out one plan, in its order: explore, prepare, deliver, sustain.

    Not the phase of a school (primary), nor the one of a school's improvement.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phases")
    key = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=60)

    to_trust = "plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["plan", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_phase_once"),
        ]

    def __str__(self):
        return self.name


class NodePhase(models.Model):
    """That an entry is in a phase in an academic year, for certain or as the plan expects.

    ``year`` is a Period whose basis is the academic year. One entry may be in
    several phases in a year: plans contradict themselves, and both are kept.
    """

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="phases")
    phase = models.ForeignKey(PlanPhase, on_delete=models.PROTECT, related_name="nodes")
    year = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    certain = models.BooleanField(default=True)

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["node", "year__on", "phase__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["node", "phase", "year"], name="node_phase_once"),
        ]

    def __str__(self):
        return f"{self.phase}, {self.year}"


class Framework(models.Model):
    """An outside list that plans are held against: trust quality pillars, CST domains.

    Common to all trusts: names and sources only.
    """

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    version = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300, blank=True)

    def __str__(self):
        return self.name


class FrameworkItem(models.Model):
    """One pillar, domain or area of a framework.

    ``key`` is the framework's own code in small letters, one list for all
    frameworks together: a plan file names an item by it alone (``tqd1``).
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=160)

    class Meta:
        ordering = ["framework", "order"]

    def __str__(self):
        return self.name


class FrameworkLink(models.Model):
    """That an entry of the plan serves an item of a framework."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="framework_links")
    item = models.ForeignKey(FrameworkItem, on_delete=models.PROTECT, related_name="links")

    to_trust = "node__plan__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "item"], name="framework_link_once"),
        ]

    def __str__(self):
        return f"{self.node}: {self.item}"
