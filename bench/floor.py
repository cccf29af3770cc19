"""F1, the floor of the dashboard: its facts by the bare driver, joined into a plain table.

The facts are those of the rules: for each clause and school this period, the
one before and the same a year ago, both groups of a gap, baseline, target,
comparator and reason; those of the term before too, because the page says what
has changed. Nothing is judged, rounded by the rules or said in a sentence.
"""

from collections import defaultdict
from datetime import timedelta
from html import escape
from itertools import chain

from . import questions as ask

YEARLY = ("academic_year", "financial_year")
COUNTED_APART = ("level", "yes_no", "rating")
ALL_PUPILS = 1  # the first row of the list of groups


class Floor:
    """One trust and term; what a web server knows of them already is read once, here."""

    def __init__(self, bare, ground):
        self.bare, self.ground = bare, ground
        self.trust, self.term = ground.trust.pk, ground.term
        self.index = self.term.period.index
        (plan,) = bare.rows("SELECT id FROM priorities_plan WHERE trust_id = ?", self.trust)
        self.plan = plan[0]
        (before,) = bare.rows(
            "SELECT t.id FROM schools_term t JOIN schools_period p ON p.id = t.period_id "
            'WHERE t.trust_id = ? AND p."on" < ? ORDER BY p."on" DESC LIMIT 1',
            self.trust,
            str(self.term.period.on),
        )
        self.terms = self.term.pk, before[0]

    def page(self):
        """The table, as bytes."""
        return self.joined(self.read())

    # Facts

    def read(self):
        """Every fact, in seventeen questions."""
        rows, last = self.bare.rows, str(self.term.period.on)
        units = rows(ask.UNITS, self.term.pk, self.trust)
        clauses = rows(ask.CLAUSES, last, self.plan)
        periods = {row[1:4]: row[0] for row in rows(ask.PERIODS)}
        targets = rows(ask.TARGETS, self.trust, last)
        levels = rows(ask.LEVELS, self.trust)
        wanted, self.asked = self._wanted(clauses, periods)
        return {
            "units": units,
            "clauses": clauses,
            "periods": periods,
            "terms": rows(ask.TERMS, self.trust),
            "tree": rows(ask.TREE, self.plan),
            "breaks": rows(ask.BREAKS, self.trust),
            "applies": rows(ask.APPLIES, self.trust),
            "targets": targets,
            "levels": levels,
            "baselines": rows(ask.BASELINES, self.trust),
            "entries": self._entries(wanted),
            "done": rows(ask.DONE, self.trust, *self.terms),
            "held": rows(ask.HELD, self.trust, last),
            "rated": rows(ask.RATED, self.trust, *self._last_year()),
            "cases": rows(ask.CASES, self.trust, last, str(self.term.starts)),
            "outside": self._outside(wanted),
            "by_hand": rows(ask.BY_HAND, self.term.pk),
        }

    def _last_year(self):
        """The days on which a rating still holds, a term more for what has changed."""
        return str(self.term.ends - timedelta(days=500)), str(self.term.period.on)

    def _entries(self, wanted):
        if self.bare.is_sqlite:
            values = ", ".join(["(?, ?, ?)"] * len(wanted))
            sql = ask.ENTRIES_SQLITE % values
            return self.bare.rows(sql, *chain.from_iterable(wanted), self.trust)
        return self.bare.rows(ask.ENTRIES_POSTGRESQL, *map(list, zip(*wanted, strict=True)))

    def _outside(self, wanted):
        periods = sorted({period for _, period, _ in wanted})
        sql = ask.OUTSIDE.format(periods=", ".join("?" * len(periods)))
        return self.bare.rows(sql, self.trust, *periods)

    def _wanted(self, clauses, periods):
        """What is asked of the entries, (measure, period, group); and each clause's own periods."""
        wanted, asked = set(), {}
        for row in map(ask.Clause._make, clauses):
            if row.kind in COUNTED_APART:
                continue
            line = self._line(row)
            first = row.baseline_year and row.baseline_year * 3
            starts = [first + line[0] % 3] if first else []
            # A path is walked from its beginning: whether the target was ever met.
            path = range(first, self.index + 1) if first and row.rule == "threshold" else ()
            told = [periods.get(_key(row.basis, index)) for index in (*line, *starts)]
            told = list(dict.fromkeys(pk for pk in told if pk))
            groups = [row.group]
            if row.rule == "gap":
                groups += [pk for pk in (ALL_PUPILS, row.rest) if pk]
            since = {*told, *(periods.get(_key(row.basis, index)) for index in path)} - {None}
            wanted.update((row.measure, period, group) for period in since for group in groups)
            asked[row.clause, row.measure] = told, groups
        return sorted(wanted), asked

    def _line(self, row):
        """Where the periods end: this, the one before, a year ago, and those of the term before."""
        asks = row.ask_autumn, row.ask_spring, row.ask_summer

        def last(index):
            return next(i for i in range(index, index - 4, -1) if asks[i % 3])

        now = last(self.index)
        if row.basis in YEARLY:
            now -= 3 * (row.about == "last")
            return [now, now - 3]
        before = last(now - 1)
        earlier = before - 3 if row.seasonal else last(before - 1)
        return [now, before, now - 3, earlier]

    # The table

    def joined(self, facts):
        """One row per clause, one cell per school with all of its figures in it."""
        shown, units = self._shown(facts), self._by_school(facts)
        targets, outside = self._targets(facts), _by_series(facts)
        html, node = ["<table><tr><th>KPI"], None
        html += [f"<th>{escape(of_school[0][2])}" for of_school in units]
        for row in map(ask.Clause._make, facts["clauses"]):
            told, groups = self.asked.get((row.clause, row.measure), ((), ()))
            places = [(row.measure, period, group) for group in groups for period in told]
            places += [(row.measure, 0, 0), (0, row.reading, 0), (0, 0, row.node)]
            series = outside.get(row.series, {})
            of_series = [(period, group) for group in groups for period in told[:1]]
            if row.node != node:
                node = row.node
                html.append(f"<tr><th>{escape(row.title)}")
            html.append(f"<tr><th>{row.rule} {row.operator} {targets.get((row.reading, None), '')}")
            for of_school in units:
                cell = []
                for unit in of_school:
                    found = shown[unit[0]]
                    cell += [found[place] for place in places if place in found]
                    cell += [
                        series[unit[3], *place]
                        for place in of_series
                        if (unit[3], *place) in series
                    ]
                    if (row.reading, unit[0]) in targets:
                        cell.append(targets[row.reading, unit[0]])
                html.append(f"<td>{' '.join(cell)}")
        html.append("</table>")
        return "\n".join(html).encode()

    def _by_school(self, facts):
        """Each school with its parts."""
        parts = defaultdict(list)
        for unit in facts["units"]:
            if unit[1] == "part":
                parts[unit[4]].append(unit)
        return [(unit, *parts[unit[0]]) for unit in facts["units"] if unit[1] == "school"]

    def _shown(self, facts):
        """{unit: {place: figure}}: every figure as text, the provisional before the approved."""
        shown = defaultdict(dict)
        for m, unit, period, group, part, of, value, why, until, *_, standing in facts["entries"]:
            of_unit, key = shown[unit], (m, period, group)
            if standing == "approved" and key in of_unit:
                continue
            if part is not None:
                text = f"{100 * part / of:.1f}" if of else "0 of 0"
            elif value is not None:
                text = f"{value:.2f}"
            else:
                text = f"{why} {until or ''}"
            of_unit[key] = text + "*" if standing == "provisional" else text
        names = {row[0]: row[3] for row in facts["levels"]}
        for m, unit, level, why, _, _ in facts["held"]:
            shown[unit][m, 0, 0] = names.get(level, why)
        for m, unit, done, on, why, _, _ in facts["done"]:
            shown[unit][m, 0, 0] = f"{done or why} {on or ''}"
        for m, unit, on, kind, rating, by, who, _ in facts["rated"]:
            shown[unit][m, 0, 0] = f"{rating} {on} {kind} {by} {who}"
        for m, unit, opened, closed in facts["cases"]:
            shown[unit][m, 0, 0] = f"{shown[unit].get((m, 0, 0), '')} {opened} {closed or ''}"
        for reading, unit, _, _, value, level, part, of, entry in facts["baselines"]:
            figure = 100 * part / of if of else value if value is not None else entry
            shown[unit][0, reading, 0] = names.get(level, "") if figure is None else f"{figure:.1f}"
        for node, unit, status, reason in facts["by_hand"]:
            shown[unit][0, 0, node] = f"{status} {reason}"
        return shown

    def _targets(self, facts):
        """The trust's target of a reading under None, a school's own under its number."""
        own = {unit[0] for unit in facts["units"] if unit[1] == "trust"}
        targets = {}
        for reading, unit, value, low, high, path, *_ in facts["targets"]:
            text = f"{value} {path}" if value is not None else f"{low} {high}"
            targets[reading, None if unit in own else unit] = text
        return targets


def _key(basis, index):
    """The key of a period that ends with a term; a whole year ends in summer."""
    year, part = divmod(index, 3)
    return (basis, year, 3) if basis in YEARLY else (basis, year, part + 1)


def _by_series(facts):
    """{series: {(phase, period, group): figure}}, the later release in the place of the earlier."""
    found = defaultdict(dict)
    for series, _, code, group, period, release, value, _, _, gone, _ in facts["outside"]:
        found[series][code, period, group] = "" if gone else f"{value} {release}"
    return found
