"""What a margin, a tolerance or the best possible value is where nobody has set one."""

import pytest

from kpis.rag import defaults

from .builders import make_measure, number
from .tables import case

ATTENDANCE = make_measure(unit="% of sessions")
ABSENCE = make_measure(better="lower")
SURVEY = make_measure()
NEITHER = make_measure(better="none")
SUSPENSIONS = make_measure(kind="rate", better="lower", basis="year_to_date")
SUSPENSIONS_OF_A_TERM = make_measure(kind="rate", better="lower")
PROGRESS = make_measure(kind="score")
VACANCIES = make_measure(kind="number", better="lower")
RESERVES = make_measure(kind="money")
LEVEL = make_measure(kind="level")

USUAL = [
    case("attendance", ATTENDANCE, "1.0", "0.5"),
    case("persistent absence, and other percentages that should fall", ABSENCE, "1.0", "0.5"),
    case("other percentages", SURVEY, "5.0", "2.0"),
    case("percentages of which neither way is good", NEITHER, "5.0", "2.0"),
    case("rates per 100, for a year or a year to date", SUSPENSIONS, "1.0", "0"),
    case("rates per 100, for a term", SUSPENSIONS_OF_A_TERM, "0.5", "0"),
    case("scores", PROGRESS, "0.20", "0"),
    case("counts", VACANCIES, "0", "0"),
    case("money", RESERVES, "0", "0"),
]


@pytest.mark.parametrize(("measure", "margin", "tolerance"), USUAL)
def test_the_usual_margin_and_tolerance(measure, margin, tolerance):
    assert defaults.margin(measure) == number(margin)
    assert defaults.tolerance(measure) == number(tolerance)


@pytest.mark.parametrize(
    ("measure", "best"),
    [
        case("a percentage that should rise", SURVEY, "100"),
        case("a percentage that should fall", ABSENCE, "0"),
        case("a rate that should fall", SUSPENSIONS, "0"),
        case("a rate that should rise", make_measure(kind="rate"), None),
        case("a score has no best", PROGRESS, None),
        case("a score that should fall", make_measure(kind="score", better="lower"), None),
        case("a count that should fall, unless its lowest is said", VACANCIES, None),
        case(
            "a count with a lowest",
            make_measure(kind="number", better="lower", lowest=number("0")),
            "0",
        ),
        case("a score with a highest", make_measure(kind="score", highest=number("5")), "5"),
        case("a highest of zero", make_measure(kind="score", highest=number("0")), "0"),
        case("a percentage with a highest of its own", make_measure(highest=number("80")), "80"),
        case(
            "a percentage with a lowest of its own",
            make_measure(better="lower", lowest=number("2")),
            "2",
        ),
        case("neither way is good", make_measure(better="none"), None),
    ],
)
def test_the_value_that_nothing_can_beat(measure, best):
    assert defaults.best(measure) == number(best)


def test_what_about_and_significantly_mean_and_how_near_a_share_of_schools_is():
    usual = (defaults.ABOUT, defaults.SIGNIFICANT, defaults.SHARE)

    assert usual == (number("2"), number("1"), number("5"))


def test_only_percentages_are_about_presence():
    assert defaults.is_presence(ATTENDANCE)
    assert not defaults.is_presence(make_measure(kind="number", unit="sessions"))
    assert not defaults.is_presence(SURVEY)
