"""Where a unit started from, and what it had the time before: the past of a figure.

Source: docs/rag.md, Where a plan begins.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from kpis.rag.choose import figure_of, has_figure
from kpis.rag.given import Answer, Basis, Given, Measure, Period, Reading, Start, Terms, Unit
from kpis.rag.once import ever
from kpis.rag.periods import about, alike, same_season


class Beginning(NamedTuple):
    """The baseline of one unit and group, as shown.

    ``since`` is the term at whose end it stood, None while it is undated.
    ``answer`` is the entry that it comes from, None for what is printed or
    typed. ``broken`` says why it is no like-for-like figure any more.
    """

    value: Decimal | None = None
    level: tuple[int, int] | None = None
    since: int | None = None
    answer: Answer | None = None
    broken: str | None = None

    @property
    def is_undated(self) -> bool:
        """Printed in the plan, without saying of when."""
        return self.since is None


def beginning(
    given: Given,
    measure: Measure,
    reading: Reading,
    terms: Terms,
    unit: Unit,
    group: str,
    period: Period,
) -> Beginning | None:
    """The baseline of the figure of ``period``; None where there is none yet.

    A unit's own typed baseline comes before the clause's baseline period.
    """
    if terms.baseline is None and not reading.starts:
        return None
    answers = given.answers.get((measure.id, unit.id, group), ())
    typed = _typed(reading, unit, group, period)
    if typed is not None and typed.entry_period is None:
        return _from_words(measure, typed, period)
    since = terms.baseline if typed is None else typed.entry_period
    found = None if since is None else _entry_of(answers, measure, since, period)
    return None if found is None else _from_answer(measure, found, answers, period)


def _typed(reading: Reading, unit: Unit, group: str, period: Period) -> Start | None:
    if not reading.starts:
        return None
    own = [
        start
        for start in reading.starts
        if start.unit == unit.id
        and start.group == group
        and start.season in (0, period.part)
        and start.from_index <= period.index
    ]
    return max(own, key=lambda start: (start.from_index, start.season), default=None)


def _from_words(measure: Measure, start: Start, period: Period) -> Beginning:
    value = None if start.value is None else measure.shown.figure(start.value)
    index = None if start.dated is None else start.dated.index
    broken = _changed_since(measure, start.from_index, period)
    return Beginning(value, start.level, index, broken=broken)


def _entry_of(
    answers: Sequence[Answer], measure: Measure, since: Period, period: Period
) -> Answer | None:
    """The entry of the baseline's period; where seasons count, of the same term of its year.

    One of none of none is an entry too: it has no figure, but in a pool it is not missing.
    """
    told = [answer for answer in answers if answer.why_none is None]
    if not same_season(measure):
        return about(told, since)
    same = [a for a in told if a.period.year == since.year and a.period.span == period.span]
    return same[-1] if same else about(told, since)


def _from_answer(
    measure: Measure, answer: Answer, answers: Sequence[Answer], period: Period
) -> Beginning:
    broken = _break_since(measure, answer, period, answers)
    return Beginning(figure_of(answer, measure), answer.level, answer.period.index, answer, broken)


def break_between(measure: Measure, then: Answer, period: Period, now: Answer | None) -> str | None:
    """Why two figures of a measure are not like for like; None if they are."""
    if not alike(measure, then.period, period):
        return f"{then.period.name} is another span than {period.name}"
    if why := _changed_since(measure, then.period.index, period):
        return why
    if now is not None and then.provider and now.provider and then.provider != now.provider:
        return f"the provider changed from {then.provider} to {now.provider}"
    return None


def _break_since(
    measure: Measure, then: Answer, period: Period, answers: Sequence[Answer]
) -> str | None:
    # Who provided it is asked only where somebody has said so then.
    now = about(answers, period) if then.provider else None
    return break_between(measure, then, period, now)


def _changed_since(measure: Measure, index: int, period: Period) -> str | None:
    """Why a measure of a term is no longer the same by the end of ``period``."""
    for first_new, why in measure.breaks:
        if index < first_new <= period.index:
            return why
    return None


class Past:
    """What units had of a measure before: asked for a unit, and again for all together."""

    def __init__(self, given: Given, measure: Measure) -> None:
        self.given, self.measure = given, measure
        self._is_yearly = measure.seasonal or measure.basis not in (Basis.TERM, Basis.DATE)
        self._known: dict[tuple[int, str, int, Basis], Answer | None] = {}

    def before(self, unit: Unit, group: str, period: Period) -> Answer | None:
        """The answer of the last like-for-like period, for movement and trend.

        Of what is for a year or a part of it, or follows the seasons, that of
        the year before; else the latest earlier one.
        """
        key = unit.id, group, period.index, period.basis
        if key not in self._known:
            answers = self.given.answers.get((self.measure.id, unit.id, group), ())
            self._known[key] = self._find(answers, period)
        return self._known[key]

    def _find(self, answers: Sequence[Answer], period: Period) -> Answer | None:
        measure, index, year = self.measure, period.index, period.year - 1
        for last in reversed(answers):
            if (
                last.period.index < index
                and (last.period.year == year or not self._is_yearly)
                and alike(measure, last.period, period)
                and has_figure(last)
            ):
                return None if _break_since(measure, last, period, answers) else last
        return None


@ever
def past(given: Given, measure: Measure) -> Past:
    """What units had of a measure before."""
    return Past(given, measure)


def before(given: Given, measure: Measure, unit: Unit, group: str, period: Period) -> Answer | None:
    """The answer of the last like-for-like period; more in `Past`."""
    return past(given, measure).before(unit, group, period)
