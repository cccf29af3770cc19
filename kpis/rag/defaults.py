"""What a margin, tolerance or step is where a plan sets none.

Each is data of a reading and can be changed there; these are the starting
values, in the measure's unit.

Source: docs/rag.md, Usual values.
"""

from decimal import Decimal

from kpis.rag.given import Basis, Kind, Measure

ONE = Decimal(1)
ABOUT = Decimal(2)  # "about 10" is 8 to 12
SIGNIFICANT = Decimal(1)  # how much better than an outside figure is significantly better
SHARE = Decimal(5)  # the margin of a share of schools, in points
STEADY_POINTS = Decimal("0.5")  # a percentage that moves by no more has not moved
STEADY_SHARE = Decimal("0.02")  # of any other figure, this much of itself


def is_presence(measure: Measure) -> bool:
    """Attendance and absence: shares of sessions, or small shares that should fall."""
    return measure.kind is Kind.PERCENTAGE and (
        measure.better == "lower" or "session" in measure.unit
    )


def margin(measure: Measure) -> Decimal:
    """How far from green is still amber; 0 means no amber."""
    match measure.kind:
        case Kind.PERCENTAGE:
            return ONE if is_presence(measure) else Decimal(5)
        case Kind.RATE:
            return Decimal("0.5") if measure.basis is Basis.TERM else ONE
        case Kind.SCORE:
            return Decimal("0.20")
    return Decimal(0)


def tolerance(measure: Measure) -> Decimal:
    """What still counts as in line with an outside figure."""
    if measure.kind is Kind.PERCENTAGE:
        return Decimal("0.5") if is_presence(measure) else Decimal(2)
    return Decimal(0)


def best(measure: Measure) -> Decimal | None:
    """The value that nothing can beat; None where there is none."""
    if measure.better == "higher":
        whole = Decimal(100) if measure.kind is Kind.PERCENTAGE else None
        return measure.highest if measure.highest is not None else whole
    if measure.better == "lower":
        nothing = Decimal(0) if measure.kind in (Kind.PERCENTAGE, Kind.RATE) else None
        return measure.lowest if measure.lowest is not None else nothing
    return None
