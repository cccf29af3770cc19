"""The floor of the PDF is honest: it lays out what the report lays out."""

from bench.board_pdf import static
from reports.pdf import paper
from tests.reports.documents import make_document
from tests.reports.structure import Paper, squeezed


def test_the_static_page_has_the_words_tables_and_charts_of_the_report(tmp_path):
    document = make_document(kpis=12, schools=6)

    floor = Paper(paper.typeset(b"{}", script=static(tmp_path, document)))
    report = Paper(paper.written(document))

    assert 0.9 < len(floor.words) / len(report.words) < 1.1
    for kind in ("TD", "Figure", "H3"):
        told = [len(list(one.root.every(kind))) for one in (floor, report)]
        assert told[0] >= 0.9 * told[1]
    for one in document.exceptions:
        assert squeezed(one.sentence) in floor.words
    assert all(squeezed(cell.figure) in floor.words for cell in document.matrix.rows[0].cells)
