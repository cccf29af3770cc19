"""The published document as data: frozen as text and read again, nothing is lost."""

import json
from decimal import Decimal

import pytest

from reports.shapes import Document

from .documents import make_document

HOSTILE = "<script>alert(1)</script> =SUM(A1) #panic(1) *x* $z$ \\u0000 “ŵ” \N{THUMBS UP SIGN}\n-1"


@pytest.mark.parametrize(
    "document",
    [
        make_document(),
        make_document(kpis=1, schools=1, exceptions=0, priorities=1),
        make_document(text=HOSTILE),
        make_document(matrix=None, worst=(), summary=()),
    ],
)
def test_what_is_frozen_is_read_again_the_same(document):
    frozen = document.as_json()

    assert Document.read(frozen) == document
    assert Document.read(frozen).as_json() == frozen


def test_a_figure_keeps_its_decimals_and_a_missing_one_is_no_zero():
    document = make_document(kpis=8)
    told = json.loads(document.as_json())

    cells = [cell for row in told["matrix"]["rows"] for cell in row["cells"]]
    assert "92.5" in {cell["number"] for cell in cells}
    assert None in {cell["number"] for cell in cells}
    read = Document.read(document.as_json()).matrix.rows[1].cells[0]
    assert read.number == Decimal("93.5")
    assert str(read.number) == "93.5"
