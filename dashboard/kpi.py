"""The KPI page: what is promised, how it stands, where, since when, and by whose word."""

from dataclasses import replace
from decimal import Decimal

from kpis.rag.judging import judge_one, schools_of
from kpis.rag.lines import things_of
from kpis.rag.rule_words import rule_of
from kpis.rag.verdict import Reason
from priorities.models import NodeRole
from schools.models import Phase

from .addresses import Link
from .asks import asks_of
from .cells import distance_or_figure, figure_of, movement_of, written_figure
from .definition import PARTS, definition, versions
from .groups import group_rows
from .kpi_page import ClauseLine, CommentRow, KpiPage, PhaseTable, SchoolRow, ToSettle
from .over_time import chart_of, past_of, sparks
from .pooling import trust_said
from .results import clause_result, clause_trust_result, promised, school_result, trust_result
from .small_numbers import SmallNumbers

SMALL_GROUP = 30  # below it the page says what one pupil is worth
COMBINE = {"all": "All of these must hold.", "any": "One of these is enough."}
# What the link to each form says.
SETTLE = {
    "baseline": "Accept a baseline",
    "date": "Date it",
    "level": "Set the target on it",
    "joining": "Give the grade on joining",
    "target": "Set the target",
    "reference": "Name whom to compare with",
}


class Hidden(LookupError):
    """What was asked for is not there, or not for this person."""


