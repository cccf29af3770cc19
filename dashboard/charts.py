"""Where the lines and bars of the small charts go: geometry, and no drawing.

The partials ``_stack.html``, ``_sparkline.html`` and ``_line_chart.html`` turn
these shapes into SVG; colours and dashes are the style sheet's. Lengths are in
the drawing's own pixels, y grows downwards. A missing figure (None) is a gap:
no line crosses it. Nothing here judges.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from kpis.rag.verdict import Status

Kind = Literal["own", "second", "target", "outside", "context"]
Point = tuple[Decimal, Decimal]

STACK_WIDTH = 240
STACK_LETTER = 8  # pixels that one letter of a label takes
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 24, 3
LABEL_GAP, LABEL_WIDTH, LABEL_HEIGHT = 10, 96, 20
PERIOD_WIDTH = 36


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
    across = _Scale(
        Decimal(0), Decimal(max(len(values) - 1, 1)), SPARK_EDGE, SPARK_WIDTH - SPARK_EDGE
    )
    up = _Scale(low, high, SPARK_HEIGHT - SPARK_EDGE, SPARK_EDGE)
    points = [
        None if value is None else (across.at(Decimal(place)), up.at(value))
        for place, value in enumerate(values)
    ]
    last = next((point for point in reversed(points) if point), None)
    return Sparkline(
        path=_path(points),
        goal=None if target is None else _px(up.at(target)),
        dot=last and (_px(last[0]), _px(last[1])),
        say=say,
    )


# --- One KPI through the terms ----------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One line to draw: its name, a figure or None per period, and what it is."""

    label: str
    values: Sequence[Decimal | None]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure on the scale, or a period under it (in two short lines)."""

    at: str
    words: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line with its dots; its name stands behind its last point."""

    kind: Kind
    path: str
    dots: tuple[tuple[str, str], ...]
    label: str
    label_x: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One size of the chart: ``left`` to ``right`` and ``top`` to ``bottom`` hold the lines."""

    size: Literal["wide", "narrow"]
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    lines: tuple[DrawnLine, ...]
    ticks: tuple[Tick, ...]
    periods: tuple[Tick, ...]
    breaks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """The same chart for a screen and for a phone; ``axis_note`` when it does not start at 0."""

    drawings: tuple[Drawing, ...]
    say: str
    axis_note: str


def line_chart(
    *,
    periods: Sequence[str],
    lines: Sequence[Line],
    say: str,
    unit: str = "",
    breaks: Sequence[tuple[int, str]] = (),
) -> LineChart | None:
    """Lay out figures by period, or return None where no line has a figure.

    ``periods`` are names as on screen ("Autumn 2025"), oldest first; ``unit``
    is written behind the figures of the scale ("%"). A break (place of its first
    period, what changed) draws an upright line that no line of ours crosses:
    the caller splits a figure there into two lines.
    """
    values = [value for line in lines for value in line.values if value is not None]
    if not values:
        return None

    steps = nice_steps(min(values), max(values))
    note = f"Axis starts at {_said(steps[0])}{unit}." if steps[0] > 0 else ""
    drawings = (
        _drawing("wide", 860, 340, 56, 132, periods, lines, steps, unit, breaks),
        _drawing("narrow", 358, 300, 44, 84, periods, lines, steps, unit, breaks),
    )
    return LineChart(drawings, say, note)


def nice_steps(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Name the four to seven round figures of a scale that holds low and high.

    >>> [str(step) for step in nice_steps(Decimal("16.2"), Decimal("24.6"))]
    ['16', '18', '20', '22', '24', '26']
    >>> [int(step) for step in nice_steps(Decimal("0"), Decimal("0"))]
    [0, 1, 2, 3, 4]
    """
    if low == high:
        around = abs(low) / 10
        low, high = (low - around, high + around) if low else (Decimal(0), Decimal(4))
    rough = (high - low) / 5
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return tuple(step * count for count in range(int(first), int(last) + 1))


