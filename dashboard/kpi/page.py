"""The KPI page: what is promised, how it stands, where, since when, and by whose word."""

from dataclasses import replace
from functools import cached_property

from kpis.rag.judging import judge_one, schools_of
from kpis.rag.lines import things_of
from kpis.rag.rule_words import rule_of
from kpis.rag.verdict import Reason
from priorities.models import NodeRole

from ..addresses import Link, at_school
from ..cells import movement_of, when, written_figure
from ..past import past_of
from ..pooling import trust_said
from ..results import clause_result, clause_trust_result, school_result, trust_result
from ..small_numbers import SmallNumbers
from .asked import Asked, Hidden
from .asks import asks_of
from .definition import PARTS, definition
from .evidence import attached_rows, evidence_rows
from .explore import figure_of
from .groups_shown import group_charts
from .line_svg import on_page
from .over_time import chart_of
from .related import related_rows
from .schools import SchoolTables
from .shapes import ChartPart, ClauseLine, CommentRow, KpiPage, Pick, ToSettle
from .status_past import status_table
from .versions import versions

__all__ = ["Hidden", "KpiReader"]

NO_FIGURE = "There is no figure to draw yet. A trend needs two terms."
MOST_PICKED = 3  # more lines beside the trust's cannot be told apart
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


COMMENT, REPLY = "Comment for the trust", "Reply to this status"


