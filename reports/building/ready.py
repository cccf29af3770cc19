"""Whether a draft is ready for its board: what is late, what lacks a comment, how long it is.

Pure: it counts a document.
"""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ..shapes import Bullet, Document, Exceptional, KpiRow, Result, Spark, Stack
from .sheets import sheets_of

WORDS_A_MINUTE = 200
SUMMARY_WORDS = 150
MANY_PAGES = 12
DRAWN = (Bullet, Spark)
LABELS = {Exceptional: 16, KpiRow: 3, Result: 3}  # words that the page itself puts beside each
UNREAD = {"key", "say", "status", "letter", "direction"}  # said aloud, or never


@dataclass(frozen=True, slots=True)
class Ready:
    """``phrases`` are the line on the page, ``advice`` what to do about it."""

    phrases: tuple[str, ...]
    advice: tuple[str, ...]
    pages: int
    minutes: int


def readiness(document: Document, *, late: int, uncommented: int) -> Ready:
    pages, minutes = sheets_of(document), minutes_of(document)
    words = sum(len(paragraph.split()) for paragraph in document.summary)
    phrases = [
        f"{_many(late, 'result')} late, marked as late" if late else "",
        document.header.provisional,
        f"{_many(uncommented, 'exception')} without a comment" if uncommented else "",
        f"reading time {_many(minutes, 'minute')} without the appendix",
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


def minutes_of(document: Document) -> int:
    """How long it takes to read all that stands before the appendix, which is looked up."""
    parts = (
        document.asks,
        document.summary,
        document.worst,
        document.improving,
        document.falling,
        document.questions,
        document.restatements,
        document.exceptions,
        document.sections,
    )
    return max(-(-_words(parts) // WORDS_A_MINUTE), 1)


def _words(value: Any) -> int:
    if isinstance(value, str):
        return len(value.split())
    if isinstance(value, tuple):
        return sum(map(_words, value))
    if isinstance(value, Stack):
        return _words(value.say)
    if is_dataclass(value) and not isinstance(value, DRAWN):
        return LABELS.get(type(value), 0) + sum(
            _words(getattr(value, field.name))
            for field in fields(value)
            if field.name not in UNREAD
        )
    return 0


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
