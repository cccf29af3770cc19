"""The example's logs of cases: repairs that a site keeps a list of, with the days.

A unit that keeps a log answers the question for cases by counting what stands
in it; the others give their two counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from kpis.models import Case, Measure
from kpis.rag.cases import Case as Days
from kpis.rag.cases import Cases, State
from schools.models import AuditRow, Unit

from .tables import rows

COMMAND = AuditRow.Channel.COMMAND
ALLOWED = Cases(months=1, plan_counts=True)  # as the plan's C5 has it


@dataclass(frozen=True, slots=True)
class Logged:
    """One case: whose it is, what it is, and its days."""

    measure: str
    unit: str
    what: str
    days: Days


class CaseLog:
    """All logs of the example, laid out from the day of loading."""

    def __init__(self, table):
        self.table = table
        self.logged = [self._logged(row) for row in rows("case_log")]

    def _logged(self, row):
        starts = self.table.dates(self.table.index(int(row["term"]))).starts
        opened = starts + timedelta(days=int(row["day"]))
        days = Days(opened, _after(opened, row["planned"]), _after(opened, row["closed"]))
        return Logged(row["measure"], row["unit"], row["what"], days)

    def counts(self, measure, unit, index):
        """Those overdue at the end of a term, and all that stood in a unit's log during it."""
        term = self.table.dates(index)
        here = [
            one.days
            for one in self.logged
            if (one.measure, one.unit) == (measure, unit)
            and one.days.opened <= term.ends
            and (one.days.closed is None or one.days.closed >= term.starts)
        ]
        states = [ALLOWED.state(days, term.ends, plan_counts=True) for days in here]
        return states.count(State.OVERDUE), len(here)

    def write(self, *, by):
        """Keep every case in the log of its unit, with its trail. Inside the trust."""
        measures = {measure.code: measure for measure in Measure.objects.all()}
        units = {unit.code: unit for unit in Unit.objects.all()}
        for one in self.logged:
            unit = units[one.unit]
            case = Case.objects.create(
                measure=measures[one.measure],
                unit=unit,
                what=one.what,
                opened=one.days.opened,
                planned=one.days.planned,
                closed=one.days.closed,
            )
            AuditRow.objects.record(
                "opened a case", case, by=by, unit=unit, channel=COMMAND, after=_told(one.days)
            )


def _after(opened: date, days: str) -> date | None:
    return opened + timedelta(days=int(days)) if days else None


def _told(days):
    return {
        name: day.isoformat()
        for name in ("opened", "planned", "closed")
        if (day := getattr(days, name))
    }
