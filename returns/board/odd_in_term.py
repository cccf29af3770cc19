"""What looks odd in all the returns of a term and nobody has explained, read at once."""

from collections import defaultdict

from kpis.facts import facts_of, plan_for, read_figures, read_plan
from schools.tenancy import current_trust

from ..models import Line
from ..typed.as_typed import AsTyped
from ..typed.judging import as_if_sent, compared, odd


class OddInTerm:
    """How many figures of each return look odd without a word why they are right.

    The plan and what was sent before are read once for all of them.
    """

    def __init__(self, returns, asking, today):
        self.today = today
        self._lines = defaultdict(list)
        lines = Line.objects.filter(return_to__in=[each.pk for each in returns])
        for line in lines.select_related("measure", "group", "period").order_by("number"):
            self._lines[line.return_to_id].append(line)
        plan = plan_for(asking.term) if self._lines else None
        if plan is None:
            self.facts = None
            return
        promised = read_plan(current_trust(), plan, asking.term, today)
        self.calendar, self.places = promised.calendar, promised.places
        units = {line.unit_id for lines in self._lines.values() for line in lines}
        if not units:  # nobody has typed anything yet
            self.facts = None
            return
        self.facts = facts_of(promised, read_figures(promised, units, history=True))

    def count(self, return_):
        """The figures of one return that look odd."""
        lines = self._lines[return_.pk]
        return len(_One(self, return_, lines).odd()) if self.facts and lines else 0


class _One(AsTyped):
    """One of them, over the facts that all share."""

    def __init__(self, term, return_, lines):
        self.return_, self.today, self.offices = return_, term.today, None
        self.facts, self.calendar, self.places = term.facts, term.calendar, term.places
        self.told, self.rated, self.usual, self.noted = {}, {}, {}, set()
        for line in lines:
            self._take(line)

    def odd(self):
        plain = self.facts.given
        found = odd(compared(as_if_sent(plain, self.told, {}), self.told, self.usual))
        return [question for question in found if question not in self.noted]
