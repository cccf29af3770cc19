"""The tables of the dashboard as HTML: joined strings, for a template per cell costs too much.

Everything that is not markup written here goes through `escape`; what comes out
is safe.
"""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import mark_safe

WHOLE = "Measured for the trust as a whole"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The inside of the table, and the cards that stand in its place on a phone."""

    table: str = ""
    cards: str = ""


def drawn(page):
    """A page of `dashboard.matrix.arranging`, drawn."""
    if page.empty:
        return Drawn()
    if page.by_priority:
        return Drawn(by_priority(page.by_priority), priority_cards(page.by_priority))
    draw = Drawing()
    table = draw.schools_down if page.down == "schools" else draw.kpis_down
    return Drawn(table(page.columns, page.sections), cards(page.sections, page.said))


class Drawing:
    """Draws one page."""

    def __init__(self):
        self.openings = {}

    # Cells

    def cells_of(self, row):
        """The cells of the schools in one row: drawn once, for as long as the row is kept."""
        if not row.drawn:
            row.drawn[:] = [self.cell(cell) for cell in row.cells]
        return row.drawn

    def cell(self, cell, place=""):
        """A figure for those who look, the sentence for those who listen.

        The sentence is the name of the link, and text of no cell that has one: a
        browser lays out every text, seen or not. Letter, arrow and corner come with
        the class.
        """
        note = f' <span class="small">{escape(cell.note)}</span>' if cell.note else ""
        seen = f'<span class="figure">{escape(cell.figure)}</span>{note}'
        said = escape(spoken_of(cell))
        opening = self._opening(cell, place)
        if cell.url:
            return f'{opening}<a href="{escape(cell.url)}" aria-label="{said}">{seen}</a></td>'
        return (
            f'{opening}<span><span class="seen" aria-hidden="true">{seen}</span>'
            f'<span class="vh">{said}</span></span></td>'
        )

    def _opening(self, cell, place):
        """The opening of a cell: there are few kinds of them."""
        moved = cell.movement
        kind = (
            place,
            cell.status,
            moved and (moved.direction, moved.worse),
            cell.provisional,
            cell.dim,
            cell.said,
        )
        found = self.openings.get(kind)
        if found is None:
            found = self.openings[kind] = f'<td class="{_names(cell, place)}">'
        return found

    # KPIs down, schools across

    def kpis_down(self, columns, sections):
        """The heads of the schools, then a row for each KPI under its priority."""
        heads = "".join(f'<th scope="col">{_head(column)}</th>\n' for column in columns)
        parts = [
            '<thead><tr><th scope="col">KPI</th><th scope="col" class="target">Target</th>'
            f'<th scope="col" class="trust">Trust</th>\n{heads}</tr></thead>'
        ]
        for section in sections:
            title = f'{escape(section.title)} <span class="count">{escape(section.count_words)}'
            parts.append(
                '<tbody>\n<tr class="priority-row"><th scope="rowgroup" '
                f'colspan="{len(columns) + 3}"><span>{title}</span></span></th></tr>\n'
            )
            parts += self._rows(section.rows, len(columns))
            parts.append("</tbody>\n")
        return mark_safe("".join(parts))  # noqa: S308 - escaped above, piece by piece

    def _rows(self, rows, width):
        for row in rows:
            yield self._row(row, "", width)
            for clause in row.clauses:
                yield self._row(clause, ' class="clause"', width)

    def _row(self, row, kind, width):
        cells = "".join(self.cells_of(row))
        if row.whole_trust:
            cells = f'<td class="whole" colspan="{width}">{WHOLE}</td>' if width else ""
        return (
            f'<tr id="kpi-{escape(row.key)}"{kind}>\n<th scope="row">'
            f"{_link(row.name, row.url)}\n{self._notes(row)}</th>"
            f"{_target(row)}\n{self.cell(row.trust, 'trust')}\n{cells}\n</tr>\n"
        )

    def _notes(self, row):
        said = [row.above, row.basis, f"decided by {row.deciding}" if row.open else ""]
        notes = [f"<span>{escape(words)}</span>" for words in said if words]
        notes += [f"<span>{_named(each)}</span>" for each in row.spread]
        if row.open_words:
            notes.append(f'<span class="screen-only">{_link(row.open_words, row.url)}</span>')
        if row.toggle_url:
            words = "close its parts" if row.open else f"open {row.clause_count} parts"
            notes.append(
                f'<span class="toggle screen-only"><a href="{escape(row.toggle_url)}">{words}'
                f'<span class="vh"> of {escape(row.name)}</span></a></span>'
            )
        return f'<span class="notes">{" ".join(notes)}</span>'

    # Schools down, KPIs across

    def schools_down(self, columns, sections):
        """The heads of the KPIs, the trust's cells, then a row for each school."""
        groups = [(s.title, [row for row in s.rows if not row.whole_trust]) for s in sections]
        groups.append((WHOLE, [row for s in sections for row in s.rows if row.whole_trust]))
        groups = [(title, rows) for title, rows in groups if rows]
        rows = [row for _, rows in groups for row in rows]
        answered = [row for row in rows if not row.whole_trust]
        whole = "".join(
            f'<td class="whole" rowspan="{len(columns)}">{WHOLE}</td>'
            for row in rows
            if row.whole_trust
        )
        parts = [
            "<thead>",
            _group_heads(groups) if len(groups) > 1 else "",
            '<tr><th scope="col">School</th>\n',
            *(f'<th scope="col">{_link(row.name, row.url)}</th>\n' for row in rows),
            '</tr></thead>\n<tbody>\n<tr class="targets"><th scope="row">Target</th>',
            *map(_target, rows),
            '</tr>\n<tr class="trust-row"><th scope="row">Trust</th>',
            *(self.cell(row.trust) for row in rows),
            '</tr>\n<tr class="spreads"><th scope="row">Schools</th>',
            *(f"<td>{_spread(row)}</td>" for row in rows),
            "</tr>\n",
        ]
        drawn = [self.cells_of(row) for row in answered]
        for place, column in enumerate(columns):
            cells = "".join([of_kpi[place] for of_kpi in drawn])
            parts.append(
                f'<tr><th scope="row">{_link(column.name, column.url)}\n'
                f'<span class="notes"><span>{escape(column.spread)}</span></span></th>\n'
                f"{cells}{whole if place == 0 else ''}</tr>\n"
            )
        return mark_safe("".join([*parts, "</tbody>\n"]))  # noqa: S308 - as above


