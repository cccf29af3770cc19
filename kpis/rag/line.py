"""The way to a target: what is expected by now.

Places on the way count whole terms from the end of the baseline's period to
the end of the figure's own period, so a carried figure never changes colour
without a new fact.

Source: docs/rag.md, The way to a target.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from kpis.rag.shown import divided
from kpis.rag.side import Sign


@dataclass(frozen=True, slots=True)
class StraightLine:
    """From a dated baseline to a dated target, ``terms`` whole terms later.

    Both ends are figures as shown; ``decimals`` are the measure's.
    """

    baseline: Decimal
    target: Decimal
    terms: int
    decimals: int

    def expected(self, term: int) -> Decimal:
        """The place after ``term`` whole terms; before it the baseline, after it the target.

        >>> StraightLine(Decimal("75.0"), Decimal("85.0"), 9, 1).expected(2)
        Decimal('77.2')
        """
        if term >= self.terms:
            return self.target
        gone = max(term, 0)
        along = self.baseline * (self.terms - gone) + self.target * gone
        return divided(along, self.terms, self.decimals)


@dataclass(frozen=True, slots=True)
class Steps:
    """Interim targets: (whole terms from the start, value), and nothing between.

    A step is expected from the end of its own period on. Before the first,
    the baseline is all that can be expected, and nothing without one.
    """

    steps: tuple[tuple[int, Decimal], ...]
    baseline: Decimal | None = None

    def expected(self, term: int) -> Decimal | None:
        """The last step reached after ``term`` whole terms."""
        reached = [step for step in self.steps if step[0] <= term]
        return max(reached)[1] if reached else self.baseline


def expected_by_now(
    way: StraightLine | Steps, sign: Sign, target: Decimal, term: int, met_before: bool
) -> Decimal | None:
    """What is expected of a figure whose period ends ``term`` terms on.

    Once the target in force has been met, by the baseline too, the expected
    value stays at it. None: nothing is expected yet.
    """
    began_on_target = way.baseline is not None and sign.holds(way.baseline, target)
    if met_before or began_on_target:
        return target
    return way.expected(term)


def was_met(earlier: Iterable[Decimal], sign: Sign, target: Decimal) -> bool:
    """Whether a figure of an earlier period, since this target came into force, met it."""
    return any(sign.holds(figure, target) for figure in earlier)
