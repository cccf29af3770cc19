"""What an applied file has changed, in words: what each line said before, and what it says now."""

from dataclasses import dataclass

from .asking import Asking
from .entering import asked_by
from .rows import EMPTY, said_words


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """One line that the file has changed."""

    place: str
    unit: str
    measure: str
    was: str
    now: str
    note: str


def applied_rows(lines, today):
    """In the order of the file; ``lines`` are UploadedLines."""
    askings, found = {}, []
    for one in sorted(lines, key=lambda one: one.pk):
        line = one.line
        term = line.return_to.term
        asking = askings.get(term.pk) or askings.setdefault(term.pk, Asking(term))
        asked = asked_by(line, asking)
        was, _ = said_words(asking, asked, one.typed, today)
        now, _ = said_words(asking, asked, line.typed, today)
        found.append(
            AppliedRow(
                place=f"{one.sheet} {one.row}".strip(),
                unit=line.unit.name,
                measure=asked.name,
                was="" if was == EMPTY else was,
                now="" if now == EMPTY else now,
                note=_note(one),
            )
        )
    return found


def _note(one):
    if one.undone:
        return "Undone"
    if one.line.version != one.version:
        by = f" by {one.line.changed_by}" if one.line.changed_by else ""
        return f"Changed since{by}"
    return ""
