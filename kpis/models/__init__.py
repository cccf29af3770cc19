"""How much: what is measured, what is promised, what was answered."""

from .answers import Case, Comment, Entry, Judgement, Override, Reply, Standing, WhyNone
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
    Baseline,
    Clause,
    ClauseVersion,
    Due,
    Reading,
    ReadingVersion,
    ScaleTarget,
    Target,
    TargetStep,
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
