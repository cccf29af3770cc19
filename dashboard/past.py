"""The figures of one clause in the earlier terms: as they were judged, or as they were sent.

Whoever leads the page is judged in each earlier term by the rules of that term, so a chart
never shows a figure that no page has shown. All others are only drawn: their
figures come straight from what they sent, by the same rules of what counts.
"""

from dataclasses import dataclass, field, replace

from kpis.rag.applies import is_asked_of
from kpis.rag.by_rule import gap_rule
from kpis.rag.choose import exact, is_too_small, outside_its_time, shown_as
from kpis.rag.gap import Pair
from kpis.rag.judging import judge_one
from kpis.rag.lines import FIGURES_TOGETHER, is_here, things_of
from kpis.rag.others import national, reference_answer
from kpis.rag.outcome import Line, Said
from kpis.rag.periods import asked_period, in_force_now
from kpis.rag.phases import all_together
from kpis.rag.say import does_apply, say
from kpis.rag.scales import scales
from kpis.rag.verdict import Mark, Reason, Status, Verdict
from kpis.rag.weigh import FIGURE_RULES

from .pooling import trust_said

TERMS_BACK = 9
NO_VERDICT = Verdict(Status.GREY, Reason.NO_DATA, "")


@dataclass(frozen=True, slots=True)
class Past:
    """What one clause said in each earlier term: {index of the period: Said}, by unit.

    ``trust`` is the number of the trust's own unit; its figure is that of all
    schools together where the clause is promised by each. ``figures`` are those
    of units that were not judged again: {index: figure}, by unit. All are those
    of one ``reading``: figures of two measures are never one line.
    """

    clause: object
    axis: tuple[int, ...]
    by_unit: dict
    trust: int
    figures: dict = field(default_factory=dict)
    reading: int | None = None

    def values(self, unit):
        """The figures of a unit along the axis, None where there is none."""
        if unit in self.by_unit:
            said = self.by_unit[unit]
            return [said[index].figure if index in said else None for index in self.axis]
        sent = self.figures.get(unit, {})
        return [sent.get(index) for index in self.axis]


def past_of(facts, promise, clause, reading, lead, units, small):
    """One reading of a clause through the terms; None where it has no figures.

    ``lead`` is judged in each of them; of ``units`` the figures are looked up.
    ``small`` keeps back from the trust's line what would show a small number,
    and in a file from the others' too.
    """
    given = facts.given
    if clause.in_force(given.term.index).rule not in FIGURE_RULES:
        return None
    measure = given.measures[reading.measure]
    alone = replace(clause, readings=(reading,))
    judged = {}
    for collecting in _terms_back(facts, measure):
        said = said_then(replace(given, term=collecting), promise, alone, lead, small)
        if said is not None and said.figure is not None and not _is_in_part(said):
            judged[said.period.index] = said
    axis = _axis(given, measure, facts.terms) | judged.keys()
    sent = {
        unit.id: sent_figures(given, promise, alone, reading, unit, axis, small) for unit in units
    }
    return Past(clause, tuple(sorted(axis)), {lead.id: judged}, given.trust, sent, reading.id)


def sent_past(facts, promise, clause, reading, units):
    """The same without anybody who leads; None where the clause has no figures."""
    given = facts.given
    if clause.in_force(given.term.index).rule not in FIGURE_RULES:
        return None
    alone = replace(clause, readings=(reading,))
    axis = _axis(given, given.measures[reading.measure], facts.terms)
    sent = {unit.id: sent_figures(given, promise, alone, reading, unit, axis) for unit in units}
    return Past(clause, tuple(sorted(axis)), {}, given.trust, sent, reading.id)


# Judged again


