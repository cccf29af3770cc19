"""The rows of the entry grid as HTML: joined strings, for a template per box costs too much.

Everything that is not markup written here goes through `escape`; what comes out
is safe.
"""

from html import escape

from django.utils.safestring import mark_safe

from .rows import EMPTY


def rows_html(rows):
    """The inside of one table: rows of one measure name it once."""
    parts, name = [], None
    for row in rows:
        parts.append(_row(row, is_first=row.name != name))
        name = row.name
    return mark_safe("".join(parts))  # noqa: S308 - escaped below, piece by piece


def _row(row, *, is_first):
    """What it needs is said at `rows.EntryRow`."""
    marks = f' data-key="{row.key}" data-code="{escape(row.code)}"'
    marks += f' data-name="{escape(row.whole_name)}"'
    marks += f' data-again="{escape(row.again)}"' if row.again else ""
    names = ["line"]
    names += ["group"] if row.group and not is_first else []
    names += ["has-more"] if row.below or row.question else []
    return (
        f'<tr id="{row.anchor}"{marks if row.is_typed else ""} class="{" ".join(names)}">\n'
        f'<th scope="row">{_head(row, is_first=is_first)}\n{_asides(row)}</th>\n'
        f"{_before(row)}\n"
        f'<td class="target blank" id="{row.anchor}-target" data-label="Target"></td>\n'
        f"{_answer(row)}\n{_reason(row)}\n"
        '<td class="result blank" data-label="Result"></td>\n</tr>\n'
        f"{_more(row)}"
    )


def _head(row, *, is_first):
    """The measure where it is not that of the row above, the group, the unit."""
    names = [row.name] if is_first or not row.group else []
    words = escape(", ".join(filter(None, [*names, row.group])))
    if not row.unit_words:
        return words
    return f'{words} <span class="note" id="{row.anchor}-unit">({escape(row.unit_words)})</span>'


def _asides(row):
    """What is asked and who reads it, and the links and boxes that one opens."""
    parts = [_about(row)]
    if row.history_url:
        parts.append(_link(row.history_url, "History", f" of {row.whole_name}"))
    if row.with_whom:
        parts.append(f'<span class="note">With {escape(row.with_whom)}</span>')
    if row.what_counts:
        parts.append(
            f'<details><summary>What counts<span class="vh">: {escape(row.name)}</span></summary>'
            f"<p>{escape(row.what_counts)}</p></details>"
        )
    # Where nothing can be typed, nothing can be added either.
    stands_alone = row.evidence or (row.is_rated and row.hidden)
    if row.comments:
        link = "" if stands_alone else _evidence(row)
        parts.append(
            f'<details class="says"{" open" if row.has_comment else ""}><summary>Comment'
            f'<span class="vh"> on {escape(row.whole_name)}</span></summary>\n'
            f'<div data-say="query">{_boxes(row, ["note"])}</div>\n'
            f'<div data-say="comment">{_boxes(row, row.comments)}</div>{link}</details>'
        )
    if stands_alone:
        parts.append(_evidence(row))
    return f'<div class="asides">{chr(10).join(filter(None, parts))}</div>'


def _about(row):
    read_by = escape(row.read_by)
    if read_by and row.kpi_url:
        read_by = f'<a href="{escape(row.kpi_url)}">{read_by}</a>'
    words = " · ".join(filter(None, [escape(row.basis), read_by]))
    return f'<span class="note">{words}</span>' if words else ""


def _evidence(row):
    words = f"Evidence ({row.evidence})" if row.evidence else "Add evidence"
    return _link(row.evidence_url, words, f": {row.whole_name}")


def _before(row):
    kind = "" if row.before else ' class="blank"'
    period = f' <span class="note">{escape(row.before_period)}</span>' if row.before else ""
    return (
        f'<td data-label="Before" id="{row.anchor}-before"{kind}>{escape(row.before)}{period}</td>'
    )


def _answer(row):
    """The boxes, or in words what cannot be typed over; and the log that it is counted from."""
    counts = f' data-counts="{row.counts}"' if row.counts else ""
    parts = [row.form.html_of(name) for name in row.hidden]
    if row.answers:
        boxes = _boxes(row, row.answers, is_alone=len(row.answers) == 1)
        parts.append(f'<div class="answers">{boxes}</div>')
    else:
        kind = "note" if row.shown == EMPTY else "shown"
        parts.append(f'<span class="{kind}">{escape(row.shown)}</span>')
    if row.log_url:
        words = "Keep the log" if row.hidden else "Read the log"
        parts.append(f" {_link(row.log_url, words, f': {row.name}')}")
    return f'<td class="answer"{counts}>{"".join(parts)}</td>'


def _reason(row):
    if not row.reason:
        return '<td class="reason blank" data-label="No figure?"></td>'
    boxes = _box(row, row.reason, is_alone=True)
    boxes += _box(row, row.until) if row.until else ""
    return f'<td class="reason" data-label="No figure?">{boxes}</td>'


def _more(row):
    """Below the row: what the trust asks, and what the answer needs beside it."""
    parts = []
    if row.question:
        words = escape(row.question)
        parts.append(f'<p class="ask"><b>Your trust asks:</b> {words}</p>\n')
    if row.below:
        parts.append(f'<div class="parts">{_boxes(row, row.below)}</div>\n')
    if not parts:
        return ""
    return f'<tr class="more"><td colspan="4">\n{"".join(parts)}</td></tr>\n'


def _boxes(row, names, *, is_alone=False):
    return "".join(_box(row, name, is_alone=is_alone) for name in names)


def _box(row, name, *, is_alone=False):
    """A box with its label, the error over it.

    The label says measure and term; beside another box it is seen, and where it
    would only repeat the row's name, one word stands for it.
    """
    form, box = row.form, row.form.boxes[name]
    own_id, label, kind = form.id_of(name), escape(box.label), "label"
    if is_alone:
        kind = "vh"
    elif name == "value":
        label = f'{box.one_word}<span class="vh">: {label}</span>'
    else:
        label = f'{label}<span class="vh">: {escape(row.whole_name)}</span>'
    errors = form.errors.get(name)
    error = f'<p class="error" id="{own_id}_error">{escape(errors[0])}</p>\n' if errors else ""
    return (
        f'\n<div class="box box-{name}">\n'
        f'<label for="{own_id}" class="{kind}">{label}</label>\n'
        f"{error}{form.html_of(name)}\n</div>\n"
    )


def _link(url, words, unseen):
    """A link whose visible words stand on many rows, and those that tell it apart."""
    return f'<a href="{escape(url)}">{words}<span class="vh">{escape(unseen)}</span></a>'
