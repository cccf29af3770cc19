"""What one result counts as, and which results each filter keeps.

Tiles, chips, tabs, sentences and the order of rows all ask this one small
tuple, so that a number on the page and the list that it leads to are the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from kpis.rag.verdict import Status

from ..results import OPEN, got_worse, is_late


class Standing(NamedTuple):
    """How one result stands.

    ``unsaid`` is off target without a comment, ``open`` what a leader must settle.
    ``before`` is last term's status, None where the two terms cannot be compared;
    ``fell`` says that it had got worse last term too.
    """

    status: Status
    late: bool = False
    worse: bool = False
    unsaid: bool = False
    open: bool = False
    before: Status | None = None
    fell: bool = False

    @property
    def changed(self):
        """Another status than last term."""
        return self.before is not None and self.before is not self.status


def standing_of(result, is_said, before=None, fell=False):
    """``is_said``: somebody has commented on it. ``before`` and ``fell`` are last term's."""
    status = result.verdict.status
    return Standing(
        status,
        is_late(result),
        got_worse(result),
        status is Status.RED and not is_said,
        result.verdict.reason in OPEN,
        before,
        fell,
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """What a choice keeps: its label, its words after "a result" and after "No results"."""

    label: str
    words: str
    none: str
    keeps: Callable


def _stands(status):
    return lambda standing: standing.status is status


def _falls(standing):
    """On target, and moving away from it."""
    return standing.status is Status.GREEN and standing.worse


def has_turned_off(standing):
    """Off target, and was not last term."""
    return standing.status is Status.RED and standing.before in (Status.GREEN, Status.AMBER)


def has_recovered(standing):
    """On target again."""
    return standing.status is Status.GREEN and standing.before in (Status.RED, Status.AMBER)


def falls_again(standing):
    """On target, and moving away from it for two terms running."""
    return _falls(standing) and standing.fell


def is_newly_missing(standing):
    """Late, and had a status last term."""
    return standing.late and standing.before is not None and standing.before.is_colour


SHOW = {
    "off": Filter("Off target", "off target", "are off target", _stands(Status.RED)),
    "close": Filter("Close to target", "close to target", "are close", _stands(Status.AMBER)),
    "on": Filter("On target", "on target", "are on target", _stands(Status.GREEN)),
    "none": Filter("No status", "without a status", "lack a status", _stands(Status.GREY)),
    "worse": Filter("Got worse", "that got worse", "got worse", lambda one: one.worse),
    "falling": Filter(
        "On target but falling",
        "on target but falling",
        "are on target but falling",
        _falls,
    ),
    "late": Filter("Late", "that is late", "are late", lambda one: one.late),
    "no-comment": Filter(
        "No comment",
        "off target that nobody has commented on",
        "off target lack a comment",
        lambda one: one.unsaid,
    ),
    "open": Filter(
        "Waits for a leader",
        "that waits for a leader's answer",
        "wait for a leader's answer",
        lambda one: one.open,
    ),
    "turned-off": Filter(
        "Went off target",
        "that went off target since last term",
        "went off target since last term",
        has_turned_off,
    ),
    "recovered": Filter(
        "Back on target",
        "that came back on target since last term",
        "came back on target since last term",
        has_recovered,
    ),
    "falling-twice": Filter(
        "Falling two terms running",
        "on target that got worse two terms running",
        "on target got worse two terms running",
        falls_again,
    ),
    "newly-missing": Filter(
        "Newly missing",
        "that is late and was there last term",
        "are late that were there last term",
        is_newly_missing,
    ),
}
TILES = {Status.RED: "off", Status.AMBER: "close", Status.GREEN: "on", Status.GREY: "none"}
SPREAD = {Status.RED: "off", Status.AMBER: "close", Status.GREEN: "on", Status.GREY: "no status"}
# These stand as chips at all times; what tiles and sentences lead to only while chosen.
CHIPS = ("off", "worse", "falling", "late")


def counted(tally, show):
    """How many results of a tally of standings a filter keeps."""
    keeps = SHOW[show].keeps
    return sum(count for standing, count in tally.items() if keeps(standing))


def statuses(tally):
    """How many stand where, by status, of a tally of standings."""
    found = {}
    for standing, count in tally.items():
        found[standing.status] = found.get(standing.status, 0) + count
    return found


def spread_words(tally):
    """The same in words: 3 off, 2 close, 6 on."""
    found = statuses(tally)
    return ", ".join(
        f"{found[status]} {words}" for status, words in SPREAD.items() if found.get(status)
    )
