"""What was read and judged of a trust's term, kept until it changes; one school's, if one changes.

What is promised is kept for as long as its versions are the same. What a unit
has sent, and what the rules say of it, stands under the unit's own version as
well: after one school's save only that school is read again, and only the
promises that read what it has sent anew are judged again, for it and for the
trust. What is judged of the others is the very same thing as before, in this
term and in the one before, so that who shows it can tell. Nobody's sight plays
a part: what a person may see is decided afterwards, on what is judged.
"""

from dataclasses import dataclass

from kpis import facts
from kpis.facts import Facts, Figures, PlanFacts
from kpis.rag.judging import judge_all, judge_results, judge_units
from schools.kept import Kept

from .changes import NO_TERM, LastTerm

AT_MOST = 6  # terms of trusts in one process


@dataclass(frozen=True, slots=True)
class Told:
    """What the rules say in one term: of each unit by clause, and of each promise."""

    units: dict
    promises: dict

    def again(self, given, touched, units, judge=None):
        """With what they say of ``units`` now, where promises read a measure that was touched."""
        among = given.at(given.term, promises=tuple(_touched(given.promises, touched)))
        said = judge_units(among, units)
        told = self.units | {pk: self.units.get(pk, {}) | anew for pk, anew in said.items()}
        judged = (judge or judge_all)(among, told)
        return Told(told, self.promises | {one.promise.id: one for one in judged})


@dataclass(frozen=True, slots=True)
class Known:
    """One term as it was read and judged: ``now``, and ``then``, the one before it."""

    promised: PlanFacts
    figures: Figures
    versions: dict
    facts: Facts
    now: Told
    then: Told
    past: LastTerm

    def judged(self):
        """Every promise judged, in the order of the plan."""
        promises = self.facts.given.promises
        return tuple(self.now.promises[one.id] for one in promises if one.clauses)


TERMS = Kept(AT_MOST, weigh=lambda known: 1)
NOTHING = Told({}, {})


def read_and_judged(trust, plan, term, today, terms, versions):
    """The facts of a term, what is judged of it, and how everything stood in the term before.

    ``versions`` were asked before: what changes meanwhile has another one.
    """
    key = trust.pk, plan.pk, term.pk, today, versions.promised
    known = TERMS.get(key)
    if known is None:
        promised = facts.read_plan(trust, plan, term, today, terms=terms)
        known = _judged_anew(promised, facts.read_figures(promised), versions)
    elif known.versions != versions.units:
        known = _renewed(known, versions)
    TERMS.put(key, known)
    return known.facts, known.judged(), known.past


def _judged_anew(promised, figures, versions):
    read = facts.facts_of(promised, figures)
    now = NOTHING.again(read.given, None, read.given.units)
    then, past = _then(read, NOTHING, NO_TERM, None, read.given.units)
    return Known(promised, figures, versions.units, read, now, then, past)


def _renewed(known, versions):
    """With what the units have sent whose version is another one now."""
    changed = {pk for pk, version in versions.units.items() if known.versions.get(pk) != version}
    newer = facts.read_figures(known.promised, units=changed)
    touched = known.figures.touched(newer, changed)
    figures = known.figures.renewed(newer, changed)
    read = facts.facts_of(known.promised, figures)
    units = changed & read.given.units.keys()
    now = known.now.again(read.given, touched, units)
    then, past = _then(read, known.then, known.past, touched, units)
    return Known(known.promised, figures, versions.units, read, now, then, past)


def _then(read, told, past, touched, units):
    """The same of the term before, and how its results stood; nothing without one."""
    before = LastTerm.given(read)
    if before is None:
        return told, past
    told = told.again(before, touched, units, judge_results)
    judged = [told.promises[one.id] for one in _touched(before.promises, touched)]
    return told, past.again(before, judged)


def _touched(promises, measures):
    """The promises that read one of these measures; None is any of them."""
    for promise in promises:
        reads = {reading.measure for clause in promise.clauses for reading in clause.readings}
        if promise.clauses and (measures is None or reads & measures):
            yield promise
