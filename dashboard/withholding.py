"""Small numbers in a file: what is left out of it, so that none of them follows from the others.

Who sees every school on the pages hands on a file to people who do not. The
small figures are left out, and with each of them another one of every sum in
which it would be the only one missing: the smallest part, the total last. That
is the way of published tables. `hiding` is stricter, for those who may never
see the figures: it also looks at what numbers are possible at all.
"""

from collections.abc import Hashable, Mapping, Sequence

from .hiding import Number, Seen, Sum, null_space


def withheld(
    numbers: Mapping[Hashable, Number], sums: Sequence[Sum], minimum: int
) -> frozenset[Hashable]:
    """The cells to leave out.

    >>> table = {"all": Number(60), "few": Number(3), "some": Number(17), "many": Number(40)}
    >>> sorted(withheld(table, [Sum("all", ("few", "some", "many"))], minimum=6))
    ['few', 'some']
    """
    small = {
        key
        for key, number in numbers.items()
        if 0 < number.of < minimum and number.seen is Seen.SHOWN
    }
    gone = set(small)
    while more := _alone(numbers, sums, gone) or _exposed(numbers, sums, gone, small):
        gone.add(more)
    return frozenset(gone)


def _alone(
    numbers: Mapping[Hashable, Number], sums: Sequence[Sum], gone: set[Hashable]
) -> Hashable | None:
    """What goes with a cell that is the only one missing from a sum; the short sums first."""
    for each in sorted(sums, key=lambda each: len(each.parts)):
        missing = [key for key in (each.total, *each.parts) if _is_unknown(numbers[key], key, gone)]
        if len(missing) == 1 and missing[0] in gone and (more := _next(numbers, each, gone)):
            return more
    return None


def _exposed(
    numbers: Mapping[Hashable, Number],
    sums: Sequence[Sum],
    gone: set[Hashable],
    small: set[Hashable],
) -> Hashable | None:
    """What goes with a small one that several sums together still give away."""
    free = [key for key, number in numbers.items() if _is_unknown(number, key, gone)]
    moving = {key for vector in null_space(free, sums) for key in vector}
    for key in small - moving:
        # From its own sums first; where nothing is left in them, from those behind them.
        for each in sorted(sums, key=lambda each: key not in (each.total, *each.parts)):
            if more := _next(numbers, each, gone):
                return more
    return None


def _is_unknown(number: Number, key: Hashable, gone: set[Hashable]) -> bool:
    return number.of > 0 and (key in gone or number.seen is Seen.ELSEWHERE)


def _next(numbers: Mapping[Hashable, Number], each: Sum, gone: set[Hashable]) -> Hashable | None:
    """The cell of a sum that is missed least."""
    left = [
        key
        for key in (*each.parts, each.total)
        if numbers[key].of and numbers[key].seen is Seen.SHOWN and key not in gone
    ]
    return min(left, key=lambda k: (k == each.total, numbers[k].cost, numbers[k].of), default=None)
