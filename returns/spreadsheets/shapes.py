"""Tables become rows of figures: one long table, or a grid with a sheet for each term.

Long: the heads stand in the first row, one line for each answer; of a workbook
it is the sheet ``Data``, or the only sheet. Grid: B1 says whose return it is, B2
the academic year, the sheet's name the term, and row 4 has the heads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .files import (
    COLUMNS,
    MOST_ROWS,
    NEEDED,
    SEEN,
    TOLD,
    BadFile,
    Fault,
    Row,
    UnknownHeads,
    letters_of,
    shortened,
)
from .table import Table

DATA, HEADS_AT = "data", 4
FOR_READING = frozenset({"how to fill in", "about"})  # in our own files
KNOWN = frozenset({*COLUMNS, *TOLD, SEEN})
PARTS = ("autumn", "spring", "summer")
IN_GRID = ("measure_code",)
OF_ONE = ("measure_code", "value", "numerator", "denominator")


class Of(NamedTuple):
    """A column that holds figures of one measure: its code, and which of its boxes they fill.

    ``group`` is the code of the pupil group that they are about; "" is that
    which the row says, all pupils where it says none.
    """

    measure: str
    column: str
    group: str = ""

    @property
    def words(self) -> str:
        """How a form and the history name it."""
        of = f", {self.group}" if self.group else ""
        return f"{self.column} of {self.measure}{of}"


@dataclass(slots=True)
class Rows:
    """The rows of a file, the faults of those that cannot be read, and what to say of the rest."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asks_heads: bool = False
    heads_told: bool = False  # some of its heads mean what somebody has said


def rows_of(
    tables: Sequence[Table],
    names: Mapping[str, str | Of] | None = None,
    given: Mapping[str, str] | None = None,
) -> Rows:
    """The rows of all sheets that hold figures.

    ``names`` says what heads of an export mean, in lower case: one of our columns,
    or figures of a measure, of which a row then has several; ``given`` what
    goes for every row where the file has no such column. UnknownHeads where
    nobody has said it yet, BadFile if it is no such table at all. Of several
    workbooks each is read for itself, and every problem of all of them is told.
    """
    files = list(dict.fromkeys(table.file for table in tables))
    if len(files) < 2:
        return _rows_of_one(tables, names, given)
    found = Rows()
    for file in files:
        try:
            one = _rows_of_one([table for table in tables if table.file == file], names, given)
        except BadFile as why:
            one = Rows(faults=why.faults)
        found.rows += one.rows
        found.faults += one.faults
        found.notes += one.notes
        found.heads_told |= one.heads_told
    return found


def _rows_of_one(
    tables: Sequence[Table], names: Mapping[str, str | Of] | None, given: Mapping[str, str] | None
) -> Rows:
    found = Rows()
    tables = [table for table in tables if table.rows]
    long = next((table for table in tables if table.sheet.lower() == DATA), None)
    grids = [] if long else [table for table in tables if _is_grid(table)]
    if grids:
        for table in grids:
            _read_grid(table, found)
        found.notes += [
            f'Sheet "{shortened(table.name)}" was left alone: it is no sheet of a term.'
            for table in tables
            if table not in grids and table.sheet.lower() not in FOR_READING
        ]
    else:
        _read_long(long or _only(tables), names or {}, given or {}, found)
    return found


def _only(tables: Sequence[Table]) -> Table:
    """The table that is meant, where none is called Data."""
    tables = [table for table in tables if table.sheet.lower() not in FOR_READING]
    if len(tables) > 1:
        names = ", ".join(shortened(table.sheet) for table in tables[:5])
        words = f"It has several sheets ({names}). Call the one with the figures Data."
        raise BadFile(Fault(0, "", words))
    return tables[0] if tables else Table()


def _is_grid(table: Table) -> bool:
    number = next((number for number, cells in table.rows if "measure_code" in map(_low, cells)), 0)
    return number == HEADS_AT


