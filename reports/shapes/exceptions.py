"""Exceptions, what was asked about them, and past figures that were put right."""

from dataclasses import dataclass
from decimal import Decimal

from .drawn import Bullet, Chip, Movement, Spark


@dataclass(frozen=True, slots=True)
class Answered:
    """What a trustee asked before the meeting, and what was answered."""

    asked_by: str
    asked_on: str
    question: str
    answered_by: str
    answered_on: str
    answer: str


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One exception, always laid out the same: what it is, why, what next, who and by when.

    ``number`` is 2.3; ``key`` is the same in every version of the report.
    ``suggested`` is the rule that proposed it. ``reply`` is what the school says.
    """

    number: str
    chip: Chip
    kpi: str
    code: str
    school: str
    figure: str
    target: str
    movement: Movement | None
    sentence: str
    bullet: Bullet | None
    spark: Spark | None
    why: str
    what_next: str
    who: str
    by_when: str
    reply: str
    suggested: str
    answered: tuple[Answered, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Restatement:
    """A past figure that was put right after a report had printed it.

    ``key`` says which figure it is, and ``number`` is what it is now: the next
    report goes on from there.
    """

    kpi: str
    school: str
    period: str
    was: str
    now: str
    why: str
    report: str
    key: str = ""
    number: Decimal | None = None
