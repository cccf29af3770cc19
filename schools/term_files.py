"""A trust's terms as a CSV file: read, and every problem named by its line."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone

from .calendar import NOMINAL_END, Part

HEADER = ["academic_year", "term", "starts", "ends"]
OPTIONAL = ["opens", "due"]

# A return opens two weeks before its term ends and is due, at 5pm, two weeks
# into the next one.
BEFORE_THE_END = timedelta(weeks=2)
INTO_THE_NEXT = timedelta(weeks=2)
BY = time(17)


class BadTerms(ValueError):
    """The file cannot be used; ``problems`` has a sentence for each reason."""

    def __init__(self, problems):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class TermDates:
    """One term's days. ``year`` is the calendar year in which its school year starts."""

    year: int
    part: Part
    starts: date
    ends: date
    opens: date
    due: datetime


def read_terms(lines, name):
    """All terms of a CSV file, in order; BadTerms with every problem if there is one.

    ``lines`` is any iterable of text lines, ``name`` what to call the file.
    Columns: academic_year (2025/26), term (Autumn, Spring, Summer), starts and
    ends (2025-09-01), and opens and due where they differ from the usual.
    """
    table = csv.DictReader(lines)
    columns = table.fieldnames or []
    missing = [column for column in HEADER if column not in columns]
    unknown = [column for column in columns if column not in HEADER + OPTIONAL]
    if missing or unknown:
        allowed = ", ".join(HEADER) + " and, if needed, " + ", ".join(OPTIONAL)
        raise BadTerms([f"{name}, line 1: the columns must be {allowed}."])

    rows, problems = [], []
    for row in table:
        try:
            rows.append((table.line_num, _read(row)))
        except ValueError as why:
            problems.append(f"{name}, line {table.line_num}: {why}")
    rows.sort(key=lambda numbered: (numbered[1]["year"], numbered[1]["part"]))
    problems += _clashes(rows, name)
    if not rows and not problems:
        problems = [f"{name}: there is no term in this file."]
    if problems:
        raise BadTerms(problems)

    read = [row for _, row in rows]
    return [_dated(row, later) for row, later in zip(read, [*read[1:], None], strict=True)]


def _read(row):
    if None in row or None in row.values():
        raise ValueError("this line has more or fewer cells than the first one.")
    year, part = _academic_year(row["academic_year"].strip()), _part(row["term"].strip())
    read = {"year": year, "part": part}
    for column in [*HEADER[2:], *OPTIONAL]:
        text = (row.get(column) or "").strip()
        if text or column in HEADER:
            read[column] = _day(text, column)
    if read["starts"] >= read["ends"]:
        raise ValueError("a term must start before it ends.")
    for column in HEADER[2:]:
        if not date(year, 9, 1) <= read[column] <= date(year + 1, 8, 31):
            raise ValueError(f"{column} {read[column]} is outside {row['academic_year']}.")
    return read


def _academic_year(text):
    start, _, end = text.partition("/")
    if len(start) == 4 and start.isdecimal() and end == f"{(int(start) + 1) % 100:02d}":
        return int(start)
    raise ValueError(f"academic_year is “{text}”; write it like 2025/26.")


def _part(text):
    named = {part.label.lower(): part for part in Part}
    if text.lower() in named:
        return named[text.lower()]
    raise ValueError(f"term is “{text}”; write Autumn, Spring or Summer.")


def _day(text, column):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{column} is “{text}”; write a day like 2025-09-01.") from None


def _clashes(rows, name):
    """Terms given twice, or that begin before the one before has ended."""
    for (_, before), (line, after) in pairwise(rows):
        if (before["year"], before["part"]) == (after["year"], after["part"]):
            yield f"{name}, line {line}: this term is in the file twice."
        elif after["starts"] <= before["ends"]:
            yield f"{name}, line {line}: this term starts before the one before it has ended."


def _dated(row, later):
    """Fill in when the return opens and when it is due."""
    next_starts = later["starts"] if later else _nominal_next(row["year"], row["part"])
    due = row.get("due") or next_starts + INTO_THE_NEXT
    return TermDates(
        year=row["year"],
        part=row["part"],
        starts=row["starts"],
        ends=row["ends"],
        opens=row.get("opens") or row["ends"] - BEFORE_THE_END,
        due=timezone.make_aware(datetime.combine(due, BY)),
    )


def _nominal_next(year, part):
    years, month, day = NOMINAL_END[part]
    return date(year + years, month, day) + timedelta(days=1)
