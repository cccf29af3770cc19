"""The floor of a report's PDF: the same words, tables and charts as one static Typst page.

Everything stands there ready: no data is read, nothing is cleaned, chosen or
measured, no page is referred to. Laid out by the same library, in a process of
its own, as PDF/UA-1 with the same fonts, as whoever writes one report by hand
would have it.
"""

from reports.pdf.printable import printable

HEAD = """#set document(title: "Floor")
#set text(font: "Source Sans 3", size: 10.5pt, lang: "en", region: "gb", number-width: "tabular")
#set page(paper: "a4", margin: 16mm, footer: context [
  #FOOT #h(1fr) page #counter(page).display() of #counter(page).final().first()
])
#set table(stroke: (bottom: 0.5pt + gray), inset: (x: 3pt, y: 3pt))
#set table.cell(breakable: false)
#show heading: set text(weight: 600)
"""
FILLS = {"red": "#a3122a", "amber": "#efa12b", "green": "#ddf1e3"}
INK = {"red": "white"}


def source(document):
    """The whole page as Typst reads it."""
    head = document.header
    foot = _words(f"{head.trust} · {head.title} · version {head.version} · {head.as_at}")
    return "\n".join(
        [
            HEAD.replace("#FOOT", f"#{foot}"),
            *_first(document),
            *_middle(document),
            *_appendix(document),
        ]
    )


def _first(document):
    head = document.header
    yield _heading(1, head.title)
    yield _text(f"{head.trust} {head.plan} {head.year_of} {head.purpose} {head.meeting_on}")
    yield _text(f"Version {head.version} corrects the one before: {head.correction}")
    yield _heading(2, "We ask you to")
    yield from (_text(one.words) for one in document.asks)
    yield _heading(2, "Summary")
    yield from (_text(words) for words in document.summary)
    yield _stack(document.counts.now)
    yield _text(document.counts.now.say + head.completeness + head.provisional)
    for results in (document.worst, document.improving, document.falling):
        yield _results([(one, one.kpi, one.school) for one in results])
    yield _heading(2, "Questions you might ask")
    yield from (_text(one.words) for one in document.questions)
    yield "#pagebreak()"


def _middle(document):
    cells = [
        f"[{_words_in(words, sharp=True)}]"
        for one in document.restatements
        for words in (f"{one.kpi} {one.school} {one.period}", one.was, one.now, one.why, one.report)
    ]
    heads = ["Result", "Was", "Now", "Why", "Printed in"]
    yield _table("(1.3fr, auto, auto, 1.5fr, 1fr)", heads, cells)
    yield _heading(2, "Exceptions")
    for one in document.exceptions:
        yield f"#block(breakable: false)[{_heading(3, f'{one.number} {one.kpi}, {one.school}')}"
        yield f"#{_chip(one.chip)} #{_words(one.figure)} #{_words(one.target)}"
        yield f"#{_moved(one.movement)} #{_bullet(one.bullet)} #{_spark(one.spark)}"
        yield _text(one.sentence)
        said = [("Why", one.why), ("What next", one.what_next), ("Who", one.who)]
        said += [("By when", one.by_when), ("The school says", one.reply)]
        for told in one.answered:
            said.append((f"Asked by {told.asked_by}, {told.asked_on}", told.question))
            said.append((f"Answered by {told.answered_by}, {told.answered_on}", told.answer))
        cells = [f"[#{_words(words)}]" for pair in said if pair[1] for words in pair]
        yield f"#grid(columns: (88pt, 1fr), row-gutter: 7pt, {', '.join(cells)})"
        yield _text(f"Named here because: {one.suggested}.")
        yield "]"
    for section in document.sections:
        yield "#pagebreak()"
        yield _heading(3, f"{section.number} {section.title}")
        yield _text(section.aim)
        for one in (section.counts.now, section.counts.before):
            yield _stack(one)
            yield _text(one.say)
        yield _text(f"{section.counts.words}. KPIs of {section.title}")
        yield _results(
            [(one, one.name, f"{one.code} {one.basis} {one.spread}") for one in section.kpis]
        )
        for entries in (section.milestones, section.actions, section.risks):
            cells = [
                cell
                for one in entries
                for cell in (
                    f"[#{_words(one.title)} \\ #{_words(one.words)}]",
                    f"[#{_chip(one.chip)}]",
                    f"[{_words_in(one.due)}]",
                    f"[{_words_in(one.who)}]",
                )
            ]
            yield _table("(1fr, 90pt, 100pt, 90pt)", ["Entry", "Status", "Due", "Who"], cells)


