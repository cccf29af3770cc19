"""The numbers of a promise: targets with their steps, and baselines."""

from dataclasses import dataclass
from decimal import Decimal

from kpis.models import Baseline, Target
from kpis.rag import given

from .promises import Change
from .times import period_columns

TRAIL = ["from_period__year_id", "from_period__part", "reason", "by__name", "at"]
TARGET = ["pk", "reading_id", "unit_id", "value", "low", "high", "words", "printed", "path"]
STEP = ["steps__by_period__year_id", "steps__by_period__part", "steps__value"]
BASELINE = [
    "pk",
    "reading_id",
    "unit_id",
    "group__code",
    "season",
    "value",
    "level_id",
    "printed",
    "difference",
    "difference_in",
    "difference_from",
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


def read_targets(readings):
    """{reading: targets} and their trail, oldest first. One query.

    ``readings`` maps each reading to its clause.
    """
    rows = Target.objects.filter(reading__in=readings).order_by("from_period__on", "pk")
    found, steps = {}, {}
    for row in rows.values_list(*TARGET, *STEP, *TRAIL, named=True):
        found[row.pk] = row
        if row.steps__value is not None:
            index = row.steps__by_period__year_id * 3 + row.steps__by_period__part - 1
            steps.setdefault(row.pk, {})[index] = row.steps__value

    aims, changes = {}, []
    for row in found.values():
        aim = given.Aim(
            unit=row.unit_id,
            from_index=from_index_of(row),
            value=row.value,
            low=row.low,
            high=row.high,
            path=row.path,
            steps=tuple(sorted(steps.get(row.pk, {}).items())),
        )
        aims.setdefault(row.reading_id, []).append(aim)
        printed = "printed in the plan" if row.printed else ""
        changes.append(_change(row, readings, aim, row.words or printed))
    return aims, changes


def read_baselines(readings, calendar, places):
    """{reading: baselines} and their trail, oldest first. One query.

    ``readings`` maps each reading to its clause, ``places`` each level to its
    scale version and its place there.
    """
    columns = [*BASELINE, *period_columns("entry_period"), *period_columns("dated"), *TRAIL]
    rows = Baseline.objects.filter(reading__in=readings).order_by("from_period__on", "pk")
    starts, changes = {}, []
    for row in rows.values_list(*columns, named=True):
        start = given.Start(
            unit=row.unit_id,
            group=row.group__code,
            season=row.season,
            from_index=from_index_of(row),
            entry_period=calendar.of(row, "entry_period"),
            value=row.value,
            level=places.get(row.level_id),
            dated=calendar.of(row, "dated"),
            printed=row.printed,
        )
        difference = row.difference is not None and Difference(
            row.difference, row.difference_in, row.difference_from
        )
        starts.setdefault(row.reading_id, []).append(start)
        changes.append(_change(row, readings, PrintedStart(start, difference or None)))
    return starts, changes


def from_index_of(row):
    """The index of the term from which a row is in force."""
    return row.from_period__year_id * 3 + row.from_period__part - 1


def _change(row, readings, what, words=""):
    return Change(
        clause=readings[row.reading_id],
        what=what,
        from_index=from_index_of(row),
        reason=row.reason,
        who=row.by__name or "",
        when=row.at,
        reading=row.reading_id,
        unit=row.unit_id,
        words=words,
    )
