"""What was answered: the entries that count.

A big trust has hundreds of thousands of entries, so theirs is the one question
that is written as SQL: it goes from the measures and their periods to the
trust's units, so that the index that keeps an entry unique finds each of them,
and no model field converts what comes back.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import connection

from kpis.rag import given
from kpis.rag.given import Kind
from kpis.rag.periods import A_YEAR
from schools.calendar import nominal_end
from schools.tenancy import current_trust

from .looked_at import (
    ALL,
    LookedAt,
    compares_with_the_year_before,
    has_always_been_here,
    open_questions,
    reads_of,
)

# Two counts say it all; only where they do not is the figure itself converted.
COLUMNS = """
    entry.measure_id, entry.unit_id, pupils.code, period.id, period.basis, period.year_id,
    period.part, CASE WHEN period.basis = 'date' THEN period."on" END, entry.collected_in_id,
    CASE WHEN asked.whole = 1 OR entry.numerator IS NULL THEN entry.value END,
    entry.numerator, entry.denominator, entry.level_id,
    entry.done, entry.done_on, entry.why_none, entry.expected_on,
    CASE WHEN entry.claim_accepted THEN 1 END, entry.respondents, entry.provider,
    CASE WHEN entry.standing = 'provisional' THEN 1 END
"""
# SQLite keeps to the order of what CROSS JOIN joins. What is put into these texts are
# numbers of rows and names of bases; what anybody has typed is handed in beside them.
OF_TERMS = f"""
    SELECT {COLUMNS}
    FROM asked
    CROSS JOIN schools_period period
    CROSS JOIN schools_unit unit
    CROSS JOIN kpis_entry entry
    CROSS JOIN kpis_pupilgroup pupils
    WHERE period.basis = asked.basis AND period.year_id = asked.year AND period.part = asked.part
      AND unit.trust_id = %s {{of_units}}
      AND entry.measure_id = asked.measure_id AND entry.unit_id = unit.id
      AND entry.period_id = period.id AND pupils.id = entry.group_id
"""  # noqa: S608
SINCE = f"""
    SELECT {COLUMNS}
    FROM since asked
    CROSS JOIN schools_unit unit
    CROSS JOIN kpis_entry entry
    CROSS JOIN schools_period period
    CROSS JOIN kpis_pupilgroup pupils
    WHERE unit.trust_id = %s {{of_units}}
      AND entry.measure_id = asked.measure_id AND entry.unit_id = unit.id
      AND period.id = entry.period_id AND period.year_id <= asked.year
      AND period.year_id * 3 + period.part - 1 >= asked.since
      AND period.year_id * 3 + period.part - 1 < asked.until
      AND pupils.id = entry.group_id
"""  # noqa: S608
# How far back somebody's last two figures lie, where they are older than what was read.
# The same is then read of everybody, so that a figure of all schools is of them all; but
# nothing again that was read.
FARTHER_BACK = """
    WITH open(measure_id, year, whole, since, back, unit_id, code) AS (VALUES {open}),
    older AS (
        SELECT open.measure_id, open.year, open.whole, open.since, open.back, open.unit_id,
            open.code,
            period.year_id * 3 + period.part - 1 AS term,
            CASE WHEN entry.value IS NULL OR entry.denominator = 0 THEN 0 ELSE 1 END AS figure
        FROM open
        CROSS JOIN kpis_entry entry
        CROSS JOIN schools_period period
        CROSS JOIN kpis_pupilgroup pupils
        WHERE entry.measure_id = open.measure_id AND entry.unit_id = open.unit_id
          AND period.id = entry.period_id AND period.year_id * 3 + period.part - 1 < open.since
          AND pupils.id = entry.group_id AND pupils.code = open.code
    ),
    placed AS (
        SELECT older.*, DENSE_RANK() OVER (
            PARTITION BY measure_id, unit_id, code, figure ORDER BY term DESC
        ) AS place
        FROM older
    ),
    reached AS (
        SELECT measure_id, year, whole, since AS until,
            COALESCE(MAX(CASE WHEN figure = 1 AND place > 1 THEN term END), MIN(term)) - back
                AS term
        FROM placed
        GROUP BY measure_id, year, whole, since, back, unit_id, code
    ),
    since AS (
        SELECT measure_id, year, whole, until, MIN(term) AS since
        FROM reached
        GROUP BY measure_id, year, whole, until
    )
