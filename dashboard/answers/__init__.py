"""The answers of a leader: what each form asks, what it would change, and how it is kept."""

from .baselines import BaselineAnswer, DateAnswer, JoiningAnswer
from .targets import LevelAnswer, ReferenceAnswer, TargetAnswer

KINDS = {
    "baseline": BaselineAnswer,
    "date": DateAnswer,
    "level": LevelAnswer,
    "joining": JoiningAnswer,
    "target": TargetAnswer,
    "reference": ReferenceAnswer,
}
