"""What is written round a chart: the finding as its title, what is drawn, what is missing."""

import itertools

from kpis.rag import outside
from kpis.rag.given import Basis, index_of

from ..cells import term_name

NAMES = {"DfE": "England"}
YEARS = frozenset({Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR})
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def subtitle(on, name):
    """Whose figures, of what: Trust, % of sessions, autumn to autumn."""
    words = [name]
    if on.terms.rule == "gap":
        words.append(f"gap of {_group(on)}")
    if on.terms.rule == "gap" and on.shown.kind == "percentage":
        words.append("in points")
    elif on.measure.unit:
        words.append(on.measure.unit)
    if on.measure.seasonal:
        season = term_name(on.given.term.index).split()[0].lower()
        words.append(f"{season} to {season}")
    return ", ".join(words)


def _group(on):
    return in_a_sentence(on.given.group_names.get(on.terms.group, on.terms.group))


def in_a_sentence(name):
    """SEND keeps its capitals, Disadvantaged does not."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def finding(on, said, newest):
    """What the lines show, as the title says it: where the figure stands, and where it goes.

    ``newest`` is the last period that was asked about; a figure of an earlier one says so.
    """
    name = on.measure.name
    if on.terms.rule == "gap":
        name += f", gap of {_group(on)}"
    since = max((first for first, _ in on.measure.breaks), default=0)
    told = sorted(index for index in said if index >= since)
    if not told:
        return f"{name} over time"
    last = said[told[-1]]
    place = _place(on, last)
    if place and told[-1] < newest:
        place += f" in {term_name(told[-1])}"
    words = [place] if place else []
    if len(told) > 1:
        steps = itertools.pairwise(said[index] for index in told)
        words.append(
            _going(on, [(after.figure - before.figure, after.steady) for before, after in steps])
        )
    return f"{name}: {' and '.join(words)}" if words else f"{name} over time"


def _place(on, last):
    """Above, below or at what it is held against."""
    bar = last.target if last.expected is None else last.expected
    if bar is None or last.figure is None or on.terms.rule not in ("threshold", "compare"):
        return ""
    what = provider_name(on.given, on)
    if on.terms.rule == "threshold":
        is_on_the_way = last.expected is not None and last.expected != last.target
        what = "the way to the target" if is_on_the_way else "the target"
    if last.figure == bar:
        return f"level with {what}"
    return f"{'above' if last.figure > bar else 'below'} {what}"


def _going(on, steps):
    """Rising, falling or neither: a step within the steady band is neither."""
    if on.terms.rule == "gap":
        verbs = ("widening", "narrowing", "the gap is unchanged", "the gap is about the same")
    else:
        verbs = ("rising", "falling", "unchanged", "about the same")
    run = _run(steps)
    if run == 0:
        return verbs[2] if steps[-1][0] == 0 else verbs[3]
    verb, times = verbs[0] if run > 0 else verbs[1], abs(run)
    if times == 1:
        return verb
    many = NUMBERS[times] if times < len(NUMBERS) else str(times)
    return f"{verb} {many} {_steps(on)} running"


def _steps(on):
    """What lies between one figure and the next."""
    if on.measure.seasonal or on.measure.basis in YEARS or len(on.measure.asked) == 1:
        return "years"
    return "terms" if on.measure.asked == {1, 2, 3} else "times"


def _run(steps):
    """How often the figure rose running, at the last, or fell: 3, -2; 0 for no more than steady."""
    run = 0
    for change, steady in reversed(steps):
        if abs(change) <= steady or (run and (change > 0) != (run > 0)):
            break
        run += 1 if change > 0 else -1
    return run


def not_drawn(on, said, now):
    """Why the newest figure of all together stands above and is not on the line."""
    if now is None or now.figure is None or now.period is None or now.period.index in said:
        return ""
    return f"{term_name(now.period.index)} is not drawn yet: not all are in."


def one_only(own, axis):
    """A single figure is a dot."""
    told = [index for index, value in zip(axis, own, strict=True) if value is not None]
    if len(told) != 1:
        return ""
    return f"Only {term_name(told[0])} can be drawn. A trend needs two terms."


# The outside figure


def provider_name(given, on):
    """Whose figure it is, short enough to stand beside a line."""
    series = outside.series_for(given, on.measure, on.terms)
    if series is None:
        return on.terms.provider or "Outside figure"
    return NAMES.get(series.provider, series.provider.split(",")[0])


def outside_notes(given, on, unit, axis, found):
    """Why the outside line ends before ours, has a gap, or is not there."""
    series = outside.series_for(given, on.measure, on.terms)
    if series is None or on.terms.rule == "gap":
        return
    name = provider_name(given, on)
    told = {index: value for index, value in zip(axis, found, strict=True) if value is not None}
    reached = [index for index in axis if index <= given.term.index or index in told]
    if not told:
        if unit.kind == "trust" and outside.is_by_phase(series):
            yield f"{name} is published phase by phase: it stands on the chart of each school."
        elif reached and on.terms.rule == "compare":
            yield f"No {name} figure for {_year(on, reached[-1])} yet."
        return
    last = max(told)
    missing = [index for index in reached if index > last and index >= index_of(given.plan_starts)]
    if missing:
        yield f"No {name} figure for {_year(on, missing[-1])} yet. Shown: {_year(on, last)}."
    gaps = [index for index in reached if min(told) < index < last and index not in told]
    if gaps:
        years = ", ".join(dict.fromkeys(_year(on, index) for index in gaps))
        yield f"{name} published nothing for {years}: its line has a gap there."


def _year(on, index):
    """The school year, where the figure is one of it or of its season."""
    year = index // 3
    if on.measure.basis is Basis.TERM and not on.measure.seasonal:
        return term_name(index)
    return f"{year}/{(year + 1) % 100:02d}"
