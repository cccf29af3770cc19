"""What the example's leader has settled: grades on joining, and statuses set by hand.

By the same actions as on the KPI page, so each has its reason and its trail.
"""

from kpis.actions import grades_on_joining, set_by_hand
from kpis.models import Level, PupilGroup, Reading
from kpis.models.promises import Operator
from priorities.models import Node
from schools.models import Membership, Memberships, Part, Period, Role, Term, Unit

from .tables import rows

AS_REPORTED = "As the last report before the school joined has it."


def settle(trust, table):
    """Do all that the leader does in the example. Inside the trust, the last term collected."""
    leader = Memberships(Membership.objects.get(role=Role.LEADER).user, trust)
    units = {unit.code: unit for unit in Unit.objects.all()}
    _say_grades_on_joining(table, units, leader)
    _set_by_hand(table, units, leader)


def _say_grades_on_joining(table, units, leader):
    year, part = divmod(table.first_of_plan, 3)
    begins = Period.objects.for_term(year, Part(part + 1))
    everyone = PupilGroup.objects.get(code="all")
    told = {}
    for row in rows("joining"):
        told.setdefault(row["measure"], []).append(row)
    for reading in Reading.objects.filter(
        measure__code__in=told, clause__versions__operator=Operator.KEEP_OR_RAISE
    ).distinct():
        levels = Level.objects.filter(version__scale=reading.measure.scale_id)
        levels = {(level.version.key, level.name): level for level in levels}
        chosen = [
            (units[code], levels[row["version"], row["level"]])
            for row in told[reading.measure.code]
            for code in row["units"].split()
        ]
        grades_on_joining(
            reading,
            chosen,
            group=everyone,
            from_period=begins,
            reason=AS_REPORTED,
            memberships=leader,
        )


def _set_by_hand(table, units, leader):
    terms = {term.period.index: term for term in Term.objects.select_related("period")}
    for row in rows("by_hand"):
        node = Node.objects.get(key=row["entry"])
        term = terms[table.index(int(row["term"]))]
        set_by_hand(
            node,
            units[row["unit"]],
            term,
            row["status"],
            reason=row["reason"],
            memberships=leader,
        )
