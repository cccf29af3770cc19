"""England's figures, and invented ones for the periods that are too new to have any.

The real figures keep their periods. Where the example's terms are newer, an
invented provider goes on from the latest real figure of the same part of the
year; it belongs to the example trust alone and is marked on screen.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kpis.comparators import load_comparators, read_comparators
from kpis.models import Comparator, PupilGroup, Series
from kpis.models.comparators import Release, Scope
from schools.models import Basis, Part, Period

from .tables import FOLDER

DFE = "DfE"
INVENTED = "Example comparison, invented"
BOTH_PHASES = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of one outside figure.

    ``drift`` is by how much it changes from year to year once it is invented,
    ``start`` what it is where no real figure was ever published. ``shares``
    are what has come together of the year's figure by the end of each part.
    """

    basis: str
    phases: tuple[str, ...]
    decimals: int
    drift: str = "0"
    start: str = "0"
    shares: tuple[str, ...] = ("1", "1", "1")


KINDS = {
    "attendance_live": Kind(Basis.YEAR_TO_DATE, BOTH_PHASES, 1, drift="0.1"),
    "persistent_absence_live": Kind(Basis.YEAR_TO_DATE, BOTH_PHASES, 1, drift="-0.3"),
    "suspension_rate": Kind(
        Basis.YEAR_TO_DATE, BOTH_PHASES, 2, shares=("0.36", "0.70", "1"), drift="0"
    ),
    "permanent_exclusion_rate": Kind(
        Basis.YEAR_TO_DATE, BOTH_PHASES, 2, shares=("0.35", "0.70", "1")
    ),
    "ks2_reading_progress": Kind(Basis.ACADEMIC_YEAR, ("primary",), 1),
    "ks2_writing_progress": Kind(Basis.ACADEMIC_YEAR, ("primary",), 1),
    "ks2_maths_progress": Kind(Basis.ACADEMIC_YEAR, ("primary",), 1),
    "progress_8": Kind(Basis.ACADEMIC_YEAR, ("secondary",), 2),
    "value_added_16_18": Kind(Basis.ACADEMIC_YEAR, ("",), 2),
    "attainment_8": Kind(Basis.ACADEMIC_YEAR, ("secondary",), 1),
    "english_maths_grade_5": Kind(Basis.ACADEMIC_YEAR, ("secondary",), 1),
}

# Which figures one clause of the plan compares with, by its word in the plan's text.
COMPARED = {
    "provider_attendance": ["attendance_live"],
    "provider_absence": ["persistent_absence_live"],
    "provider_suspensions": ["suspension_rate"],
    "provider_exclusions": ["permanent_exclusion_rate"],
    "provider_progress": [
        *["ks2_reading_progress", "ks2_writing_progress", "ks2_maths_progress"],
        *["progress_8", "value_added_16_18"],
    ],
}


def load_england():
    """Bring in the real figures for England; again changes nothing."""
    for file in sorted((FOLDER.parent / "comparators").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            load_comparators(read_comparators(lines, file.name))


class Outside:
    """All outside figures by (what, phase, year, part), real and invented."""

    def __init__(self):
        self.real, self.announced = {}, set()
        rows = Comparator.objects.filter(
            series__owner="", series__provider=DFE, series__what__in=KINDS, group__code="all"
        ).exclude(scope=Scope.UNIT)
        for what, basis, code, year, part, value, none in rows.values_list(
            *["series__what", "series__basis", "scope_code", "period__year_id", "period__part"],
            *["value", "not_published"],
        ):
            if basis != KINDS[what].basis:
                continue
            if none:
                self.announced.add((what, code, year, part))
            else:
                self.real[what, code, year, part] = value

    def is_covered(self, what, year, part):
        """Whether the real provider has the figure, or has said that there is none."""
        return all(
            (what, phase, year, part) in self.real or (what, phase, year, part) in self.announced
            for phase in KINDS[what].phases
        )

    def figure(self, what, phase, year, part):
        """The real figure of a phase, or the invented one that stands for it."""
        if (found := self.real.get((what, phase, year, part))) is not None:
            return found
        kind = KINDS[what]
        years = [y for w, p, y, t in self.real if (w, p, t) == (what, phase, part) and y < year]
        whole = [y for w, p, y, t in self.real if (w, p, t) == (what, phase, 3) and y < year]
        if years:
            start, since = self.real[what, phase, max(years), part], max(years)
        elif whole:
            share = Decimal(kind.shares[part - 1])
            start, since = self.real[what, phase, max(whole), 3] * share, max(whole)
        else:
            start, since = Decimal(kind.start), year
        figure = start + Decimal(kind.drift) * (year - since)
        return figure.quantize(Decimal(1).scaleb(-kind.decimals), ROUND_HALF_UP)

    def providers(self, index):
        """Who has the figures that are judged in a term: {word of the plan: provider}."""
        return {
            word: DFE if all(self._has(what, index) for what in compared) else INVENTED
            for word, compared in COMPARED.items()
        }

    def _has(self, what, index):
        year, part = divmod(index, 3)
        if KINDS[what].basis == Basis.YEAR_TO_DATE:
            return self.is_covered(what, year, part + 1)
        return self.is_covered(what, year if part == 2 else year - 1, 3)


def invent(trust, outside, table):
    """Make the invented provider's figures: of all that one clause compares with, where
    DfE lacks some, from the year before the plan to its end.
    """
    everyone = PupilGroup.objects.get(code="all")
    made = []
    for compared in COMPARED.values():
        series = {what: _series(trust, what) for what in compared}
        made += [
            Comparator(
                series=series[what],
                scope=Scope.PHASE if phase else Scope.EVERYONE,
                scope_code=phase,
                group=everyone,
                period=_period(KINDS[what].basis, year, part),
                release=Release.FINAL,
                value=outside.figure(what, phase, year, part),
                published_on=table.today,
                source_title=INVENTED,
            )
            for year, part in _lacking(outside, compared, table)
            for what in compared
            for phase in KINDS[what].phases
            if (what, phase, year, part) not in outside.announced
        ]
    Comparator.objects.bulk_create(made)


def _series(trust, what):
    return Series.objects.create(
        owner=trust.slug,
        provider=INVENTED,
        what=what,
        basis=KINDS[what].basis,
        is_example=True,
    )


def _lacking(outside, compared, table):
    """The periods for which DfE has no figure for one of these, nor has said so."""
    is_yearly = KINDS[compared[0]].basis != Basis.YEAR_TO_DATE
    for year in range(table.baseline_year, table.plan_ends.year + 1):
        for part in [Part.SUMMER] if is_yearly else Part:
            if not all(outside.is_covered(what, year, int(part)) for what in compared):
                yield year, int(part)


def _period(basis, year, part):
    if basis == Basis.YEAR_TO_DATE:
        return Period.objects.year_to_date(year, Part(part))
    return Period.objects.whole_year(year, basis)
