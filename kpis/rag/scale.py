"""A place on an ordered scale: grades, stages of an award, ratings.

Source: docs/rag.md, Scale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kpis.rag.dates import add_months, written
from kpis.rag.grey import no_data
from kpis.rag.shown import counted
from kpis.rag.verdict import Reason, Status, Verdict


@dataclass(frozen=True, slots=True)
class Scale:
    """One version of an ordered scale, its levels from the lowest up.

    ``key`` tells its versions apart: a level means nothing on another one.
    """

    key: str
    levels: tuple[str, ...]
    failing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """A level held, on the version of the scale by which it was given."""

    level: str
    scale: Scale

    @property
    def place(self) -> int:
        """From 0, the lowest. Raises ValueError for a level that is not on it."""
        return self.scale.levels.index(self.level)

    @property
    def fails(self) -> bool:
        """Whether it is a failing level, never close to target."""
        return self.level in self.scale.failing

    @property
    def is_best(self) -> bool:
        """Whether no level is higher."""
        return self.level == self.scale.levels[-1]

    def steps_above(self, other: str) -> int:
        """How many levels above ``other``; negative below. ValueError as `place`."""
        return self.place - self.scale.levels.index(other)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """What was promised: a level for each version of the scale, by its key.

    ``inspected``: levels come by inspection, so having none yet is nobody's
    omission.
    """

    targets: Mapping[str, str]
    inspected: bool = False


def judge_at_least(held: Held | None, rule: AtLeast) -> Verdict:
    """Judge the latest level against the one promised on its version.

    A version without a target is for a leader to settle, never guessed. Raises
    ValueError for a level, held or promised, that its scale does not have.

    >>> grades = Scale("2019", ("inadequate", "requires improvement", "good"))
    >>> promise = AtLeast({"2019": "good"})
    >>> judge_at_least(Held("requires improvement", grades), promise).sentence
    'Close to target: requires improvement, target at least good, 1 step below.'
    """
    if held is None:
        return not_judged() if rule.inspected else no_data()
    target = rule.targets.get(held.scale.key)
    if target is None:
        because = f"{held.level}, no target on this scale yet"
        return Verdict(Status.GREY, Reason.NO_MAPPING, because, figure=held.level)
    promise = f"target at least {target}"
    return _by_steps(held, held.steps_above(target), promise, Reason.AT_LEVEL)


def judge_improved(held: Held | None, earlier: Held | None, *, inspected: bool = False) -> Verdict:
    """Judge the latest level against an earlier one on the same version.

    Without an earlier one, or with one on another version, there is nothing
    to improve on yet. The top level cannot rise. Raises ValueError for a level
    that its scale does not have.
    """
    if held is None:
        return not_judged() if inspected else no_data()
    if held.is_best:
        because = f"{held.level}, and no level is higher"
        return Verdict(Status.GREEN, Reason.AT_BEST, because, figure=held.level)
    if earlier is None or earlier.scale.key != held.scale.key:
        because = f"{held.level}, and no earlier level on this scale"
        return Verdict(Status.GREY, Reason.BASELINE_YEAR, because, figure=held.level)

    steps = held.steps_above(earlier.level)
    status, reason = (
        (Status.GREEN, Reason.IMPROVED)
        if steps > 0
        else (Status.AMBER, Reason.FLAT)
        if steps == 0
        else (Status.RED, Reason.WORSE)
    )
    because = f"{held.level}, target above {earlier.level}, {_steps(steps)}"
    return Verdict(status, reason, because, figure=held.level)


@dataclass(frozen=True, slots=True)
class MaintainOrImprove:
    """What was promised: no lower than on joining, within so many months."""

    joined: date
    months: int = 24

    @property
    def ends(self) -> date:
        """The last day on which the first inspection is still to come."""
        return add_months(self.joined, self.months)


def judge_maintained(
    first: Held | None,
    on_joining: Held | None,
    rule: MaintainOrImprove,
    *,
    as_at: date,
) -> Verdict:
    """Judge the first inspection after joining against the grade on joining.

    Later inspections change nothing. Grades on two versions of the scale are
    for a leader to settle. Raises ValueError for a level that its scale does
    not have.
    """
    if first is None:
        verdict = not_judged()
        over = "passed" if as_at > rule.ends else "to come"
        return verdict.noted(f"{written(rule.ends)} {over}")
    if on_joining is None:
        because = f"{first.level}, and no grade on joining is known"
        return Verdict(Status.GREY, Reason.BASELINE_YEAR, because, figure=first.level)
    if first.scale.key != on_joining.scale.key:
        because = f"{first.level}, and {on_joining.level} on joining is on another scale"
        return Verdict(Status.GREY, Reason.NO_MAPPING, because, figure=first.level)
    promise = f"target at least {on_joining.level} as on joining"
    steps = first.steps_above(on_joining.level)
    return _by_steps(first, steps, promise, Reason.KEPT_OR_RAISED)


def not_judged() -> Verdict:
    """No inspection since joining; a predecessor's grade is shown, not used."""
    because = "not inspected since joining"
    return Verdict(Status.GREY, Reason.NOT_JUDGED, because)


def _by_steps(held: Held, steps: int, promise: str, kept: Reason) -> Verdict:
    because = f"{held.level}, {promise}, {_steps(steps)}"
    if held.fails:
        because += ", a failing level"
        return Verdict(Status.RED, Reason.FAILING, because, figure=held.level)
    if steps >= 0:
        return Verdict(Status.GREEN, kept, because, figure=held.level)
    if steps == -1:
        return Verdict(Status.AMBER, Reason.ONE_STEP, because, figure=held.level)
    return Verdict(Status.RED, Reason.TWO_STEPS, because, figure=held.level)


def _steps(steps: int) -> str:
    if steps == 0:
        return "the same level"
    return f"{counted(abs(steps), 'steps')} {'above' if steps > 0 else 'below'}"
