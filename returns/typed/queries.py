"""Queries: answers that can be read and look odd.

An error stops submitting; a query wants the figure changed, or a word why it is
right. Pure: figures and what is usual come in, sentences go out.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from kpis.rag.shown import PERCENTAGE, Shown

# Where the plan does not say what is usual: percentages move by points, others by their half.
USUAL_POINTS = Decimal(10)
USUAL_SHARE = Decimal("0.5")
MANY_THE_SAME = 5  # so many figures as last time, to the digit, look as if they were copied


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for a measure, in its unit; None where the plan does not say."""

    shown: Shown
    low: Decimal | None = None
    high: Decimal | None = None
    change: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """The last like-for-like figure, as shown, and when it was: "Autumn 2024"."""

    figure: Decimal
    when: str


def queries(
    usual: Usual, figure: Decimal, before: Before | None = None, others: Sequence[Decimal] = ()
) -> tuple[str, ...]:
    """What looks odd about a figure, a sentence each.

    ``others`` are the changes of the trust's other schools since the same time.

    >>> percent = Usual(PERCENTAGE, low=Decimal(80), high=Decimal(100))
    >>> queries(percent, Decimal("78.0"), Before(Decimal("94.1"), "Autumn 2024"))
    ('It is usually between 80.0% and 100.0%.', '16.1 points less than Autumn 2024 (94.1%).')
    """
    found = []
    if is_outside := _outside(usual, figure):
        found.append(is_outside)
    if before is not None and is_big_change(usual, figure, before):
        found.append(_moved(usual, figure, before, others))
    return tuple(found)


def _outside(usual: Usual, figure: Decimal) -> str:
    write, low, high = usual.shown.write, usual.low, usual.high
    if low is not None and high is not None and not low <= figure <= high:
        return f"It is usually between {write(low)} and {write(high)}."
    if low is not None and figure < low:
        return f"It is usually {write(low)} or more."
    if high is not None and figure > high:
        return f"It is usually {write(high)} or less."
    return ""


def is_big_change(usual: Usual, figure: Decimal, before: Before) -> bool:
    """Whether a figure moved more than is usual."""
    return abs(figure - before.figure) > _allowed(usual, before)


def _allowed(usual: Usual, before: Before) -> Decimal:
    if usual.change is not None:
        return usual.change
    if usual.shown.kind is PERCENTAGE.kind:
        return USUAL_POINTS
    return abs(before.figure) * USUAL_SHARE


def _moved(usual: Usual, figure: Decimal, before: Before, others: Sequence[Decimal]) -> str:
    change = figure - before.figure
    more = "more" if change > 0 else "less"
    said = f"{usual.shown.distance(abs(change))} {more} than {before.when}"
    said += f" ({usual.shown.write(before.figure)})"
    same_way = [abs(other) for other in others if (other > 0) == (change > 0)]
    if same_way and abs(change) > max(same_way):
        said += f": the largest {'rise' if change > 0 else 'fall'} in the trust"
    return f"{said}."


_Key = TypeVar("_Key", bound=Hashable)


def the_same(pairs: Mapping[_Key, tuple[Decimal, Before]]) -> dict[_Key, str]:
    """The figures that are as they were to the digit, where so many are; nought says nothing."""
    same = {key: was for key, (now, was) in pairs.items() if now == was.figure != 0}
    if len(same) < MANY_THE_SAME:
        return {}
    return {
        key: f"The same as {was.when} to the digit, like {len(same) - 1} others here."
        for key, was in same.items()
    }
