"""One return as one person may see it: its questions in their order, and its lines."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, prefetch_related_objects
from django.utils.text import slugify

from kpis.models import Entry, Measure
from kpis.rag.choose import exact, shown_as
from schools.models import Basis, UnitKind

from ..asked.asking import ALL_PUPILS, Asked
from ..asked.kept import asked_in
from ..asked.plan_order import Place
from ..evidence import Evidence
from ..life.entering import asked_by
from ..life.states import State
from ..models import Line
from ..typed.reading import answers_in_full
from ..typed.spelling import lower_first

QUESTION = ("measure_id", "unit_id", "group_id")
PERIOD = tuple(f"period__{name}" for name in ("pk", "basis", "year_id", "part", "on"))
EARLIER = ("value", "numerator", "denominator", "done", "done_on", "level__name", "collected_in_id")
TYPING = frozenset({State.NOT_STARTED, State.IN_PROGRESS, State.SENT_BACK})


class Earlier(NamedTuple):
    """A figure, level or day that counts already, and the term that brought it in."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    done: str | None
    done_on: date | None
    level: str | None
    collected_in: int


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one priority."""

    title: str
    asked: tuple[Asked, ...]

    @property
    def slug(self):
        return slugify(self.title)


class Sheet:
    """The questions of a return with their lines.

    While it is typed into, they are what the term asks, and what has been
    typed before it was no longer asked; once it is sent, what was asked then,
    and so when it is reopened.
    A contributor sees the questions of own offices only.
    """

    def __init__(self, return_, memberships, today, asked=None):
        self.return_, self.memberships, self.today = return_, memberships, today
        self.state = return_.state_on(today)
        self.asking, self.places = asked or asked_in(return_)
        self.lines = {line.key: line for line in self._read_lines()}
        self.asked = sorted(self._asked(), key=self._order)

    def _read_lines(self):
        """What they are about is known where the term still asks it, and read where not."""
        lines = list(Line.objects.filter(return_to=self.return_).select_related("handed_to"))
        strays = []
        for line in lines:
            measure = self.asking.measures.get(line.measure_id)
            group = self.asking.groups.get(line.group_id)
            if measure is None or group is None:
                strays.append(line)
            else:
                line.measure, line.group = measure, group
        prefetch_related_objects(strays, "measure__office", "group")
        return lines

    @cached_property
    def term_slug(self):
        return self.return_.term.slug

    @property
    def is_asking(self):
        """Whether what the term asks now is what its questions are."""
        return self.return_.state in TYPING and not self.return_.is_reopened

    def _asked(self):
        asked = {}
        if self.is_asking:
            asked = {one.key: one for one in self.asking.of_return(self.return_.unit_id)}
        for key, line in self.lines.items():
            if key not in asked and (not self.is_asking or line.says_something):
                asked[key] = asked_by(line, self.asking)
        offices = offices_seen(self.return_, self.memberships)
        found = [
            one for one in asked.values() if offices is None or one.measure.office_id in offices
        ]
        return found + self._another(found)

    def _another(self, found):
        """An empty row after an inspection or review: a term may bring two."""
        if not self.is_asking:
            return []
        last = {}
        for one in found:
            if one.may_repeat:
                last[one.key[:3]] = max(one, last.get(one.key[:3], one), key=lambda a: a.number)
        return [
            replace(one, number=one.number + 1)
            for one in last.values()
            if one.key in self.lines and self.lines[one.key].typed.has_answer
        ]

    def _order(self, asked):
        measure, unit = asked.measure, asked.unit
        place = self.place_of(asked)
        return (place.order, measure.pk, unit.name, unit.id, asked.group.order, asked.number)

    def place_of(self, asked):
        return self.places.get(asked.measure.pk, Place())

    @cached_property
    def evidence(self):
        """What each line rests on: {number of the line: its evidence}. One query."""
        found = {}
        for one in Evidence.objects.there().filter(line__return_to=self.return_):
            found.setdefault(one.line_id, []).append(one)
        return found

    def evidence_of(self, asked):
        line = self.lines.get(asked.key)
        return self.evidence.get(line.pk, []) if line else []

    def sections(self):
        """The questions by priority, in the order of the plan."""
        titles = {}
        for one in self.asked:
            place = self.place_of(one)
            titles.setdefault(place.section, []).append(one)
        return [Section(title, tuple(asked)) for title, asked in titles.items()]

    def name_of(self, asked):
        """The measure, and the unit where it is not the return's own: "SIAMS, Hollin Bank".

        A part of the school is named without it: "Attendance, primary".
        """
        if asked.unit.id == self.return_.unit_id:
            return asked.measure.name
        return f"{asked.measure.name}, {asked.unit.name.removeprefix(f'{self.return_.unit}, ')}"

    def group_of(self, asked):
        """What stands under its measure: a pupil group, or a second answer; "" for all pupils."""
        words = [] if asked.group.code == ALL_PUPILS else [lower_first(asked.group.name)]
        if asked.number > 1:
            words.append(f"answer {asked.number}")
        return ", ".join(words)

    def row_name_of(self, asked):
        """All that tells one row from another: "SIAMS, Hollin Bank", "Attendance, SEND"."""
        return ", ".join(filter(None, [self.name_of(asked), self.group_of(asked)]))

    def is_with(self, asked, user):
        """Whether a line was handed to this person."""
        line = self.lines.get(asked.key)
        return line is not None and line.handed_to_id == user.pk

    def with_whom(self, asked, people):
        """The colleague who has it; of one who is not among these people, that they have left."""
        line = self.lines.get(asked.key)
        if line is None or line.handed_to is None:
            return ""
        is_here = line.handed_to_id in people
        return str(line.handed_to) if is_here else f"{line.handed_to}, who has left"

    def has_answer(self, asked):
        """Whether anything is typed, whatever it is."""
        line = self.lines.get(asked.key)
        return line is not None and line.typed.has_answer

    def is_in(self, asked):
        """Whether it is answered in full: what is half typed is not in."""
        return asked.key in self._in

    @cached_property
    def _in(self):
        return {
            one.key
            for one in self.asked
            if self.has_answer(one)
            and answers_in_full(self.asking.question(one), self.lines[one.key].typed, self.today)
        }

    def counts(self, asked=None):
        """How many figures are in, of how many; a second inspection is not owed."""
        owed = [one for one in (self.asked if asked is None else asked) if one.number == 1]
        return sum(map(self.is_in, owed)), len(owed)

    @cached_property
    def _held(self):
        """The figures that count about this term's periods and before, oldest first. One query."""
        rows = Entry.objects.ready_to_judge().filter(
            self._may_be_like(),
            unit__in={one.unit.id for one in self.asked},
            period__on__lte=max(self.return_.term.period.on, self._last_day),
            why_none=None,
        )
        found = {}
        for row in rows.order_by("period__on").values_list(*QUESTION, *PERIOD, *EARLIER):
            key, period, earlier = row[:3], row[3:8], Earlier(*row[8:])
            about = self.asking.calendar.at(*period)
            found.setdefault(key, []).append((about, earlier))
        return found

    def _may_be_like(self):
        """Of what follows the year only the last one counts, and this one for what is carried."""
        yearly = [one for one in self.asked if _follows_the_year(one.measure)]
        years = {one.period.year - back for one in yearly for back in (0, 1)}
        rest = {one.measure.pk for one in self.asked} - {one.measure.pk for one in yearly}
        return Q(measure__in=rest) | Q(
            measure__in={one.measure.pk for one in yearly}, period__year__in=years
        )

    @property
    def _last_day(self):
        """A whole year that is asked about ends after its term."""
        return max((one.period.ends for one in self.asked), default=self.return_.term.period.on)

    def before(self):
        """The last like-for-like figure of each question: {key: (figure, period)}."""
        return {
            one.key: last
            for one in self.asked
            if (last := _last_like(one, self._held.get(one.key[:3], [])))
        }

    def carried(self):
        """The figure that an earlier return gave about the very same time: {key: Earlier}."""
        return {
            one.key: earlier
            for one in self.asked
            if one.measure.basis != Basis.DATE and one.measure.kind in Measure.FIGURES
            for period, earlier in self._held.get(one.key[:3], [])
            if earlier.collected_in != self.return_.term_id
            and (period.index, period.span) == (one.period.index, one.period.span)
        }


