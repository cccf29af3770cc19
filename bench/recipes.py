"""What the invented plan promises: the mix of rules of the five plans in fixtures/plans.

Each recipe is one KPI with its clauses and the measure that each reads. There
are 49, in the proportions of the plans' KPIs of each school; a bigger plan goes
through them again. Figures are told as the middle, how far schools lie apart,
and how many pupils or people a figure is about.
"""

from dataclasses import dataclass, field
from itertools import chain, cycle, islice

EVERY_TERM = {"ask_autumn": True, "ask_spring": True, "ask_summer": True}
IN_AUTUMN = {"ask_autumn": True, "about": "last"}
IN_SUMMER = {"ask_summer": True}
COUNTED = {"kind": "percentage", "counts": "both", "per": 100, "decimals": 1, "better": "higher"}
BY_HAND = {"about_pupils": False}


@dataclass(frozen=True)
class Counted:
    """One measure: its columns, and how its figures lie."""

    name: str
    columns: dict
    middle: float = 0
    apart: float = 0
    of: int = 0  # how many an average school's figure is about
    groups: tuple[str, ...] = ("all",)
    series: bool = False


@dataclass(frozen=True)
class Promised:
    """One clause: the columns of its version, and of what its reading needs."""

    measure: Counted
    rule: str
    columns: dict = field(default_factory=dict)
    target: object = None  # a number, or a lowest and a highest
    margin: float | None = None
    path: str = ""
    baseline: str = ""  # "period" or "printed"


@dataclass(frozen=True)
class Recipe:
    title: str
    clauses: tuple[Promised, ...]
    combine: str = "all"


def kpi(title, *clauses, combine="all"):
    return Recipe(title, clauses, combine)


def at_least(measure, target, margin=None, roll_up="each_school", **more):
    columns = {"operator": ">=", "roll_up": roll_up}
    return Promised(measure, "threshold", columns, target, margin, **more)


def at_most(measure, target, margin=None, **columns):
    return Promised(measure, "threshold", {"operator": "<=", **columns}, target, margin)


def compared(measure, operator, **columns):
    return Promised(measure, "compare", {"operator": operator, **columns})


def gap(measure, group, operator="narrow", against="same_school"):
    columns = {"operator": operator, "group": group, "against": against}
    return Promised(measure, "gap", columns, margin=2, baseline="period")


def better_than_before(measure):
    return Promised(measure, "trend", {"operator": "improve"}, baseline="period")


TO_DATE = {**COUNTED, **EVERY_TERM, "basis": "year_to_date", "seasonal": True}
RESULTS = {**COUNTED, **IN_AUTUMN, "basis": "academic_year", "unit": "% of pupils"}
BY_TERM = {**COUNTED, **EVERY_TERM, **BY_HAND, "basis": "term", "unit": "% of teachers"}
SURVEY = {**COUNTED, **IN_SUMMER, "basis": "academic_year", "survey": True, "unit": "% of answers"}
RATE = {**EVERY_TERM, "kind": "rate", "counts": "both", "per": 100, "decimals": 2}
SCORE = {**IN_AUTUMN, "kind": "score", "counts": "weight", "decimals": 2, "better": "higher"}
ON_A_DAY = {**EVERY_TERM, **BY_HAND, "basis": "date"}

ATTENDANCE = Counted(
    "Attendance",
    {**TO_DATE, "unit": "% of sessions"},
    middle=93.8,
    apart=1.1,
    of=90_000,
    groups=("all", "disadvantaged"),
)
PRESENT = Counted("Present", {**TO_DATE, "unit": "% of sessions"}, 94, 1.2, 90_000)
ABSENT = Counted(
    "Persistent absence",
    {**TO_DATE, "better": "lower", "unit": "% of pupils"},
    middle=18,
    apart=4,
    of=320,
    series=True,
)
TESTS = Counted("Expected standard", RESULTS, 66, 9, 60)
PUBLISHED = Counted("Published result", RESULTS, 62, 8, 60, series=True)
OF_GROUPS = Counted(
    "Result by group", RESULTS, 63, 8, 75, groups=("all", "disadvantaged"), series=True
)
COACHED = Counted("Teachers coached", BY_TERM, 78, 9, 30)
INCLUDED = Counted("Places taken up", BY_TERM, 71, 8, 140, groups=("all", "send"))
SUSPENDED = Counted(
    "Suspensions",
    {**RATE, "basis": "year_to_date", "seasonal": True, "better": "lower", "unit": "per 100"},
    middle=4,
    apart=1.6,
    of=320,
)
REPORTED = Counted(
    "Incidents",
    {**RATE, **BY_HAND, "basis": "term", "better": "lower", "unit": "per 100 staff"},
    middle=3,
    apart=1,
    of=60,
)
VACANT = Counted("Vacancies", {**ON_A_DAY, "kind": "number", "better": "lower"}, 2, 1.5)
ASKED = Counted("Would recommend", SURVEY, 74, 8, 45)
PROGRESS = Counted("Progress score", {**SCORE, "basis": "academic_year"}, 0, 0.4, 60, series=True)
SPENT = Counted(
    "Spent on staff",
    {
        **IN_SUMMER,
        **BY_HAND,
        "kind": "percentage",
        "decimals": 1,
        "basis": "financial_year",
        "unit": "% of income",
    },
    middle=78,
    apart=3,
)
AWARD = Counted("Reading award", {**ON_A_DAY, "kind": "level", "better": "higher"})
INSPECTED = Counted(
    "Inspection grade", {**ON_A_DAY, "kind": "level", "better": "higher", "inspection": True}
)
IN_USE = Counted("In use", {**ON_A_DAY, "kind": "yes_no"})
EACH_YEAR = Counted("Done this year", {**ON_A_DAY, "kind": "yes_no"})
REVIEWED = Counted("Review", {**ON_A_DAY, "kind": "rating"})
REPAIRS = Counted("Repairs", {**EVERY_TERM, **BY_HAND, "kind": "cases", "basis": "term"})

