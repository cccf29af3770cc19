"""How many sheets of A4 a report takes, reckoned from its texts: near enough to shorten it by.

The PDF is laid out by the worker when a report is published, never on a page
that a leader waits for. Here each part is as high as its lines, and begins on
the sheets that `pdf/template` gives it. Lengths are points. Pure.
"""

from collections.abc import Iterable, Sequence

from ..shapes import Counts, Definition, Document, Entry, Exceptional, KpiRow, Section

UPRIGHT, ACROSS = 748, 510  # what the margins leave of the height
WIDE, WIDE_ACROSS = 505, 774
MOST_SCHOOLS = 13  # beside each other
A_LETTER = 0.42  # as wide as this share of its height
HEAD, HEADS_OF_TABLE, IN_A_ROW = 36, 38, 3


def sheets_of(document: Document) -> int:
    """The first page, then what is put right, the exceptions, a priority each, and the rest."""
    return (
        1
        + _of_exceptions(document)
        + sum(map(_of_priority, document.sections))
        + _of_matrix(document)
        + _of_definitions(document)
    )


def _of_exceptions(document: Document) -> int:
    told = [_restated(one.kpi, one.why) for one in document.restatements]
    heads = [HEAD + HEADS_OF_TABLE] if told else []
    named = [HEAD] if document.exceptions else []
    return _filled([*heads, *told, *named, *map(_exceptional, document.exceptions)], UPRIGHT)


def _filled(heights: Iterable[float], room: float) -> int:
    """The sheets that blocks fill one after another, none of them split unless it must be."""
    sheets, left = 0, 0.0
    for height in heights:
        if height > left and height > 0:
            more = -(-height // room)
            sheets, left = sheets + int(more), more * room
        left -= height
    return sheets


def _lines(words: str, width: float, size: float) -> int:
    """How many lines a text takes in a column."""
    most = max(int(width / (size * A_LETTER)), 1)
    return sum(max(-(-len(line) // most), 1) for line in words.split("\n")) if words else 0


def _high(words: str, width: float, size: float, leading: float = 1.28) -> float:
    return _lines(words, width, size) * size * leading


def _restated(kpi: str, why: str) -> float:
    return max(_high(kpi, 130, 9.5) + 24, _high(why, 150, 9)) + IN_A_ROW


def _exceptional(one: Exceptional) -> float:
    said = [one.why or "Nothing was said.", one.what_next or "Nothing was said."]
    said += [words for words in (one.who, one.by_when, one.reply) if words]
    height = 56 + _high(f"{one.number} {one.kpi}, {one.school}", WIDE, 11.5, 1.1)
    height += _high(one.sentence, WIDE, 10.5) + _high(f"target {one.target}", 200, 9.5) - 12
    height += sum(_high(words, 407, 10.5) + 1 for words in said)
    for told in one.answered:
        height += _high(told.question, 407, 10.5) + _high(told.answer, 407, 10.5) + 24
    return height + (20 if one.suggested else 0)


def _of_priority(section: Section) -> int:
    height = HEAD + _high(section.aim, WIDE, 10.5) + _counted(section.counts)
    height += sum(map(_kpi, section.kpis)) + HEADS_OF_TABLE
    for entries in (section.milestones, section.actions, section.risks):
        height += _listed(entries)
    return max(_filled([height], UPRIGHT), 1)


def _counted(counts: Counts | None) -> float:
    return 70 if counts else 0


def _kpi(row: KpiRow) -> float:
    below = " · ".join(filter(None, (row.code, row.basis, row.spread)))
    marks = ", ".join(row.chip.marks)
    moved = row.movement.words if row.movement else ""
    return IN_A_ROW + max(
        _high(row.name, 148, 9.5, 1.16) + _high(below, 148, 8.5, 1.16),
        13 + _high(marks, 79, 8.5, 1.16),
        _high(row.figure, 83, 9.5, 1.16) + _high(f"target {row.target}", 83, 8.5, 1.16),
        _high(moved and f"xx {moved}", 99, 8.5, 1.16),
    )


def _listed(entries: Sequence[Entry]) -> float:
    if not entries:
        return 0
    beside = sum(
        width
        for width, is_there in (
            (88, any(one.chip for one in entries)),
            (120, any(one.due for one in entries)),
            (100, any(one.who for one in entries)),
        )
        if is_there
    )
    rows = (
        max(
            _high(f"{one.code} {one.title}", WIDE - beside - 9, 9.5, 1.16)
            + _high(one.words, WIDE - beside - 9, 8.5, 1.16),
            _high(one.due, 111, 9, 1.16),
            _high(one.who, 91, 9, 1.16),
        )
        + IN_A_ROW
        for one in entries
    )
    return 8 + HEADS_OF_TABLE + sum(rows)


def _of_matrix(document: Document) -> int:
    matrix = document.matrix
    if matrix is None:
        return 0
    groups = len({row.priority for row in matrix.rows})
    parts = max(-(-len(matrix.columns) // MOST_SCHOOLS), 1)
    heights = [HEAD + 18.0, *[24.0] * groups]
    for row in matrix.rows:
        below = " · ".join(filter(None, (row.code, row.unit, row.basis)))
        noted = any(one.note for one in (row.trust, *row.cells))
        heights.append(
            IN_A_ROW
            + max(
                _high(row.name, 120, 8.5, 1.05) + _high(below, 120, 8, 1.05),
                _high(row.target, 86, 8.5, 1.05),
                18 if noted else 9,
            )
            - 1
        )
    return parts * _filled(heights, ACROSS)


def _of_definitions(document: Document) -> int:
    """In two columns, each row as high as the longer one of it; then what the signs mean."""
    each = [_defined(one) for one in document.definitions]
    rows = [max(each[place : place + 2]) + 14 for place in range(0, len(each), 2)]
    told = [_high(one.words, 375, 9.5) + 6 for one in document.explained]
    outside = [
        IN_A_ROW
        + max(
            _high(one.name, 141, 9.5, 1.16)
            + _high(f"{one.provider} · {one.period}", 141, 8.5, 1.16),
            _high(f"{one.release}, {one.published_on}", 254, 9, 1.16)
            + _high(one.source, 254, 8, 1.16),
        )
        for one in document.releases
    ]
    heads = [HEAD] if rows else []
    return _filled(
        [*heads, *rows, *([HEAD] if told else []), *told]
        + ([HEAD + HEADS_OF_TABLE, *outside] if outside else []),
        UPRIGHT,
    )


def _defined(one: Definition) -> float:
    named = (
        ("What counts: ", one.what_counts),
        ("Made from: ", one.made_from),
        ("The trust's status: ", one.roll_up),
        ("Due: ", one.due),
    )
    texts = [one.words] if one.words != one.name else []
    texts += [*one.rules, *(f"{name}{words}" for name, words in named if words)]
    return 13 + sum(_high(words, 240, 9, 1.16) + 1 for words in texts if words)
