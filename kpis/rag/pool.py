"""From the units to the trust, by their figures: pooled, ratio of sums, sum.

Never the mean of percentages: three schools at 45 of 50 and one at 5 of 10
are 140 of 160, whatever their four percentages are.

Source: docs/rag.md, From schools to the trust.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpis.rag.grey import no_cohort, no_data
from kpis.rag.shown import Shown, counted
from kpis.rag.side import Better, Sign
from kpis.rag.verdict import Mark, Reason, Status, Verdict


class Amount(NamedTuple):
    """A numerator and its denominator, in whatever they count: pupils, tonnes."""

    numerator: Decimal
    denominator: Decimal

    @classmethod
    def weighted(cls, score: Decimal, pupils: int) -> "Amount":
        """A score, by the number of pupils that it is the mean of."""
        return cls(score * pupils, Decimal(pupils))


@dataclass(frozen=True, slots=True)
class Pool:
    """Sums of numerators and denominators over the units that are in.

    ``inside`` of ``of`` units are in; one that has nobody to count is no unit
    of the pool at all.
    """

    numerator: Decimal
    denominator: Decimal
    inside: int
    of: int

    @property
    def is_whole(self) -> bool:
        """Whether every unit is in."""
        return self.inside == self.of

    def exact(self, per: int) -> Fraction | None:
        """The exact figure per 100 (percentages, rates) or per 1 (scores, ratios)."""
        if not self.denominator:
            return None
        return per * Fraction(self.numerator) / Fraction(self.denominator)

    def figure(self, shown: Shown, per: int) -> Decimal | None:
        """The same as it is shown and judged."""
        if not self.denominator:
            return None
        return shown.share(self.numerator, self.denominator, per)


def pooled(amounts: Iterable[Amount | None]) -> Pool:
    """Pool the units of a trust; None is a unit without counts, which is missing.

    >>> scores = [Amount.weighted(Decimal("0.30"), 60)]
    >>> scores.append(Amount.weighted(Decimal("-0.10"), 240))
    >>> pooled(scores).exact(per=1)
    Fraction(-1, 50)
    """
    every = [amount for amount in amounts if amount is None or amount.denominator]
    inside = [amount for amount in every if amount is not None]
    return Pool(
        numerator=sum([amount.numerator for amount in inside], Decimal(0)),
        denominator=sum([amount.denominator for amount in inside], Decimal(0)),
        inside=len(inside),
        of=len(every),
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """A total over the units that are in, ``inside`` of ``of``.

    ``only_grows``: what is still to come cannot make it smaller.
    """

    total: Decimal
    inside: int
    of: int
    only_grows: bool

    @property
    def is_whole(self) -> bool:
        """Whether every unit is in."""
        return self.inside == self.of


def summed(values: Iterable[Decimal | None], *, may_be_negative: bool = False) -> Sum:
    """Add up what the units sent; None has not been sent.

    Money may be negative: then a part of the sum proves nothing.
    """
    every = list(values)
    inside = [value for value in every if value is not None]
    return Sum(
        total=sum(inside, Decimal(0)),
        inside=len(inside),
        of=len(every),
        only_grows=not may_be_negative and all(value >= 0 for value in inside),
    )


def if_whole(verdict: Verdict, pool: Pool | Sum, shown: str, *, things: str = "schools") -> Verdict:
    """The verdict on a pooled figure or a sum, if every unit is in.

    ``shown`` is the figure of those that are in: with one missing it is said,
    and has no colour.
    """
    if not pool.of:
        return no_cohort(things)
    if not pool.inside:
        return no_data()
    if pool.is_whole:
        return verdict
    because = f"{shown} from {pool.inside} of {counted(pool.of, things)}"
    return Verdict(Status.GREY, Reason.PARTIAL, because, figure=shown)


def if_sure(
    verdict: Verdict, sum_: Sum, sign: Sign, shown: str, *, things: str = "schools"
) -> Verdict:
    """The verdict of a threshold on a sum, as far as a part of it is sure.

    A minimum stays reached and a maximum stays passed, whatever is still to
    come, unless figures may be negative.
    """
    is_sure = (
        verdict.status is Status.GREEN
        if sign.better is Better.HIGHER
        else verdict.status is Status.RED
    )
    if sum_.is_whole or not (sum_.inside and sum_.only_grows and is_sure):
        return if_whole(verdict, sum_, shown, things=things)
    note = f"{sum_.inside} of {counted(sum_.of, things)}"
    return verdict.noted(note).marked(Mark.PARTIAL)
