"""The numbers of a promise: targets with their steps, and baselines."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, CharField, DateField, DecimalField, IntegerField

from kpis.models import Baseline, Target
from kpis.rag import given

from .prepared import Prepared, union
from .promises import Change, live, of_page
from .times import period_columns

NUMBER = DecimalField(max_digits=16, decimal_places=6)
PERIOD = (IntegerField(), CharField(), IntegerField(), IntegerField(), DateField())


def _period(name):
    """The columns of a period that only a baseline has."""
    columns = period_columns(name)
    return [(column, field, column) for column, field in zip(columns, PERIOD, strict=True)]


# What is read, and the column of a target and of a baseline that has it; a field for none.
COLUMNS = [
    ("row", "pk", "pk"),
    ("whose_reading", "reading_id", "reading_id"),
    ("whose", "unit_id", "unit_id"),
    ("from_year", "from_period__year_id", "from_period__year_id"),
    ("from_part", "from_period__part", "from_period__part"),
    ("why", "reason", "reason"),
    ("who", "by__name", "by__name"),
    ("when", "at", "at"),
    ("number", "value", "value"),
    ("lowest", "low", NUMBER),
    ("highest", "high", NUMBER),
    ("wording", "words", "printed"),
    ("is_printed", "printed", BooleanField()),
    ("way", "path", CharField()),
    ("step_year", "steps__by_period__year_id", IntegerField()),
    ("step_part", "steps__by_period__part", IntegerField()),
    ("step_number", "steps__value", NUMBER),
    ("pupils", CharField(), "group__code"),
    ("in_season", IntegerField(), "season"),
    ("held_level", IntegerField(), "level_id"),
    ("distance", NUMBER, "difference"),
    ("distance_in", CharField(), "difference_in"),
    ("distance_from", CharField(), "difference_from"),
    *_period("entry_period"),
    *_period("dated"),
]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a plan prints of the distance to a benchmark: kept and shown, never judged."""

    amount: Decimal
    kind: str  # points, relative, unknown or ""
    benchmark: str


@dataclass(frozen=True, slots=True)
class PrintedStart:
    """A baseline, and the difference to a benchmark printed beside it."""

    start: given.Start
    difference: Difference | None


def _numbers(plan, node=None):
    """Targets with their steps, and baselines, of one plan or of one entry of it."""
    clauses = live(plan, node).values("pk")
    of_plan = (each.objects.filter(reading__clause__in=clauses) for each in (Target, Baseline))
    return union(COLUMNS, *of_plan)


NUMBERS = Prepared(_numbers)


def read_numbers(plan, readings, calendar, places, node=None):
    """{reading: targets}, {reading: baselines} and their trail, oldest first. One query.

    ``readings`` maps each reading to its clause, ``places`` each level to its
    scale version and its place there.
    """
    targets, baselines, steps = {}, [], {}
    for row in NUMBERS.rows(**of_page(plan, node)):
        if row.whose_reading not in readings:
            continue
        if row.pupils is not None:
            baselines.append(row)
            continue
        targets[row.row] = row
        if row.step_number is not None:
            index = row.step_year * 3 + row.step_part - 1
            steps.setdefault(row.row, {})[index] = row.step_number

    aims, starts, changes = {}, {}, []
    for row in sorted(targets.values(), key=_oldest_first):
        aim = given.Aim(
            unit=row.whose,
            from_index=from_index_of(row),
            value=row.number,
            low=row.lowest,
            high=row.highest,
            path=row.way,
            steps=tuple(sorted(steps.get(row.row, {}).items())),
        )
        aims.setdefault(row.whose_reading, []).append(aim)
        printed = "printed in the plan" if row.is_printed else ""
        changes.append(_change(row, readings, aim, row.wording or printed))
    for row in sorted(baselines, key=_oldest_first):
        start = _start(row, calendar, places)
        starts.setdefault(row.whose_reading, []).append(start)
        changes.append(_change(row, readings, PrintedStart(start, _difference(row))))
    return aims, starts, changes


def from_index_of(row):
    """The index of the term from which a row is in force."""
    return row.from_year * 3 + row.from_part - 1


def _oldest_first(row):
    return from_index_of(row), row.row


def _start(row, calendar, places):
    return given.Start(
        unit=row.whose,
        group=row.pupils,
        season=row.in_season,
        from_index=from_index_of(row),
        entry_period=calendar.of(row, "entry_period"),
        value=row.number,
        level=places.get(row.held_level),
        dated=calendar.of(row, "dated"),
        printed=row.wording,
    )


def _difference(row):
    if row.distance is None:
        return None
    return Difference(row.distance, row.distance_in, row.distance_from)


def _change(row, readings, what, words=""):
    return Change(
        clause=readings[row.whose_reading],
        what=what,
        from_index=from_index_of(row),
        reason=row.why,
        who=row.who or "",
        when=row.when,
        reading=row.whose_reading,
        unit=row.whose,
        words=words,
    )
