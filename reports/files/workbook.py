"""The report as a workbook: figures are numbers, text is text, and a blank is no zero.

A sheet for the exceptions and one for each priority, every result as a row,
the matrix as it is shown, what the words mean. Tables and writer are those of
`dashboard.exports`.
"""

from datetime import date

from dashboard.exports import as_xlsx
from dashboard.exports.answer import CODES
from dashboard.exports.matrix import READ_SO
from dashboard.exports.tables import Book, Shaded, Table, columns
from dashboard.exports.written import code_in, number_in
from kpis.rag.verdict import Status

from .results_table import amount, matrix, results

KPIS = columns(
    ("KPI code", 9),
    ("KPI", 32),
    ("Span of the figures", 26),
    ("Status", 15),
    "Figure",
    ("Unit", 14),
    ("Code", 6),
    ("As shown", 16),
    ("Target", 20),
    "Target number",
    ("Movement", 34),
    ("Schools", 24),
    ("Marks", 20),
)
EXCEPTIONS = columns(
    ("Item", 6),
    ("KPI code", 9),
    ("KPI", 28),
    ("School", 24),
    ("Status", 15),
    "Figure",
    ("As shown", 16),
    ("Target", 20),
    ("Movement", 34),
    ("Sentence", 40),
    ("Why", 44),
    ("What next", 44),
    ("Who", 18),
    ("By when", 16),
    ("The school says", 40),
)
ENTRIES = columns(
    ("Priority", 28),
    ("Kind", 11),
    ("Code", 8),
    ("Title", 44),
    ("In words", 60),
    ("Due", 26),
    ("Who", 26),
    ("Status", 15),
    ("Marks", 20),
)
DEFINITIONS = columns(
    ("Priority", 24),
    ("KPI code", 9),
    ("KPI", 30),
    ("In the plan's words", 44),
    ("Rules", 60),
    ("What counts", 40),
    ("Made from", 36),
    ("The trust's status", 36),
    ("Due", 20),
)
OUTSIDE = columns(
    ("Figure", 30),
    ("From", 16),
    ("Period", 16),
    ("Value", 12),
    ("As shown", 16),
    ("Release", 36),
    ("Published on", 18),
    ("Source", 50),
)
RESTATED = columns(
    ("KPI", 30),
    ("School", 24),
    ("Period", 16),
    ("Was", 14),
    ("Now", 14),
    ("Why", 50),
    ("Printed in", 40),
)


def written(document):
    """The bytes of the workbook."""
    return as_xlsx.written(book_of(document), _day(document))


def book_of(document):
    head = document.header
    tables = [
        _exceptions(document),
        *(_priority(section) for section in document.sections),
        _entries(document),
        results(document),
        matrix(document),
        _definitions(document),
        _outside(document),
        _restated(document),
    ]
    return Book(
        name="board-report",
        title=f"{head.title}, {head.trust}",
        tables=tuple(table for table in tables if table.rows),
        about=tuple(_about(document)),
    )


def _about(document):
    head = document.header
    if head.is_example:
        yield "Example", "All of this is invented data"
    yield "Trust", head.trust
    yield "Plan", " · ".join(part for part in (head.plan, head.year_of) if part)
    yield "Report", f"{head.title}, version {head.version}"
    if head.correction:
        yield f"Version {head.version} corrects", head.correction
    meeting = ", ".join(part for part in (head.meeting, head.committee, head.meeting_on) if part)
    yield "For", meeting
    if head.purpose:
        yield "Purpose", head.purpose
    yield "Figures as at", head.as_at
    yield "Figures in", head.completeness
    if head.provisional:
        yield "Provisional", head.provisional
    if head.prepared_by:
        yield "Prepared by", head.prepared_by
    for ask in document.asks:
        yield f"We ask you to ({ask.number})", ask.words
    for paragraph in document.summary:
        yield "Summary", paragraph
    for section in document.sections:
        if section.aim:
            yield f"{section.number} {_title(section)}", section.aim
    yield "The sheet Matrix", READ_SO
    yield "Codes where there is no figure", CODES
    for one in document.explained:
        yield one.term, one.words


def _day(document):
    return date.fromisoformat(document.header.as_at_moment[:10])


def _exceptions(document):
    rows = tuple(
        (
            one.number,
            one.code,
            one.kpi,
            one.school,
            Shaded(one.chip.words, Status(one.chip.status)),
            amount(number_in(one.figure), _unit_in(one.figure)),
            one.figure,
            one.target,
            _words(one.movement),
            one.sentence,
            one.why,
            one.what_next,
            one.who,
            one.by_when,
            one.reply,
        )
        for one in document.exceptions
    )
    return Table("exceptions", "Exceptions", EXCEPTIONS, rows, fixed=3)


def _priority(section):
    return Table(section.number, _title(section), KPIS, tuple(map(_kpi, section.kpis)), fixed=2)


def _title(section):
    return f"{section.code} {section.title}".strip()


def _kpi(row):
    return (
        row.code,
        row.name,
        row.basis,
        Shaded(row.chip.words, Status(row.chip.status)),
        amount(row.number, row.unit),
        row.unit,
        "" if row.number is not None else code_in(row.figure),
        row.figure,
        row.target,
        amount(row.target_number, row.unit),
        _words(row.movement),
        row.spread,
        "; ".join(row.chip.marks),
    )


def _entries(document):
    rows = tuple(
        (
            _title(section),
            kind,
            one.code,
            one.title,
            one.words,
            one.due,
            one.who,
            Shaded(one.chip.words, Status(one.chip.status)) if one.chip else "",
            "; ".join(one.chip.marks) if one.chip else "",
        )
        for section in document.sections
        for kind, entries in (
            ("Milestone", section.milestones),
            ("Action", section.actions),
            ("Risk", section.risks),
        )
        for one in entries
    )
    return Table("milestones", "Milestones, actions, risks", ENTRIES, rows, fixed=3)


def _definitions(document):
    rows = tuple(
        (
            one.priority,
            one.code,
            one.name,
            one.words,
            "\n".join(one.rules),
            one.what_counts,
            one.made_from,
            one.roll_up,
            one.due,
        )
        for one in document.definitions
    )
    return Table("definitions", "Definitions", DEFINITIONS, rows, fixed=3)


def _outside(document):
    rows = tuple(
        (
            one.name,
            one.provider,
            one.period,
            amount(one.number, _unit_in(one.figure)),
            one.figure,
            one.release,
            one.published_on,
            one.source,
        )
        for one in document.releases
    )
    return Table("outside", "Figures from outside", OUTSIDE, rows)


def _restated(document):
    rows = tuple(
        (one.kpi, one.school, one.period, one.was, one.now, one.why, one.report)
        for one in document.restatements
    )
    return Table("restated", "Figures put right", RESTATED, rows)


def _unit_in(figure):
    """The sign that a written figure has."""
    return "%" if figure.endswith("%") else "£" if "£" in figure else ""


def _words(movement):
    return movement.words if movement else ""
