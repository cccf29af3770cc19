"""The published report as data: all that a board reads, and nothing that is still to be worked out.

Text is ready to be read, numbers are Decimals as shown and judged, charts are
geometry with a sentence that says the same: the page draws them with its style
sheet, the PDF with colours of its own. Whatever writes a report, as a page or
as a file, is handed one `Document` and asks nobody else. It is frozen as JSON
by `as_json`, and `read` gives it back, the same.
"""

from .appendix import Cell, Column, Definition, Explained, Matrix, MatrixRow, Release
from .document import Document
from .drawn import Band, Bullet, Chip, Counts, Movement, Spark, Stack, StackPart
from .exceptions import Answered, Exceptional, Restatement
from .first import Ask, Header, Question, Result
from .priorities import Entry, KpiRow, Section

__all__ = [
    "Answered",
    "Ask",
    "Band",
    "Bullet",
    "Cell",
    "Chip",
    "Column",
    "Counts",
    "Definition",
    "Document",
    "Entry",
    "Exceptional",
    "Explained",
    "Header",
    "KpiRow",
    "Matrix",
    "MatrixRow",
    "Movement",
    "Question",
    "Release",
    "Restatement",
    "Result",
    "Section",
    "Spark",
    "Stack",
    "StackPart",
]
