"""Which results a report should name: a few rules in a fixed order, and why each result is here.

Pure: how results stand is handed in. Each result is suggested once, by the
first rule that it meets, and the rule's words are printed beside it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dashboard.matrix.filters import Standing, is_newly_missing
from kpis.rag.verdict import Status


@dataclass(frozen=True, slots=True)
class Candidate:
    """One result: its KPI and unit, how it stands, how far off it is as a share.

    ``place`` is its order in the plan; ``promised`` says that the report before
    named it as an exception.
    """

    kpi: int
    unit: int
    standing: Standing
    miss: Fraction
    place: int
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """``words`` stand beside every result that it suggests."""

    words: str
    meets: Callable[[Candidate], bool]


@dataclass(frozen=True, slots=True)
class Suggestion:
    candidate: Candidate
    rule: str


def _is(status: Status) -> Callable[[Candidate], bool]:
    return lambda one: one.standing.status is status


RULES: Sequence[Rule] = (
    Rule(
        "Off target and getting worse",
        lambda one: one.standing.status is Status.RED and one.standing.worse,
    ),
    Rule(
        "Promised last time, and not on target yet",
        lambda one: one.promised and one.standing.status in (Status.RED, Status.AMBER, Status.GREY),
    ),
    Rule(
        "On target but falling",
        lambda one: one.standing.status is Status.GREEN and one.standing.worse,
    ),
    Rule("Late, and there last term", lambda one: is_newly_missing(one.standing)),
    Rule("Off target", _is(Status.RED)),
)


def suggested(candidates: Iterable[Candidate]) -> list[Suggestion]:
    """In the order in which a board should hear of them.

    By rule, then how far off, then the order of the plan.
    """
    found = []
    for one in candidates:
        rule = next((place for place, rule in enumerate(RULES) if rule.meets(one)), None)
        if rule is not None:
            found.append((rule, -one.miss, one.place, one))
    found.sort(key=lambda each: each[:3])
    return [Suggestion(one, RULES[rule].words) for rule, _, _, one in found]
