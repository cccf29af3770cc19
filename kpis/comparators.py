"""Outside figures as a CSV file: read, checked, and brought in together or not at all.

What they are is in ``models.comparators``. One row is one published figure, or
the words "not published", which is not the same as no row.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from schools.models import AuditRow, Basis, Part, Period, Phase, Trust
from schools.tenancy import inside

from .models import Comparator, Measure, PupilGroup, Series
from .models.comparators import Release, Scope

NAMED_BY = ["series", "measure_code"]
HEADER = [
    *["provider", "scope", "scope_code", "pupil_group", "academic_year", "term", "basis"],
    *["value", "release", "published_on", "source_title", "source_ref"],
]
NOT_PUBLISHED = "not published"
WHOLE_YEAR = "year"
MOST_COMPLAINTS = 50

NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)


class BadComparators(ValueError):
    """Nothing of the file was taken; ``problems`` has a sentence for each reason."""

    def __init__(self, problems):
        more = len(problems) - MOST_COMPLAINTS
        problems = problems[:MOST_COMPLAINTS] + ([f"{more} more like these."] if more > 0 else [])
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a file. ``value`` None: the provider does not publish it.

    ``year`` is the calendar year in which the school year starts; ``on`` is
    set for a figure of one day only.
    """

    line: int
    what: str
    provider: str
    basis: str
    scope: str
    scope_code: str
    group: str
    year: int
    part: Part
    on: date | None
    value: Decimal | None
    release: str
    published_on: date | None
    source_title: str
    source_ref: str

    @property
    def key(self):
        """What makes it one figure of one release."""
        where = (self.scope, self.scope_code, self.group)
        when = (self.year, self.part, self.on)
        return (self.provider, self.what, self.basis, *where, *when, self.release)


class _Wrong(ValueError):
    """One cell cannot be read: column, and what to write there."""


def read_comparators(lines, name):
    """All figures of a CSV file, in its order.

    ``lines`` is any iterable of text lines, ``name`` what to call the file. The
    columns are HEADER and one that says what is compared: ``series`` (its name)
    or ``measure_code`` (a measure that has a series). Raises BadComparators
    with every problem, by line and column.
    """
    table = csv.DictReader(lines)
    columns = table.fieldnames or []
    named = [column for column in NAMED_BY if column in columns]
    if len(named) != 1 or sorted(columns) != sorted([*HEADER, *named]):
        allowed = f"{' or '.join(NAMED_BY)}, {', '.join(HEADER)}"
        raise BadComparators([f"{name}, line 1: the columns must be {allowed}."])

    read = _Reader()
    figures, problems, seen = [], [], {}
    try:
        for row in table:
            figure, wrong = read.row(row, table.line_num)
            problems += [f"{name}, line {table.line_num}, {problem}" for problem in wrong]
            if figure is None:
                continue
            if figure.key in seen:
                problems.append(
                    f"{name}, line {figure.line}: line {seen[figure.key]} gives this figure too."
                )
            seen[figure.key] = figure.line
            figures.append(figure)
    except csv.Error as why:
        problems.append(f"{name}, line {table.line_num}: not a CSV file ({why}).")
    if not figures and not problems:
        problems = [f"{name}: there is no figure in this file."]
    if problems:
        raise BadComparators(problems)
    return figures


