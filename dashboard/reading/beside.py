"""What stands beside a status: marks, and how the figure has moved."""

from datetime import date

from kpis.rag.combine import all_of

from .examples import (
    at_least,
    by_hand,
    carried,
    either,
    log,
    missing,
    moved,
    provisional,
    schools,
    to_do,
)
from .ways import NOTHING, Way

MARKS = (
    Way(
        "Provisional",
        "The school has sent it, and the trust has not approved it yet. It counts"
        " already. Dotted underline; “p” on paper.",
        "The data manager approves the return.",
        provisional(),
    ),
    Way(
        "Carried",
        "The figure is from an earlier term, named under it, because this term does not ask again.",
        NOTHING,
        carried(),
    ),
    Way(
        "Partly known",
        "Something under it is missing. What is known already decides the colour.",
        "Open the row to see what is missing.",
        schools(green=8, red=2, unknown=1),
    ),
    Way(
        "Part not due",
        "Something under it is not due yet and does not hold the rest back.",
        NOTHING,
        either(
            ("agreed", to_do(date(2025, 12, 31), date(2025, 12, 12))),
            ("published", to_do(date(2026, 8, 31))),
            ("known to all", at_least("96.0")),
            join=all_of,
        ),
    ),
    Way(
        "By plan",
        "It counts because there is an agreed plan to get there, not because it is there.",
        "Ask whether the plan is kept.",
        log((date(2025, 11, 1), date(2025, 11, 20)), confirmed=1, plan_counts=True),
    ),
    Way(
        "Manual",
        "A leader has set the status by hand for this term, with a reason.",
        "The KPI page has the reason, the name and what the figures say.",
        by_hand(),
    ),
    Way(
        "Late",
        "It was due and has not come.",
        "The school sends it from Returns.",
        missing(late=True),
    ),
)

MOVED = (
    Way(
        "Rose, got worse",
        "The figure is higher, and lower would be better.",
        "Ask first about what is off target and got worse.",
        moved("24.6", "20.4", "lower"),
    ),
    Way(
        "Fell, got worse",
        "The figure is lower, and higher would be better.",
        "Ask about what is on target and falling, too.",
        moved("95.4", "97.1", "higher"),
    ),
    Way(
        "Fell, got better",
        "Still off target, and moving the right way.",
        "Ask what is working.",
        moved("24.6", "27.9", "lower"),
    ),
    Way(
        "Rose, got better",
        "The figure is higher, and higher is better.",
        NOTHING,
        moved("97.1", "95.4", "higher"),
    ),
    Way(
        "Rose or fell, neither good nor bad",
        "For some numbers no direction is better.",
        NOTHING,
        moved("11.5", "9.0", "none"),
    ),
    Way(
        "No arrow",
        "About the same: the change is smaller than the measure’s steady band, or there"
        " is nothing like for like to compare with.",
        NOTHING,
        moved("17.2", "17.0", "lower"),
    ),
)

IN_THE_TABLE = (
    Way(
        "Left out by the filter",
        "Its letter and figure keep their place, without the colour: it is not what you filter by.",
        "Choose “All” to see every colour again.",
        at_least("96.0"),
        dim=True,
    ),
    Way(
        "Commented",
        "The corner is filled: somebody has said why it is so, or what happens next.",
        "Point at it or move to it, and read the words under the table; on a phone open the card.",
        at_least("93.1"),
        said=True,
    ),
    Way(
        "Measured for the trust as a whole",
        "No school has a figure of its own here. One cell stands across all of them.",
        "Look in the column of the trust.",
        at_least("95.2"),
        is_whole=True,
    ),
)
