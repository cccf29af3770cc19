"""What is on target, and why."""

from datetime import date

from kpis.rag import compare
from kpis.rag.verdict import Status

from .examples import (
    against_england,
    at_least,
    between_groups,
    either,
    in_range,
    level,
    log,
    no_suspensions,
    on_joining,
    rated,
    schools,
    than_before,
    to_do,
)
from .ways import NOTHING, Way

ON = (
    Way("Target met", "The figure keeps the promise.", NOTHING, at_least("96.0")),
    Way(
        "Zero is a figure",
        "None at all, and somebody said so. A blank is never shown as a zero.",
        NOTHING,
        no_suspensions(),
    ),
    Way(
        "On track",
        "It is not there yet, but where it should be by now on the way from baseline to target.",
        "Nothing to do now. The number expected rises each term.",
        at_least("77.2", target="85.0", expected="77.2", baseline="75.0"),
    ),
    Way(
        "Inside the range",
        "The plan promises a range, and this is in it.",
        NOTHING,
        in_range("9.4"),
    ),
    Way(
        "In line with England",
        "It is as near to England’s figure as the plan asks.",
        NOTHING,
        against_england("93.8", compare.Against.IN_LINE),
    ),
    Way(
        "Better than it was",
        "It has improved on the baseline by enough.",
        NOTHING,
        than_before("72.0"),
    ),
    Way("As good as it can be", "It cannot rise further.", NOTHING, than_before("100.0")),
    Way(
        "A narrower gap",
        "The gap is smaller, and the group did not do worse.",
        NOTHING,
        between_groups("58.0", "70.0"),
    ),
    Way(
        "A closed gap",
        "There is no gap any more.",
        "See whether the group rose or the others fell.",
        between_groups("70.0", "70.0"),
    ),
    Way(
        "A gap turned round",
        "The group is ahead of the others now.",
        "Check that the others have not fallen.",
        between_groups("72.0", "70.0"),
    ),
    Way(
        "At the level promised",
        "The grade or stage is the one promised, or higher.",
        NOTHING,
        level("Good"),
    ),
    Way(
        "Kept or raised",
        "The first inspection since joining was no lower than the grade before.",
        NOTHING,
        on_joining("Good"),
    ),
    Way("Done", "It was done by its day.", NOTHING, to_do(date(2025, 12, 31), date(2025, 12, 12))),
    Way(
        "Done late",
        "It is done. That it was late is said, and does not change the colour.",
        NOTHING,
        to_do(date(2025, 12, 1), date(2025, 12, 12)),
    ),
    Way(
        "All in time",
        "Every case was settled within its limit.",
        NOTHING,
        log((date(2025, 10, 1), None, date(2025, 10, 20)), confirmed=1),
    ),
    Way(
        "No cases",
        "Nothing to be late, and somebody has confirmed that there was none.",
        NOTHING,
        log(confirmed=0),
    ),
    Way(
        "Rated on target",
        "A named person has looked and says so, on evidence.",
        "A rating holds for twelve months. See when it runs out.",
        rated(Status.GREEN),
    ),
    Way("All hold", "Every school, or every part, is on target.", NOTHING, schools(green=11)),
    Way(
        "One is enough",
        "The plan says “either, or”, and one of the parts holds.",
        "Open the row to see the other part.",
        either(("in line with England", at_least("96.0")), ("a review", rated(Status.RED))),
    ),
)
