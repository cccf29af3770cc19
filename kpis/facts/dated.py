"""What has a day: ratings, the cases that were sent, a unit's own deadline, and what was said."""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, DateField, DateTimeField, IntegerField, Value
from django.utils import timezone

from kpis.models import Comment as CommentRow
from kpis.models import CountedCase, Judgement, Reading, Reply, Standing
from kpis.rag import given
from schools.models import Deadline

from .prepared import Prepared, union
from .promises import Comment, live, of_page

DATED = [
    ("sort", *map(Value, ("rating", "case", "deadline", "comment", "reply"))),
    ("row", "pk", "pk", "pk", "pk", "pk"),
    ("about", "measure_id", "entry__measure_id", IntegerField(), "node_id", "node_id"),
    ("whose", "unit_id", "entry__unit_id", "unit_id", "unit_id", "unit_id"),
    ("pupils", "group__code", *[CharField()] * 4),
    ("day", "on", "opened", *[DateField()] * 3),
    ("planned_for", DateField(), "planned", *[DateField()] * 3),
    ("closed_on", DateField(), "closed", *[DateField()] * 3),
    ("moment", DateTimeField(), DateTimeField(), "due", "at", "at"),
    ("who", "kind", CharField(), CharField(), "by__name", "by__name"),
    ("rated", "rating", *[CharField()] * 4),
    ("rater", "rated_by", *[CharField()] * 4),
    ("reviewed_by", "reviewer", *[CharField()] * 4),
    ("rests_on", "evidence", *[CharField()] * 4),
    ("words", *[CharField()] * 3, "why", "text"),
    ("more", *[CharField()] * 3, "what_next", Value("")),
    ("stands", "standing", "entry__standing", *[CharField()] * 3),
    ("sent_in", IntegerField(), "entry__collected_in_id", *[IntegerField()] * 3),
]
FEW = 8  # units that are asked for by name; of more, all are read


def _dated(plan, term, node=None, **units):
    read = Reading.objects.filter(clause__in=live(plan, node).values("pk")).values("measure")
    questions = [
        Judgement.objects.ready_to_judge().filter(measure__in=read),
        CountedCase.objects.filter(entry__measure__in=read),
        Deadline.objects.filter(term=term),
        *(
            said.filter(term=term, **({"node__plan": plan} if node is None else {"node": node}))
            for said in (CommentRow.objects.all(), Reply.objects.all())
        ),
    ]
    if units:
        places = ("unit", "entry__unit", "unit", "unit", "unit")
        questions = [
            question.filter(**{f"{place}__in": units.values()})
            for question, place in zip(questions, places, strict=True)
        ]
    return union(DATED, *questions)


DATED_ROWS = Prepared(_dated)


@dataclass(frozen=True, slots=True)
class Dated:
    """What has a day: {(measure, unit, group): ratings}, {(measure, unit): cases}, {unit: due}.

    ``comments`` are those made in the term.
    """

    ratings: dict
    cases: dict
    dues: dict
    comments: tuple[Comment, ...]


def read_dated(plan, term, as_at, calendar, node=None, units=None, *, approved=False):
    """Ratings up to a day and cases, oldest first, units' own deadlines, comments. One query.

    With ``approved`` without what is not approved yet.
    """
    about = {**of_page(plan, node), "term": term.pk}
    if units is not None and len(units) <= FEW:
        about |= {f"unit_{number}": pk for number, pk in enumerate(sorted(units))}
    ratings, cases, dues, comments = {}, {}, {}, []
    for row in sorted(DATED_ROWS.rows(**about), key=lambda row: (row.day or date.min, row.row)):
        if units is not None and row.whose not in units:
            continue
        if row.sort == "deadline":
            dues[row.whose] = timezone.localdate(row.moment)
        elif row.sort in ("comment", "reply"):
            comments.append(_said(row))
        elif approved and row.stands == Standing.PROVISIONAL:
            continue
        elif row.sort == "case":
            cases.setdefault((row.about, row.whose), []).append(_logged(row, calendar))
        elif row.day <= as_at:
            question = row.about, row.whose, row.pupils
            ratings.setdefault(question, []).append(_rated(row))
    return Dated(_tuples(ratings), _tuples(cases), dues, tuple(comments))


def _said(row):
    return Comment(
        node=row.about,
        unit=row.whose,
        who=row.who,
        when=row.moment,
        why=row.words,
        what_next=row.more,
        is_reply=row.sort == "reply",
    )


def _logged(row, calendar):
    return given.Logged(
        opened=row.day,
        planned=row.planned_for,
        closed=row.closed_on,
        collected=calendar.index_of[row.sent_in],
        provisional=row.stands == Standing.PROVISIONAL,
    )


def _rated(row):
    return given.Rated(
        on=row.day,
        external=row.who == Judgement.Kind.EXTERNAL,
        rating=row.rated,
        rated_by=row.rater,
        reviewer=row.reviewed_by,
        evidence=row.rests_on,
        provisional=row.stands == Standing.PROVISIONAL,
    )


def _tuples(lists):
    return {key: tuple(told) for key, told in lists.items()}
