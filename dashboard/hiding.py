"""Small numbers: which figures must not be shown, so that none of them can be worked out.

A figure about fewer pupils than the trust shows is hidden from whoever has no
right to it. That is not enough: with all the others and their total it is one
subtraction away. So others are hidden with it, as few as are needed, until
there is another table with the same figures shown and another number in its
place. Nothing here knows a page: cells, which of them add up to which, and the
minimum are handed in. Hiding comes after judging, and changes no verdict.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import gcd, lcm


class Seen(Enum):
    """What a viewer has of a cell."""

    THEIRS = "theirs"  # they have the right to it: it is never hidden, and is known to them
    SHOWN = "shown"  # it stands on a page, if it may
    ELSEWHERE = "elsewhere"  # it is on none of their pages, and yet may be worked out


@dataclass(frozen=True, slots=True)
class Number:
    """How many a figure is about, and how many of them have it (None: no such count).

    ``cost`` says what is hidden first where there is a choice: the lowest.
    """

    of: int
    part: int | None = None
    seen: Seen = Seen.SHOWN
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """That a total is the sum of its parts, by the keys of their cells."""

    total: Hashable
    parts: tuple[Hashable, ...]


Vector = dict[Hashable, int]


def hidden(
    numbers: Mapping[Hashable, Number], sums: Iterable[Sum], minimum: int
) -> frozenset[Hashable]:
    """The cells that must not be shown: the small ones, and what would give them away.

    >>> table = {"all": Number(40), "few": Number(3), "others": Number(37)}
    >>> sorted(hidden(table, [Sum("all", ("few", "others"))], minimum=6))
    ['few', 'others']
    """
    return _Hiding(numbers, tuple(sums), minimum).done()


class _Hiding:
    def __init__(self, numbers: Mapping[Hashable, Number], sums: Sequence[Sum], minimum: int):
        self.numbers, self.sums, self.minimum = numbers, sums, minimum
        theirs = self._theirs()
        self.secret = [
            key for key, number in numbers.items() if key not in theirs and self._is_small(number)
        ]
        self.hidden = {key for key in self.secret if numbers[key].seen is Seen.SHOWN}

    def _theirs(self) -> set[Hashable]:
        """What the viewer has a right to, and what is made of nothing else."""
        empty = {key for key, number in self.numbers.items() if not number.of}
        theirs = {key for key, number in self.numbers.items() if number.seen is Seen.THEIRS}
        while True:
            alone = {
                next(iter(left))
                for each in self.sums
                if len(left := {each.total, *each.parts} - theirs - empty) == 1
            }
            if not alone:
                return theirs
            theirs |= alone

    def _is_small(self, number: Number) -> bool:
        return 0 < number.of < self.minimum

    def done(self) -> frozenset[Hashable]:
        while exposed := next((key for key in self.secret if self._is_exposed(key)), None):
            more = self._next(exposed)
            if more is None:
                break
            self.hidden.add(more)
        return frozenset(self.hidden)

    def _next(self, secret: Hashable) -> Hashable | None:
        """The cell to hide next: the cheapest that is enough by itself, else the nearest."""
        near = sorted(
            (
                key
                for key, number in self.numbers.items()
                if number.seen is Seen.SHOWN and number.of and key not in self.hidden
            ),
            key=lambda key: (self._distance(secret, key), self.numbers[key].cost),
        )
        by_cost = sorted(near, key=lambda key: (self.numbers[key].cost, self.numbers[key].of))
        for key in by_cost:
            self.hidden.add(key)
            is_enough = not self._is_exposed(secret)
            self.hidden.discard(key)
            if is_enough:
                return key
        return near[0] if near else None

    def _distance(self, one: Hashable, other: Hashable) -> int:
        """How many sums lie between two cells."""
        reached, frontier, steps = {one}, {one}, 0
        while frontier and other not in reached:
            steps += 1
            frontier = {
                key
                for each in self.sums
                for key in (each.total, *each.parts)
                if frontier & {each.total, *each.parts}
            } - reached
            reached |= frontier
        return steps if other in reached else len(self.sums) + 1

    # Whether a secret can be worked out

    def _is_exposed(self, secret: Hashable) -> bool:
        """Whether every table that looks the same has the same number there.

        Both its counts must leave room. Where the minimum itself leaves none,
        nothing that is hidden can help.
        """
        of_moves = self.minimum <= 2
        part_moves = self.numbers[secret].part is None
        for change in self._changes(secret):
            of_moves = of_moves or self._fits_of(change)
            part_moves = part_moves or self._fits_part(change)
            if of_moves and part_moves:
                return False
        return not (of_moves and part_moves)

    def _free(self) -> list[Hashable]:
        """What the viewer does not know."""
        return [
            key
            for key, number in self.numbers.items()
            if number.of and (key in self.hidden or number.seen is Seen.ELSEWHERE)
        ]

    def _changes(self, secret: Hashable) -> Iterator[Vector]:
        """Ways to change the unknown cells, the secret among them, and no total."""
        free = self._free()
        # What has most room stands first, so that it gives way to the secret, which is last.
        free.sort(key=lambda key: (key == secret, self._is_small(self.numbers[key])))
        basis = null_space(free, self.sums)
        still = [vector for vector in basis if not vector.get(secret)]
        found = [
            _plus(vector, {}, sign) for vector in basis if vector.get(secret) for sign in (1, -1)
        ]
        yield from found
        mixed = [_plus(b, one, sign) for one in found for b in still for sign in (1, -1)]
        yield from mixed
        if len(still) <= SEVERAL:
            for one, b in product(mixed, still):
                yield from (_plus(b, one, sign) for sign in (1, -1))

    def _fits_of(self, change: Vector) -> bool:
        """Small numbers stay small and the others do not become so: it would look the same."""
        return all(
            0 < new < self.minimum if self._is_small(number) else new >= self.minimum
            for key, by in change.items()
            for number in [self.numbers[key]]
            for new in [number.of + by]
        )

    def _fits_part(self, change: Vector) -> bool:
        """No part is less than none of its whole, or more than all of it."""
        return all(
            number.part is not None and 0 <= number.part + by <= number.of
            for key, by in change.items()
            for number in [self.numbers[key]]
        )


SEVERAL = 12  # beyond that many ways, two at a time are not tried: more is hidden instead


def null_space(free: Sequence[Hashable], sums: Sequence[Sum]) -> list[Vector]:
    """All ways to change the free cells that leave every sum right, in whole numbers.

    One for each cell that the others leave open; the later ones are left open.
    """
    known = set(free)
    rows: list[Vector] = []
    for each in sums:
        row = {part: 1 for part in each.parts if part in known}
        if each.total in known:
            row[each.total] = -1
        rows.append(row)

    pivots: dict[Hashable, Vector] = {}
    for column in free:
        row = next((row for row in rows if row.get(column)), None)
        if row is None:
            continue
        rows = [_without(each, column, row) for each in rows if each is not row]
        pivots = {key: _without(each, column, row) for key, each in pivots.items()}
        pivots[column] = row
    return [_opened(column, pivots) for column in free if column not in pivots]


def _opened(column: Hashable, pivots: Mapping[Hashable, Vector]) -> Vector:
    """How the others give way when one open cell moves."""
    giving = {key: row for key, row in pivots.items() if row.get(column)}
    by = lcm(*(abs(row[key]) for key, row in giving.items()))
    vector = {column: by} | {k: -row[column] * by // row[k] for k, row in giving.items()}
    return _smallest(vector)


def _without(row: Vector, column: Hashable, pivot: Vector) -> Vector:
    """The row with a column taken out by means of the pivot's."""
    by = row.get(column)
    if not by:
        return row
    kept = {key: value * pivot[column] for key, value in row.items()}
    return _smallest(_plus(pivot, kept, -by))


def _smallest(vector: Vector) -> Vector:
    shared = gcd(*vector.values())
    return {key: value // shared for key, value in vector.items()} if shared > 1 else vector


def _plus(one: Vector, other: Vector, times: int = 1) -> Vector:
    """``other`` and so many times ``one``."""
    total = dict(other)
    for key, value in one.items():
        total[key] = total.get(key, 0) + times * value
    return {key: value for key, value in total.items() if value}