class _Reader:
    """Reads rows; knows the pupil groups and the measures that have a series."""

    def __init__(self):
        self.groups = {}
        for code, words in PupilGroup.objects.values_list("code", "name"):
            self.groups[code] = self.groups[words.lower()] = code
        self.series = {}
        measures = Measure.everywhere.filter(series__isnull=False)
        for code, what in measures.values_list("code", "series__what").distinct():
            self.series.setdefault(code, set()).add(what)

    def row(self, row, line):
        """A Figure, or None with all that is wrong with the row."""
        if None in row or None in row.values():
            return None, ["all columns: more or fewer cells than the first line."]
        cells = {column: text.strip() for column, text in row.items()}
        read, wrong = {"line": line}, []
        steps = [
            *[self._what, self._provider, self._basis, self._scope, self._group],
            *[self._when, self._value, self._release, self._published, self._source],
        ]
        for step in steps:
            try:
                read |= step(cells)
            except _Wrong as why:
                wrong.append(str(why))
        return (None if wrong else Figure(**read)), wrong

    def _what(self, cells):
        if "series" in cells:
            if not re.fullmatch(r"[a-z0-9_-]{1,60}", cells["series"]):
                raise _Wrong(_cell(cells, "series", "small letters, digits, - and _"))
            return {"what": cells["series"]}
        found = self.series.get(cells["measure_code"], set())
        if len(found) != 1:
            allowed = "the code of a measure with a series: " + ", ".join(sorted(self.series))
            raise _Wrong(_cell(cells, "measure_code", allowed))
        return {"what": found.copy().pop()}

    def _provider(self, cells):
        if not 0 < len(cells["provider"]) <= 80:
            raise _Wrong(_cell(cells, "provider", "who publishes it, 80 characters at most"))
        return {"provider": cells["provider"]}

    def _basis(self, cells):
        return {"basis": _one_of(cells, "basis", Basis.values)}

    def _scope(self, cells):
        scope, code = _one_of(cells, "scope", Scope.values), cells["scope_code"]
        match scope:
            case Scope.EVERYONE if code:
                raise _Wrong(_cell(cells, "scope_code", "nothing, as the scope is everyone"))
            case Scope.PHASE:
                phases = [phase for phase in Phase.values if phase != Phase.ALL]
                code = _one_of(cells, "scope_code", phases)
            case Scope.UNIT if not 0 < len(code) <= 40:
                raise _Wrong(_cell(cells, "scope_code", "the URN or the code of one unit"))
        return {"scope": scope, "scope_code": code}

    def _group(self, cells):
        group = self.groups.get(cells["pupil_group"].lower())
        if group is None:
            codes = ", ".join(sorted(set(self.groups.values())))
            raise _Wrong(_cell(cells, "pupil_group", codes))
        return {"group": group}

    def _when(self, cells):
        basis, term = cells["basis"].lower(), cells["term"]
        if basis == Basis.DATE:
            on = _day(cells, "term")
            if not date(_year(cells), 9, 1) <= on <= date(_year(cells) + 1, 8, 31):
                raise _Wrong(_cell(cells, "term", f"a day of {cells['academic_year']}"))
            year, part = on.year - (on.month < 9), _part_of(on)
            return {"year": year, "part": part, "on": on}
        parts = {part.label.lower(): part for part in Part}
        whole = basis in (Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR)
        if whole:
            parts = {}
        if basis != Basis.TERM:
            parts[WHOLE_YEAR] = Part.SUMMER
        if term.lower() not in parts:
            raise _Wrong(_cell(cells, "term", ", ".join(parts)))
        return {"year": _year(cells), "part": parts[term.lower()], "on": None}

    def _value(self, cells):
        text = cells["value"]
        if text.lower() == NOT_PUBLISHED:
            return {"value": None}
        if not NUMBER.fullmatch(text):
            raise _Wrong(_cell(cells, "value", f"a number like 94.1, or {NOT_PUBLISHED}"))
        return {"value": Decimal(text)}

    def _release(self, cells):
        return {"release": _one_of(cells, "release", Release.values)}

    def _published(self, cells):
        day = _day(cells, "published_on") if cells["published_on"] else None
        return {"published_on": day}

    def _source(self, cells):
        title, ref = cells["source_title"], cells["source_ref"]
        if not 0 < len(title) <= 200:
            raise _Wrong(_cell(cells, "source_title", "its title, 200 characters at most"))
        if len(ref) > 400:
            raise _Wrong(_cell(cells, "source_ref", "400 characters at most"))
        return {"source_title": title, "source_ref": ref}


def _cell(cells, column, allowed):
    return f"{column}: “{cells[column][:60]}” cannot be read; allowed: {allowed}."


def _one_of(cells, column, allowed):
    text = cells[column].lower()
    if text not in allowed:
        raise _Wrong(_cell(cells, column, ", ".join(allowed)))
    return text


def _year(cells):
    start, _, end = cells["academic_year"].partition("/")
    if re.fullmatch(r"20\d\d", start, re.ASCII) and end == f"{(int(start) + 1) % 100:02d}":
        return int(start)
    raise _Wrong(_cell(cells, "academic_year", "a school year like 2024/25"))


def _day(cells, column):
    try:
        return date.fromisoformat(cells[column])
    except ValueError:
        raise _Wrong(_cell(cells, column, "a day like 2026-07-23")) from None


def _part_of(day):
    return Part.AUTUMN if day.month >= 9 else Part.SPRING if day.month <= 4 else Part.SUMMER


