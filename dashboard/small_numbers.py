"""What is hidden from one person of what was judged, because a number in it is small.

Everybody may see the figures that they answer for, and leaders, the data
manager and the auditor those of all. A headteacher sees the trust's line as
well: where a school of few pupils could be worked out from it, the line keeps
its status and loses its figures. A file leaves the house: in it the small figures
of a school are hidden from all but that school and the data manager. `hiding`
and `withholding` say which; this applies it.
"""

from dataclasses import replace

from kpis.rag.given import ALL_PUPILS
from kpis.rag.lines import FIGURES_TOGETHER
from kpis.rag.others import answer_of
from kpis.rag.periods import about
from kpis.rag.verdict import Reason, Status

from .hiding import Number, Seen, Sum, hidden
from .withholding import withheld

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
        self._hidden, self._before = {}, {}
        self._answers = self._of = None

    def of(self, judged):
        """One promise as this person may see it."""
        if not self.sight.hides_small:
            return judged
        lines = tuple(map(self._line, judged.lines))
        pairs = list(zip(judged.lines, lines, strict=True))
        if all(was is now for was, now in pairs):
            return judged
        covered = {now.clause.id for was, now in pairs if was.trust.verdict != now.trust.verdict}
        trust, schools = _cell(judged.trust, covered), judged.schools
        if self.sight.in_file:
            schools = {pk: _cell(cell, _lost(pairs, pk)) for pk, cell in schools.items()}
        return replace(judged, trust=trust, schools=schools, lines=lines)

    def hides(self, measure, group, period, unit=None):
        """Whether a figure for a group and period is kept back: of all schools, or of one unit."""
        if not self.sight.hides_small or not self.given.measures[measure].about_pupils:
            return False
        if unit is not None and not self.sight.in_file:
            return False  # on a page a unit's figures are shown to those who reach it, or to nobody
        question = measure, period.span, period.index
        if question not in self._hidden:
            self._hidden[question] = self._find(measure, period)
        return (group, unit) in self._hidden[question]

    def hides_of(self, measure, terms, period, unit):
        """Whether one unit's figure under these terms is kept back, or one that it is made of."""
        return any(self.hides(measure, group, period, unit) for group in self._groups(terms))

    def _groups(self, terms):
        """The pupil groups whose figures a rule reads."""
        if terms.rule != "gap":
            return {terms.group}
        rest = terms.against_group or self.given.complements.get(terms.group)
        return {terms.group, ALL_PUPILS, rest} - {None}

    # Which

    def _find(self, measure, period):
        """What is kept back for one measure and period: (group, unit), of all schools None."""
        numbers, sums = self._table(measure, period)
        find = withheld if self.sight.sees_all else hidden
        gone = find(numbers, sums, self.sight.min_to_show)
        return {(key[1], key[2] if key[0] == "unit" else None) for key in gone}

    def _table(self, measure, period):
        numbers, sums = {}, []
        for pk, group, answers in self._answers_to(measure):
            answer, unit = about(answers, period), self.given.units[pk]
            if answer is None or answer.why_none is not None:
                continue
            if unit.kind == "trust" and not self.sight.in_file:
                continue
            if answer.denominator is not None:
                numbers["unit", group, pk] = self._number(unit, group, answer)
        for code, rest in self.given.complements.items():
            sums += self._complete(numbers, code, rest)
        # In the order of the answers: what is hidden is the same in every process.
        for group in dict.fromkeys([key[1] for key in numbers]):
            sums += self._add_up(numbers, group)
        for code, rest in self.given.complements.items():
            trusts = [("trust", name) for name in (ALL_PUPILS, code, rest)]
            if all(key in numbers for key in trusts):
                everyone, *parts = (numbers[key] for key in trusts)
                if everyone.of == sum(part.of for part in parts):
                    sums.append(Sum(trusts[0], tuple(trusts[1:])))
        return numbers, sums

    def _answers_to(self, measure):
        """All answers to a measure: (unit, group, answers)."""
        if self._answers is None:
            self._answers = {}
            for (asked, pk, group), answers in self.given.answers.items():
                self._answers.setdefault(asked, []).append((pk, group, answers))
        return self._answers.get(measure, ())

    def _number(self, unit, group, answer):
        seen = Seen.SHOWN if self.sight.reaches(unit) else Seen.ELSEWHERE
        if self.sight.owns(unit):
            seen = Seen.THEIRS
        part = answer.numerator
        is_count = part is not None and part == int(part) and 0 <= part <= answer.denominator
        part = int(part) if is_count else None
        return Number(int(answer.denominator), part, seen, self._cost(group))

    def _cost(self, group):
        if group in self.given.complements.values():
            return OTHERS
        return EVERYONE if group == ALL_PUPILS else GROUP

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
        cost = self._cost(group)
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
        if not is_of_all and not self.sight.in_file:
            return line
        whose = (None,) if is_of_all else (self.given.trust,)
        now = {
            "trust": self._said(line, line.trust, whose),
            "together": line.together and self._said(line, line.together, whose),
        }
        if self.sight.in_file and self.sight.sees_all:  # who does not, sees own units alone
            now["units"] = self._each(line, line.units)
            now["schools"] = self._each(line, line.schools)
        is_same = all(getattr(line, name) is one for name, one in now.items())
        return line if is_same else replace(line, **now)

    def _each(self, line, said):
        """What is said of each unit; the very same where nothing of it is kept back."""
        now = {pk: self._said(line, one, self._parts(pk)) for pk, one in said.items()}
        return said if all(now[pk] is one for pk, one in said.items()) else now

    def _parts(self, pk):
        """A unit, and what is part of it or serves it: a school's cell may be about one of them."""
        if self._of is None:
            self._of = {}
            for unit in self.given.units.values():
                for above in {unit.id, unit.parent, *unit.serves} - {None}:
                    self._of.setdefault(above, []).append(unit.id)
        return self._of[pk]

    def _said(self, line, said, whose):
        """``whose`` figures stand in it: units by number, None for all schools together."""
        if said.period is None:
            return said
        terms = line.clause.in_force(said.period.index)
        groups = self._groups(terms)
        if self._is_covered(line, said, terms, groups, whose):
            looks_back = terms.rule in ("trend", "gap")
            return said._replace(
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
        if said.before_period and self._any(line, groups, [said.before_period], whose):
            return said._replace(before=None, before_period=None)
        return said

    def _is_covered(self, line, said, terms, groups, whose):
        """Whether a figure in it, or in its sentence, is kept back."""
        periods = [said.period]
        if said.last_period is not None:
            periods.append(said.last_period)
        if terms.rule in ("trend", "gap") or said.expected is not None:
            # Their sentences tell of the past as well.
            periods += self._past(line, said.period)
        if said.of_all is not None and self._knows_a_small_one(line, said.period, groups):
            return True
        return self._any(line, groups, periods, whose)

    def _any(self, line, groups, periods, whose):
        return any(
            self.hides(reading.measure, group, period, unit)
            for reading in line.clause.readings
            for group in groups
            for period in periods
            for unit in whose
        )

    def _past(self, line, period):
        """The earlier periods that have answers to what this clause reads."""
        if line.clause.id not in self._before:
            measures = {reading.measure for reading in line.clause.readings}
            self._before[line.clause.id] = {
                (answer.period.span, answer.period.index): answer.period
                for measure in measures
                for _, _, answers in self._answers_to(measure)
                for answer in answers
            }
        told = self._before[line.clause.id].values()
        return [one for one in told if one.index < period.index]

    def _knows_a_small_one(self, line, period, groups):
        """Whether a total of some schools and one of all would part a small one from the rest."""
        measures = [self.given.measures[reading.measure] for reading in line.clause.readings]
        told = [
            answer_of(self.given, measure, unit, group, period)
            for unit in self.given.units.values()
            if unit.kind != "trust" and not self.sight.owns(unit)
            for measure in measures
            for group in groups
        ]
        return any(
            answer.denominator is not None and 0 < answer.denominator < self.sight.min_to_show
            for answer in told
            if answer is not None
        )


def _lost(pairs, pk):
    """The clauses whose verdict on one school has lost its figures."""
    return {
        now.clause.id
        for was, now in pairs
        if pk in was.schools and was.schools[pk].verdict != now.schools[pk].verdict
    }


def _cell(cell, covered):
    """A combined verdict, without its figures where they are those of a covered clause."""
    if cell.deciding in covered or (cell.deciding is None and covered):
        return cell._replace(verdict=_covered(cell.verdict))
    return cell


def _covered(verdict):
    """The verdict without its figures; the status, the reason and the marks are the same."""
    if verdict.reason in WITHOUT_A_FIGURE or verdict.status is Status.NOT_APPLICABLE:
        return verdict
    return verdict._replace(
        words=WORDS,
        figure=SHORT,
        parts=tuple(replace(one, verdict=_covered(one.verdict)) for one in verdict.parts),
        deciding=verdict.deciding
        and replace(verdict.deciding, verdict=_covered(verdict.deciding.verdict)),
    )
