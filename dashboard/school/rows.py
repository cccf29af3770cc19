"""One KPI at one school, as a row: figure, target, movement, and what it is held against."""

from dataclasses import dataclass, field, replace

from kpis.rag import outside
from kpis.rag.due import due_of
from kpis.rag.given import Basis
from kpis.rag.verdict import Mark, Reason, Status
from kpis.rag.weigh import FIGURE_RULES

from .. import charts
from ..cells import RATED, Movement, Result, distance_or_figure, figure_of, movement_of, short_when
from ..last_terms import school_figures, spark_of
from ..results import basis_of, clause_trust_result, promised, school_result

YEARS_BACK = 3  # an older outside figure says nothing about today
ROOM = 11  # letters in the narrow columns
RATING = "rated"
LETTERS = {Mark.PROVISIONAL: "p", Mark.CARRIED: "c", Mark.PART_DUE: "d", Mark.PARTIAL: "k"}


@dataclass(frozen=True, slots=True)
class PartLine:
    """How one part, site or body of the school stands, where there are several."""

    name: str
    status: Status
    figure: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure that a school's is held against; ``note`` is its term where that is another."""

    figure: str = ""
    note: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class KpiRow:
    """Ready text. ``moved`` is the distance and since when, ``movement`` the same spoken."""

    key: str
    name: str
    url: str
    about: str
    status: Status
    marks: tuple[Mark, ...]
    figure: str
    note: str
    target: str
    movement: Movement | None
    moved: str
    spark: charts.Sparkline | None
    trust: str
    trust_note: str
    england: Beside
    similar: Beside
    sentence: str
    parts: tuple[PartLine, ...] = ()
    comment: object = None
    result: object = field(default=None, repr=False)

    @property
    def aim(self):
        """The target as a sentence has it; "" for a rating, whose chip says all."""
        return "" if self.target in ("", RATING) else f"Target {self.target}"

    @property
    def letters(self):
        """The marks where there is no room for words: p for provisional."""
        return " ".join(LETTERS.get(mark, mark.words) for mark in self.marks)


class RowMaker:
    """Makes the rows of one school from what was judged and may be seen."""

    def __init__(self, facts, school, addresses):
        self.facts, self.given, self.school = facts, facts.given, school
        self.addresses = addresses
        self.keys = {branch.id: branch.key for branch in facts.tree}

    def row(self, judged, comment=None):
        """The row of one promise; None where nothing is asked of this school."""
        result = school_result(judged, self.school.id)
        if result is None:
            return None
        promise, said = judged.promise, result.said
        line = result.clause and judged.line(result.clause.id)
        figure, note = figure_words(self.given, promise, result)
        movement = movement_of(said)
        if result.verdict.reason is Reason.PARTIAL:
            line = None  # the figure counts the parts that are known: it is no clause's
        trust, trust_note = self._trust(promise, line)
        return KpiRow(
            key=self.keys[promise.id],
            name=promise.title,
            url=self.addresses.kpi(promise.id, school=self.school.code),
            about=self._about(judged, line),
            status=result.verdict.status,
            marks=tuple(m for m in sorted(result.verdict.marks) if m.words != figure.lower()),
            figure=figure,
            note=note,
            target=target_words(self.given, promise, result),
            movement=movement,
            moved=moved_words(said) if movement else "",
            spark=self._spark(promise, line, result),
            trust=trust,
            trust_note=trust_note,
            england=self._beside(line, result, _is_general),
            similar=self._beside(line, result, _is_of_one_unit),
            sentence=result.verdict.sentence,
            parts=self._parts(promise, line),
            comment=comment,
            result=result,
        )

    def _about(self, judged, line):
        """The clause that decides, where there are several, and the span of its figure."""
        if line is None:
            return f"{len(judged.lines)} parts" if len(judged.lines) > 1 else ""
        name = line.clause.title if len(judged.lines) > 1 else ""
        return ", ".join(words for words in (name, basis_of(self.given, line.clause)) if words)

    def _trust(self, promise, line):
        """The same of the trust as a whole, in short."""
        if line is None:
            return "", ""
        return trust_words(self.given, promise, line)

    def _spark(self, promise, line, result):
        said = result.said
        if said is None or said.shown is None or line is None:
            return None
        unit = answering(self.given, line, self.school, said)
        if unit is None:
            return None
        figures = school_figures(self.facts, promise, line.clause, unit, said.measure)
        return spark_of(figures, said.target, said.shown)

    def _beside(self, line, result, keeps):
        if line is None:
            return Beside()
        unit = answering(self.given, line, self.school, result.said)
        return outside_beside(self.given, result.clause, result.said, unit, keeps)

    def _parts(self, promise, line):
        """Each of several parts, sites or bodies: the school's cell shows the worst of them."""
        if line is None or self.school.id in line.units:
            return ()
        its = units_of(self.given, line, self.school)
        if len(its) < 2:
            return ()
        told = tuple(
            self._part(promise, line, self.given.units[pk], said) for pk, said in its.items()
        )
        is_alike = len({(part.status, part.figure) for part in told}) == 1
        return () if is_alike else told

    def _part(self, promise, line, unit, said):
        result = Result(said.verdict, said, line.clause, unit.id)
        name = unit.phase.capitalize() if unit.kind == "part" else unit.name
        return PartLine(name, said.verdict.status, figure_words(self.given, promise, result)[0])


