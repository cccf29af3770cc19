"""The dashboard as tables: every result as a row of its own, and the matrix as it is shown.

What is arranged for the page is walked, so a file has the rows, the order and
the filter of the page; the numbers come from the same judged results.
"""

from kpis.rag.verdict import Mark, Status

from ..cells import SPOKEN, when
from ..results import clause_result, clause_trust_result, school_result, trust_result
from .rules import definitions
from .tables import Book, Shaded, Table, columns, yes

RESULTS = columns(
    ("Priority", 24),
    "KPI code",
    ("KPI", 30),
    ("Part", 20),
    ("School", 24),
    "School code",
    ("Status", 15),
    "Figure",
    ("Unit", 14),
    ("Code", 6),
    ("As shown", 14),
    ("Figure of", 13),
    ("Target", 22),
    "Target number",
    "Moved",
    ("Got", 8),
    ("Compared with", 13),
    "Provisional",
    ("Late", 6),
    ("Marks", 22),
    ("Why", 70),
)
NOT_ASKED = "Not applicable: nothing is asked of this school here."
READ_SO = (
    "R off target, A close to target, G on target, then the figure. An arrow: the figure rose or "
    "fell; worse: that was for the worse. p: provisional, sent in and not approved yet. c: carried "
    "from an earlier term, which the sheet Results names"
)


def matrix_book(seen):
    """The file of one person's look at the dashboard."""
    facts, page = seen.facts, seen.page
    by_key = {one.branch.key: one.judged for one in seen.every}
    shown = [
        (row.above or section.title, row, by_key[row.key])
        for section in page.sections
        for row in section.rows
    ]
    rows = tuple(_Results(facts.given, seen.sight, page.columns).rows(shown))
    return Book(
        name="dashboard",
        title=page.heading,
        tables=(
            Table("results", "Results", RESULTS, rows, fixed=3),
            _as_shown(page),
            definitions(facts, shown),
        ),
        about=(
            ("Plan", _plan_years(facts.given)),
            ("Shown", _choices(page)),
            ("Rows", page.empty.sentence if page.empty else page.caption),
            *_progress(page.progress),
            ("The sheet Matrix", READ_SO),
        ),
    )


class _Results:
    """The long form: a row for each result that the page shows in full ink."""

    def __init__(self, given, sight, columns):
        self.given, self.sight, self.columns = given, sight, columns

    def rows(self, shown):
        for priority, row, judged in shown:
            trust = trust_result(self.given, judged)
            schools = [school_result(judged, column.id) for column in self.columns]
            yield from self._of(priority, row, row, "", trust, schools)
            lines = {line.clause.key: line for line in judged.lines}
            for clause in row.clauses:
                line = lines[clause.key.removeprefix(f"{row.key}-")]
                trust = clause_trust_result(self.given, line)
                schools = [clause_result(line, column.id) for column in self.columns]
                yield from self._of(priority, row, clause, clause.name, trust, schools)

    def _of(self, priority, kpi, row, part, trust, schools):
        """One KPI, or one clause of it: the trust's line, then each school's."""
        own = self.given.units[self.given.trust]
        # What is measured for the trust as a whole is in no file of a school.
        has_trust = self.sight.sees_all or not row.whole_trust
        pairs = [(own, row.trust, trust)] if has_trust else []
        if not row.whole_trust:
            units = [self.given.units[column.id] for column in self.columns]
            pairs += zip(units, row.cells, schools, strict=True)
        names = priority, kpi.code, kpi.name, part
        for unit, cell, result in pairs:
            if not cell.dim:
                yield (*names, *_row(unit, cell, result, row))


def _row(unit, cell, result, row):
    """What is known of one result. ``result`` is None where nothing is asked of the school."""
    said = result and result.said
    period = None
    if said is not None and cell.value is not None:
        period = said.period if said.figure is not None else said.last_period
    target = said.target if said is not None else None
    moved = cell.movement and said.moved
    is_late = Mark.LATE in cell.marks
    others = [SPOKEN[mark] for mark in cell.marks if mark not in (Mark.LATE, Mark.PROVISIONAL)]
    return (
        unit.name,
        unit.code,
        cell.status.words if cell.status else "",
        cell.value,
        _unit(result) if (cell.value, target) != (None, None) else "",
        code_of_cell(cell),
        _words(cell),
        when(period) if period else "",
        (said.target_words if said else "") or row.target_spoken,
        target,
        moved,
        got(cell.movement),
        when(said.before_period) if moved is not None else "",
        yes(cell.provisional),
        yes(is_late),
        "; ".join(others),
        result.verdict.sentence
        if result
        else "Not applicable: nothing is asked of this school here.",
    )


def code_of_cell(cell):
    """The letter in the place of a figure; nothing is asked where a cell has no result."""
    return cell.code or ("z" if cell.status is Status.NOT_APPLICABLE else "")


def _words(cell):
    """What stands in the cell, with the older figure beside it."""
    return f"{cell.figure} ({cell.note})" if cell.note else cell.figure


def _unit(result):
    shown = result and result.said and result.said.shown
    if not shown:
        return ""
    is_gap = result.clause is not None and result.clause.terms[-1].rule == "gap"
    return {"percentage": "points" if is_gap else "%", "money": "£"}.get(shown.kind, shown.words)


def got(movement):
    """worse or better, where the number has a good side."""
    words = movement.words if movement else ""
    return next((got for got in ("worse", "better") if words.endswith(f"got {got}")), "")


# The matrix as it is shown


def _as_shown(page):
    heads = columns(
        ("Priority", 22),
        ("KPI", 32),
        ("Span of the figures", 24),
        "Target",
        ("Trust", 15),
        *((column.name, 15) for column in page.columns),
    )
    width = len(page.columns)
    rows = [
        (row.above or section.title, *_line(line, line is not row, width))
        for section in page.sections
        for row in section.rows
        for line in (row, *row.clauses)
    ]
    return Table("matrix", "Matrix", heads, tuple(rows), fixed=2)


def _line(row, is_part, schools):
    name = f"Part: {row.name}" if is_part else row.name
    cells = [_shaded(cell) for cell in row.cells]
    if row.whole_trust:
        cells = ["Measured for the trust as a whole", *[""] * (schools - 1)][:schools]
    return (name, row.basis, row.target_spoken or row.target, _shaded(row.trust), *cells)


def _shaded(cell):
    marks = []
    if cell.movement:
        marks.append("↑" if cell.movement.direction == "up" else "↓")
        marks += ["worse"] if cell.movement.worse else []
    marks += ["p"] if cell.provisional else []
    if cell.value is None:
        return Shaded(_words(cell), cell.status, " ".join(marks), cell.dim)
    marks += ["c"] if cell.note else []
    return Shaded(cell.value, cell.status, " ".join(marks), cell.dim)


# About


def _plan_years(given):
    return f"{given.plan_starts.year} to {given.plan_ends.year}"


def _choices(page):
    """The tab, the chips and the order that are chosen."""
    links = [*page.tabs, *(link for group in page.filters for link in group.links), *page.sorts]
    return ", ".join(link.label for link in links if link.current) or "everything"


def _progress(progress):
    if progress is None:
        return
    yield (
        "In",
        f"{progress.schools_in} of {progress.schools} schools, {progress.figures_in} of "
        f"{progress.figures} figures ({progress.share}), {progress.late} late",
    )
    if progress.closed_words:
        yield "Closed", progress.closed_words
