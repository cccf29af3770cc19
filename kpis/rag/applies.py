"""To whom something applies, and who is asked: a rule, with a list of exceptions.

A return asks these functions what a unit owes, and judging asks them whose
missing figure is nobody's omission: the two can never disagree.

Source: docs/rag.md, Who is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

# Kinds of unit that stand for schools: they meet a rule if one of theirs does.
_STANDS_FOR_SCHOOLS = frozenset({"body", "site", "supplier"})


@dataclass(frozen=True, slots=True)
class Place:
    """What the rules look at in a unit; ages are whole years.

    ``high_age`` is the age at which pupils have left, as in the register: a
    primary school of 4 to 11 teaches pupils who are 4 to 10 when the year
    starts. ``improvement_phases`` are (index of the term from which, name),
    oldest first. ``served`` are the schools of a body, site or supplier; a
    trust board serves none by name and always meets the rule. A part of a
    school has its own phase and what else is true of its school. ``pupils``
    are those on roll. ``before`` is what was true before something changed:
    (index of the term from which it is no more, the place as it was), oldest
    first.
    """

    id: int
    kind: str
    phase: str = "all"
    low_age: int = 0
    high_age: int = 0
    church: bool = False
    sixth_form: bool = False
    improvement_phases: tuple[tuple[int, str], ...] = ()
    served: tuple[Place, ...] = ()
    has_parts: bool = False
    pupils: int | None = None
    before: tuple[tuple[int, Place], ...] = ()

    def at(self, index: int) -> Place:
        """The place as it is in a term: a church school since May was none in autumn."""
        return next((was for until, was in self.before if index < until), self)

    def improvement_phase(self, index: int) -> str:
        """The one in force in a term, "" before the first."""
        reached = [name for since, name in self.improvement_phases if since <= index]
        return reached[-1] if reached else ""


@dataclass(frozen=True, slots=True)
class Applicability:
    """A rule; what is empty or None asks nothing.

    ``teaches_age`` asks for pupils who are that old at the start of the year.
    ``exceptions`` are (unit, index of the term from which, applies), and each
    holds until the next one of the same unit.
    """

    phases: frozenset[str] = frozenset()
    church: bool | None = None
    sixth_form: bool | None = None
    teaches_age: int | None = None
    improvement_phase: str = ""
    exceptions: tuple[tuple[int, int, bool], ...] = ()


def applies(rule: Applicability | None, place: Place, index: int) -> bool:
    """Whether a rule holds for a unit in the term ``index``; no rule holds everywhere.

    >>> church_only = Applicability(church=True, exceptions=((7, 6072, True),))
    >>> applies(church_only, Place(id=7, kind="school"), 6071)
    False
    >>> applies(church_only, Place(id=7, kind="school"), 6072)
    True
    """
    if rule is None:
        return True
    own = [(since, says) for unit, since, says in rule.exceptions if unit == place.id]
    reached = [(since, says) for since, says in own if since <= index]
    if reached:
        return max(reached)[1]
    if place.kind == "trust":
        return True
    if place.kind in _STANDS_FOR_SCHOOLS:
        return not place.served or any(applies(rule, school, index) for school in place.served)
    return _meets(rule, place.at(index), index)


def _meets(rule: Applicability, place: Place, index: int) -> bool:
    return (
        (not rule.phases or place.phase in rule.phases)
        and (rule.church is None or rule.church == place.church)
        and (rule.sixth_form is None or rule.sixth_form == place.sixth_form)
        and (rule.teaches_age is None or place.low_age <= rule.teaches_age < place.high_age)
        and (not rule.improvement_phase or rule.improvement_phase == place.improvement_phase(index))
    )


def is_asked_of(kind: str, by_phase: bool, place: Place) -> bool:
    """Whether a measure that is asked of ``kind`` of unit is asked of this one.

    ``by_phase`` says that England publishes it phase by phase: then a school
    that has parts answers part by part, and for everything else as one.
    """
    if kind != "school":
        return place.kind == kind
    if place.kind == "part":
        return by_phase
    return place.kind == "school" and not (by_phase and place.has_parts)
