"""Round after round, each floor beside what stands upon it; ratios are taken in the round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

# A database learns how to answer in the first few times: what is short is done often.
SHORT, WARM_UPS = 0.2, 10


@dataclass
class Measured:
    """One thing that is measured, and against what: the name of another, and how often it may be.

    ``prepare`` is done first and not measured.
    """

    name: str
    act: Callable
    prepare: Callable | None = None
    against: str = ""
    limit: float | None = None
    spent: list = field(default_factory=list)

    @property
    def cpu(self):
        """The median, in milliseconds."""
        return median(one.cpu for one in self.spent) * 1000

    @property
    def wall(self):
        return median(one.wall for one in self.spent) * 1000


def ratio(one, other):
    """The median of the rounds' ratios of processor time."""
    return median(a.cpu / b.cpu for a, b in zip(one.spent, other.spent, strict=True))


def run(measured, rounds, clock, tell=lambda words: None):
    """Do everything for nothing first, then ``rounds`` times by the clock."""
    for one in measured:
        tell(f"warming up: {one.name}")
        if _once(one, clock).wall < SHORT:
            for _ in range(WARM_UPS):
                _once(one, clock)
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        clock.look_again()
        for one in measured:
            one.spent.append(_once(one, clock))


def _once(one, clock):
    if one.prepare:
        one.prepare()
    return clock.time(one.act)
