"""What a past term still lacks: brought in by file from the trust's records, it is history."""

from django.utils import timezone
from django.utils.functional import cached_property

from schools.models import Role, Term, Unit

from ..asked.asking import Asking
from ..asked.plan_order import read_places
from ..grid.sheet import Sheet
from ..life.states import Action
from ..models import Return


class PastSheet(Sheet):
    """A return of a past term, as it may be there or not, with what nobody has answered.

    Its questions are what the term asks, also once it is approved: records are
    added to it, and change nothing.
    """

    is_asking = True

    def _read_lines(self):
        return super()._read_lines() if self.return_.pk else []

    def _asked(self):
        return [one for one in super()._asked() if not self.has_answer(one)]


class Filling:
    """What one person may fill in of some returns of a term by file: typing, or history."""

    def __init__(self, term, memberships):
        self.term, self.memberships, self.today = term, memberships, timezone.localdate()
        later = Term.objects.filter(opens__lte=self.today, period__on__gt=term.period.on)
        is_past = term.is_history or later.exists()
        self.is_history = memberships.has(Role.DATA_MANAGER) and is_past

    def may(self, return_):
        """Whether a file can change it now."""
        actions = [Action.SAVE, *([Action.RECORD] if self.is_history else [])]
        return any(return_.allows(one, self.memberships, self.today) for one in actions)

    def sheet(self, return_):
        """The questions of a return that a template asks."""
        if not self.is_history:
            return Sheet(return_, self.memberships, self.today)
        return PastSheet(return_, self.memberships, self.today, self.asked)

    @cached_property
    def asked(self):
        """What the term asks and where it stands in the plan, read once for all of them."""
        return Asking(self.term), read_places(self.term)

    def not_there(self, returns):
        """The returns that nobody has opened: a term before the plan is filled unit by unit."""
        if not self.is_history:
            return []
        asking, _ = self.asked
        missing = {asking.returning(one) for one in asking.every}
        missing -= {return_.unit_id for return_ in returns}
        units = Unit.objects.filter(pk__in=missing).order_by("name")
        return [Return(unit=unit, term=self.term) for unit in units]
