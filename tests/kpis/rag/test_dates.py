"""Calendar months, and the words in which plans print dates."""

from datetime import date

import pytest

from kpis.rag.dates import Precision, add_months, resolved, written

from .tables import case


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        case("the same day", date(2026, 1, 15), 1, date(2026, 2, 15)),
        case("31 January", date(2026, 1, 31), 1, date(2026, 2, 28)),
        case("31 January, leap year", date(2024, 1, 31), 1, date(2024, 2, 29)),
        case("30 January", date(2026, 1, 30), 1, date(2026, 2, 28)),
        case("over the year", date(2025, 12, 31), 2, date(2026, 2, 28)),
        case("to December", date(2025, 11, 30), 1, date(2025, 12, 30)),
        case("a year", date(2025, 11, 1), 12, date(2026, 11, 1)),
        case("a year from 29 February", date(2024, 2, 29), 12, date(2025, 2, 28)),
        case("two years", date(2024, 2, 29), 24, date(2026, 2, 28)),
        case("31 August, six months", date(2025, 8, 31), 6, date(2026, 2, 28)),
        case("no months", date(2025, 8, 31), 0, date(2025, 8, 31)),
    ],
)
def test_calendar_months(day, months, later):
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("precision", "year", "more", "day"),
    [
        case("July 2020", Precision.MONTH, 2020, {"month": 7}, date(2020, 7, 31)),
        case("February 2024", Precision.MONTH, 2024, {"month": 2}, date(2024, 2, 29)),
        case("December 2020", Precision.MONTH, 2020, {"month": 12}, date(2020, 12, 31)),
        case("2019-20", Precision.ACADEMIC_YEAR, 2019, {}, date(2020, 8, 31)),
        case("2020", Precision.YEAR, 2020, {}, date(2020, 12, 31)),
        case("ready by September 2024", Precision.READY, 2024, {"month": 9}, date(2024, 9, 1)),
        case("1 March 2025", Precision.DAY, 2025, {"month": 3, "day": 1}, date(2025, 3, 1)),
        case(
            "end of Autumn 2023",
            Precision.TERM,
            2023,
            {"term_ends": date(2023, 12, 20)},
            date(2023, 12, 20),
        ),
    ],
)
def test_the_day_that_printed_words_mean(precision, year, more, day):
    assert resolved(precision, year, **more) == day


@pytest.mark.parametrize(
    ("precision", "more"),
    [
        case("a term without the calendar", Precision.TERM, {}),
        case("a month without its number", Precision.MONTH, {}),
        case("ready without a month", Precision.READY, {}),
        case("a day without its month", Precision.DAY, {"day": 1}),
        case("a day without its number", Precision.DAY, {"month": 1}),
    ],
)
def test_what_a_precision_needs_is_asked_for(precision, more):
    with pytest.raises(ValueError, match="needs its"):
        resolved(precision, 2024, **more)


def test_a_day_is_written_out():
    assert written(date(2024, 9, 1)) == "1 September 2024"
