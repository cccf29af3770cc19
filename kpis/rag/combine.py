"""Several parts, one verdict: all must hold, or any one is enough.

The order decides the colour: combine inside each unit over the clauses of one
level, then roll up over the units, then combine with other levels' clauses.

Source: docs/rag.md, Several parts.
"""

from collections.abc import Sequence
from functools import partial

from kpis.rag.tally import in_words, tally
from kpis.rag.verdict import Mark, Part, Reason, Status, Verdict, marks_of, rank

ALL = "all must hold"
ANY = "one is enough"


def all_of(parts: Sequence[Part]) -> Verdict:
    """Combine parts that must all hold. One part is its own verdict.

    Not applicable and not due drop out. Green never rests on missing data. The
    deciding part is the worst, ties by order.
    """
    if len(parts) == 1:
        return parts[0].verdict
    standing = _standing(parts)
    if not standing:
        return _nothing_left(parts)

    deciding = min(standing, key=lambda part: rank(part.verdict))
    status = deciding.verdict.status
    if status is not Status.GREY:
        reason = _ALL_REASONS[status]
        return _combined(parts, standing, status, reason, deciding, ALL)
    return _combined(parts, standing, status, _grey_reason(standing), deciding, ALL)


def any_of(parts: Sequence[Part], *, plan: Status = Status.GREEN) -> Verdict:
    """Combine parts of which one is enough. One part is its own verdict.

    Not applicable and not due drop out. Red only when every part is known: an
    unknown one may be green. The deciding part is the best, ties by order.
    Where the verdict rests on a part that is only a plan it carries BY_PLAN;
    ``plan`` is what such a part is worth once it is green: green, or amber if
    the trust prefers.
    """
    if len(parts) == 1:
        return parts[0].verdict
    standing = _standing(parts)
    if not standing:
        return _nothing_left(parts)

    def worth(part: Part) -> Status:
        is_green_plan = part.is_plan and part.verdict.status is Status.GREEN
        return plan if is_green_plan else part.verdict.status

    def place(part: Part) -> tuple[int, bool]:
        return _BEST_FIRST.index(worth(part)), part.is_plan

    deciding = min(standing, key=place)
    status = worth(deciding)
    if status is Status.GREY:
        combined = _combined(parts, standing, status, _grey_reason(standing), deciding, ANY)
        is_off = any(part.verdict.status is Status.RED for part in standing)
        return combined.noted("off target on what is known") if is_off else combined
    combined = _combined(parts, standing, status, _ANY_REASONS[status], deciding, ANY)
    rests_on_plan = deciding.is_plan and deciding.verdict.status is Status.GREEN
    return combined.marked(Mark.BY_PLAN) if rests_on_plan else combined


# For `any`, what is unknown may be green: it stands before red.
_BEST_FIRST = (Status.GREEN, Status.AMBER, Status.GREY, Status.RED)
_ALL_REASONS = {
    Status.GREEN: Reason.ALL_GREEN,
    Status.AMBER: Reason.ANY_AMBER,
    Status.RED: Reason.ANY_RED,
}
_ANY_REASONS = _ALL_REASONS | {Status.GREEN: Reason.ONE_GREEN}


def _standing(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if not part.verdict.drops_out]


def _grey_reason(standing: Sequence[Part]) -> Reason:
    """The reason that all share, or PARTIAL."""
    reasons = {part.verdict.reason for part in standing}
    return reasons.pop() if len(reasons) == 1 else Reason.PARTIAL


def _combined(
    parts: Sequence[Part],
    standing: Sequence[Part],
    status: Status,
    reason: Reason,
    deciding: Part,
    how: str,
) -> Verdict:
    marks = marks_of(part.verdict for part in standing)
    is_partly_known = any(part.verdict.status is Status.GREY for part in standing)
    if is_partly_known and status is not Status.GREY:
        marks |= {Mark.PARTIAL}
    if len(standing) < len(parts) and any(part.verdict.is_not_due for part in parts):
        marks |= {Mark.PART_DUE}

    return Verdict(
        status,
        reason,
        partial(_because, deciding, parts, how),
        marks=marks,
        figure=deciding.verdict.figure,
        parts=tuple(parts),
        deciding=deciding,
    )


def _because(deciding: Part, parts: Sequence[Part], how: str) -> str:
    counts = in_words(tally(part.verdict for part in parts), "parts")
    return f"{deciding.name}: {deciding.verdict.because}; {counts}, {how}"


def _nothing_left(parts: Sequence[Part]) -> Verdict:
    for part in parts:
        if part.verdict.is_not_due:
            because = f"{part.name}: {part.verdict.because}"
            return Verdict(
                Status.GREY,
                Reason.NOT_DUE,
                because,
                figure=part.verdict.figure,
                parts=tuple(parts),
                deciding=part,
            )
    reasons = {part.verdict.reason for part in parts}
    reason = reasons.pop() if len(reasons) == 1 else Reason.NOT_APPLICABLE
    because = parts[0].verdict.because if parts else "nothing to judge"
    return Verdict(Status.NOT_APPLICABLE, reason, because, parts=tuple(parts))
