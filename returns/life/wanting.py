"""What is to do before a return can be submitted: one list, whichever way it is sent.

An answer that cannot be read is mended; one that looks odd is changed or gets a
note why it is right; one that is off target or got worse gets why and what
next, where the trust wants it. None of it ever stops saving.
"""

from dataclasses import dataclass

from django.db import models

from kpis.rag.shown import counted
from kpis.rag.verdict import Status
from schools.refused import Refused

from ..asked.questions import SAYING
from ..models import Line
from ..typed.as_typed import NOTHING, AsTyped
from ..typed.logs import logs_of
from .states import State

SENT = [State.SUBMITTED, State.APPROVED]


class Kind(models.TextChoices):
    ERROR = "error", "cannot be read"
    QUERY = "query", "looks odd"
    COMMENT = "comment", "is not explained"


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to do first: at which question, and in words."""

    key: tuple
    kind: Kind
    words: str


class Unready(Refused):
    """A return that cannot be submitted yet; ``wanted`` says what is to do."""

    def __init__(self, wanted):
        self.wanted = wanted
        count = len(wanted)
        things = "One thing is" if count == 1 else f"{count} things are"
        super().__init__(f"{things} to do first. {wanted[0].words}")


def wanting(return_, found, memberships, today, typed=None):
    """What is to do first about lines that were read: a list of Want, in their order.

    ``found`` are ``entering.ReadLine``; ``typed`` their AsTyped, where the
    caller has it already.
    """
    typed = typed or AsTyped(return_, memberships, today)
    results, odd = typed.judged()
    logs = logs_of(return_.term, [one.line for one in found])
    asks = [
        (one, want)
        for one in found
        for want in (
            *_of_log(one, logs.get(one.line.key[:2])),
            *_of_line(one, results, odd, memberships.trust.wants_comments),
        )
    ]
    if not any(want.kind != Kind.ERROR for _, want in asks):
        return [want for _, want in asks]
    said = _Said(return_, [one.line for one in found])
    return [want for one, want in asks if not said.explains(one.line, want.kind)]


def _of_log(one, cases):
    """A log that has been written in since its unit said that it was all."""
    answer = one.read.answer
    if cases is None or answer is None or answer.value is None or answer.value == len(cases):
        return
    words = f"{one.asked.name}: {counted(len(cases), 'cases')} in its log now."
    yield Want(one.line.key, Kind.ERROR, f"{words} Open the log, and say that this is all.")


def _of_line(one, results, odd, wants_comments):
    """What one line wants, whatever has been said about it."""
    for problem in one.read.problems:
        yield Want(one.line.key, Kind.ERROR, problem.words)
    if one.read.problems or not (one.read.answer or one.read.rating):
        return
    question = one.line.measure_id, one.line.unit_id, one.line.group.code
    if question in odd:
        looks = " ".join(odd[question])
        words = f"{one.asked.name}: {looks} Change it, or say why it is right."
        yield Want(one.line.key, Kind.QUERY, words)
    result = results.get(question, NOTHING)
    if wants_comments and result.wants_words:
        how = "is off target" if result.status is Status.RED else "got worse"
        words = f"{one.asked.name} {how}: say why, and what next."
        yield Want(one.line.key, Kind.COMMENT, words)


class _Said:
    """What has been explained: on the lines themselves, or when the same figure was sent before.

    Why and what next count for all pupil groups of a measure: it is one story.
    """

    def __init__(self, return_, lines):
        self.stories = {line.key[:2] for line in lines if line.why and line.what_next}
        earlier = Line.objects.filter(
            return_to__unit=return_.unit_id,
            return_to__state__in=SENT,
            measure__in={line.measure_id for line in lines},
            period__in={line.period_id for line in lines},
        ).exclude(return_to=return_)
        self.before = {}
        for line in earlier.order_by("return_to__term__period__on"):
            self.before[_figure(line)] = line

    def explains(self, line, kind):
        same = self.before.get(_figure(line))
        if kind == Kind.QUERY:
            return bool(line.note or (same and same.note))
        if kind == Kind.COMMENT:
            return line.key[:2] in self.stories or bool(same and same.why and same.what_next)
        return False


def _figure(line):
    """What was asked and answered, apart from what is said about it."""
    return *line.key, line.period_id, line.typed._replace(**dict.fromkeys(SAYING, ""))
