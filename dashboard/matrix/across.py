"""One KPI across the schools, before anything is written: its results, what they count as."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

from priorities.models import NodeRole

from ..cells import Result
from ..results import school_results, trust_result
from .filters import standing_of


@dataclass(slots=True)
class Across:
    """``results`` has every school that is looked at, ``standings`` what the person may count.

    A KPI of the trust as a whole counts as one result, for those who see all.
    ``top`` is the priority above it.
    """

    judged: object
    branch: object
    top: int
    trust: Result
    results: dict
    standings: dict
    tally: Counter

    def only(self, units):
        """The same for some of the schools."""
        results = {pk: result for pk, result in self.results.items() if pk in units}
        counted = self.standings if self.is_whole else units
        standings = {pk: one for pk, one in self.standings.items() if pk in counted}
        return replace(
            self, results=results, standings=standings, tally=Counter(standings.values())
        )

    @property
    def promise(self):
        return self.judged.promise

    @property
    def is_whole(self):
        """Measured for the trust as a whole: no school has a cell."""
        return self.judged.is_trust_wide


def all_across(facts, judged, small, sight, schools, past, said, kept):
    """Every KPI of the plan, in the order of its priorities.

    ``small`` keeps back what shows a small number, ``past`` is how everything
    stood last term, ``said`` are the (KPI, unit) that somebody has commented on.
    ``kept`` has what stood of each KPI when this person last looked.
    """
    branches = {branch.id: branch for branch in facts.tree}

    def across(one):
        kpi = one.promise.id
        shown = small.of(one)
        trust, every = trust_result(facts.given, shown), school_results(shown)
        results = {unit.id: every[unit.id] for unit in schools if unit.id in every}
        counted = {pk: result for pk, result in results.items() if sight.is_mine(pk)}
        if shown.is_trust_wide and sight.sees_all:
            counted = {facts.given.trust: trust}
        standings = {
            unit: standing_of(result, (kpi, unit) in said, *past.compared(kpi, unit, result))
            for unit, result in counted.items()
        }
        tally = Counter(standings.values())
        return Across(shown, branches[kpi], _top(branches, kpi), trust, results, standings, tally)

    found = [
        kept.of(("across", one.promise.id), (one, past.of(one.promise.id)), partial(across, one))
        for one in judged
        if one.promise.role == NodeRole.KPI
    ]
    places = {branch.id: place for place, branch in enumerate(facts.tree)}
    return sorted(found, key=lambda across: places[across.top])


def _top(branches, pk):
    """The priority above an entry, or the entry below the plan itself."""
    branch = branches[pk]
    while branch.parent is not None and branch.role != NodeRole.PRIORITY:
        branch = branches[branch.parent]
    return branch.id
