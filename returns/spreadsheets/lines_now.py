"""What lines say now, without the rest of them: a file may be about ten thousand."""

from typing import NamedTuple

from ..asked.questions import NAMES, Typed
from ..models import Line

_COLUMNS = (
    "pk",
    "measure_id",
    "unit_id",
    "group_id",
    "number",
    "version",
    "reopened",
    "return_to_id",
)


class LineNow(NamedTuple):
    """One line as it stands: which it is, and what it says."""

    pk: int
    key: tuple[int, int, int, int]
    version: int
    reopened: bool
    return_to: int
    typed: Typed


def lines_now(returns, units=None):
    """The lines of some returns: {number of the return: {key of the question: line}}.

    ``units`` are those whose lines are wanted, None for all of them.
    """
    found = {}
    lines = Line.objects.filter(return_to__in=returns)
    if units is not None:
        lines = lines.filter(unit__in=units)
    for row in lines.order_by().values_list(*_COLUMNS, *NAMES).iterator(chunk_size=2000):
        pk, measure, unit, group, number, version, reopened, return_to = row[:8]
        key = measure, unit, group, number
        typed = Typed._make(row[8:])
        line = LineNow(pk, key, version, reopened, return_to, typed)
        found.setdefault(return_to, {})[key] = line
    return found