def _drawing(
    size: Literal["wide", "narrow"],
    width: int,
    height: int,
    left: int,
    for_labels: int,
    periods: Sequence[str],
    lines: Sequence[Line],
    steps: tuple[Decimal, ...],
    unit: str,
    breaks: Sequence[tuple[int, str]],
) -> Drawing:
    right, top, bottom = width - for_labels, 12, height - 48
    up = _Scale(steps[0], steps[-1], bottom, top)
    across = _Scale(Decimal(0), Decimal(max(len(periods) - 1, 1)), left + 16, right - 12)

    placed = [
        [
            None if value is None else (across.at(Decimal(place)), up.at(value))
            for place, value in enumerate(line.values)
        ]
        for line in lines
    ]
    ends = {
        place: next(point for point in reversed(points) if point)
        for place, points in enumerate(placed)
        if any(points) and lines[place].kind != "context"
    }
    labels = _spread(ends, bottom)

    every = -(-len(periods) * PERIOD_WIDTH // (right - left))  # rounded up
    return Drawing(
        size=size,
        width=width,
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        lines=tuple(
            DrawnLine(
                kind=line.kind,
                path=_path(points),
                dots=_dots(line.kind, points),
                label=line.label if place in labels else "",
                label_x=_px(labels[place][0] + LABEL_GAP) if place in labels else "",
                label_y=_px(labels[place][1]) if place in labels else "",
            )
            for place, (line, points) in enumerate(zip(lines, placed, strict=True))
        ),
        ticks=tuple(Tick(_px(up.at(step)), f"{_said(step)}{unit}") for step in steps),
        periods=tuple(
            Tick(_px(across.at(Decimal(place))), *_two_lines(period))
            for place, period in enumerate(periods)
            if place % every == 0
        ),
        breaks=tuple(
            Tick(_px(across.at(Decimal(place) - Decimal("0.5"))), words) for place, words in breaks
        ),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Figures from low to high, laid on pixels from start to end."""

    low: Decimal
    high: Decimal
    start: int
    end: int

    def at(self, figure: Decimal) -> Decimal:
        if self.high == self.low:
            return Decimal(self.start + self.end) / 2
        share = (figure - self.low) / (self.high - self.low)
        return self.start + min(max(share, Decimal(0)), Decimal(1)) * (self.end - self.start)


def _path(points: Sequence[Point | None]) -> str:
    """Join neighbours; a point between two gaps becomes a stroke of no length."""
    path, joined = [], False
    for place, point in enumerate(points):
        if point is not None:
            path.append(f"{'L' if joined else 'M'}{_px(point[0])} {_px(point[1])}")
            alone = not joined and (place + 1 == len(points) or points[place + 1] is None)
            if alone:
                path.append("h0")
        joined = point is not None
    return "".join(path)


def _dots(kind: Kind, points: Sequence[Point | None]) -> tuple[tuple[str, str], ...]:
    """Figures that were measured have dots; a target is a path and has none."""
    if kind not in ("own", "second", "outside"):
        return ()
    return tuple((_px(point[0]), _px(point[1])) for point in points if point)


def _spread(ends: Mapping[int, Point], bottom: int) -> dict[int, Point]:
    """Move names that would lie on each other apart, in their order, so that all can be read.

    From the top down each makes room for the next; one pushed below the chart
    pushes the others up again.
    """

    def near(one: Point, other: Point) -> bool:
        return abs(one[0] - other[0]) < LABEL_WIDTH and abs(one[1] - other[1]) < LABEL_HEIGHT

    spread: dict[int, Point] = {}
    for place, (x, y) in sorted(ends.items(), key=lambda end: end[1][1]):
        for taken in spread.values():
            if near((x, y), taken):
                y = taken[1] + LABEL_HEIGHT
        spread[place] = (x, y)

    pushed: dict[int, Point] = {}
    for place, (x, y) in reversed(spread.items()):
        y = min(y, Decimal(bottom))
        for taken in pushed.values():
            if near((x, y), taken):
                y = taken[1] - LABEL_HEIGHT
        pushed[place] = (x, y)
    return pushed


def _two_lines(period: str) -> tuple[str, str]:
    """Autumn 2025 becomes Aut over 25; anything else stays as it is."""
    season, _, year = period.rpartition(" ")
    return (season[:3], year[-2:]) if season in ("Autumn", "Spring", "Summer") else (period, "")


def _said(figure: Decimal) -> str:
    plain = f"{figure.normalize():,f}"
    return plain.replace("-", "−")


def _px(length: Decimal) -> str:
    return f"{length:.1f}".removesuffix(".0")
