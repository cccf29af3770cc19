"""The figures of one clause in the earlier terms: as they were judged, or as they were sent.

Where an earlier figure is needed with what was expected of it, its unit is judged
again by the rules of that term. Otherwise a line is only drawn: its figures come
straight from what was sent, by the same rules of what counts.
"""

from dataclasses import dataclass, field, replace

from kpis.rag.applies import applies, is_asked_of
from kpis.rag.choose import outside_its_time
from kpis.rag.given import WhyNone, index_of
from kpis.rag.judging import judge_one
from kpis.rag.lines import FIGURES_TOGETHER, is_here, things_of
from kpis.rag.others import national
from kpis.rag.outcome import Line, Said
from kpis.rag.periods import asked_period, in_force_now, same_season
from kpis.rag.phases import all_together
from kpis.rag.say import does_apply, say
from kpis.rag.scales import in_force
from kpis.rag.verdict import Mark, Reason, Status, Verdict
from kpis.rag.weigh import FIGURE_RULES

from .pooling import trust_said
from .sent import Sent

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
    sent: Sent | None = None

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
    sent = Sent(given, measure, [*units, *_answering(given, [measure])])
    axis = _axis(given, measure, facts.terms, sent)
    is_summed = lead.id == given.trust and not small.sight.hides_small
    if is_summed and can_be_summed(given, alone, reading, lead):
        judged = summed_up(given, alone, reading, sent, axis)
    else:
        judged = {}
        for collecting in _terms_back(facts, measure):
            said = said_then(replace(given, term=collecting), promise, alone, lead, small)
            if said is not None and said.figure is not None and not _is_in_part(said):
                judged[said.period.index] = said
    axis |= judged.keys()
    own = {unit.id: sent_figures(given, alone, reading, unit, axis, sent, small) for unit in units}
    return Past(clause, tuple(sorted(axis)), {lead.id: judged}, given.trust, own, reading.id, sent)


def sent_past(facts, promise, clause, reading, units):
    """The same without anybody who leads; None where the clause has no figures."""
    given = facts.given
    if clause.in_force(given.term.index).rule not in FIGURE_RULES:
        return None
    measure = given.measures[reading.measure]
    alone = replace(clause, readings=(reading,))
    sent = Sent(given, measure, units)
    axis = _axis(given, measure, facts.terms, sent)
    own = {unit.id: sent_figures(given, alone, reading, unit, axis, sent) for unit in units}
    return Past(clause, tuple(sorted(axis)), {}, given.trust, own, reading.id)


# Summed up


def can_be_summed(given, clause, reading, trust):
    """Whether the line of all together needs no judging: no way to a target leads along it."""
    measure, terms = given.measures[reading.measure], clause.in_force(given.term.index)
    if measure.of == "trust" or measure.counts == "none" or terms.roll_up == "sum":
        return False
    if terms.rule == "gap":
        return terms.against in ("same_school", "group")
    has_a_way = any(aim.path for aim in reading.aims if aim.unit == trust.id)
    return terms.rule in ("compare", "trend") or (terms.rule == "threshold" and not has_a_way)


def summed_up(given, clause, reading, sent, axis):
    """{period: what all together had}: pooled from counts, and only where nobody is missing.

    What is held against its baseline is that of the units that have one: a school
    that has joined since can neither raise nor lower it.
    """
    pairs = {
        index: found
        for index in axis
        if (found := _all_in(given, reading, clause.in_force(index), sent, index))
    }
    begun = _begun(given, clause, sent, pairs)
    if begun:
        pairs = {
            index: {pk: pair for pk, pair in found.items() if pk in begun}
            for index, found in pairs.items()
        }
    figures = {
        index: _pooled(clause.in_force(index), sent, list(found.values()))
        for index, found in pairs.items()
    }
    return {
        index: Said(
            NO_VERDICT,
            measure=sent.measure.id,
            shown=sent.shown,
            figure=figure,
            period=sent.periods[index],
            target=_target(given, reading, clause.in_force(index), index),
        )
        for index, figure in figures.items()
        if figure is not None
    }


def _begun(given, clause, sent, pairs):
    """The units that have sent a baseline; nobody where the clause looks back to none."""
    terms = clause.in_force(given.term.index)
    looks_back = terms.rule == "trend" or (terms.rule == "gap" and terms.operator == "narrow")
    if not looks_back or terms.baseline is None:
        return frozenset()
    start = terms.baseline
    if same_season(sent.measure):
        same = (one for one in pairs if sent.periods[one].year == start.year)
        index = next(same, start.index)
    else:
        index = start.index
    return {pk for pk in sent.units if sent.answer(pk, terms.group, index) is not None}


