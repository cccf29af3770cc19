"""The KPI page as tables: schools, over time, groups, what has to hold, changes."""

from django.utils import timezone

from .tables import FIGURE, Book, Table, columns, marks_in_words
from .written import figure_cells, number_in

SCHOOLS = columns(
    ("Phase", 20),
    ("School", 30),
    ("Status", 15),
    *FIGURE,
    ("Target", 16),
    "Target number",
    ("Against target", 18),
    ("Moved", 34),
    ("Marks", 22),
    ("Note", 30),
    ("Why", 70),
)
GROUPS = columns(("Group", 26), *FIGURE, ("Gap to others", 22), ("Gap moved", 22))
PARTS = columns(("Part", 30), ("Status", 15), *FIGURE, ("Marks", 22), ("Why", 70), ("Rule", 60))
HISTORY = columns(
    ("Period", 18),
    ("School", 30),
    ("Group", 22),
    *FIGURE,
    ("Target", 14),
    ("Standing", 16),
    ("Who", 22),
    ("When", 18),
    ("How", 14),
    ("Before", 16),
    ("Reason", 40),
)
VERSIONS = columns(
    ("In force from", 14),
    ("What", 26),
    ("Before", 34),
    ("After", 34),
    ("Changed by", 20),
    ("On", 14),
    ("Reason", 40),
)


def kpi_book(kpi):
    """The file of one KPI page: a table for everything that the page shows as one."""
    tables = (
        Table("schools", "Schools", SCHOOLS, tuple(_schools(kpi.phases)), fixed=2),
        *over_time(kpi),
        *_groups(kpi.groups),
        Table("parts", "What has to hold", PARTS, tuple(map(_part, kpi.clauses))),
        Table("versions", "Targets and rules", VERSIONS, tuple(map(_version, kpi.versions))),
    )
    school = kpi.school.name if kpi.school else "the whole trust"
    status = f"{kpi.verdict.sentence} {kpi.rule}".strip()
    about = (("KPI", f"{kpi.code} {kpi.name}".strip()), ("Whose", school), ("Status", status))
    return Book(kpi.name, kpi.name, tuple(table for table in tables if table.rows), about)


def _schools(phases):
    for phase in phases:
        for row in phase.rows:
            yield (
                phase.title,
                row.name,
                row.status.words,
                *figure_cells(row.figure),
                row.target,
                number_in(row.target),
                row.difference,
                row.movement.words if row.movement else "",
                marks_in_words(row.marks),
                row.note,
                row.sentence,
            )


def over_time(kpi):
    """The chart's figures, those that the page shows as a table."""
    chart = kpi.chart
    if chart is not None and chart.rows:
        rows = ((period, *map(_number_or_words, figures)) for period, figures in chart.rows)
        yield chart_table(chart.heads, rows)


def chart_table(heads, rows):
    """The figures of a chart by their periods; a missing one is a blank, never a zero."""
    heads = columns(("Period", 18), *((head, 14) for head in heads))
    return Table("chart", "Over time", heads, tuple(map(tuple, rows)))


def _number_or_words(words):
    """A blank stays one: nothing was published or sent for the period."""
    number = number_in(words)
    return words if number is None else number


def _groups(part):
    if part is not None:
        rows = ((row.name, *figure_cells(row.figure), row.gap, row.moved) for row in part.rows)
        yield Table("groups", "Groups", GROUPS, tuple(rows))


def _part(clause):
    return (
        clause.name,
        clause.verdict.status.words,
        *figure_cells(clause.figure or ""),
        marks_in_words(sorted(clause.verdict.marks)),
        clause.verdict.sentence,
        clause.rule,
    )


def _version(row):
    on = row.when.date() if row.when else None
    return (row.from_period, row.what, row.before, row.after, row.who, on, row.reason)


def history_book(page, kpi):
    """What was answered, by whom and when: every row of the choices, not only this page."""
    rows = page.history.every(page.unit, page.term)
    table = Table("history", "History of figures", HISTORY, tuple(map(_answer, rows)), fixed=2)
    school = kpi.school.name if kpi.school else "all who may be seen"
    about = (("KPI", f"{kpi.branch.code} {kpi.branch.title}".strip()), ("Whose", school))
    return Book(f"{kpi.branch.title} history", f"History of {kpi.branch.title}", (table,), about)


def _answer(row):
    when = timezone.localtime(row.when).replace(tzinfo=None) if row.when else None
    told = (row.target, row.standing, row.who, when, row.how, row.before, row.reason)
    return (row.period, row.unit, row.group, *figure_cells(row.figure), *told)
