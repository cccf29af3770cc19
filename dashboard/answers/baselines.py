"""From where a reading starts: a first figure, the date of a printed one, the grade on joining."""

from dataclasses import replace

from kpis import actions
from kpis.models import Baseline, Level
from kpis.rag.choose import told_by_now
from kpis.rag.given import Start, index_of
from kpis.rag.periods import judged_index
from schools.models import Unit

from .base import Answer, key_of, period_row
from .forms import BaselineForm, DateForm, LevelsForm

TERMS_BEFORE = 9  # a printed figure is hardly older than that when the plan begins


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
        return [(*key_of(start), str(start.value)) for start in self.undated]

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
        keys = {key_of(start) for start in self.undated}
        rows = Baseline.objects.filter(reading=self.reading.id, dated=None, value__isnull=False)
        rows = [
            row
            for row in rows.select_related("reading", "unit", "group", "from_period")
            if (row.unit_id, row.group.code, row.season, row.from_period.index) in keys
        ]
        why = self._why(form, memberships)
        actions.date_baselines(rows, period_row(period), season=season, **why)
        return f"The baseline is now of {period.name}."


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
