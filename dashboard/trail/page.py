"""The history of a trust: who changed what, when, from what to what, and why.

What one person did at one moment to many things alike is one entry that opens:
a file with forty figures, a page saved with twelve.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from returns.life.states import State
from schools.models import AuditRow, Unit

from ..addresses import Link

PER_PAGE = 50
SHOWN_AT_ONCE = 40  # of one entry; the others have a page of their own

# What people look for, and the tables in which it is written, by the beginnings of their names.
KINDS = {
    "figures": ("Figures", ["returns.", "kpis.entry", "kpis.case"]),
    "targets": ("Targets and baselines", ["kpis.target", "kpis.baseline", "kpis.scaletarget"]),
    "rules": ("Plan and rules", ["priorities.", "kpis.clause", "kpis.due", "kpis.reading"]),
    "statuses": ("Set by hand and said", ["kpis.override", "kpis.comment", "kpis.reply"]),
    "outside": ("England figures", ["kpis.series", "kpis.comparator"]),
    "reports": ("Board reports", ["reports."]),
    "people": ("People", ["schools.membership", "schools.user", "schools.office"]),
    "trust": (
        "Schools and terms",
        ["schools.trust", "schools.unit", "schools.school", "schools.term", "schools.deadline"],
    ),
}
# The boxes of a return as the screen names them; all others by their own name.
BOXES = {
    "value": "figure",
    "numerator": "part",
    "denominator": "whole",
    "why_none": "no figure",
    "until": "expected",
    "on": "day",
    "what_next": "what next",
    "note": "why it is right",
}
STATES = {state.value: state.label for state in State}
LONGEST = 120  # characters of one value; the whole is in the full copy


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that changed: what it is, and each part of it before and after.

    ``is_new``: there was nothing before, so that only what it became is said.
    """

    what: str
    changes: tuple[tuple[str, str, str], ...]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class TrailRow:
    """What one person did at one moment; ``more`` steps are on ``more_url``."""

    when: datetime
    who: str
    for_whom: str
    did: str
    what: str
    where: str
    how: str
    reason: str
    steps: tuple[Step, ...]
    more: int = 0
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; what it cannot mean is left out."""

    kind: str = ""
    unit: str = ""
    person: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None
    batch: int | None = None

    @classmethod
    def read(cls, query):
        kind, batch = query.get("kind", ""), query.get("batch", "")
        return cls(
            kind=kind if kind in KINDS else "",
            unit=query.get("unit", ""),
            person=query.get("person", "").strip()[:80],
            words=query.get("words", "").strip()[:80],
            since=_day(query.get("since")),
            until=_day(query.get("until")),
            batch=int(batch) if batch.isascii() and batch.isdigit() and len(batch) < 19 else None,
        )

    def narrow(self, rows):
        """The rows of the history that are wanted."""
        if self.kind:
            tables = [Q(thing_kind__startswith=table) for table in KINDS[self.kind][1]]
            rows = rows.filter(reduce(or_, tables))
        if self.unit:
            rows = rows.filter(unit__code=self.unit)
        if self.person:
            rows = rows.filter(by__name__icontains=self.person)
        if self.words:
            rows = rows.filter(thing_name__icontains=self.words)
        if self.since:
            rows = rows.filter(at__gte=_midnight(self.since))
        if self.until:
            rows = rows.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return rows

    def pairs(self, **changes):
        """The same as pairs for an address."""
        told = {
            "kind": self.kind,
            "unit": self.unit,
            "person": self.person,
            "words": self.words,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        } | changes
        return [(name, value) for name, value in told.items() if value]


def _day(text):
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _midnight(day):
    """The moment in London at which a day begins."""
    return timezone.make_aware(datetime.combine(day, time()))


# What one entry is: the same person, moment, way, action, kind of thing and school.
ENTRY = ("at", "by", "channel", "action", "thing_kind", "unit", "on_behalf_of")


def every(wanted):
    """All rows that are wanted, the newest first, whatever entry they are of."""
    rows = wanted.narrow(AuditRow.objects.select_related("by", "unit", "on_behalf_of"))
    if wanted.batch is not None:
        rows = _of_entry(rows, wanted.batch)
    return rows.order_by("-pk")


def _of_entry(rows, batch):
    """The rows of one entry, known by its last row."""
    last = AuditRow.objects.filter(pk=batch).values(*ENTRY).first()
    if last is None:
        return AuditRow.objects.none()
    return rows.filter(**last).select_related("by", "unit", "on_behalf_of")


class Trail:
    """One page of the history. Four queries, however long the history is."""

    def __init__(self, wanted, number, address):
        self.wanted, self.address = wanted, address
        rows = wanted.narrow(AuditRow.objects.order_by())
        if wanted.batch is not None:
            self.paginator = Paginator(_of_entry(rows, wanted.batch).order_by("pk"), PER_PAGE)
            self.page = self.paginator.get_page(number)
            self.rows = [self._row([row], 1) for row in self.page]
            return
        entries = rows.values(*ENTRY).annotate(first=Min("pk"), last=Max("pk"), many=Count("pk"))
        self.paginator = Paginator(entries.order_by("-last"), PER_PAGE)
        self.page = self.paginator.get_page(number)
        self.rows = self._rows(rows, list(self.page))

    def _rows(self, rows, entries):
        if not entries:
            return []
        # Of what was done to many things, the first few are enough.
        ends = [min(entry["last"], entry["first"] + SHOWN_AT_ONCE) for entry in entries]
        shown = [
            Q(pk__range=(entry["first"], end)) for entry, end in zip(entries, ends, strict=True)
        ]
        details = rows.filter(reduce(or_, shown)).select_related("by", "unit", "on_behalf_of")
        found = {}
        for row in details.order_by("pk"):
            found.setdefault(tuple(getattr(row, _column(name)) for name in ENTRY), []).append(row)
        return [
            self._row(found[tuple(entry[name] for name in ENTRY)], entry["many"], entry["last"])
            for entry in entries
        ]

    def _row(self, rows, many, last=None):
        row = rows[0]
        alone = many == 1
        return TrailRow(
            when=row.at,
            who=who_of(row),
            for_whom=str(row.on_behalf_of) if row.on_behalf_of else "",
            did=row.action if alone else _ONE.sub("", row.action),
            what=row.thing_name if alone else _many(row, many),
            where=_where(row, alone),
            how=row.how,
            reason=row.reason,
            steps=tuple(step_of(one, alone) for one in rows),
            more=many - len(rows),
            more_url="" if many == len(rows) else self.address(batch=str(last)),
        )

    def kinds(self):
        """The chips: everything, or one kind of thing."""
        links = [Link("Everything", self.address(kind=""), not self.wanted.kind)]
        for kind, (label, _) in KINDS.items():
            links.append(Link(label, self.address(kind=kind), self.wanted.kind == kind))
        return links


_ONE = re.compile(r" an? \w+$")  # of many: "closed a case" is "closed 2 cases"
PLURALS = {
    "returns.line": "answers",
    "kpis.case": "cases",
    "schools.membership": "roles",
    "kpis.baseline": "baselines",
    "kpis.target": "targets",
}


def who_of(row):
    """Who did it; what nobody did, trustplan did by itself."""
    return str(row.by) if row.by else "trustplan"


def _where(row, alone):
    """The school, where what was changed does not name it already."""
    if row.unit is None or (alone and str(row.unit) in row.thing_name):
        return ""
    return str(row.unit)


def _many(row, many):
    return f"{many} {PLURALS.get(row.thing_kind, 'things')}"


def _column(name):
    return f"{name}_id" if name in ("by", "unit", "on_behalf_of") else name


def step_of(row, alone=True):
    """What one row says: each part that is different, before and after."""
    before, after = row.before or {}, row.after or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return Step(row.thing_name, (("", _text(before), _text(after)),))
    names = [name for name in (*before, *after) if name not in ("answers", "lines")]
    changes = [
        (BOXES.get(name, name.replace("_", " ")), _text(before.get(name)), _text(after.get(name)))
        for name in dict.fromkeys(names)
        if before.get(name) or after.get(name)
    ]
    counted = [(len(side.get("answers") or ())) for side in (before, after)]
    if any(counted):
        changes.append(
            (
                "answers",
                f"{counted[0]} replaced" if counted[0] else "",
                f"{counted[1]} made" if counted[1] else "",
            )
        )
    if len(changes) > SHOWN_AT_ONCE:
        changes = [("parts", "", f"{len(changes)} parts of a file")]
    return Step("" if alone else row.thing_name, tuple(changes), is_new=not before)


def _text(value):
    """A value as one short text; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {_text(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        value = f"{len(value)}"
    text = STATES.get(value, str(value))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def schools_to_choose(chosen):
    """The units whose history can be asked for: (code, name, whether it is chosen)."""
    units = Unit.objects.exclude(kind="part").order_by("name").values_list("code", "name")
    return [(code, name, code == chosen) for code, name in units]
