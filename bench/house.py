"""An invented trust of a given size: its schools, its terms, its people, its plan."""

from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from django.utils.text import slugify

from kpis.models import (
    KPI,
    Baseline,
    Clause,
    ClauseVersion,
    Due,
    Level,
    Measure,
    PupilGroup,
    Reading,
    ReadingVersion,
    Scale,
    ScaleTarget,
    ScaleVersion,
    Series,
    Target,
    TargetStep,
)
from priorities.models import Plan, Priority
from schools.actions import found_trust, give_role, take_in
from schools.calendar import term_of
from schools.models import Part, Period, Phase, Role, Term, Unit, UnitKind
from schools.tenancy import inside
from schools.term_files import TermDates

from .recipes import INSPECTED, recipes

FIRST_YEAR, YEARS = 2020, 5  # fifteen terms of figures
STARTS, ENDS = date(2023, 9, 1), date(2026, 8, 31)
BASELINE_YEAR = 2022
PRIORITIES = 5
PHASES = {
    Phase.PRIMARY: (4, 11, 0.62),
    Phase.SECONDARY: (11, 16, 0.28),
    Phase.ALL_THROUGH: (4, 16, 0.06),
    Phase.SPECIAL: (4, 16, 0.04),
}
GRADES = ["Not yet", "Bronze", "Silver", "Gold"]
JUDGED = ["Inadequate", "Requires improvement", "Good", "Outstanding"]


