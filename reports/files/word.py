"""The report as a Word file: its narrative and its tables, to be edited and pasted.

Clerks put it into the papers of a meeting, so it has headings, paragraphs and
tables and nothing else: no charts, whose sentences stand there instead.
"""

from datetime import datetime

from .page import lists_of
from .word_parts import Paper

RESULT = ("Result", "Status", "Figure", "Target", "Movement")
WIDE = (30, 20, 16, 24, 28)
MOST = 12  # schools beside each other


def written(document):
    """The bytes of the file."""
    head = document.header
    paper = Paper(
        title=f"{head.title}, {head.trust}",
        author=head.trust,
        moment=datetime.fromisoformat(head.as_at_moment).replace(tzinfo=None),
    )
    day = head.as_at.partition(",")[0]
    paper.foot(f"{head.trust} · {head.title} · version {head.version} · {day}")
    _first(paper, document)
    _restated(paper, document.restatements)
    _exceptions(paper, document.exceptions)
    _priorities(paper, document.sections)
    _matrix(paper, document.matrix)
    _definitions(paper, document)
    return paper.written()


def _first(paper, document):
    head = document.header
    paper.paragraph(_joined(" · ", head.trust, head.plan, head.year_of), small=True)
    paper.heading(head.title, 0)
    if head.is_example:
        paper.paragraph("Example: everything here is invented.")
    paper.paragraph(
        _joined(" · ", head.purpose, _joined(", ", head.meeting, head.committee, head.meeting_on))
    )
    if head.correction:
        bold = f"Version {head.version} corrects the one before:"
        paper.paragraph(head.correction, bold=bold)
    if document.asks:
        paper.heading("We ask you to", 1)
        for ask in document.asks:
            paper.paragraph(f"{ask.words}{_at(ask.at)}", bold=f"{ask.number}.")
    paper.heading("Summary", 1)
    for words in document.summary or ("No summary was written.",):
        paper.paragraph(words)
    _counts(paper, document.counts)
    for title, none, results in (
        ("Worst", "off target", document.worst),
        ("Improving", "improving", document.improving),
        ("On target but falling", "on target but falling", document.falling),
    ):
        if results:
            paper.table(title, RESULT, WIDE, map(_result, results))
        else:
            paper.paragraph(f"no result is {none}.", bold=f"{title}:")
    if document.questions:
        paper.heading("Questions you might ask", 1)
        for one in document.questions:
            paper.paragraph(f"{one.words}{_at(one.at)}", style="List Bullet")
    told = [f"Figures as at {head.as_at}", f"version {head.version}", head.completeness]
    by = f"prepared by {head.prepared_by}" if head.prepared_by else ""
    paper.paragraph(_joined(" · ", *told, head.provisional, by), small=True)


def _result(one):
    return (
        _joined("\n", one.kpi, one.school),
        _chip(one.chip),
        one.figure,
        one.target,
        _joined("\n", _moved(one.movement), _terms(one.spark)),
    )


def _terms(spark):
    """What the small line of the last terms shows, in words: there is no picture of it here."""
    return f"Last terms: {spark.say}" if spark else ""


def _counts(paper, counts):
    paper.paragraph(f"{counts.now.say}.", bold=f"{counts.now_name}:")
    if counts.before:
        paper.paragraph(f"{counts.before.say}.", bold=f"{counts.before_name}:")
    if counts.words:
        paper.paragraph(f"{counts.words}.", small=True)


def _restated(paper, restatements):
    if not restatements:
        return
    paper.heading("Figures put right since they were printed", 1)
    paper.table(
        "What an earlier report said, and what is right",
        ("Result", "Was", "Now", "Why", "Printed in"),
        (30, 14, 14, 34, 26),
        [
            (_joined("\n", one.kpi, one.school, one.period), one.was, one.now, one.why, one.report)
            for one in restatements
        ],
    )


def _exceptions(paper, exceptions):
    if not exceptions:
        return
    paper.heading("2 Exceptions", 1)
    for one in exceptions:
        paper.heading(f"{one.number} {_joined(', ', one.kpi, one.school)}", 2)
        paper.table(
            "",
            RESULT[1:],
            (20, 20, 28, 40),
            [(_chip(one.chip), one.figure, one.target, _moved(one.movement))],
        )
        paper.paragraph(one.sentence)
        against = f"Against the target: {one.bullet.say}" if one.bullet else ""
        if drawn := _joined(". ", _terms(one.spark), against):
            paper.paragraph(f"{drawn}.", small=True)
        said = [("Why", one.why or "Nothing was said.")]
        said += [("What next", one.what_next or "Nothing was said.")]
        said += [("Who", one.who), ("By when", one.by_when), ("The school says", one.reply)]
        for told in one.answered:
            said.append((f"Asked by {told.asked_by}, {told.asked_on}", told.question))
            said.append((f"Answered by {told.answered_by}, {told.answered_on}", told.answer))
        for name, words in said:
            if words:
                paper.paragraph(words, bold=f"{name}:")
        if one.suggested:
            paper.paragraph(f"Named here because: {one.suggested}.", small=True)


