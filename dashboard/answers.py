"""The answers of a leader: what each form asks, what it would change, and how it is kept.

What an answer would change is found by judging the promise with it, by the
same rules that judge it once it is kept.
"""

from dataclasses import dataclass, replace

from kpis import actions
from kpis.facts import NotInPlan
from kpis.facts.times import Calendar
from kpis.models import Baseline, Level, PupilGroup, Reading
from kpis.rag.choose import told_by_now
from kpis.rag.given import ALL_PUPILS, Aim, Basis, Start, index_of
from kpis.rag.judging import judge_one
from kpis.rag.periods import judged_index, same_season
from kpis.rag.verdict import Verdict
from schools.calendar import nominal_end
from schools.models import Period, Unit

from .asks import ReadingAsks
from .cells import term_name
from .forms import BaselineForm, DateForm, LevelsForm, NumberForm, ReferenceForm

TERMS_BEFORE = 9  # a printed figure is hardly older than that when the plan begins
WHOLE = "all parts together"
NO_LEVEL = "No target on this version"


@dataclass(frozen=True, slots=True)
class Effect:
    """One status that an answer changes."""

    name: str
    before: Verdict
    after: Verdict


def effects(given, promise, changed, clause):
    """Whose status is another one in this term if ``changed`` stands in place of the promise.

    That of one clause, by its number; of several, that of the promise as well.
    """
    before, after = judge_one(given, promise), judge_one(given, changed)
    was, will = before.line(clause), after.line(clause)
    names = {pk: unit.name for pk, unit in given.units.items()}
    trust = names[given.trust]
    pairs = [(trust, was.trust.verdict, will.trust.verdict)]
    pairs += [(names[pk], was.units[pk].verdict, s.verdict) for pk, s in will.units.items()]
    if len(promise.clauses) > 1:
        pairs.append((f"{trust}, {WHOLE}", before.trust.verdict, after.trust.verdict))
        pairs += [
            (f"{names[pk]}, {WHOLE}", before.schools[pk].verdict, cell.verdict)
            for pk, cell in after.schools.items()
        ]
    return tuple(
        Effect(name, was, will)
        for name, was, will in pairs
        if (was.status, was.reason) != (will.status, will.reason)
    )