class House:
    """What was made, by number where the figures need it.

    ``measures`` are (recipe's measure, row) pairs, ``schools`` the units that
    have a column, ``term`` the last of the fifteen, which the pages are about.
    """

    def __init__(self, schools, kpis, seed):
        self.size = f"{schools}x{kpis}"
        self.random = Random(f"{seed} {self.size}")  # noqa: S311 - the same trust each time
        self.trust = found_trust(
            name=f"Trust of {schools} schools", slug=f"bench-{self.size}", terms=list(_terms())
        )
        with inside(self.trust):
            self.own = Unit.objects.get(kind=UnitKind.TRUST)
            self.terms = list(Term.objects.select_related("period").order_by("period__on"))
            self.groups = dict(PupilGroup.objects.values_list("code", "pk"))
            self.schools = [self._school(number, schools) for number in range(schools)]
            self.parts = list(Unit.objects.filter(kind=UnitKind.PART))
            self.leader = self._person(Role.LEADER)
            self.manager = self._person(Role.DATA_MANAGER)
            self.first = Period.objects.for_term(*term_of(STARTS))
            self.measures, self.kpis, self._periods = [], [], {}
            self._make_plan(kpis)

    @cached_property
    def term(self):
        return self.terms[YEARS * 3 - 1]

    def answering(self, measure):
        """The units that answer: of what England publishes by phase, the parts of mixed schools."""
        if not measure.is_by_phase:
            return self.schools
        mixed = {part.parent_id for part in self.parts}
        return [unit for unit in self.schools if unit.pk not in mixed] + self.parts

    def asked_about(self, measure, term):
        """The period that a term asks a measure about."""
        key = measure.basis, measure.about, term.pk
        if key not in self._periods:
            self._periods[key] = measure.period_for(term)
        return self._periods[key]

    def period(self, basis, year, part):
        return Period.objects.kept(Period(basis=basis, year_id=year, part=part, on=None))

    def _person(self, role):
        email = f"{role}@{self.trust.slug}.example.org"
        return give_role(trust=self.trust, email=email, name=f"A {role}", role=role).user

    def _school(self, number, count):
        place, phase = (number * 7 % count + 0.5) / count, None
        for phase, (_, _, share) in PHASES.items():  # noqa: B007 - the one where it stops
            if place < share:
                break
            place -= share
        low, high, _ = PHASES[phase]
        return take_in(
            trust=self.trust,
            name=f"School number {number + 1:03}",
            short_name=f"School {number + 1:03}",
            code=f"S{number + 1:03}",
            phase=phase,
            low_age=low,
            high_age=high,
            pupils_on_roll=self.random.randint(60, 1200),
            # One in twenty joined when the plan had begun.
            joined=date(2024, 9, 1) if number % 20 == 19 else date(2019, 9, 1),
        ).unit_ptr

    # The plan

    def _make_plan(self, count):
        self.plan = Plan.objects.create(
            trust=self.trust, key="bench", title="A plan to measure by", starts=STARTS, ends=ENDS
        )
        tops = [
            Priority.objects.create(
                plan=self.plan,
                role="priority",
                key=f"p{number}",
                code=str(number + 1),
                order=number,
                title=f"Priority number {number + 1}",
            )
            for number in range(PRIORITIES)
        ]
        self._scales()
        for number, recipe in enumerate(recipes(count)):
            title = f"{recipe.title} {number + 1}"
            kpi = KPI.objects.create(
                plan=self.plan,
                parent=tops[number * PRIORITIES // count],
                role="kpi",
                key=f"k{number}",
                code=f"K{number + 1}",
                order=number,
                title=title,
                short_name=title[:32],
                combine=recipe.combine,
            )
            self.kpis.append((recipe, kpi))
            made = {}
            for place, promised in enumerate(recipe.clauses):
                if promised.measure not in made.values():
                    measure = self._measure(promised.measure, number)
                    made[measure] = promised.measure
                    self.measures.append((promised.measure, measure))
                measure = next(row for row, counted in made.items() if counted is promised.measure)
                self._clause(kpi, place, promised, measure)
            if any(promised.rule == "done" for promised in recipe.clauses):
                day = date(2024, 12, 1) + timedelta(days=37 * (number % 15))
                Due.objects.create(node=kpi, precision="day", resolved=day, label=f"{day:%B %Y}")

    def _scales(self):
        self.levels = {}
        for code, names in {"award": GRADES, "grade": JUDGED}.items():
            scale = Scale.objects.create(trust=self.trust, code=code, name=f"The {code}")
            version = ScaleVersion.objects.create(scale=scale, key="1")
            self.levels[code] = [
                Level.objects.create(
                    version=version,
                    order=order,
                    key=slugify(name),
                    name=name,
                    failing=name == "Inadequate",
                )
                for order, name in enumerate(names)
            ]

    def scale_of(self, counted):
        return "grade" if counted is INSPECTED else "award"

    def _measure(self, counted, number):
        code = slugify(f"{counted.name} {number + 1}")
        columns = {"of": "school", "unit": "", "better": "higher", **counted.columns}
        if columns["kind"] == "level":
            columns["scale"] = self.levels[self.scale_of(counted)][0].version.scale
        if counted.series:
            columns["series"], _ = Series.objects.get_or_create(
                owner="", provider="England", what=code, basis=columns["basis"]
            )
        measure = Measure.objects.create(
            trust=self.trust, code=code, name=f"{counted.name} {number + 1}", **columns
        )
        measure.groups.set([self.groups[group] for group in counted.groups])
        return measure

    def _clause(self, kpi, place, promised, measure):
        columns = {"level": "school", "roll_up": "each_school", "group": "all", **promised.columns}
        columns["group_id"] = self.groups[columns.pop("group")]
        baseline = None
        if promised.baseline:
            baseline = self.period(measure.basis, BASELINE_YEAR, Part.SUMMER)
        clause = Clause.objects.create(node=kpi, key=f"c{place + 1}", order=place)
        version = ClauseVersion.objects.create(
            clause=clause,
            from_period=self.first,
            rule=promised.rule,
            baseline_period=baseline,
            **columns,
        )
        reading = Reading.objects.create(clause=clause, measure=measure)
        ReadingVersion.objects.create(
            reading=reading, from_period=self.first, margin=promised.margin
        )
        if promised.rule == "scale":
            level = self.levels["grade" if measure.inspection else "award"][2]
            ScaleTarget.objects.create(
                clause_version=version, scale_version=level.version, level=level
            )
        self._targets(promised, reading)
        self._joiners(promised, measure, reading)

    def _targets(self, promised, reading):
        if promised.target is None:
            return
        low, high = promised.target if isinstance(promised.target, tuple) else (None, None)
        value = None if low is not None else promised.target
        columns = {"reading": reading, "from_period": self.first, "path": promised.path}
        whole = Target.objects.create(
            unit=self.own, value=value, low=low, high=high, printed=True, **columns
        )
        if promised.path == "steps":
            for years, short in enumerate((6, 3, 0)):
                by = self.period("academic_year", 2023 + years, Part.SUMMER)
                TargetStep.objects.create(target=whole, by_period=by, value=value - short)
        if value is not None and promised.path != "steps":
            # One school in twenty has a target of its own.
            Target.objects.bulk_create(
                Target(unit=school, value=value + self.random.choice((-2, -1, 1)), **columns)
                for school in self.schools[3::20]
            )

    def _joiners(self, promised, measure, reading):
        """Schools that joined in the plan have a year of their own to be judged by."""
        if not promised.baseline:
            return
        period = self.period(measure.basis, 2024, Part.AUTUMN if measure.seasonal else Part.SUMMER)
        Baseline.objects.bulk_create(
            Baseline(
                reading=reading,
                unit=school,
                group_id=self.groups["all"],
                from_period=self.first,
                entry_period=period,
            )
            for school in self.schools[19::20]
        )


def _terms():
    """Fifteen terms, and the next, so that the last one's cut-off never moves."""
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
        for part in Part:
            yield _term(year, part)
    yield _term(FIRST_YEAR + YEARS, Part.AUTUMN)


def _term(year, part):
    starts, ends, due = {
        Part.AUTUMN: (date(year, 9, 1), date(year, 12, 19), date(year + 1, 1, 16)),
        Part.SPRING: (date(year + 1, 1, 5), date(year + 1, 4, 1), date(year + 1, 4, 29)),
        Part.SUMMER: (date(year + 1, 4, 20), date(year + 1, 7, 21), date(year + 1, 9, 15)),
    }[part]
    london = ZoneInfo("Europe/London")
    due = datetime(due.year, due.month, due.day, 17, tzinfo=london)
    return TermDates(year, part, starts, ends, opens=ends.replace(day=1), due=due)