# Text


def figure_words(given, promise, result):
    """The figure with its unit, or the word in its place, and the note under it. Never empty."""
    text, note = figure_of(given, promise, result)
    said, clause = result.said, result.clause
    has_figure = said is not None and said.figure is not None and said.shown is not None
    if has_figure and text == said.shown.plain(said.figure):
        return distance_or_figure(clause, said)(said.figure), note
    if text in RATED.values():
        if result.verdict.reason is Reason.NO_CASES:
            return "No cases", note
        # The chip says which: a word that says it again is no figure.
        return "Rated", note
    if result.verdict.reason is Reason.PARTIAL and text[:1].isdigit():
        return f"{text} known", note
    return text, note


def in_short(said, value, clause=None):
    """A figure with its unit, without where the unit is long: 92.5%, and 5.99 per 100 pupils."""
    written = distance_or_figure(clause, said)(value)
    return written if len(written) <= ROOM else said.shown.plain(value)


def trust_words(given, promise, line):
    """What the whole trust's figure is for a clause, in short, and the note under it."""
    whole = clause_trust_result(given, line)
    text, note = figure_words(given, promise, whole)
    said = whole.said
    if said is None or said.figure is None or said.shown is None:
        return text, note
    is_figure = text == distance_or_figure(line.clause, said)(said.figure)
    return in_short(said, said.figure, line.clause) if is_figure else text, note


def target_words(given, promise, result):
    """What this school must reach, in few words."""
    said, clause = result.said, result.clause
    if clause is None:
        return ""
    short, spoken = promised(given, promise, clause)
    rule = clause.in_force(given.term.index).rule
    if rule == "done":
        day = due_of(given, promise, clause).day
        return f"by {day.day} {day:%b %Y}" if day else "done"
    if rule == "scale":
        return spoken
    if rule == "judged" or said is None:
        return short
    if rule == "compare":
        number = "" if said.target is None or said.shown is None else in_short(said, said.target)
        return f"{short}, {number}" if number else short
    words = said.target_words or short
    if said.expected is not None and said.expected != said.target and said.shown is not None:
        words += f", {in_short(said, said.expected)} by now"
    return words


def moved_words(said):
    """How far, and since when: 4.2 points since Aut 25."""
    period = said.before_period
    since = f"{period.ends:%b %y}" if period.basis is Basis.DATE else short_when(period.index)
    far = said.shown.distance(abs(said.moved))
    return f"{far if len(far) <= ROOM else said.shown.plain(abs(said.moved))} since {since}"


# Who answers, and the figures from outside


def units_of(given, line, school):
    """What a clause says of the parts, sites and bodies of a school."""
    return {
        pk: said
        for pk, said in line.units.items()
        if given.units[pk].parent == school.id or school.id in given.units[pk].serves
    }


def answering(given, line, school, said):
    """The unit whose figure the school's cell shows: itself, or the worst of its parts.

    None where there is no such figure, and so none to set beside it.
    """
    if said is None or school.id in line.units:
        return school
    its = units_of(given, line, school)
    if len(its) == 1:
        return given.units[next(iter(its))]
    for pk, one in its.items():
        if said.figure is not None and (one.figure, one.measure) == (said.figure, said.measure):
            return given.units[pk]
    return None


def _is_of_one_unit(figure):
    return figure.scope == "unit"


def _is_general(figure):
    return figure.scope != "unit"


def outside_beside(given, clause, said, unit, keeps=_is_general):
    """The latest outside figure of an equal span, if no more than two years older."""
    if unit is None or said is None or said.measure is None or said.period is None:
        return Beside()
    measure = given.measures[said.measure]
    terms = clause.in_force(said.period.index)
    if measure.series is None or terms.rule not in FIGURE_RULES or terms.rule == "gap":
        return Beside()
    series = outside.series_for(given, measure, terms)
    if series is None or said.shown is None:
        return Beside()
    kept = replace(series, figures=tuple(f for f in series.figures if keeps(f)))
    alone = replace(given, series=given.series | {series.id: kept})
    for back in range(YEARS_BACK):
        period = replace(said.period, year=said.period.year - back)
        found = outside.find(alone, measure, terms, unit, period, said.shown)
        if found is not None and found.figure is not None:
            note = short_when(period.index) if back else ""
            if found.stands_in:
                note = "an earlier year"
            return Beside(in_short(said, found.figure), note, series.provider)
    return Beside()


def has_similar(facts, school):
    """Whether somebody publishes figures for this very school: those of similar schools."""
    codes = school.codes.union(
        *(unit.codes for unit in facts.given.units.values() if unit.parent == school.id)
    )
    return any(
        figure.scope == "unit" and figure.scope_code in codes and not figure.not_published
        for series in facts.given.series.values()
        for figure in series.figures
    )
