"""Whether a draft is ready for its board: what is late, what lacks a comment, how long it is.

Pure: it counts a document.
"""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from .shapes import Document

WORDS_A_MINUTE = 200
SUMMARY_WORDS = 150
MANY_PAGES = 12
EXCEPTIONS_A_PAGE, DEFINITIONS_A_PAGE, ROWS_A_PAGE = 3, 7, 22


@dataclass(frozen=True, slots=True)
class Ready:
    """``phrases`` are the line on the page, ``advice`` what to do about it."""

    phrases: tuple[str, ...]
    advice: tuple[str, ...]
    pages: int
    minutes: int


def readiness(document: Document, *, late: int, uncommented: int) -> Ready:
    pages, minutes = pages_of(document), minutes_of(document)
    words = sum(len(paragraph.split()) for paragraph in document.summary)
    phrases = [
        f"{_many(late, 'result')} late, marked as late" if late else "",
        document.header.provisional,
        f"{_many(uncommented, 'exception')} without a comment" if uncommented else "",
        f"reading time {_many(minutes, 'minute')}",
        f"about {_many(pages, 'page')}",
    ]
    advice = [
        "Boards read shorter reports. Try fewer exceptions." if pages > MANY_PAGES else "",
        f"The summary has {words} words. Shorten it to {SUMMARY_WORDS}."
        if words > SUMMARY_WORDS
        else "",
        "" if document.exceptions else "No exception is ticked: a board reads those first.",
    ]
    return Ready(tuple(filter(None, phrases)), tuple(filter(None, advice)), pages, minutes)


def pages_of(document: Document) -> int:
    """How many sheets of A4 it takes, nearly: page 1, exceptions, a page per priority, the rest."""
    rows = len(document.matrix.rows) if document.matrix else 0
    return (
        1
        + _sheets(len(document.exceptions), EXCEPTIONS_A_PAGE)
        + len(document.sections)
        + _sheets(rows, ROWS_A_PAGE)
        + _sheets(len(document.definitions), DEFINITIONS_A_PAGE)
    )


def minutes_of(document: Document) -> int:
    """How long the words take that are read from front to back; the appendix is looked up."""
    parts = (
        document.asks,
        document.summary,
        document.worst,
        document.questions,
        tuple((e.why, e.what_next, e.reply, e.sentence, e.who) for e in document.exceptions),
        tuple((s.aim, *(k.name for k in s.kpis), s.milestones, s.risks) for s in document.sections),
    )
    return max(-(-_words(parts) // WORDS_A_MINUTE), 1)


def _words(value: Any) -> int:
    if isinstance(value, str):
        return len(value.split())
    if isinstance(value, tuple):
        return sum(map(_words, value))
    if is_dataclass(value):
        return sum(_words(getattr(value, field.name)) for field in fields(value))
    return 0


def _sheets(count: int, on_one: int) -> int:
    return -(-count // on_one)


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