def _low(text: str) -> str:
    return text.strip().lower()


# A long table


def _read_long(
    table: Table, names: Mapping[str, str | Of], given: Mapping[str, str], found: Rows
) -> None:
    number, cells = table.rows[0] if table.rows else (1, [])
    meant = [_means(_low(cell), names) for cell in cells]
    found.heads_told = any(_low(cell) in names for cell in cells)
    heads = [head if isinstance(head, str) else "-" for head in meant]
    given = {column: text for column, text in given.items() if column not in heads}
    is_wide = any(isinstance(head, Of) for head in meant)
    needed = [name for name in NEEDED if not (is_wide and name in OF_ONE)]
    _check_heads(table, number, cells, heads, given, needed)
    if len(table.rows) > MOST_ROWS + 1:
        words = f"It has more than {MOST_ROWS:,} rows. Split it."
        raise BadFile(Fault(number, "", words, table.name))
    # A file that names no term is about a return, as a grid is.
    of = "" if "term" in given else None
    if of is None:
        given = {column: text for column, text in given.items() if column == "unit"}
    if not is_wide:
        found.rows += _rows(table, table.rows[1:], heads, given, of, found.faults)
        return
    if mixed := [at for at, head in enumerate(heads) if head in OF_ONE]:
        words = "With a column for each measure this one cannot stand there. Leave it out."
        faults = [Fault(number, heads[at], words, table.name, letters_of(at)) for at in mixed]
        raise UnknownHeads(list(cells), [row for _, row in table.rows[1:4]], *faults)
    found.rows += _wide_rows(table, meant, heads, given, of, found.faults)
    found.faults[:] = dict.fromkeys(found.faults)  # a cell is read once for each measure
    if len(found.rows) > MOST_ROWS:
        raise BadFile(
            Fault(0, "", f"It has more than {MOST_ROWS:,} figures. Split it.", table.name)
        )


def _wide_rows(
    table: Table,
    meant: Sequence[str | Of],
    heads: Sequence[str],
    given: Mapping[str, str],
    of: str | None,
    faults: list[Fault],
) -> list[Row]:
    """A row for each measure and group that has a figure in the line, in the order of the file."""
    found = []
    figures = [head for head in meant if isinstance(head, Of)]
    for measure, group in dict.fromkeys((head.measure, head.group) for head in figures):
        own = [
            head.column if isinstance(head, Of) and head[::2] == (measure, group) else plain
            for head, plain in zip(meant, heads, strict=True)
        ]
        about = {**given, "measure_code": measure}
        rows = _rows(table, table.rows[1:], own, about, of, faults, group)
        found += [row for row in rows if any(row[column] for column in OF_ONE[1:])]
    return sorted(found, key=lambda row: row.number)


def _means(head: str, names: Mapping[str, str | Of]) -> str | Of:
    """Our word for a head; that of one that somebody has said to mean nothing is "-"."""
    return names[head] or "-" if head in names else head


def _check_heads(
    table: Table,
    number: int,
    cells: Sequence[str],
    heads: Sequence[str],
    given: Mapping[str, str],
    needed: Sequence[str],
) -> None:
    def fault(at: int, column: str, words: str) -> Fault:
        letter = letters_of(at) if at >= 0 else ""
        return Fault(number, column, words, table.name, letter)

    allowed = ", ".join(COLUMNS)
    unknown = [
        fault(at, shortened(cells[at]) or "(empty)", f"Unknown column. Allowed: {allowed}.")
        for at, head in enumerate(heads)
        if head not in KNOWN and head != "-" and (head or _has_texts(table, at))
    ]
    missing = [
        fault(-1, name, "This column is missing.")
        for name in needed
        if name not in heads and name not in given
    ]
    twice = [
        fault(list(heads).index(name), name, "This column stands there twice.")
        for name in COLUMNS
        if list(heads).count(name) > 1
    ]
    if twice:
        raise BadFile(*twice, *unknown, *missing)
    if unknown or missing:
        sample = [cells for _, cells in table.rows[1:4]]
        raise UnknownHeads(list(cells), sample, *unknown, *missing)


