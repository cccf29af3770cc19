"""The published report as data: all that a board reads, and nothing that is still to be worked out.

Text is ready to be read, numbers are Decimals as shown and judged, charts are
geometry with a sentence that says the same: the page draws them with its style
sheet, the PDF with colours of its own. Whatever writes a report, as a page or
as a file, is handed one `Document` and asks nobody else. It is frozen as JSON
by `as_json`, and `read` gives it back, the same.
"""

import json
import types
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

# Raised when a stored snapshot could no longer be read as it is; `read` then takes both.
SCHEMA = 1


# --- What stands in many places ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Chip:
    """A status: ``status`` is its name (red, amber, green, grey, not_applicable).

    ``letter`` is R, A, G, "n/a" or "". ``marks`` are words beside it, such as
    provisional, carried, late.
    """

    status: str
    letter: str
    words: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Movement:
    """What the number did (``up``, ``down``), and apart from it whether it got worse."""

    direction: str
    worse: bool
    words: str


@dataclass(frozen=True, slots=True)
class Spark:
    """The last terms as a line of 96 by 24, y downwards. ``path`` is an SVG path.

    ``goal`` is the target's y, "" for none; ``dot`` the last figure's x and y,
    empty for none.
    """

    path: str
    goal: str
    dot: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a bullet's ground: ``kind`` is off, close or on."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """A figure against its target, 160 wide: a bar from nought, or else a dot, at ``end``.

    ``tick`` is the target's x, ``diamond`` that of the outside figure, "" for none.
    """

    bands: tuple[Band, ...]
    end: str
    is_bar: bool
    tick: str
    diamond: str
    say: str


@dataclass(frozen=True, slots=True)
class StackPart:
    """One status of a stack: where its bar begins, how wide, where its label is."""

    status: str
    letter: str
    count: int
    x: int
    width: int
    middle: int
    label: str


@dataclass(frozen=True, slots=True)
class Stack:
    """How many results stand where, as one bar ``width`` wide and 20 high."""

    parts: tuple[StackPart, ...]
    total: int
    width: int
    say: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stand where now, and the same last term (None: nothing to compare with).

    ``words`` is the whole comparison in words.
    """

    now: Stack
    now_name: str
    before: Stack | None = None
    before_name: str = ""
    words: str = ""


# --- Page 1 -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head, and in the footer of each page."""

    trust: str
    plan: str
    year_of: str  # Year 1 of 3
    term: str  # Autumn 2025
    title: str  # Board report: Autumn 2025
    meeting: str  # Trust board
    meeting_on: str  # 10 February 2026
    meeting_date: str  # 2026-02-10
    committee: str  # "", or the committee that this cut is for
    purpose: str  # For decision (1) and assurance
    as_at: str  # 3 February 2026, 2:05pm
    as_at_moment: str  # 2026-02-03T14:05:00+00:00
    version: int
    correction: str  # what version 2 and later put right
    prepared_by: str
    completeness: str  # 372 of 380 figures in (97.9%), 8 late
    provisional: str  # 5 provisional figures are left out
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What the board is asked to do. ``number`` is 1, 2…; ``at`` the item that it is about."""

    number: int
    words: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of page 1: a result, with all that must travel with a status."""

    chip: Chip
    kpi: str
    code: str
    school: str
    figure: str
    target: str
    movement: Movement | None
    spark: Spark | None
    say: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a trustee might ask, and the item that it comes from (2.3)."""

    words: str
    at: str = ""


# --- Page 2 -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """What a trustee asked before the meeting, and what was answered."""

    asked_by: str
    asked_on: str
    question: str
    answered_by: str
    answered_on: str
    answer: str


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One exception, always laid out the same: what it is, why, what next, who and by when.

    ``number`` is 2.3; ``key`` is the same in every version of the report.
    ``suggested`` is the rule that proposed it. ``reply`` is what the school says.
    """

    number: str
    chip: Chip
    kpi: str
    code: str
    school: str
    figure: str
    target: str
    movement: Movement | None
    sentence: str
    bullet: Bullet | None
    spark: Spark | None
    why: str
    what_next: str
    who: str
    by_when: str
    reply: str
    suggested: str
    answered: tuple[Answered, ...] = ()
    key: str = ""


# --- A page per priority ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One KPI for the trust; ``spread`` says how its schools stand.

    A ``key``, here and elsewhere, is the entry's own in the plan: never printed.
    """

    code: str
    name: str
    basis: str
    chip: Chip
    figure: str
    number: Decimal | None
    unit: str
    target: str
    target_number: Decimal | None
    movement: Movement | None
    spark: Spark | None
    spread: str
    say: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A milestone, an action or a risk. ``chip`` is None where nobody judges it."""

    code: str
    title: str
    words: str
    due: str
    who: str
    chip: Chip | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One priority. ``number`` is 3.1; an empty tuple is a list that there is none of."""

    number: str
    code: str
    title: str
    aim: str
    counts: Counts | None
    kpis: tuple[KpiRow, ...]
    milestones: tuple[Entry, ...] = ()
    actions: tuple[Entry, ...] = ()
    risks: tuple[Entry, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Restatement:
    """A past figure that was put right after a report had printed it.

    ``key`` says which figure it is, and ``number`` is what it is now: the next
    report goes on from there.
    """

    kpi: str
    school: str
    period: str
    was: str
    now: str
    why: str
    report: str
    key: str = ""
    number: Decimal | None = None


# --- Appendix -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A school of the matrix; ``short`` has at most 18 characters."""

    code: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One result. ``number`` is the figure; without one ``code`` says why (z, c, x) or is "".

    ``figure`` is what the cell shows, never empty; ``note`` stands small beside
    it; ``say`` is the whole sentence. ``status`` and ``letter`` as in a Chip.
    """

    status: str
    letter: str
    figure: str
    number: Decimal | None
    unit: str
    code: str
    marks: tuple[str, ...]
    movement: Movement | None
    note: str
    say: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A KPI across the schools in the order of the columns; no cells where it is the trust's."""

    priority: str
    code: str
    name: str
    basis: str
    target: str
    unit: str
    trust: Cell
    cells: tuple[Cell, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a KPI means. ``rules`` are its rules as sentences, one of each part."""

    priority: str
    code: str
    name: str
    words: str  # the plan's own sentence
    rules: tuple[str, ...]
    what_counts: str
    made_from: str
    roll_up: str
    due: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """How to read the report: a word or sign, and what it means."""

    term: str
    words: str


@dataclass(frozen=True, slots=True)
class Release:
    """An outside figure that results are held against, by the release it was taken from."""

    name: str
    provider: str
    period: str
    figure: str
    number: Decimal | None
    release: str
    published_on: str
    source: str


# --- The whole ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one board report."""

    header: Header
    asks: tuple[Ask, ...]
    summary: tuple[str, ...]
    counts: Counts
    worst: tuple[Result, ...]
    improving: tuple[Result, ...]
    falling: tuple[Result, ...]
    questions: tuple[Question, ...]
    exceptions: tuple[Exceptional, ...]
    sections: tuple[Section, ...]
    restatements: tuple[Restatement, ...]
    matrix: Matrix | None
    definitions: tuple[Definition, ...]
    explained: tuple[Explained, ...]
    releases: tuple[Release, ...]
    schema: int = SCHEMA

    def as_json(self) -> str:
        """The snapshot as it is stored: the same document is always the same text."""
        return json.dumps(_plain(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Document":
        return _read(cls, json.loads(text))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        return _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(inner, one) for one in value)
    if is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], one) for name, one in value.items()})
    return Decimal(value) if kind is Decimal else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
