"""Past figures that were put right after a report had printed them: was, now, why."""

from django.utils import timezone

from schools.models import AuditRow, Unit

from .board import board_of
from .matrix import matrix_of
from .models import Published
from .shapes import Document, Restatement


def restated(report, now):
    """What the report before this one printed and would not print any more."""
    before = (
        Published.objects.filter(trust=report.meeting.trust)
        .select_related("report__term__period__year", "report__plan")
        .order_by("-place")
        .first()
    )
    return tuple(_told(before, *found) for found in changed(before, now)) if before else ()


def changed(published, now):
    """The results of a published matrix with another figure today: (row, column, was, now)."""
    frozen = Document.read(published.snapshot).matrix
    if frozen is None:
        return []
    report = published.report
    board = board_of(
        published.trust,
        report.plan,
        report.term,
        timezone.localdate(now),
        provisional=report.provisional,
    )
    rows = {row.key: row for row in matrix_of(board, board.every).rows}
    found = []
    for row in frozen.rows:
        today = rows.get(row.key)
        if today is None:
            continue
        found += [(row, None, was, now) for was, now in _differing([row.trust], [today.trust])]
        places = {column.id: place for place, column in enumerate(board.schools)}
        codes = {school.code: places[school.id] for school in board.schools}
        for column, was in zip(frozen.columns, row.cells, strict=False):
            place = codes.get(column.code)
            if place is None or place >= len(today.cells):
                continue
            found += [
                (row, column, was, now) for was, now in _differing([was], [today.cells[place]])
            ]
    return found


def _differing(was, now):
    """Pairs of two figures that are not the same; what was hidden or missing is no figure."""
    return [
        (one, other)
        for one, other in zip(was, now, strict=True)
        if one.number is not None and other.number is not None and one.number != other.number
    ]


def _told(published, row, column, was, now):
    document = Document.read(published.snapshot).header
    return Restatement(
        kpi=row.name,
        school=column.name if column else "",
        period=document.term,
        was=_written(was),
        now=_written(now),
        why=_why(published, column),
        report=f"{document.title}, version {document.version}",
    )


def _written(cell):
    if cell.unit == "£":
        return f"£{cell.figure}"
    return f"{cell.figure}{'' if cell.unit in ('%', '') else ' '}{cell.unit}"


def _why(published, column):
    """The reason that somebody gave when the school's figures were opened again."""
    if column is None:
        return "Follows from figures of schools that were put right."
    unit = Unit.objects.filter(code=column.code).first()
    rows = AuditRow.objects.filter(unit=unit, at__gt=published.at).exclude(reason="")
    latest = rows.order_by("-pk").first() if unit else None
    return latest.reason if latest else "No reason was given."
