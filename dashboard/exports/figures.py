"""A term's figures in the columns in which they come in."""

from returns.spreadsheets.files import COLUMNS

from .tables import Book, Column, Table

WIDE = {"evidence": 40, "why": 40, "what_next": 40, "measure_code": 28, "reviewer": 24}


def figures_book(term, rows):
    """One sheet, "Data": taken in again as it is, it changes nothing."""
    columns = tuple(Column(name, WIDE.get(name, 14), wraps=name in WIDE) for name in COLUMNS)
    about = (("Columns", "As import_figures takes them in"),)
    return Book(
        "figures", f"Figures of {term}", (Table("data", "Data", columns, tuple(rows), 2),), about
    )