def said_then(given, promise, clause, unit, small):
    """What a clause says of the trust or a school in the term of ``given``."""
    is_own_line = unit.id != given.trust and not small.sight.in_file
    if is_own_line and _answers_itself(given, clause, unit):
        return say(given, promise, clause, unit) if is_here(given, unit) else None
    if unit.id == given.trust and not small.sight.hides_small:
        return _of_the_trust(given, promise, clause)
    alone = replace(promise, clauses=(clause,))
    line = small.of(judge_one(given, alone)).lines[0]
    return trust_said(given, line) if unit.id == given.trust else line.schools.get(unit.id)


def _answers_itself(given, clause, unit):
    """A school of several phases, or with sites, is judged by them."""
    measures = [given.measures[reading.measure] for reading in clause.readings]
    return all(is_asked_of(one.of, one.is_by_phase, unit.place) for one in measures)


def _of_the_trust(given, promise, clause):
    """The trust's figure alone: no school is judged for it."""
    terms = in_force_now(given, clause)
    measures = [given.measures[reading.measure] for reading in clause.readings]
    if terms.level == "trust" and all(measure.of == "trust" for measure in measures):
        return say(given, promise, clause, given.units[given.trust])
    if terms.roll_up not in FIGURES_TOGETHER and any(one.counts == "none" for one in measures):
        return None
    answering = [
        unit
        for _, unit in sorted(given.units.items())
        if is_here(given, unit)
        and any(is_asked_of(one.of, one.is_by_phase, unit.place) for one in measures)
    ]
    together = all_together(given, promise, clause, answering, things_of(given, clause))
    units = {} if terms.level == "trust" else dict.fromkeys(unit.id for unit in answering)
    return trust_said(given, Line(clause, Said(NO_VERDICT), units, {}, together))


def _is_in_part(said):
    """The figure of some schools, which those of all must not be compared with."""
    return said.verdict.reason is Reason.PARTIAL or Mark.PARTIAL in said.verdict.marks


def _terms_back(facts, measure):
    """The terms to judge: the last nine, or of what follows the seasons the same of each year."""
    last = facts.given.term.index
    terms = [
        collecting
        for index, collecting in sorted(facts.terms.items())
        if not measure.seasonal or index % 3 == last % 3
    ]
    return terms[-TERMS_BACK:]


def _axis(given, measure, terms):
    """The periods that the returns have asked about."""
    collecting = [
        index
        for index in sorted(terms)
        if not measure.seasonal or index % 3 == given.term.index % 3
    ]
    asked = (asked_period(given, measure, index) for index in collecting[-TERMS_BACK:])
    return {period.index for period in asked if period is not None}


# As they were sent


def sent_figures(given, promise, clause, reading, unit, axis, small=None):
    """The figures of one unit by the index of their period, without judging any.

    What counts, counts here: of enough pupils, in the unit's own time.
    """
    if not does_apply(given, clause, reading, unit):
        return {}
    measure, terms = given.measures[reading.measure], clause.in_force(given.term.index)
    shown, found = shown_as(measure), {}
    for answer in given.answers.get((measure.id, unit.id, terms.group), ()):
        period = answer.period
        if period.index not in axis or answer.why_none is not None:
            continue
        if is_too_small(given, measure, answer) or outside_its_time(unit, period) is not None:
            continue
        if small is not None and small.hides_of(measure.id, terms, period, unit.id):
            continue
        value = exact(answer, measure)
        if value is None:
            continue
        figure = shown.figure(value)
        if terms.rule == "gap":
            figure = _gap(given, promise, clause, reading, unit, period, figure)
        if figure is not None:
            found[period.index] = figure
    return found


def _gap(given, promise, clause, reading, unit, period, figure):
    """How far the group of one school is behind in one period."""
    on = scales(given, promise, clause, reading, period)
    if on.terms.against == "national_other":
        theirs = national(given, on.measure, on.terms, unit, period).reference
    else:
        rest = reference_answer(given, on.measure, unit, on.terms, period)
        if rest is None or is_too_small(given, on.measure, rest):
            return None
        value = exact(rest, on.measure)
        theirs = None if value is None else on.shown.figure(value)
    return None if theirs is None else Pair(figure, theirs).size(gap_rule(on))
