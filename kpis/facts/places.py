"""Who answers: the units of a trust, with all that decides what applies to them."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from operator import attrgetter
from typing import NamedTuple

from kpis.rag import given
from kpis.rag.applies import Applicability, Place
from schools.calendar import term_of
from schools.models import Unit, UnitKind

from .prepared import Prepared

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
    "school__before__until",
    "school__before__urn",
    "school__before__phase",
    "school__before__low_age",
    "school__before__high_age",
    "school__before__is_church",
    "school__before__has_sixth_form",
    "school__before__pupils_on_roll",
    "school__improvement_phases__name",
    "school__improvement_phases__since",
    "serves",
]


class _Facts(NamedTuple):
    """What may be otherwise from a day on."""

    phase: str
    low_age: int
    high_age: int
    church: bool
    sixth_form: bool
    pupils: int | None


@dataclass
class _Found:
    """One unit's columns, and what its other rows add.

    ``before`` has what was true before a change, by the last day of it.
    """

    row: tuple
    improved: dict = field(default_factory=dict)
    serves: set = field(default_factory=set)
    before: dict = field(default_factory=dict)
    urns: set = field(default_factory=set)

    @property
    def now(self):
        row = self.row
        return _Facts(
            phase=row.phase,
            low_age=row.school__low_age or 0,
            high_age=row.school__high_age or 0,
            church=bool(row.school__is_church),
            sixth_form=bool(row.school__has_sixth_form),
            pupils=row.school__pupils_on_roll,
        )

    def at(self, index):
        """The facts of a term, and (index of the term that ended them, facts) of before."""
        changes = [
            (index_on(until + timedelta(days=1)), facts)
            for until, facts in sorted(self.before.items())
        ]
        then = next((facts for until, facts in changes if until > index), self.now)
        return then, [(until, facts) for until, facts in changes if until <= index]


UNITS = Prepared(lambda: Unit.objects.order_by("name", "pk").values_list(*COLUMNS))


def read_units(term):
    """All units of the trust by number, those that have left too; and their short names.

    One query. A unit is as it is in ``term``, without a deadline of its own.
    """
    found = {}
    for row in UNITS.rows():
        unit = found.setdefault(row.pk, _Found(row))
        if row.school__improvement_phases__since is not None:
            since = row.school__improvement_phases__since
            unit.improved[since] = row.school__improvement_phases__name
        if row.school__before__until is not None:
            unit.urns.add(row.school__before__urn)
            unit.before[row.school__before__until] = _Facts(
                phase=row.school__before__phase,
                low_age=row.school__before__low_age,
                high_age=row.school__before__high_age,
                church=row.school__before__is_church,
                sixth_form=row.school__before__has_sixth_form,
                pupils=row.school__before__pupils_on_roll,
            )
        if row.serves is not None:
            unit.serves.add(row.serves)

    parents = {
        unit.row.parent_id
        for unit in found.values()
        if unit.row.kind == UnitKind.PART and _is_in(unit.row, term)
    }
    units = {pk: _unit(unit, found, parents, term.period.index) for pk, unit in found.items()}
    shorts = {pk: unit.row.short_name or unit.row.name[:18] for pk, unit in found.items()}
    return units, shorts


def _is_in(row, term):
    """In the trust for all of the term: a part that begins within it answers from the next."""
    return row.joined <= term.starts and (row.left is None or row.left >= term.ends)


def _unit(unit, found, parents, index):
    row = unit.row
    place = _place(unit, found, parents, index)
    return given.Unit(
        id=row.pk,
        kind=row.kind,
        name=row.name,
        phase=place.phase,
        place=place,
        joined=row.joined,
        left=row.left,
        parent=row.parent_id,
        serves=frozenset(unit.serves),
        pupils=unit.at(index)[0].pupils,
        code=row.code,
        codes=frozenset(code for code in (row.code, row.school__urn, *unit.urns) if code),
    )


def _place(unit, found, parents, index):
    """A part has its own phase, and what else is true of its school."""
    is_part = unit.row.kind == UnitKind.PART
    school = found[unit.row.parent_id] if is_part else unit
    served = sorted(pk for pk in unit.serves if found[pk].row.kind != unit.row.kind)
    improved = tuple((index_on(since), name) for since, name in sorted(school.improved.items()))
    now, before = school.at(index)

    def place(facts, **more):
        return Place(
            id=unit.row.pk,
            kind=unit.row.kind,
            phase=unit.row.phase if is_part else facts.phase,
            low_age=facts.low_age,
            high_age=facts.high_age,
            church=facts.church,
            sixth_form=facts.sixth_form,
            pupils=facts.pupils,
            improvement_phases=improved,
            **more,
        )

    return place(
        now,
        served=tuple(_place(found[pk], found, parents, index) for pk in served),
        has_parts=unit.row.pk in parents,
        before=tuple((until, place(facts)) for until, facts in before),
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
    @cache
    def columns(name):
        """What has to be read of the applicability under ``name``."""
        return tuple(f"{name}__{column}" for column in ("pk", *APPLICABILITY, *EXCEPTION))

    @staticmethod
    @cache
    def _of(name):
        return attrgetter(*Applicabilities.columns(name))

    def gather(self, row, name):
        """Take in what one row says; the rule's number, or None."""
        pk, *values = self._of(name)(row)
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