def _follows_the_year(measure):
    """Whether its figure is like that of the same time a year ago, and no other."""
    return measure.seasonal or measure.basis not in (Basis.TERM, Basis.DATE)


def _last_like(asked, held):
    """Of figures that follow the year, the same term of the year before; else the latest."""
    about, measure = asked.period, asked.measure
    like = [
        (period, earlier)
        for period, earlier in held
        if period.index < about.index
        and period.span == about.span
        and (not _follows_the_year(measure) or period.year == about.year - 1)
    ]
    if not like:
        return None
    period, earlier = like[-1]
    return answer_words(earlier, measure, earlier.level), short_period(period)


def offices_seen(return_, memberships):
    """The offices whose lines of the trust's own return one sees; None for all of them."""
    if memberships.sees_all or return_.unit.kind != UnitKind.TRUST:
        return None
    return memberships.office_ids


def answer_words(answer, measure, level=""):
    """An answer as people read it: "93.5%", "Good", "Yes, 4 November 2025"."""
    if level:
        return level
    if answer.done:
        said = {"yes": "Yes", "not_yet": "Not yet", "at_risk": "At risk"}[answer.done]
        return f"{said}, {day_words(answer.done_on)}" if answer.done_on else said
    if measure.kind == "cases":
        return f"{answer.numerator:,.0f} overdue of {answer.denominator:,.0f}"
    if answer.denominator == 0:
        return "0 of 0"
    figure = exact(answer, measure)
    shown = shown_as(measure)
    return shown.write(shown.figure(figure))


def day_words(day):
    return f"{day.day} {day:%B %Y}"


def short_period(period):
    """In a table: "Aut 24", "2024/25"."""
    kind, _ = period.span
    if kind == "year":
        return f"{period.year}/{(period.year + 1) % 100:02d}"
    name = ("Aut", "Spr", "Sum")[period.part - 1]
    return f"{name} {(period.year + (period.part > 1)) % 100:02d}"
