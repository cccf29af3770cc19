"""Changes that the register asks for, as the lines that a command prints."""

from schools.models import Phase

from .changes import FACTS, in_words


def said(changes):
    """The lines of all changes and notes; empty if there is neither."""
    yield from _section("To add", changes.joining, _joining)
    yield from _section("Changed", changes.altering, _altering)
    yield from _section("Left", changes.leaving, _leaving)
    yield from _section("Not changed, for you to look at", changes.notes, _note)


def shown(column, value):
    """One fact in words: "all-through", "yes", "none"."""
    if value is None or value == "":
        return "none"
    if value is True or value is False:
        return "yes" if value else "no"
    if column == "phase":
        return Phase(value).label.lower()
    return str(value)


def _section(title, rows, words):
    if rows:
        yield f"{title} ({len(rows)}):"
        for row in rows:
            yield from words(row)


def _joining(joining):
    facts = [
        f"{label} {shown(column, joining.columns[column])}"
        for column, (label, _) in FACTS.items()
        if column not in ("name", "urn")
    ]
    yield f"  + {joining.name} (URN {joining.columns['urn']}): {', '.join(facts)}"
    if joining.columns["phase"] == Phase.ALL_THROUGH:
        yield "      with a part for primary and a part for secondary"
    if predecessor := joining.columns["predecessor_urn"]:
        yield f"      follows URN {predecessor}"
    yield f"      joined on {in_words(joining.columns['joined'])} ({joining.why_then})"


def _altering(altering):
    school = altering.school
    yield f"  ~ {school} ({school.code}), from {in_words(altering.since)}:"
    if altering.predecessor:
        yield f"      the same school after a conversion: its URN follows {altering.predecessor}"
    for column, (was, now) in altering.facts.items():
        yield f"      {FACTS[column][0]}: was {shown(column, was)}, now {shown(column, now)}"
    if altering.parts_begin:
        yield "      gets a part for primary and a part for secondary"
    for part in altering.parts_end:
        yield f"      its part {part.code} ends"


def _leaving(leaving):
    school = leaving.school
    last = in_words(leaving.left)
    yield f"  - {school} ({school.code}, URN {school.urn}): last day {last}; it {leaving.why}"
    for part in leaving.parts:
        yield f"      with its part {part.code}"


def _note(note):
    yield f"  {note}"
