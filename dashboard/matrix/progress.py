"""How much of a term is in: schools, figures, what is late, when it changed last."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import DateTimeField, Value
from django.utils import timezone

from kpis.facts.prepared import Prepared, union
from kpis.models import Comment, Reply
from kpis.rag.applies import applies, is_asked_of
from kpis.rag.choose import LASTING
from kpis.rag.given import ALL_PUPILS, Kind, index_of
from kpis.rag.judging import schools_of
from kpis.rag.periods import about, asked_period
from kpis.rag.shown import Shown
from returns.life.states import State
from returns.models import Return

SENT = frozenset({State.SUBMITTED, State.APPROVED})


@dataclass(frozen=True, slots=True)
class Progress:
    """``share`` is in words: 97.9%. ``late`` counts results, and ``late_url`` shows them."""

    schools_in: int
    schools: int
    figures_in: int
    figures: int
    share: str
    late: int
    late_url: str
    changed: datetime | None
    closed_words: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How far one unit's return of the term has come."""

    pk: int
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the figures of a term: its returns by unit, and where people spoke.

    ``said`` are the (entry of the plan, unit) with a comment, ``told`` those with
    a comment or a reply. ``version`` is another one whenever a return has changed.
    """

    returns: dict[int, Sent]
    said: frozenset[tuple[int, int]]
    told: frozenset[tuple[int, int]]
    version: tuple[int, int]


COLUMNS = [
    ("told", Value("return"), Value("comment"), Value("reply")),
    ("of", "unit_id", "unit_id", "unit_id"),
    ("row", "pk", "node_id", "node_id"),
    ("number", "version", Value(0), Value(0)),
    ("words", "state", Value(""), Value("")),
    ("sent_at", "submitted_at", DateTimeField(), DateTimeField()),
]


def _beside(term):
    comments = Comment.objects.filter(term=term).exclude(why="", what_next="")
    replies = Reply.objects.filter(term=term)
    return union(COLUMNS, Return.objects.filter(term=term), comments, replies)


BESIDE = Prepared(_beside)


def read_beside(term):
    """The returns of a term, and where a comment or a reply was made in it. One query."""
    rows = BESIDE.rows(term=term.pk)
    sent = [row for row in rows if row.told == "return"]
    return Beside(
        returns={row.of: Sent(row.row, row.words, row.sent_at) for row in sent},
        said=frozenset((row.row, row.of) for row in rows if row.told == "comment"),
        told=frozenset((row.row, row.of) for row in rows if row.told != "return"),
        version=(len(sent), sum(row.number for row in sent)),
    )


def progress_of(facts, sight, term, late, late_url, returns):
    """What the person may see of it: a head the figures that their own schools owe."""
    sent = {unit: one.at for unit, one in returns.items() if one.state in SENT}
    schools = [unit.id for unit in schools_of(facts.given) if sight.is_mine(unit.id)]
    questions = [question for question in owed(facts) if sight.answers_of(question[1])]
    answered = sum(is_answered(facts.given, *question) for question in questions)
    changes = [at for unit, at in sent.items() if at and sight.reaches(facts.given.units[unit])]
    return Progress(
        schools_in=sum(pk in sent for pk in schools),
        schools=len(schools),
        figures_in=answered,
        figures=len(questions),
        share=_share(answered, len(questions)),
        late=late,
        late_url=late_url if late else "",
        changed=max(changes, default=None),
        closed_words=_closed(term),
    )


def has_come_in(given):
    """Whether anything has been sent for the term itself, by anybody."""
    index = given.term.index
    return any(
        any(answer.collected == index for answer in answers)
        for (measure, _, _), answers in given.answers.items()
        if not given.measures[measure].register
    ) or any(any(index_of(rated.on) == index for rated in told) for told in given.ratings.values())


def owed(facts):
    """What the term asks of whom: (measure, unit, group), by the rules that judging asks too."""
    given = facts.given
    index = given.term.index
    for measure in given.measures.values():
        period = None if measure.register else asked_period(given, measure, index)
        if period is None:
            continue
        asked = facts.definitions[measure.id].groups or {ALL_PUPILS: ""}
        groups = _asked_groups(given, measure, asked)
        for unit in given.units.values():
            if (
                is_asked_of(measure.of, measure.is_by_phase, unit.place)
                and applies(measure.applicability, unit.place, index)
                and unit.is_in(period)
            ):
                yield from ((measure, unit, group) for group in groups)


def _asked_groups(given, measure, asked):
    """Others are worked out where counts exist, and never asked."""
    if measure.counts == "none" or ALL_PUPILS not in asked:
        return list(asked)
    others = {given.complements.get(group) for group in asked}
    return [group for group in asked if group not in others]


def is_answered(given, measure, unit, group):
    """Whether something has come in for what the term asks: a figure or a reason."""
    index = given.term.index
    question = measure.id, unit.id, group
    if measure.kind is Kind.RATING:
        return any(index_of(rated.on) == index for rated in given.ratings.get(question, ()))
    answers = given.answers.get(question, ())
    if measure.kind in LASTING:
        return any(a.collected == index or (a.done and a.done == "yes") for a in answers)
    return about(answers, asked_period(given, measure, index)) is not None


def _share(part, whole):
    """The part of the whole, never rounded up to all of it."""
    return Shown().write(Shown().figure(Fraction(100 * part, whole))) if whole else "none asked"


def _closed(term):
    if term.closed_at is None:
        return ""
    day = timezone.localdate(term.closed_at)
    return f"Closed. Figures as at {day.day} {day:%B %Y}."
