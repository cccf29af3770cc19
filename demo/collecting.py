"""The example's nine terms: eight from the records, and the last one as schools send it.

Figures get in by the actions that people use, so each has its trail. The past
terms are filled in by the data manager, in one go for each return, and closed
after that. In the last term some returns are approved, some wait for approval,
one is sent back, and some are late.
"""

from dataclasses import replace
from datetime import timedelta

from kpis.models import Comment
from kpis.rag.dates import written
from returns.asked.asking import Asking
from returns.asked.questions import Typed
from returns.collecting.opening import open_returns
from returns.grid.saving import Change, save_lines
from returns.life.approving import approve, send_back
from returns.life.recording import record_past
from returns.life.sending import submit
from returns.life.wanting import Kind, Unready
from returns.models import Line, Return
from schools.models import AuditRow, Membership, Memberships, Role, Term, Unit, UnitKind

from .chasing import attach, remind_the_late
from .tables import rows

ALL_PUPILS, LATER, NONE = "all", "later", "none"
TO_READ_IT = timedelta(minutes=50)
TO_CLOSE_IT = timedelta(days=7)
ASKED_BACK = "attendance"
QUESTION = "This is far from last year's figure. Was a fortnight left out of the count?"
NOTE = "Thank you. Please look at attendance once more before we approve it."


