"""A named person's rating with evidence, and a calculated verdict set by hand.

Source: docs/rag.md, Judged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from kpis.rag.dates import add_months, written
from kpis.rag.verdict import Mark, Reason, Status, Verdict


class Rater(StrEnum):
    """Who rates, from the nearest to the thing rated to the farthest."""

    SCHOOL = "school"
    TRUST = "trust"
    OUTSIDE = "outside"

    __hash__ = str.__hash__

    def may_stand_for(self, asked: "Rater") -> bool:
        """Whether a rating from here answers a clause that asks for ``asked``.

        Somebody farther away always does; a school never rates itself where
        the trust or somebody outside is asked.
        """
        return _DISTANCES[self] >= _DISTANCES[asked]


_COLOURS = frozenset({Status.GREEN, Status.AMBER, Status.RED})
_DISTANCES = {rater: place for place, rater in enumerate(Rater)}


class Rating(NamedTuple):
    """One rating: green, amber or red, by whom, on which day, on what evidence."""

    status: Status
    reviewer: str
    rater: Rater
    on: date
    evidence: str

    @property
    def is_external(self) -> bool:
        """By somebody outside the trust: such ratings stand beside its own."""
        return self.rater is Rater.OUTSIDE


@dataclass(frozen=True, slots=True)
class Judged:
    """What was promised: a rating by ``rated_by`` that holds ``months`` months."""

    rated_by: Rater = Rater.SCHOOL
    months: int = 12

    def last_day(self, rating: Rating) -> date:
        """The last day on which the rating holds."""
        return add_months(rating.on, self.months)

    def refuses(self, rating: Rating) -> str | None:
        """Why this rating may not be submitted, in words; None when it may."""
        if rating.status not in _COLOURS:
            return "Choose on target, close to target or off target."
        if not rating.reviewer.strip():
            return "Name the reviewer."
        if not rating.evidence.strip():
            return "Say what the rating rests on."
        if not rating.rater.may_stand_for(self.rated_by):
            return {
                Rater.TRUST: "The plan asks somebody other than the school to rate this.",
                Rater.OUTSIDE: "The plan asks somebody outside the trust to rate this.",
            }[self.rated_by]
        return None


def judge(ratings: Iterable[Rating], rule: Judged, *, as_at: date) -> Verdict:
    """Judge by the latest internal and the latest external rating by ``as_at``.

    Where they differ the worse is the status, and the sentence shows both.
    One that has run out no longer counts; without another it is STALE. A
    rating that ``rule`` refuses is as none at all. Never raises.
    """
    known = [rating for rating in ratings if rating.on <= as_at and not rule.refuses(rating)]
    return judge_accepted(known, rule, as_at=as_at)


def judge_accepted(known: Sequence[Rating], rule: Judged, *, as_at: date) -> Verdict:
    """The same by ratings up to ``as_at`` none of which ``rule`` refuses."""
    latest = [
        rating
        for external in (False, True)
        if (rating := _latest(r for r in known if r.is_external is external))
    ]
    if not latest:
        return Verdict(Status.GREY, Reason.NO_DATA, "no rating has been given")

    valid = [rating for rating in latest if as_at <= rule.last_day(rating)]
    if not valid:
        last = max(latest, key=lambda rating: rating.on)
        return Verdict(Status.GREY, Reason.STALE, partial(_held_until, last, rule))

    worst = min(valid, key=lambda rating: rating.status.rank)
    words = partial(_all_written, valid)
    return Verdict(worst.status, Reason.JUDGED, words, figure=worst.status.words)


def set_by_hand(calculated: Verdict, status: Status, *, why: str, by: str) -> Verdict:
    """Put a person's status in the place of the calculated one, and say so.

    It lapses after the term that it was made for, which the caller sees to.
    Raises ValueError for a ``status`` that is no colour. Source: docs/rag.md,
    Set by hand.
    """
    because = f"set by {by}, {why.rstrip('. ')}; by the figures {_lower(calculated.status)}"
    return Verdict(
        status,
        Reason.JUDGED,
        f"{because}, {calculated.because}",
        calculated.marks | {Mark.MANUAL},
        calculated.figure,
        calculated.target_met,
        calculated.counts,
        calculated.parts,
        calculated.deciding,
    )


def _latest(ratings: Iterable[Rating]) -> Rating | None:
    """The latest rating; of two on one day, the worse."""
    return max(ratings, key=lambda r: (r.on, -r.status.rank), default=None)


def _all_written(ratings: Sequence[Rating]) -> str:
    return "; ".join(_written(rating) for rating in ratings)


def _held_until(last: Rating, rule: Judged) -> str:
    return f"{_written(last)}, which held until {written(rule.last_day(last))}"


def _written(rating: Rating) -> str:
    who = "outside the trust" if rating.is_external else f"the {rating.rater}"
    rated = f"rated {_lower(rating.status)} by {rating.reviewer} ({who})"
    return f"{rated} on {written(rating.on)}"


def _lower(status: Status) -> str:
    return status.words.lower()