def spoken_of(cell):
    """The sentence of a cell, which begins with what is seen unless it says that itself.

    Who speaks to a computer says what is seen, and a name has to have it.
    """
    seen = f"{cell.figure} {cell.note}" if cell.note else cell.figure
    said = cell.spoken if f": {seen}" in cell.spoken else f"{seen}. {cell.spoken}"
    return f"{said} Commented." if cell.said else said


def _names(cell, place):
    """The classes of a cell."""
    moved = cell.movement
    names = [
        place,
        cell.status.value if cell.status else "",
        moved.direction if moved else "",
        "worse" if moved and moved.worse else "",
        "provisional" if cell.provisional else "",
        "dim" if cell.dim else "",
        "noted" if cell.said else "",
    ]
    return " ".join(["cell", *filter(None, names)])


def by_priority(table):
    """Every school by priority, as stacks that lead there."""
    heads = "".join(
        f'<th scope="col"><a href="{escape(link.url)}">{escape(link.label)}</a></th>\n'
        for link in table.heads
    )
    parts = [f'<thead><tr><th scope="col">School</th>\n{heads}</tr></thead>\n<tbody>\n']
    names = [link.label for link in table.heads]
    for name, url, stacks in [
        ("All results", "", table.totals),
        *((row.name, row.url, row.stacks) for row in table.rows),
    ]:
        cells = "".join(
            f'<td><a href="{escape(found.url)}">{stack(found.stack, is_said=False)}'
            f'<span class="vh">{escape(name)}, {escape(priority)}: </span>'
            f"{escape(found.words)}</a></td>"
            if found
            else '<td><span class="note">n/a</span></td>'
            for priority, found in zip(names, stacks, strict=True)
        )
        parts.append(f'<tr><th scope="row">{_link(name, url)}</th>\n{cells}</tr>\n')
    return mark_safe("".join([*parts, "</tbody>\n"]))  # noqa: S308 - as above


