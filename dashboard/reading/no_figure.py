"""What has no figure, or none that can be judged. A blank is never a zero."""

from datetime import date

from .examples import (
    NEW_GRADES,
    against_england,
    at_least,
    claimed,
    does_not_apply,
    expected,
    first_year,
    late_again,
    level,
    missing,
    next_summer,
    nobody,
    rolled_out,
    schools,
    than_before,
    to_do,
    too_few,
    too_old,
)
from .ways import NOTHING, Way

NO_FIGURE = (
    Way(
        "Not sent, still in time",
        "It was asked for and has not come. Its day is not over.",
        "Nothing yet. Schools send it from Returns.",
        missing(),
    ),
    Way(
        "Late",
        "It was asked for, its day has passed, and nothing has come.",
        "The school sends it from Returns. The data manager may move the day.",
        missing(late=True),
    ),
    Way(
        "Late, with the last figure",
        "The figure in small type is the last one that came. It is too old to judge this term by.",
        "The school sends it from Returns. The old figure is only there to compare with.",
        late_again(),
    ),
    Way(
        "Said not to apply, not accepted yet",
        "The school answered “not applicable”. Until the trust accepts that, the figure counts as"
        " missing.",
        "The data manager accepts it, or asks, when approving the return.",
        *claimed("not_applicable", "not applicable"),
    ),
    Way(
        "Said to be too few, not accepted yet",
        "The school answered that there are too few pupils to publish.",
        "The data manager accepts it, or asks, when approving the return.",
        *claimed("too_few", "too few"),
    ),
    Way(
        "Not available yet",
        "The school cannot know it yet and has said when it will. Until then it is not missing.",
        "Nothing until that month.",
        *expected(date(2026, 2, 13)),
    ),
    Way(
        "Not published",
        "Nobody has published it for this period, so nobody is asked.",
        NOTHING,
        *expected(None),
    ),
    Way(
        "Not asked this term",
        "The figure is asked for in other terms. The cell says when next.",
        "Nothing until then.",
        *next_summer(),
    ),
    Way(
        "Not due yet",
        "Something to be done, and its day is more than 30 days away.",
        NOTHING,
        to_do(date(2026, 3, 31)),
    ),
    Way(
        "So many so far",
        "How many have it by now. There is time for the rest.",
        "Nothing to do yet: see the day by which all should have it.",
        rolled_out(),
    ),
    Way(
        "Too few pupils",
        "Fewer than the trust’s minimum, usually six. Nobody sees a colour, and the figure is"
        " hidden.",
        "Nothing. The school itself and the data manager see the figure.",
        too_few(),
    ),
    Way(
        "Too old",
        "The last figure is too old to stand for this term.",
        "The school sends a new one with its return.",
        too_old(),
    ),
    Way(
        "A figure without a target",
        "There is a figure, and the plan names no number to reach.",
        "A leader gives the target, on the KPI page.",
        at_least("68.4", target=None),
    ),
    Way(
        "Nothing outside to compare with",
        "England’s figure for this period is not known yet.",
        "The status comes with that figure, by itself.",
        against_england("94.6", england=None),
    ),
    Way(
        "Nothing like for like",
        "The question or the way of counting changed, so the figures before cannot be compared.",
        "A leader settles what it is judged by from now on.",
        than_before("72.0", broken="the question changed"),
    ),
    Way(
        "First year",
        "The first figure. Later ones are judged by it.",
        "A leader accepts it as the baseline, on the KPI page.",
        first_year(),
    ),
    Way(
        "A new scale without a target",
        "Grades are given on another scale now, and nobody has said"
        " which grade counts as on target.",
        "A leader says which one, on the KPI page.",
        level("Expected", NEW_GRADES),
    ),
    Way(
        "Not inspected since joining",
        "A grade from before the school joined is shown, not used.",
        "Nothing until the inspection.",
        level(None),
    ),
    Way(
        "Some are missing",
        "The figure says how many of how many are in. With the rest missing it"
        " cannot be on target.",
        "See under the name of the KPI who is missing.",
        schools(green=12, amber=0, unknown=3),
    ),
    Way(
        "No date",
        "Something to be done, and nobody has set a day.",
        "A leader sets the day.",
        to_do(None),
    ),
    Way(
        "Not applicable",
        "It does not belong to this school. It leaves every count.",
        NOTHING,
        does_not_apply(),
    ),
    Way(
        "Nobody in the group",
        "The school has no pupils in this group. It leaves every count.",
        NOTHING,
        nobody(),
    ),
)
