"""How figures get in: returns, and the lines that are being typed into them."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from kpis.models import Entry, Judgement, Measure, PupilGroup, Series
from schools.models import Deadline, Period, Role, Term, Unit, UnitKind, User
from schools.people import OF_A_SCHOOL
from schools.refused import Refused
from schools.tenancy import InTrust

from .asked.questions import NAMES, Typed
from .evidence import Evidence
from .life.states import MOVES, State, roles_for
from .reminded import Reminder
from .typed.texts import Texts

__all__ = ["Evidence", "Line", "Reminder", "Return"]


class ReturnQuerySet(models.QuerySet):
    def seen_by(self, memberships):
        """Own schools' returns; the trust's own too, for those with lines in it."""
        if memberships.sees_all:
            return self
        reached = models.Q(unit__in=Unit.objects.seen_by(memberships))
        if memberships.office_ids:
            reached |= models.Q(unit__kind=UnitKind.TRUST)
        return self.filter(reached)

    def for_term(self, term):
        return self.filter(term=term)

    def to_show(self):
        """With unit, term and own deadline: what every page of a return says."""
        own = Deadline.objects.filter(term=models.OuterRef("term"), unit=models.OuterRef("unit"))
        return self.select_related("unit", "term__period__year", "submitted_by").annotate(
            own_due=models.Subquery(own.values("due")[:1])
        )

    def with_facts_version(self):
        """With a number that is another one as soon as what the term asks may have changed.

        It is the sum of all versions that say so, and each of them is only ever raised.
        """
        units = Unit.everywhere.filter(trust=models.OuterRef("term__trust"))
        return self.annotate(facts_version=_in_all(units) + _in_all(Series.objects))

    def with_earlier(self):
        """With the numbers of what the same unit sent the last time, and a year ago."""
        period = "term__period"
        before = Return.everywhere.filter(unit=models.OuterRef("unit"), state=State.APPROVED)
        last = before.filter(**{f"{period}__on__lt": models.OuterRef(f"{period}__on")})
        ago = before.filter(
            **{
                f"{period}__part": models.OuterRef(f"{period}__part"),
                f"{period}__year": models.OuterRef(f"{period}__year_id") - 1,
            }
        )
        return self.annotate(
            last_time=models.Subquery(last.order_by(f"-{period}__on").values("pk")[:1]),
            a_year_ago=models.Subquery(ago.order_by("pk").values("pk")[:1]),
        )

    def held(self, pk):
        """One return read again under a lock: what the caller holds may be old.

        So may what the lock made us wait for: whether its term is closed is asked last.
        """
        rows = self.select_related("unit__trust", "term__period")
        return_ = rows.select_for_update(of=("self",)).get(pk=pk)
        closed = Term.objects.values_list("closed_at", flat=True)
        return_.term.closed_at = closed.get(pk=return_.term_id)
        return return_

    def all_held(self, numbers):
        """Several returns read again under their locks, as ``held`` does: {number: return}."""
        rows = self.select_related("unit__trust", "term__period").filter(pk__in=numbers)
        found = {one.pk: one for one in rows.select_for_update(of=("self",)).order_by("pk")}
        terms = {return_.term_id for return_ in found.values()}
        closed = dict(Term.objects.filter(pk__in=terms).values_list("pk", "closed_at"))
        for return_ in found.values():
            return_.term.closed_at = closed[return_.term_id]
        return found


def _in_all(versioned):
    """The sum of their data versions, as part of another question."""
    one = versioned.order_by().annotate(_all=models.Value(1)).values("_all")
    return Coalesce(models.Subquery(one.annotate(sum=models.Sum("data_version")).values("sum")), 0)


class Return(models.Model):
    """One unit's figures for one collecting term, on their way to the trust.

    A school's return has the lines that the school types; the trust's own those
    of the trust, of sites and bodies, and what somebody at the trust types about
    a school. Late is a mark worked out from the deadline, not a state.
    ``version`` is raised whenever what the return says has changed. From
    ``reopened_at`` until it is approved again, only the lines that were
    reopened can be typed into, in a closed term too.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="returns")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(max_length=12, choices=State, default=State.NOT_STARTED)
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True, help_text="From the trust, when sent back.")

    to_trust = "term__trust"
    objects = InTrust.from_queryset(ReturnQuerySet)()
    everywhere = models.Manager.from_queryset(ReturnQuerySet)()

    class Meta:
        ordering = ["unit__name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "term"], name="return_once"),
        ]

    def __str__(self):
        return f"{self.term} return, {self.unit}"

    @property
    def is_the_trusts(self):
        """Whether it is the trust's own, and not a school's."""
        return self.unit.kind == UnitKind.TRUST

    def state_on(self, today):
        """The state as people see it: also before the term opens and after it closes."""
        if self.term.opens > today:
            return State.NOT_OPEN
        if self._is_closed and self.state != State.APPROVED:
            return State.LOCKED
        return State(self.state)

    @property
    def _is_closed(self):
        """Whether the term was closed and this return not reopened since."""
        closed = self.term.closed_at
        return closed is not None and (self.reopened_at is None or self.reopened_at < closed)

    def is_open_to(self, line):
        """Whether a line may be typed into: once approved, only what was reopened.

        ``line`` is None where the question has come up since; the next term asks it.
        """
        return not self.is_reopened or (line is not None and line.reopened)

    @property
    def is_reopened(self):
        """Approved once, and some of its lines being changed."""
        return self.approved_at is not None and self.reopened_at is not None

    def is_held_by(self, memberships, roles):
        """Whether one of these roles is held at this return's own unit."""
        if not self.is_the_trusts:
            roles = roles - {Role.CONTRIBUTOR}
        return any(memberships.holds(role, self.unit) for role in roles)

    def is_typed_by(self, measure, memberships):
        """Whether somebody may type here at all: a contributor, what belongs to own offices."""
        if self.is_held_by(memberships, {Role.DATA_MANAGER, *OF_A_SCHOOL}):
            return True
        held = self.is_held_by(memberships, {Role.CONTRIBUTOR})
        return held and measure.office_id in memberships.office_ids

    def must_be_open_to(self, measure, line, memberships):
        """Refused for what is somebody else's, or approved and not reopened."""
        if not self.is_typed_by(measure, memberships):
            raise Refused("Somebody else at the trust answers for these figures.")
        if not self.is_open_to(line):
            raise Refused(f"{measure} has been approved. Ask for it to be reopened.")

    def on_behalf_of(self, memberships):
        """The school, where the trust's data manager fills in for it; None for who holds it."""
        if self.is_the_trusts or self.is_held_by(memberships, OF_A_SCHOOL):
            return None
        return self.unit

    def allows(self, action, memberships, today):
        """Whether this person may take this action now."""
        if (self.state_on(today), action) not in MOVES:
            return False
        roles = roles_for(action, memberships.trust.editor_submits)
        return self.is_held_by(memberships, roles)

    def must_allow(self, action, *, memberships, today):
        """The state now, if the one table lets this person take the action in it, or Refused."""
        before = self.state_on(today)
        if (before, action) not in MOVES:
            raise Refused(f"This return is {before.label.lower()}, so it cannot be {action.label}.")
        if not self.allows(action, memberships, today):
            raise Refused(f"It is not for you to say that this return is {action.label}.")
        return before

    def move(self, action, *, memberships, today):
        """Go from state to state by the one table, or Refused; the state before."""
        before = self.must_allow(action, memberships=memberships, today=today)
        self.state = MOVES[before, action]
        self.version += 1
        return before

    def has_been(self, action, memberships):
        """Whether an action asked for again has happened, and by whom may do it."""
        results = {state for (_, named), state in MOVES.items() if named == action}
        roles = roles_for(action, memberships.trust.editor_submits)
        return self.state in results and self.is_held_by(memberships, roles)

    def is_late(self, now):
        """Not sent, and its last day or its term is over, unless it is history.

        A mark, not a state. What was approved once and is being put right was sent.
        """
        if self.state in (State.SUBMITTED, State.APPROVED) or self.is_reopened:
            return False
        if self.term.is_history:
            return False
        return self._is_closed or now > (self.own_due or self.term.due)

    def days_late(self, now):
        """Whole days since its last day; 0 where the term was closed before that."""
        due = timezone.localdate(self.own_due or self.term.due)
        return max(0, (timezone.localdate(now) - due).days)


