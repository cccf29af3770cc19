"""What is counted: measures with all that hangs on them, scales and pupil groups."""

from dataclasses import dataclass, field

from kpis.models import Measure, Reading
from kpis.rag import given

from .places import Applicabilities
from .prepared import Prepared
from .promises import live, of_page

OWN = [
    "pk",
    "code",
    "name",
    "kind",
    "unit",
    "decimals",
    "better",
    "basis",
    "of",
    "ask_autumn",
    "ask_spring",
    "ask_summer",
    "about",
    "counts",
    "per",
    "lowest",
    "highest",
    "scale_id",
    "seasonal",
    "survey",
    "inspection",
    "source",
    "register",
    "about_pupils",
    "min_to_judge",
    "steady_band",
    "carried_terms",
    "valid_months",
    "what_counts",
    "numerator_name",
    "denominator_name",
    "office_id",
    "office__name",
    "series_id",
    "series__provider",
    "series__what",
    "series__basis",
    "series__is_example",
]
BREAK = ["breaks__from_period__year_id", "breaks__from_period__part", "breaks__why"]
GROUP = ["groups__code", "groups__name", "groups__complement__code", "groups__complement__name"]
SCALE = ["scale__name", "scale__versions__pk", "scale__versions__key", "scale__versions__since"]
LEVEL = [
    f"scale__versions__levels__{column}" for column in ("pk", "order", "key", "name", "failing")
]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure means, for people: nothing here decides a colour."""

    what_counts: str
    numerator_name: str
    denominator_name: str
    office: str
    office_id: int | None
    groups: dict[str, str]  # the words of each group that is asked about, by its code


@dataclass
class _Found:
    """One measure's columns, and what its other rows add."""

    row: tuple
    applicability: int | None
    breaks: set = field(default_factory=set)
    groups: dict = field(default_factory=dict)


def _measures(plan, node=None):
    columns = [
        *OWN,
        *Applicabilities.columns("applicability"),
        *BREAK,
        *GROUP,
        *SCALE,
        *LEVEL,
    ]
    read = Reading.objects.filter(clause__in=live(plan, node).values("pk")).values("measure")
    return Measure.objects.filter(pk__in=read).order_by("pk", "groups__order").values_list(*columns)


MEASURES = Prepared(_measures)


class Measures:
    """The measures that a plan reads, with their scales and groups.

    One query: a measure with several groups, breaks or levels comes in several
    rows, and hardly any has several of each.
    """

    def __init__(self, plan, node=None):
        self.series = {}
        self._applicabilities = Applicabilities()
        self._found, self._versions, self._levels = {}, {}, {}
        self._complements, self._group_names = {}, {}
        for row in MEASURES.rows(**of_page(plan, node)):
            self._gather(row)

        self.places = {
            level.id: (version, place)
            for version, levels in self._sorted_levels().items()
            for place, level in enumerate(levels)
        }
        self._all = {pk: self._measure(found) for pk, found in self._found.items()}

    def _gather(self, row):
        if row.pk not in self._found:
            rule = self._applicabilities.gather(row, "applicability")
            self._found[row.pk] = _Found(row, rule)
            if row.series_id is not None:
                self.series[row.series_id] = _empty_series(row)
        self._applicabilities.gather(row, "applicability")
        found = self._found[row.pk]
        if row.breaks__why is not None:
            year, part = row.breaks__from_period__year_id, row.breaks__from_period__part
            found.breaks.add((year * 3 + part - 1, row.breaks__why))
        if row.groups__code is not None:
            found.groups[row.groups__code] = row.groups__name
            self._gather_group(row)
        if row.scale__versions__levels__pk is not None:
            self._gather_level(row)

    def _gather_group(self, row):
        self._group_names[row.groups__code] = row.groups__name
        if row.groups__complement__code is not None:
            self._group_names[row.groups__complement__code] = row.groups__complement__name
            self._complements[row.groups__code] = row.groups__complement__code

    def _gather_level(self, row):
        version = row.scale__versions__pk
        self._versions[version] = row
        self._levels.setdefault(version, {})[row.scale__versions__levels__order] = given.Level(
            row.scale__versions__levels__pk,
            row.scale__versions__levels__key,
            row.scale__versions__levels__name,
            row.scale__versions__levels__failing,
        )

    def _sorted_levels(self):
        return {
            version: tuple(level for _, level in sorted(levels.items()))
            for version, levels in self._levels.items()
        }

    def all(self):
        """Each measure by its number."""
        return self._all

    def scales(self):
        """The versions of each scale, oldest first, by the scale's number."""
        scales = {}
        for version, levels in self._sorted_levels().items():
            row = self._versions[version]
            name = f"{row.scale__name} {row.scale__versions__key}"
            made = given.ScaleVersion(version, name, row.scale__versions__since, levels)
            scales.setdefault(row.scale_id, []).append(made)
        return {
            scale: tuple(sorted(versions, key=lambda v: (v.since is not None, v.since, v.id)))
            for scale, versions in scales.items()
        }

    def groups(self):
        """The complement of each group, and each group's words, by code."""
        return self._complements, self._group_names

    def definitions(self):
        return {pk: _definition(found) for pk, found in self._found.items()}

    def _measure(self, found):
        row = found.row
        asks = (row.ask_autumn, row.ask_spring, row.ask_summer)
        return given.Measure(
            id=row.pk,
            code=row.code,
            name=row.name,
            kind=given.Kind(row.kind),
            unit=row.unit,
            decimals=row.decimals,
            better=row.better,
            basis=given.Basis(row.basis),
            of=row.of,
            asked=frozenset(part for part, is_asked in enumerate(asks, start=1) if is_asked),
            about_last=row.about == Measure.About.LAST,
            counts=row.counts,
            per=row.per,
            lowest=row.lowest,
            highest=row.highest,
            scale=row.scale_id,
            seasonal=row.seasonal,
            survey=row.survey,
            inspection=row.inspection,
            register=row.register if row.source == Measure.Source.REGISTER else "",
            about_pupils=row.about_pupils,
            min_to_judge=row.min_to_judge,
            steady_band=row.steady_band,
            carried_terms=row.carried_terms,
            valid_months=row.valid_months,
            applicability=self._applicabilities.rule(found.applicability),
            series=row.series_id,
            breaks=tuple(sorted(found.breaks)),
        )


def _empty_series(row):
    return given.Series(
        id=row.series_id,
        provider=row.series__provider,
        what=row.series__what,
        basis=given.Basis(row.series__basis),
        figures=(),
        example=row.series__is_example,
    )


def _definition(found):
    row = found.row
    return Definition(
        what_counts=row.what_counts,
        numerator_name=row.numerator_name,
        denominator_name=row.denominator_name,
        office=row.office__name or "",
        office_id=row.office_id,
        groups=found.groups,
    )
