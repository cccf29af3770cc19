"""What a return would come to if it were sent now, read from the database for one person."""

from dataclasses import replace
from datetime import date

from kpis.facts import facts_of, plan_for, read_figures, read_plan
from kpis.models import Judgement
from kpis.rag import given
from schools.models import UnitKind

from ..asked import questions
from ..asked.asking import name_of, question_of
from ..grid.sheet import TYPING, offices_seen
from ..life.entering import rater_of
from ..models import Line
from .elsewhere import changes_elsewhere
from .judging import Result, as_if_sent, compared, odd, results
from .logs import logs_of, sent_log
from .queries import Usual
from .reading import read

FIGURE_KINDS = questions.FIGURES


class AsTyped:
    """The lines of a return as answers, over the facts of its own units."""

    def __init__(self, return_, memberships, today):
        self.return_, self.today, self.trust = return_, today, memberships.trust
        self.offices = offices_seen(return_, memberships)
        self.told, self.rated, self.usual, self.noted = {}, {}, {}, set()
        plan = plan_for(return_.term)
        if plan is None:
            self.facts = None
            return
        promised = read_plan(memberships.trust, plan, return_.term, today)
        self.calendar, self.places = promised.calendar, promised.places
        units = {pk for pk, unit in promised.given.units.items() if self._is_of_return(unit)}
        self.facts = facts_of(promised, read_figures(promised, units, history=True))
        lines = list(self._lines())
        for line in lines:
            self._take(line)
        self._take_logs(lines)

    def _lines(self):
        lines = Line.objects.filter(return_to=self.return_)
        return lines.select_related("measure", "group", "period").order_by("number")

    def _is_of_return(self, unit):
        """Of a school's return the school and its parts; the trust's may be about any unit."""
        own = self.return_.unit_id
        return self.return_.is_the_trusts or own in (unit.id, unit.parent)

    def is_asked(self, measure, unit):
        """Whether this return asks it, and of this person."""
        office = self.facts.definitions[measure.id].office_id
        if not self._is_of_return(unit) or not self._is_mine(office):
            return False
        is_of_school = unit.kind in (UnitKind.SCHOOL, UnitKind.PART)
        return (office is None and is_of_school) is not self.return_.is_the_trusts

    def _is_mine(self, office):
        return self.offices is None or office in self.offices

    def _take(self, line):
        """Read a line; what cannot be read is judged by nobody."""
        measure = line.measure
        if not line.typed.has_answer or not self._is_mine(measure.office_id):
            return
        question = question_in(self.facts.given, measure, line.group)
        said = read(question, line.typed, self.today)
        key = line.measure_id, line.unit_id, line.group.code
        if said.answer:
            self.told.setdefault(key, []).append(self._answer(said.answer, line))
        if said.rating:
            self.rated.setdefault(key, []).append(self._rating(said.rating))
        own = self.facts.given.measures.get(measure.pk)
        if own is not None and measure.kind in FIGURE_KINDS:
            usual = measure.usual_low, measure.usual_high, measure.usual_change
            self.usual[measure.pk] = Usual(own.shown, *usual)
        if line.note:
            self.noted.add(key)

    def _take_logs(self, lines):
        """The logs as they stand, or as they were sent with this return."""
        keeping = [line for line in lines if line.measure.keeps_log]
        if not keeping:
            return
        typing = self.return_.state in TYPING
        live = [line for line in keeping if typing and self.return_.is_open_to(line)]
        logs, term = logs_of(self.return_.term, live), self.return_.term.period.index
        cases = dict(self.facts.given.cases)
        for line in keeping:
            key = line.key[:2]
            now = logs.get(key, ()) if line in live else sent_log(line)
            kept = [case for case in cases.get(key, ()) if case.collected != term]
            log = [given.Logged(c.opened, c.planned, c.closed, term, True) for c in now]
            cases[key] = (*kept, *log)
        self.facts = replace(self.facts, given=replace(self.facts.given, cases=cases))

    def _answer(self, answer, line):
        period = line.period
        columns = period.basis, period.year_id, period.part, period.on
        about = self.calendar.at(period.pk, *columns) or self.calendar.made(*columns)
        if answer.on:
            about = self._on_its_day(answer.on)
        return given.Answer(
            period=about,
            collected=self.return_.term.period.index,
            value=answer.value,
            numerator=answer.numerator,
            denominator=answer.denominator,
            level=self.places.get(answer.level),
            done=answer.done and given.Done(answer.done),
            done_on=answer.done_on,
            why_none=answer.why_none and given.WhyNone(answer.why_none),
            expected_on=answer.expected_on,
            respondents=answer.respondents,
            provider=answer.provider,
            provisional=True,
        )

    def _on_its_day(self, day: date):
        year, part = divmod(given.index_of(day), 3)
        return self.calendar.made(given.Basis.DATE, year, part + 1, day)

    def _rating(self, rating):
        return given.Rated(
            on=rating.on,
            external=rating.kind == Judgement.Kind.EXTERNAL,
            rating=rating.rating,
            rated_by=rater_of(self.return_, rating.kind),
            reviewer=rating.reviewer,
            evidence=rating.evidence,
            provisional=True,
        )

    def results(self):
        """{question: its result}, and {question: what looks odd and nobody has explained}."""
        found, odd = self.judged()
        for question in self.noted & odd.keys():
            del odd[question]
        return found, odd

    def results_alone(self):
        """{question: its result}, where nobody asks what looks odd."""
        return results(self.facts.given, self.told, self.rated, self.is_asked)

    def judged(self):
        """The same, with what looks odd where a note says why it is right."""
        if self.facts is None:
            return {}, {}
        plain, found = self.facts.given, self.results_alone()
        typed = compared(as_if_sent(plain, self.told, {}), self.told, self.usual)
        moved = {question: one for question, one in typed.items() if one.is_big_change}
        others = changes_elsewhere(moved, plain, self.calendar, self.trust) if moved else {}
        return found, odd(typed, others)


def question_in(given, measure, group):
    """What is asked about a measure, as the reader of what is typed needs it."""
    levels = tuple(
        questions.Level(level.id, level.key, level.name, version.since)
        for version in given.scales.get(measure.scale_id, ())
        for level in version.levels
    )
    days = given.days_of(given.term.index)
    return question_of(measure, name_of(measure, group), days, levels)


NOTHING = Result()
