"""The schools of the KPI page, worst first: each phase by itself, ties on one place."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from kpis.rag.verdict import Mark, Reason, Status, Verdict
from schools.models import Phase

from .. import charts
from ..cells import Movement, distance_or_figure, figure_of, movement_of
from ..past import sent_past
from ..results import clause_result, promised
from .bullet_of import Bullets
from .over_time import sparks
from .rows import row_html

SMALL_GROUP = 30  # below it the page says what one pupil is worth
SHOWN_AT_ONCE = 20  # the others of a phase are folded away
WITHOUT_A_DISTANCE = frozenset({Reason.BASELINE_YEAR, Reason.NOT_DUE})


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school; ``place`` is its rank in its phase, "2=" where it shares it."""

    name: str
    url: str
    status: Status
    figure: str
    target: str
    difference: str
    movement: Movement | None
    spark: charts.Sparkline | None
    sentence: str
    marks: tuple[Mark, ...]
    note: str
    current: bool
    place: str = ""
    bullet: charts.Bullet | None = None
    comment: str = ""
    comment_url: str = ""
    by_figures: Verdict | None = None


@dataclass(frozen=True, slots=True)
class PhaseTable:
    """The schools of one phase, worst first: phases are never ranked together.

    ``first`` and ``folded`` are the same rows as HTML; above twenty schools
    only the worst twenty stand open.
    """

    title: str
    rows: tuple[SchoolRow, ...]
    first: str = ""
    folded: str = ""
    folded_words: str = ""


class SchoolTables:
    """Makes the tables of one clause, for the schools that a person may see by name."""

    def __init__(self, reader, chart_past):
        self.facts, self.given, self.reader = reader.facts, reader.given, reader
        self.line, self.clause = reader.line, reader.line.clause
        mine = (pk for pk in self.line.schools if reader.sight.is_mine(pk))
        self.schools = [self.given.units[pk] for pk in mine]
        self.said = {school.id: self.line.schools[school.id] for school in self.schools}
        self.sparks = self._sparks(chart_past)
        self.bullets = Bullets(self.given, reader.promise, self.clause).of(self.said)
        self.wanted = promised(self.given, reader.promise, self.clause)[0]
        self.comments = {comment.unit for comment in reader.facts.comments}

    def tables(self):
        """One table for each phase that has a school."""
        found = []
        for phase in Phase:
            its = [school for school in self.schools if school.phase == phase]
            if its:
                title = "Schools" if phase == Phase.ALL else f"{phase.label} schools"
                found.append(_table(title, self._ranked(its)))
        return tuple(found)

    def _sparks(self, chart_past):
        """Small lines, one scale for each measure that decides some school."""
        by_measure = {}
        for pk, said in self.said.items():
            if said.shown is not None:
                by_measure.setdefault(said.measure, []).append(pk)
        lines = {}
        for reading in self.clause.readings:
            its = by_measure.get(reading.measure, [])
            past = chart_past if chart_past and chart_past.reading == reading.id else None
            if its and past is None:
                units = [self.given.units[pk] for pk in its]
                past = sent_past(self.facts, self.reader.promise, self.clause, reading, units)
            if not its or past is None:
                continue
            bars = {self.said[pk].target for pk in its} - {None}
            target = bars.pop() if len(bars) == 1 else None
            lines |= sparks(past, its, distance_or_figure(self.clause, self.said[its[0]]), target)
        return lines

    def _ranked(self, schools):
        """Their rows in order; whoever is as far from target shares a place."""
        made = [(self._key(school), school) for school in schools]
        made.sort(key=lambda pair: (*pair[0], pair[1].name))
        keys = [key for key, _ in made if _has_place(key)]
        counts = Counter(keys)
        return tuple(self._row(school, _place(key, keys, counts)) for key, school in made)

    def _key(self, school):
        """The status first, then how far short of what is expected; without a figure the last."""
        verdict = self._verdict(school)
        short = _short(self.said[school.id])
        return verdict.status.rank, short is None, -(short or 0)

    def _verdict(self, school):
        """What stands in the row: the clause's, or what was set by hand for the whole KPI."""
        if (self.reader.promise.id, school.id) in self.given.overrides:
            return self.reader.judged.schools[school.id].verdict
        return self.said[school.id].verdict

    def _row(self, school, place):
        result = clause_result(self.line, school.id)
        said, verdict = result.said, self._verdict(school)
        is_by_hand = verdict is not result.verdict
        url = self.reader.url_of(school)
        words, comment_url = "", ""
        if school.id in self.comments:
            words, comment_url = "Read", f"#said-{school.id}"
        elif verdict.status is Status.RED:
            words = "None yet"
        return SchoolRow(
            name=school.name,
            url=url,
            status=verdict.status,
            figure=_number(self.clause, said, said.figure) or self._word(result),
            target=_target(self.clause, said) or self.wanted,
            difference=_difference(said),
            movement=movement_of(said),
            spark=self.sparks.get(school.id),
            sentence=verdict.sentence,
            marks=tuple(sorted(verdict.marks)),
            note=self._note(said),
            current=self.reader.school is not None and school.id == self.reader.school.id,
            place=place,
            bullet=self.bullets.get(school.id),
            comment=words,
            comment_url=comment_url,
            by_figures=result.verdict if is_by_hand else None,
        )

    def _note(self, said):
        """Which measure decides, where there are several, and what one pupil is worth."""
        words = []
        if len(self.clause.readings) > 1 and said.measure is not None and said.figure is not None:
            words.append(self.given.measures[said.measure].name)
        words.append(_one_pupil(said))
        return ", ".join(word for word in words if word)

    def _word(self, result):
        """What stands where a figure is missing: Late, few, the level that is held."""
        return figure_of(self.given, self.reader.promise, result)[0]


