"""The pupil groups of one measure: each one's figure, and how far it is from the others."""

from dataclasses import dataclass, replace

from kpis.rag.choose import exact, minimum, shown_as
from kpis.rag.given import ALL_PUPILS
from kpis.rag.grey import too_few
from kpis.rag.others import answer_of, reference_answer
from kpis.rag.periods import about

from .pooling import pooled_figure
from .small_numbers import SHORT


@dataclass(frozen=True, slots=True)
class GroupRow:
    name: str
    figure: str
    gap: str
    moved: str = ""


def group_rows(facts, line, unit, said, small):
    """A row for each group that the measure is asked about; none for a single group.

    Of one school they are its own figures; of the trust those of all schools,
    pooled from their counts. A group that is too small to judge says "few", and
    one that ``small`` keeps back "hidden".
    """
    if said.measure is None or said.period is None or said.shown is None:
        return ()
    groups = facts.definitions[said.measure].groups
    if len(groups) < 2:
        return ()
    one = _Groups(facts.given, line, unit, said, small)
    rows = (one.row(code, name) for code, name in groups.items())
    return tuple(row for row in rows if row is not None)


class _Groups:
    def __init__(self, given, line, unit, said, small):
        self.given, self.unit, self.period = given, unit, said.period
        self.small = small
        self.measure = given.measures[said.measure]
        self.terms = line.clause.in_force(said.period.index)
        self.shown = shown_as(self.measure)
        self.floor = minimum(given, self.measure)
        is_of_all = unit.kind == "trust" and bool(line.units)
        self.units = [given.units[pk] for pk in line.units] if is_of_all else None

    def row(self, code, name):
        figure, count = self._together(code) if self.units else self._alone(code)
        if figure is None:
            return None
        if too_few(self.floor, count):
            return GroupRow(name, "few", "")
        if self.units and self.small.hides(self.measure.id, code, self.period):
            return GroupRow(name, SHORT, "")
        return GroupRow(name, self.shown.write(figure), self._gap(code, figure))

    def _alone(self, code):
        answers = self.given.answers.get((self.measure.id, self.unit.id, code), ())
        return self._of(about(answers, self.period))

    def _of(self, answer):
        value = None if answer is None or answer.why_none else exact(answer, self.measure)
        if value is None:
            return None, None
        count = None if answer.denominator is None else int(answer.denominator)
        return self.shown.figure(value), count

    def _together(self, code):
        told = [answer_of(self.given, self.measure, u, code, self.period) for u in self.units]
        return pooled_figure(self.measure, told)

    def _gap(self, code, figure):
        """How far the group of one school is from the rest of its pupils."""
        if code == ALL_PUPILS or self.units or self.measure.better == "none":
            return ""
        terms = replace(self.terms, group=code, against="same_school")
        rest = reference_answer(self.given, self.measure, self.unit, terms, self.period)
        others, count = self._of(rest)
        if others is None or too_few(self.floor, count):
            return ""
        behind = others - figure if self.measure.better == "higher" else figure - others
        if not behind:
            return "no gap"
        side = "behind" if behind > 0 else "ahead of"
        return f"{self.shown.distance(abs(behind))} {side} others"
