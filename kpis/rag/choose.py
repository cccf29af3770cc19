"""Which answer counts for a question in a term, or why none does.

A measure that the term asks for is judged on the period that it asks for and
on no earlier one. One that it does not ask for carries its last answer. What
is dated or done (levels, yes or no) counts from its day in every term.

Source: docs/rag.md, Which figure counts.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from kpis.rag.applies import applies
from kpis.rag.given import (
    Answer,
    Basis,
    Done,
    Given,
    Kind,
    Measure,
    Period,
    Unit,
    WhyNone,
    index_of,
)
from kpis.rag.grey import (
    no_cohort,
    no_data,
    not_applicable,
    not_available_yet,
    not_due,
    only_claimed,
    stale,
    suppressed,
)
from kpis.rag.once import once
from kpis.rag.outside import is_not_published
from kpis.rag.periods import A_YEAR, about, asked_period, last_asked
from kpis.rag.shown import Exact, Shown
from kpis.rag.verdict import Mark, Reason, Status, Verdict

# What is dated or done: the latest counts, in terms that ask for it too.
LASTING = frozenset({Kind.LEVEL, Kind.YES_NO, Kind.DATE, Kind.RATING})


class Chosen(NamedTuple):
    """The answer that counts, or the verdict that stands in its place.

    Both, where the answer is about nobody, or about too few to be judged by
    itself: it still counts in a pooled figure. ``period`` is the one that is judged, with or
    without an answer. ``last`` is the figure to show in grey beside a verdict
    without one.
    """

    answer: Answer | None = None
    instead: Verdict | None = None
    marks: frozenset[Mark] = frozenset()
    period: Period | None = None
    last: Answer | None = None
    asked: bool = True


# One answer by itself


def shown_as(measure: Measure) -> Shown:
    """How figures of this measure are rounded and written."""
    return measure.shown


def exact(answer: Answer, measure: Measure) -> Exact | None:
    """The figure before rounding, from its two counts where they exist.

    Of nobody there is no figure: none of none is not nought.
    """
    if answer.denominator == 0:
        return None
    if answer.numerator is not None and answer.denominator is not None:
        share = Fraction(answer.numerator) / Fraction(answer.denominator)
        return share * measure.per
    return answer.value


def figure_of(answer: Answer, measure: Measure) -> Decimal | None:
    """The figure as it is shown and judged: `exact`, rounded once."""
    part, whole = answer.numerator, answer.denominator
    if part is None or whole is None:
        part, whole = (None if whole == 0 else answer.value), None
    if part is None or whole == 0:
        return None
    figure = measure.figures.get((part, whole))
    if figure is None:
        shown = measure.shown
        figure = shown.figure(part) if whole is None else shown.share(part, whole, measure.per)
        measure.figures[part, whole] = figure
    return figure


def has_figure(answer: Answer) -> bool:
    """Whether it is a figure, of somebody, and not a reason why there is none."""
    return answer.denominator != 0 and (answer.value is not None or answer.numerator is not None)


def base_of(answer: Answer, measure: Measure) -> int | None:
    """How many pupils or answers a figure is about; None where nobody said."""
    count = _count_of(answer, measure)
    return None if count is None else int(count)


def _count_of(answer: Answer, measure: Measure) -> Decimal | int | None:
    if measure.survey and answer.respondents is not None:
        return answer.respondents
    return answer.denominator


def minimum(given: Given, measure: Measure) -> int | None:
    """The number below which nobody gets a colour; None: judged at any number."""
    if measure.min_to_judge is not None:
        return measure.min_to_judge or None
    return given.settings.min_to_judge if measure.about_pupils else None


def is_too_small(given: Given, measure: Measure, answer: Answer) -> bool:
    """Whether a figure is about too few to be judged, or to judge another by."""
    return asking(given, measure).is_too_small(answer)


def outside_its_time(unit: Unit, period: Period) -> Verdict | None:
    """Not applicable for a unit that was not in the trust for the whole period."""
    if unit.joined > period.starts:
        return not_applicable(f"joined during or after {period.name}")
    if unit.left is not None and unit.left < period.ends:
        return not_applicable(f"left before the end of {period.name}")
    return None


# The one that counts


class Asking:
    """One measure in the term that is judged: what is the same for every unit, found once.

    ``asked`` is the period that the term asks about, None where it does not
    ask; ``minimum`` the number below which nobody gets a colour.
    """

    def __init__(self, given: Given, measure: Measure) -> None:
        term = given.term.index
        self.given, self.measure = given, measure
        self.asked = asked_period(given, measure, term)
        self.minimum = minimum(given, measure)
        last = last_asked(given, measure, term - A_YEAR)
        self.until = term if last is None else last.index
        self._chosen: dict[tuple[int, str, int], Chosen] = {}
        self._last_asked: dict[date, Period | None] = {}

    def of(self, unit: Unit, group: str, since: int = 0) -> Chosen:
        """The answer of a unit that counts in the term, or what stands instead.

        ``since`` is the first term whose answers to a recurring duty count.
        """
        key = unit.id, group, since
        found = self._chosen.get(key)
        if found is None:
            found = self._chosen[key] = self._choose(unit, group, since)
        return found

    def _choose(self, unit: Unit, group: str, since: int) -> Chosen:
        given, measure = self.given, self.measure
        rule = measure.applicability
        if rule is not None and not applies(rule, unit.place, given.term.index):
            return Chosen(instead=not_applicable("does not apply here"), asked=False)
        if measure.kind in LASTING:
            told = [a for a in told_by_now(given, measure, unit, group) if a.period.index >= since]
            return _lasting(given, measure, unit, told, self.asked)
        answers = given.answers.get((measure.id, unit.id, group), ())
        if self.asked is not None:
            return _asked(self, unit, answers, self.asked)
        return _carried(self, unit, answers)

    def is_too_small(self, answer: Answer) -> bool:
        """Whether a figure is about too few to be judged, or to judge another by."""
        if self.minimum is None:
            return False
        count = _count_of(answer, self.measure)
        return count is not None and count < self.minimum

    def last_of(self, unit: Unit) -> Period | None:
        """The last period that this plan has asked this unit about, in a term before this one."""
        if unit.joined not in self._last_asked:
            since = index_of(max(self.given.plan_starts, unit.joined))
            self._last_asked[unit.joined] = last_asked(self.given, self.measure, since)
        return self._last_asked[unit.joined]


@once
def asking(given: Given, measure: Measure) -> Asking:
    """A measure in the term that is judged."""
    return Asking(given, measure)


def choose(given: Given, measure: Measure, unit: Unit, group: str, since: int = 0) -> Chosen:
    """The answer of a unit that counts in the term; more in `Asking`."""
    return asking(given, measure).of(unit, group, since)


def told_by_now(given: Given, measure: Measure, unit: Unit, group: str) -> list[Answer]:
    """All answers to what is dated or done up to this term, oldest first.

    A predecessor's grade is shown as the grade on joining, never used.
    """
    return [
        answer
        for answer in given.answers.get((measure.id, unit.id, group), ())
        if _is_known(answer, given.term.index, given)
        and not (measure.inspection and answer.period.ends < unit.joined)
    ]


def missing(given: Given, measure: Measure, unit: Unit) -> Verdict:
    """No answer at all: missing once this plan has asked this unit for it."""
    if asked_period(given, measure, given.term.index) is not None:
        due = unit.due or given.term.due
        return no_data(due, late=given.term.is_over(due))
    if asking(given, measure).last_of(unit) is not None:
        is_late = last_asked(given, measure, given.term.collected_from) is not None
        return no_data(late=is_late).noted("was due in an earlier term")
    return not_due("not asked for yet in this plan")


def _is_known(answer: Answer, until: int, given: Given) -> bool:
    """About a period up to ``until``, whenever it came in, or in by this term."""
    return answer.period.index <= until or answer.collected <= given.term.index


def _lasting(
    given: Given, measure: Measure, unit: Unit, told: Sequence[Answer], asked: Period | None
) -> Chosen:
    if instead := outside_its_time(unit, given.term.period):
        return Chosen(instead=instead, period=asked)
    telling = [answer for answer in told if answer.why_none is None]
    # A reason why there is none hides nothing that has been reached before.
    if told and (not telling or _is_accepted(told[-1])) and told[-1].why_none is not None:
        return _why_none(given, measure, told[-1])
    if not telling:
        return Chosen(period=asked)
    done = [answer for answer in telling if answer.done is Done.YES]
    counts = done[0] if done else telling[-1]
    is_carried = measure.kind is Kind.LEVEL and asked is None
    marks = _marks(counts, is_carried)
    return Chosen(counts, marks=marks, period=counts.period, asked=not is_carried)


def _is_accepted(answer: Answer) -> bool:
    return answer.why_none is WhyNone.NOT_APPLICABLE and answer.claim_accepted


def _asked(asking: Asking, unit: Unit, answers: Sequence[Answer], period: Period) -> Chosen:
    if instead := outside_its_time(unit, period):
        return Chosen(instead=instead, period=period)
    answer = about(answers, period)
    if answer is not None and answer.why_none is None:
        return _figure(asking, answer, _marks(answer))
    given, measure = asking.given, asking.measure
    last = _last_figure(answers, period)
    if answer is None:
        if is_not_published(given, measure, unit, period):
            return Chosen(instead=not_available_yet(), period=period, last=last)
        return Chosen(instead=missing(given, measure, unit), period=period, last=last)
    return _why_none(given, measure, answer)._replace(last=last)


def _last_figure(answers: Sequence[Answer], period: Period) -> Answer | None:
    earlier = (a for a in reversed(answers) if a.period.index < period.index and has_figure(a))
    return next(earlier, None)


def _carried(asking: Asking, unit: Unit, answers: Sequence[Answer]) -> Chosen:
    """What counts in a term that does not ask: the last answer, for as long as it is good."""
    given, until = asking.given, asking.until
    for answer in reversed(answers):
        if _is_known(answer, until, given) and outside_its_time(unit, answer.period) is None:
            return _not_asked(asking, unit, answer, asking.last_of(unit))
    return _not_asked(asking, unit, None, asking.last_of(unit))


def _not_asked(asking: Asking, unit: Unit, answer: Answer | None, asked: Period | None) -> Chosen:
    given, measure = asking.given, asking.measure
    is_answered = answer is not None and (asked is None or answer.period.index >= asked.index)
    if asked is not None and not is_answered and is_not_published(given, measure, unit, asked):
        return Chosen(instead=not_available_yet(), period=asked, last=answer, asked=False)
    if answer is None:
        outside = None if asked is None else outside_its_time(unit, asked)
        return Chosen(instead=outside or missing(given, measure, unit), period=asked, asked=False)
    if answer.why_none is not None:
        return _why_none(given, measure, answer, asked=False)
    if _ended_with_its_year(given, measure, answer):
        because = f"not asked this term; {answer.period.name} ended with its year"
        return Chosen(instead=not_due(because), last=answer, asked=False)
    if answer.collected + measure.carried_terms > given.term.index:
        return _figure(asking, answer, _marks(answer, answer.collected < given.term.index), False)
    if asked is None:
        not_yet = not_due("not asked for yet in this plan")
        return Chosen(instead=not_yet, last=answer, asked=False)
    return _stale(measure, answer)


def _ended_with_its_year(given: Given, measure: Measure, answer: Answer) -> bool:
    """Year to date never crosses 31 August."""
    if measure.basis is not Basis.YEAR_TO_DATE:
        return False
    return (answer.period.index + measure.about_last) // 3 != given.term.period.year


def _stale(measure: Measure, answer: Answer) -> Chosen:
    figure = figure_of(answer, measure)
    said = measure.shown.write(figure) if figure is not None else "the last answer"
    instead = stale(said, answer.period.name)
    return Chosen(instead=instead, period=answer.period, last=answer, asked=False)


def _figure(asking: Asking, answer: Answer, marks: frozenset[Mark], asked: bool = True) -> Chosen:
    """What is about nobody, or about too few, is not judged."""
    measure, instead = asking.measure, None
    if measure.kind is not Kind.CASES:
        if answer.denominator == 0:
            instead = no_cohort(_counted_in(measure)).marked(*marks)
        elif asking.is_too_small(answer):
            instead = too_small(asking.given, measure).marked(*marks)
    return Chosen(answer, instead, marks, answer.period, None, asked)


def _counted_in(measure: Measure) -> str:
    """Whom or what a share is of, by its unit: "% of leavers"."""
    named = measure.unit.removeprefix("% of ")
    return "pupils" if named == measure.unit else named


def too_small(given: Given, measure: Measure) -> Verdict:
    """Suppressed: about fewer pupils or answers than the trust judges by."""
    floor = minimum(given, measure) or given.settings.min_to_judge
    return suppressed(floor, "answers" if measure.survey else "pupils")


def _why_none(given: Given, measure: Measure, answer: Answer, asked: bool = True) -> Chosen:
    match answer.why_none:
        case WhyNone.NOT_AVAILABLE:
            verdict = _not_available(given, answer)
        case WhyNone.NOT_APPLICABLE if answer.claim_accepted:
            verdict = not_applicable("the school says so, and the trust has accepted it")
        case WhyNone.TOO_FEW if answer.claim_accepted:
            verdict = too_small(given, measure)
        case WhyNone.NOT_APPLICABLE:
            verdict = only_claimed("not applicable")
        case _:
            verdict = only_claimed("too few")
    return Chosen(instead=verdict.marked(*_marks(answer)), period=answer.period, asked=asked)


def _not_available(given: Given, answer: Answer) -> Verdict:
    until = answer.expected_on
    if until is None:
        because = "not available yet, and no day is given"
        return Verdict(Status.GREY, Reason.NOT_AVAILABLE_YET, because)
    if given.term.as_at > until:
        return no_data(until, late=True)
    return not_available_yet(until)


def _marks(answer: Answer, carried: bool = False) -> frozenset[Mark]:
    return _MARKS[answer.provisional, carried]


_MARKS = {
    (provisional, carried): frozenset(
        ({Mark.PROVISIONAL} if provisional else set()) | ({Mark.CARRIED} if carried else set())
    )
    for provisional in (False, True)
    for carried in (False, True)
}
