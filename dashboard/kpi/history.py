"""The history of the figures of a KPI: what was answered, by whom it was typed, sent, approved."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

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

from ..cells import term_name
from ..small_numbers import SHORT, SmallNumbers

Channel = AuditRow.Channel
LINE, RETURN = "returns.line", "returns.return"
A_PAGE = 50
# What was done with a whole return, as its school reads it.
WITH_A_RETURN = {
    "taken back": "Return taken back",
    "sent back": "Return sent back to the school",
    "reopened": "Return reopened",
}
COUNTS = frozenset({"submitted", "recorded"})


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
        event = Event(
            action, at, who or "", Channel(channel).label.lower(), was or {}, became or {}, reason
        )
        if kind == LINE:
            typed[measure, unit, group, term].append(event)
        else:
            done[unit, term].append(event)
    return typed, done


class History:
    """The rows of the history, for the units that a person may see."""

    def __init__(self, facts, terms, sight, promise, trail):
        self.small = SmallNumbers(facts.given, sight)
        self.facts, self.given, self.sight = facts, facts.given, sight
        self.readings = {}
        for clause in promise.clauses:
            for reading in clause.readings:
                self.readings.setdefault(reading.measure, []).append((promise, clause, reading))
        self.measures = frozenset(self.readings)
        self.typed, self.done = trail
        self.term_of = {term.period.index: term.pk for term in terms}

    def page(self, number, unit=None, term=None):
        """One page of rows, the newest first, and how many rows there are.

        Of one unit and its parts, or of what one term collected, where they are
        given. Only the rows of the page are put into words.
        """
        makers = sorted(self._makers(unit, term), key=lambda pair: pair[0], reverse=True)
        first = (number - 1) * A_PAGE
        return tuple(make() for _, make in makers[first : first + A_PAGE]), len(makers)

    def every(self, unit=None, term=None):
        """All rows, for a file."""
        makers = sorted(self._makers(unit, term), key=lambda pair: pair[0], reverse=True)
        return tuple(make() for _, make in makers)

    def terms(self):
        """The terms that have collected something, by index, the newest first."""
        return sorted({order[0] for order, _ in self._makers(None, None)}, reverse=True)

    def units(self):
        """The schools that have answered or been answered for, by name."""
        told = {pk for (measure, pk, _) in self._questions() if self._is_shown(pk, None)}
        schools = (self.given.units[pk] for pk in told)
        return sorted((one for one in schools if one.kind == "school"), key=lambda one: one.name)

    def _questions(self):
        every = (*self.given.answers, *self.given.ratings)
        return [question for question in every if question[0] in self.measures]

    def _makers(self, unit, term):
        """(place in the order, what makes the row) of all rows."""
        returns = set()
        for question in self._questions():
            measure, pk, group = question
            if not self._is_shown(pk, unit):
                continue
            told = self.given.answers.get(question) or self.given.ratings.get(question, ())
            order = (self.given.units[pk].name, self._about_whom(measure, group), measure)
            returns.add(self._returning(measure, pk))
            for answer in told:
                collected = self._collected(answer)
                if term is None or collected == term:
                    yield from self._of_answer(question, answer, collected, order)
        for pk in returns:
            yield from self._of_return(pk, term)

    def _of_answer(self, question, answer, collected, order):
        typed = self._typed(question, collected)
        about = {"unit": self.given.units[question[1]].name, "group": order[1]}
        place = (collected, *order)
        standing = partial(self._as_it_stands, question, answer, typed, about)
        rows = [((*place, 1, 0), standing)]
        for number, event in enumerate(typed):
            if event.before and any(event.before.values()):
                rows.append(((*place, 0, number), partial(_changed, event, answer, about)))
        is_hidden = self._is_hidden(question, answer)
        yield from ((at, partial(_hidden, row) if is_hidden else row) for at, row in rows)

    def _is_hidden(self, question, answer):
        """Whether it is about so few that a file must not say it."""
        measure, unit, group = question
        period = getattr(answer, "period", None)
        return period is not None and self.small.hides(measure, group, period, unit)

    def _of_return(self, pk, term):
        """That a return was taken back, sent back or reopened: its figures did not count then."""
        name = self.given.units[pk].name
        for index, key in self.term_of.items():
            if term is not None and index != term:
                continue
            for number, event in enumerate(self.done.get((pk, key), ())):
                if event.action in WITH_A_RETURN:
                    place = (index, name, "", 0, 0, number)
                    yield place, partial(_with_a_return, event, name, term_name(index))

    def _typed(self, question, collected):
        """What was typed and sent: what is still being typed shows only inside the return."""
        term = self.term_of.get(collected)
        typed = self.typed.get((*question, term), [])
        done = self.done.get((self._returning(*question[:2]), term), [])
        sent = [event.at for event in done if event.action in COUNTS]
        return [event for event in typed if not sent or event.at <= max(sent)]

    def _is_shown(self, pk, unit):
        it = self.given.units[pk]
        if not self.sight.reaches(it):
            return False
        return unit is None or pk == unit or it.parent == unit or unit in it.serves

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


def _hidden(make):
    """A row without its figures, before and after."""
    row = make()
    return replace(row, figure=SHORT, before=SHORT if row.before else "")


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


def _with_a_return(event, name, term):
    """No figure: only what happened to all of them."""
    return HistoryRow(
        period=term,
        unit=name,
        group="",
        figure="",
        standing=WITH_A_RETURN[event.action],
        when=event.at,
        who=event.who,
        reason=event.reason,
    )


def _typed_words(parts):
    """What was typed into the boxes of a line, as it was typed."""
    told = [
        value.replace("_", " ") if name == "why_none" else str(value)
        for name, value in parts.items()
        if value not in (None, "")
    ]
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