def _priorities(paper, sections):
    for place, section in enumerate(sections):
        if place == 0:
            paper.heading("3 Priorities", 1)
        paper.heading(_joined(" ", section.number, section.code, section.title), 2)
        if section.aim:
            paper.paragraph(section.aim)
        if section.counts:
            _counts(paper, section.counts)
        if section.kpis:
            rows = map(_kpi, section.kpis)
            paper.table(f"KPIs of {section.title}", ("KPI", *RESULT[1:]), WIDE, rows)
        for listed in lists_of(section):
            _listed(paper, listed)


def _kpi(row):
    below = _joined(" · ", row.code, row.basis, row.spread)
    name = _joined("\n", row.name, below)
    movement = _joined("\n", _moved(row.movement), _terms(row.spark))
    return name, _chip(row.chip), row.figure, row.target, movement


def _listed(paper, listed):
    columns = [(listed.title.removesuffix("s"), 50, _entitled)]
    if listed.judged:
        columns.append(("Status", 20, lambda one: _chip(one.chip) if one.chip else "Not judged"))
    if listed.dated:
        columns.append(("Due", 26, lambda one: one.due))
    if listed.owned:
        columns.append(("Who", 24, lambda one: one.who))
    heads, widths, cells = zip(*columns, strict=True)
    rows = [tuple(cell(one) for cell in cells) for one in listed.entries]
    paper.table(listed.title, heads, widths, rows)


def _entitled(one):
    return _joined("\n", _joined(" ", one.code, one.title), one.words)


def _matrix(paper, matrix):
    """Across the paper; more schools than it takes stand in tables after it."""
    if matrix is None:
        return
    paper.turn(across=True)
    paper.heading("4 All results", 1)
    paper.paragraph(matrix.caption, small=True)
    for start in range(0, len(matrix.columns) or 1, MOST):
        shown = slice(start, start + MOST)
        names = [column.name for column in matrix.columns[shown]]
        for priority in dict.fromkeys(row.priority for row in matrix.rows):
            rows = [row for row in matrix.rows if row.priority == priority]
            paper.table(
                priority,
                ("KPI", "Target", "Trust", *names),
                (40, 26, 15, *[15] * len(names)),
                [_matrix_row(row, shown, len(names)) for row in rows],
                size=8,
            )
    paper.turn(across=False)


def _matrix_row(row, shown, count):
    cells = [(_cell(cell), cell.status) for cell in row.cells[shown]]
    if not row.cells:
        cells = ["As a whole", *[""] * (count - 1)][:count]
    name = _joined("\n", row.name, _joined(" · ", row.code, row.unit, row.basis))
    return name, row.target, (_cell(row.trust), row.trust.status), *cells


def _cell(cell):
    arrow = cell.movement and {"up": "↑", "down": "↓"}[cell.movement.direction]
    worse = "worse" if cell.movement and cell.movement.worse else ""
    marks = _joined(" ", arrow, worse, "p" if "provisional" in cell.marks else "")
    note = f"({cell.note})" if cell.note else ""
    letter = cell.letter if len(cell.letter) == 1 else ""
    return _joined(" ", letter, cell.figure, note, marks)


def _definitions(paper, document):
    if document.definitions:
        paper.heading("Definitions and target rules", 1)
    for one in document.definitions:
        paper.heading(_joined(" ", one.code, one.name), 2)
        if one.words and one.words != one.name:
            paper.paragraph(one.words)
        for rule in one.rules:
            paper.paragraph(rule)
        for name, words in (
            ("What counts", one.what_counts),
            ("Made from", one.made_from),
            ("The trust's status", one.roll_up),
            ("Due", one.due),
        ):
            if words:
                paper.paragraph(words, bold=f"{name}:")
    if document.explained:
        paper.heading("How to read this report", 1)
        for one in document.explained:
            paper.paragraph(one.words, bold=f"{one.term}:")
    if document.releases:
        paper.heading("Figures from outside", 1)
        paper.table(
            "What results are held against, as it was published then",
            ("Figure", "From", "Value", "Release"),
            (30, 22, 20, 48),
            [
                (
                    one.name,
                    _joined(", ", one.provider, one.period),
                    one.figure,
                    _joined("\n", _joined(", ", one.release, one.published_on), one.source),
                )
                for one in document.releases
            ],
        )


def _chip(chip):
    letter = chip.letter if len(chip.letter) == 1 else ""
    words = _joined(" ", letter, chip.words)
    return _joined("\n", words, ", ".join(chip.marks)), chip.status


def _moved(movement):
    return f"{'↑' if movement.direction == 'up' else '↓'} {movement.words}" if movement else ""


def _at(number):
    return f" ({number})" if number else ""


def _joined(by, *parts):
    return by.join(part for part in parts if part)
