"""In which order rows stand: as in the plan, the worst first, or what changed most first."""

from kpis.rag.verdict import Status


def by(sort, tally):
    """A key for a row by the tally of its standings; equal ones keep the plan's order."""
    match sort:
        case "worst":
            return worst_first(tally)
        case "changed":
            return most_changed(tally)
    return ()


def worst_first(tally):
    """By the worst that a row has, then by how much of it.

    Off target and worse, off target, close and worse, close, on target but
    falling, the rest.
    """
    counts = [0] * 6
    for standing, count in tally.items():
        counts[_place(standing)] += count
    worst = next((place for place, count in enumerate(counts) if count), len(counts))
    off, close = counts[0] + counts[1], counts[2] + counts[3]
    return (worst // 2, -off, -counts[0], -close, -counts[2], -counts[4])


def _place(standing):
    match standing.status:
        case Status.RED:
            return 0 if standing.worse else 1
        case Status.AMBER:
            return 2 if standing.worse else 3
        case Status.GREEN if standing.worse:
            return 4
    return 5


def most_changed(tally):
    """By how many results have another status than last term, then by how many got worse."""
    changed = sum(count for standing, count in tally.items() if standing.changed)
    worse = sum(count for standing, count in tally.items() if standing.worse)
    return (-changed, -worse)
