"""F1 of the page of one KPI: all its figures so far, and the last of their trail."""

from collections import defaultdict
from html import escape

from . import questions as ask
from .floor import Floor


class KpiFloor(Floor):
    """What a trend of fifteen terms, a table of schools and a history are made of."""

    def __init__(self, bare, ground, node):
        super().__init__(bare, ground)
        self.node = node

    def read(self):
        rows, last = self.bare.rows, str(self.term.period.on)
        clauses = [row for row in rows(ask.CLAUSES, last, self.plan) if row[0] == self.node]
        terms = rows(ask.TERMS, self.trust)
        measures = {ask.Clause._make(row).measure for row in clauses}
        so_far = [row[0] for row in terms]
        entries = ask.OF_A_KPI.format(terms=", ".join("?" * len(so_far)))
        periods = rows(ask.PERIODS)
        outside = ask.OUTSIDE.format(periods=", ".join("?" * len(periods)))
        return {
            "units": rows(ask.UNITS, self.term.pk, self.trust),
            "clauses": clauses,
            "terms": terms,
            "tree": rows(ask.TREE, self.plan),
            "breaks": rows(ask.BREAKS, self.trust),
            "applies": rows(ask.APPLIES, self.trust),
            "targets": rows(ask.TARGETS, self.trust, last),
            "levels": [],
            "baselines": rows(ask.BASELINES, self.trust),
            "entries": [row for one in measures for row in rows(entries, one, *so_far)],
            "held": [],
            "done": [],
            "rated": [],
            "cases": [],
            "outside": rows(outside, self.trust, *[row[0] for row in periods]),
            "by_hand": rows(ask.BY_HAND, self.term.pk),
            "said": rows(ask.SAID, self.node, self.term.pk),
            "trail": [row for one in measures for row in rows(ask.TRAIL, one)],
        }

    def joined(self, facts):
        """A table of schools by terms, the comments and the last of the trail."""
        shown, targets = self._shown(facts), self._targets(facts)
        names = {unit[0]: unit[2] for unit in facts["units"]}
        keys = defaultdict(dict)
        for row in facts["entries"]:
            keys[row[0], row[3]][row[2]] = True
        html = [f"<h1>{escape(facts['clauses'][0][1])}</h1><p>{targets}<table>"]
        for unit, found in shown.items():
            for (measure, group), periods in keys.items():
                told = [found.get((measure, period, group), "") for period in periods]
                html.append(f"<tr><th>{escape(names[unit])}<td>{'<td>'.join(told)}")
        html.append("</table>")
        html += [
            f"<p>{names[unit]}: {escape(why)} {escape(after)} {escape(who)}"
            for unit, why, after, who in facts["said"]
        ]
        html += [
            f"<li>{at} {action} {channel} {before} {after} {escape(who or '')}"
            for _, at, action, channel, before, after, _, who in facts["trail"]
        ]
        return "\n".join(html).encode()