def _pooled(terms, sent, pairs):
    """One figure of several; of a gap, the one between both groups pooled."""
    group = sent.together([own for own, _ in pairs])
    if group is None or sent.is_few(group.count):
        return None
    if terms.rule != "gap":
        return group.figure
    rest = sent.together([others for _, others in pairs])
    if rest is None or sent.is_few(rest.count):
        return None
    return _size(sent.measure, terms, group.figure, rest.figure)


def _all_in(given, reading, terms, sent, index):
    """{unit: (own answer, that of the others)} of all that are asked; None where one is missing."""
    period, pairs = sent.periods.get(index), {}
    for unit in _answering(given, [sent.measure]) if period else ():
        rules = (sent.measure.applicability, terms.applicability, in_force(reading, index))
        if outside_its_time(unit, period) is not None or not _applies(rules, unit, index):
            continue
        answer = sent.answer(unit.id, terms.group, index)
        reason = sent.reason(unit.id, terms.group, index)
        if answer is None:
            if reason and reason.claim_accepted and reason.why_none is WhyNone.NOT_APPLICABLE:
                continue
            return None
        others = sent.rest(unit.id, terms, index) if terms.rule == "gap" else None
        if answer.denominator is None or (terms.rule == "gap" and others is None):
            return None
        pairs[unit.id] = answer, others
    return pairs


def _applies(rules, unit, index):
    measure, clause, reading = rules
    every = (measure, clause, reading.applicability)
    return all(rule is None or applies(rule, unit.place, index) for rule in every)


def _target(given, reading, terms, index):
    """The number that was to be reached, where it is no way to one."""
    if terms.rule != "threshold" or index < index_of(given.plan_starts):
        return None
    aims = [aim for aim in reading.aims if aim.unit == given.trust and aim.from_index <= index]
    return max(aims, key=lambda aim: aim.from_index).value if aims else None


def _size(measure, terms, group, rest):
    """How far the group is behind; whoever is, where the pair is symmetric."""
    behind = rest - group if measure.better != "lower" else group - rest
    return abs(behind) if terms.symmetric else behind


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
    answering = _answering(given, measures)
    together = all_together(given, promise, clause, answering, things_of(given, clause))
    units = {} if terms.level == "trust" else dict.fromkeys(unit.id for unit in answering)
    return trust_said(given, Line(clause, Said(NO_VERDICT), units, {}, together))


def _answering(given, measures):
    """The units that some measures are asked of."""
    return [
        unit
        for _, unit in sorted(given.units.items())
        if is_here(given, unit)
        and any(is_asked_of(one.of, one.is_by_phase, unit.place) for one in measures)
    ]


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


def _axis(given, measure, terms, sent):
    """The periods that the returns of these terms have asked about, and what the first still had.

    A figure that is asked once a year counts until the next one: the one that was
    carried into the first of the terms is where the line begins.
    """
    collecting = [
        index
        for index in sorted(terms)
        if not measure.seasonal or index % 3 == given.term.index % 3
    ][-TERMS_BACK:]
    asked = (asked_period(given, measure, index) for index in collecting)
    axis = {period.index for period in asked if period is not None}
    return axis | _carried_into(given, measure, collecting[0], sent)


def _carried_into(given, measure, first, sent):
    """The period of what was carried into a term that did not ask, if anybody has sent it."""
    earlier = range(first, first - measure.carried_terms, -1)
    asked = (asked_period(given, measure, index) for index in earlier)
    period = next((period for period in asked if period is not None), None)
    return {period.index} & sent.periods.keys() if period is not None else set()


# As they were sent


def sent_figures(given, clause, reading, unit, axis, sent, small=None):
    """The figures of one unit by the index of their period, without judging any.

    What counts, counts here: of enough pupils, in the unit's own time.
    """
    if not does_apply(given, clause, reading, unit):
        return {}
    measure, terms, found = sent.measure, clause.in_force(given.term.index), {}
    hides = small is not None and small.sight.hides_small
    for index in axis:
        answer = sent.answer(unit.id, terms.group, index)
        figure = sent.figure(answer)
        if figure is None:
            continue
        if hides and small.hides_of(measure.id, terms, answer.period, unit.id):
            continue
        if terms.rule == "gap":
            figure = _gap(given, measure, terms, unit, sent, answer.period, figure)
        if figure is not None:
            found[index] = figure
    return found


def _gap(given, measure, terms, unit, sent, period, figure):
    """How far the group of one school is behind in one period."""
    if terms.against == "national_other":
        theirs = national(given, measure, terms, unit, period).reference
    else:
        theirs = sent.figure(sent.rest(unit.id, terms, period.index))
    return None if theirs is None else _size(measure, terms, figure, theirs)
