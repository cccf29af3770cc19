"""What others publish, and the series that it belongs to."""

from dataclasses import dataclass
from decimal import Decimal

from kpis.rag.given.times import Basis, Period


@dataclass(frozen=True, slots=True)
class Outside:
    """One published outside figure, or the fact that there is none (value None)."""

    scope: str  # everyone, phase, unit
    scope_code: str
    group: str
    period: Period
    release: str  # provisional, revised, final
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    not_published: bool = False
    printed_in_plan: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Who gives an outside figure, what and on which basis."""

    id: int
    provider: str
    what: str
    basis: Basis
    figures: tuple[Outside, ...]
    example: bool = False
