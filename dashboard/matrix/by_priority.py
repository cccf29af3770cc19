"""Many schools at a glance: each school by priority, as counts."""

from collections import Counter

from .. import charts
from ..results import ORDER
from .filters import spread_words, statuses
from .grid import ByPriority, Standing, Standings

WIDTH = 168
WHOLE = "The trust as a whole"


def by_priority(across, names, columns, trust, tabs, addresses):
    """How the results of every school stand under each priority.

    ``names`` are those of the priorities by number and key, ``tabs`` the links
    to them in the same order. What the trust answers as a whole has a row of its
    own, so that everything adds up.
    """
    tallies = {top: _by_unit(one for one in across if one.top == top) for top in names}

    def stacks(unit):
        return tuple(
            _stack(tallies[top].get(unit), url) for top, url in zip(names, urls, strict=True)
        )

    urls = [tab.url for tab in tabs]
    rows = [Standings(column.name, column.url, stacks(column.id)) for column in columns]
    if any(trust in tally for tally in tallies.values()):
        rows.append(Standings(WHOLE, "", stacks(trust)))
    totals = tuple(
        _stack(sum(tallies[top].values(), Counter()), url)
        for top, url in zip(names, urls, strict=True)
    )
    return ByPriority(tabs, totals, tuple(rows))


def _by_unit(across):
    tallies = {}
    for one in across:
        for unit, standing in one.standings.items():
            tallies.setdefault(unit, Counter())[standing] += 1
    return tallies


def _stack(tally, url):
    found = statuses(tally) if tally else {}
    counts = [(status, found.get(status, 0)) for status in ORDER]
    if not any(count for _, count in counts):
        return None
    return Standing(charts.stack(counts, width=WIDTH), spread_words(tally), url)
