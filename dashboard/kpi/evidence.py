"""The evidence behind ratings: who rated, on what, where it can be read, until when it holds."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from kpis.rag.dates import add_months, written
from kpis.rag.verdict import Status
from returns.asked.asking import name_of
from returns.evidence import SENT, Evidence

# A secure address, and nothing that is not part of one.
ADDRESS = re.compile(r"https://[^\s<>\"'`{}|\\^]+[^\s<>\"'`{}|\\^.,;:!?)\]]")


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One rating: ``words`` are safe HTML, in which secure addresses are links."""

    unit: str
    status: Status
    who: str
    on: str
    words: str
    holds: str
    expired: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class AttachedRow:
    """A file or a link that an answer of this term, or a rating that holds, rests on."""

    unit: str
    about: str
    one: Evidence
    on: str


def attached_rows(given, promise, sight, unit=None):
    """What was sent with the answers of a KPI, for the units that a person may see. One query."""
    measures = {reading.measure for clause in promise.clauses for reading in clause.readings}
    now = {"year": given.term.period.year, "part": given.term.period.part}
    of_now = {f"line__return_to__term__period__{name}": said for name, said in now.items()}
    wanted = Q(**of_now) | Q(line__judgement__isnull=False)
    rows = Evidence.objects.there().filter(
        wanted, line__measure__in=measures, line__return_to__state__in=SENT
    )
    found = []
    for one in rows.select_related("line__measure", "line__group").order_by("added_at", "pk"):
        it = given.units.get(one.line.unit_id)
        if it is None or not sight.reaches(it):
            continue
        if unit is None or it.id == unit or it.parent == unit or unit in it.serves:
            about = name_of(one.line.measure, one.line.group)
            found.append(
                AttachedRow(it.name, about, one, written(timezone.localdate(one.added_at)))
            )
    return tuple(found)


def linked(text):
    """The text with its https addresses as links; any other address stays text.

    >>> linked("See https://example.org/a?b=1&c=2.")
    'See <a href="https://example.org/a?b=1&amp;c=2" rel="noopener noreferrer">https://example.org/a?b=1&amp;c=2</a>.'
    """
    parts, end = [], 0
    for found in ADDRESS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        link = '<a href="{}" rel="noopener noreferrer">{}</a>'
        parts.append(format_html(link, found[0], found[0]))
        end = found.end()
    parts.append(escape(text[end:]))
    return SafeString("".join(parts))


def evidence_rows(given, promise, sight, unit=None):
    """The latest rating of each kind of every unit that a person may see, the newest first."""
    rows, several = [], sum(len(clause.readings) for clause in promise.clauses) > 1
    for clause in promise.clauses:
        terms = clause.in_force(given.term.index)
        for reading in clause.readings:
            measure = given.measures[reading.measure]
            months = measure.valid_months if terms.expires_months is None else terms.expires_months
            for (asked, pk, _), ratings in given.ratings.items():
                it = given.units[pk]
                if asked != measure.id or not sight.reaches(it):
                    continue
                if unit is not None and pk != unit and it.parent != unit and unit not in it.serves:
                    continue
                latest = {rated.external: rated for rated in ratings}
                name = measure.name if several else ""
                rows += [_row(given, it, rated, months, name) for rated in latest.values()]
    rows = list(dict.fromkeys(rows))
    rows.sort(key=lambda pair: (pair[0], pair[1].unit), reverse=True)
    return tuple(row for _, row in rows)


def _row(given, unit, rated, months, about):
    who = "outside the trust" if rated.external else f"the {rated.rated_by}"
    until = add_months(rated.on, months)
    expired = given.term.as_at > until
    return rated.on, EvidenceRow(
        unit=unit.name,
        status=Status(rated.rating),
        who=f"{rated.reviewer} ({who})",
        on=written(rated.on),
        words=linked(rated.evidence),
        holds=f"{'Held' if expired else 'Holds'} until {written(until)}",
        expired=expired,
        about=about,
    )
