"""What to look at first, and what goes well: chosen by rule, never by a person.

Off target and worse come first, then off target, close and worse, and on
target but falling. Among equals the farthest from target does, and a distance
is counted in changes that matter for its own measure (its steady band), so that
points, pounds and rates can stand in one list.
"""

from decimal import Decimal

from kpis.rag.verdict import Reason, Status

from ..cells import movement_of
from ..results import got_worse, is_falling

SHOWN = 5
NOT_KNOWN = Decimal(-1)  # judged in words or by a date: after those with a distance
RULE = (
    "Chosen by rule: off target and got worse first, then off target, close and got worse, and "
    "on target but falling; among these the furthest from target first, measured in steps that "
    "count as a change."
)


def look_first(results):
    """The places in ``results`` of those to look at first, at most five."""
    return _first(results, _concern)


def going_well(results):
    """The places of those on target that do not fall: what got better first, then the furthest."""
    return _first(results, _strength)


def _first(results, tier):
    ranked = [
        (tier(result), -distance(result), place)
        for place, result in enumerate(results)
        if tier(result) is not None
    ]
    return [place for _, _, place in sorted(ranked)[:SHOWN]]


def _concern(result):
    status, worse = result.verdict.status, got_worse(result)
    if status is Status.RED:
        return 0 if worse else 1
    if status is Status.AMBER and worse:
        return 2
    return 3 if is_falling(result) else None


def _strength(result):
    if result.verdict.status is not Status.GREEN or is_falling(result):
        return None
    return 0 if movement_of(result.said) is not None else 1


def distance(result):
    """How far the figure is from what decides it, in changes that matter for the measure."""
    said = result.said
    if said is None or said.figure is None or said.shown is None or said.target is None:
        return NOT_KNOWN
    if said.verdict.reason in (Reason.BASELINE_YEAR, Reason.NOT_DUE):
        return NOT_KNOWN
    bar = said.target if said.expected is None else said.expected
    return abs(said.figure - bar) / max(said.steady, said.shown.last_digit)
