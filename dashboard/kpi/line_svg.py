"""The big chart as SVG: on a page with the classes of the style sheet, as a file with its colours.

One way to draw both. A file is opened without our style sheet, and a page may
hold no colour of its own, so only the paint differs.
"""

from django.utils.html import escape
from django.utils.safestring import mark_safe

from .line_chart import WIDE

# The light colours of tokens.css, for paper and slides.
INK, QUIET, RULE, EDGE, PAGE = "#14181F", "#4A5160", "#D5D9E0", "#6B7280", "#FFFFFF"
COLOURS = {
    "own": "#12436D",
    "second": "#801650",
    "third": "#0B6B60",
    "fourth": "#9A4A00",
    "target": "#14181F",
    "outside": "#6B7280",
    "context": "#BFBFBF",
}
FONT = "Arial, Helvetica, sans-serif"
_LINE = 'fill="none" stroke-linejoin="round"'
_WIDTHS = {"own": 3, "second": 2.5, "third": 2.5, "fourth": 2.5, "context": 1.5}
_DASHES = {
    "target": ' stroke-dasharray="8 5"',
    "outside": ' stroke-dasharray="2 4" stroke-linecap="round"',
}
_TEXT = f'font-family="{FONT}" font-size="14"'


def in_page(name):
    """The paint of a page: a class."""
    return f'class="{name}"'


def in_file(name):
    """The paint of a file: the attributes that the class stands for."""
    kind = name.rpartition(" ")[2].removeprefix("dot-").removeprefix("label-")
    colour = COLOURS.get(kind, QUIET)
    if name.startswith("label"):
        return f'{_TEXT} font-weight="600" fill="{colour}" dominant-baseline="central"'
    if name.startswith("dot"):
        if kind == "outside":
            return f'fill="{PAGE}" stroke="{colour}" stroke-width="1.5"'
        return f'fill="{colour}" stroke="{PAGE}" stroke-width="1.5"'
    if kind in COLOURS:
        width = _WIDTHS.get(kind, 2)
        return f'{_LINE} stroke="{colour}" stroke-width="{width}"{_DASHES.get(kind, "")}'
    return {
        "grid": f'stroke="{RULE}"',
        "axis": f'stroke="{EDGE}"',
        "break": f'stroke="{EDGE}" stroke-dasharray="2 3"',
        "tick": f'{_TEXT} fill="{QUIET}" text-anchor="end" dominant-baseline="central"',
        "period": f'{_TEXT} fill="{QUIET}" text-anchor="middle"',
        "broken": f'{_TEXT} fill="{QUIET}"',
    }[name]


def drawn(drawing, paint=in_page):
    """The marks of one drawing, without the <svg> round them."""
    parts = []
    for tick in drawing.ticks:
        parts.append(f'<path {paint("grid")} d="M{drawing.left} {tick.at}H{drawing.right}"/>')
        words = escape(tick.words)
        parts.append(f'<text {paint("tick")} x="{drawing.left - 8}" y="{tick.at}">{words}</text>')
    edge = f"M{drawing.left} {drawing.bottom}H{drawing.right}"
    parts.append(f'<path {paint("axis")} d="{edge}"/>')
    for period in drawing.periods:
        for words, below in ((period.words, 20), (period.below, 36)):
            if words:
                at = f'x="{period.at}" y="{drawing.bottom + below}"'
                parts.append(f"<text {paint('period')} {at}>{escape(words)}</text>")
    for one in drawing.breaks:
        top = drawing.top - 18
        parts.append(f'<path {paint("break")} d="M{one.at} {top}V{drawing.bottom}"/>')
        gap = 'dx="6"' if one.anchor == "start" else 'dx="-6"'
        at = f'x="{one.at}" y="{top + 10}" text-anchor="{one.anchor}" {gap}'
        parts.append(f"<text {paint('broken')} {at}>{escape(one.words)}</text>")
    for line in drawing.lines:
        parts.append(f'<path {paint(line.kind)} d="{line.path}"/>')
        parts += [_mark(line.kind, x, y, paint) for x, y in line.dots]
        if line.label:
            at = f'x="{line.label_x}" y="{line.label_y}"'
            words = escape(line.label)
            parts.append(f"<text {paint('label label-' + line.kind)} {at}>{words}</text>")
    return "".join(parts)


def _mark(kind, x, y, paint):
    """Lines of one chart are told apart by the shape of their dots as well."""
    match kind:
        case "second":
            shape = f"M{x} {y}m-4-4h8v8h-8z"
        case "third":
            shape = f"M{x} {y}m0-5.5l5 9.5h-10z"
        case "fourth":
            shape = f"M{x} {y}m0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z"
        case _:
            return f'<circle {paint("dot-" + kind)} cx="{x}" cy="{y}" r="4"/>'
    return f'<path {paint("dot-" + kind)} d="{shape}"/>'


def on_page(chart):
    """The SVG of each size; the style sheet shows the one that fits."""
    if chart is None:
        return ""
    return mark_safe(  # noqa: S308  built here, every text in it escaped
        "\n".join(
            f'<svg class="chart chart-{drawing.size}" viewBox="0 0 {drawing.width}'
            f' {drawing.height}" role="img" aria-label="{escape(chart.say)}">'
            f"{drawn(drawing)}</svg>"
            for drawing in chart.drawings
        )
    )


def as_file(chart, title, note, remarks):
    """A picture that stands alone: title, what is drawn, the chart, what is missing."""
    drawing = next(one for one in chart.drawings if one.size == WIDE.name)
    foot = 76 + drawing.height
    height = foot + 22 * len(remarks) + 12
    remarks_svg = "".join(
        f'<text x="24" y="{foot + 22 * number + 8}" {_TEXT} fill="{QUIET}">{escape(words)}</text>'
        for number, words in enumerate(remarks)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 908 {height}" width="908"'
        f' height="{height}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(chart.say)}</desc>"
        f'<path fill="{PAGE}" d="M0 0h908v{height}H0z"/>'
        f'<text x="24" y="34" font-family="{FONT}" font-size="20" font-weight="700"'
        f' fill="{INK}">{escape(title)}</text>'
        f'<text x="24" y="58" {_TEXT} fill="{QUIET}">{escape(note)}</text>'
        f'<g transform="translate(24 72)">{drawn(drawing, in_file)}</g>'
        f"{remarks_svg}</svg>"
    )
