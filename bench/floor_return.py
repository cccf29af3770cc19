"""The floor of typing and sending: the same rows, in bare SQL and one transaction."""

import json

from django.utils import timezone

from returns.asked.questions import NAMES

TEXTS = ", ".join(f'"{name}"' for name in NAMES)
ANSWER = ("value", "numerator", "denominator")
NEW_LINE = f"""
    INSERT INTO returns_line (return_to_id, measure_id, unit_id, group_id, number, period_id,
        question, reopened, version, changed_at, changed_by_id, {TEXTS})
    VALUES (?, ?, ?, ?, ?, ?, '', ?, 1, ?, ?, {", ".join("?" * len(NAMES))})
"""  # noqa: S608 - of constants
OTHER_TEXT = (
    "UPDATE returns_line SET value = ?, numerator = ?, denominator = ?,"
    " version = version + 1, changed_at = ?, changed_by_id = ? WHERE id = ?"
)
LINES = (
    "SELECT id, measure_id, unit_id, group_id, number, period_id, value, numerator, denominator"
    " FROM returns_line WHERE return_to_id = ?"
)
TRAIL = (
    'INSERT INTO schools_auditrow (trust_id, "at", by_id, on_behalf_of_id, channel, action,'
    " thing_kind, thing_id, thing_name, unit_id, before, after, reason)"
    " VALUES (?, ?, ?, ?, 'form', ?, ?, ?, ?, ?, ?, ?, '')"
)
ENTRY = (
    "INSERT INTO kpis_entry (measure_id, unit_id, group_id, period_id, collected_in_id,"
    " value, numerator, denominator, provider, standing, claim_accepted)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 'provisional', ?)"
)
ENTRIES = (
    "SELECT measure_id, group_id, id FROM kpis_entry"
    " WHERE unit_id = ? AND collected_in_id = ? AND standing = 'provisional'"
)
MOVED = "UPDATE returns_return SET state = ?, version = version + 1 WHERE id = ?"
SENT = "UPDATE returns_return SET submitted_at = ?, submitted_by_id = ? WHERE id = ?"
BECAME = "UPDATE returns_line SET entry_id = ? WHERE id = ?"
COUNTS_NOW = "UPDATE schools_unit SET data_version = data_version + 1 WHERE id = ?"


class ReturnFloor:
    """Writes what ``typing`` says and knows already; nothing is judged, nothing refused."""

    def __init__(self, bare, typing):
        self.bare, self.typing = bare, typing
        ground = typing.ground
        self.trust, self.term, self.by = ground.trust.pk, ground.term.pk, ground.manager.pk
        self.unit = typing.return_.unit_id
        self.per = {asked.measure.pk: asked.measure.per for asked in typing.asked}
        periods = typing.asking.kept_periods
        self.period = {
            asked.key: periods[asked.measure.basis, asked.measure.about].pk
            for asked in typing.asked
        }

    def save(self):
        """Lines, with a row of the trail for each; the return goes on."""
        at, typing = str(timezone.now()), self.typing
        with self.bare.transaction():
            self.bare.write(MOVED, [("in_progress", typing.return_.pk)])
            new, old, before = (
                [],
                [],
                {key: line.typed._asdict() for key, line in typing.lines.items()},
            )
            for change in typing.changes:
                key, texts = change.asked.key, change.typed._asdict()
                if key in before:
                    answer = (texts[name] for name in ANSWER)
                    old.append((*answer, at, self.by, typing.lines[key].pk))
                else:
                    place = typing.return_.pk, *key, self.period[key], False
                    new.append((*place, at, self.by, *texts.values()))
            if new:
                self.bare.write(NEW_LINE, new)
            if old:
                self.bare.write(OTHER_TEXT, old)
            lines = {row[1:5]: row for row in self.bare.rows(LINES, typing.return_.pk)}
            self.bare.write(
                TRAIL, [self._typed(change, lines, before, at) for change in typing.changes]
            )

    def _typed(self, change, lines, before, at):
        key, texts = change.asked.key, change.typed._asdict()
        was = before.get(key, dict.fromkeys(NAMES, ""))
        changed = [name for name in NAMES if was[name] != texts[name]]
        name = f"{change.asked.measure}, {change.asked.unit.name}, {change.asked.group}"
        told = [json.dumps({name: of[name] for name in changed}) for of in (was, texts)]
        return self._trail(at, "typed", "returns.line", lines[key][0], name, *told)

    def _trail(self, at, action, kind, pk, name, before, after):
        who = self.trust, at, self.by, self.unit
        return *who, action, kind, pk, name, self.unit, before, after

    def send(self):
        """Entries, the lines that became them, the return, one row of the trail, the unit."""
        at, return_ = str(timezone.now()), self.typing.return_
        with self.bare.transaction():
            lines = self.bare.rows(LINES, return_.pk)
            self.bare.write(MOVED, [("submitted", return_.pk)])
            self.bare.write(SENT, [(at, self.by, return_.pk)])
            self.bare.write(ENTRY, [self._entry(line) for line in lines])
            entries = {row[:2]: row[2] for row in self.bare.rows(ENTRIES, self.unit, self.term)}
            self.bare.write(BECAME, [(entries[line[1], line[3]], line[0]) for line in lines])
            answers = json.dumps([dict(zip(ANSWER, line[6:], strict=True)) for line in lines])
            row = "submitted", "returns.return", return_.pk, str(return_), "{}", answers
            self.bare.write(TRAIL, [self._trail(at, *row)])
            self.bare.write(COUNTS_NOW, [(self.unit,)])

    def _entry(self, line):
        place = line[1], line[2], line[3], line[5], self.term
        value, part, whole = line[6:]
        if part:
            value = f"{self.per[line[1]] * int(part) / int(whole):.6f}"
            return *place, value, part, whole, False
        return *place, value, None, None, False
