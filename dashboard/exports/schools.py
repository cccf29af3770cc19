"""The pages of schools as tables: one on a page, all in a list, some side by side."""

from .tables import FIGURE, Book, Table, columns, marks_in_words
from .written import figure_cells, number_in

ONE = columns(
    ("Priority", 26),
    ("KPI", 32),
    ("About", 24),
    ("Status", 15),
    *FIGURE,
    ("Figure of", 12),
    ("Target", 18),
    ("Moved", 40),
    ("Marks", 22),
    "Trust",
    "England",
    "Similar schools",
    ("Why", 70),
)
LIST = columns(
    ("School", 36), ("Phase", 18), "Pupils", ("Results", 40), ("Return", 18), ("Late figures", 14)
)
BESIDE = (("Priority", 26), ("KPI", 32), ("Part of it", 28), ("About", 28), ("Target", 16))


def school_book(school, code):
    """One school: a row for each KPI that applies to it."""
    rows = [_row(section.title, row) for section in school.sections for row in section.rows]
    about = [("School", school.name), ("About it", school.lead)]
    about += [("Note", words) for words in school.notes]
    words = f"{school.trust_wide} {school.outside_note}".strip()
    about += [("Measured otherwise", words)] if words else []
    if school.not_applicable:
        names = ", ".join(link.label for link in school.not_applicable)
        about.append(("Not applicable to this school", names))
    table = Table("results", "Scorecard", ONE, tuple(rows), fixed=2)
    return Book(f"school-{code}", school.name, (table,), tuple(about))


def _row(priority, row):
    moved = row.movement.words if row.movement else ""
    beside = (row.trust, row.england.figure, row.similar.figure)
    return (
        priority,
        row.name,
        row.about,
        row.status.words,
        *figure_cells(row.figure),
        row.note,
        row.target,
        moved,
        marks_in_words(row.marks),
        *map(_number_or_words, beside),
        row.sentence,
    )


def _number_or_words(words):
    number = number_in(words)
    return words if number is None else number


def list_book(schools):
    rows = tuple(
        (row.name, row.phase, number_in(row.pupils), row.counts, row.return_words, row.late)
        for row in schools.rows
    )
    table = Table("schools", "Schools", LIST, rows)
    return Book("schools", schools.heading, (table,), (("Shown", schools.summary),))


def compare_book(comparison):
    """Schools side by side: for each its status and its figure, and the trust's beside them."""
    pairs = [
        head
        for column in comparison.columns
        for head in ((f"{column.name}: status", 15), (f"{column.name}: figure", 12))
    ]
    heads = columns(*BESIDE, ("Trust", 12), ("Outside figure", 20), *pairs)
    rows = tuple(
        _beside(section.title, row) for section in comparison.sections for row in section.rows
    )
    table = Table("compare", "Side by side", heads, rows, fixed=3)
    schools = ", ".join(column.name for column in comparison.columns)
    about = (("Schools", schools), ("Not to be read as", comparison.note))
    return Book("compare", comparison.heading, (table,), about)


def _beside(priority, row):
    outside = "; ".join(" ".join(filter(None, one)) for one in row.outside)
    cells = [
        value for cell in row.cells for value in (cell.status.words, _number_or_words(cell.figure))
    ]
    part = row.name if row.is_clause else ""
    target, trust = row.target, _number_or_words(row.trust)
    return (priority, "" if part else row.name, part, row.about, target, trust, outside, *cells)
