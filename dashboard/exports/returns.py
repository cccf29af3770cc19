"""The list of returns as tables: who has sent, who is late, what is missing, what is to do next."""

from django.utils import timezone

from .tables import Book, Table, columns, yes

COLUMNS = columns(
    ("Return of", 36),
    ("State", 18),
    ("Late", 8),
    ("How late", 24),
    "Figures in",
    "Figures asked",
    ("Last change", 18),
    ("By", 24),
    ("Next", 20),
)

BOARD = columns(
    *((column.head, column.width) for column in COLUMNS),
    ("Due", 18),
    "Queries",
    "Missing",
    ("Last reminded", 18),
    ("Contact", 28),
    ("E-mail", 32),
    ("KPIs not known, or known in part, without them", 60),
)
MISSING = columns(
    ("Return of", 36), ("Missing figure", 60), ("State", 18), ("Late", 8), ("Due", 18)
)


def returns_book(listed):
    table = Table("returns", "Returns", COLUMNS, tuple(map(_row, listed.rows)))
    about = (("Due", listed.due_words), ("In short", listed.summary))
    return Book("returns", listed.heading, (table,), tuple(row for row in about if row[1]))


def _row(row):
    return (
        row.unit,
        str(row.state_words),
        yes(row.late_words),
        row.late_words,
        row.figures_in,
        row.figures,
        _in_london(row.changed),
        row.changed_by,
        row.action_words,
    )


def board_book(board):
    """The board as the data manager sees it, and a row for every figure that is missing in it."""
    rows = tuple(map(_board_row, board.rows))
    missing = tuple(
        (
            one.row.unit,
            name,
            str(one.row.state_words),
            yes(one.row.late_words),
            _in_london(one.due),
        )
        for one in board.rows
        for name in one.missing
    )
    shown = next(choice.label for choice in board.choices if choice.current)
    about = (("Due", board.due_words), ("In short", board.summary), ("Shown", shown))
    tables = (
        Table("returns", "Returns", BOARD, rows),
        Table("missing", "Missing figures", MISSING, missing, fixed=2),
    )
    return Book("returns", board.heading, tables, about)


def _board_row(one):
    return (
        *_row(one.row),
        _in_london(one.due),
        one.queries,
        len(one.missing),
        _in_london(one.reminded),
        "; ".join(name for name, _ in one.contacts),
        "; ".join(email for _, email in one.contacts),
        "; ".join(name for name, _ in one.hides),
    )


def _in_london(at):
    """A moment as clocks in London show it; a spreadsheet knows no time zone."""
    return timezone.localtime(at).replace(tzinfo=None) if at else None
