"""A gap between two groups in words: how big, which way it went, and why."""

from dataclasses import dataclass
from decimal import Decimal

from kpis.rag.shown import counted


def behind(better, group, others):
    """How far a group is behind; negative when it is ahead."""
    return others - group if better == "higher" else group - others


def gap_words(shown, better, group, others):
    """3.4 points behind others."""
    size = behind(better, group, others)
    if not size:
        return "no gap"
    side = "behind" if size > 0 else "ahead of"
    return f"{shown.distance(abs(size))} {side} others"


def move_words(shown, move):
    """Narrowed by 0.6 points since Autumn 2024."""
    since = f"since {move.since}"
    if not move.narrowed:
        return f"unchanged {since}"
    verb = "narrowed" if move.narrowed > 0 else "widened"
    return f"{verb} by {shown.distance(abs(move.narrowed))} {since}"


@dataclass(frozen=True, slots=True)
class GapMove:
    """Both groups then and now, as (group, others), in the same schools.

    ``of`` is how many schools those are, where they are fewer than now.
    """

    better: str
    then: tuple[Decimal, Decimal]
    now: tuple[Decimal, Decimal]
    since: str
    of: int | None = None

    @property
    def narrowed(self):
        """By how much smaller the gap is, whoever is behind; negative where it is wider."""
        was, is_now = (abs(behind(self.better, *pair)) for pair in (self.then, self.now))
        return was - is_now

    def sentence(self, shown, group):
        """Whether it closed because one rose or the other fell."""
        words = move_words(shown, self)
        words = f"the gap is {words}" if not self.narrowed else f"the gap has {words}"
        if self.of is not None:
            words += f" in the {counted(self.of, 'schools')} with both"
        names = (group, "others")
        each = [
            f"{name} {_went(shown, now - then)}"
            for name, then, now in zip(names, self.then, self.now, strict=True)
        ]
        return f"{words}: {', '.join(each)}.{self._why()}"

    def _why(self):
        """What nobody should take for progress."""
        gains = [_gain(self.better, *pair) for pair in zip(self.then, self.now, strict=True)]
        if self.narrowed > 0 and gains[0] <= 0 and behind(self.better, *self.then) > 0:
            return " It narrowed only because others did worse."
        if self.narrowed < 0 and gains[0] > 0 and behind(self.better, *self.now) > 0:
            return " Both did better, others by more."
        return ""


def _gain(better, then, now):
    return now - then if better == "higher" else then - now


def _went(shown, change):
    if not change:
        return "unchanged"
    return f"{'rose' if change > 0 else 'fell'} {shown.plain(abs(change))}"