class Collecting:
    """Fills the returns of the example, term by term, oldest first. Inside the trust."""

    def __init__(self, trust, table, figures):
        self.trust, self.table, self.figures = trust, table, figures
        self.terms = {term.period.index: term for term in Term.objects.select_related("period")}
        self.units = Unit.objects.in_bulk()
        self.manager = self._memberships(Membership.objects.get(role=Role.DATA_MANAGER))
        self.answered = set()
        self.claims = {
            (row["measure"], row["unit"], row["group"]): row["says"] for row in rows("claims")
        }
        self.comments = {
            (int(row["term"]), row["measure"], row["unit"], row["group"] or ALL_PUPILS): row
            for row in rows("comments")
        }

        self.explanations = {row["measure"]: row for row in rows("explained")}

    def _memberships(self, membership):
        return Memberships(membership.user, self.trust)

    def run(self):
        for index in range(self.table.first, self.table.last):
            self.record(index)
            self.close(index)
        self.collect(self.table.last)

    # Past terms

    def record(self, index):
        """Fill in a past term from the records."""
        asking = Asking(self.terms[index], list(self.terms.values()))
        due = self.terms[index].due
        for unit, asked in self._by_return(asking).items():
            changes = self._changes(asked, index)
            if changes:
                return_ = self._return(unit, index)
                record_past(return_, changes, memberships=self.manager, at=due, asking=asking)
        Comment.objects.filter(term=self.terms[index]).update(at=due)

    def close(self, index):
        """Close a past term a week after its returns were due: nothing is sent for it now."""
        term = self.terms[index]
        term.closed_at = term.due + TO_CLOSE_IT
        term.save(update_fields=["closed_at"])
        AuditRow.objects.record("closed", term, by=self.manager.user, at=term.closed_at)
        Unit.objects.filter(kind=UnitKind.TRUST).changed()

    def _by_return(self, asking):
        found = {}
        for asked in asking.every:
            found.setdefault(asking.returning(asked), []).append(asked)
        return found

    def _return(self, unit, index):
        return Return.objects.get_or_create(unit_id=unit, term=self.terms[index])[0]

    def _changes(self, asked, index):
        """What is answered; a year's figure that spring asks for again is left as it is."""
        changes = []
        for one in asked:
            about = (*one.key, one.period)
            if index < self.table.last and about in self.answered:
                continue
            code = self.units[one.unit.id].code
            typed = self.figures.typed(one, code, index)
            if row := self._comment(one, code, index):
                typed = (typed or Typed())._replace(why=row["why"], what_next=row["what_next"])
            if typed is not None:
                self.answered.add(about)
                changes.append(Change(one, typed, seen=0))
        return changes

    def _comment(self, asked, code, index):
        """Why a figure is what it is and what happens next, where somebody said so."""
        question = asked.measure.code, code, asked.group.code
        return self.comments.get((self.table.number(index), *question))

    # The last term

    def collect(self, index):
        """Let everybody send what they send in the last term."""
        asking = Asking(self.terms[index], list(self.terms.values()))
        open_returns(asking)
        states = {row["code"]: row["this_term"] for row in rows("schools") if row["this_term"]}
        for order, (unit, asked) in enumerate(self._by_return(asking).items()):
            state = states.get(self.units[unit].code, "submitted")
            self._send(unit, self._changes(asked, index), state, order, asking)
        remind_the_late(self.trust, asking.term, memberships=self.manager)

    def _send(self, unit, changes, state, order, asking):
        """Bring one return as far as it has come: typed into, sent, approved or sent back."""
        return_ = Return.objects.get(unit=unit, term=asking.term)
        at = self.table.at(4 + order % 4)
        match state:
            case "not started":
                return
            case "in progress":
                # The office manager has begun with what needs no counting.
                changes = [change for change in changes if not change.asked.measure.is_figure]
            case "sent back":
                changes = [_miscounted(self._said(change)) for change in changes]
            case _:
                changes = [self._said(change) for change in changes]
        save_lines(return_, changes, memberships=self._typist(unit), at=at)
        return_.refresh_from_db()
        if return_.is_the_trusts:
            attach(return_, asking, memberships=self._typist(unit), at=at)
        if state == "in progress":
            return

        return_.refresh_from_db()
        return_ = self._submitted(return_, unit, at, asking)
        said = Line.objects.filter(return_to=return_).exclude(why="")
        explained = set(said.values_list("unit_id", flat=True))
        Comment.objects.filter(term=asking.term, unit__in=explained).update(at=at)
        if state == "approved":
            later = at + TO_READ_IT
            approve(return_, version=return_.version, memberships=self.manager, at=later)
        if state == "sent back":
            self._ask_back(return_, at + TO_READ_IT)

    def _submitted(self, return_, unit, at, asking):
        """The return, sent by its head, once the office manager has explained what is asked."""
        sends = {"memberships": self._sender(unit), "at": at, "asking": asking}
        try:
            return submit(return_, version=return_.version, **sends)
        except Unready as why:
            changes = self._explained(return_, why.wanted, asking)
        save_lines(return_, changes, memberships=self._typist(unit), at=at)
        return_.refresh_from_db()
        return submit(return_, version=return_.version, **sends)

    def _explained(self, return_, wanted, asking):
        lines = {line.key: line for line in Line.objects.filter(return_to=return_)}
        kinds = {}
        for want in wanted:
            kinds.setdefault(want.key, set()).add(want.kind)
        changes = []
        for asked in asking.of_return(return_.unit_id):
            if asked.key in kinds:
                line, row = lines[asked.key], self._explanation(asked.measure.code)
                typed = line.typed
                if Kind.QUERY in kinds[asked.key]:
                    typed = typed._replace(note=row["note"])
                if Kind.COMMENT in kinds[asked.key]:
                    typed = typed._replace(why=row["why"], what_next=row["what_next"])
                changes.append(Change(asked, typed, seen=line.version))
        return changes

    def _explanation(self, measure):
        return self.explanations.get(measure, self.explanations[""])

    def _ask_back(self, return_, at):
        line = Line.objects.get(return_to=return_, measure__code=ASKED_BACK, group__code=ALL_PUPILS)
        send_back(
            return_,
            version=return_.version,
            questions={line.pk: QUESTION},
            note=NOTE,
            memberships=self.manager,
            at=at,
        )

    def _typist(self, unit):
        """Who types: a school's office manager; for the trust, the data manager."""
        return self._holder(Role.SCHOOL_EDITOR, unit)

    def _sender(self, unit):
        """Who sends: a school's head; for the trust, the data manager."""
        return self._holder(Role.HEADTEACHER, unit)

    def _holder(self, role, unit):
        if self.units[unit].kind == UnitKind.TRUST:
            return self.manager
        return self._memberships(Membership.objects.get(role=role, units=unit))

    def _said(self, change):
        """A claim in place of a figure, where there is one."""
        asked = change.asked
        question = asked.measure.code, self.units[asked.unit.id].code, asked.group.code
        claim = self.claims.get(question)
        return replace(change, typed=self._claimed(claim)) if claim else change

    def _claimed(self, claim):
        if claim == NONE:
            return Typed(numerator="0", denominator="0")
        until = written(self.table.at(-12).date()) if claim == LATER else ""
        return Typed(why_none=claim, until=until)


def _miscounted(change):
    """Attendance with a fortnight left out, so that the trust has something to ask."""
    asked = change.asked
    if (asked.measure.code, asked.group.code) != (ASKED_BACK, ALL_PUPILS):
        return change
    short = int(change.typed.numerator) * 24 // 25
    return replace(change, typed=change.typed._replace(numerator=str(short)))