def _appendix(document):
    matrix = document.matrix
    yield "#page(flipped: true, margin: 12mm)["
    yield _heading(2, "All results")
    yield "#set text(size: 8.5pt)"
    heads = ["KPI", "Target", "Trust", *(column.short for column in matrix.columns)]
    cells = []
    for row in matrix.rows:
        below = f"{row.code} · {row.unit} · {row.basis}"
        cells += [f"[#strong{_words_in(row.name)} \\ #{_words(below)}]", f"[#{_words(row.target)}]"]
        cells += map(_cell, [row.trust, *row.cells])
        if not row.cells:
            cells.append(f"table.cell(colspan: {len(matrix.columns)})[As a whole]")
    yield _table(f"(44mm, 32mm) + (1fr,) * {len(heads) - 2}", heads, cells)
    yield "]"
    yield _heading(2, "Definitions")
    yield "#set text(size: 9pt)"
    yield "#columns(2)["
    for one in document.definitions:
        yield _heading(3, f"{one.code} {one.name}")
        for words in (one.words, *one.rules):
            yield _text(words)
        yield _text(f"What counts: {one.what_counts}")
        yield _text(f"Made from: {one.made_from}")
        yield _text(f"The trust's status: {one.roll_up}")
        yield _text(f"Due: {one.due}")
    yield "]"
    for one in document.releases:
        yield _text(f"{one.name} {one.provider} {one.period} {one.figure} {one.release}")
        yield _text(f"{one.published_on} {one.source}")
    yield from (_text(f"{one.term} {one.words}") for one in document.explained)


def _results(found):
    cells = []
    for one, name, below in found:
        cells += [
            f"[#strong{_words_in(name)} \\ #{_words(below)}]",
            f"[#{_chip(one.chip)}]",
            f"[#strong{_words_in(one.figure)} \\ #{_words(one.target)}]",
            f"[#{_moved(one.movement)}]",
            f"[#{_spark(one.spark)}]",
        ]
    heads = ["Result", "Status", "Figure", "Movement", "Last terms"]
    return _table("(1fr, 88pt, 92pt, 108pt, 60pt)", heads, cells)


def _table(widths, heads, cells):
    if not cells:
        return ""
    head = ", ".join(f"[{_words_in(name, sharp=True)}]" for name in heads)
    return f"#table(columns: {widths}, table.header({head}), {', '.join(cells)})"


def _cell(one):
    fill = f'rgb("{FILLS[one.status]}")' if one.status in FILLS else "none"
    ink = INK.get(one.status, "black")
    marks = " p" * ("provisional" in one.marks)
    arrow = f" #{_arrow(one.movement)}" if one.movement else ""
    words = f"#strong[{one.letter}] #h(1fr) {one.figure}{marks}{arrow}"
    return f"table.cell(fill: {fill}, text(fill: {ink})[{words}])"


def _moved(one):
    return f"{_arrow(one)} + {_words(' ' + one.words)}"


def _arrow(one):
    sign = "↑" if one.direction == "up" else "↓"
    if not one.worse:
        return f"box(width: 9pt, align(center)[{sign}])"
    disc = "place(center + horizon, circle(radius: 4.5pt, fill: black))"
    words = f"place(center + horizon, text(size: 7pt, fill: white)[{sign}])"
    return f"box(width: 9pt, height: 0.6em, {disc} + {words})"


def _chip(one):
    fill = f'rgb("{FILLS[one.status]}")' if one.status in FILLS else "none"
    ink = INK.get(one.status, "black")
    letter = f"place(center + horizon, text(size: 7pt)[{one.letter}])"
    sign = (
        f"box(rect(width: 8pt, height: 8pt, fill: {ink})) + box(width: 1pt, height: 8pt, {letter})"
    )
    words = f"text(fill: {ink}, weight: 600, {_words(' '.join([one.words, *one.marks]))})"
    return f"box(fill: {fill}, stroke: 0.6pt, inset: 2.5pt, {sign} + {words})"


def _spark(one):
    line = f"<path d='{one.path}' fill='none' stroke='#12436d' stroke-width='1.8'/>"
    goal = f"<path d='M0 {one.goal}H96' stroke='#6b7280'/>"
    dot = f"<circle cx='{one.dot[0]}' cy='{one.dot[1]}' r='2.8' fill='#12436d'/>"
    return _image(96, 24, goal + line + dot, one.say, "60pt")


def _bullet(one):
    bands = "".join(
        f"<rect x='{band.x}' width='{band.width}' height='20' fill='#cdd2da'/>"
        for band in one.bands
    )
    at = f"<circle cx='{one.end}' cy='10' r='5' fill='#12436d'/>"
    return _image(164, 20, bands + at, one.say, "130pt")


def _stack(one):
    parts = "".join(
        f"<rect x='{part.x}' width='{part.width}' height='21' fill='#cdd2da'/>"
        f"<text x='{part.middle}' y='15' font-family='Source Sans 3'>{part.label}</text>"
        for part in one.parts
    )
    return f"#{_image(one.width, 22, parts, one.say, '190pt')}"


def _image(width, height, body, say, wide):
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'>{body}</svg>"
    alt = _words(say or "Nothing yet.")
    return f'image(bytes({_words(svg)}), format: "svg", width: {wide}, alt: {alt})'


def _heading(level, words):
    return f"#heading(level: {level}, {_words(words)})"


def _text(words):
    return f"#par[#{_words(words)}]" if words else ""


def _words_in(words, *, sharp=False):
    return f"#{_words(words)}" if sharp else f"({_words(words)})"


def _words(words):
    """A text as Typst writes one."""
    told = printable(words).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{told}"'
