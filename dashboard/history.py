"""The history of the figures of a KPI: what was answered, by whom it was typed, sent, approved."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.utils import timezone

from kpis.rag.choose import exact, shown_as
from kpis.rag.dates import written
from kpis.rag.given import ALL_PUPILS, Kind, index_of
from kpis.rag.scales import aim_of, scales
from kpis.rag.verdict import Status
from returns.models import Line, Return
from schools.models import AuditRow

LINE, RETURN = "returns.line", "returns.return"
HOW = {
    "form": "typed",
    "import": "from a file",
    "command": "by a command",
    "admin": "by the system",
}
LONGEST = 300  # rows on a page; a school's own page has all of its rows


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One answer as it stands, or one change of it."""

    period: str
    unit: str
    group: str
    figure: str
    standing: str
    target: str = ""
    status: Status | None = None
    when: datetime | None = None
    who: str = ""
    how: str = ""
    before: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the trail: typing into one line, or what was done with a whole return."""

    action: str
    at: datetime
    who: str
    how: str
    before: dict
    after: dict
    reason: str


def read_trail(measures):
    """What was done with the answers to some measures. One query.

    Two answers: what was typed, by (measure, unit, group, term), and what was
    done with each return, by (unit, term); oldest first.
    """
    lines = Line.objects.filter(measure__in=measures)
    line = Line.objects.filter(pk=OuterRef("thing_id"))
    return_ = Return.objects.filter(pk=OuterRef("thing_id"))

    def of_line(column, kind):
        return Case(
            When(thing_kind=LINE, then=Subquery(line.values(column)[:1])), output_field=kind()
        )

    rows = (
        AuditRow.objects.filter(
            Q(thing_kind=LINE, thing_id__in=lines.values("pk"))
            | Q(thing_kind=RETURN, thing_id__in=lines.values("return_to"))
        )
        .annotate(
            measure=of_line("measure_id", IntegerField),
            group=of_line("group__code", CharField),
            term=Case(
                When(thing_kind=LINE, then=Subquery(line.values("return_to__term_id")[:1])),
                default=Subquery(return_.values("term_id")[:1]),
                output_field=IntegerField(),
            ),
            # A return's row holds all its answers: of those, none is wanted here.
            was=Case(When(thing_kind=LINE, then=F("before")), output_field=JSONField()),
            became=Case(When(thing_kind=LINE, then=F("after")), output_field=JSONField()),
        )
        .order_by("pk")
        .values_list(
            "thing_kind",
            "measure",
            "unit_id",
            "group",
            "term",
            "action",
            "at",
            "by__name",
            "channel",
            "was",
            "became",
            "reason",
        )
    )
    typed, done = defaultdict(list), defaultdict(list)
    for kind, measure, unit, group, term, action, at, who, channel, was, became, reason in rows:
        event = Event(action, at, who or "", HOW[channel], was or {}, became or {}, reason)
        if kind == LINE:
            typed[measure, unit, group, term].append(event)
        else:
            done[unit, term].append(event)
    return typed, done


class History:
    """The rows of the history, for the units that a person may see."""

    def __init__(self, facts, terms, sight, promise, trail):
        self.facts, self.given, self.sight = facts, facts.given, sight
        self.readings = {}
        for clause in promise.clauses:
            for reading in clause.readings:
                self.readings.setdefault(reading.measure, []).append((promise, clause, reading))
        self.measures = frozenset(self.readings)
        self.typed, self.done = trail
        self.term_of = {term.period.index: term.pk for term in terms}

    def rows(self, unit=None):
        """The newest first; of one unit and its parts, where it is given."""
        rows = [
            (order, row)
            for question, told in [*self.given.answers.items(), *self.given.ratings.items()]
            if question[0] in self.measures and self._is_shown(question[1], unit)
            for order, row in self._of_question(question, told)
        ]
        rows.sort(key=lambda pair: pair[0], reverse=True)
        return tuple(row for _, row in rows[:LONGEST])

    def _is_shown(self, pk, unit):
        it = self.given.units[pk]
        if not self.sight.reaches(it):
            return False
        return unit is None or pk == unit or it.parent == unit or unit in it.serves

    def _of_question(self, question, told):
        measure, unit, group = question
        for answer in told:
            collected = self._collected(answer)
            typed = self.typed.get((*question, self.term_of.get(collected)), [])
            about = {
                "unit": self.given.units[unit].name,
                "group": self._about_whom(measure, group),
            }
            order = (collected, about["unit"], about["group"], measure)
            yield (*order, 1), self._as_it_stands(question, answer, typed, about)
            for number, event in enumerate(typed):
                if event.before and any(event.before.values()):
                    yield (*order, 0, number), _changed(event, answer, about)

    def _about_whom(self, measure, group):
        """Which measure, where the KPI reads several, and which pupils."""
        name = self.given.measures[measure].name if len(self.measures) > 1 else ""
        pupils = "" if group == ALL_PUPILS else self.given.group_names.get(group, group)
        return ", ".join(part for part in (name, pupils) if part)

    def _collected(self, answer):
        collected = getattr(answer, "collected", None)
        return index_of(answer.on) if collected is None else collected

    def _as_it_stands(self, question, answer, typed, about):
        measure = self.given.measures[question[0]]
        last = typed[-1] if typed else None
        worked_out = "worked out" if measure.register else ""
        return HistoryRow(
            period=_period(answer),
            figure=answer_words(self.given, measure, answer),
            target=self._target(question, answer),
            standing=self._standing(question, answer),
            when=last.at if last else None,
            who=last.who if last else "",
            how=last.how if last else worked_out,
            reason=last.reason if last else "",
            **about,
        )

    def _target(self, question, answer):
        """The number that was to be reached in the answer's own period, where there is one."""
        measure, unit, group = question
        period = getattr(answer, "period", None)
        for promise, clause, reading in self.readings[measure] if period else ():
            on = scales(self.given, promise, clause, reading, period)
            aim = aim_of(on, unit, period.index) if on.terms.rule == "threshold" else None
            is_in_plan = period.ends >= self.given.plan_starts
            if aim is not None and aim.value is not None and on.terms.group == group and is_in_plan:
                return on.shown.write(aim.value)
        return ""

    def _standing(self, question, answer):
        """Approved or not, and by whom it was sent and approved, as far as the trail says."""
        measure, unit, _ = question
        if self.given.measures[measure].register:
            return "From the list of schools"
        term = self.term_of.get(self._collected(answer))
        events = self.done.get((self._returning(measure, unit), term), [])
        words = "Sent in, not approved yet" if answer.provisional else "Approved"
        wanted = "submitted" if answer.provisional else "approved"
        done = [event for event in events if event.action in (wanted, "recorded")]
        if done:
            words += f" ({done[-1].who}, {_day(done[-1].at)})"
        return words

    def _returning(self, measure, unit):
        """The unit whose return has the answer."""
        it = self.given.units[unit]
        if self.facts.definitions[measure].office_id is None:
            if it.kind == "school":
                return unit
            if it.kind == "part":
                return it.parent
        return self.given.trust


