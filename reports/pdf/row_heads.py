"""The first cell of a row heads the row: said in the PDF, where typesetting cannot say it yet.

Typst tags the heads of columns, and each cell names its own; the head of a row
it tags as a cell like any other (its `pdf.header-cell` is not open to Python).
So the tags of the finished file are changed where they stand: the first cell of
each row becomes a head with a scope, and no cell names its heads any more,
because all follow from the scopes. Every change is as long as what was there,
so no other byte moves, and the file stays as sound as it was.
"""

import re

STARTXREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
SECTION = re.compile(rb"xref\s+0 (\d+)\s+")
ENTRY = 20  # bytes of one line of the table of objects
ROW = re.compile(rb"\d+ 0 obj\s<</Type/StructElem/S/TR/P \d+ 0 R/K\[((?:\d+ 0 R ?)+)\]")
CELL = re.compile(rb"\d+ 0 obj\s<</Type/StructElem/S/(T[DH])/P \d+ 0 R")
HEADS = re.compile(rb"/Headers\[[^\]]*\]")
SCOPE = b"/Scope/Row"


class Unexpected(ValueError):
    """The file is not written as Typst writes it: nothing was changed."""


def with_row_heads(pdf: bytes) -> bytes:
    """The same file, of the same length, with the first cell of each row as its head."""
    told = bytearray(pdf)
    places = _places(pdf)
    for place in places.values():
        row = ROW.match(pdf, place)
        if row is None:
            continue
        first, *others = (int(number) for number in re.findall(rb"(\d+) 0 R", row[1]))
        if _kind(pdf, places[first])[0] == b"TD":
            _put(told, pdf, places[first], as_head=True)
        for number in others:
            if _kind(pdf, places[number])[0] == b"TD":
                _put(told, pdf, places[number], as_head=False)
    return bytes(told)


def _places(pdf: bytes) -> dict[int, int]:
    """{number: where it begins} of each object in use, from the one table of the file."""
    end = STARTXREF.search(pdf)
    section = end and SECTION.match(pdf, int(end[1]))
    if not section:
        raise Unexpected("The PDF has no plain table of objects.")
    first = section.end()
    starts = range(first, first + ENTRY * int(section[1]), ENTRY)
    lines = (pdf[start : start + ENTRY] for start in starts)
    return {n: int(line[:10]) for n, line in enumerate(lines) if line[17:18] == b"n"}


def _kind(pdf: bytes, place: int) -> tuple[bytes, int]:
    """TD or TH, and where the word stands."""
    cell = CELL.match(pdf, place)
    if cell is None:
        raise Unexpected("A row of the PDF holds something that is no cell.")
    return cell[1], cell.start(1)


def _put(told: bytearray, pdf: bytes, place: int, *, as_head: bool) -> None:
    end = pdf.index(b"endobj", place)
    heads = HEADS.search(pdf, place, end)
    if heads is None or len(heads[0]) < len(SCOPE):
        raise Unexpected("A cell of the PDF does not name its heads.")
    scope = SCOPE if as_head else b""
    told[heads.start() : heads.end()] = scope.ljust(len(heads[0]))
    if as_head:
        word = _kind(pdf, place)[1]
        told[word : word + 2] = b"TH"
