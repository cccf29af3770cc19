"""Who answers: the units of a trust, with all that decides what applies to them."""

from dataclasses import dataclass, field

from django.utils import timezone

from kpis.rag import given
from kpis.rag.applies import Applicability, Place
from schools.calendar import term_of
from schools.models import Unit, UnitKind

COLUMNS = [
    "pk",
    "kind",
    "code",
    "name",
    "short_name",
    "phase",
    "parent_id",
    "joined",
    "left",
    "school__urn",
    "school__low_age",
    "school__high_age",
    "school__is_church",
    "school__has_sixth_form",
    "school__pupils_on_roll",
    "school__improvement_phases__name",
    "school__improvement_phases__since",
    "serves",
    "deadlines__term_id",
    "deadlines__due",
]


@dataclass
class _Found:
    """One unit's columns, and what its other rows add."""

    row: tuple
    improved: dict = field(default_factory=dict)
    serves: set = field(default_factory=set)
    due: object = None


def read_units(term):
    """All units of the trust by number, those that have left too; and their short names.

    One query. A unit's ``due`` is its own deadline for ``term``.
    """
    found = {}
    for row in Unit.objects.order_by("name", "pk").values_list(*COLUMNS, named=True):
        unit = found.setdefault(row.pk, _Found(row))
        if row.school__improvement_phases__since is not None:
            since = row.school__improvement_phases__since
            unit.improved[since] = row.school__improvement_phases__name
        if row.serves is not None:
            unit.serves.add(row.serves)
        if row.deadlines__term_id == term.pk:
            unit.due = timezone.localdate(row.deadlines__due)

    parents = {unit.row.parent_id for unit in found.values() if unit.row.kind == UnitKind.PART}
    units = {pk: _unit(unit, found, parents) for pk, unit in found.items()}
    shorts = {pk: unit.row.short_name or unit.row.name[:18] for pk, unit in found.items()}
    return units, shorts


def _unit(unit, found, parents):
    row = unit.row
    return given.Unit(
        id=row.pk,
        kind=row.kind,
        name=row.name,
        phase=row.phase,
        place=_place(unit, found, parents),
        joined=row.joined,
        left=row.left,
        parent=row.parent_id,
        serves=frozenset(unit.serves),
        due=unit.due,
        pupils=row.school__pupils_on_roll,
        code=row.code,
        codes=frozenset(code for code in (row.code, row.school__urn) if code),
    )


def _place(unit, found, parents):
    """A part has its own phase, and what else is true of its school."""
    is_part = unit.row.kind == UnitKind.PART
    school = found[unit.row.parent_id] if is_part else unit
    served = sorted(pk for pk in unit.serves if found[pk].row.kind != unit.row.kind)
    return Place(
        id=unit.row.pk,
        kind=unit.row.kind,
        phase=unit.row.phase,
        low_age=school.row.school__low_age or 0,
        high_age=school.row.school__high_age or 0,
        church=bool(school.row.school__is_church),
        sixth_form=bool(school.row.school__has_sixth_form),
        improvement_phases=tuple(
            (index_on(since), name) for since, name in sorted(school.improved.items())
        ),
        served=tuple(_place(found[pk], found, parents) for pk in served),
        has_parts=unit.row.pk in parents,
    )


def index_on(day):
    """The index of the term of a day, by the nominal calendar."""
    year, part = term_of(day)
    return year * 3 + part - 1


APPLICABILITY = [
    "phases",
    "church",
    "sixth_form",
    "teaches_age",
    "improvement_phase",
]
EXCEPTION = [
    "exceptions__unit_id",
    "exceptions__from_period__year_id",
    "exceptions__from_period__part",
    "exceptions__applies",
]


class Applicabilities:
    """The rules of who is meant, gathered from the rows of what they are for.

    Asking for them together with measures and clauses saves a query; a rule
    with several exceptions comes in several rows.
    """

    def __init__(self):
        self._rules, self._exceptions = {}, {}

    @staticmethod
    def columns(name):
        """What has to be read of the applicability under ``name``."""
        return [f"{name}__{column}" for column in ("pk", *APPLICABILITY, *EXCEPTION)]

    def gather(self, row, name):
        """Take in what one row says; the rule's number, or None."""
        pk, *values = (getattr(row, column) for column in self.columns(name))
        if pk is None:
            return None
        self._rules[pk] = values[: len(APPLICABILITY)]
        unit, year, part, applies = values[len(APPLICABILITY) :]
        exceptions = self._exceptions.setdefault(pk, set())
        if unit is not None:
            exceptions.add((unit, year * 3 + part - 1, applies))
        return pk

    def rule(self, pk):
        """The rule with its exceptions; None for no number: it holds everywhere."""
        if pk is None:
            return None
        phases, church, sixth_form, teaches_age, improvement_phase = self._rules[pk]
        return Applicability(
            phases=frozenset(phases.split()),
            church=church,
            sixth_form=sixth_form,
            teaches_age=teaches_age,
            improvement_phase=improvement_phase,
            exceptions=tuple(sorted(self._exceptions[pk])),
        )
