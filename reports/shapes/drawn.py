"""What stands in many places: a status, a movement, small charts as geometry with a sentence."""

from dataclasses import dataclass


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
