"""What a frozen report is written as: the page, and the files that go out with it.

Each writer is a pure function of the document: the same document gives the
same bytes, on any day and in any process.
"""

from collections.abc import Callable

from ..pdf import paper
from ..shapes import Document
from . import results_table, word, workbook

# Kind of file -> what writes it. The kind is the end of the file's name.
FILES: dict[str, Callable[[Document], bytes]] = {
    "csv": results_table.matrix_as_csv,
    "docx": word.written,
    "pdf": paper.written,
    "xlsx": workbook.written,
}
