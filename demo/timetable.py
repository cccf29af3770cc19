"""When: the example's terms and plan, laid out from the day on which it is loaded.

The last of the nine terms with figures ended a little more than a week before
that day, and its returns were due three days before it: some are in, some are
late, and so they stay. Five of the nine lie before the plan, with one whole
school year among them, the year that baselines come from; four lie in it.
Pure.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schools.calendar import NOMINAL_START, Part, term_of
from schools.term_files import INTO_THE_NEXT, TermDates

LONDON = ZoneInfo("Europe/London")
BEFORE_THE_PLAN = 5
IN_THE_PLAN = 4
OF_THE_PLAN = 9  # three years
OPENS_BEFORE = timedelta(weeks=2)

# A school's terms: (month, day) from the first Monday after to the last Friday before.
DAYS = {
    Part.AUTUMN: ((9, 1), (12, 20)),
    Part.SPRING: ((1, 3), (3, 31)),
    Part.SUMMER: ((4, 13), (7, 22)),
}
SHORTEST = timedelta(weeks=5)  # a term that has run for less is not collected yet
ENDED = timedelta(days=9)
WAS_DUE = timedelta(days=3)
HALF_PAST_FOUR = time(16, 30)


@dataclass(frozen=True, slots=True)
class Timetable:
    """All days of the example. ``terms`` are all those from the first to the plan's end.

    A term is known by its index, academic year times three and its part, as
    ``Period.index`` has it.
    """

    today: date
    last: int
    terms: tuple[TermDates, ...]

    @property
    def first(self):
        return self.last - BEFORE_THE_PLAN - IN_THE_PLAN + 1

    @property
    def first_of_plan(self):
        return self.last - IN_THE_PLAN + 1

    @property
    def baseline_year(self):
        """The year in which the last whole school year before the plan starts."""
        return self.first_of_plan // 3 - 1

    @property
    def plan_starts(self):
        return nominal_start(self.first_of_plan)

    @property
    def plan_ends(self):
        return nominal_start(self.first_of_plan + OF_THE_PLAN) - timedelta(days=1)

    def dates(self, index):
        """The days of one term."""
        return self.terms[index - self.first]

    def number(self, index):
        """Which of the nine terms it is, from 1; the plan's first is the sixth."""
        return index - self.first + 1

    def index(self, number):
        return self.first + number - 1

    def words(self):
        """What the words with a dollar sign in the plan's text stand for."""
        ends = self.plan_ends.year
        return {
            "plan_starts": self.plan_starts.isoformat(),
            "plan_ends": self.plan_ends.isoformat(),
            "plan_years": f"{self.plan_starts.year} to {ends}",
            "baseline_year": year_name(self.baseline_year),
            **{f"plan_year_{n}": year_name(self.baseline_year + n) for n in (1, 2, 3)},
            "day_long_passed": (self.today - timedelta(days=150)).isoformat(),
            "day_passed": (self.today - timedelta(days=24)).isoformat(),
            "day_soon": (self.today + timedelta(days=19)).isoformat(),
            "day_later": (self.today + timedelta(days=170)).isoformat(),
            **{f"term_{number}": slug(self.index(number)) for number in range(1, 15)},
        }

    def at(self, days_ago, at=HALF_PAST_FOUR):
        """A moment some days before the day of loading, on a weekday, in London."""
        return datetime.combine(weekday(self.today - timedelta(days=days_ago)), at, LONDON)


def timetable(today):
    """Lay out all terms from the day of loading."""
    last = _last_collected(today)
    first = last - BEFORE_THE_PLAN - IN_THE_PLAN + 1
    indices = range(first, first + BEFORE_THE_PLAN + OF_THE_PLAN)
    return Timetable(today, last, tuple(_dates(index, last, today) for index in indices))


def _last_collected(today):
    """The term that has run for some weeks by now, or the one before it."""
    year, part = term_of(today)
    index = year * 3 + part - 1
    return index if usual_start(index) + SHORTEST <= today - ENDED else index - 1


def _dates(index, last, today):
    year, part = divmod(index, 3)
    ends = usual_end(index)
    due = usual_start(index + 1) + INTO_THE_NEXT
    if index == last:
        ends = min(ends, friday(today - ENDED))
        due = weekday(today - WAS_DUE)
    return TermDates(
        year=year,
        part=Part(part + 1),
        starts=usual_start(index),
        ends=ends,
        opens=ends - OPENS_BEFORE,
        due=datetime.combine(due, time(17), LONDON),
    )


def usual_start(index):
    year, part = divmod(index, 3)
    month, day = DAYS[Part(part + 1)][0]
    first = date(year + (part > 0), month, day)
    return first + timedelta(days=-first.weekday() % 7)


def usual_end(index):
    year, part = divmod(index, 3)
    month, day = DAYS[Part(part + 1)][1]
    return friday(date(year + (part > 0), month, day))


def weekday(day):
    """The day, or the Friday before it at a weekend."""
    return friday(day) if day.weekday() > 4 else day


def friday(day):
    """The Friday on or before a day."""
    return day - timedelta(days=(day.weekday() - 4) % 7)


def nominal_start(index):
    """The first day that a term can have: of September, January or May."""
    year, part = divmod(index, 3)
    years, month, day = NOMINAL_START[Part(part + 1)]
    return date(year + years, month, day)


def slug(index):
    """A term as it stands in addresses and plan files: 2026-autumn."""
    year, part = divmod(index, 3)
    return f"{year + (part > 0)}-{Part(part + 1).name.lower()}"


def year_name(year):
    """A school year as plan files write it: 2025/26."""
    return f"{year}/{(year + 1) % 100:02d}"
