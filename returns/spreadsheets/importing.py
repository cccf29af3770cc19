"""A file of figures becomes changes to returns: the reading and the actions of the form.

All or nothing. A row is about a unit, a measure, a pupil group and a period;
it goes into the return of the term that asks that unit about that period. A
blank cell changes nothing, CLEAR in the value takes an answer away. What is
shown before it is stored (``effects``) is what ``apply`` stores.

What the data manager loads for a term that is over, into a return that nobody
has begun, is history: it is approved in one go and marked as recorded.
"""

import json
from collections import Counter, defaultdict
from copy import copy
from dataclasses import replace
from hashlib import sha256

from django.utils import timezone

from kpis.models import Measure
from schools.models import AuditRow, Memberships, Role
from schools.people import OF_A_SCHOOL
from schools.refused import Refused
from schools.tenancy import current_trust

from ..asked.asking import Asked
from ..asked.askings import Askings
from ..asked.questions import FIGURES, NAMES, Problem, Typed, Wrong
from ..grid.saving import Change
from ..grid.sheet import TYPING
from ..life.approving import approve
from ..life.entering import asked_raters, wrong_rater
from ..life.recording import record_past
from ..life.sending import submit
from ..life.states import MOVES, ROLES, Action
from ..models import Line, Return
from ..typed.cells import day_of, is_rating, merged, wanted_period
from ..typed.reading import read
from ..typed.seen import fingerprint
from .effects import Door, Effect, Told
from .files import SEEN, Fault
from .lines_now import lines_now
from .naming import Names
from .saving_many import save_many

COLUMN_OF = {"why_none": "value", "rating": "value", "until": "on", "provider": "reviewer"}
LONGEST = {name: longest for name in NAMES if (longest := Line._meta.get_field(name).max_length)}
SHORT = min(LONGEST.values())
NOTHING = Typed()
A_DATE = (
    "This cell is a date, where a number belongs: the spreadsheet may have changed what was "
    "typed. Format the cell as a number and type the figure again."
)


