"""A file of figures becomes changes to returns: the reading and the actions of the form.

All or nothing. A row is about a unit, a measure, a pupil group and a period;
it goes into the return of the term that asks that unit about that period. A
blank cell changes nothing, CLEAR in the value takes an answer away.

What the data manager loads for a term that is over, into a return that nobody
has begun, is history: it is approved in one go and marked as recorded.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import get_close_matches

from django.utils import timezone

from kpis.models import Measure, PupilGroup
from schools.models import AuditRow, Memberships, Role, Term, Unit, UnitKind
from schools.refused import Refused
from schools.tenancy import current_trust

from .actions import Change, approve, record_past, save_lines, submit
from .asking import Asked, Asking
from .cells import Wanted, day_of, is_rating, merged, wanted_period
from .entering import asked_raters, wrong_rater
from .files import Fault, Row
from .models import Line, Return
from .questions import NAMES, Problem, Typed, Wrong
from .reading import read
from .sheet import TYPING
from .states import MOVES, ROLES, Action

COLUMN_OF = {"why_none": "value", "rating": "value", "until": "on", "provider": "reviewer"}


@dataclass(frozen=True, slots=True)
class Told:
    """One row that names its unit, measure, group and period rightly."""

    row: Row
    unit: int
    measure: Measure
    group: PupilGroup
    wanted: Wanted


class Import:
    """One file on its way in, read against what the returns ask and hold.

    ``faults`` is empty, or nothing may be stored. ``same`` counts the rows that
    say what is there already.
    """

    def __init__(self, rows, *, by, at):
        self.memberships = Memberships(by, current_trust())
        self.at, self.today = at, timezone.localdate(at)
        self.faults, self.same = [], 0
        self._asking, self._seen = {}, {}
        self._changes = defaultdict(dict)
        self._names = Names()
        told = [one for row in rows if (one := self._told(row))]
        self._read_returns(told)
        self._raters = asked_raters({one.measure.pk for one in told})
        for one in told:
            try:
                self._add(one)
            except Wrong as wrong:
                self._fault(one.row, wrong.problem)

    def _told(self, row):
        """What a row names; None where it names nothing, with a fault for each cell."""
        found = []
        for naming in (self._names.unit, self._names.measure):
            try:
                found.append(naming(row))
            except Wrong as wrong:
                self._fault(row, wrong.problem)
        if len(found) < 2:
            return None
        unit, measure = found
        for naming in (self._names.group, wanted_period):
            try:
                found.append(naming(row, measure))
            except Wrong as wrong:
                self._fault(row, wrong.problem)
        return Told(row, unit, measure, *found[2:]) if len(found) == 4 else None

    def _fault(self, row, problem):
        column = COLUMN_OF.get(problem.part, problem.part)
        self.faults.append(Fault(row.number, column, problem.words))

    def _read_returns(self, told):
        """The returns and lines of the terms that could be meant, in two queries."""
        terms = {term.pk for one in told for term in self._asks(one)}
        found = Return.objects.filter(term__in=terms).select_related("unit", "term__period__year")
        self._returns = {(one.unit_id, one.term_id): one for one in found}
        self._lines = defaultdict(dict)
        lines = Line.objects.filter(return_to__term__in=terms).select_related("return_to")
        for line in lines:
            self._lines[line.return_to.unit_id, line.return_to.term_id][line.key] = line

    def _opened(self):
        return [term for term in self._names.terms if term.opens <= self.today]

    def _asks(self, one):
        return one.wanted.terms(self._opened())

    def _asking_of(self, term):
        if term.pk not in self._asking:
            self._asking[term.pk] = Asking(term, self._names.terms)
        return self._asking[term.pk]

    # One row

    def _add(self, one):
        """Make the row a change of the line that it is about."""
        term = self._term_of(one)
        asking, return_ = self._asking_of(term), self._return(one, term)
        action = self._action(one, return_)
        asked = self._numbered(one, return_)
        line = self._lines[return_.unit_id, term.pk].get(asked.key)
        changes = self._changes[return_.unit_id, term.pk]
        held = line.typed if line else Typed()
        before = changes[asked.key].typed if asked.key in changes else held
        typed = merged(one.row, one.measure, before)
        self._only_once(one, asked, term)
        if typed == held:
            self.same += 1
            return
        if action == Action.RECORD and held.has_answer:
            raise Wrong("value", "Another answer has been approved here. It has to be reopened.")
        problems = self._problems(asking, asked, return_, typed)
        for problem in problems:
            self._fault(one.row, problem)
        changes[asked.key] = Change(asked, typed, line.version if line else 0)

    def _term_of(self, one):
        """The term whose return the row goes into; Wrong if none asks for it."""
        terms = self._asks(one)
        if not terms:
            words = f"No term that has opened asks {one.measure.name} about this."
            raise Wrong("term", f"{words} {one.wanted.advice}")
        reasons = [self._why_not(one, term) for term in terms]
        fitting = [term for term, why in zip(terms, reasons, strict=True) if why is None]
        if not fitting:
            raise Wrong("measure_code", f"{one.measure.name} {reasons[0]}.")
        # Of several terms that ask, the one being collected now, else the first.
        latest = self._opened()[-1]
        if fitting[-1] == latest and self._return(one, latest).state in TYPING:
            return latest
        return fitting[0]

    def _why_not(self, one, term):
        asking = self._asking_of(term)
        measure = asking.measures[one.measure.pk]
        if one.group not in asking.groups_of(measure):
            return f"of this group is worked out from the counts of {measure.name}, and not asked"
        return asking.why_not(measure, asking.units[one.unit], one.group)

    def _return(self, one, term):
        asking = self._asking_of(term)
        unit = asking.returning_unit(one.measure, asking.units[one.unit])
        if (unit, term.pk) not in self._returns:
            made = Return(unit=self._names.units[unit], term=term)
            self._returns[unit, term.pk] = made
        return self._returns[unit, term.pk]

    def _action(self, one, return_):
        """What is done with the row; Wrong if that is not possible, or not for this person."""
        if not return_.is_held_by(self.memberships, ROLES[Action.SAVE]):
            raise Wrong("unit", self._names.unknown_unit(one.row))
        action = self.action_for(return_)
        state = return_.state_on(self.today)
        if (state, action) not in MOVES:
            words = f"The {return_.term} return of {return_.unit} is {state.label.lower()}."
            raise Wrong("term", words)
        return action

    def action_for(self, return_):
        """Typing, or history: a past term's return that nobody types into."""
        is_past = return_.term != self._opened()[-1]
        may = self.memberships.has(Role.DATA_MANAGER)
        untouched = (return_.state_on(self.today), Action.RECORD) in MOVES
        return Action.RECORD if is_past and may and untouched else Action.SAVE

    def _numbered(self, one, return_):
        """The question; of several answers in one term, the one with this row's day."""
        asking = self._asking_of(return_.term)
        measure = asking.measures[one.measure.pk]
        asked = Asked(measure, asking.units[one.unit], one.group, asking.period_of(measure))
        if not asked.may_repeat:
            return asked
        place = return_.unit_id, return_.term_id
        held = {key: line.typed for key, line in self._lines[place].items()}
        held |= {key: change.typed for key, change in self._changes[place].items()}
        taken = {
            key[3]: (_day(typed.on), typed.kind.lower())
            for key, typed in held.items()
            if key[:3] == asked.key[:3] and typed.has_answer
        }
        this = day_of(one.row), one.row["kind"].lower()
        same = (number for number, there in taken.items() if there == this)
        free = (number for number in range(1, len(taken) + 2) if number not in taken)
        return replace(asked, number=next(same, None) or next(free))

    def _only_once(self, one, asked, term):
        key = (*asked.key, term.pk, is_rating(one.row, one.measure))
        if key in self._seen:
            raise Wrong("", f"The same answer stands in row {self._seen[key]} already.")
        self._seen[key] = one.row.number

    def _problems(self, asking, asked, return_, typed):
        """All that is wrong with what is typed."""
        too_long = [
            Problem(name, f"Shorten this to {longest} characters.")
            for name in NAMES
            if (longest := Line._meta.get_field(name).max_length)
            and len(getattr(typed, name)) > longest
        ]
        said = read(asking.question(asked), typed, self.today)
        wrong = said.rating and wrong_rater(return_, said.rating, asked, self._raters)
        return [*too_long, *said.problems, *([wrong] if wrong else [])]

    # All of it

    def apply(self, *, then_submit=False, then_approve=False):
        """Store it, in the transaction of the caller: how many lines went where.

        Submits, and approves, the returns of the present term if asked to.
        Raises Refused, naming the return, for what only an action can know.
        """
        counts = {}
        places = sorted(self._changes, key=lambda place: self._returns[place].term.period.index)
        for place in places:
            return_ = self._returns[place]
            if return_.pk is None:
                return_, _ = Return.objects.get_or_create(unit=return_.unit, term=return_.term)
            try:
                counts[str(return_)] = self._store(
                    return_, list(self._changes[place].values()), then_submit, then_approve
                )
            except Refused as why:
                raise Refused(f"{return_}: {why}") from None
        return counts

    def _store(self, return_, changes, then_submit, then_approve):
        does = {"memberships": self.memberships, "at": self.at}
        asking = self._asking_of(return_.term)
        if self.action_for(return_) == Action.RECORD:
            return len(record_past(return_, changes, asking=asking, **does))
        does["channel"] = AuditRow.Channel.IMPORT
        kept = save_lines(return_, changes, **does)
        if then_submit or then_approve:
            return_.refresh_from_db()
            return_ = submit(return_, version=return_.version, asking=asking, **does)
        if then_approve:
            approve(return_, version=return_.version, **does)
        return len(kept)


