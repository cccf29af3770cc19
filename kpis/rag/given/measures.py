"""What is counted: measures, and the scales that some of them are answered on."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kpis.rag.applies import Applicability
from kpis.rag.given.named import Named
from kpis.rag.given.times import Basis
from kpis.rag.shown import Kind as Style
from kpis.rag.shown import Shown


class Kind(Named):
    """The kind of answer that a measure takes."""

    PERCENTAGE = "percentage"
    NUMBER = "number"
    RATE = "rate"
    SCORE = "score"
    MONEY = "money"
    YES_NO = "yes_no"
    DATE = "date"
    LEVEL = "level"
    RATING = "rating"
    CASES = "cases"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. ``asked`` holds the parts of the year whose returns ask it.

    ``shown`` is how its figures are rounded and written, and ``figures`` has those that
    have been rounded, by what they were rounded from: a school's figure is judged now,
    held against next term and pooled. ``is_by_phase``: England publishes it phase by
    phase, and a school that has parts answers by part.
    """

    id: int
    code: str
    name: str
    kind: Kind
    unit: str
    decimals: int
    better: str  # higher, lower, none
    basis: Basis
    of: str  # the kind of unit
    asked: frozenset[int]
    about_last: bool = False
    counts: str = "none"  # none, both, weight
    per: int = 1
    lowest: Decimal | None = None
    highest: Decimal | None = None
    scale: int | None = None
    seasonal: bool = False
    survey: bool = False
    inspection: bool = False
    register: str = ""
    about_pupils: bool = True
    min_to_judge: int | None = None
    steady_band: Decimal | None = None
    carried_terms: int = 3
    valid_months: int = 12
    applicability: Applicability | None = None
    series: int | None = None
    breaks: tuple[tuple[int, str], ...] = ()  # (index of the first new period, why)
    shown: Shown = field(init=False, repr=False, compare=False)
    is_by_phase: bool = field(init=False, repr=False, compare=False)
    figures: dict[tuple[Decimal, Decimal | None], Decimal] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        is_by_phase = self.of == "school" and self.about_pupils and self.series is not None
        object.__setattr__(self, "is_by_phase", is_by_phase)
        object.__setattr__(self, "shown", shown_in(self.kind, self.unit, self.decimals))

    def __hash__(self) -> int:
        return self.id


_STYLES = {Kind.PERCENTAGE: Style.PERCENTAGE, Kind.MONEY: Style.MONEY}


def shown_in(kind: str, unit: str, decimals: int) -> Shown:
    """How figures of a kind and unit are rounded and written."""
    style = _STYLES.get(Kind(kind), Style.NUMBER)
    return Shown(style, decimals, unit if style is Style.NUMBER else "")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale; a failing one is red whatever is promised."""

    id: int
    key: str
    name: str
    failing: bool = False


@dataclass(frozen=True, slots=True)
class ScaleVersion:
    """One version of a scale; ``levels`` stand from the lowest up."""

    id: int
    name: str
    since: date | None
    levels: tuple[Level, ...]
