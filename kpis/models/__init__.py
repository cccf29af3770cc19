"""How much: what is measured, what is promised, what was answered."""

from .aims import Baseline, Due, Target, TargetStep
from .answers import (
    Case,
    Comment,
    CountedCase,
    Entry,
    Judgement,
    Override,
    Reply,
    Standing,
    WhyNone,
)
from .comparators import Comparator, Series
from .measures import (
    Applicability,
    ApplicabilityException,
    Level,
    Measure,
    MeasureBreak,
    PupilGroup,
    Scale,
    ScaleVersion,
)
from .promises import (
    KPI,
    Clause,
    ClauseVersion,
    Reading,
    ReadingVersion,
    ScaleTarget,
)

__all__ = [
    "KPI",
    "Applicability",
    "ApplicabilityException",
    "Baseline",
    "Case",
    "Clause",
    "ClauseVersion",
    "Comment",
    "Comparator",
    "CountedCase",
    "Due",
    "Entry",
    "Judgement",
    "Level",
    "Measure",
    "MeasureBreak",
    "Override",
    "PupilGroup",
    "Reading",
    "ReadingVersion",
    "Reply",
    "Scale",
    "ScaleTarget",
    "ScaleVersion",
    "Series",
    "Standing",
    "Target",
    "TargetStep",
    "WhyNone",
]
