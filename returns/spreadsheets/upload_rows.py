"""What an applied file has changed, in words: what each line said before, and what it says now."""

from collections import Counter
from dataclasses import dataclass

from ..asked.asking import Asking
from ..grid.rows import EMPTY, said_words
from ..life.entering import asked_by
from ..typed.spelling import lower_first
from .shapes import DATA


@dataclass(frozen=True, slots=True)
class AppliedRow:
    """One line that the file has changed."""

    place: str
    unit: str
    measure: str
    was: str
    now: str
    note: str


@dataclass(frozen=True, slots=True)
class Staying:
    """So many figures of one return that undoing leaves as they are, and why."""

    return_: str
    why: str
    count: int


def staying(lines):
    """By return; ``lines`` are UploadedLines that cannot be put back and have not been."""
    found = Counter((str(one.line.return_to.unit), one.stays) for one in lines if not one.undone)
    return [Staying(unit, lower_first(why), count) for (unit, why), count in sorted(found.items())]


def applied_rows(lines, today):
    """In the order of the file; ``lines`` are those of ``uploads.undoing``."""
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
                place=f"{'' if one.sheet.lower() == DATA else one.sheet} {one.row}".strip(),
                unit=line.unit.name,
                measure=asked.name,
                was="" if was == EMPTY else was,
                now="" if now == EMPTY else now,
                note=one.stays,
            )
        )
    return found
