"""The returns of a term: who has sent, who is late, what is to do next."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from schools.models import UnitKind
from schools.people import SEES_ALL

from ..grid.rows import late_words, moment_words
from ..life.states import Action, State
from ..models import Line, Return
from ..typed.half_typed import half_typed

WORDS = {
    Action.SAVE: "Fill in",
    Action.APPROVE: "Check and approve",
    None: "Read",
}
BLANK = Q(
    **{
        f"lines__{name}": ""
        for name in ("value", "numerator", "denominator", "why_none", "rating", "on", "evidence")
    }
)


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return of the term."""

    unit: str
    url: str
    state: str
    state_words: str
    late_words: str
    figures_in: int
    figures: int
    changed: datetime | None
    changed_by: str
    action_words: str
    needs_action: bool
    order: tuple


@dataclass(frozen=True, slots=True)
class Empty:
    """What the page says when there is nothing to list."""

    sentence: str
    url: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class ReturnList:
    """The list of a term's returns, what needs work first."""

    heading: str
    due_words: str = ""
    summary: str = ""
    rows: tuple[ReturnRow, ...] = ()
    collect_url: str = ""
    empty: Empty | None = None


def list_returns(asking, memberships, now, today):
    """The returns that somebody may see, in two queries beside what the term asks."""
    offices = None if memberships.sees_all else memberships.office_ids
    owed = Counter(
        asking.returning(asked)
        for asked in asking.every
        if offices is None or asked.measure.office_id is None or asked.measure.office_id in offices
    )
    returns = list(returns_seen(asking.term, memberships, offices))
    half = half_typed(asking, returns, today, offices)
    rows = [
        row_of(each, owed[each.unit_id], half[each.pk], memberships, now, today) for each in returns
    ]
    rows.sort(key=lambda row: row.order)
    return ReturnList(
        heading=f"{asking.term} returns",
        due_words=f"Due {moment_words(_due(asking.term, returns), weekday=True)}",
        summary=_summary(rows),
        rows=tuple(rows),
        collect_url=collect_url(asking.term, memberships),
        empty=None if rows else Empty("There is nothing for you to send this term."),
    )


def _due(term, returns):
    """When the returns of a list are due; of a single one its own last day."""
    own = returns[0].own_due if len(returns) == 1 else None
    return own or term.due


def collect_url(term, memberships):
    """Where a term's days and its end are, for those who see all returns."""
    if not memberships.sees_all:
        return ""
    return reverse("returns:collect", args=[memberships.trust], query={"term": term.slug})


def returns_seen(term, memberships, offices):
    """The returns of a term with how much is typed and who changed them last; one query."""
    # In the trust's own return a contributor counts the lines of own offices.
    own = Q() if offices is None else _of(offices)
    latest = Line.objects.filter(return_to=OuterRef("pk")).exclude(changed_at=None)
    latest = latest.order_by("-changed_at")
    return (
        Return.objects.seen_by(memberships)
        .for_term(term)
        .to_show()
        .annotate(
            held=Count("lines", filter=own & Q(lines__number=1)),
            answered=Count("lines", filter=own & Q(lines__number=1) & ~BLANK),
            changed=Subquery(latest.values("changed_at")[:1]),
            changed_by=Subquery(latest.values("changed_by__name")[:1]),
        )
    )


def _of(offices):
    return ~Q(unit__kind=UnitKind.TRUST) | Q(lines__measure__office__in=offices)


def row_of(return_, owed, half, memberships, now, today):
    """One return in the list.

    ``owed`` is how many figures the term asks of it, ``half`` how many are half
    typed and so not in.
    """
    state = return_.state_on(today)
    done = state in (State.SUBMITTED, State.APPROVED)
    late = late_words(return_, now)
    action = _next_action(return_, memberships, today)
    return ReturnRow(
        unit=str(return_.unit),
        url=reverse(_page(action), args=[memberships.trust, return_.pk]),
        state=state,
        state_words=state.label,
        late_words=late,
        figures_in=return_.answered - half,
        figures=return_.held if done else max(owed, return_.answered),
        changed=return_.changed,
        changed_by=return_.changed_by or "",
        action_words=WORDS[action],
        needs_action=action is not None,
        order=(action != Action.APPROVE, not late, done, return_.unit.name),
    )


def _next_action(return_, memberships, today):
    """What this person has to do with it; the data manager does not type for schools first."""
    if return_.allows(Action.APPROVE, memberships, today):
        return Action.APPROVE
    own = return_.is_the_trusts or not memberships.has(*SEES_ALL)
    if own and return_.allows(Action.SAVE, memberships, today):
        return Action.SAVE
    return None


def _page(action):
    return "returns:return-approve" if action == Action.APPROVE else "returns:return-edit"


def _summary(rows):
    """How many are approved, to approve and late, of several returns."""
    if len(rows) < 2:
        return ""
    states = Counter(row.state for row in rows)
    late = sum(bool(row.late_words) for row in rows)
    return counts_words(states[State.APPROVED], states[State.SUBMITTED], late)


def counts_words(approved, to_approve, late):
    return f"{approved} approved, {to_approve} to approve, {late} late"
