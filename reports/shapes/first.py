"""Page 1: the head, what is asked, and the results that are named."""

from dataclasses import dataclass

from .drawn import Chip, Movement, Spark


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head, and in the footer of each page."""

    trust: str
    plan: str
    year_of: str  # Year 1 of 3
    term: str  # Autumn 2025
    title: str  # Board report: Autumn 2025
    meeting: str  # Trust board
    meeting_on: str  # 10 February 2026
    meeting_date: str  # 2026-02-10
    committee: str  # "", or the committee that this cut is for
    purpose: str  # For decision (1) and assurance
    as_at: str  # 3 February 2026, 2:05pm
    as_at_moment: str  # 2026-02-03T14:05:00+00:00
    version: int
    correction: str  # what version 2 and later put right
    prepared_by: str
    completeness: str  # 372 of 380 figures in (97.9%), 8 late
    provisional: str  # 5 provisional figures are left out
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What the board is asked to do. ``number`` is 1, 2…; ``at`` the item that it is about."""

    number: int
    words: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One line of page 1: a result, with all that must travel with a status."""

    chip: Chip
    kpi: str
    code: str
    school: str
    figure: str
    target: str
    movement: Movement | None
    spark: Spark | None
    say: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a trustee might ask, and the item that it comes from (2.3)."""

    words: str
    at: str = ""