class Import:
    """One file on its way in, read against what the returns ask and hold.

    ``faults`` is empty, or nothing may be stored. ``effects`` are the lines
    that change or clash; ``same`` counts the rows that say what is there
    already. ``only`` is the return that the file must be for, None for any;
    ``mine`` the rows of ``row_key`` that win where they clash.
    """

    def __init__(self, rows, *, by=None, memberships=None, at, only=None, mine=()):
        self.memberships = memberships or Memberships(by, current_trust())
        self.at, self.today = at, timezone.localdate(at)
        self.only, self.mine = only, frozenset(mine)
        self.faults, self.same = [], 0
        self._seen, self._wanted, self._doors, self._numbers = {}, {}, {}, {}
        self._elsewhere, self._closed = Counter(), Counter()
        self._effects = defaultdict(dict)
        self._names = Names()
        self._askings = Askings(self._names.terms, self.today)
        told = [one for row in rows if (one := self._told(row))]
        self._read_returns(told)
        self._raters = asked_raters({one.measure.id for one in told})
        for one in told:
            try:
                self._add(one)
            except Wrong as wrong:
                self._fault(one.row, wrong.problem, one.measure)
        self._say_once_if_elsewhere(len(told))

    def again(self, *, memberships, at):
        """The same, for another request of the same person on the same day."""
        other = copy(self)
        other.memberships, other.at = memberships, at
        return other

    @property
    def effects(self):
        """In the order of the file."""
        return [effect for lines in self._effects.values() for effect in lines.values()]

    @property
    def changes(self):
        """The effects that are stored."""
        return [effect for effect in self.effects if effect.changes and not effect.is_left]

    def fingerprint(self):
        """A digest of what the file changes, and of the versions of what it changes.

        What somebody chooses where it clashes makes no difference to it.
        """
        told = [
            [*place, *key, effect.version, effect.action, *effect.typed]
            for place, lines in self._effects.items()
            for key, effect in lines.items()
            if effect.changes
        ]
        return sha256(json.dumps([told, len(self.faults)]).encode()).hexdigest()

    # What a row names

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
        for naming in (self._names.group, self._wanted_period):
            try:
                found.append(naming(row, measure))
            except Wrong as wrong:
                self._fault(row, wrong.problem)
        return Told(row, unit, measure, *found[2:]) if len(found) == 4 else None

    def _wanted_period(self, row, measure):
        """The period that a row names, read once for all rows that name it so."""
        told = measure.id, row["academic_year"], row["term"], row.of is None
        if told not in self._wanted:
            self._wanted[told] = wanted_period(row, measure)
        return self._wanted[told]

    def _fault(self, row, problem, measure=None):
        column, words = COLUMN_OF.get(problem.part, problem.part), problem.words
        wants_number = measure is not None and measure.kind in (*FIGURES, Measure.Kind.CASES)
        if wants_number and row.kinds.get(column) == "date" and column != "on":
            words = A_DATE
        self.faults.append(row.fault(column, words))

    def _read_returns(self, told):
        """The returns and lines of the terms that could be meant, in two queries."""
        terms = {term.id for one in told for term in self._askings.terms_of(one.wanted)}
        found = Return.objects.filter(term__in=terms).select_related("unit", "term__period__year")
        self._returns = {(one.unit_id, one.term_id): one for one in found}
        numbers = {one.pk: place for place, one in self._returns.items()}
        lines = lines_now(list(numbers), {one.unit for one in told})
        self._lines = {place: lines.get(pk, {}) for pk, place in numbers.items()}

    def asking_of(self, term):
        """What a term asks, read once."""
        return self._askings.of(term)

    # One row

    def _add(self, one):
        """Make the row a change of the line that it is about."""
        if one.row.kinds:
            one = one._replace(row=_spoken(one.row, one.measure))
        term = self._term_of(one)
        asking = self._askings.of(term)
        return_ = self._return(one, asking)
        self._is_meant(one, return_)
        door = self._door(one, return_)
        place = return_.unit_id, term.id
        asked = self._numbered(one, asking, place)
        key = asked.key
        line = self._lines[place].get(key) if place in self._lines else None
        held = line.typed if line else NOTHING
        lines = self._effects[place]
        before = lines.get(key)
        version, _, _ = one.row[SEEN].partition(".")
        if one.row[SEEN] and one.row[SEEN] == template_mark(version, one.row.cells):
            self.same += 1
            return
        self._only_once(one, key, term)
        typed = merged(one.row, one.measure, before.typed if before else held)
        if typed == held and before is None:
            self.same += 1
            return
        self._is_open(one, return_, line, held, door.action)
        for problem in self._problems(asking, asked, return_, typed):
            self._fault(one.row, problem, one.measure)
        clashes = bool(one.row[SEEN]) and version != str(line.version if line else 0)
        if asked.may_repeat and line is None and before is None:
            self._numbers[place][key[:3]].append(asked.number)
        lines[key] = Effect(
            rows=(*before.rows, one.row) if before else (one.row,),
            return_=return_,
            asked=asked,
            line=line,
            held=held,
            typed=typed,
            action=door.action,
            clashes=clashes,
            is_left=clashes and row_key(one.row) not in self.mine,
        )

    def _term_of(self, one):
        """The term whose return the row goes into; Wrong if none asks for it."""
        terms = self._askings.terms_of(one.wanted)
        asked = one.measure, one.unit, one.group
        if len(terms) == 1 and self._askings.why_not(*asked, terms[0]) is None:
            return terms[0]
        if not terms:
            words = f"No term that has opened asks {one.measure.name} about this."
            raise Wrong("term", f"{words} {one.wanted.advice}")
        reasons = [self._askings.why_not(*asked, term) for term in terms]
        fitting = [term for term, why in zip(terms, reasons, strict=True) if why is None]
        if not fitting:
            raise Wrong("measure_code", f"{one.measure.name} {reasons[0]}.")
        # Of several terms that ask, the one being collected now, else the first.
        latest = self._askings.opened[-1]
        if self.only and self.only.term in fitting:
            return next(term for term in fitting if term == self.only.term)
        if fitting[-1] == latest and self._return(one, self.asking_of(latest)).state in TYPING:
            return latest
        return fitting[0]

    def _return(self, one, asking):
        unit = asking.returning_unit(one.measure, asking.units[one.unit])
        place = unit, asking.term.id
        if place not in self._returns:
            self._returns[place] = Return(unit=self._names.units[unit], term=asking.term)
        return self._returns[place]

    def _is_meant(self, one, return_):
        """Whether it is the return that the page or the top of the sheet says."""
        if self.only is not None:
            same = return_.unit_id == self.only.unit_id and return_.term_id == self.only.term_id
            if not same and return_.is_held_by(self.memberships, ROLES[Action.SAVE]):
                self._elsewhere[return_.unit.name, str(return_.term)] += 1
                words = f"This goes into the {return_.term} return of {return_.unit}, not this one."
                raise Wrong("term" if return_.unit_id == self.only.unit_id else "unit", words)
        if one.row.of and self._names.unit(one.row, one.row.of) != return_.unit_id:
            told = self._names.units[one.unit]
            words = f"{one.measure.name} of {told} belongs into the return of {return_.unit}."
            raise Wrong("unit", words)

    def _say_once_if_elsewhere(self, told):
        """A template of another term or a closed return is one problem, not one in each row."""
        [closed, count], *others = self._closed.most_common(2) or [("", 0)]
        if self.only is not None and count > 1 and count == len(self.faults) and not others:
            self.faults = [Fault(0, "", f"{closed} Nothing can be typed into it now.")]
        if self.only is None or len(self._elsewhere) != 1 or sum(self._elsewhere.values()) < told:
            return
        [(unit, term)] = self._elsewhere
        theirs = term if unit == self.only.unit.name else f"{term}, {unit}"
        own = f"{self.only.term}" if unit == self.only.unit.name else f"{self.only}"
        words = f"This template is for {theirs}. Download the {own} one."
        self.faults = [Fault(0, "", words)]

    def _door(self, one, return_):
        """What is done with the row; Wrong if that is not possible, or not for this person."""
        place = return_.unit_id, return_.term_id
        door = self._doors.get(place) or self._doors.setdefault(place, self._door_of(return_))
        if not door.is_held:
            raise Wrong("unit", self._names.unknown_unit(one.row))
        if door.closed:
            self._closed[door.closed] += 1
            raise Wrong("term", door.closed)
        # A contributor types what belongs to own offices.
        if not door.is_whole and one.measure.office_id not in self.memberships.office_ids:
            raise Wrong("measure_code", f"Somebody else answers for {one.measure.name}.")
        return door

    def _door_of(self, return_):
        action, state = self.action_for(return_), return_.state_on(self.today)
        words = f"The {return_.term} return of {return_.unit} is {state.label.lower()}."
        return Door(
            is_held=return_.is_held_by(self.memberships, ROLES[Action.SAVE]),
            is_whole=return_.is_held_by(self.memberships, {Role.DATA_MANAGER, *OF_A_SCHOOL}),
            action=action,
            closed="" if (state, action) in MOVES else words,
        )

    def action_for(self, return_):
        """Typing, or history: a past term's return that nobody types into."""
        is_past = return_.term.is_history or return_.term != self._askings.opened[-1]
        may = self.memberships.has(Role.DATA_MANAGER)
        untouched = (return_.state_on(self.today), Action.RECORD) in MOVES
        return Action.RECORD if is_past and may and untouched else Action.SAVE

    def _is_open(self, one, return_, line, held, action):
        if action == Action.RECORD and held.has_answer:
            raise Wrong("value", "Another answer has been approved here. It has to be reopened.")
        if action == Action.SAVE and not return_.is_open_to(line):
            words = f"{one.measure.name} has been approved. Ask for it to be reopened."
            raise Wrong("value", words)

    def _numbered(self, one, asking, place):
        """The question; of several answers in one term, the one with this row's day."""
        measure = asking.measures[one.measure.id]
        asked = Asked(measure, asking.units[one.unit], one.group, asking.period_of(measure))
        if not asked.may_repeat:
            return asked
        question = asked.key[:3]
        taken = {
            number: (_day(typed.on), typed.kind.lower())
            for number in self._numbers_in(place)[question]
            if (typed := self._typed_in(place, (*question, number))).has_answer
        }
        this = day_of(one.row), one.row["kind"].lower()
        same = (number for number, there in taken.items() if there == this)
        free = (number for number in range(1, len(taken) + 2) if number not in taken)
        return replace(asked, number=next(same, None) or next(free))

    def _numbers_in(self, place):
        """The numbers under which each question of a return has been answered, in the file too."""
        if place not in self._numbers:
            found = self._numbers[place] = defaultdict(list)
            for *question, number in self._lines.get(place, {}):
                found[tuple(question)].append(number)
        return self._numbers[place]

    def _typed_in(self, place, key):
        effect = self._effects[place].get(key)
        return effect.typed if effect else self._lines[place][key].typed

    def _only_once(self, one, key, term):
        key = (*key, term.id, is_rating(one.row, one.measure))
        first = self._seen.setdefault(key, one.row)
        if first is not one.row:
            sheet = f"sheet {first.sheet}, " if first.sheet else ""
            where = f"{sheet}row {first.number}"
            raise Wrong("measure_code", f"The same answer stands in {where} already.")

    def _problems(self, asking, asked, return_, typed):
        """All that is wrong with what is typed."""
        said = read(asking.question(asked), typed, self.today)
        wrong = said.rating and wrong_rater(return_, said.rating, asked, self._raters)
        return [*_too_long(typed), *said.problems, *([wrong] if wrong else [])]

    # All of it

    def apply(self, *, then_submit=False, then_approve=False, kept=None):
        """Store it, in the transaction of the caller: how many lines went where.

        Submits, and approves, the returns of the present term if asked to.
        ``kept`` is given each effect with the number of the line that it became
        and that line's version. Raises Refused, naming the return, for what only
        an action can know.
        """
        by_place = defaultdict(list)
        for effect in self.changes:
            by_place[effect.place].append(effect)
        places = sorted(by_place, key=lambda place: (self._returns[place].term.period.index, place))
        returns = {place: self._there(self._returns[place]) for place in places}
        told = {
            returns[place]: [Change(one.asked, one.typed, one.version) for one in by_place[place]]
            for place in places
        }
        lines = self._store(told)
        for return_ in returns.values():
            if then_submit or then_approve:
                self._send(return_, then_approve)
        if kept:
            for place, return_ in returns.items():
                for effect in by_place[place]:
                    kept(effect, *lines[return_][effect.asked.key])
        return {str(return_): len(lines[return_]) for return_ in returns.values()}

    def _there(self, return_):
        """The return, made now if nobody has opened it."""
        if return_.pk is None:
            return_, _ = Return.objects.get_or_create(unit=return_.unit, term=return_.term)
        return return_

    def _store(self, told):
        """Each return's changed lines: {return: {key: (number, version)}}."""
        does = {"memberships": self.memberships, "at": self.at}
        lines, typed = {return_: {} for return_ in told}, {}
        for return_, changes in told.items():
            if self.action_for(return_) != Action.RECORD:
                typed[return_] = changes
                continue
            try:
                kept = record_past(return_, changes, asking=self.asking_of(return_.term), **does)
            except Refused as why:
                raise Refused(f"{return_}: {why}") from None
            lines[return_] = {line.key: (line.pk, line.version) for line in kept}
        channel = AuditRow.Channel.IMPORT
        for one in save_many(typed, channel=channel, asking_of=self.asking_of, **does):
            lines[one.return_][one.change.asked.key] = one.pk, one.version
        return lines

    def _send(self, return_, then_approve):
        """Submit what was typed into the present term's return, and approve it if asked to."""
        does = {"memberships": self.memberships, "at": self.at}
        if self.action_for(return_) == Action.RECORD:
            return
        channel, asking = AuditRow.Channel.IMPORT, self.asking_of(return_.term)
        try:
            return_.refresh_from_db()
            return_ = submit(
                return_, version=return_.version, asking=asking, channel=channel, **does
            )
            if then_approve:
                approve(return_, version=return_.version, channel=channel, **does)
        except Refused as why:
            raise Refused(f"{return_}: {why}") from None


def template_mark(version, cells):
    """What a template says of a line beside its row: its version, and what was written there.

    A row that says just that has not been touched since, whatever the line says now.
    """
    return fingerprint(version, Typed.of(cells))


def row_key(row):
    """A row by its sheet and number, as a form names it."""
    return f"{row.sheet}!{row.number}"


def _spoken(row, measure):
    """A box that was ticked, in words, where the answer is yes or no."""
    if row.kinds.get("value") != "boolean" or measure.kind != Measure.Kind.YES_NO:
        return row
    return replace(row, cells={**row.cells, "value": "yes" if row["value"] == "TRUE" else "no"})


def _too_long(typed):
    if len(max(typed, key=len)) <= SHORT:  # as most are
        return []
    return [
        Problem(name, f"Shorten this to {longest} characters.")
        for name, text in zip(NAMES, typed, strict=True)
        if text and len(text) > (longest := LONGEST.get(name, len(text)))
    ]


def _day(text):
    return day_of({"on": text, "term": ""})