def _changed(event, answer, about):
    return HistoryRow(
        period=_period(answer),
        figure=_typed_words(event.after),
        standing="Changed",
        when=event.at,
        who=event.who,
        how=event.how,
        before=_typed_words(event.before),
        reason=event.reason,
        **about,
    )


def _typed_words(parts):
    """What was typed into the boxes of a line, as it was typed."""
    told = [str(value).replace("_", " ") for value in parts.values() if value not in (None, "")]
    return ", ".join(told) or "nothing"


def _period(answer):
    period = getattr(answer, "period", None)
    return written(answer.on) if period is None else period.name


def _day(moment):
    return written(timezone.localdate(moment))


def answer_words(given, measure, answer):
    """An answer in words: the figure with its counts, a level, a day, or why there is none."""
    if measure.kind is Kind.RATING or not hasattr(answer, "why_none"):
        who = "outside" if answer.external else answer.rated_by
        return f"{Status(answer.rating).words}, {answer.reviewer} ({who}): {answer.evidence}"
    if answer.why_none is not None:
        words = {
            "not_applicable": "Not applicable",
            "too_few": "Too few pupils",
            "not_available": "Not available yet",
        }[answer.why_none]
        if answer.expected_on:
            words += f", expected {written(answer.expected_on)}"
        is_claim = answer.why_none != "not_available" and not answer.claim_accepted
        return f"{words}, not accepted yet" if is_claim else words
    if answer.done is not None:
        words = {"yes": "Yes", "not_yet": "Not yet", "at_risk": "Not yet, and at risk"}[answer.done]
        return f"{words}, {written(answer.done_on)}" if answer.done_on else words
    if answer.level is not None:
        version, place = answer.level
        names = [
            one.levels[place].name
            for one in given.scales.get(measure.scale, ())
            if one.id == version
        ]
        return names[0] if names else "a level"
    figure = exact(answer, measure)
    if figure is None:
        return ""
    shown = shown_as(measure)
    words = shown.write(shown.figure(figure))
    if answer.numerator is not None and answer.denominator is not None:
        words += f" ({_whole(answer.numerator)} of {_whole(answer.denominator)})"
    return words


def _whole(number):
    return f"{number.normalize():,f}"
