"""What is judged: one trust, one plan and one collecting term, as plain tuples.

`kpis.facts` reads it from the database once; nothing here knows a database or
a clock. Units, measures, clauses and scales are known by their numbers,
pupil groups and phases by their codes. All figures are Decimal in the unit of
their measure, as stored and not yet rounded.

Source: docs/rag.md, What is judged.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from kpis.rag.applies import Applicability, Place
from kpis.rag.shown import Kind as Style
from kpis.rag.shown import Shown

ALL_PUPILS = "all"


class _Named(StrEnum):
    """An enum that is told apart as the text that it is: its own hash is slow."""

    __hash__ = str.__hash__


class Basis(_Named):
    """What span of time a figure covers."""

    TERM = "term"
    YEAR_TO_DATE = "year_to_date"
    ACADEMIC_YEAR = "academic_year"
    FINANCIAL_YEAR = "financial_year"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Period:
    """The stretch of time that a figure is about.

    ``year`` is the one in which the academic year starts, ``part`` the term in
    which the period ends (1 autumn, 2 spring, 3 summer), ``starts`` and
    ``ends`` its days by the trust's own calendar where it has that term.

    ``index`` stands on one line of whole terms: they can be counted and
    compared. ``span`` is what it is like: equal spans of unlike basis compare,
    others never do. Autumn to date is the autumn term; summer to date, the
    academic year and an academy's financial year are one span.
    """

    basis: Basis
    year: int
    part: int
    starts: date
    ends: date
    name: str
    index: int = field(init=False, repr=False, compare=False)
    span: tuple[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for with every answer of every cell: worked out once.
        object.__setattr__(self, "index", self.year * 3 + self.part - 1)
        object.__setattr__(self, "span", _span_of(self.basis, self.part))

    def __hash__(self) -> int:
        return self.index


def _span_of(basis: Basis, part: int) -> tuple[str, int]:
    match basis:
        case Basis.DATE:
            return ("date", 0)
        case Basis.TERM:
            return ("term", part)
        case Basis.YEAR_TO_DATE if part == 1:
            return ("term", 1)
        case Basis.YEAR_TO_DATE if part == 2:
            return ("to date", 2)
    return ("year", 3)


class WhyNone(_Named):
    """Why a unit gives no figure, in its own words; a claim until the trust accepts it."""

    NOT_APPLICABLE = "not_applicable"
    TOO_FEW = "too_few"
    NOT_AVAILABLE = "not_available"


class Done(_Named):
    """What a unit says of a thing to do; a yes counts for good."""

    YES = "yes"
    NOT_YET = "not_yet"
    AT_RISK = "at_risk"


class Answer(NamedTuple):
    """An entry that counts: exactly one of value, level, done and why_none.

    ``level`` is (scale version, place on it from the lowest, 0). ``collected``
    is the index of the term whose return brought it in. ``weight`` of a score
    is its ``denominator``.
    """

    period: Period
    collected: int
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    level: tuple[int, int] | None = None
    done: Done | None = None
    done_on: date | None = None
    why_none: WhyNone | None = None
    expected_on: date | None = None
    claim_accepted: bool = False
    respondents: int | None = None
    provider: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Rated:
    """A judgement: a named person's rating on a day, with evidence."""

    on: date
    external: bool
    rating: str  # green, amber, red
    rated_by: str  # school, trust, outside
    reviewer: str
    evidence: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """One case of a log, as it was sent with the return of the term ``collected``."""

    opened: date
    planned: date | None = None
    closed: date | None = None
    collected: int = 0
    provisional: bool = False


class Kind(_Named):
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

    ``shown`` is how its figures are rounded and written. ``is_by_phase``: England
    publishes it phase by phase, and a school that has parts answers by part.
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
class Unit:
    """Whoever answers. ``place`` is what the applicability rules look at."""

    id: int
    kind: str
    name: str
    phase: str
    place: Place
    joined: date
    left: date | None = None
    parent: int | None = None
    serves: frozenset[int] = frozenset()
    due: date | None = None  # its own last day for the term, if it has one
    pupils: int | None = None
    register: Mapping[str, Decimal] = field(default_factory=dict)
    code: str = ""
    codes: frozenset[str] = frozenset()  # the URN and unit code: comparators of one unit

    def __hash__(self) -> int:
        return self.id

    def is_in(self, period: Period) -> bool:
        """In the trust for the whole of a period, or on its day."""
        return self.joined <= period.starts and (self.left is None or self.left >= period.ends)


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


@dataclass(frozen=True, slots=True)
class Manual:
    """A leader's own status for one promise, unit and term."""

    status: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the trust has chosen for all its judging."""

    min_to_judge: int = 6
    plan_counts_as: str = "green"
    due_soon_days: int = 30


@dataclass(frozen=True, slots=True)
class CollectingTerm:
    """The term whose returns are looked at. ``as_at`` is its cut-off.

    The day before the next term opens, or today if that is earlier: deadlines,
    due dates, cases and expiry are judged as at that day. ``index`` is the
    term on the line of all terms, as that of its period.
    """

    period: Period
    due: date
    as_at: date
    index: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", self.period.index)


Question = tuple[int, int, str]  # measure, unit, pupil group
Memo = defaultdict[object, dict[tuple[Any, ...], Any]]  # of each question: asked about -> found


def _nothing_yet() -> Memo:
    return defaultdict(dict)


@dataclass(frozen=True, slots=True)
class Given:
    """All that a page judges, read once.

    Answers, ratings and cases stand oldest first. ``trust`` is the number of
    the trust's own unit. ``complements`` maps a group to the rest of its
    pupils, ``group_names`` each group's code to its words. ``memo`` is where
    `once` keeps what it has worked out; a Given made from another has its own.
    """

    trust: int
    settings: Settings
    plan_starts: date
    plan_ends: date
    term: CollectingTerm
    calendar: Mapping[int, tuple[date, date]]  # index of a term -> its days
    units: Mapping[int, Unit]
    measures: Mapping[int, Measure]
    scales: Mapping[int, tuple[ScaleVersion, ...]]
    promises: tuple[Promise, ...]
    answers: Mapping[Question, tuple[Answer, ...]]
    ratings: Mapping[Question, tuple[Rated, ...]] = field(default_factory=dict)
    cases: Mapping[tuple[int, int], tuple[Logged, ...]] = field(default_factory=dict)
    series: Mapping[int, Series] = field(default_factory=dict)
    overrides: Mapping[tuple[int, int], Manual] = field(default_factory=dict)
    complements: Mapping[str, str] = field(default_factory=dict)
    group_names: Mapping[str, str] = field(default_factory=dict)
    memo: Memo = field(default_factory=_nothing_yet, init=False, repr=False, compare=False)

    def at(self, term: CollectingTerm) -> "Given":
        """The same facts, looked at in another term."""
        return replace(self, term=term)

    def days_of(self, index: int) -> tuple[date, date]:
        """A term's first and last day: the trust's own, else the nominal ones."""
        return self.calendar.get(index) or nominal_days(index)


def index_of(day: date) -> int:
    """The term of a day; the holidays after a term belong to it."""
    if day.month >= 9:
        return day.year * 3
    return (day.year - 1) * 3 + (1 if day.month <= 4 else 2)


def nominal_days(index: int) -> tuple[date, date]:
    """The days that a term has at most: September to December, to April, to August."""
    year, part = divmod(index, 3)
    match part:
        case 0:
            return date(year, 9, 1), date(year, 12, 31)
        case 1:
            return date(year + 1, 1, 1), date(year + 1, 4, 30)
    return date(year + 1, 5, 1), date(year + 1, 8, 31)
