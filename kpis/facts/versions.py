"""Under which versions facts may be kept: all that is raised when one of them changes."""

from dataclasses import dataclass

from django.db.models import Value

from kpis.models import Series
from schools.models import Unit, UnitKind

from .prepared import Prepared, union

COLUMNS = [
    ("sort", "kind", Value("series")),
    ("row", "pk", "pk"),
    ("version", "data_version", "data_version"),
]


@dataclass(frozen=True, slots=True)
class Versions:
    """Two keys: what is promised, and what each unit has sent.

    ``promised`` is made of the version of the trust's own unit and of those of
    all series that the trust can see: one that is new may stand in for another.
    ``units`` has each unit's own version. What a unit has sent stands under
    both, because what is promised decides what is read of it.
    """

    promised: tuple
    units: dict[int, int]


def _versions(trust_slug):
    seen = Series.objects.filter(owner__in=["", trust_slug])
    return union(COLUMNS, Unit.objects.all(), seen)


VERSIONS = Prepared(_versions, texts={"trust_slug"})


def read_versions(trust):
    """The versions as they are now. One query; asked before the facts that are kept under them."""
    units, own, series = {}, None, []
    for row in VERSIONS.rows(trust_slug=trust.slug):
        if row.sort == "series":
            series.append((row.row, row.version))
            continue
        units[row.row] = row.version
        if row.sort == UnitKind.TRUST:
            own = row.version
    return Versions((own, *sorted(series)), units)
