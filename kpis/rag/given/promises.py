"""What is promised: clauses with their versions, what they read, targets, baselines, due days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kpis.rag.applies import Applicability
from kpis.rag.given.times import Period

ALL_PUPILS = "all"


@dataclass(frozen=True, slots=True)
class Terms:
    """All of a clause that decides a colour, as in force from a period on."""

    from_index: int
    rule: str
    level: str  # the kind of unit that promises
    operator: str = ""
    by_a_date: bool = False
    group: str = ALL_PUPILS
    roll_up: str = "each_school"
    share: Decimal | None = None
    months_allowed: int | None = None
    repeated: str = ""
    at_period_end: bool = False
    bad_side: str = ""
    significant_step: Decimal | None = None
    one_pupil: bool = False
    carries_release: bool = False
    expires_months: int | None = None
    baseline: Period | None = None
    against: str = ""
    against_group: str = ""
    symmetric: bool = False
    provider: str = ""
    comparator_group: str = ""
    rated_by: str = ""
    plan_counts: bool = False
    applicability: Applicability | None = None
    scale_targets: Mapping[int, int] = field(default_factory=dict)  # version -> place

    def __hash__(self) -> int:
        return hash((self.from_index, self.rule, self.group))


@dataclass(frozen=True, slots=True)
class ReadingTerms:
    """A reading's own margin, tolerance and step; None is the rules' default."""

    from_index: int
    margin: Decimal | None = None
    tolerance: Decimal | None = None
    step: Decimal | None = None
    applicability: Applicability | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A baseline that is in no entry, or the period whose entry is one unit's."""

    unit: int
    group: str
    season: int  # 0 all year, 1 to 3 the terms
    from_index: int
    entry_period: Period | None = None
    value: Decimal | None = None
    level: tuple[int, int] | None = None
    dated: Period | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """A target: one number or a range, or words that name none."""

    unit: int
    from_index: int
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    path: str = ""  # "", even, steps
    steps: tuple[tuple[int, Decimal], ...] = ()  # (index of the period's end, value)


@dataclass(frozen=True, slots=True)
class Reading:
    """That a clause reads a measure."""

    id: int
    measure: int
    terms: tuple[ReadingTerms, ...]
    starts: tuple[Start, ...] = ()
    aims: tuple[Aim, ...] = ()

    def __hash__(self) -> int:
        return self.id


@dataclass(frozen=True, slots=True)
class DueDay:
    """By when: the words as printed, the day that they mean, how often it moved."""

    step: int
    label: str
    day: date | None
    moved: int = 0
    at_risk: bool = False
    done_on: date | None = None
    clause: int | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise, with all its versions, oldest first."""

    id: int
    key: str
    title: str
    terms: tuple[Terms, ...]
    readings: tuple[Reading, ...]

    def __hash__(self) -> int:
        return self.id

    def in_force(self, index: int) -> Terms:
        """The version of a period; of one before the first version, the first."""
        for terms in reversed(self.terms):
            if terms.from_index <= index:
                return terms
        return self.terms[0]


@dataclass(frozen=True, slots=True)
class Promise:
    """A KPI, outcome or milestone that carries clauses."""

    id: int
    role: str
    code: str
    title: str
    combine: str  # all, any
    clauses: tuple[Clause, ...]
    dues: tuple[DueDay, ...] = ()

    def __hash__(self) -> int:
        return self.id


@dataclass(frozen=True, slots=True)
class Manual:
    """A leader's own status for one promise, unit and term."""

    status: str
    reason: str
    who: str
