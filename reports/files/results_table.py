"""The matrix of a report as tables: every result as a row, and the matrix as it is shown."""

from dashboard.exports import as_csv
from dashboard.exports.matrix import got
from dashboard.exports.tables import Amount, Shaded, Table, columns
from kpis.rag.verdict import Status

RESULTS = columns(
    ("Priority", 24),
    ("KPI code", 9),
    ("KPI", 30),
    ("School", 24),
    ("School code", 12),
    ("Status", 15),
    "Figure",
    ("Unit", 14),
    ("Code", 6),
    ("As shown", 16),
    ("Target", 20),
    ("Moved", 10),
    ("Got", 8),
    ("Marks", 20),
    ("In words", 70),
)


def matrix_as_csv(document):
    """Every result of the matrix, one in a row: what can be filtered and added up."""
    return as_csv.written(results(document))


def results(document):
    found = document.matrix
    if found is None:
        return Table("results", "Results", RESULTS, ())
    trust = document.header.trust
    rows = []
    for row in found.rows:
        cells = [(trust, "", row.trust)]
        if row.cells:
            schools = zip(found.columns, row.cells, strict=True)
            cells += [(column.name, column.code, cell) for column, cell in schools]
        for name, code, cell in cells:
            rows.append((row.priority, row.code, row.name, name, code, *_result(cell, row)))
    return Table("results", "Results", RESULTS, tuple(rows), fixed=3)


def _result(cell, row):
    status = Status(cell.status)
    return (
        status.words,
        amount(cell.number, cell.unit),
        cell.unit,
        cell.code,
        f"{cell.figure} ({cell.note})" if cell.note else cell.figure,
        row.target,
        cell.movement and {"up": "rose", "down": "fell"}[cell.movement.direction],
        got(cell.movement),
        "; ".join(cell.marks),
        cell.say,
    )


def matrix(document):
    found = document.matrix
    if found is None:
        return Table("matrix", "Matrix", (), ())
    heads = columns(
        ("Priority", 22),
        ("KPI code", 9),
        ("KPI", 32),
        ("Span of the figures", 24),
        ("Unit", 10),
        ("Target", 18),
        ("Trust", 15),
        *((column.name, 15) for column in found.columns),
    )
    rows = tuple(
        (
            row.priority,
            row.code,
            row.name,
            row.basis,
            row.unit,
            row.target,
            _shaded(row.trust),
            *_cells(row, len(found.columns)),
        )
        for row in found.rows
    )
    return Table("matrix", "Matrix", heads, rows, fixed=3)


def _cells(row, schools):
    if row.cells:
        return [_shaded(cell) for cell in row.cells]
    return ["Measured for the trust as a whole", *[""] * (schools - 1)][:schools]


def _shaded(cell):
    marks = []
    if cell.movement:
        marks.append("↑" if cell.movement.direction == "up" else "↓")
        marks += ["worse"] if cell.movement.worse else []
    marks += ["p"] if "provisional" in cell.marks else []
    if cell.number is None:
        words = f"{cell.figure} ({cell.note})" if cell.note else cell.figure
        return Shaded(words, Status(cell.status), " ".join(marks))
    marks += [cell.note] if cell.note else []
    return Shaded(cell.number, Status(cell.status), " ".join(marks))


def amount(number, unit):
    """The number with its sign, where it has one; other units stand in a column."""
    if number is None:
        return None
    return Amount(number, before="£" * (unit == "£"), after="%" * (unit == "%"))
