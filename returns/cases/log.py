"""The log of cases inside a return, where a measure keeps one: opened, planned, closed.

The two counts of the return are worked out from it once its unit says that it
is all. A case that is open goes on into the next term by itself. It is typed,
like any line: what counts are the cases that go in with the entry of the line
when the return is sent (``entering``). What counts as late is decided in
``kpis.rag.cases``.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2s

from django.db import transaction
from django.utils import timezone

from kpis.models import Case, ClauseVersion
from kpis.rag.cases import Case as Days
from kpis.rag.cases import Cases, State
from schools.models import AuditRow, Unit
from schools.refused import Refused

from ..asked.questions import Typed
from ..grid.saving import Change, save_lines
from ..life.states import Action
from ..models import Return


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of one case; ``pk`` is None of a new one, ``out`` takes one out."""

    pk: int | None
    what: str
    opened: date
    planned: date | None = None
    closed: date | None = None
    out: bool = False


def cases_of(asked, days):
    """The cases of a term as the unit's log has them now."""
    return list(Case.objects.filter(measure=asked.measure, unit=asked.unit.id).of_term(*days))


def seen_of(cases):
    """What was shown of a log, in a few characters that travel with its form."""
    said = "|".join(f"{c.pk},{c.what},{c.opened},{c.planned},{c.closed}" for c in cases)
    return blake2s(said.encode(), digest_size=6).hexdigest()


def counts_of(asked, cases, term, today):
    """Those overdue, of all, as the KPI that reads them counts: (2, 11)."""
    read = (
        ClauseVersion.objects.filter(
            rule="cases",
            clause__archived_at=None,
            clause__readings__measure=asked.measure,
            from_period__on__lte=term.period.on,
        )
        .order_by("-from_period__on")
        .first()
    )
    if read is None:
        return 0, len(cases)
    rule = Cases(read.months_allowed or 0, read.plan_counts)
    states = [
        rule.state(Days(c.opened, c.planned, c.closed), today, plan_counts=rule.plan_counts)
        for c in cases
    ]
    return states.count(State.OVERDUE), len(cases)


@transaction.atomic
def keep_log(return_, asked, told, *, is_all, seen, days, memberships, at):
    """Write down cases and put right those that are there; whether anything was different.

    ``is_all`` says that the log is complete: the return then gives its counts,
    and follows the log from then on. ``seen`` is what was shown of it: if
    somebody else has changed it since, Refused.
    """
    return_ = Return.objects.held(return_.pk)
    today = timezone.localdate(at)
    return_.must_allow(Action.SAVE, memberships=memberships, today=today)
    line = return_.lines.filter(measure=asked.measure, unit=asked.unit.id, number=1).first()
    _may_write(return_, asked, line, memberships)
    there = {case.pk: case for case in cases_of(asked, days)}
    if seen_of(there.values()) != seen:
        raise Refused(
            "Somebody else has changed this log meanwhile. Read it again, then change it."
        )
    unit = Unit.objects.select_related("trust").get(pk=asked.unit.id)
    who = {"by": memberships.user, "at": at, "unit": unit}
    who["on_behalf_of"] = return_.on_behalf_of(memberships)
    done = [_write(asked, one, there, days, today, who) for one in told]
    if is_all or (line is not None and line.typed.has_answer):
        cases = cases_of(asked, days)
        overdue, every = counts_of(asked, cases, return_.term, today)
        said = Typed(
            numerator=str(overdue),
            denominator=str(every),
            **{name: getattr(line, name) for name in ("note", "why", "what_next") if line},
        )
        change = Change(asked, said, seen=line.version if line else 0)
        done += save_lines(return_, [change], memberships=memberships, at=at)
    return any(done)


def _may_write(return_, asked, line, memberships):
    if not asked.measure.keeps_log:
        raise Refused(f"{asked.name} has no log: give its counts.")
    return_.must_be_open_to(asked.measure, line, memberships)


def _write(asked, one, there, days, today, who):
    """One case; whether it is different now."""
    if one.pk is None:
        _check(one, days, today)
        case = Case.objects.create(measure=asked.measure, unit_id=asked.unit.id, **_columns(one))
        AuditRow.objects.record("opened a case", case, after=_trail(case), **who)
        return True
    case = there.get(one.pk)
    if case is None:
        raise Refused("One of these cases is not in this log.")
    before = _trail(case)
    if one.out:
        AuditRow.objects.record("took out a case", case, before=before, **who)
        case.delete()
        return True
    _check(one, days, today)
    for name, value in _columns(one).items():
        setattr(case, name, value)
    after = _trail(case)
    if after == before:
        return False
    case.save()
    action = "closed a case" if case.closed and "closed" not in before else "changed a case"
    same = before.items() & after.items()
    before, after = dict(before.items() - same), dict(after.items() - same)
    AuditRow.objects.record(action, case, before=before, after=after, **who)
    return True


def _check(one, days, today):
    for _, words in problems_of(one, days, today):
        raise Refused(words)


def problems_of(one, days, today):
    """What is wrong with the days of a case: (which of them, a sentence)."""
    if one.opened > min(days[1], today):
        yield "opened", f"“{one.what}” came up after this term: it belongs to the next return."
    if one.closed and one.closed < one.opened:
        yield "closed", f"“{one.what}” cannot close before it came up."
    if one.closed and one.closed > today:
        yield "closed", f"“{one.what}” closes on a day that is still to come: plan it instead."
    if one.planned and one.planned < one.opened:
        yield "planned", f"“{one.what}” cannot be planned before it came up."


def _columns(one):
    return {name: getattr(one, name) for name in ("what", "opened", "planned", "closed")}


def _trail(case):
    days = {name: getattr(case, name) for name in ("opened", "planned", "closed")}
    return {"what": case.what} | {name: day.isoformat() for name, day in days.items() if day}
