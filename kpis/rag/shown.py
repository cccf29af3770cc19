"""The figure judged is the figure shown: rounded once, half up, and written.

Integers, fractions and Decimal throughout, never float: Python's own ``round``
gives 0.23 for 0.235 and changes colours.

Source: docs/rag.md, Figures.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

Exact = Fraction | Decimal | int

MINUS = "\N{MINUS SIGN}"


def rounded(exact: Exact, decimals: int) -> Decimal:
    """Round once, half up (a half goes away from zero), from the exact value.

    >>> rounded(Decimal("84.95"), 1), rounded(Fraction(-1, 8), 2)
    (Decimal('85.0'), Decimal('-0.13'))
    """
    return _rounded(*exact.as_integer_ratio(), decimals)


def _rounded(top: int, bottom: int, decimals: int) -> Decimal:
    """The quotient of two whole numbers, ``bottom`` above 0, by whole numbers alone."""
    return _number(_digits(top, bottom, 10**decimals), decimals)


def _digits(top: int, bottom: int, times: int) -> int:
    """So many times a quotient, rounded to a whole number: 89.5 at one decimal is 895."""
    digits = (2 * abs(top) * times + bottom) // (2 * bottom)
    return -digits if top < 0 else digits


def _number(digits: int, decimals: int) -> Decimal:
    return Decimal(f"{digits}e-{decimals}")


def divided(numerator: Exact, denominator: Exact, decimals: int) -> Decimal:
    """A quotient, rounded once: 100 by 30 is 3.3 at one decimal."""
    return _rounded(*_quotient(numerator, denominator), decimals)


def _quotient(numerator: Exact, denominator: Exact, per: int = 1) -> tuple[int, int]:
    """``numerator`` per ``denominator`` as two whole numbers, the second above 0.

    They are not reduced: a Fraction would be the same number, at ten times the
    work. ZeroDivisionError where there is nothing to divide by.
    """
    top, below = numerator.as_integer_ratio()
    bottom, above = denominator.as_integer_ratio()
    if bottom == 0:
        raise ZeroDivisionError(f"{numerator} of nobody")
    if bottom < 0:
        top, bottom = -top, -bottom
    return per * top * above, below * bottom


class _Numbers(dict[int, Decimal]):
    """Each figure of so many decimals by its digits: 895 is 89.5. Made once."""

    def __init__(self, decimals: int) -> None:
        super().__init__()
        self._decimals = decimals

    def __missing__(self, digits: int) -> Decimal:
        number = self[digits] = _number(digits, self._decimals)
        return number


class Kind(StrEnum):
    """How a figure is written, and whether it is a part of a whole."""

    PERCENTAGE = "percentage"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Shown:
    """How the figures of one measure are rounded and written.

    ``words`` follow a number: "per 100 pupils", "vacancies". A percentage is
    0 to 100, never 0 to 1, and a difference between two of them is in points.
    ``last_digit`` is the smallest difference that can be seen, 0.1 at one
    decimal, and ``nearly_all`` the most that a part of a whole can be: 99.9.
    Many schools have the same figure: it is made once, and written once.

    >>> Shown(Kind.NUMBER, 2, "per 100 pupils").write(Decimal("1.4"))
    '1.40 per 100 pupils'
    >>> Shown(Kind.MONEY, 0).write(Decimal(-340_000))
    '−£340,000'
    """

    kind: Kind = Kind.PERCENTAGE
    decimals: int = 1
    words: str = ""
    last_digit: Decimal = field(init=False, repr=False, compare=False)
    nearly_all: Decimal = field(init=False, repr=False, compare=False)
    _times: int = field(init=False, repr=False, compare=False)
    _numbers: dict[int, Decimal] = field(init=False, repr=False, compare=False)
    _plain: dict[Decimal, str] = field(init=False, repr=False, compare=False)
    _written: dict[Decimal, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keep = object.__setattr__
        keep(self, "last_digit", Decimal((0, (1,), -self.decimals)))
        keep(self, "nearly_all", 100 - self.last_digit)
        keep(self, "_times", 10**self.decimals)
        keep(self, "_numbers", _Numbers(self.decimals))
        keep(self, "_plain", {})
        keep(self, "_written", {})

    def figure(self, exact: Exact) -> Decimal:
        """The figure that is shown and judged.

        All is never shown for a part and nothing never for some: 1,999 of
        2,000 are 99.9%, and 1 of 5,000 is 0.1%.
        """
        return self._figure(*exact.as_integer_ratio())

    def share(self, numerator: Exact, denominator: Exact, per: int = 1) -> Decimal:
        """The same, of two counts: 94 of 105 are 89.5 per 100."""
        return self._figure(*_quotient(numerator, denominator, per))

    def _figure(self, top: int, bottom: int) -> Decimal:
        digits = _digits(top, bottom, self._times)
        if self.kind is Kind.PERCENTAGE and 0 < top < 100 * bottom:
            if digits == 0:
                return self.last_digit
            if digits == 100 * self._times:
                return self.nearly_all
        return self._numbers[digits]

    def plain(self, amount: Decimal) -> str:
        """The number alone, with the measure's decimals: "5.0", "1,204"."""
        text = self._plain.get(amount)
        if text is None:
            text = self._plain[amount] = self._as_text(amount)
        return text

    def _as_text(self, amount: Decimal) -> str:
        number = f"{abs(amount):,f}"
        if len(number.partition(".")[2]) != self.decimals:
            # A target may be printed with more decimals than the measure shows;
            # hiding one of them would make the sentence untrue.
            own = amount.normalize().as_tuple().exponent
            places = max(self.decimals, -own) if isinstance(own, int) else self.decimals
            number = f"{abs(amount):,.{places}f}"
        return f"{MINUS if amount < 0 else ''}{number}"

    def write(self, amount: Decimal) -> str:
        """The figure as people read it, with its unit."""
        text = self._written.get(amount)
        if text is None:
            text = self._written[amount] = self._with_unit(amount, percent="%")
        return text

    def distance(self, amount: Decimal) -> str:
        """How far apart two figures are: "0.7 points" between percentages."""
        return self._with_unit(amount, percent=" points")

    def change(self, amount: Decimal) -> str:
        """A difference with its sign: "+1.2 points", "−0.10"."""
        return f"{'+' if amount > 0 else ''}{self.distance(amount)}"

    def _with_unit(self, amount: Decimal, percent: str) -> str:
        number = self.plain(amount)
        match self.kind:
            case Kind.PERCENTAGE:
                is_one = number.removeprefix(MINUS) == "1"
                return f"{number}{' point' if is_one and percent == ' points' else percent}"
            case Kind.MONEY:
                return f"{MINUS if amount < 0 else ''}£{number.removeprefix(MINUS)}"
            case Kind.NUMBER:
                words = _singular(self.words) if number == "1" else self.words
                return f"{number} {words}".rstrip()


# Of these one is not made by the end of the first word.
_ONE_OF = {
    "parts of schools": "part of a school",
    "schools and parts of schools": "school or part of a school",
}


def _singular(words: str) -> str:
    """The unit of exactly one: "vacancies" becomes "vacancy"."""
    if words in _ONE_OF:
        return _ONE_OF[words]
    first, space, rest = words.partition(" ")
    if first.endswith("ies"):
        first = f"{first[:-3]}y"
    elif first.endswith("s") and not first.endswith("ss"):
        first = first[:-1]
    return f"{first}{space}{rest}"


def counted(number: int, things: str) -> str:
    """A count and its things: "1 school", "11 schools", "0 cases".

    >>> counted(1, "schools and parts of schools")
    '1 school or part of a school'
    """
    return f"{number:,} {_singular(things) if number == 1 else things}"


PERCENTAGE = Shown()
