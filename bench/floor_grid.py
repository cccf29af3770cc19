"""The floor of the entry grid: the same facts by the bare driver, joined as plain strings."""

from collections import Counter
from html import escape

KPIS = """
SELECT n.id, n.parent_id, n.role, n.title, r.measure_id
FROM priorities_node n
LEFT JOIN kpis_clause c ON c.node_id = n.id AND c.archived_at IS NULL
LEFT JOIN kpis_reading r ON r.clause_id = c.id
WHERE n.plan_id = ? AND n.archived_at IS NULL ORDER BY n."order", n.id
"""
LINES = """
SELECT m.id, m.code, m.name, m.unit, m.counts, m.per, m.decimals, m.kind, m.basis, m.what_counts,
    m.numerator_name, m.denominator_name, m.survey, m.seasonal,
    g.id, g.code, g.name, l.id, l.version, l.value, l.numerator, l.denominator, l.why_none,
    l.until, l.respondents, l.invited, l.provider, l.note, l.why, l.what_next, u.name
FROM kpis_measure m
JOIN kpis_measure_groups mg ON mg.measure_id = m.id
JOIN kpis_pupilgroup g ON g.id = mg.pupilgroup_id
JOIN returns_line l ON l.measure_id = m.id AND l.group_id = g.id AND l.return_to_id = ?
LEFT JOIN schools_user u ON u.id = l.handed_to_id
WHERE m.archived_at IS NULL ORDER BY m.id, g.id
"""
BEFORE = """
SELECT e.measure_id, e.group_id, e.value, e.numerator, e.denominator, p.basis, p.year_id, p.part
FROM kpis_entry e JOIN kpis_measure m ON m.id = e.measure_id AND m.archived_at IS NULL
JOIN schools_period p ON p.id = e.period_id
WHERE e.unit_id = ? AND e.why_none IS NULL AND p."on" < ? ORDER BY p."on"
"""
EVIDENCE = """
SELECT e.line_id FROM returns_evidence e JOIN returns_line l ON l.id = e.line_id
WHERE l.return_to_id = ? AND e.removed_at IS NULL
"""
REASONS = (
    ("", "Choose"),
    ("not_applicable", "Not applicable"),
    ("too_few", "Too few pupils"),
    ("not_available", "Not available yet"),
)