class KpiReader:
    """One KPI as one person may read it: whole, or led by one school, or one clause of it.

    Raises Hidden for a school or a KPI that they may not see.
    """

    def __init__(self, facts, pk, sight, query, addresses):
        self.facts, self.given, self.sight = facts, facts.given, sight
        self.addresses = addresses
        self.branch = facts.branch(pk)
        if self.branch is None or not facts.given.promises:
            raise Hidden
        promise = self._mine(facts.given.promises[0])
        self.small = SmallNumbers(self.given, sight)
        self.promise, self.judged = promise, self.small.of(judge_one(self.given, promise))
        self.school = self._school(query.get("school", ""))
        self.line = self._line(query.get("clause", ""))
        self.clause = self.line.clause

    def _mine(self, promise):
        """A contributor reads the clauses whose measures they answer for, and no other."""
        if not self.sight.is_of_an_office:
            return promise
        offices = {pk: about.office_id for pk, about in self.facts.definitions.items()}
        clauses = tuple(
            clause
            for clause in promise.clauses
            if clause.readings
            and all(self.sight.answers_for(offices[r.measure]) for r in clause.readings)
        )
        if not clauses:
            raise Hidden
        return replace(promise, clauses=clauses)

    def _school(self, code):
        if not code:
            return None
        for unit in schools_of(self.given):
            if unit.code == code and self.sight.is_mine(unit.id):
                return unit
        raise Hidden

    def _line(self, key):
        """The clause in the chart: the one asked for, else the one that decides."""
        for line in self.judged.lines:
            if line.clause.key == key:
                return line
        cell = self.judged.schools.get(self.school.id) if self.school else self.judged.trust
        return self.judged.line(cell.deciding if cell else None) or self.judged.lines[0]

    @property
    def measures(self):
        """The numbers of the measures that the clauses read."""
        return {r.measure for clause in self.promise.clauses for r in clause.readings}

    @property
    def unit(self):
        """Whose verdict leads: the school's, else the trust's."""
        return self.school or self.given.units[self.given.trust]

    def result(self):
        """The verdict that leads, with what its deciding clause says."""
        if self.school is None:
            return trust_result(self.given, self.judged)
        found = school_result(self.judged, self.school.id)
        if found is None:
            return trust_result(self.given, self.judged)
        return found

    def by_figures(self):
        """The same as the figures alone have it, whatever was set by hand."""
        alone = replace(self.given, overrides={})
        judged = self.small.of(judge_one(alone, self.promise))
        found = self.school and school_result(judged, self.school.id)
        return found or trust_result(alone, judged)

    @property
    def is_by_hand(self):
        return (self.promise.id, self.unit.id) in self.given.overrides

    def page(self):
        """The page, without the history."""
        result, unit = self.result(), self.unit
        chart, past = self._chart(unit)
        said = self._said(unit)
        return KpiPage(
            code=self.branch.code,
            name=self.branch.title,
            full=self.branch.words,
            kind_words=self._kind_words(),
            verdict=result.verdict,
            figure=written_figure(result),
            movement=movement_of(result.said),
            rule=self._rule(self.line, unit),
            school=self.school,
            all_url=self.addresses.kpi(self.promise.id),
            combine_words=COMBINE[self.promise.combine],
            clauses=tuple(self._clause_lines(unit)),
            chart=chart.drawing if chart else None,
            chart_title=chart.title if chart else "Over time",
            chart_note=chart.note if chart else "",
            chart_heads=chart.heads if chart else (),
            chart_rows=chart.rows if chart else (),
            chart_empty=_no_chart(chart, past),
            phases=self._phases(past),
            groups=group_rows(self.facts, self.line, self.unit, said, self.small),
            beside=self._beside(result.said),
            comments=self._comments(),
            definition=definition(self.facts, self.promise, self.clause, said),
            versions=versions(self.facts, self.promise, self.sight),
            by_figures=self.by_figures().verdict if self.is_by_hand else None,
            **self._for_a_leader(),
            **self._neighbours(),
        )

    def _for_a_leader(self):
        """What only a leader can settle, with the way to each form."""
        if not self.sight.leads:
            return {}
        asks = [
            ToSettle(
                ask.words,
                SETTLE[ask.kind],
                self.addresses.answer(self.promise.id, ask.reading.id, ask.kind),
            )
            for ask in asks_of(self.given, self.promise)
        ]
        code = self.school.code if self.school else None
        words = f"Set the status of {self.school.name if self.school else 'the trust'} by hand"
        if self.is_by_hand:
            words = "Change or take back what was set by hand"
        return {
            "to_settle": tuple(asks),
            "by_hand_url": self.addresses.by_hand(self.promise.id, school=code),
            "by_hand_words": words,
        }

    # What the page says of one unit

    def _said(self, unit):
        """What the charted clause says of a unit."""
        if unit.kind == "school" and unit.id in self.line.schools:
            return self.line.schools[unit.id]
        return trust_said(self.given, self.line)

    def _rule(self, line, unit):
        """The target rule of a clause; of several readings, of the one that decides."""
        clause = line.clause
        if not clause.readings:
            return ""
        said = line.schools.get(unit.id) or trust_said(self.given, line)
        reading = next((r for r in clause.readings if r.measure == said.measure), None)
        words = rule_of(self.given, self.promise, clause, reading or clause.readings[0], unit, said)
        if len(clause.readings) > 1:
            words = f"{self.given.measures[(reading or clause.readings[0]).measure].name}. {words}"
        return words

    def _beside(self, said):
        """The figure of all, where the one that is judged is of those in both periods."""
        if said is None or said.of_all is None or said.shown is None:
            return ""
        things = things_of(self.given, self.clause)
        return f"All {things} together: {said.shown.write(said.of_all)}."

    def _clause_lines(self, unit):
        school = self.school and self.school.code
        for line in self.judged.lines:
            result = clause_result(line, unit.id) if self.school else None
            result = result or clause_trust_result(self.given, line)
            yield ClauseLine(
                key=line.clause.key,
                name=line.clause.title,
                verdict=result.verdict,
                figure=written_figure(result),
                rule=self._rule(line, unit),
                movement=movement_of(result.said),
                url=self.addresses.kpi(self.promise.id, school=school, clause=line.clause.key),
                current=line.clause.id == self.clause.id,
            )

    def _kind_words(self):
        measures = [self.given.measures[pk] for pk in sorted(self.measures)]
        if not measures:
            return ""
        asked = frozenset().union(*(measure.asked for measure in measures))
        words = ["Seasonal"] if any(measure.seasonal for measure in measures) else []
        if asked == {1, 2, 3}:
            words.append("asked every term")
        elif asked:
            words.append(f"asked in {' and '.join(PARTS[part] for part in sorted(asked))}")
        said = ", ".join(words)
        return f"{said[:1].upper()}{said[1:]}"

    # The chart

    def _chart(self, unit):
        past = past_of(self.facts, self.promise, self.clause, self.small)
        if past is None:
            return None, None
        others = ()
        if self.school is not None and self.sight.sees_all:
            others = tuple(pk for pk in past.by_unit if pk not in (unit.id, self.given.trust))
        name = self.facts.shorts[unit.id]
        return chart_of(self.facts, self.promise, past, unit, name, others), past

    # Schools

    def _phases(self, past):
        schools = [self.given.units[pk] for pk in self.line.schools if self.sight.is_mine(pk)]
        shown = next((said.shown for said in self.line.schools.values() if said.shown), None)
        targets = {said.target for said in self.line.schools.values() if said.target is not None}
        target = targets.pop() if len(targets) == 1 else None
        lines = sparks(past, [s.id for s in schools], shown, target) if past and shown else {}
        tables = []
        for phase in Phase:
            rows = [self._school_row(s, lines) for s in schools if s.phase == phase]
            if rows:
                rows.sort(key=lambda pair: pair[0])
                title = "Schools" if phase == Phase.ALL else f"{phase.label} schools"
                tables.append(PhaseTable(title, tuple(row for _, row in rows)))
        return tuple(tables)

    def _school_row(self, school, lines):
        result = clause_result(self.line, school.id)
        said, verdict = result.said, result.verdict
        manual = (self.promise.id, school.id) in self.given.overrides
        if manual:
            # The status is that of the whole KPI; the figure stays the clause's.
            verdict = self.judged.schools[school.id].verdict
        difference, miss = _difference(said)
        row = SchoolRow(
            name=school.name,
            url=self.addresses.kpi(self.promise.id, school=school.code, clause=self._chosen()),
            status=verdict.status,
            figure=written_figure(result) if said.figure is not None else self._word(result),
            target=_target(self.clause, said) or promised(self.given, self.promise, self.clause)[0],
            difference=difference,
            movement=movement_of(said),
            spark=lines.get(school.id),
            sentence=verdict.sentence,
            marks=tuple(sorted(verdict.marks)),
            note=_one_pupil(said),
            by_figures=result.verdict if manual else None,
            current=self.school is not None and school.id == self.school.id,
        )
        return (verdict.status.rank, -miss, school.name), row

    def _word(self, result):
        """What stands where a figure is missing: Late, few, the level that is held."""
        return figure_of(self.given, self.promise, result)[0]

    def _chosen(self):
        """The clause to keep in the address, where there are several."""
        return self.clause.key if len(self.judged.lines) > 1 else None

    # Words of people, and the way on

    def _comments(self):
        rows = [
            CommentRow(c.who, c.when, self.given.units[c.unit].name, c.why, c.what_next)
            for c in self.branch.comments
            if self.sight.reaches(self.given.units[c.unit])
            and self.school in (None, self.given.units[c.unit])
        ]
        return tuple(sorted(rows, key=lambda row: row.when, reverse=True))

    def _neighbours(self):
        """The KPI before and after this one in the plan."""
        kpis = [branch for branch in self.facts.tree if branch.role == NodeRole.KPI]
        places = {branch.id: place for place, branch in enumerate(kpis)}
        here = places.get(self.branch.id)
        if here is None or self.sight.is_of_an_office:
            return {}
        links = {"previous": here - 1, "next": here + 1}
        return {
            name: Link(kpis[place].title, self.addresses.kpi(kpis[place].id))
            for name, place in links.items()
            if 0 <= place < len(kpis)
        }

    def breadcrumbs(self):
        """Plan, then the priority that the KPI stands under."""
        crumbs = [("Plan", self.addresses.plan())]
        branch = self.branch
        while branch.parent is not None and branch.role != NodeRole.PRIORITY:
            branch = self.facts.branch(branch.parent)
        if branch is not self.branch:
            crumbs.append((branch.title, self.addresses.plan(view="tree", anchor=f"#{branch.key}")))
        return crumbs