def cards(sections, said):
    """One card for each KPI, for a phone: how it stands, how the schools do, what people say."""
    parts = [_card(row, said.get(row.key)) for section in sections for row in section.rows]
    return mark_safe("".join(parts))  # noqa: S308 - as above


def priority_cards(table):
    """One card for each priority: how all its results stand."""
    parts = [
        f'<li class="card">\n<h2>{_link(head.label, head.url)}</h2>\n{stack(found.stack)}</li>\n'
        for head, found in zip(table.heads, table.totals, strict=True)
        if found
    ]
    return mark_safe("".join(parts))  # noqa: S308 - as above


def _card(row, told):
    status = row.trust.status
    chip = (
        f'<span class="status {status.value}"><span class="shape" aria-hidden="true">'
        f"{status.letter}</span>{status.words}</span>"
    )
    target = row.target_spoken or row.target
    said = f'<span class="note">target {escape(target)}</span>' if target else ""
    worst = f'<p class="note">{escape(row.worst)}</p>' if row.worst else ""
    return (
        f'<li class="card">\n<h2>{_link(row.name, row.url)}</h2>\n'
        f'<p class="verdict">{chip}<span>{escape(row.figure)}</span>{said}</p>\n'
        f"{stack(row.stack) if row.stack else ''}\n"
        f"{worst}{_comments(row, told) if told else ''}</li>\n"
    )


def _comments(row, said):
    """Shut, for there may be many. The line under the table reads them here."""
    words = "1 comment" if said.count == 1 else f"{said.count} comments"
    each = "".join(
        f'<li><a href="{escape(one.url)}">{escape(one.name)}</a>'
        f"<span>{_part('Why?', one.why)}{_part('What next?', one.what_next)}"
        f"{_part('The school replies:', one.reply)}</span></li>\n"
        for one in said.words
    )
    more = f"<li>{_link(f'{said.more} more on the page of the KPI', row.url)}</li>\n"
    return (
        f'<details data-said><summary>{words}<span class="vh"> on {escape(row.name)}</span>'
        f"</summary><ul>\n{each}{more if said.more else ''}</ul></details>\n"
    )


def _part(head, text):
    return f" <b>{head}</b> {escape(text)}" if text else ""


def stack(shape, *, is_said=True):
    """Counts as one bar; its sentence says the same, unless words beside it do."""
    parts = []
    for part in shape.parts:
        label = f'<text x="{part.middle}" y="10">{escape(part.label)}</text>' if part.label else ""
        parts.append(
            f'<g class="{part.status.value}"><rect x="{part.x}" y="0" width="{part.width}" '
            f'height="20"/>{label}</g>'
        )
    said = f'role="img" aria-label="{escape(shape.words)}"' if is_said else 'aria-hidden="true"'
    bar = "".join(parts)
    return f'<svg class="stack" viewBox="0 0 {shape.width} 20" {said}>{bar}</svg>'


def _link(text, url):
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def _head(column):
    return _link(column.short, column.url)


def _target(row):
    return (
        f'<td class="target"><span aria-hidden="true">{escape(row.target)}</span>'
        f'<span class="vh">{escape(row.target_spoken)}</span></td>'
    )


def _named(each):
    """How many schools stand so, and who they are."""
    names = ", ".join(_link(school, url) for school, url in each.names)
    more = f" and {each.more} more" if each.more else ""
    told = f"{names}{more}{escape(each.count_words)}"
    return f"{escape(each.label)}: {told}" if told else escape(each.label)


def _spread(row):
    """How the schools of a column stand, in words."""
    return escape(", ".join(each.label for each in row.spread)) or "n/a"


def _group_heads(groups):
    heads = "".join(
        f'<th scope="colgroup" colspan="{len(rows)}">{escape(title)}</th>' for title, rows in groups
    )
    return f'<tr class="groups"><td></td>{heads}</tr>\n'