class GridFloor:
    """One return, its questions and what has been typed; nothing is read, judged or checked."""

    def __init__(self, bare, typing):
        self.bare, ground = bare, typing.ground
        self.return_, self.unit = typing.return_.pk, typing.return_.unit_id
        self.at = f"/t/{ground.trust.slug}"
        self.term, self.slug = typing.return_.term.name, typing.return_.term.slug
        self.starts = str(typing.return_.term.period.on)
        self.school = typing.return_.unit.code
        (plan,) = bare.rows("SELECT id FROM priorities_plan WHERE trust_id = ?", ground.trust.pk)
        self.plan = plan[0]

    def page(self):
        """The rows of the grid under their priorities, as bytes."""
        rows = self.bare.rows
        nodes, readers = {}, {}
        for pk, parent, role, title, measure in rows(KPIS, self.plan):
            nodes[pk] = parent, role, title
            readers.setdefault(measure, []).append(pk)
        before = {row[:2]: row[2:] for row in rows(BEFORE, self.unit, self.starts)}
        evidence = Counter(line for (line,) in rows(EVIDENCE, self.return_))
        sections = {}
        for line in rows(LINES, self.return_):
            reading = readers[line[0]]
            title = _priority(reading[0], nodes)
            row = self._row(line, reading, before.get((line[0], line[14])), evidence[line[17]])
            sections.setdefault(title, []).append(row)
        return "".join(
            f"<section><h2>{escape(title)} <span>{len(found)} figures</span></h2><table>"
            f"<tbody>{''.join(found)}</tbody></table></section>"
            for title, found in sections.items()
        ).encode()

    def _row(self, line, kpis, before, evidence):
        measure, code, name, unit, counts, per, decimals, kind, basis, what = line[:10]
        part, whole, survey, _, group, group_code, group_name, _, version = line[10:19]
        value, top, bottom, why_none, until, answered, asked, by, note, why, after = line[19:30]
        key = f"{measure}-{self.unit}-{group}-1"
        name = escape(name if group_code == "all" else f"{name}, {group_name}")
        kpi = f"{self.at}/kpis/{kpis[0]}"
        query = f"?term={self.slug}&amp;school={self.school}"
        told, period = "", ""
        if before:
            told = f"{per * before[1] / before[2]:.{decimals}f}" if before[1] else str(before[0])
            period = f"{before[4]} {before[5]}"
        if counts == "both":
            answer = _box(key, "numerator", part or "How many", name, top, 7, 60)
            answer += _box(key, "denominator", whole or "Pupils", name, bottom, 7, 60)
        else:
            answer = _box(key, "value", f"{name}, {self.term}", "", value, 7, 200)
            if counts == "weight":
                answer += _box(key, "denominator", whole or "Pupils", name, bottom, 7, 60)
        more = ""
        if survey:
            if counts != "both":
                more += _box(key, "respondents", "How many answered", name, answered, 7, 20)
            more += _box(key, "invited", "How many were asked", name, asked, 7, 20)
            more += _box(key, "provider", "Who ran the survey", name, by, 30, 80)
            more = f'<tr class="more"><td colspan="4"><div class="parts">{more}</div></td></tr>'
        options = "".join(
            f'<option value="{word}"{" selected" if word == why_none else ""}>{words}</option>'
            for word, words in REASONS
        )
        return (
            f'<tr id="line-{key}" data-key="{key}" data-code="{escape(code)}" data-name="{name}">'
            f'<th scope="row">{name} <span class="note">({escape(unit)})</span>'
            f'<div class="asides"><span class="note">{basis} · <a href="{kpi}/{query}">read by '
            f'{len(kpis)} KPIs</a></span><a href="{kpi}/history/{query}">History'
            f'<span class="vh"> of {name}</span></a>{escape(what)}<details><summary>Comment'
            f'<span class="vh"> on {name}</span></summary>'
            f"{_box(key, 'note', 'Why this is right', name, note, 60, 400)}"
            f"{_box(key, 'why', 'Why is it so?', name, why, 60, 400)}"
            f"{_box(key, 'what_next', 'What next, who, by when?', name, after, 60, 400)}"
            f'<a href="{self.at}/returns/{self.return_}/evidence/{key}/">{evidence or "Add"} '
            f'evidence<span class="vh">: {name}</span></a></details></div></th>'
            f'<td data-label="Before">{told} <span class="note">{period}</span></td>'
            '<td class="target blank" data-label="Target"></td>'
            f'<td class="answer" data-counts="{per} {decimals} {kind}">'
            f'<input type="hidden" name="l-{key}-seen" value="{version}" id="id_l-{key}-seen">'
            f'<div class="answers">{answer}</div></td>'
            '<td class="reason" data-label="No figure?"><div class="box">'
            f'<label for="id_l-{key}-why_none" class="vh">Why there is no figure: {name}</label>'
            f'<select name="l-{key}-why_none" id="id_l-{key}-why_none">{options}</select></div>'
            f"{_box(key, 'until', 'Expected on', name, until, 16, 40)}</td>"
            f'<td class="result blank" data-label="Result"></td></tr>{more}'
        )


def _box(key, part, label, name, text, size, longest):
    return (
        f'<div class="box box-{part}"><label for="id_l-{key}-{part}" class="label">{escape(label)}'
        f'<span class="vh">: {name}</span></label><input type="text" name="l-{key}-{part}" '
        f'value="{escape(text)}" size="{size}" maxlength="{longest}" id="id_l-{key}-{part}"></div>'
    )


def _priority(node, nodes):
    """The title of the priority above a KPI."""
    while nodes[node][1] != "priority":
        node = nodes[node][0]
    return nodes[node][2]
