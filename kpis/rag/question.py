"""One question to several units, and what their answers come to together.

Source: docs/rag.md, From schools to the trust.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kpis.rag.choose import minimum
from kpis.rag.gap import Pair
from kpis.rag.given import Answer, Given, Measure, Reading, Terms, Unit
from kpis.rag.grey import too_few
from kpis.rag.others import national, reference_answer
from kpis.rag.pool import Amount, Pool, Sum, pooled, summed

Told = Mapping[int, Answer]  # unit -> its answer about one period


@dataclass(frozen=True, slots=True)
class Question:
    """What several units are asked, and who stands for all of them.

    ``whose`` is the unit whose baseline and comparator are those of all,
    ``things`` what the units are called.
    """

    given: Given
    reading: Reading
    measure: Measure
    terms: Terms
    units: tuple[Unit, ...]
    whose: Unit
    things: str

    @property
    def is_gap(self) -> bool:
        """Whether two groups are told apart."""
        return self.terms.rule == "gap"

    @property
    def has_own_others(self) -> bool:
        """A gap to other pupils of the trust, and not to a figure from outside."""
        return self.is_gap and self.terms.against != "national_other"

    def others(self, told: Told) -> dict[int, Answer]:
        """The answers about the other pupils of the same units and periods."""
        found = {}
        for unit in self.units:
            if unit.id in told:
                period = told[unit.id].period
                other = reference_answer(self.given, self.measure, unit, self.terms, period)
                if other is not None:
                    found[unit.id] = other
        return found

    def gathered(self, told: Told) -> Pool | Sum:
        """The pool or sum of all units; those that have not told are missing."""
        answers = [told.get(unit.id) for unit in self.units]
        if self.terms.roll_up == "sum":
            return summed(
                [None if answer is None else answer.value for answer in answers],
                may_be_negative=self.measure.kind == "money",
            )
        return pooled([_amount(answer, self.measure) for answer in answers])

    def figure(self, together: Pool | Sum) -> Decimal | None:
        """The figure of those that have told, as shown."""
        shown = self.measure.shown
        if isinstance(together, Sum):
            return shown.figure(together.total) if together.inside else None
        return together.figure(shown, self.measure.per)

    def base(self, together: Pool | Sum) -> int | None:
        """How many pupils or answers the figure is about; None of a sum."""
        return int(together.denominator) if isinstance(together, Pool) else None

    def is_too_small(self, together: Pool | Sum) -> bool:
        """Whether all together are too few to be judged."""
        return too_few(minimum(self.given, self.measure), self.base(together))

    def pair(self, told: Told) -> Pair | None:
        """Both groups pooled from their counts, never the mean of the units' gaps."""
        others = self.others(told) if self.has_own_others else {}
        if self.has_own_others:
            told = {pk: answer for pk, answer in told.items() if pk in others}
        group = self._unless_too_small(told)
        if group is None:
            return None
        if not self.has_own_others:
            period = next(iter(told.values())).period
            found = national(self.given, self.measure, self.terms, self.whose, period).reference
            return None if found is None else Pair(group, found)
        rest = self._unless_too_small(others)
        return None if rest is None else Pair(group, rest)

    def _unless_too_small(self, told: Told) -> Decimal | None:
        together = self.gathered(told)
        return None if self.is_too_small(together) else self.figure(together)


def _amount(answer: Answer | None, measure: Measure) -> Amount | None:
    if answer is None or answer.denominator is None:
        return None
    if measure.counts == "weight":
        if answer.value is None:
            return None
        return Amount.weighted(answer.value, int(answer.denominator))
    if answer.numerator is None:
        return None
    return Amount(answer.numerator, answer.denominator)
