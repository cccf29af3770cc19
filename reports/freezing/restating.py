"""Past figures that were put right after a report had printed them: was, now, why."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from schools.models import AuditRow, Unit

from ..models import Published
from ..shapes import Document, Restatement
from .board import board_of
from .matrix import matrix_of

# How far back a report looks: two years of terms.
TERMS_BACK = 6


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure as a report has said it last; ``school`` is "" for the trust's own."""

    published: Published
    report: str
    period: str
    kpi: str
    school: str
    code: str
    number: Decimal
    words: str


def restated(report, now):
    """What earlier reports of these two years printed, and would not print any more.

    Each figure is held against what was said of it last, as a result or as a
    restatement, so that it is told by one report, and again when it has moved
    again. Inside the trust.
    """
    found, boards = [], {}
    for key, was in _said_last(report).items():
        of = was.published.report
        board = of.plan_id, of.term_id, of.provisional
        if board not in boards:
            boards[board] = figures_of(_matrix_now(was.published, now))
        today = boards[board].get(key[-2:])
        if today is not None and _is_other(was.number, today[2].number):
            found.append(_told(key, was, today[2]))
    return tuple(found)


def changed(published, now):
    """The results of a published matrix with another figure today: (row, column, was, now)."""
    frozen = Document.read(published.snapshot).matrix
    if frozen is None:
        return []
    today = figures_of(_matrix_now(published, now))
    return [
        (row, column, was, today[key][2])
        for key, (row, column, was) in figures_of(frozen).items()
        if key in today and _is_other(was.number, today[key][2].number)
    ]


def figures_of(matrix):
    """{(key of the KPI, code of the school, "" for the trust): (row, column, cell)}."""
    found = {}
    for row in matrix.rows:
        found[row.key, ""] = row, None, row.trust
        for column, cell in zip(matrix.columns, row.cells, strict=False):
            found[row.key, column.code] = row, column, cell
    return found


def _matrix_now(published, now):
    report, day = published.report, timezone.localdate(now)
    board = board_of(published.trust, report.plan, report.term, day, provisional=report.provisional)
    return matrix_of(board, board.every)


def _is_other(was, now):
    """What was hidden or missing is no figure, and nothing that is put right."""
    return was is not None and now is not None and was != now


def _said_last(report):
    """{(plan, term, KPI, school): what reports said of it last}, in the order of the reports."""
    since = report.term.period.index - TERMS_BACK
    versions = Published.objects.filter(trust=report.meeting.trust).order_by("place")
    said = {}
    for published in versions.select_related("report__term__period__year", "report__plan", "trust"):
        document, of = Document.read(published.snapshot), published.report
        head = document.header
        name = f"{head.title}, version {head.version}"
        for one in document.restatements:
            key = tuple(one.key.split(":"))
            if key in said and one.number is not None:
                said[key] = replace(said[key], report=name, number=one.number, words=one.now)
        if of.term.period.index < since or document.matrix is None:
            continue
        for (kpi, code), (row, column, cell) in figures_of(document.matrix).items():
            if cell.number is None:
                continue
            school = column.name if column else ""
            said[str(of.plan_id), of.term.slug, kpi, code] = Printed(
                published, name, head.term, row.name, school, code, cell.number, _written(cell)
            )
    return said


def _told(key, was, now):
    return Restatement(
        kpi=was.kpi,
        school=was.school,
        period=was.period,
        was=was.words,
        now=_written(now),
        why=_why(was),
        report=was.report,
        key=":".join(key),
        number=now.number,
    )


def _written(cell):
    if cell.unit == "£":
        return f"£{cell.figure}"
    return f"{cell.figure}{'' if cell.unit in ('%', '') else ' '}{cell.unit}"


def _why(was):
    """The reason that somebody gave when the school's figures were opened again."""
    if not was.code:
        return "Follows from figures of schools that were put right."
    unit = Unit.objects.filter(code=was.code).first()
    rows = AuditRow.objects.filter(unit=unit, at__gt=was.published.at).exclude(reason="")
    latest = rows.order_by("-pk").first() if unit else None
    return latest.reason if latest else "No reason was given."
