"""What has a day: ratings, the cases that were sent, and a unit's own deadline."""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, DateField, DateTimeField, IntegerField, Value
from django.utils import timezone

from kpis.models import CountedCase, Judgement, Reading, Standing
from kpis.rag import given
from schools.models import Deadline

from .prepared import Prepared, union
from .promises import live, of_page

DATED = [
    ("sort", Value("rating"), Value("case"), Value("deadline")),
    ("row", "pk", "pk", "pk"),
    ("of_measure", "measure_id", "entry__measure_id", IntegerField()),
    ("whose", "unit_id", "entry__unit_id", "unit_id"),
    ("pupils", "group__code", CharField(), CharField()),
    ("day", "on", "opened", DateField()),
    ("planned_for", DateField(), "planned", DateField()),
    ("closed_on", DateField(), "closed", DateField()),
    ("due_at", DateTimeField(), DateTimeField(), "due"),
    ("who", "kind", CharField(), CharField()),
    ("rated", "rating", CharField(), CharField()),
    ("rater", "rated_by", CharField(), CharField()),
    ("reviewed_by", "reviewer", CharField(), CharField()),
    ("rests_on", "evidence", CharField(), CharField()),
    ("stands", "standing", "entry__standing", CharField()),
    ("sent_in", IntegerField(), "entry__collected_in_id", IntegerField()),
]
FEW = 8  # units that are asked for by name; of more, all are read


def _dated(plan, term, node=None, **units):
    read = Reading.objects.filter(clause__in=live(plan, node).values("pk")).values("measure")
    questions = [
        Judgement.objects.ready_to_judge().filter(measure__in=read),
        CountedCase.objects.filter(entry__measure__in=read),
        Deadline.objects.filter(term=term),
    ]
    if units:
        places = ("unit", "entry__unit", "unit")
        questions = [
            question.filter(**{f"{place}__in": units.values()})
            for question, place in zip(questions, places, strict=True)
        ]
    return union(DATED, *questions)


DATED_ROWS = Prepared(_dated)


@dataclass(frozen=True, slots=True)
class Dated:
    """What has a day: {(measure, unit, group): ratings}, {(measure, unit): cases}, {unit: due}."""

    ratings: dict
    cases: dict
    dues: dict


def read_dated(plan, term, as_at, calendar, node=None, units=None, *, approved=False):
    """Ratings up to a day and cases, oldest first, and the units' own deadlines. One query.

    With ``approved`` without what is not approved yet.
    """
    about = {**of_page(plan, node), "term": term.pk}
    if units is not None and len(units) <= FEW:
        about |= {f"unit_{number}": pk for number, pk in enumerate(sorted(units))}
    ratings, cases, dues = {}, {}, {}
    for row in sorted(DATED_ROWS.rows(**about), key=lambda row: (row.day or date.min, row.row)):
        if units is not None and row.whose not in units:
            continue
        if row.sort == "deadline":
            dues[row.whose] = timezone.localdate(row.due_at)
        elif approved and row.stands == Standing.PROVISIONAL:
            continue
        elif row.sort == "case":
            cases.setdefault((row.of_measure, row.whose), []).append(_logged(row, calendar))
        elif row.day <= as_at:
            question = row.of_measure, row.whose, row.pupils
            ratings.setdefault(question, []).append(_rated(row))
    return Dated(_tuples(ratings), _tuples(cases), dues)


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
