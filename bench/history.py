"""What a trust that has been at it for years has beside its figures: returns, and their trail."""

from itertools import islice

from kpis.models import Comment, Entry
from returns.models import Line, Return
from schools.models import AuditRow
from schools.tenancy import inside

from .figures import AT_ONCE
from .house import YEARS

MEASURED = "Attendance and its gap"  # the KPI whose page is measured


def remember(house):
    """Returns of every school and term; of the one KPI, each line and who typed it."""
    kpi = measured_kpi(house)
    with inside(house.trust):
        returns = _returns(house)
        _lines(house, kpi, returns)
        Comment.objects.bulk_create(
            Comment(
                node=kpi,
                unit=school,
                term=house.term,
                why="Illness in the spring.",
                what_next="Calls home on the first day.",
                by=house.manager,
            )
            for school in house.schools[::10]
        )


def measured_kpi(house):
    return next(kpi for recipe, kpi in house.kpis if recipe.title == MEASURED)


def _returns(house):
    rows = [
        Return(unit=school, term=term, state="approved", version=3)
        for term in house.terms[: YEARS * 3]
        for school in house.schools
        if not (term == house.term and school == house.schools[0])
    ]
    Return.objects.bulk_create(rows, batch_size=AT_ONCE)
    trail = [
        AuditRow.objects.prepared(
            action,
            one,
            by=house.manager,
            unit=one.unit,
            at=one.term.due,
            before={"state": "submitted", "answers": []},
            after={"state": "approved", "answers": []},
        )
        for one in rows
        for action in ("submitted", "approved")
    ]
    AuditRow.objects.bulk_create(trail, batch_size=AT_ONCE)
    return {(one.unit_id, one.term_id): one for one in rows}


def _lines(house, kpi, returns):
    entries = (
        Entry.objects.filter(measure__readings__clause__node=kpi, standing="approved")
        .select_related("measure", "unit", "group")
        .distinct()
    )
    lines = [
        Line(
            return_to=returns[entry.unit_id, entry.collected_in_id],
            measure=entry.measure,
            unit=entry.unit,
            group=entry.group,
            period_id=entry.period_id,
            numerator=str(entry.numerator or ""),
            denominator=str(entry.denominator or ""),
            why_none=entry.why_none or "",
            entry=entry,
        )
        for entry in entries
        if (entry.unit_id, entry.collected_in_id) in returns
    ]
    rows = iter(lines)
    while batch := list(islice(rows, AT_ONCE)):
        Line.objects.bulk_create(batch)
    AuditRow.objects.bulk_create(
        (
            AuditRow.objects.prepared(
                "typed",
                line,
                by=house.manager,
                unit=line.unit,
                at=line.return_to.term.due,
                before={"numerator": ""},
                after={"numerator": line.numerator},
            )
            for line in lines
        ),
        batch_size=AT_ONCE,
    )