PLAN = [
    (3, kpi("Present in school", at_least(PRESENT, 94, 1))),
    (
        2,
        kpi(
            "Attendance and its gap", at_least(ATTENDANCE, 94, 1), gap(ATTENDANCE, "disadvantaged")
        ),
    ),
    (3, kpi("At the expected standard", at_least(TESTS, 68))),
    (1, kpi("At it, all pupils together", at_least(TESTS, 68, roll_up="pooled"))),
    (3, kpi("Coaching", at_least(COACHED, 80))),
    (2, kpi("Suspensions fall", at_most(SUSPENDED, 4.5, 1))),
    (2, kpi("Posts filled", at_most(VACANT, 3, 1, roll_up="sum"))),
    (2, kpi("Families recommend us", at_least(ASKED, 85, path="even", baseline="period"))),
    (1, kpi("Standard by steps", at_least(TESTS, 75, path="steps", baseline="period"))),
    (4, kpi("In line with England", compared(PUBLISHED, "in_line_or_better"))),
    (2, kpi("Above England and 60", compared(PUBLISHED, "above"), at_least(PUBLISHED, 60))),
    (1, kpi("Absence below England", compared(ABSENT, "below"))),
    (1, kpi("Progress beyond England", compared(PROGRESS, "significantly_better"))),
    (1, kpi("Progress in line", compared(PROGRESS, "in_line"))),
    (2, kpi("The gap narrows", gap(OF_GROUPS, "disadvantaged"))),
    (1, kpi("Taking part", gap(INCLUDED, "send"))),
    (
        1,
        kpi(
            "No gap to others in England",
            gap(OF_GROUPS, "disadvantaged", "closed", "national_other"),
        ),
    ),
    (3, kpi("More say so", better_than_before(ASKED))),
    (1, kpi("Fewer incidents", better_than_before(REPORTED))),
    (2, kpi("Reading award", Promised(AWARD, "scale", {"operator": "at_least"}))),
    (1, kpi("Inspection grade", Promised(INSPECTED, "scale", {"operator": "at_least"}))),
    (2, kpi("In use everywhere", Promised(IN_USE, "done"))),
    (1, kpi("Reviewed each year", Promised(EACH_YEAR, "done", {"repeated": "year"}))),
    (2, kpi("Teaching reviewed", Promised(REVIEWED, "judged"))),
    (
        1,
        kpi(
            "Coached, or by review",
            at_least(COACHED, 85),
            Promised(REVIEWED, "judged"),
            combine="any",
        ),
    ),
    (
        1,
        kpi(
            "In use, or fewer incidents",
            Promised(IN_USE, "done"),
            at_most(REPORTED, 3, 1),
            combine="any",
        ),
    ),
    (1, kpi("Repairs in time", Promised(REPAIRS, "cases", {"months_allowed": 2}))),
    (1, kpi("Spending on staff", Promised(SPENT, "band", {}, (74, 82), 2))),
    (
        1,
        kpi(
            "Results, all of it",
            compared(OF_GROUPS, "above"),
            at_least(OF_GROUPS, 64),
            gap(OF_GROUPS, "disadvantaged"),
        ),
    ),
]


def recipes(count):
    """The recipes of ``count`` KPIs, spread so that like ones do not stand together."""
    every = list(chain.from_iterable([one] * often for often, one in PLAN))
    spread = [every[number * 20 % len(every)] for number in range(len(every))]
    return list(islice(cycle(spread), count))
