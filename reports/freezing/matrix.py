"""The appendix: every result of the KPIs that the report is about, school by school."""

from dashboard.results import basis_of, promised
from kpis.rag.verdict import Mark

from ..shapes import Cell, Column, Matrix, MatrixRow
from .writing import movement_shape


def matrix_of(board, shown):
    """``shown`` are the KPIs in order."""
    names = {top.id: f"{top.code} {top.title}".strip() for top in board.tops}
    columns = tuple(
        Column(school.code, school.name, board.facts.shorts[school.id]) for school in board.schools
    )
    kpis, schools = len(shown), len(columns)
    return Matrix(
        caption=f"{kpis} KPI{'' if kpis == 1 else 's'},"
        f" {schools} school{'' if schools == 1 else 's'}, {board.term}",
        columns=columns,
        rows=tuple(_row(board, one, names[one.top]) for one in shown),
    )


def _row(board, across, priority):
    clause = across.trust.clause or across.promise.clauses[0]
    schools = () if across.is_whole else [school.id for school in board.schools]
    return MatrixRow(
        priority=priority,
        code=across.branch.code,
        name=across.branch.title,
        basis=basis_of(board.given, clause),
        target=promised(board.given, across.promise, clause)[1],
        unit=unit_of(across.trust),
        trust=_cell(board, across, board.given.trust),
        cells=tuple(_cell(board, across, school) for school in schools),
        key=across.branch.key,
    )


def _cell(board, across, unit):
    cell = board.cell(across, unit)
    result = board.result(across, unit)
    marks = [mark for mark in cell.marks if mark is not Mark.LATE]
    return Cell(
        status=cell.status.value,
        letter=cell.status.letter,
        figure=cell.figure,
        number=cell.value,
        unit=unit_of(result) if cell.value is not None else "",
        code=cell.code,
        marks=tuple(mark.words for mark in marks),
        movement=movement_shape(cell.movement),
        note=cell.note,
        say=cell.spoken.removeprefix(f"{board.name_of(unit)}. "),  # the column says whose it is
    )


def unit_of(result):
    """What a figure counts, beside the number: %, points, £ or words."""
    shown = result and result.said and result.said.shown
    if not shown:
        return ""
    is_gap = result.clause is not None and result.clause.terms[-1].rule == "gap"
    return {"percentage": "points" if is_gap else "%", "money": "£"}.get(shown.kind, shown.words)
