"""The list of returns as a table: who has sent, who is late, what is to do next."""

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


def returns_book(listed):
    table = Table("returns", "Returns", COLUMNS, tuple(map(_row, listed.rows)))
    about = (("Due", listed.due_words), ("In short", listed.summary))
    return Book("returns", listed.heading, (table,), tuple(row for row in about if row[1]))


def _row(row):
    changed = timezone.localtime(row.changed).replace(tzinfo=None) if row.changed else None
    return (
        row.unit,
        str(row.state_words),
        yes(row.late_words),
        row.late_words,
        row.figures_in,
        row.figures,
        changed,
        row.changed_by,
        row.action_words,
    )
