"""Where the lines of the big chart go: one KPI through the terms, for a screen and a phone.

Geometry only, as in `charts`; `line_svg` draws it. A missing figure (None) is
a gap, and no line of ours crosses a break.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from ..charts import Point, Scale, path_of, px

Kind = Literal["own", "second", "third", "fourth", "target", "outside", "context"]
MEASURED = frozenset({"own", "second", "third", "fourth", "outside"})

LABEL_GAP, LABEL_WIDTH, LABEL_HEIGHT = 10, 96, 20
LONE = 20  # so long is a target of one term: it has no dot
PERIOD_WIDTH = 36
STEADY_BANDS = 6  # how many of them a scale spans at least: less would draw noise as a climb
MOST_LABELS = 4  # more names beside a chart are not read
BREAK_ROOM = 22  # pixels above the lines for what a break says


@dataclass(frozen=True, slots=True)
class Line:
    """One line to draw: its name, a figure or None per period, and what it is.

    At a ``jump`` it is a step: what was changed there did not change little by little.
    """

    label: str
    values: Sequence[Decimal | None]
    kind: Kind
    jumps: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure on the scale, a period under it (in two short lines), or a break."""

    at: str
    words: str
    below: str = ""
    anchor: Literal["start", "middle", "end"] = "middle"


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
class Size:
    """How big a drawing is, and how much of it is for the scale and for the names."""

    name: Literal["wide", "narrow", "small"]
    width: int
    height: int
    left: int
    for_labels: int


WIDE = Size("wide", 860, 340, 56, 148)
NARROW = Size("narrow", 358, 300, 48, 92)
SMALL = Size("small", 420, 220, 48, 108)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One size of the chart: ``left`` to ``right`` and ``top`` to ``bottom`` hold the lines."""

    size: Literal["wide", "narrow", "small"]
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
    """The same chart in each size; ``axis_note`` when it does not start at 0."""

    drawings: tuple[Drawing, ...]
    say: str
    axis_note: str
    steps: tuple[Decimal, ...] = ()


def line_chart(
    *,
    periods: Sequence[str],
    lines: Sequence[Line],
    say: str,
    unit: str = "",
    breaks: Sequence[tuple[int, str]] = (),
    sizes: Sequence[Size] = (WIDE, NARROW),
    steady: Decimal = Decimal(0),
) -> LineChart | None:
    """Lay out figures by period, or return None where no line has a figure.

    ``periods`` are names as on screen ("Autumn 2025"), oldest first; ``unit``
    is written behind the figures of the scale ("%"). A break (place of its first
    period, what changed) draws an upright line that no line of ours crosses:
    the caller splits a figure there into two lines. ``steady`` is the change up to
    which nothing has moved: the scale is wide enough for it to look like nothing.
    """
    values = [value for line in lines for value in line.values if value is not None]
    if not values:
        return None

    steps = nice_steps(*_wide_enough(min(values), max(values), steady * STEADY_BANDS, unit))
    note = f"Axis starts at {_said(steps[0])}{unit}." if steps[0] > 0 else ""
    drawings = tuple(_drawing(size, periods, lines, steps, unit, breaks) for size in sizes)
    return LineChart(drawings, say, note, steps)


def _wide_enough(low: Decimal, high: Decimal, least: Decimal, unit: str) -> tuple[Decimal, Decimal]:
    """Widen a scale to at least so much, without leaving what the figure can be."""
    lack = max(least - (high - low), Decimal(0))
    floor = Decimal(0) if low >= 0 else low - lack
    low = max(low - lack / 2, floor)
    high += lack / 2
    if unit == "%" and high > 100 >= high - lack / 2:
        low, high = max(low - (high - 100), floor), Decimal(100)
    return low, high


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
    size: Size,
    periods: Sequence[str],
    lines: Sequence[Line],
    steps: tuple[Decimal, ...],
    unit: str,
    breaks: Sequence[tuple[int, str]],
) -> Drawing:
    left, right = size.left, size.width - size.for_labels
    top, bottom = 12 + (BREAK_ROOM if breaks else 0), size.height - 48
    up = Scale(steps[0], steps[-1], bottom, top)
    across = Scale(0, max(len(periods) - 1, 1), left + 16, right - 12)

    placed = [
        [
            None if value is None else (across.at(place), up.at(value))
            for place, value in enumerate(line.values)
        ]
        for line in lines
    ]
    labels = _spread(_named(lines, placed), bottom)

    every = -(-len(periods) * PERIOD_WIDTH // (right - left))  # rounded up
    return Drawing(
        size=size.name,
        width=size.width,
        height=size.height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        lines=tuple(
            DrawnLine(
                kind=line.kind,
                path=path_of(points, line.jumps, lone=0 if line.kind in MEASURED else LONE),
                dots=_dots(line.kind, points),
                label=line.label if place in labels else "",
                label_x=px(labels[place][0] + LABEL_GAP) if place in labels else "",
                label_y=px(labels[place][1]) if place in labels else "",
            )
            for place, (line, points) in enumerate(zip(lines, placed, strict=True))
        ),
        ticks=tuple(Tick(px(up.at(step)), f"{_said(step)}{unit}") for step in steps),
        periods=tuple(
            Tick(px(across.at(place)), *_two_lines(period))
            for place, period in enumerate(periods)
            if place % every == 0
        ),
        breaks=tuple(_break(across.at(place - 0.5), words, left, right) for place, words in breaks),
    )


def _break(at: float, words: str, left: int, right: int) -> Tick:
    """Its words stand to the side where there is room."""
    return Tick(px(at), words, anchor="start" if at < (left + right) // 2 else "end")


def _named(lines: Sequence[Line], placed: Sequence[Sequence[Point | None]]) -> dict[int, Point]:
    """The ends of the lines that carry their name: the first few, and no context."""
    ends = {
        place: next(point for point in reversed(points) if point)
        for place, points in enumerate(placed)
        if any(points) and lines[place].kind != "context" and lines[place].label
    }
    return dict(list(ends.items())[:MOST_LABELS])


def _dots(kind: Kind, points: Sequence[Point | None]) -> tuple[tuple[str, str], ...]:
    """Figures that were measured have dots; a target is a path and has none."""
    if kind not in MEASURED:
        return ()
    return tuple((px(point[0]), px(point[1])) for point in points if point)


def _spread(ends: Mapping[int, Point], bottom: int) -> dict[int, Point]:
    """Move names that would lie on each other apart, in their order, so that all can be read.

    From the top down each makes room for the next; one that would lie on the axis
    or below it is pushed up, and pushes the others.
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
        y = min(y, float(bottom - LABEL_HEIGHT // 2))
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