class Line(Texts):
    """What is being typed for one question, as text, whatever it is.

    Seen only inside its return, it raises no ``data_version``. ``number`` is 1
    unless a dated measure has several answers in the term. ``entry`` or
    ``judgement`` is what it became, null again when that is replaced;
    ``was_entry`` and ``was_judgement`` what it was when it was approved, while
    a reopened line's new answer waits. ``handed_to`` is whose part of a
    school's return it is; whoever may type into the return still may.
    """

    return_to = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(PupilGroup, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")

    question = models.CharField(max_length=400, blank=True, help_text="From the trust.")

    reopened = models.BooleanField(default=False)
    handed_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(
        Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="lines"
    )
    judgement = models.ForeignKey(
        Judgement,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lines",
    )
    was_entry = models.ForeignKey(
        Entry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    was_judgement = models.ForeignKey(
        Judgement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    to_trust = "return_to__term__trust"
    objects = InTrust()
    everywhere = models.Manager()

    class Meta:
        ordering = ["return_to", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["return_to", "measure", "unit", "group", "number"],
                name="line_once",
            ),
        ]

    def __str__(self):
        return f"{self.measure}, {self.unit}, {self.group}"

    @property
    def key(self):
        """What it answers: measure, unit, pupil group and which of several answers."""
        return self.measure_id, self.unit_id, self.group_id, self.number

    @property
    def says_something(self):
        """An answer, a rating, or a comment."""
        return self.typed != Typed()

    def take(self, typed, *, by, at):
        """Hold other text, one version on; what changed, as (before, after)."""
        changed = [name for name in NAMES if getattr(self, name) != getattr(typed, name)]
        before = {name: getattr(self, name) for name in changed}
        for name in changed:
            setattr(self, name, getattr(typed, name))
        self.version += 1
        self.changed_by, self.changed_at = by, at
        return before, {name: getattr(typed, name) for name in changed}


# Tables of files that were sent in; they point at those above.
from .uploaded import Heading, Upload, UploadedLine  # noqa: E402, F401
