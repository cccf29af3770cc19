"""The pupil groups of one measure: each figure, how far it is from the others, and since when.

Of one school they are its own figures; of the trust those of all schools,
pooled from their counts. A gap has moved only where the same schools have both
groups in both periods.
"""

from dataclasses import dataclass

from kpis.rag.given import ALL_PUPILS, Basis
from kpis.rag.lines import is_here
from kpis.rag.periods import alike

from ..cells import when
from ..sent import Sent, Together
from ..small_numbers import SHORT
from .chart_words import in_a_sentence
from .gap_words import GapMove, gap_words, move_words

FEW = "few"
PERIODS_BACK = 9


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group now; ``note`` says when it is about too few to be judged."""

    name: str
    figure: str
    gap: str
    moved: str = ""
    others: str = ""
    note: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Two:
    """A group and all others, in one period."""

    group: Together
    others: Together


def reader_of(facts, line, unit, said, small, sent=None):
    """The groups of a measure, or None where it is asked about one alone.

    ``sent`` is what was sent about it, where somebody has looked it up.
    """
    if said.measure is None or said.period is None or said.shown is None:
        return None
    names = facts.definitions[said.measure].groups
    return Groups(facts.given, names, line, unit, said, small, sent) if len(names) > 1 else None


class Groups:
    """What one unit, or all together, have sent about the groups of one measure."""

    def __init__(self, given, names, line, unit, said, small, sent=None):
        self.given, self.names, self.unit, self.small = given, names, unit, small
        self.measure, self.period = given.measures[said.measure], said.period
        self.terms = line.clause.in_force(said.period.index)
        self.is_of_all = unit.kind == "trust" and self.measure.of != "trust"
        self.units = {one.id: one for one in self._units(line)}
        is_known = sent is not None and sent.measure is self.measure
        if not is_known or not self.units.keys() <= sent.units.keys():
            sent = Sent(given, self.measure, self.units.values())
        self.sent, self.shown, self._both = sent, sent.shown, {}
        # Leaders, the data manager and the auditor have the right to every figure,
        # a school to its own.
        sight = small.sight
        self.is_theirs = not sight.hides_small or (not self.is_of_all and sight.owns(unit))

    def _units(self, line):
        if not self.is_of_all:
            return [self.unit]
        its = self.measure.id
        told = line.units or {pk for (asked, pk, _) in self.given.answers if asked == its}
        units = (self.given.units[pk] for pk in told)
        return [one for one in units if one.kind != "trust" and is_here(self.given, one)]

    # Now

    def rows(self):
        rows = (self._row(code, name) for code, name in self.names.items())
        return tuple(row for row in rows if row is not None)

    def _row(self, code, name):
        now = self._figure(code, self.period)
        if now is None:
            return None
        if self._is_kept_back(code, self.period):
            return GroupRow(name, SHORT, "")
        is_few = self.sent.is_few(now.count)
        if is_few and not self.is_theirs:
            return GroupRow(name, FEW, "")
        figure = self.shown.write(now.figure)
        if is_few:
            things = "answers" if self.measure.survey else "pupils"
            return GroupRow(name, figure, "", note=f"{now.count} {things}, too few to judge")
        two = self._two(code, self.period)
        if two is None:
            return GroupRow(name, figure, "")
        move = self._move(code)
        return GroupRow(
            name,
            figure,
            gap_words(self.shown, self.measure.better, two.group.figure, two.others.figure),
            moved=move_words(self.shown, move) if move else "",
            others=self.shown.write(two.others.figure),
            sentence=self._sentence(name, two, move),
        )

    def _sentence(self, name, two, move):
        who = f"{name} are" if name.endswith("s") else f"{name} pupils are"
        gap = gap_words(self.shown, self.measure.better, two.group.figure, two.others.figure)
        words = f"{who} level with others" if gap == "no gap" else f"{who} {gap}"
        if move is None:
            return f"{words}."
        return f"{words}; {move.sentence(self.shown, in_a_sentence(name))}"

    # Before

    def _move(self, code):
        """How the gap has moved since the last like-for-like period, in the same schools."""
        before = self._before()
        if before is None:
            return None
        units = self._in_both(code, self.period) & self._in_both(code, before)
        is_all = units == self._in_both(code, self.period) == self._in_both(code, before)
        if not is_all and not self.is_theirs:
            return None  # a total of some schools beside one of all gives the rest away
        now, then = self._two(code, self.period, units), self._two(code, before, units)
        if now is None or then is None:
            return None
        pairs = [(two.group.figure, two.others.figure) for two in (then, now)]
        fewer = len(units) if units != self._in_both(code, self.period) else None
        return GapMove(self.measure.better, *pairs, when(before), fewer)

    def _before(self):
        earlier = [
            period
            for period in self._periods()
            if period.index < self.period.index and alike(self.measure, period, self.period)
        ]
        if self.measure.seasonal or self.measure.basis not in (Basis.TERM, Basis.DATE):
            earlier = [period for period in earlier if period.year == self.period.year - 1]
        if not earlier:
            return None
        last = earlier[-1]
        is_broken = any(last.index < new <= self.period.index for new, _ in self.measure.breaks)
        return None if is_broken else last

    def _periods(self):
        return sorted(self.sent.periods.values(), key=lambda period: period.index)

    def over_time(self, code):
        """((period, Two or None), oldest first; how many schools they are of, None of one unit).

        Of all together it is the same schools in each period: a line of other
        schools each time would move without any of them.
        """
        periods = [
            period
            for period in self._periods()
            if period.index <= self.period.index and alike(self.measure, period, self.period)
        ][-PERIODS_BACK:]
        if not self.is_of_all:
            return [(period, self._two(code, period)) for period in periods], None
        periods = [period for period in periods if self._in_both(code, period)]
        while periods:
            same = set.intersection(*(self._in_both(code, period) for period in periods))
            if same:
                return [(one, self._two(code, one, same)) for one in periods], len(same)
            periods = periods[1:]
        return [], None

    # Figures

    def _is_kept_back(self, code, period):
        unit = None if self.is_of_all else self.unit.id
        return self.small.hides(self.measure.id, code, period, unit)

    def _figure(self, code, period):
        told = (self.sent.answer(pk, code, period.index) for pk in self.units)
        return self.sent.together([answer for answer in told if answer is not None])

    def _two(self, code, period, units=None):
        """Both sides, of the units that have both; None if one is too few or kept back."""
        if code == ALL_PUPILS or self.measure.better == "none":
            return None
        rest = self.given.complements.get(code)
        if any(self._is_kept_back(one, period) for one in (code, rest, ALL_PUPILS) if one):
            return None
        if self.is_of_all and not self.is_theirs and rest is None:
            return None
        among = self._in_both(code, period)
        if units is not None:
            among = among & units
        index = period.index
        group = self.sent.together([self.sent.answer(pk, code, index) for pk in among])
        others = self.sent.together([self._others(pk, code, period) for pk in among])
        if group is None or others is None:
            return None
        answered = sum(self.sent.answer(pk, code, index) is not None for pk in self.units)
        if not self.is_theirs and len(among) < answered:
            return None
        if self.sent.is_few(group.count) or self.sent.is_few(others.count):
            return None
        return Two(group, others)

    def _in_both(self, code, period):
        """The units that have sent both sides."""
        key = code, period.index
        if key not in self._both:
            self._both[key] = {
                pk
                for pk in self.units
                if self.sent.answer(pk, code, period.index) is not None
                and self._others(pk, code, period) is not None
            }
        return self._both[key]

    def _others(self, pk, code, period):
        """All other pupils of one unit, as the rules work them out."""
        return self.sent.others(pk, self.terms, code, period.index)
