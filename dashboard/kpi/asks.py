"""What only a leader of the trust can settle about a KPI, found in what was judged.

A school can send a figure; it cannot say what its baseline is, or which level
counts on a new scale. Each thing to settle has a form (see ``answers``).
"""

from dataclasses import dataclass, replace

from kpis.rag.applies import is_asked_of
from kpis.rag.begin import Beginning, beginning, break_between
from kpis.rag.choose import (
    choose,
    exact,
    has_figure,
    is_too_small,
    outside_its_time,
    shown_as,
    told_by_now,
)
from kpis.rag.given import Answer, Clause, Period, Reading, Unit, index_of
from kpis.rag.judging import judge_one
from kpis.rag.lines import is_here
from kpis.rag.periods import alike, in_force_now, judged_index
from kpis.rag.say import does_apply
from kpis.rag.scales import aim_of, scales
from kpis.rag.verdict import Reason

NO_BASELINE = frozenset({Reason.BASELINE_YEAR, Reason.NO_LIKE_FOR_LIKE})
KEEP = "maintain_or_improve"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A first figure that may become the baseline of its unit."""

    unit: Unit
    answer: Answer
    words: str

    @property
    def period(self) -> Period:
        return self.answer.period


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to settle: which form, about which reading, for which units.

    ``kind`` is baseline, date, level, joining, target or reference.
    """

    kind: str
    clause: Clause
    reading: Reading
    units: tuple[Unit, ...]
    words: str


def asks_of(given, promise, judged):
    """All that a leader must settle about one promise, in the order of its clauses.

    ``judged`` is the promise as it stands: a clause of one reading need not be judged again.
    """
    found = []
    for clause in promise.clauses:
        line = judged.line(clause.id) if len(clause.readings) == 1 else None
        for reading in clause.readings:
            found += ReadingAsks(given, promise, clause, reading, line).found()
    return tuple(found)


