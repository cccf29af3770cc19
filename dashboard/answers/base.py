"""What every answer of a leader has in common, and whose status it would change.

What an answer would change is found by judging the promise with it, by the
same rules that judge it once it is kept.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

from kpis.facts import NotInPlan
from kpis.facts.times import Calendar
from kpis.models import PupilGroup, Reading
from kpis.rag.given import Basis, index_of
from kpis.rag.judging import judge_one
from kpis.rag.periods import same_season
from kpis.rag.verdict import Verdict
from schools.calendar import nominal_end
from schools.models import Period

from ..cells import term_name
from ..kpi.asks import ReadingAsks

WHOLE = "all parts together"


@dataclass(frozen=True, slots=True)
class Effect:
    """One status that an answer changes."""

    name: str
    before: Verdict
    after: Verdict


def effects(given, promise, changed, clause):
    """Whose status is another one in this term if ``changed`` stands in place of the promise.

    That of one clause, by its number; of several, that of the promise as well.
    """
    before, after = judge_one(given, promise), judge_one(given, changed)
    was, will = before.line(clause), after.line(clause)
    names = {pk: unit.name for pk, unit in given.units.items()}
    trust = names[given.trust]
    pairs = [(trust, was.trust.verdict, will.trust.verdict)]
    pairs += [(names[pk], was.units[pk].verdict, s.verdict) for pk, s in will.units.items()]
    if len(promise.clauses) > 1:
        pairs.append((f"{trust}, {WHOLE}", before.trust.verdict, after.trust.verdict))
        pairs += [
            (f"{names[pk]}, {WHOLE}", before.schools[pk].verdict, cell.verdict)
            for pk, cell in after.schools.items()
        ]
    return tuple(
        Effect(name, was, will)
        for name, was, will in pairs
        if (was.status, was.reason) != (will.status, will.reason)
    )


class Answer(ABC):
    """One thing to settle about one reading of a promise, and its form."""

    title = lead = ""

    def __init__(self, facts, promise, reading, calendar):
        self.facts, self.given, self.promise = facts, facts.given, promise
        self.calendar = Calendar(calendar)
        found = [(clause, r) for clause in promise.clauses for r in clause.readings]
        self.clause, self.reading = next(
            ((clause, r) for clause, r in found if r.id == reading), (None, None)
        )
        if self.reading is None:
            raise NotInPlan
        self.asks = ReadingAsks(self.given, promise, self.clause, self.reading)
        self.measure, self.terms = self.asks.measure, self.asks.terms

    @property
    def is_open(self):
        """Whether there is anything to settle."""
        return bool(self.shown)

    @property
    @abstractmethod
    def shown(self):
        """What the choice rests on, in plain values; empty where nothing is open."""

    def details(self):
        """What there is already, in sentences."""
        return ()

    @abstractmethod
    def form(self, posted=None):
        """The form, with ``posted`` in it."""

    @abstractmethod
    def changed(self, form):
        """The promise as it would be."""

    @abstractmethod
    def save(self, form, memberships):
        """Keep it."""

    def effects(self, form):
        return effects(self.given, self.promise, self.changed(form), self.clause.id)

    # What several of them need

    def _since(self, first, usual):
        """From which term it may hold: choices and the one that is chosen already."""
        last = self.given.term.index
        first = min(first, last)
        usual = min(max(usual, first), last)
        terms = [(index, term_name(index)) for index in range(last, first - 1, -1)]
        return {"terms": terms, "since": usual, "shown": self.shown}

    def _why(self, form, memberships):
        index = form.cleaned_data["since"]
        return {
            "from_period": Period.objects.for_term(index // 3, index % 3 + 1),
            "reason": form.cleaned_data["reason"],
            "memberships": memberships,
        }

    def _row(self):
        return Reading.objects.select_related("measure", "clause").get(pk=self.reading.id)

    def _group(self):
        return PupilGroup.objects.get(code=self.terms.group)

    def _with_clause(self, clause):
        clauses = tuple(clause if one.id == clause.id else one for one in self.promise.clauses)
        return replace(self.promise, clauses=clauses)

    def _with_reading(self, **changes):
        changed = replace(self.reading, **changes)
        readings = tuple(changed if r.id == changed.id else r for r in self.clause.readings)
        return self._with_clause(replace(self.clause, readings=readings))

    def _with_starts(self, starts):
        """The promise with more baselines; one with the same key takes the place of the other."""
        keys = {key_of(start) for start in starts}
        kept = tuple(start for start in self.reading.starts if key_of(start) not in keys)
        return self._with_reading(starts=(*kept, *starts))

    def _with_terms(self, index, **changes):
        """The promise with another version of the clause from a term on."""
        held = self.clause.in_force(index)
        version = replace(held, from_index=index, **changes)
        kept = tuple(terms for terms in self.clause.terms if terms.from_index != index)
        ordered = sorted((*kept, version), key=lambda terms: terms.from_index)
        return self._with_clause(replace(self.clause, terms=tuple(ordered)))

    def _season(self, period):
        """The term of the year that it is for, where the past is the same term of another year."""
        is_by_season = same_season(self.measure) and self.measure.basis in (
            Basis.TERM,
            Basis.YEAR_TO_DATE,
        )
        return period.part if is_by_season else 0

    def _promised_since(self):
        return max(self.clause.terms[0].from_index, index_of(self.given.plan_starts))


def key_of(start):
    """What tells one baseline of a reading from another."""
    return start.unit, start.group, start.season, start.from_index


def period_row(period):
    """The row of a period that the rules know."""
    is_a_day = period.basis is Basis.DATE
    on = period.ends if is_a_day else nominal_end(period.year, period.part)
    told = {"basis": period.basis.value, "year_id": period.year, "part": period.part, "on": on}
    return Period.objects.kept(Period(**told))
