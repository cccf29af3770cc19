"""What a collecting term asks, and of whom: the questions of each return.

Each measure is asked once of each unit that it applies to, for each of its
groups. A school's return has what the school itself answers, for its parts
too; the trust's own return has the rest: the trust, sites and bodies, and what
an office of the trust answers about a school.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import OuterRef, Subquery

from kpis.facts.places import Applicabilities, read_units
from kpis.facts.times import Calendar
from kpis.models import ClauseVersion, Comparator, Entry, Level, Measure, PupilGroup
from kpis.models.comparators import Scope
from kpis.rag import given
from kpis.rag.applies import applies, is_asked_of
from schools.models import Basis, Part, Period, Term, UnitKind

from ..typed.spelling import lower_first
from . import questions

ALL_PUPILS = given.ALL_PUPILS
UNTIL_YES = frozenset({Measure.Kind.YES_NO, Measure.Kind.DATE})
SEVERAL = frozenset({Measure.Kind.LEVEL, Measure.Kind.RATING})


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a return: a measure of one group of one unit, about a period.

    ``number`` tells several answers of a dated measure apart; it is 1 elsewhere.
    """

    measure: Measure
    unit: given.Unit
    group: PupilGroup
    period: given.Period
    number: int = 1
    key: tuple[int, int, int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        # Asked for a dozen times in each row of a file: worked out once.
        key = self.measure.id, self.unit.id, self.group.id, self.number
        object.__setattr__(self, "key", key)

    @property
    def name(self):
        return name_of(self.measure, self.group)

    @property
    def may_repeat(self):
        """Whether one term may bring several answers: two inspections, two reviews."""
        return self.measure.basis == Basis.DATE and self.measure.kind in SEVERAL


def name_of(measure, group):
    """What the screen calls a question: "Attendance", "Attendance, disadvantaged"."""
    if group.code == ALL_PUPILS:
        return measure.name
    return f"{measure.name}, {lower_first(group.name)}"


class Asking:
    """All that one term asks of a trust, read in seven queries whatever its size.

    ``terms`` is the trust's whole calendar, where the caller has read it.
    """

    def __init__(self, term, terms=None):
        self.term = term
        self.part = Part(term.period.part)
        self.index = term.period.index
        self.units, self.short_names = read_units(term)
        self.calendar = Calendar(terms or Term.objects.select_related("period"))
        self.measures = self._read_measures()
        self._rules = self._read_rules()
        self._periods, self._groups, self._questions = {}, {}, {}
        self._why_not_of = {}
        self._done = self._read_done()
        self._not_published = self._read_not_published()

    def _read_measures(self):
        """What this part of the year asks, with groups; two queries."""
        versions = ClauseVersion.objects.filter(
            clause__readings__measure=OuterRef("pk"),
            clause__archived_at=None,
            from_period__on__lte=self.term.period.on,
        ).order_by("-from_period__on", "-repeated")
        measures = (
            Measure.objects.live()
            .asked_in(self.part)
            .select_related("office")
            .prefetch_related("groups")
            .annotate(repeated=Subquery(versions.values("repeated")[:1]))
            .order_by("pk")
        )
        return {measure.pk: measure for measure in measures}

    def _read_rules(self):
        rules, found = Applicabilities(), {}
        rows = Measure.objects.filter(pk__in=self.measures)
        columns = ["pk", *Applicabilities.columns("applicability")]
        for row in rows.values_list(*columns, named=True):
            found[row.pk] = rules.gather(row, "applicability")
        return {pk: rules.rule(rule) for pk, rule in found.items()}

    def _read_done(self):
        """What has been answered with yes in an earlier term: {question: its years}."""
        done = Entry.objects.filter(
            measure__in=[pk for pk, m in self.measures.items() if m.kind in UNTIL_YES],
            done="yes",
            collected_in__period__on__lt=self.term.period.on,
        )
        years = {}
        for *question, year in done.values_list(
            "measure_id", "unit_id", "group_id", "collected_in__period__year_id"
        ):
            years.setdefault(tuple(question), set()).add(year)
        return years

    def _read_not_published(self):
        """The figures that a series has said it will not give."""
        rows = Comparator.objects.filter(
            series__in={m.series_id for m in self.measures.values() if m.series_id},
            not_published=True,
            group__code=ALL_PUPILS,
            scope__in=[Scope.EVERYONE, Scope.PHASE],
        )
        found = set()
        for series, scope_code, *period in rows.values_list(
            "series_id",
            "scope_code",
            "period__pk",
            "period__basis",
            "period__year_id",
            "period__part",
            "period__on",
        ):
            about = self.calendar.at(*period)
            found.add((series, scope_code, about.span, about.index))
        return found

    @cached_property
    def groups(self):
        """The pupil groups of all its measures: {number: group}."""
        return {
            group.pk: group for measure in self.measures.values() for group in measure.groups.all()
        }

    @cached_property
    def levels(self):
        """The levels of each scale of the trust, lowest first."""
        rows = Level.objects.order_by("version", "order")
        found = {}
        for scale, pk, key, name, since in rows.values_list(
            "version__scale_id", "pk", "key", "name", "version__since"
        ):
            found.setdefault(scale, []).append(questions.Level(pk, key, name, since))
        return {scale: tuple(levels) for scale, levels in found.items()}

    def of_return(self, unit_id):
        """The questions of one unit's return, by measure, unit and group."""
        return [asked for asked in self.every if self.returning(asked) == unit_id]

    def returning(self, asked):
        """The unit whose return asks it."""
        return self.returning_unit(asked.measure, asked.unit)

    def returning_unit(self, measure, unit):
        if measure.office_id is None:
            if unit.kind == UnitKind.SCHOOL:
                return unit.id
            if unit.kind == UnitKind.PART:
                return unit.parent
        return self.trust_unit

    @cached_property
    def trust_unit(self):
        return next(unit.id for unit in self.units.values() if unit.kind == UnitKind.TRUST)

    @cached_property
    def every(self):
        """All questions of the term."""
        return [
            Asked(measure, unit, group, self.period_of(measure))
            for measure in self.measures.values()
            for unit in self.units.values()
            for group in self.groups_of(measure)
            if self.why_not(measure, unit, group) is None
        ]

    def period_of(self, measure):
        """The period that this term asks a measure about."""
        key = measure.basis, measure.about
        if key not in self._periods:
            about = measure.asked_about(self.term)
            self._periods[key] = self.calendar.made(
                about.basis, about.year_id, about.part, about.on
            )
        return self._periods[key]

    @cached_property
    def kept_periods(self):
        """The rows of the periods asked about, by basis and what about; one query.

        A period that no figure has been about yet has none.
        """
        asked = {(m.basis, m.about): m.asked_about(self.term) for m in self.measures.values()}
        rows = Period.objects.filter(year__in={about.year_id for about in asked.values()})
        kept = {(row.basis, row.year_id, row.part, row.on): row for row in rows}
        found = {
            key: kept.get((about.basis, about.year_id, about.part, about.on))
            for key, about in asked.items()
        }
        return {key: row for key, row in found.items() if row}

    def keep_periods(self):
        """Give each period that is asked about its row, before the first figure comes."""
        for measure in self.measures.values():
            if (measure.basis, measure.about) not in self.kept_periods:
                row = measure.period_for(self.term)
                self.kept_periods[measure.basis, measure.about] = row

    def groups_of(self, measure):
        """Its groups; "others" are worked out where counts exist, and never asked."""
        return self._groups_of(measure)[0]

    def is_of(self, measure, group):
        """Whether a measure is asked for a group."""
        return group.id in self._groups_of(measure)[1]

    def _groups_of(self, measure):
        if measure.id not in self._groups:
            groups = _asked_groups(measure)
            self._groups[measure.id] = groups, frozenset(group.id for group in groups)
        return self._groups[measure.id]

    def why_not(self, measure, unit, group):
        """Why this is not asked, in words that end a sentence; None if it is."""
        place = measure.id, unit.id
        if place not in self._why_not_of:
            self._why_not_of[place] = self._why_not_at_all(measure, unit)
        if self._why_not_of[place] is None and self._is_done(measure, unit, group):
            return "has been answered with yes in an earlier term"
        return self._why_not_of[place]

    def _why_not_at_all(self, measure, unit):
        """Why it is asked of a unit for no group."""
        if not is_asked_of(measure.of, measure.is_by_phase, unit.place):
            return f"is asked of another kind of unit ({measure.get_of_display().lower()})"
        if not applies(self._rules[measure.pk], unit.place, self.index):
            return f"does not apply to {unit.name}"
        period = self.period_of(measure)
        if not unit.is_in(period):
            return f"is about {period.name}, and {unit.name} was not in the trust for all of it"
        if self._is_not_published(measure, unit, period):
            return f"is not published for {period.name}"
        return None

    def _is_not_published(self, measure, unit, period):
        if measure.series_id is None:
            return False
        about = (measure.series_id, period.span, period.index)
        return any((about[0], code, *about[1:]) in self._not_published for code in ("", unit.phase))

    def _is_done(self, measure, unit, group):
        """A duty that comes back is asked again in its new term or year."""
        years = self._done.get((measure.id, unit.id, group.id))
        if years is None:
            return False
        match measure.repeated:
            case ClauseVersion.Repeated.TERM:
                return False
            case ClauseVersion.Repeated.YEAR:
                return self.term.period.year_id in years
        return bool(years)

    def question(self, asked):
        """The question as the reader of what is typed needs it."""
        return self.question_about(asked.measure, asked.group)

    def question_about(self, measure, group):
        """The same of any unit: it is what the reader of several returns needs."""
        place = measure.id, group.id
        if place not in self._questions:
            levels = self.levels.get(measure.scale_id, ()) if measure.scale_id else ()
            days = self.calendar.days[self.index]
            name = name_of(measure, group)
            self._questions[place] = question_of(measure, name, days, levels)
        return self._questions[place]


def _asked_groups(measure):
    groups = list(measure.groups.all())
    if measure.counts == Measure.Counts.NONE:
        return groups
    if not any(group.code == ALL_PUPILS for group in groups):
        return groups
    others = {group.complement_id for group in groups}
    return [group for group in groups if group.pk not in others]


def question_of(measure, name, days, levels):
    """What the reader has to know of a measure; ``days`` are those of the term that asks."""
    starts, ends = days
    return questions.Question(
        name=name,
        kind=measure.kind,
        starts=starts,
        ends=ends,
        counts=measure.counts,
        per=measure.per,
        lowest=measure.lowest,
        highest=measure.highest,
        decimals=measure.decimals,
        numerator_name=measure.numerator_name,
        denominator_name=measure.denominator_name,
        survey=measure.survey,
        rated=measure.rated,
        dated=measure.basis == Basis.DATE,
        inspection=measure.inspection,
        about_pupils=measure.about_pupils,
        levels=levels,
    )


def minimum_of(measure, trust):
    """Below how many nobody gets a colour; 0 where any number is judged."""
    if measure.min_to_judge is not None:
        return measure.min_to_judge
    return trust.min_to_judge if measure.about_pupils else 0
