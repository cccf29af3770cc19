"""What a reading is held against: a level of another version, a number, another group."""

from dataclasses import replace

from kpis import actions
from kpis.models import Level, PupilGroup
from kpis.rag.given import ALL_PUPILS, Aim, index_of
from kpis.rag.periods import judged_index

from .base import Answer
from .forms import LevelsForm, NumberForm, ReferenceForm

NO_LEVEL = "No target on this version"


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
