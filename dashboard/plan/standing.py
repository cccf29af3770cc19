"""How the entries of a plan stand, for those who may see it."""

from dataclasses import dataclass

from kpis.rag.verdict import Status

from ..cells import figure_of, written_figure
from ..results import clause_trust_result, promised, school_result, trust_result
from ..small_numbers import SmallNumbers
from .shapes import ClauseStanding


@dataclass(frozen=True, slots=True)
class Standing:
    """How the plan stands, for those who may see it: live, or not at all."""

    facts: object
    judged: dict
    small: SmallNumbers

    @property
    def sight(self):
        return self.small.sight

    @property
    def is_live(self):
        """What stands so today can be opened; what was published is read in its report."""
        return True

    def verdict(self, pk):
        one = self.judged.get(pk)
        return one.trust.verdict if one else None

    def results(self, pk):
        """What is counted of a KPI: each school that is seen, or the trust as a whole."""
        one = self.judged.get(pk)
        if one is None:
            return []
        if one.is_trust_wide:
            return [trust_result(self.facts.given, one)]
        return [school_result(one, school) for school in one.schools if self.sight.is_mine(school)]

    def shown(self, pk):
        """The columns of an entry that is judged: verdict, figure and target; none otherwise."""
        judged = self.judged.get(pk)
        if judged is None:
            return {}
        given = self.facts.given
        result = trust_result(given, judged)
        clause = result.clause or judged.promise.clauses[0]
        figure = _figure(given, judged.promise, result)
        return {
            "verdict": result.verdict,
            # The word in the place of the figure may say it already.
            "marks": tuple(m for m in sorted(result.verdict.marks) if m.words != figure.lower()),
            "figure": figure,
            "target": promised(given, judged.promise, clause)[0],
        }

    def clauses(self, pk):
        """How each clause stands, of an entry that has several."""
        judged = self.judged.get(pk)
        if judged is None or len(judged.lines) < 2:
            return ()
        given, promise = self.facts.given, judged.promise
        results = [clause_trust_result(given, line) for line in judged.lines]
        return tuple(
            ClauseStanding(result.clause.title, result.verdict, _figure(given, promise, result))
            for result in results
        )


def _figure(given, promise, result):
    """The figure with its unit, or the word that says why there is none."""
    if result.verdict.status is Status.GREY:
        return written_figure(result) or figure_of(given, promise, result)[0]
    return written_figure(result)
