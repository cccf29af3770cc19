"""What was read and judged of a trust's term, kept until it changes; one school's, if one changes.

What is promised is kept for as long as its versions are the same. What a unit
has sent, and what the rules say of it, stands under the unit's own version as
well: after one school's save only that school is read and judged again, and the
lines of the trust are put together. Nobody's sight plays a part: what a person
may see is decided afterwards, on what is judged.
"""

from dataclasses import dataclass

from kpis import facts
from kpis.facts import Facts, Figures, PlanFacts
from kpis.rag.judging import judge_all, judge_units
from schools.kept import Kept

from .changes import LastTerm

AT_MOST = 6  # terms of trusts in one process


@dataclass(frozen=True, slots=True)
class Known:
    """One term as it was read and judged: ``now`` and ``then`` by unit and clause."""

    promised: PlanFacts
    figures: Figures
    versions: dict
    facts: Facts
    now: dict
    then: dict

    def judged(self):
        """Every promise judged, and how everything stood in the term before."""
        return judge_all(self.facts.given, self.now), LastTerm.of(self.facts, self.then)


TERMS = Kept(AT_MOST, weigh=lambda known: 1)


def read_and_judged(trust, plan, term, today, terms, versions):
    """The facts of a term, what is judged of it, and of the term before.

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
    return (known.facts, *known.judged())


def _judged_anew(promised, figures, versions):
    read = facts.facts_of(promised, figures)
    now, then = _said(read, read.given.units)
    return Known(promised, figures, versions.units, read, now, then)


def _renewed(known, versions):
    """With what the units have sent whose version is another one now."""
    changed = {pk for pk, version in versions.units.items() if known.versions.get(pk) != version}
    newer = facts.read_figures(known.promised, units=changed)
    figures = known.figures.renewed(newer, changed)
    read = facts.facts_of(known.promised, figures)
    now, then = _said(read, changed & read.given.units.keys())
    return Known(
        known.promised,
        figures,
        versions.units,
        read,
        known.now | now,
        known.then | then,
    )


def _said(read, units):
    """What the rules say of these units in this term, and in the one before."""
    before = LastTerm.given(read)
    return judge_units(read.given, units), judge_units(before, units) if before else {}