@transaction.atomic
def load_comparators(figures, *, example=False):
    """Bring in what ``read_comparators`` gave, all of it or nothing.

    A figure of the same release takes the place of the one that is there
    unless it was published earlier, or nobody knows when; another release
    stands beside it. ``example`` marks a series that is made here as invented.
    Raises the version of every series that changed, and tells the history of
    each trust that compares with it. Returns a Counter of
    "new", "changed", "same" and "older".
    """
    groups = {group.code: group for group in PupilGroup.objects.all()}
    series = {_name(figure): None for figure in figures}
    for provider, what, basis in series:
        series[provider, what, basis], _ = Series.objects.get_or_create(
            owner="",
            provider=provider,
            what=what,
            basis=basis,
            defaults={"is_example": example},
        )
    locked = Series.objects.filter(pk__in=[one.pk for one in series.values()])
    list(locked.select_for_update().order_by("pk"))
    there = {
        (one.series_id, one.scope, one.scope_code, one.group_id, one.period_id, one.release): one
        for one in Comparator.objects.filter(series__in=series.values())
    }
    periods = _Periods()
    counts, new, changed, touched = Counter(), [], [], set()
    for figure in figures:
        comparator = Comparator(
            series=series[_name(figure)],
            scope=figure.scope,
            scope_code=figure.scope_code,
            group=groups[figure.group],
            period=periods.of(figure),
            release=figure.release,
            value=figure.value,
            not_published=figure.value is None,
            published_on=figure.published_on,
            source_title=figure.source_title,
            source_ref=figure.source_ref,
        )
        before = there.get(
            (
                *(comparator.series_id, comparator.scope, comparator.scope_code),
                *(comparator.group_id, comparator.period_id, comparator.release),
            )
        )
        outcome = _outcome(before, comparator)
        counts[outcome] += 1
        if outcome == "new":
            new.append(comparator)
        elif outcome == "changed":
            comparator.pk = before.pk
            changed.append(comparator)
        if outcome in ("new", "changed"):
            touched.add(comparator.series_id)
    Comparator.objects.bulk_create(new, batch_size=500)
    Comparator.objects.bulk_update(changed, SAID, batch_size=500)
    _record(new, changed, {one.pk: one for one in there.values()})
    Series.objects.filter(pk__in=touched).changed()
    return counts


def _record(new, changed, before):
    """Tell each trust that compares with a series what has changed: one row of its history."""
    told = {}
    for comparator in (*new, *changed):
        was = before.get(comparator.pk)
        told.setdefault(comparator.series, []).append((comparator, was))
    users = Measure.everywhere.filter(series__in=told).order_by("trust", "series")
    for trust, series in users.values_list("trust", "series").distinct():
        with inside(Trust.objects.get(pk=trust)):
            changes = next(rows for one, rows in told.items() if one.pk == series)
            AuditRow.objects.record(
                "brought in figures of",
                changes[0][0].series,
                by=None,
                channel=AuditRow.Channel.COMMAND,
                before={_told(now): _said(was) for now, was in changes if was},
                after={_told(now): _said(now) for now, _ in changes},
            )


def _told(comparator):
    """Which figure it is: "2024/25, everyone, all, revised"."""
    where = f"{comparator.scope} {comparator.scope_code}".strip()
    return f"{comparator.period}, {where}, {comparator.group.code}, {comparator.release}"


def _said(comparator):
    if comparator.not_published:
        return "not published"
    return f"{comparator.value.normalize():f}"


SAID = ["value", "not_published", "published_on", "source_title", "source_ref"]


def _name(figure):
    return (figure.provider, figure.what, figure.basis)


def _outcome(before, after):
    """What becomes of a figure: new, changed, same, or older than what is there."""
    if before is None:
        return "new"
    if all(getattr(before, name) == getattr(after, name) for name in SAID):
        return "same"
    if before.published_on and (after.published_on or date.min) < before.published_on:
        return "older"
    return "changed"


class _Periods:
    """Each period once, made if it is not there."""

    def __init__(self):
        self._known = {}

    def of(self, figure):
        when = (figure.basis, figure.year, figure.part, figure.on)
        if when not in self._known:
            self._known[when] = self._find(figure)
        return self._known[when]

    def _find(self, figure):
        match figure.basis:
            case Basis.TERM:
                return Period.objects.for_term(figure.year, figure.part)
            case Basis.YEAR_TO_DATE:
                return Period.objects.year_to_date(figure.year, figure.part)
            case Basis.DATE:
                return Period.objects.on_day(figure.on)
        return Period.objects.whole_year(figure.year, figure.basis)
