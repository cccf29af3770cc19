"""What units have said: figures, levels, yes and no, ratings, cases."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kpis.rag.given.named import Named
from kpis.rag.given.times import Period


class WhyNone(Named):
    """Why a unit gives no figure, in its own words; a claim until the trust accepts it."""

    NOT_APPLICABLE = "not_applicable"
    TOO_FEW = "too_few"
    NOT_AVAILABLE = "not_available"


class Done(Named):
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


class Rated(NamedTuple):
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
