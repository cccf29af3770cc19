"""What a judgement says: a status, exactly one reason, marks and a sentence.

The closed lists are those of docs/rag.md. A reason that may not stand with a
status is a mistake in a rule, so it cannot be built.

Source: docs/rag.md, Status, reason, marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any, NamedTuple


class _Named(StrEnum):
    """An enum whose values are the names of its members."""

    __hash__ = str.__hash__  # an enum's own is many times slower

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name


class Status(StrEnum):
    """Five statuses, never four: "cannot be judged" is not "does not apply"."""

    __hash__ = str.__hash__  # an enum's own is many times slower

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"
    NOT_APPLICABLE = "not_applicable"

    @property
    def words(self) -> str:
        """What the screen says, and the sentence begins with."""
        return _WORDS[self]

    @property
    def letter(self) -> str:
        """R, A, G or n/a; empty where nothing can be said."""
        return _LETTERS[self]

    @property
    def is_colour(self) -> bool:
        """Whether something has been judged: green, amber or red."""
        return self in (Status.GREEN, Status.AMBER, Status.RED)

    @property
    def rank(self) -> int:
        """From the worst, 0, up: where all must hold, the lowest wins."""
        return _RANKS[self]


_WORDS = {
    Status.GREEN: "On target",
    Status.AMBER: "Close to target",
    Status.RED: "Off target",
    Status.GREY: "No status",
    Status.NOT_APPLICABLE: "Not applicable",
}
_RANKS = {
    Status.RED: 0,
    Status.AMBER: 1,
    Status.GREY: 2,
    Status.GREEN: 3,
    Status.NOT_APPLICABLE: 4,
}
_LETTERS = {
    Status.GREEN: "G",
    Status.AMBER: "A",
    Status.RED: "R",
    Status.GREY: "",
    Status.NOT_APPLICABLE: "n/a",
}


class Reason(_Named):
    """Why a status stands. `statuses` says with which it may."""

    MET = auto()
    ON_TRACK = auto()
    IN_BAND = auto()
    IMPROVED = auto()
    AT_BEST = auto()
    NARROWED = auto()
    CLOSED = auto()
    GAP_REVERSED = auto()
    AT_LEVEL = auto()
    KEPT_OR_RAISED = auto()
    DONE = auto()
    DONE_LATE = auto()
    ALL_IN_TIME = auto()
    NO_CASES = auto()
    ALL_GREEN = auto()
    ONE_GREEN = auto()

    NEAR = auto()
    NOT_ENOUGH = auto()
    FELL_BACK = auto()
    FLAT = auto()
    SLIPPING = auto()
    NARROWED_BY_FALL = auto()
    NARROWED_NOT_CLOSED = auto()
    OPENED = auto()
    ONE_STEP = auto()
    DUE_SOON = auto()
    AT_RISK = auto()
    LATE_BUT_CLOSED = auto()
    ANY_AMBER = auto()

    OFF = auto()
    OUT = auto()
    WORSE = auto()
    WORSE_THAN_BASELINE = auto()
    WIDENED = auto()
    TWO_STEPS = auto()
    FAILING = auto()
    OVERDUE = auto()
    OVERDUE_NOW = auto()
    ANY_RED = auto()

    JUDGED = auto()

    NO_DATA = auto()
    NOT_AVAILABLE_YET = auto()
    NOT_DUE = auto()
    BASELINE_YEAR = auto()
    NO_COMPARATOR = auto()
    NO_LIKE_FOR_LIKE = auto()
    NO_TARGET = auto()
    NOT_JUDGED = auto()
    NO_MAPPING = auto()
    SUPPRESSED = auto()
    STALE = auto()
    PARTIAL = auto()
    NO_DATE = auto()

    NOT_APPLICABLE = auto()
    NO_COHORT = auto()

    @property
    def statuses(self) -> frozenset[Status]:
        """The statuses with which it may stand: one, but for a person's rating."""
        return _STATUSES[self]


def _reasons(first: Reason, last: Reason) -> Sequence[Reason]:
    every = list(Reason)
    return every[every.index(first) : every.index(last) + 1]


_STATUSES: dict[Reason, frozenset[Status]] = {
    Reason.JUDGED: frozenset({Status.GREEN, Status.AMBER, Status.RED}),
    **dict.fromkeys(_reasons(Reason.MET, Reason.ONE_GREEN), frozenset({Status.GREEN})),
    **dict.fromkeys(_reasons(Reason.NEAR, Reason.ANY_AMBER), frozenset({Status.AMBER})),
    **dict.fromkeys(_reasons(Reason.OFF, Reason.ANY_RED), frozenset({Status.RED})),
    **dict.fromkeys(_reasons(Reason.NO_DATA, Reason.NO_DATE), frozenset({Status.GREY})),
    **dict.fromkeys(
        _reasons(Reason.NOT_APPLICABLE, Reason.NO_COHORT),
        frozenset({Status.NOT_APPLICABLE}),
    ),
}


# These leave every combination and roll-up.
_GONE = frozenset({Reason.NOT_DUE, Reason.NOT_APPLICABLE, Reason.NO_COHORT})


