"""What a clause says of a level held: which one counts, and what was promised of it.

Source: docs/rag.md, Scale.
"""

from kpis.rag import scale
from kpis.rag.begin import Beginning, beginning
from kpis.rag.choose import choose, missing, told_by_now
from kpis.rag.due import due_of, held_back
from kpis.rag.given import (
    Answer,
    Clause,
    Given,
    Measure,
    Promise,
    Reading,
    ScaleVersion,
    Terms,
    Unit,
)
from kpis.rag.once import once
from kpis.rag.outcome import Said
from kpis.rag.verdict import Verdict

KEEP_OR_RAISE = "maintain_or_improve"


def say_level(
    given: Given,
    promise: Promise,
    clause: Clause,
    reading: Reading,
    measure: Measure,
    terms: Terms,
    unit: Unit,
) -> Said:
    """Judge the level that a unit holds; none is missing, unless it comes by inspection."""
    chosen = choose(given, measure, unit, terms.group)
    if chosen.instead is not None:
        return Said(chosen.instead, measure=measure.id, period=chosen.period, asked=chosen.asked)
    answer, period = chosen.answer, chosen.period
    if terms.operator == KEEP_OR_RAISE:
        # Judged on the first inspection after joining, and by no later one.
        known = [told for told in told_by_now(given, measure, unit, terms.group) if told.level]
        answer = known[0] if known else None
    if answer is not None:
        terms = clause.in_force(answer.period.index)
        period = answer.period
    held = _held(given, measure, answer)
    if held is None and not measure.inspection:
        verdict = missing(given, measure, unit)
    else:
        verdict = _by_operator(given, reading, measure, terms, unit, answer)
    if terms.by_a_date:
        verdict = held_back(verdict, due_of(given, promise, clause).day, given.term.as_at)
    return Said(
        verdict.marked(*chosen.marks),
        measure=measure.id,
        period=period,
        target_words=_level_wanted(given, measure, terms, held),
        asked=chosen.asked,
    )


def _by_operator(
    given: Given,
    reading: Reading,
    measure: Measure,
    terms: Terms,
    unit: Unit,
    answer: Answer | None,
) -> Verdict:
    held = _held(given, measure, answer)
    if terms.operator not in ("improve", KEEP_OR_RAISE):
        return scale.judge_at_least(held, _at_least(given, measure, terms))
    start = _level_at_start(given, reading, measure, terms, unit)
    level = None if start is None or start.level is None else start.level
    earlier = None if level is None else _on_the_scale(given, measure, level)
    if terms.operator == KEEP_OR_RAISE:
        rule = scale.MaintainOrImprove(unit.joined)
        return scale.judge_maintained(held, earlier, rule, as_at=given.term.as_at)
    # The start itself has not improved on anything yet.
    is_start = start is not None and start.answer is not None and start.answer == answer
    earlier = None if is_start else earlier
    return scale.judge_improved(held, earlier, inspected=measure.inspection)


@once
def _at_least(given: Given, measure: Measure, terms: Terms) -> scale.AtLeast:
    """The level to reach on each version of the scale that has one, oldest first."""
    targets = {
        str(version.id): version.levels[place].name
        for version in given.scales.get(measure.scale or 0, ())
        if (place := terms.scale_targets.get(version.id)) is not None
    }
    return scale.AtLeast(targets, measure.inspection)


def _level_at_start(
    given: Given, reading: Reading, measure: Measure, terms: Terms, unit: Unit
) -> Beginning | None:
    """The level typed as the start, or the one held at the end of the baseline's period."""
    period = given.term.period
    typed = beginning(given, measure, reading, terms, unit, terms.group, period)
    if typed is not None and typed.level is not None:
        return typed
    if terms.baseline is None:
        return None
    answers = [
        answer
        for answer in given.answers.get((measure.id, unit.id, terms.group), ())
        if answer.level is not None and answer.period.index <= terms.baseline.index
    ]
    if not answers:
        return None
    return Beginning(level=answers[-1].level, answer=answers[-1])


def _held(given: Given, measure: Measure, answer: Answer | None) -> scale.Held | None:
    if answer is None or answer.level is None:
        return None
    return _on_the_scale(given, measure, answer.level)


@once
def _on_the_scale(given: Given, measure: Measure, level: tuple[int, int]) -> scale.Held | None:
    version_id, place = level
    for version in given.scales.get(measure.scale or 0, ()):
        if version.id == version_id:
            return scale.Held(version.levels[place].name, _as_scale(version))
    return None


def _as_scale(version: ScaleVersion) -> scale.Scale:
    names = tuple(level.name for level in version.levels)
    failing = frozenset(level.name for level in version.levels if level.failing)
    return scale.Scale(str(version.id), names, failing)


def _level_wanted(given: Given, measure: Measure, terms: Terms, held: scale.Held | None) -> str:
    targets = _at_least(given, measure, terms).targets
    wanted = list(targets.values())[-1:] if held is None else [targets.get(held.scale.key)]
    return f"at least {wanted[0]}" if wanted and wanted[0] else ""
