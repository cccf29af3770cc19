"""What is off target or only close to it: why, and what to do next."""

from datetime import date

from kpis.rag import gap
from kpis.rag.verdict import Status

from .examples import (
    against_england,
    at_least,
    between_groups,
    in_range,
    level,
    log,
    rated,
    schools,
    than_before,
    to_do,
)
from .ways import Way

OFF = (
    Way(
        "Further off than the margin",
        "The figure misses the number promised by more than the margin that still counts as close.",
        "Open the KPI: see since when, and ask the school what will be different next term.",
        at_least("92.1"),
    ),
    Way(
        "Outside the range",
        "The plan promises a range. Too low can be as wrong as too high.",
        "See on which side it is out before you ask why.",
        in_range("5.9"),
    ),
    Way(
        "Worse than the baseline",
        "It is near the target, but the school has lost ground since the plan began. The margin"
        " never covers that.",
        "Treat it as off target: ask what has changed since the start.",
        at_least("74.9", target="85.0", expected="77.2", baseline="75.0"),
    ),
    Way(
        "Worse, where better was promised",
        "The plan promises to improve on the baseline, and the figure is on the wrong side of it.",
        "Look in the chart for the term in which it turned.",
        than_before("69.4"),
    ),
    Way(
        "A wider gap",
        "The group is further behind than it was at the start.",
        "See on the KPI page whether the group fell or the others rose.",
        between_groups("52.0", "71.0"),
    ),
    Way(
        "Two or more levels short",
        "A grade or stage is at least two steps below the one promised.",
        "Ask for the plan that leads from step to step, with dates.",
        level("Fair", target="Best"),
    ),
    Way(
        "A failing level",
        "The level held counts as failing, however near the target is.",
        "Ask what is done first, and who checks it.",
        level("Poor"),
    ),
    Way(
        "Overdue",
        "The due day has passed and it is not done. The due day itself is not late.",
        "Ask its owner for a new day. The first one stays on record.",
        to_do(date(2025, 12, 31)),
    ),
    Way(
        "A case past its limit",
        "At least one case is open today for longer than the plan allows.",
        "Settle the oldest case first.",
        log((date(2025, 10, 1),), (date(2025, 11, 3), None, date(2025, 11, 20)), confirmed=2),
    ),
    Way(
        "Rated off target",
        "A named person has looked and says so. No sum is behind it; their evidence is.",
        "Read the evidence on the KPI page, and ask what would change the rating.",
        rated(Status.RED),
    ),
    Way(
        "One of several is off target",
        "All parts, or all schools, must hold. The figure says how many do.",
        "Open the row, or the KPI: it says which one is off.",
        schools(green=7, red=4),
    ),
)

CLOSE = (
    Way(
        "Just short",
        "The figure misses the number, but by no more than the margin.",
        "See which way it is moving: close and falling comes before close and rising.",
        at_least("94.4"),
    ),
    Way(
        "Reached, then slipped back",
        "The target had been met. The figure is under it again, inside the margin.",
        "Ask what has stopped working, before it is off target.",
        at_least("94.6", expected="93.0", met_before=True),
    ),
    Way(
        "Better than England, not by enough",
        "The plan promises to be clearly better than others, and the lead is a small one.",
        "See how much is missing: the sentence has both figures.",
        against_england("94.2"),
    ),
    Way(
        "No change",
        "The plan promises to improve, and the figure is where it began.",
        "Ask what was meant to move it, and whether that has begun.",
        than_before("71.0"),
    ),
    Way(
        "Better than the start, worse than last time",
        "It is still on the right side of the baseline, but it has begun to slide.",
        "Look at the last two terms in the chart.",
        than_before("73.0", previous="74.5"),
    ),
    Way(
        "Narrower for the wrong reason",
        "The gap is smaller only because the others fell further: the group did worse too.",
        "Look at both groups’ figures, not at the gap alone.",
        between_groups("53.0", "66.0"),
    ),
    Way(
        "Narrower, not closed",
        "The plan promises to close the gap. It is smaller, and still there.",
        "See in the chart when it would close at this pace.",
        between_groups("60.0", "70.0", wish=gap.Wish.CLOSED),
    ),
    Way(
        "A gap has opened",
        "There was no gap at the start. There is a small one now.",
        "Ask early: a gap is easier to stop than to close.",
        between_groups("67.0", "70.0", then=("70.0", "70.0")),
    ),
    Way(
        "One level short",
        "A grade or stage is one step below the one promised.",
        "Ask what the next step needs.",
        level("Fair"),
    ),
    Way(
        "Due soon",
        "It is not done, and due within 30 days.",
        "Ask its owner whether the day will be kept.",
        to_do(date(2026, 1, 31)),
    ),
    Way(
        "At risk",
        "Its owner says that it may not be done in time.",
        "Ask what would help, while there is time.",
        to_do(date(2026, 3, 31), at_risk=True),
    ),
    Way(
        "Some were late",
        "All cases are settled, and some took longer than the plan allows.",
        "Ask what held them up.",
        log((date(2025, 10, 1), None, date(2025, 11, 12)), confirmed=1),
    ),
    Way(
        "Rated close to target",
        "A named person has looked and says so, on evidence.",
        "Read the evidence on the KPI page.",
        rated(Status.AMBER),
    ),
    Way(
        "One of several is close",
        "All must hold. None is off target, and at least one is only close.",
        "Open the row, or the KPI: it says which one.",
        schools(green=9, amber=2),
    ),
)
