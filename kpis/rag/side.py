"""Which side is good: of a number promised, or of a measure as a whole.

Source: docs/rag.md, Threshold.
"""

from decimal import Decimal
from enum import StrEnum


class Better(StrEnum):
    """The direction of a measure. It serves trend, compare and gap."""

    __hash__ = str.__hash__  # an enum's own is many times slower

    HIGHER = "higher"
    LOWER = "lower"

    def gain(self, now: Decimal, then: Decimal) -> Decimal:
        """How much better ``now`` is than ``then``; negative when worse."""
        return now - then if self is Better.HIGHER else then - now

    @property
    def side(self) -> str:
        """The good side of a number, in words."""
        return "above" if self is Better.HIGHER else "below"


class Sign(StrEnum):
    """The operator of a promise, as its plan prints it."""

    __hash__ = str.__hash__  # an enum's own is many times slower

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"

    @property
    def words(self) -> str:
        """As a sentence says it: "at least"."""
        return _SIGN_WORDS[self]

    @property
    def better(self) -> Better:
        """The side that it promises, whatever the direction of the measure."""
        return Better.HIGHER if self._is_minimum else Better.LOWER

    @property
    def _is_minimum(self) -> bool:
        return self is Sign.AT_LEAST or self is Sign.MORE_THAN

    def holds(self, figure: Decimal, bar: Decimal) -> bool:
        """Whether ``figure`` keeps the promise; equal does for "at least" and "at most"."""
        if self is Sign.AT_LEAST:
            return figure >= bar
        if self is Sign.AT_MOST:
            return figure <= bar
        return figure > bar if self is Sign.MORE_THAN else figure < bar

    def miss(self, figure: Decimal, bar: Decimal) -> Decimal:
        """How far ``figure`` is on the wrong side of ``bar``; negative beyond it."""
        return bar - figure if self._is_minimum else figure - bar


_SIGN_WORDS = {
    Sign.AT_LEAST: "at least",
    Sign.MORE_THAN: "more than",
    Sign.AT_MOST: "at most",
    Sign.LESS_THAN: "less than",
}

SIGNS = {sign.value: sign for sign in Sign}