class Answer:
    """One thing to settle about one reading of a promise, and its form."""

    title = lead = ""

    def __init__(self, facts, promise, reading, calendar):
        self.facts, self.given, self.promise = facts, facts.given, promise
        self.calendar = Calendar(calendar)
        found = [(clause, r) for clause in promise.clauses for r in clause.readings]
        self.clause, self.reading = next(
            ((clause, r) for clause, r in found if r.id == reading), (None, None)
        )
        if self.reading is None:
            raise NotInPlan
        self.asks = ReadingAsks(self.given, promise, self.clause, self.reading)
        self.measure, self.terms = self.asks.measure, self.asks.terms

    @property
    def is_open(self):
        """Whether there is anything to settle."""
        return bool(self.shown)

    @property
    def shown(self):
        """What the choice rests on, in plain values; empty where nothing is open."""
        raise NotImplementedError

    def details(self):
        """What there is already, in sentences."""
        return ()

    def form(self, posted=None):
        """The form, with ``posted`` in it."""
        raise NotImplementedError

    def changed(self, form):
        """The promise as it would be."""
        raise NotImplementedError

    def save(self, form, memberships):
        """Keep it."""
        raise NotImplementedError

    def effects(self, form):
        return effects(self.given, self.promise, self.changed(form), self.clause.id)

    # What several of them need

    def _since(self, first, usual):
        """From which term it may hold: choices and the one that is chosen already."""
        last = self.given.term.index
        first = min(first, last)
        usual = min(max(usual, first), last)
        terms = [(index, term_name(index)) for index in range(last, first - 1, -1)]
        return {"terms": terms, "since": usual, "shown": self.shown}

    def _why(self, form, memberships):
        index = form.cleaned_data["since"]
        return {
            "from_period": Period.objects.for_term(index // 3, index % 3 + 1),
            "reason": form.cleaned_data["reason"],
            "memberships": memberships,
        }

    def _row(self):
        return Reading.objects.select_related("measure", "clause").get(pk=self.reading.id)

    def _group(self):
        return PupilGroup.objects.get(code=self.terms.group)

    def _with_clause(self, clause):
        clauses = tuple(clause if one.id == clause.id else one for one in self.promise.clauses)
        return replace(self.promise, clauses=clauses)

    def _with_reading(self, **changes):
        changed = replace(self.reading, **changes)
        readings = tuple(changed if r.id == changed.id else r for r in self.clause.readings)
        return self._with_clause(replace(self.clause, readings=readings))

    def _with_starts(self, starts):
        """The promise with more baselines; one with the same key takes the place of the other."""
        keys = {_key(start) for start in starts}
        kept = tuple(start for start in self.reading.starts if _key(start) not in keys)
        return self._with_reading(starts=(*kept, *starts))

    def _with_terms(self, index, **changes):
        """The promise with another version of the clause from a term on."""
        held = self.clause.in_force(index)
        version = replace(held, from_index=index, **changes)
        kept = tuple(terms for terms in self.clause.terms if terms.from_index != index)
        ordered = sorted((*kept, version), key=lambda terms: terms.from_index)
        return self._with_clause(replace(self.clause, terms=tuple(ordered)))

    def _season(self, period):
        """The term of the year that it is for, where the past is the same term of another year."""
        is_by_season = same_season(self.measure) and self.measure.basis in (
            Basis.TERM,
            Basis.YEAR_TO_DATE,
        )
        return period.part if is_by_season else 0

    def _promised_since(self):
        return max(self.clause.terms[0].from_index, index_of(self.given.plan_starts))


def _key(start):
    return start.unit, start.group, start.season, start.from_index


def period_row(period):
    """The row of a period that the rules know."""
    is_a_day = period.basis is Basis.DATE
    on = period.ends if is_a_day else nominal_end(period.year, period.part)
    told = {"basis": period.basis.value, "year_id": period.year, "part": period.part, "on": on}
    return Period.objects.kept(Period(**told))


class BaselineAnswer(Answer):
    title = "Accept a first figure as the baseline"
    lead = (
        "These figures are the first that can be compared with later ones. Once one is accepted,"
        " later figures are judged by it. The baseline itself never has a status."
    )

    def __init__(self, *args):
        super().__init__(*args)
        self.candidates = {one.unit.id: one for one in self.asks.candidates()}

    @property
    def shown(self):
        return [(pk, one.period.index, one.words) for pk, one in self.candidates.items()]

    def form(self, posted=None):
        first = min(one.period.index for one in self.candidates.values())
        usual = judged_index(self.given, self.clause)
        choices = [
            (pk, f"{one.unit.name}: {one.words}, {one.period.name}")
            for pk, one in self.candidates.items()
        ]
        return BaselineForm(posted, choices=choices, **self._since(first, usual))

    def changed(self, form):
        chosen = [self.candidates[pk] for pk in form.cleaned_data["units"]]
        return self._with_starts(
            [
                Start(
                    unit=one.unit.id,
                    group=self.terms.group,
                    season=self._season(one.period),
                    from_index=form.cleaned_data["since"],
                    entry_period=one.period,
                )
                for one in chosen
            ]
        )

    def save(self, form, memberships):
        chosen = [self.candidates[pk] for pk in form.cleaned_data["units"]]
        units = Unit.objects.in_bulk([one.unit.id for one in chosen])
        actions.accept_baselines(
            self._row(),
            [(units[one.unit.id], period_row(one.period)) for one in chosen],
            group=self._group(),
            season=self._season(chosen[0].period),
            **self._why(form, memberships),
        )
        number = len(chosen)
        return f"Accepted {number} baseline{'' if number == 1 else 's'}."


class DateAnswer(Answer):
    title = "Date the printed baseline"
    lead = (
        "The plan prints a baseline without saying of when it is. With a date the way to the"
        " target is known, and a figure is judged by its place on it; until then the final"
        " target decides."
    )

    def __init__(self, *args):
        super().__init__(*args)
        self.undated = self.asks.undated()

    @property
    def shown(self):
        return [(*_key(start), str(start.value)) for start in self.undated]

    def _periods(self):
        """Every period that it can be of, the latest first, by a code."""
        last = self.given.term.index
        first = index_of(self.given.plan_starts) - TERMS_BEFORE
        found = {}
        for index in range(last, first - 1, -1):
            period = self.calendar.ending(index, self.measure.basis)
            if period.index <= last:
                found[f"{period.year}-{period.part}"] = period
        return found

    def form(self, posted=None):
        first = min(start.from_index for start in self.undated)
        usual = judged_index(self.given, self.clause)
        choices = [(code, period.name) for code, period in self._periods().items()]
        return DateForm(posted, choices=choices, **self._since(first, usual))

    def details(self):
        shown = self.asks.scales().shown
        for start in self.undated:
            printed = f', printed with "{start.printed}"' if start.printed else ""
            yield f"{self.given.units[start.unit].name}: {shown.write(start.value)}{printed}"

    def _dated(self, form):
        period = self._periods()[form.cleaned_data["dated"]]
        return period, self._season(period) or self.undated[0].season

    def changed(self, form):
        period, season = self._dated(form)
        since = form.cleaned_data["since"]
        return self._with_starts(
            [
                replace(start, dated=period, season=season, from_index=since)
                for start in self.undated
            ]
        )

    def save(self, form, memberships):
        period, season = self._dated(form)
        keys = {_key(start) for start in self.undated}
        rows = Baseline.objects.filter(reading=self.reading.id, dated=None, value__isnull=False)
        rows = [
            row
            for row in rows.select_related("reading", "unit", "group", "from_period")
            if (row.unit_id, row.group.code, row.season, row.from_period.index) in keys
        ]
        why = self._why(form, memberships)
        actions.date_baselines(rows, period_row(period), season=season, **why)
        return f"The baseline is now of {period.name}."


class LevelAnswer(Answer):
    title = "Set the target on another version of the scale"
    lead = (
        "Levels of two versions of a scale never compare, and nothing is guessed. Say which level"
        " counts as on target; until then what is judged on that version has no status."
    )

    def __init__(self, *args):
        super().__init__(*args)
        self.versions = {one.id: one for one in self.asks.unmapped()}

    @property
    def shown(self):
        if self.terms.rule != "scale" or self.terms.operator != "at_least":
            return []
        return sorted(self.versions)

    def details(self):
        for version in self.asks.versions():
            place = self.terms.scale_targets.get(version.id)
            if place is not None:
                yield f"Target on {version.name}: {version.levels[place].name} or higher"

    def form(self, posted=None):
        questions = [
            (pk, one.name, [(level.id, level.name) for level in reversed(one.levels)], NO_LEVEL)
            for pk, one in self.versions.items()
        ]
        began = [index_of(one.since) for one in self.versions.values() if one.since]
        first = self.clause.terms[0].from_index
        usual = max(first, min(began, default=first))
        return LevelsForm(posted, questions=questions, **self._since(first, usual))

    def changed(self, form):
        places = {
            pk: [level.id for level in self.versions[pk].levels].index(level)
            for pk, level in form.levels.items()
        }
        since = form.cleaned_data["since"]
        held = self.clause.in_force(since)
        changed = self._with_terms(since, scale_targets={**places, **held.scale_targets})
        clause = next(one for one in changed.clauses if one.id == self.clause.id)
        # The later versions learn it too.
        terms = tuple(
            replace(one, scale_targets={**places, **one.scale_targets})
            if one.from_index > since
            else one
            for one in clause.terms
        )
        return self._with_clause(replace(clause, terms=terms))

    def save(self, form, memberships):
        levels = Level.objects.select_related("version").in_bulk(form.levels.values())
        why = self._why(form, memberships)
        actions.map_levels(self._row().clause, list(levels.values()), **why)
        return "The target on this version of the scale is set."


class JoiningAnswer(Answer):
    title = "Give the grade on joining"
    lead = (
        "These schools are judged by the grade that they held when they joined, and none is known"
        " on the scale by which they are inspected now. Say which level of it counts."
    )

    def __init__(self, *args):
        super().__init__(*args)
        self.units = {}
        if self.terms.operator == "maintain_or_improve":
            asked = [one for one in self.asks.found() if one.kind == "joining"]
            self.units = {unit.id: unit for one in asked for unit in one.units}

    @property
    def shown(self):
        return [(pk, self._why_open(pk)) for pk in self.units]

    def _why_open(self, pk):
        return self.asks.line.units[pk].verdict.because

    def _version(self, unit):
        """The version of the scale on which the school was first inspected."""
        told = told_by_now(self.given, self.measure, unit, self.terms.group)
        first = next(answer for answer in told if answer.level is not None)
        return next(v for v in self.asks.versions() if v.id == first.level[0])

    def form(self, posted=None):
        questions = [
            (
                pk,
                f"{unit.name}: {self._why_open(pk)}",
                [(level.id, level.name) for level in reversed(self._version(unit).levels)],
                "Not settled yet",
            )
            for pk, unit in self.units.items()
        ]
        now = self.given.term.index
        return LevelsForm(posted, questions=questions, **self._since(self._promised_since(), now))

    def changed(self, form):
        starts = []
        for pk, level in form.levels.items():
            version = self._version(self.units[pk])
            place = [one.id for one in version.levels].index(level)
            group, since = self.terms.group, form.cleaned_data["since"]
            starts.append(Start(pk, group, 0, since, level=(version.id, place)))
        return self._with_starts(starts)

    def save(self, form, memberships):
        units = Unit.objects.in_bulk(form.levels)
        levels = Level.objects.select_related("version").in_bulk(form.levels.values())
        actions.grades_on_joining(
            self._row(),
            [(units[pk], levels[level]) for pk, level in form.levels.items()],
            group=self._group(),
            **self._why(form, memberships),
        )
        return "The grade on joining is set."


class TargetAnswer(Answer):
    title = "Set the target"
    lead = (
        "The plan names no number, so nothing can be on or off target. The words of the plan stay"
        " beside the number that you set."
    )

    @property
    def shown(self):
        if not any(one.kind == "target" for one in self.asks.found()):
            return []
        own = [aim for aim in self.reading.aims if aim.unit == self.given.trust]
        return [("none", 0), *((aim.from_index, str(aim.value)) for aim in own)]

    def details(self):
        words = [
            change.words
            for change in self.facts.changes
            if change.reading == self.reading.id and isinstance(change.what, Aim)
            if change.what.value is None and change.what.low is None
        ]
        return [f"The plan says: {text}" for text in words[-1:]]

    def form(self, posted=None):
        usual = judged_index(self.given, self.clause)
        is_range, unit = self.terms.rule == "band", self.measure.unit
        since = self._since(self._promised_since(), usual)
        return NumberForm(posted, is_range=is_range, unit=unit, **since)

    def _numbers(self, form):
        told = {name: form.cleaned_data.get(name) for name in ("value", "low", "high")}
        return {name: number for name, number in told.items() if number is not None}

    def changed(self, form):
        since, own = form.cleaned_data["since"], self.given.trust
        aim = Aim(own, since, **self._numbers(form))
        kept = (one for one in self.reading.aims if (one.unit, one.from_index) != (own, since))
        return self._with_reading(aims=(*kept, aim))

    def save(self, form, memberships):
        why = self._why(form, memberships)
        actions.set_target(self._row(), **self._numbers(form), **why)
        return "The target is set."


class ReferenceAnswer(Answer):
    title = "Say whom the gap is measured against"
    lead = "The plan speaks of a gap and does not say to whom, so it cannot be judged."

    @property
    def shown(self):
        if not any(one.kind == "reference" for one in self.asks.found()):
            return []
        return [(terms.from_index, terms.against or "none") for terms in self.clause.terms]

    def _choices(self):
        yield "same_school", "Others in the same school"
        if self.measure.series is not None:
            yield "national_other", "Others in England"
        groups = self.facts.definitions[self.measure.id].groups
        for code, name in groups.items():
            if code not in (ALL_PUPILS, self.terms.group):
                yield f"group:{code}", name

    def form(self, posted=None):
        usual = judged_index(self.given, self.clause)
        since = self._since(self._promised_since(), usual)
        return ReferenceForm(posted, choices=list(self._choices()), **since)

    def _against(self, form):
        against, _, group = form.cleaned_data["against"].partition(":")
        return against, group

    def changed(self, form):
        against, group = self._against(form)
        since = form.cleaned_data["since"]
        return self._with_terms(since, against=against, against_group=group)

    def save(self, form, memberships):
        against, code = self._against(form)
        group = PupilGroup.objects.get(code=code) if code else None
        why = self._why(form, memberships)
        actions.set_reference(self._row().clause, against, group=group, **why)
        return "The gap is measured from now on."


KINDS = {
    "baseline": BaselineAnswer,
    "date": DateAnswer,
    "level": LevelAnswer,
    "joining": JoiningAnswer,
    "target": TargetAnswer,
    "reference": ReferenceAnswer,
}
