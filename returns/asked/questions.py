"""One question of a return, what was typed for it, and what reading it can give.

Plain tuples: the screen, the check and uploaded files hand them to
``returns.typed.reading`` and get the same answer for the same text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..typed.spelling import Misspelt, day

FIGURES = frozenset({"percentage", "number", "rate", "score", "money"})

# Where each reason can be true; "too few" only of pupils, parents and answers.
_CAN_BE_MISSING = {
    **dict.fromkeys(FIGURES | {"cases"}, frozenset({"not_applicable", "not_available"})),
    "level": frozenset({"not_applicable", "not_available"}),
    "rating": frozenset({"not_applicable", "not_available"}),
    "yes_no": frozenset({"not_applicable"}),
    "date": frozenset({"not_applicable"}),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a scale, and the day from which its version of the scale holds."""

    id: int
    key: str
    name: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a measure of one group of one unit, as the reader needs it.

    ``name`` is what the screen calls it. ``starts`` and ``ends`` are the days
    between which a dated figure must lie, ``ends`` also the day of one whose
    day is not typed. Levels stand from the lowest up, oldest version first.
    """

    name: str
    kind: str
    starts: date
    ends: date
    counts: str = "none"  # none, both, weight
    per: int = 1
    lowest: Decimal | None = None
    highest: Decimal | None = None
    decimals: int = 0
    numerator_name: str = ""
    denominator_name: str = ""
    survey: bool = False
    rated: bool = False
    dated: bool = False
    inspection: bool = False
    about_pupils: bool = True
    levels: tuple[Level, ...] = ()

    @property
    def is_figure(self) -> bool:
        return self.kind in FIGURES

    @property
    def reasons(self) -> frozenset[str]:
        """Why there may be no answer, of kpis.models.WhyNone."""
        few = self.about_pupils and self.is_figure
        return _CAN_BE_MISSING[self.kind] | ({"too_few"} if few else frozenset())

    @property
    def is_rated(self) -> bool:
        return self.rated or self.kind == "rating"

    @property
    def parts(self) -> tuple[str, str]:
        """What the two counts count, in words."""
        if self.kind == "cases":
            return self.numerator_name or "Overdue now", self.denominator_name or "All cases"
        return (
            self.numerator_name or "How many",
            self.denominator_name or ("Pupils" if self.about_pupils else "Out of"),
        )

    def levels_on(self, on: date) -> tuple[Level, ...]:
        """The levels of the version of the scale in force on a day."""
        versions = {level.since for level in self.levels}
        reached = [since for since in versions if since is None or since <= on]
        if not reached:
            return ()
        latest = max(reached, key=lambda since: since or date.min)
        return tuple(level for level in self.levels if level.since == latest)


class Typed(NamedTuple):
    """The text of one line, whatever it is; every part may be empty.

    What people say about the answer stands last: ``note`` why a figure is right
    that looks odd, ``why`` and ``what_next`` about a result that is not on target.
    """

    value: str = ""
    numerator: str = ""
    denominator: str = ""
    why_none: str = ""
    until: str = ""
    on: str = ""
    respondents: str = ""
    invited: str = ""
    provider: str = ""
    rating: str = ""
    reviewer: str = ""
    kind: str = ""
    evidence: str = ""
    note: str = ""
    why: str = ""
    what_next: str = ""

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Typed":
        """From a mapping that may lack parts or hold others."""
        return cls._make([texts.get(name) or "" for name in NAMES])

    @property
    def has_answer(self) -> bool:
        """Whether anything is typed but what people say about it."""
        return any(self[:ANSWERING])


NAMES = Typed._fields
SAYING = frozenset({"note", "why", "what_next"})
ANSWERING = len(NAMES) - len(SAYING)  # so many parts, from the first


class Answer(NamedTuple):
    """What becomes an entry: exactly one of value, level, done and why_none.

    ``on`` is the day that it is about, where its measure is dated and the day
    was typed.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    level: int | None = None
    done: str | None = None
    done_on: date | None = None
    why_none: str | None = None
    expected_on: date | None = None
    on: date | None = None
    respondents: int | None = None
    invited: int | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """What becomes a judgement."""

    rating: str  # green, amber, red
    on: date
    kind: str  # internal, external
    reviewer: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one part of a line, in the words of the screen."""

    part: str
    words: str


class Read(NamedTuple):
    """What a line says. Without problems, a blank one says nothing at all."""

    answer: Answer | None = None
    rating: Rating | None = None
    problems: tuple[Problem, ...] = ()


class Wrong(Exception):
    """Stops the reading of an answer: nothing more can be said of it."""

    def __init__(self, part: str, words: str):
        self.problem = Problem(part, words)


def past_day(question: Question, part: str, text: str, today: date) -> date:
    on = day_of(question, part, text)
    if on is None:
        raise Wrong(part, f"Enter the day of {question.name}, like 22 November 2025.")
    if on > today:
        raise Wrong(part, f"The day of {question.name} is still to come.")
    return on


def day_of(question: Question, part: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return day(text)
    except Misspelt:
        words = f"Enter the day of {question.name} as a day, like 22 November 2025."
        raise Wrong(part, words) from None
