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
    asked what only a leader can settle; who ``heads`` schools replies for them.
    ``min_to_show`` is the number of pupils below which a figure that is not
    theirs stays hidden. What is ``in_file`` leaves the house: there the others
    of those who see all are hidden too.
    """

    sees_all: bool = True
    schools: frozenset[int] = NOBODY
    offices: frozenset[int] = NOBODY
    leads: bool = False
    heads: frozenset[int] = NOBODY
    min_to_show: int = 0
    in_file: bool = False

    @classmethod
    def of(cls, memberships, *, in_file=False):
        """``in_file``: what is shown is a file; the data manager's own holds everything."""
        return cls(
            in_file=in_file and not memberships.has(Role.DATA_MANAGER),
            sees_all=memberships.sees_all,
            schools=memberships.unit_ids if memberships.has(*OF_A_SCHOOL) else NOBODY,
            offices=memberships.office_ids if memberships.has(Role.CONTRIBUTOR) else NOBODY,
            leads=memberships.has(Role.LEADER),
            heads=memberships.units_of(Role.HEADTEACHER),
            min_to_show=memberships.trust.min_to_show,
        )

    def is_mine(self, school):
        """Whether the figures of a school may be shown, and its name."""
        return self.sees_all or school in self.schools

    def reaches(self, unit):
        """The same of any unit, by the school that it is part of or serves."""
        return self.sees_all or unit.kind == "trust" or self._is_of_mine(unit)

    def answers_of(self, unit):
        """Whether what a unit owes counts for them: all of it, or that of their own schools."""
        return self.sees_all or self._is_of_mine(unit)

    def owns(self, unit):
        """Whether its small numbers are theirs too: nothing of it is hidden from them."""
        return self._is_of_mine(unit) if self.in_file else self.reaches(unit)

    def _is_of_mine(self, unit):
        return (
            unit.id in self.schools
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
    def hides_small(self):
        """Whether a small number may have to be hidden from them at all."""
        return self.has_limits or self.in_file

    @property
    def is_of_an_office(self):
        """They see nothing but the measures that they answer for."""
        return not self.sees_all and not self.schools