class ReadingAsks:
    """What one reading of a clause leaves open. A reading is judged here by itself."""

    def __init__(self, given, promise, clause, reading, line=None):
        self.given, self.promise, self.clause, self.reading = given, promise, clause, reading
        self.measure = given.measures[reading.measure]
        self.terms = in_force_now(given, clause)
        alone = replace(clause, readings=(reading,))
        self.line = line or judge_one(given, replace(promise, clauses=(alone,))).lines[0]

    def found(self):
        rule, operator = self.terms.rule, self.terms.operator
        if unmapped := self._with({Reason.NO_MAPPING}):
            yield self._ask("joining" if operator == KEEP else "level", unmapped)
        untold = self._with({Reason.NO_TARGET})
        if untold and (rule == "gap" or not self._has_a_number()):
            yield self._ask("reference" if rule == "gap" else "target", untold)
        if rule == "scale" and operator == KEEP:
            if unknown := self._with({Reason.BASELINE_YEAR}):
                yield self._ask("joining", unknown)
        elif candidates := self.candidates():
            yield self._ask("baseline", [candidate.unit for candidate in candidates])
        if undated := self.undated():
            yield self._ask("date", [self.given.units[start.unit] for start in undated])

    def _ask(self, kind, units):
        words = f"{self._name()}: {self._counted(units)} {_OPEN[kind]}."
        return Ask(kind, self.clause, self.reading, tuple(units), words)

    def _name(self):
        """The clause, where there are several; the measure, where the clause reads several."""
        names = [self.clause.title] if len(self.promise.clauses) > 1 else []
        if len(self.clause.readings) > 1 or not names:
            names.append(self.measure.name)
        return ", ".join(names)

    def _counted(self, units):
        if self.measure.of == "trust" or all(unit.kind == "trust" for unit in units):
            return "the trust has"
        return "1 school has" if len(units) == 1 else f"{len(units)} schools have"

    # Units

    def _with(self, reasons):
        """The units whose verdict has one of these reasons; of figures together, all of them."""
        if not self.line.units:
            return self._answering() if self.line.trust.verdict.reason in reasons else []
        return [
            self.given.units[pk]
            for pk, said in self.line.units.items()
            if said.verdict.reason in reasons
        ]

    def _answering(self):
        """Whoever the measure is asked of, and the clause is about."""
        return [
            unit
            for _, unit in sorted(self.given.units.items())
            if is_here(self.given, unit)
            and is_asked_of(self.measure.of, self.measure.is_by_phase, unit.place)
            and does_apply(self.given, self.clause, self.reading, unit)
        ]

    # Baselines

    def candidates(self):
        """A first figure for each unit that is grey because it has no baseline to be judged by.

        Of what is judged together each unit has its own, unless all have one.
        """
        found = (self._candidate(unit) for unit in self._with(NO_BASELINE) if self._lacks(unit))
        return [candidate for candidate in found if candidate is not None]

    def _lacks(self, unit):
        chosen = self._chosen(unit)
        if chosen.period is None:
            return False
        start = self._start(unit, chosen.period)
        is_known = start is not None and not start.broken
        return not is_known or self._is_small(start)

    def _chosen(self, unit):
        return choose(self.given, self.measure, unit, self.terms.group)

    def _start(self, unit, period) -> Beginning | None:
        if self.measure.kind == "level":
            period = self.given.term.period
        group, terms = self.terms.group, self.clause.in_force(period.index)
        return beginning(self.given, self.measure, self.reading, terms, unit, group, period)

    def _is_small(self, start):
        return start.answer is not None and is_too_small(self.given, self.measure, start.answer)

    def _candidate(self, unit):
        """The last figure before the plan, else the first one in it, that is like for like."""
        now = self._chosen(unit)
        if now.answer is None or now.period is None:
            return None
        told = [answer for answer in self._told(unit) if self._is_like(unit, answer, now)]
        before = [answer for answer in told if answer.period.ends < self.given.plan_starts]
        answer = before[-1] if before else next(iter(told), None)
        return None if answer is None else Candidate(unit, answer, self._written(answer))

    def _told(self, unit):
        group = self.terms.group
        if self.measure.kind == "level":
            return told_by_now(self.given, self.measure, unit, group)
        answers = self.given.answers.get((self.measure.id, unit.id, group), ())
        return [answer for answer in answers if has_figure(answer)]

    def _is_like(self, unit, answer, now):
        if answer.period.index > now.period.index:
            return False
        if self.measure.kind == "level":
            return answer.level is not None and answer.level[0] == now.answer.level[0]
        return (
            alike(self.measure, answer.period, now.period)
            and break_between(self.measure, answer, now.period, now.answer) is None
            and not is_too_small(self.given, self.measure, answer)
            and outside_its_time(unit, answer.period) is None
        )

    def _written(self, answer):
        if answer.level is not None:
            version, place = answer.level
            return next(v for v in self.versions() if v.id == version).levels[place].name
        shown = shown_as(self.measure)
        return shown.write(shown.figure(exact(answer, self.measure)))

    def undated(self):
        """The printed baselines in force without a date, where a date would count.

        That is on the way to a target: without it the final target decides.
        """
        index = judged_index(self.given, self.clause)
        aim = aim_of(self.scales(), self.given.trust, index)
        if self.terms.rule != "threshold" or aim is None or not aim.path:
            return []
        own = [start for start in self.reading.starts if start.from_index <= index]
        latest = {}
        for start in sorted(own, key=lambda start: (start.from_index, start.season)):
            if start.season in (0, index % 3 + 1):
                latest[start.unit, start.group] = start
        return [s for s in latest.values() if s.value is not None and s.dated is None]

    # Scales and targets

    def scales(self):
        return scales(self.given, self.promise, self.clause, self.reading, None)

    def versions(self):
        """All versions of the measure's scale, oldest first."""
        return self.given.scales.get(self.measure.scale, ())

    def _has_a_number(self):
        """Whether there is a target by now; a figure from before it has none all the same."""
        by = max(self.given.term.index, index_of(self.given.plan_starts))
        aim = aim_of(self.scales(), self.given.trust, by)
        return aim is not None and (aim.value is not None or aim.low is not None)

    def unmapped(self):
        """The versions of the scale on which nothing has to be reached yet, by any version."""
        return [v for v in self.versions() if v.id not in self.terms.scale_targets]


_OPEN = {
    "baseline": "no baseline to be judged by",
    "date": "a baseline that is printed without a date, so the final target decides",
    "level": "a level on a scale on which no target is set",
    "joining": "no grade on joining that compares with the one now",
    "target": "no number to reach",
    "reference": "a gap, and nobody is named to compare with",
}
