"""How many stand where, in numbers and in words; never names.

Source: docs/rag.md, From schools to the trust.
"""

from collections import defaultdict
from collections.abc import Iterable

from kpis.rag.shown import counted
from kpis.rag.verdict import Counts, Reason, Status, Verdict


def tally(verdicts: Iterable[Verdict], *, too_new: int = 0) -> Counts:
    """Count verdicts by where they stand. ``too_new`` have been left out of them."""
    by: dict[str, int] = defaultdict(int)
    for verdict in verdicts:
        by[Reason.NOT_DUE if verdict.reason is Reason.NOT_DUE else verdict.status] += 1
    return Counts(
        green=by[Status.GREEN],
        amber=by[Status.AMBER],
        red=by[Status.RED],
        unknown=by[Status.GREY],
        not_due=by[Reason.NOT_DUE],
        not_applicable=by[Status.NOT_APPLICABLE],
        too_new=too_new,
    )


def in_words(counts: Counts, things: str) -> str:
    """The counts as a sentence says them.

    >>> in_words(Counts(green=12, amber=2, unknown=1, too_new=1), "schools")
    '12 on target, 2 close to target, 1 not known, of 15 schools, 1 school too new'
    """
    inside = [
        (counts.green, "on target"),
        (counts.amber, "close to target"),
        (counts.red, "off target"),
        (counts.unknown, "not known"),
    ]
    words = [f"{number} {words}" for number, words in inside if number]
    if counts.of:
        words.append(f"of {counted(counts.of, things)}")
    if counts.not_due:
        words.append(f"{counts.not_due} not due yet")
    if counts.not_applicable:
        words.append(f"{counts.not_applicable} not applicable")
    if counts.too_new:
        words.append(f"{counted(counts.too_new, things)} too new")
    return ", ".join(words)
