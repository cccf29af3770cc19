from datetime import date, timedelta
from itertools import pairwise

import pytest

from demo.timetable import IN_THE_PLAN, slug, timetable
from schools.calendar import term_of

# Days of every month of a year and more: no day of loading may break the example.
DAYS = [date(2026, 8, 25) + timedelta(days=days) for days in range(380)]


@pytest.mark.parametrize("today", DAYS[::19], ids=str)
def test_the_last_term_with_figures_has_just_been_collected(today):
    table = timetable(today)
    last = table.dates(table.last)

    assert last.opens < last.ends < last.due.date() < today
    assert today - last.due.date() <= timedelta(days=5)
    assert table.dates(table.last + 1).opens > today


@pytest.mark.parametrize("today", DAYS[::19], ids=str)
def test_terms_follow_each_other_inside_the_nominal_calendar(today):
    table = timetable(today)

    for before, after in pairwise(table.terms):
        assert before.starts < before.ends < after.starts
    for dates in table.terms:
        assert term_of(dates.ends) == (dates.year, dates.part)


@pytest.mark.parametrize("today", DAYS[::19], ids=str)
def test_a_whole_school_year_lies_before_the_plan_and_gives_its_baselines(today):
    table = timetable(today)
    year = [3 * table.baseline_year + part for part in range(3)]

    assert table.first <= year[0]
    assert year[2] < table.first_of_plan
    assert table.last - table.first_of_plan + 1 == IN_THE_PLAN
    assert table.plan_ends.year - table.plan_starts.year == 3 or table.plan_starts.month == 1


def test_an_autumn_day_has_the_autumn_term_as_its_last():
    table = timetable(date(2026, 11, 22))

    assert slug(table.last) == "2026-autumn"
    assert (table.plan_starts, table.plan_ends) == (date(2025, 9, 1), date(2028, 8, 31))
    assert table.baseline_year == 2024


def test_a_day_early_in_a_term_still_collects_the_term_before():
    assert slug(timetable(date(2026, 9, 20)).last) == "2026-summer"


@pytest.mark.parametrize("today", DAYS[:7], ids=str)
def test_what_people_did_they_did_on_a_weekday(today):
    assert timetable(today).at(4).weekday() < 5
