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
from typing import Any

from kpis.rag.given.answers import Answer, Done, Logged, Rated, WhyNone
from kpis.rag.given.measures import Kind, Level, Measure, ScaleVersion, shown_in
from kpis.rag.given.outside import Outside, Series
from kpis.rag.given.promises import (
    ALL_PUPILS,
    Aim,
    Clause,
    DueDay,
    Manual,
    Promise,
    Reading,
    ReadingTerms,
    Start,
    Terms,
)
from kpis.rag.given.times import Basis, CollectingTerm, Period, index_of, nominal_days
from kpis.rag.given.units import Unit

__all__ = [
    "ALL_PUPILS",
    "Aim",
    "Answer",
    "Basis",
    "Clause",
    "CollectingTerm",
    "Done",
    "DueDay",
    "Given",
    "Kind",
    "Level",
    "Logged",
    "Manual",
    "Measure",
    "Memo",
    "Outside",
    "Period",
    "Promise",
    "Question",
    "Rated",
    "Reading",
    "ReadingTerms",
    "ScaleVersion",
    "Series",
    "Settings",
    "Start",
    "Terms",
    "Unit",
    "WhyNone",
    "index_of",
    "nominal_days",
    "shown_in",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the trust has chosen for all its judging."""

    min_to_judge: int = 6
    plan_counts_as: str = "green"
    due_soon_days: int = 30


Question = tuple[int, int, str]  # measure, unit, pupil group

Memo = defaultdict[object, dict[Any, Any]]  # of each question: asked about -> found


def _nothing_yet() -> Memo:
    return defaultdict(dict)


@dataclass(frozen=True, slots=True)
class Given:
    """All that a page judges, read once.

    Answers, ratings and cases stand oldest first. ``trust`` is the number of
    the trust's own unit. ``complements`` maps a group to the rest of its
    pupils, ``group_names`` each group's code to its words. ``memo`` is where
    `once` keeps what it has worked out; a Given made from another has its own.
    ``ever`` is for what is the same in whichever term these facts are looked at:
    only `at` hands it on.
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
    ever: Memo = field(default_factory=_nothing_yet, init=False, repr=False, compare=False)

    def at(
        self,
        term: CollectingTerm,
        *,
        promises: tuple[Promise, ...] | None = None,
        by_hand: bool = True,
    ) -> "Given":
        """The same facts, looked at in another term, for all promises or for these.

        What was set by hand was set for one term only: who looks at another leaves it out.
        """
        other = replace(
            self,
            term=term,
            promises=self.promises if promises is None else promises,
            overrides=self.overrides if by_hand else {},
        )
        object.__setattr__(other, "ever", self.ever)
        return other

    def days_of(self, index: int) -> tuple[date, date]:
        """A term's first and last day: the trust's own, else the nominal ones."""
        return self.calendar.get(index) or nominal_days(index)