def _has_texts(table: Table, at: int) -> bool:
    return any(len(cells) > at and cells[at] for _, cells in table.rows[1:])


# A grid


def _read_grid(table: Table, found: Rows) -> None:
    lines = dict(table.rows)

    def top(number: int) -> str:
        cells = lines.get(number, [])
        return cells[1] if len(cells) > 1 else ""

    term = _low(table.sheet).partition(" ")[0]
    wrong = []
    if term not in PARTS:
        words = "A sheet with figures is named for its term: Autumn, Spring or Summer."
        wrong.append(Fault(0, "", words, table.name))
    if not top(1):
        words = "Write the URN of the school in B1."
        wrong.append(Fault(1, "unit", words, table.name, "B"))
    if not top(2):
        words = "Write the academic year in B2, like 2025/26."
        wrong.append(Fault(2, "academic_year", words, table.name, "B"))
    heads = [_low(cell) for cell in lines[HEADS_AT]]
    try:
        _check_heads(table, HEADS_AT, lines[HEADS_AT], heads, {}, IN_GRID)
    except BadFile as why:
        raise BadFile(*wrong, *why.faults) from None
    if wrong:
        raise BadFile(*wrong)
    given = {"academic_year": top(2), "term": term}
    body = [(number, cells) for number, cells in table.rows if number > HEADS_AT]
    for row in _rows(table, body, heads, given, top(1), found.faults):
        row.cells["unit"] = row.cells.get("unit") or top(1)
        found.rows.append(row)


# The rows of either


def _rows(
    table: Table,
    lines: Sequence[tuple[int, list[str]]],
    heads: Sequence[str],
    given: Mapping[str, str],
    of: str | None,
    faults: list[Fault],
    group: str = "",
) -> Iterator[Row]:
    """The rows; of one whose cells cannot be read, the faults."""
    ours = [at for at, head in enumerate(heads) if head in COLUMNS or head == SEEN]
    letters = {heads[at]: letters_of(at) for at in ours}
    merged = _merged(table, lines, ours)
    for number, cells in lines:
        wrongs = [(at, table.wrongs[number, at]) for at in ours if (number, at) in table.wrongs]
        wrongs += merged.get(number, [])
        faults += [
            Fault(number, heads[at], words, table.name, letters_of(at)) for at, words in wrongs
        ]
        if len(cells) > len(heads) and any(cells[len(heads) :]):
            words = "It has more cells than the head has columns."
            faults.append(Fault(number, "", words, table.name, letters_of(len(heads))))
            continue
        texts = {heads[at]: cells[at] for at in ours if at < len(cells)}
        if wrongs or not any(text for head, text in texts.items() if head != SEEN):
            continue
        kinds = (
            {heads[at]: table.kinds[number, at] for at in ours if (number, at) in table.kinds}
            if table.kinds
            else {}
        )
        yield Row(
            number,
            {**given, **texts},
            table.name,
            kinds,
            letters,
            number in table.hidden,
            of,
            group,
        )


def _merged(
    table: Table, lines: Sequence[tuple[int, list[str]]], ours: Sequence[int]
) -> dict[int, list[tuple[int, str]]]:
    """By row, the first cell of each merged area: one text cannot be that of several rows."""
    first = lines[0][0] if lines else 0
    last = lines[-1][0] if lines else -1
    found: dict[int, list[tuple[int, str]]] = {}
    for top, left, bottom, right in table.merged:
        at = next((at for at in ours if left <= at <= right), None)
        if at is not None and bottom >= first and top <= last:
            area = f"{letters_of(left)}{top}:{letters_of(right)}{bottom}"
            words = f"The cells {area} are merged. Unmerge them and fill in each one."
            row = next((number for number, _ in lines if top <= number <= bottom), first)
            found.setdefault(row, []).append((at, words))
    return found