class Mark(_Named):
    """What stands beside a status, whatever the status is."""

    PARTIAL = auto()
    PART_DUE = auto()
    PROVISIONAL = auto()
    CARRIED = auto()
    BY_PLAN = auto()
    MANUAL = auto()
    LATE = auto()

    @property
    def words(self) -> str:
        """A word or two, for beside a chip."""
        return _MARKS[self][0]

    @property
    def spoken(self) -> str:
        """A sentence without its full stop, for where there is room."""
        return _MARKS[self][1]


_MARKS = {
    Mark.PARTIAL: ("partly known", "Some of what is under it is not known"),
    Mark.PART_DUE: ("part not due", "Some of what is under it is not due yet"),
    Mark.PROVISIONAL: ("provisional", "Sent in, not approved yet"),
    Mark.CARRIED: ("carried", "Carried from an earlier term"),
    Mark.BY_PLAN: ("by plan", "Rests on a plan to get there"),
    Mark.MANUAL: ("manual", "Set by a person, not by the figures"),
    Mark.LATE: ("late", "Late"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many units stand where. `of` leaves out what dropped out."""

    green: int = 0
    amber: int = 0
    red: int = 0
    unknown: int = 0
    not_due: int = 0
    not_applicable: int = 0
    too_new: int = 0

    @property
    def of(self) -> int:
        """All that count: what dropped out is in no denominator."""
        return self.green + self.amber + self.red + self.unknown


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a combination, under the short name that people know.

    ``is_plan`` says that this part is a plan to get there ("or has a plan"),
    not the thing itself.
    """

    name: str
    verdict: Verdict
    is_plan: bool = False


Words = Callable[[], str]  # a sentence to come


class _Verdict(NamedTuple):
    status: Status
    reason: Reason
    words: str | Words
    marks: frozenset[Mark]
    figure: str | None
    target_met: bool | None
    counts: Counts | None
    parts: tuple[Part, ...]
    deciding: Part | None


class Verdict(_Verdict):
    """A status, why, and every number that decided it.

    ``because`` is the sentence without the status in front and the full stop
    behind; given as a function, it is written when somebody reads it, for most
    verdicts are only counted. ``figure`` is the deciding figure as shown ("93.5%"). ``target_met``
    is said beside the colour where a target exists: on track is not yet met.
    ``parts`` and ``deciding`` are those of a combination, ``counts`` those of a
    roll-up. Raises ValueError when the reason may not stand with the status.

    >>> verdict = Verdict(Status.AMBER, Reason.NEAR, "84.0%, target at least 85.0%")
    >>> verdict.sentence
    'Close to target: 84.0%, target at least 85.0%.'
    >>> Verdict(Status.GREEN, Reason.NEAR, "84.0%")
    Traceback (most recent call last):
    ValueError: NEAR cannot stand with On target
    """

    __slots__ = ()

    def __new__(
        cls,
        status: Status,
        reason: Reason,
        because: str | Words,
        marks: frozenset[Mark] = frozenset(),
        figure: str | None = None,
        target_met: bool | None = None,
        counts: Counts | None = None,
        parts: tuple[Part, ...] = (),
        deciding: Part | None = None,
    ) -> Verdict:
        if status not in _STATUSES[reason]:
            raise ValueError(f"{reason} cannot stand with {status.words}")
        told = (status, reason, because, marks, figure, target_met, counts, parts, deciding)
        return tuple.__new__(cls, told)

    @property
    def because(self) -> str:
        """The sentence, written when it is read."""
        return self.words if isinstance(self.words, str) else self.words()

    def __eq__(self, other: object) -> bool:
        """The same verdict says the same, whether or not it has been written yet."""
        return isinstance(other, Verdict) and self._told() == other._told()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._told())

    def _told(self) -> tuple[Any, ...]:
        return (*self[:2], self.because, *self[3:])

    @property
    def sentence(self) -> str:
        """The status in words, and why: what people read and check by hand."""
        return f"{self.status.words}: {self.because}."

    @property
    def is_not_due(self) -> bool:
        """Whether its time has not come."""
        return self.reason is Reason.NOT_DUE

    @property
    def drops_out(self) -> bool:
        """Not applicable and not due leave every combination and roll-up."""
        return self.reason in _GONE

    def marked(self, *marks: Mark) -> Verdict:
        """The same verdict with these marks beside those it has."""
        if self.marks.issuperset(marks):
            return self
        # What stood with its reason still does.
        return tuple.__new__(Verdict, (*self[:3], self.marks.union(marks), *self[4:]))

    def noted(self, note: str) -> Verdict:
        """The same verdict, its sentence ending on ``note``."""
        return self.but(because=lambda: f"{self.because}, {note}")

    def but(
        self,
        *,
        because: str | Words | None = None,
        marks: frozenset[Mark] | None = None,
        counts: Counts | None = None,
    ) -> Verdict:
        """The same with another sentence, marks or counts; a sentence to come stays so."""
        return Verdict(
            self.status,
            self.reason,
            self.words if because is None else because,
            self.marks if marks is None else marks,
            self.figure,
            self.target_met,
            self.counts if counts is None else counts,
            self.parts,
            self.deciding,
        )


def rank(verdict: Verdict) -> int:
    """The rank of its status: from the worst, 0, up."""
    return _RANKS[verdict.status]


def marks_of(verdicts: Iterable[Verdict]) -> frozenset[Mark]:
    """The marks that go up: those of every part that counts."""
    return frozenset().union(*[verdict.marks for verdict in verdicts])
