"""What one person may see of what was judged. No verdict ever depends on it."""

from dataclasses import dataclass

from schools.models import Role
from schools.people import OF_A_SCHOOL

NOBODY = frozenset()


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose figures a person sees: every school's by name, or those of their own.

    Of the others they may know how many stand where, never which. ``offices``
    are those whose measures a contributor answers for. Whoever ``leads`` is
    asked what only a leader can settle. ``min_to_show`` is the number of pupils
    below which a figure that is not theirs stays hidden.
    """

    sees_all: bool = True
    schools: frozenset[int] = NOBODY
    offices: frozenset[int] = NOBODY
    leads: bool = False
    min_to_show: int = 0

    @classmethod
    def of(cls, memberships):
        return cls(
            sees_all=memberships.sees_all,
            schools=memberships.unit_ids if memberships.has(*OF_A_SCHOOL) else NOBODY,
            offices=memberships.office_ids if memberships.has(Role.CONTRIBUTOR) else NOBODY,
            leads=memberships.has(Role.LEADER),
            min_to_show=memberships.trust.min_to_show,
        )

    def is_mine(self, school):
        """Whether the figures of a school may be shown, and its name."""
        return self.sees_all or school in self.schools

    def reaches(self, unit):
        """The same of any unit, by the school that it is part of or serves."""
        return (
            self.sees_all
            or unit.kind == "trust"
            or unit.id in self.schools
            or unit.parent in self.schools
            or not self.schools.isdisjoint(unit.serves)
        )

    def answers_for(self, office):
        """Whether a measure of this office is theirs."""
        return office is not None and office in self.offices

    @property
    def has_limits(self):
        """They see the trust's line, and not the schools that it is made of."""
        return not self.sees_all and not self.is_of_an_office

    @property
    def is_of_an_office(self):
        """They see nothing but the measures that they answer for."""
        return not self.sees_all and not self.schools
