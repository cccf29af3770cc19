"""Where the bars and lines of the small charts go: geometry, and no drawing.

A stack of counts, the last terms of one figure, one figure against its target;
the big chart is `line_chart`. Colours and dashes are the style sheet's. Lengths
are in the drawing's own pixels, y grows downwards. A missing figure (None) is a
gap: no line crosses it. Nothing here judges.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.rag.verdict import Status

# Where something is drawn: no figure, so the machine's own numbers are exact enough.
Point = tuple[float, float]

STACK_WIDTH = 240
STACK_LETTER = 8  # pixels that one letter of a label takes
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 24, 3
BULLET_WIDTH = 160


# --- How many of each status ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One status of a stack: where its bar begins, how wide, where its label is."""

    status: Status
    count: int
    x: int
    width: int
    middle: int
    label: str


@dataclass(frozen=True, slots=True)
class Stack:
    """Counts as one bar of full width; ``words`` says the same."""

    parts: tuple[Part, ...]
    total: int
    width: int
    words: str


def stack(counts: Iterable[tuple[Status, int]], *, width: int = STACK_WIDTH) -> Stack:
    """Share a bar out by count, in the order given; a count of 0 has no part."""
    shown = [(status, count) for status, count in counts if count]
    total = sum(count for _, count in shown)

    parts: list[Part] = []
    before = 0
    for status, count in shown:
        # From running totals, so that rounding never leaves a hole at the end.
        x, end = width * before // total, width * (before + count) // total
        label = _fitting([f"{status.letter} {count}".strip(), str(count)], end - x)
        parts.append(Part(status, count, x, end - x, (x + end) // 2, label))
        before += count

    words = ", ".join(f"{count} {status.words.lower()}" for status, count in shown)
    return Stack(tuple(parts), total, width, words or "none yet")


def _fitting(labels: Iterable[str], room: int) -> str:
    """The first of several labels that fits into so many pixels, or none."""
    fits = (label for label in labels if len(label) * STACK_LETTER + 4 <= room)
    return next(fits, "")


# --- The last terms of one figure -------------------------------------------


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line of 96 by 24 px; ``dot`` is the last figure, ``goal`` the target's y."""

    path: str
    goal: str | None
    dot: tuple[str, str] | None
    say: str


def sparkline(
    values: Sequence[Decimal | None],
    *,
    target: Decimal | None,
    low: Decimal,
    high: Decimal,
    say: str,
) -> Sparkline:
    """Draw the last terms of a figure, oldest first, on a scale from low to high.

    The scale is handed in, because all schools of a KPI share one; what lies
    outside it is drawn on its edge.
    """
    across = Scale(0, max(len(values) - 1, 1), SPARK_EDGE, SPARK_WIDTH - SPARK_EDGE)
    up = Scale(low, high, SPARK_HEIGHT - SPARK_EDGE, SPARK_EDGE)
    points = [
        None if value is None else (across.at(place), up.at(value))
        for place, value in enumerate(values)
    ]
    last = next((point for point in reversed(points) if point), None)
    return Sparkline(
        path=path_of(points),
        goal=None if target is None else px(up.at(target)),
        dot=last and (px(last[0]), px(last[1])),
        say=say,
    )


# --- One figure against what is expected of it --------------------------------


@dataclass(frozen=True, slots=True)
class Range:
    """The scale that all bullets of one table share, and whether it begins at nought."""

    low: Decimal
    high: Decimal

    @property
    def has_bars(self) -> bool:
        """A bar says how much there is, so it needs a scale from nought; else a dot stands."""
        return self.low == 0


@dataclass(frozen=True, slots=True)
class Bullet:
    """A figure as a bar (or a dot), the target as a tick, bands that are darkest where worst.

    ``bands`` are (what it is, x, width) with "off", "close" and "on"; ``end`` is
    where the figure is, ``tick`` the target, ``diamond`` the outside figure.
    """

    bands: tuple[tuple[str, str, str], ...]
    end: str
    is_bar: bool
    tick: str | None
    diamond: str | None
    say: str


def range_of(values: Iterable[Decimal]) -> Range | None:
    """One scale for figures, targets and outside figures; from nought where that tells them apart.

    >>> range_of([Decimal("20"), Decimal("35")])
    Range(low=Decimal('0'), high=Decimal('35'))
    >>> range_of([Decimal("91"), Decimal("96")])
    Range(low=Decimal('90.25'), high=Decimal('96.75'))
    """
    told = list(values)
    if not told:
        return None
    low, high = min(told), max(told)
    if 0 <= low <= high / 2 * Decimal("1.5") and high:
        return Range(Decimal(0), high)
    room = (high - low) * Decimal("0.15") or abs(high) / 10 or Decimal(1)
    return Range(low - room, high + room)


def bullet(
    figure: Decimal,
    *,
    on: Range,
    target: Decimal | None,
    edges: tuple[Decimal, Decimal] | None = None,
    outside: Decimal | None = None,
    say: str,
) -> Bullet:
    """Lay out one figure. ``edges`` are where off target ends and where on target begins.

    The first is below the second where higher is better, above it where lower is.
    """
    across = Scale(on.low, on.high, 0, BULLET_WIDTH)
    bands: tuple[tuple[str, str, str], ...] = ()
    if edges is not None:
        off, good = (across.at(edge) for edge in edges)
        names = ("off", "close", "on") if off <= good else ("on", "close", "off")
        first, second = min(off, good), max(off, good)
        starts = (0.0, first, second)
        ends = (first, second, float(BULLET_WIDTH))
        bands = tuple(
            (name, px(start), px(end - start))
            for name, start, end in zip(names, starts, ends, strict=True)
            if end > start
        )
    return Bullet(
        bands=bands,
        end=px(across.at(figure)),
        is_bar=on.has_bars,
        tick=None if target is None else px(across.at(target)),
        diamond=None if outside is None else px(across.at(outside)),
        say=say,
    )


# --- Geometry that all drawings share -----------------------------------------


@dataclass(frozen=True, slots=True)
class Scale:
    """Figures from low to high, laid on pixels from start to end."""

    low: Decimal | int
    high: Decimal | int
    start: int
    end: int

    def at(self, figure: Decimal | float) -> float:
        low, high = float(self.low), float(self.high)
        if high == low:
            return (self.start + self.end) / 2
        share = (float(figure) - low) / (high - low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def path_of(points: Sequence[Point | None], jumps: Container[int] = (), lone: int = 0) -> str:
    """Join neighbours; a point between two gaps becomes a stroke, ``lone`` units long.

    At a jump the line stays as it was until the place, and changes there.
    """
    path, joined = [], False
    for place, point in enumerate(points):
        if point is not None:
            x, y = px(point[0]), px(point[1])
            if joined and place in jumps:
                path.append(f"H{x}V{y}")
            else:
                path.append(f"{'L' if joined else 'M'}{x} {y}")
            alone = not joined and (place + 1 == len(points) or points[place + 1] is None)
            if alone:
                path.append(f"m-{lone // 2} 0h{lone}" if lone else "h0")
        joined = point is not None
    return "".join(path)


def px(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")
