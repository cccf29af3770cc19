"""What the cells of a file can name: units, measures, pupil groups, terms."""

from difflib import get_close_matches

from kpis.models import Measure, PupilGroup
from schools.models import Term, Unit, UnitKind

from ..asked.questions import Wrong


class Names:
    """All that a trust has names for, read in five queries."""

    def __init__(self):
        self.terms = list(Term.objects.select_related("period__year").order_by("period__on"))
        self.measures = {m.code: m for m in Measure.objects.live().prefetch_related("groups")}
        self._by_name = _once((m.name.casefold(), m) for m in self.measures.values())
        self._groups_of = {
            m.pk: {group.pk for group in m.groups.all()} for m in self.measures.values()
        }
        groups = list(PupilGroup.objects.all())
        self.groups = {group.name.casefold(): group for group in groups}
        self.groups |= {group.code: group for group in groups}
        self.units = {unit.pk: unit for unit in Unit.objects.select_related("trust", "school")}
        self._by_code = {}
        for unit in self.units.values():
            self._by_code[unit.code.casefold()] = unit.pk
            if unit.kind == UnitKind.SCHOOL and unit.school.urn:
                self._by_code[unit.school.urn] = unit.pk
            if unit.kind == UnitKind.TRUST:
                self._by_code["trust"] = unit.pk

    def unit(self, row, told=None):
        unit = self._by_code.get((row["unit"] if told is None else told).casefold())
        if unit is None:
            raise Wrong("unit", self.unknown_unit(row, told))
        return unit

    def measure(self, row):
        told = row["measure_code"]
        found = self.measures.get(told.casefold()) or self._by_name.get(told.casefold())
        if found is None:
            near = get_close_matches(told.casefold()[:60], self.measures, 3)
            advice = f" Did you mean {' or '.join(near)}?" if near else ""
            raise Wrong("measure_code", f'There is no measure "{told[:60]}".{advice}')
        return found

    def group(self, row, measure):
        """The group of a row, which its own cell says, or the head of its figures, or nobody."""
        told = row["pupil_group"].casefold()
        group = self.groups.get(told or row.group or "all")
        if row.group and group != self.groups[row.group]:
            head = f"The head of this column says {self.groups[row.group]}"
            words = f'{head}, and the pupil_group of this row says "{row["pupil_group"][:60]}".'
            raise Wrong(_first_box(row), f"{words} Leave one of them out.")
        if group is None or group.pk not in self._groups_of[measure.pk]:
            asked = ", ".join(group.code for group in measure.groups.all())
            part = _first_box(row) if row.group else "pupil_group"
            raise Wrong(part, f"{measure.name} is asked for these groups: {asked}.")
        return group

    def unknown_unit(self, row, told=None):
        told = (row["unit"] if told is None else told)[:60]
        return f'There is no unit "{told}" for you. Give a URN, the code of a unit, or TRUST.'


def _first_box(row):
    """Of the boxes of a figure the first that the row fills in."""
    return next((name for name in ("value", "numerator", "denominator") if row[name]), "value")


def _once(pairs):
    """Names that only one measure has."""
    found = {}
    for name, measure in pairs:
        found[name] = None if name in found else measure
    return {name: measure for name, measure in found.items() if measure}
