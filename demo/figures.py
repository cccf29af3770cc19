"""What the example's schools answer: one text for each question of a return.

Nothing is left to chance that matters: what each school's story is stands in
the tables of fixtures/demo, and the small differences between schools come
from their codes, so the same day of loading gives the same figures.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from kpis.rag.dates import written
from returns.asked.questions import Typed
from schools.models import Basis

from .case_log import CaseLog
from .outside import KINDS
from .tables import ByUnit, rows

SURVEY = "Kite school surveys"
CHANGED_HANDS = {"staff_appraisal": "Harbour staff surveys"}
# How far from the start to the present a figure has come, by years since the
# baseline year: those of each term come on slowly, those of a year at once.
EACH_TERM = {-2: Decimal("-0.6"), -1: Decimal("-0.4"), 0: Decimal(0), 1: Decimal("0.6")}
EACH_YEAR = {-2: Decimal("-0.4"), -1: Decimal("-0.2"), 0: Decimal(0), 1: Decimal(1)}
# Half days that each pupil can come, by the end of each part of the year.
HALF_DAYS = {1: 142, 2: 256, 3: 378}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, in plain words: who is asked for what about which period."""

    measure: object
    code: str
    phase: str
    group: str
    year: int
    part: int
    index: int


class Figures:
    """The answers of the example, for any term of it."""

    def __init__(self, table, outside):
        self.table, self.outside = table, outside
        self.schools = {row["code"]: row for row in rows("schools")}
        self.bases = {row["measure"]: row for row in rows("bases")}
        self.figures, self.levels = ByUnit("figures"), ByUnit("levels")
        self.done, self.cases = ByUnit("done"), ByUnit("cases")
        self.log = CaseLog(table)
        self.ratings = ByUnit("ratings")
        self.evidence = {row["measure"]: row for row in rows("evidence")}
        self.inspections = {
            (row["measure"], row["unit"], row["term"]): row for row in rows("inspections")
        }

    def typed(self, question, code, index):
        """What is typed for a question of the term ``index``; None for nothing.

        ``question`` is a ``returns.asked.asking.Asked``, ``code`` its unit's code.
        """
        asked = Asked(
            question.measure,
            code,
            question.unit.phase,
            question.group.code,
            question.period.year,
            question.period.part,
            index,
        )
        measure = question.measure
        if measure.is_figure:
            typed = self._figure(asked)
            return self._rated(asked, typed) if typed and measure.rated else typed
        match measure.kind:
            case measure.Kind.RATING:
                return self._rated(asked, Typed())
            case measure.Kind.LEVEL:
                return self._level(asked)
            case measure.Kind.YES_NO:
                return self._done(asked)
            case measure.Kind.CASES:
                return self._cases(asked)
        return None

    # Figures

    def _figure(self, asked):
        measure, base = asked.measure, self._base(asked)
        figure = self._value(asked)
        if figure is None:
            return None
        if measure.kind == measure.Kind.NUMBER and base is not None:
            return Typed(value=str(_whole(figure * base / 100)))
        if measure.counts == measure.Counts.WEIGHT:
            return Typed(value=str(self._shown(asked, figure)), denominator=str(base))
        if measure.counts == measure.Counts.NONE:
            return Typed(value=str(self._shown(asked, figure)))
        numerator = self._numerator(asked, figure, base)
        typed = Typed(numerator=str(numerator), denominator=str(base))
        if measure.survey:
            asked_people = base + max(1, base // 4)
            typed = typed._replace(invited=str(asked_people), provider=self._provider(asked))
        return typed

    def _provider(self, asked):
        """Whose survey it is: one of them changed hands when the plan began."""
        is_old = asked.year <= self.table.baseline_year
        return SURVEY if is_old else CHANGED_HANDS.get(asked.measure.code, SURVEY)

    def _value(self, asked):
        """The exact figure, before it is counted out in pupils; None if there is no story."""
        row = self.figures.find(asked.measure.code, asked.code, asked.group)
        if row is None:
            return None
        path = self._path(asked, row)
        if asked.group != "all":
            everyone = self._value(replace(asked, group="all"))
            if row["on"] == "times":
                return everyone * path
            is_lower = asked.measure.better == asked.measure.Better.LOWER
            return everyone + path if is_lower else everyone - path
        if "england" in row["on"]:
            england = self._england(asked)
            path = england * path if row["on"].startswith("times") else england + path
        figure = path + self._own(asked)
        lowest = asked.measure.lowest
        return figure if lowest is None else max(figure, lowest)

    def _path(self, asked, row):
        """Where between then and now the figure of a period lies."""
        then, now = Decimal(row["then"]), Decimal(row["now"])
        years = asked.year - self.table.baseline_year
        if years == 1 and row["mid"]:
            return Decimal(row["mid"])
        by_term = {Basis.TERM, Basis.YEAR_TO_DATE, Basis.DATE}
        is_slow = asked.measure.basis in by_term and len(asked.measure.asked_parts()) > 1
        return then + (now - then) * (EACH_TERM if is_slow else EACH_YEAR).get(years, Decimal(1))

    def _england(self, asked):
        what = asked.measure.series.what
        phases = KINDS[what].phases
        phase = asked.phase if asked.phase in phases else phases[0]
        return self.outside.figure(what, phase, asked.year, asked.part)

    def _own(self, asked):
        """What makes one school differ from the next, the same in every term."""
        spread = self.bases.get(asked.measure.code, {}).get("spread") or "0"
        # Not for secrets: the same school must get the same figure again.
        chance = Random(f"{asked.code} {asked.measure.code}").uniform(-1, 1)  # noqa: S311
        return Decimal(spread) * Decimal(f"{chance:.3f}")

    def _base(self, asked):
        """How many the figure is about; None where it is about nobody."""
        said = self.bases.get(asked.measure.code, {}).get("base", "")
        if not said:
            return None
        base = int(said) if said.isdigit() else self._people(asked, said)
        if asked.group != "all":
            school = self.schools[asked.code]
            base = max(1, _whole(Decimal(base) * int(school[asked.group]) / 100))
        return base

    def _people(self, asked, said):
        school = self._school(asked.code)
        match said:
            case "sessions":
                return int(school["pupils"]) * HALF_DAYS[asked.part]
            case "half of pupils":
                return int(school["pupils"]) // 2
            case "fifth of pupils":
                return max(3, int(school["pupils"]) // 5)
        return int(school[said])

    def _school(self, code):
        """A school, a part of one, or the school of a site."""
        if code in self.schools:
            return self.schools[code]
        return self.schools[code.partition("-")[2][:3]]

    def _numerator(self, asked, figure, base):
        """The figure counted out; never more in a group than in the whole school."""
        count = max(0, _whole(figure * base / asked.measure.per))
        if asked.measure.code == "carbon":
            return (figure * base).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if asked.measure.kind == asked.measure.Kind.PERCENTAGE:
            count = min(count, base)
        if asked.group == "all":
            return count
        everyone = replace(asked, group="all")
        whole = self._base(everyone)
        all_count = self._numerator(everyone, self._value(everyone), whole)
        count = min(count, all_count)
        if asked.measure.kind == asked.measure.Kind.PERCENTAGE:
            count = max(count, all_count - (whole - base))
        return count

    def _shown(self, asked, figure):
        return figure.quantize(Decimal(1).scaleb(-asked.measure.decimals), ROUND_HALF_UP)

    # What is not a figure

    def _level(self, asked):
        number = self.table.number(asked.index)
        if asked.measure.inspection:
            row = self.inspections.get((asked.measure.code, asked.code, str(number)))
            if row is None:
                return None
            return Typed(value=row["level"], on=row["day"] or written(self._day(asked)))
        row = self.levels.find(asked.measure.code, asked.code)
        if row is None:
            return None
        is_now = asked.index // 3 > self.table.baseline_year
        return Typed(value=row["now"] if is_now else row["then"])

    def _done(self, asked):
        row = self.done.find(asked.measure.code, asked.code)
        if row is None:
            return None
        number, said = self.table.number(asked.index), row["term"]
        if said.startswith("every"):
            part = ("autumn", "spring", "summer")[asked.index % 3]
            is_done = said in ("every term", f"every {part}")
        else:
            is_done = said.isdigit() and number >= int(said)
        if is_done:
            return Typed(value="yes", on=written(self._day(asked)))
        if asked.index < self.table.first_of_plan:
            return None
        return Typed(value="not yet" if said.isdigit() or said.startswith("every") else said)

    def _cases(self, asked):
        row = self.cases.find(asked.measure.code, asked.code)
        if row is None:
            return None
        is_last = asked.index == self.table.last
        overdue, _, every = row["now" if is_last else "then"].partition(" of ")
        if every == "log":
            overdue, every = self.log.counts(asked.measure.code, asked.code, asked.index)
        return Typed(numerator=str(overdue), denominator=str(every))

    def _rated(self, asked, typed):
        """A rating of the plan's own terms, with its evidence; the figure alone before."""
        row = self.ratings.find(asked.measure.code, asked.code)
        number = self.table.number(asked.index)
        is_rated = row and asked.index >= self.table.first_of_plan
        if not is_rated or (row["last"] and number > int(row["last"])):
            return typed if typed.has_answer else None
        each_term = len(asked.measure.asked_parts()) > 1
        rating = row["then" if each_term and asked.index < self.table.last else "now"]
        evidence = self.evidence[asked.measure.code]
        return typed._replace(
            rating=rating,
            reviewer=evidence["reviewer"],
            kind=evidence["kind"],
            evidence=evidence[rating],
            on=written(self._day(asked)),
        )

    def _day(self, asked):
        """A day in the last weeks of the term, a weekday."""
        dates = self.table.dates(asked.index)
        back = Random(f"{asked.code} {asked.measure.code} {asked.index}").randint(1, 19)  # noqa: S311
        day = dates.ends - timedelta(days=back)
        return day - timedelta(days=max(0, day.weekday() - 4))


def _whole(figure):
    return int(figure.to_integral_value(ROUND_HALF_UP))