def _difference(said):
    """How far a figure is over or under what is expected of it, in words and as a size."""
    if said.figure is None or said.shown is None or said.target is None:
        return "", -1
    if said.verdict.reason in (Reason.BASELINE_YEAR, Reason.NOT_DUE):
        return "", -1
    bar = said.target if said.expected is None else said.expected
    distance = said.figure - bar
    if not distance:
        return "level with it", 0
    side = "over" if distance > 0 else "under"
    return f"{said.shown.distance(abs(distance))} {side}", abs(distance)


def _target(clause, said):
    """The number to reach; the place on the way to it where that is what decides."""
    if said.shown is None or said.target is None:
        return ""
    say = distance_or_figure(clause, said)
    if said.expected is not None and said.expected != said.target:
        return f"{say(said.expected)} now, {say(said.target)} in the end"
    return say(said.target)


def _one_pupil(said):
    """What one pupil is worth in a small group."""
    if said.base is None or not 0 < said.base < SMALL_GROUP or said.shown is None:
        return ""
    if said.figure is None or said.shown.kind != "percentage":
        return ""
    worth = Decimal(100) / said.base
    return f"{said.base} pupils, so 1 pupil is {said.shown.distance(said.shown.figure(worth))}"


def _no_chart(chart, past):
    """Why there is no chart, or only one figure in it."""
    if past is None:
        return "This is judged in words or by a date, so there is no figure to draw."
    if chart is None or chart.drawing is None:
        return "There is no figure to draw yet. A trend needs two terms."
    return ""