class KpiReader(Asked):
    """One KPI as one person may read it: whole, or led by one school, or one clause of it.

    Raises Hidden for a school or a KPI that they may not see.
    """

    def __init__(self, facts, pk, sight, query, addresses):
        super().__init__(facts, pk, sight, query, addresses)
        self.small = SmallNumbers(self.given, sight)
        self.judged = self.small.of(judge_one(self.given, self.promise))
        self.line = self._line(query.get("clause", ""))
        self.clause = self.line.clause
        self.said = self._said(self.unit)
        self.reading = self._reading(query.get("measure", ""))
        self.picked = self._picked()

    def _line(self, key):
        """The clause in the chart: the one asked for, else the one that decides."""
        for line in self.judged.lines:
            if line.clause.key == key:
                return line
        cell = self.judged.schools.get(self.school.id) if self.school else self.judged.trust
        return self.judged.line(cell.deciding if cell else None) or self.judged.lines[0]

    def _reading(self, code):
        """The measure in the chart: the one asked for, else the one that decides."""
        for reading in self.clause.readings:
            if self.given.measures[reading.measure].code == code:
                return reading
        its = (one for one in self.clause.readings if one.measure == self.said.measure)
        return next(its, None) or next(iter(self.clause.readings), None)

    def _picked(self):
        """The schools drawn beside the leading line: three at most, and only by their own name."""
        codes = list(dict.fromkeys(self.query.getlist("schools")))
        by_code = {school.code: school for school in self.named_schools}
        found = (by_code.get(code) for code in codes)
        return [one for one in found if one is not None and one is not self.school][:MOST_PICKED]

    @cached_property
    def named_schools(self):
        """The schools of this clause that the person may see by name."""
        return [
            school
            for school in schools_of(self.given)
            if school.id in self.line.schools and self.sight.is_mine(school.id)
        ]

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

    def page(self, related=("", {})):
        """The page; ``related`` is what `read_related` found."""
        result, owners = self.result(), related[0]
        past = self.past()
        chart = past and self.chart(past)
        tables = SchoolTables(self, past).tables()
        return KpiPage(
            code=self.branch.code,
            name=self.branch.title,
            full=self.branch.words,
            kind_words=self._kind_words(),
            owners=owners,
            verdict=result.verdict,
            figure=written_figure(result),
            movement=movement_of(result.said),
            rule=self._rule(self.line, self.unit),
            school=self.school,
            all_url=self.addresses.kpi(self.promise.id),
            combine_words=COMBINE[self.promise.combine],
            clauses=tuple(self._clause_lines()),
            chart=self._chart_part(chart, past),
            statuses=() if chart else status_table(self),
            phases=tables,
            groups=group_charts(self, past),
            beside=self._beside(result.said),
            comments=self._comments(),
            evidence=evidence_rows(self.given, self.promise, self.sight, self._only()),
            attached=attached_rows(self.given, self.promise, self.sight, self._only()),
            related=related_rows(self.facts, related[1], self.addresses),
            serves=self._serves(),
            definition=definition(self.facts, self.promise, self.clause, self.said),
            versions=versions(self.facts, self.promise, self.sight),
            history_url=self._address("dashboard:kpi-history"),
            by_figures=self.by_figures().verdict if self.is_by_hand else None,
            **self._to_say(),
            **self._for_a_leader(),
            **self._neighbours(),
        )

    def _only(self):
        return self.school and self.school.id

    def _to_say(self):
        """Where a leader comments for the trust, and a headteacher replies for the school."""
        if self.school is None and self.sight.leads:
            return {"say_url": self.addresses.say(self.promise.id), "say_words": COMMENT}
        if self.school is not None and self.school.id in self.sight.heads:
            url = self.addresses.reply(self.promise.id, self.school.code)
            return {"say_url": url, "say_words": REPLY}
        return {}

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
            for ask in asks_of(self.given, self.promise, self.judged)
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

    def _clause_lines(self):
        school = self.school and self.school.code
        for line in self.judged.lines:
            result = clause_result(line, self.unit.id) if self.school else None
            result = result or clause_trust_result(self.given, line)
            yield ClauseLine(
                key=line.clause.key,
                name=line.clause.title,
                verdict=result.verdict,
                figure=_as_its_sentence(result),
                rule=self._rule(line, self.unit),
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

    def past(self):
        """The earlier terms of the charted measure; None where it has no figures."""
        if self.reading is None:
            return None
        units = self.named_schools
        return past_of(
            self.facts, self.promise, self.clause, self.reading, self.unit, units, self.small
        )

    def chart(self, past):
        """The chart of the page, and of its files."""
        others = ()
        if self.school is not None and self.sight.sees_all:
            drawn = {self.unit.id, *(school.id for school in self.picked)}
            others = tuple(pk for pk in past.figures if pk not in drawn)
        shorts = self.facts.shorts
        picked = [(school.id, shorts[school.id]) for school in self.picked]
        name = shorts[self.unit.id]
        now = self.said if self.said.measure == self.reading.measure else None
        return chart_of(
            self.facts, self.promise, past, self.reading, self.unit, name, now, picked, others
        )

    def _chart_part(self, chart, past):
        """The chart with what stands round it."""
        if chart is None:
            return None
        codes = {school.code for school in self.picked}
        return ChartPart(
            title=chart.title,
            note=chart.note,
            svg=on_page(chart.drawing),
            remarks=chart.remarks,
            heads=chart.heads,
            rows=chart.rows,
            figure=figure_of(chart),
            drawing=chart.drawing,
            measures=tuple(self._measure_links()),
            picks=tuple(
                Pick(school.code, school.name, school.code in codes)
                for school in self.named_schools
                if school is not self.school and past.figures[school.id]
            ),
            kept=tuple(self._kept(("school", "clause", "measure"))),
            svg_url=self._address("dashboard:kpi-picture"),
            csv_url=self._address("dashboard:kpi-figures"),
            empty="" if chart.drawing else NO_FIGURE,
            term=self.addresses.term,
        )

    def _measure_links(self):
        """A link for each measure of the clause, where it reads several."""
        if len(self.clause.readings) < 2:
            return
        for reading in self.clause.readings:
            measure = self.given.measures[reading.measure]
            kept = dict(self._kept(("school", "clause")))
            url = self.addresses.kpi_choice(self.promise.id, **kept, measure=measure.code)
            yield Link(measure.name, url, current=reading is self.reading)

    def _kept(self, names):
        """The choices of the address that a form or a link must carry on."""
        return [(name, self.query[name]) for name in names if self.query.get(name)]

    def _address(self, page):
        """Another address with the same choices."""
        kept = self._kept(("school", "clause", "measure"))
        kept += [("schools", school.code) for school in self.picked]
        return self.addresses.of_kpi(page, self.promise.id, kept)

    def url_of(self, school):
        """This KPI at one school, the clause kept where there are several."""
        return self._to_schools + at_school(school.code)

    @cached_property
    def _to_schools(self):
        """What the addresses of a hundred schools begin with: made once."""
        clause = self.clause.key if len(self.judged.lines) > 1 else None
        return self.addresses.kpi(self.promise.id, clause=clause)

    # Words of people, and the way on

    def _comments(self):
        """Each with the movement that it explains, so that words can be checked."""
        rows = [
            CommentRow(
                c.who,
                c.when,
                self.given.units[c.unit].name,
                c.why,
                c.what_next,
                f"said-{c.unit}",
                self.moved(c.unit),
                c.is_reply,
            )
            for c in self.facts.comments
            if self.sight.reaches(self.given.units[c.unit])
            and self.school in (None, self.given.units[c.unit])
        ]
        return tuple(sorted(rows, key=lambda row: row.when, reverse=True))

    def moved(self, unit):
        """24.6%, was 20.4% in Autumn 2024."""
        result = school_result(self.judged, unit)
        if unit == self.given.trust:
            result = trust_result(self.given, self.judged)
        if result is None:
            return ""
        words, said = written_figure(result), result.said
        if words and said is not None and said.before is not None and said.shown is not None:
            was = said._replace(figure=said.before)
            before = written_figure(result._replace(said=was))
            words += f", was {before} in {when(said.before_period)}"
        return words

    def _serves(self):
        """The outcomes that this KPI serves."""
        branches = (self.facts.branch(pk) for pk in self.branch.serves)
        return tuple(
            Link(branch.title, self.addresses.entry(branch.key)) for branch in branches if branch
        )

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


def _as_its_sentence(result):
    """The figure that the sentence beside it names.

    With schools missing that is the one of all who are in; elsewhere, and in
    what moved, it is the one of those who are in both periods.
    """
    verdict = result.verdict
    if verdict.reason is Reason.PARTIAL and verdict.figure:
        return verdict.figure
    return written_figure(result)