"""
FEW = 1000
DONE = {one.value: one for one in given.Done}
WHY_NONE = {one.value: one for one in given.WhyNone}


class _Exact(dict):
    """What SQLite keeps of a decimal, as the Decimal that it was, to its 15 digits."""

    def __missing__(self, stored):
        number = Decimal(stored) if isinstance(stored, int) else Decimal(f"{stored:.15g}")
        self[stored] = number
        return number


class Answers:
    """Reads the entries that count: {(measure, unit, group): answers, oldest first}.

    What is about a later period is not seen. A whole year that is still going
    on is, once a return up to this term has brought it in; and so is whatever
    a later return corrects. Where ``units`` are given, theirs only. With
    ``approved`` what is not approved yet does not count, nor hide what it
    would take the place of.
    """

    def __init__(self, bare, calendar, places, units=None, *, approved=False):
        self.given, self.calendar, self.places = bare, calendar, places
        self.units, self.found, self.oldest = units, defaultdict(dict), {}
        self.approved = approved
        self.periods, self.exact = {}, _Exact({None: None})

    def read(self, looked, terms):
        """To judge some terms by: one query, and another if somebody has long sent nothing."""
        self._ask(*self._of_terms(looked))
        answers = self._sorted()
        told = replace(self.given, answers=answers)
        still_open = list(open_questions(told, looked, terms, self.units))
        if still_open:
            codes = [group for _, _, group in still_open]
            self._ask(self._farther_back(looked, still_open), [SINCE], codes)
            answers |= self._sorted({pk for pk, _, _ in still_open})
        return answers

    def read_all(self):
        """The whole history of these measures. One query."""
        self._ask(*self._of_terms(dict.fromkeys(self.given.measures, LookedAt(ALL))))
        return self._sorted()

    def _of_terms(self, looked):
        """The two ways to ask: for the figures of single terms, and for all there are."""
        ever, asked = [], []
        whole, year = self._whole(), self.given.term.period.year
        for pk, one in looked.items():
            if one.since == ALL:
                ever.append(f"({pk}, {year}, {whole[pk]}, {ALL}, {(year + 1) * A_YEAR})")
                continue
            basis = self.given.measures[pk].basis.value
            for index in (*sorted(one.also), *range(one.since, (year + 1) * A_YEAR)):
                of_year, part = divmod(index, A_YEAR)
                asked.append(f"({pk}, {whole[pk]}, '{basis}', {of_year}, {part + 1})")
        tables, selects = [], []
        if ever:
            columns = "measure_id, year, whole, since, until"
            tables.append(f"since({columns}) AS (VALUES {', '.join(ever)})")
            selects.append(SINCE)
        if asked:
            columns = "measure_id, whole, basis, year, part"
            tables.append(f"asked({columns}) AS (VALUES {', '.join(asked)})")
            selects.append(OF_TERMS)
        return "WITH " + ", ".join(tables), selects

    def _farther_back(self, looked, questions):
        """A school that has come or gone may have figures of no account: all of its are read."""
        whole, year, rows = self._whole(), self.given.term.period.year, []
        for pk, unit, _ in questions:
            measure, since = self.given.measures[pk], looked[pk].since
            back = A_YEAR if compares_with_the_year_before(measure) else 0
            if not has_always_been_here(self.given, self.given.units[unit]):
                back = since
            rows.append(f"({pk}, {year}, {whole[pk]}, {since}, {back}, {unit}, %s)")
        return FARTHER_BACK.format(open=", ".join(rows))

    def _whole(self):
        """{measure: 1 where the figure is needed beside its counts}."""
        reads = reads_of(self.given)
        return {
            pk: int(
                measure.kind not in (Kind.PERCENTAGE, Kind.RATE)
                or measure.counts != "both"
                or any(v.roll_up == "sum" for clause, _ in reads.get(pk, ()) for v in clause.terms)
            )
            for pk, measure in self.given.measures.items()
        }

    def _ask(self, parts, selects, values=()):
        if not selects:
            return
        of_units = "" if self.units is None else f"AND unit.id IN ({_numbers(self.units)})"
        sql = " UNION ALL ".join(select.format(of_units=of_units) for select in selects)
        with connection.cursor() as cursor:
            cursor.execute(f"{parts} {sql}", [*values, *[current_trust().pk] * len(selects)])
            # Few at a time: rows that are held all at once are looked through for garbage.
            while rows := cursor.fetchmany(FEW):
                self._gather(rows)

    def _gather(self, rows):
        found, places, exact, periods = self.found, self.places, self.exact, self.periods
        converts = connection.vendor == "sqlite"
        last, collected_at = self.given.term.index, self.calendar.index_of
        for (
            measure,
            unit,
            group,
            number,
            basis,
            year,
            part,
            on,
            collected_in,
            value,
            numerator,
            denominator,
            level,
            done,
            done_on,
            why_none,
            expected_on,
            is_accepted,
            respondents,
            provider,
            is_provisional,
        ) in rows:
            about = periods.get(number)
            if about is None:
                about = periods[number] = self._period(number, basis, year, part, on)
            collected = collected_at[collected_in]
            if about.index > last and collected > last:
                continue
            told = found[measure, unit, group]
            if self.approved and is_provisional:
                continue
            if number in told and not is_provisional:
                continue
            if converts:
                value, numerator, denominator = exact[value], exact[numerator], exact[denominator]
            told[number] = given.Answer(
                about,
                collected,
                value,
                numerator,
                denominator,
                level and places.get(level),
                done and DONE[done],
                done_on and _day(done_on),
                why_none and WHY_NONE[why_none],
                expected_on and _day(expected_on),
                is_accepted == 1,
                respondents,
                provider,
                is_provisional == 1,
            )

    def _period(self, number, basis, year, part, on):
        on = _day(on) if on else nominal_end(year, part)
        period = self.calendar.at(number, basis, year, part, on)
        self.oldest[number] = period.index, period.ends
        return period

    def _sorted(self, measures=None):
        """What was found, oldest first; of these measures only, where they are told."""
        place = self.oldest.__getitem__
        return {
            question: tuple([told[number] for number in sorted(told, key=place)])
            for question, told in self.found.items()
            if measures is None or question[0] in measures
        }


def _numbers(pks):
    return ", ".join(str(int(pk)) for pk in sorted(pks))


def _day(told):
    """A date; without a column's name before it SQLite gives its text."""
    return date.fromisoformat(told) if isinstance(told, str) else told
