"""What is hidden from one person of what was judged, because a number in it is small.

Everybody may see the figures that they answer for, and leaders, the data
manager and the auditor those of all. A headteacher sees the trust's line as
well: where a school of few pupils could be worked out from it, the line keeps
its status and loses its figures. `hiding` says which; this applies it.
"""

from dataclasses import replace

from kpis.rag.given import ALL_PUPILS
from kpis.rag.lines import FIGURES_TOGETHER
from kpis.rag.others import answer_of
from kpis.rag.periods import about
from kpis.rag.verdict import Reason, Status

from .hiding import Number, Seen, Sum, hidden

WORDS = "the figure is not shown, because a small number could be worked out from it"
SHORT = "hidden"
# Their sentences name no figure.
WITHOUT_A_FIGURE = frozenset({Reason.NO_DATA, Reason.NOT_AVAILABLE_YET, Reason.SUPPRESSED})
# What is hidden first where there is a choice: what hardly stands on a page.
OTHERS, GROUP, EVERYONE = 0, 1, 2


class SmallNumbers:
    """What one person must not see of the trust's figures; no verdict depends on it."""

    def __init__(self, given, sight):
        self.given, self.sight = given, sight
        self._hidden = {}

    def of(self, judged):
        """One promise as this person may see it."""
        if not self.sight.has_limits:
            return judged
        lines = tuple(map(self._line, judged.lines))
        pairs = list(zip(judged.lines, lines, strict=True))
        if all(was is now for was, now in pairs):
            return judged
        trust = judged.trust
        covered = {now.clause.id for was, now in pairs if was.trust.verdict != now.trust.verdict}
        if trust.deciding in covered or (trust.deciding is None and covered):
            trust = replace(trust, verdict=_covered(trust.verdict))
        return replace(judged, trust=trust, lines=lines)

    def hides(self, measure, group, period):
        """Whether the figure of all schools for a group and period is kept back."""
        if not self.sight.has_limits or not self.given.measures[measure].about_pupils:
            return False
        question = measure, period.span, period.index
        if question not in self._hidden:
            self._hidden[question] = self._find(measure, period)
        return group in self._hidden[question]

    # Which

    def _find(self, measure, period):
        """The groups whose figure of all schools is kept back, for one measure and period."""
        numbers, sums = self._table(measure, period)
        gone = hidden(numbers, sums, self.sight.min_to_show)
        return {key[1] for key in gone if key[0] != "unit"}

    def _table(self, measure, period):
        numbers, sums = {}, []
        for (asked, pk, group), answers in self.given.answers.items():
            answer = about(answers, period) if asked == measure else None
            unit = self.given.units[pk]
            if unit.kind == "trust" or answer is None or answer.why_none is not None:
                continue
            if answer.denominator is not None:
                numbers["unit", group, pk] = self._number(unit, answer)
        for code, rest in self.given.complements.items():
            sums += self._complete(numbers, code, rest)
        for group in {key[1] for key in numbers}:
            sums += self._add_up(numbers, group)
        for code, rest in self.given.complements.items():
            trusts = [("trust", name) for name in (ALL_PUPILS, code, rest)]
            if all(key in numbers for key in trusts):
                everyone, *parts = (numbers[key] for key in trusts)
                if everyone.of == sum(part.of for part in parts):
                    sums.append(Sum(trusts[0], tuple(trusts[1:])))
        return numbers, sums

    def _number(self, unit, answer):
        seen = Seen.THEIRS if self.sight.reaches(unit) else Seen.ELSEWHERE
        part = answer.numerator
        is_count = part is not None and part == int(part) and 0 <= part <= answer.denominator
        return Number(int(answer.denominator), int(part) if is_count else None, seen)

    def _complete(self, numbers, code, rest):
        """The rest of each school's pupils, worked out where it was not sent."""
        for pk in [key[2] for key in numbers if key[:2] == ("unit", code)]:
            everyone = numbers.get(("unit", ALL_PUPILS, pk))
            group = numbers["unit", code, pk]
            if everyone is None or everyone.of < group.of:
                continue
            left = everyone.of - group.of
            part = None
            if everyone.part is not None and group.part is not None:
                part = everyone.part - group.part
                part = part if 0 <= part <= left else None
            numbers["unit", rest, pk] = Number(left, part, everyone.seen)
            yield Sum(("unit", ALL_PUPILS, pk), (("unit", code, pk), ("unit", rest, pk)))

    def _add_up(self, numbers, group):
        """All schools together, and those of each phase."""
        cells = {key: one for key, one in numbers.items() if key[:2] == ("unit", group)}
        cost = EVERYONE if group == ALL_PUPILS else GROUP
        if group in self.given.complements.values():
            cost = OTHERS
        by_phase = {}
        for key in cells:
            by_phase.setdefault(self.given.units[key[2]].phase, []).append(key)
        totals = {("trust", group): list(cells)}
        if len(by_phase) > 1:
            totals |= {("phase", group, phase): keys for phase, keys in by_phase.items()}
        for total, keys in totals.items():
            parts = [cells[key].part for key in keys]
            numbers[total] = Number(
                sum(cells[key].of for key in keys),
                None if None in parts else sum(parts),
                Seen.SHOWN,
                cost,
            )
            yield Sum(total, tuple(keys))

    # What is shown in its place

    def _line(self, line):
        is_of_all = bool(line.units) or line.clause.terms[-1].roll_up in FIGURES_TOGETHER
        if not is_of_all:
            return line
        trust = self._said(line, line.trust)
        together = line.together and self._said(line, line.together)
        if trust is line.trust and together is line.together:
            return line
        return replace(line, trust=trust, together=together)

    def _said(self, line, said):
        if said.period is None:
            return said
        terms = line.clause.in_force(said.period.index)
        groups = {terms.group}
        if terms.rule == "gap":
            rest = terms.against_group or self.given.complements.get(terms.group)
            groups |= {ALL_PUPILS, rest} - {None}
        if self._is_covered(line, said, terms, groups):
            looks_back = terms.rule in ("trend", "gap")
            return replace(
                said,
                verdict=_covered(said.verdict),
                figure=None,
                before=None,
                before_period=None,
                target=None if looks_back else said.target,
                target_words="" if looks_back else said.target_words,
                expected=None,
                base=None,
                last=None,
                last_period=None,
                of_all=None,
            )
        if said.before_period and self._any(line, groups, [said.before_period]):
            return replace(said, before=None, before_period=None)
        return said

    def _is_covered(self, line, said, terms, groups):
        """Whether a figure in it, or in its sentence, is kept back."""
        periods = [said.period]
        if said.last_period is not None:
            periods.append(said.last_period)
        if terms.rule in ("trend", "gap") or said.expected is not None:
            # Their sentences tell of the past as well.
            periods += self._past(line, said.period)
        if said.of_all is not None and self._knows_a_small_one(line, said.period, groups):
            return True
        return self._any(line, groups, periods)

    def _any(self, line, groups, periods):
        return any(
            self.hides(reading.measure, group, period)
            for reading in line.clause.readings
            for group in groups
            for period in periods
        )

    def _past(self, line, period):
        """The earlier periods that have answers to what this clause reads."""
        measures = {reading.measure for reading in line.clause.readings}
        told = {
            (answer.period.span, answer.period.index): answer.period
            for (measure, _, _), answers in self.given.answers.items()
            if measure in measures
            for answer in answers
        }
        return [one for one in told.values() if one.index < period.index]

    def _knows_a_small_one(self, line, period, groups):
        """Whether a total of some schools and one of all would part a small one from the rest."""
        measures = [self.given.measures[reading.measure] for reading in line.clause.readings]
        told = [
            answer_of(self.given, measure, unit, group, period)
            for unit in self.given.units.values()
            if unit.kind != "trust" and not self.sight.reaches(unit)
            for measure in measures
            for group in groups
        ]
        return any(
            answer.denominator is not None and 0 < answer.denominator < self.sight.min_to_show
            for answer in told
            if answer is not None
        )


def _covered(verdict):
    """The verdict without its figures; the status, the reason and the marks are the same."""
    if verdict.reason in WITHOUT_A_FIGURE or verdict.status is Status.NOT_APPLICABLE:
        return verdict
    return replace(
        verdict,
        because=WORDS,
        figure=SHORT,
        parts=tuple(replace(one, verdict=_covered(one.verdict)) for one in verdict.parts),
        deciding=verdict.deciding
        and replace(verdict.deciding, verdict=_covered(verdict.deciding.verdict)),
    )