def _has_place(key):
    """What has a colour and a distance is ranked; the others stand between, without a place."""
    rank, has_no_distance, _ = key
    return rank != Status.GREY.rank and not has_no_distance


def _place(key, keys, counts):
    """The rank of one key among those that have one, "2=" where several share it."""
    if not _has_place(key):
        return ""
    return f"{keys.index(key) + 1}{'=' if counts[key] > 1 else ''}"


def _table(title, rows):
    html = [row_html(row) for row in rows]
    first, rest = html[:SHOWN_AT_ONCE], html[SHOWN_AT_ONCE:]
    if any(row.current for row in rows[SHOWN_AT_ONCE:]):
        first, rest = html, []
    words = f"Show the other {len(rest)} {title.lower()}" if rest else ""
    return PhaseTable(title, rows, _joined(first), _joined(rest), words)


def _joined(parts):
    return SafeString("".join(parts))


def _distance(said):
    """How far a figure is over what is expected of it, negative under it; None without either."""
    if said.figure is None or said.shown is None or said.target is None:
        return None
    if said.verdict.reason in WITHOUT_A_DISTANCE:
        return None
    return said.figure - (said.target if said.expected is None else said.expected)


def _short(said):
    """How far it is on the bad side; negative on the good one."""
    distance = _distance(said)
    if distance is None or said.better == "lower":
        return distance
    return -distance if said.better == "higher" else abs(distance)


def _difference(said):
    """The distance in words."""
    distance = _distance(said)
    if distance is None:
        return ""
    if not distance:
        return "level with it"
    return f"{said.shown.distance(abs(distance))} {'over' if distance > 0 else 'under'}"


def _target(clause, said):
    """The number to reach; the place on the way to it where that is what decides."""
    if said.shown is None or said.target is None:
        return ""
    target = _number(clause, said, said.target)
    if said.expected is not None and said.expected != said.target:
        return f"{_number(clause, said, said.expected)} now, {target} in the end"
    return target


def _number(clause, said, value):
    """A number of the table; words like "score points" stand in the distance beside it."""
    if value is None or said.shown is None:
        return ""
    if said.shown.kind == "number":
        return said.shown.plain(value)
    return distance_or_figure(clause, said)(value)


def _one_pupil(said):
    """What one pupil is worth in a small group."""
    if said.base is None or not 0 < said.base < SMALL_GROUP or said.shown is None:
        return ""
    if said.figure is None or said.shown.kind != "percentage":
        return ""
    worth = Decimal(100) / said.base
    return f"{said.base} pupils, so 1 pupil is {said.shown.distance(said.shown.figure(worth))}"