class Names:
    """What the cells of a file can name: units, measures, pupil groups, terms."""

    def __init__(self):
        self.terms = list(Term.objects.select_related("period__year").order_by("period__on"))
        self.measures = {m.code: m for m in Measure.objects.live().prefetch_related("groups")}
        groups = PupilGroup.objects.all()
        self.groups = {group.name.casefold(): group for group in groups}
        self.groups |= {group.code: group for group in groups}
        self.units = {unit.pk: unit for unit in Unit.objects.select_related("trust", "school")}
        self._by_code = {}
        for unit in self.units.values():
            self._by_code[unit.code.casefold()] = unit.pk
            if unit.kind == UnitKind.SCHOOL and unit.school.urn:
                self._by_code[unit.school.urn] = unit.pk
            if unit.kind == UnitKind.TRUST:
                self._by_code["trust"] = unit.pk

    def unit(self, row):
        unit = self._by_code.get(row["unit"].casefold())
        if unit is None:
            raise Wrong("unit", self.unknown_unit(row))
        return unit

    def measure(self, row):
        code = row["measure_code"].casefold()
        if code not in self.measures:
            near = get_close_matches(code[:60], self.measures, 3)
            advice = f" Did you mean {' or '.join(near)}?" if near else ""
            words = f'There is no measure "{row["measure_code"][:60]}".{advice}'
            raise Wrong("measure_code", words)
        return self.measures[code]

    def group(self, row, measure):
        group = self.groups.get(row["pupil_group"].casefold() or "all")
        if group not in measure.groups.all():
            asked = ", ".join(group.code for group in measure.groups.all())
            raise Wrong("pupil_group", f"{measure.name} is asked for these groups: {asked}.")
        return group

    def unknown_unit(self, row):
        told = row["unit"][:60]
        return f'There is no unit "{told}" for you. Give a URN, the code of a unit, or TRUST.'


def _day(text):
    return day_of({"on": text, "term": ""})
