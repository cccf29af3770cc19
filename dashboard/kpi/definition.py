"""What a KPI means: what counts, who is asked, and where its numbers come from."""

from dataclasses import dataclass

from kpis import facts as read
from kpis.rag import outside
from kpis.rag.dates import written
from kpis.rag.due import due_of
from kpis.rag.given import Aim, Terms
from kpis.rag.periods import asked_period
from kpis.rag.rule_words import roll_up_words
from kpis.rag.scales import scales
from kpis.rag.weigh import FIGURE_RULES

from ..cells import term_name

PARTS = {1: "autumn", 2: "spring", 3: "summer"}
SEASONS = {0: "", 1: "autumn", 2: "spring", 3: "summer"}
ASKED_OF = {
    "trust": "The trust",
    "school": "Each school",
    "part": "Each part of a school",
    "site": "Each site",
    "body": "Each governing body",
    "supplier": "Each supplier",
    "outside_school": "Each school outside the trust",
}


@dataclass(frozen=True, slots=True)
class Block:
    """What is said of one measure, or of all together where it has no name."""

    name: str
    rows: tuple[tuple[str, str], ...]


def definition(facts, promise, clause, said):
    """The terms and descriptions of one clause, in the order in which people ask.

    Where it reads several measures, what is the same of all is said once, and
    the rest stands under the name of each.
    """
    given, each = facts.given, {}
    for reading in clause.readings:
        on = scales(given, promise, clause, reading, said.period if said else None)
        rows = [*_of_measure(facts, on), *_numbers(facts, on, said)]
        each[on.measure.name] = [(term, words) for term, words in rows if words]
    shared = _shared(each)
    own = [
        Block(name, tuple(row for row in rows if row not in shared)) for name, rows in each.items()
    ]
    common = Block("", (*shared, *_of_clause(facts, promise, clause)))
    return (common, *(block for block in own if block.rows))


def _shared(each):
    """The rows that are the same of every measure; all of them of a single one."""
    first, *others = each.values() if each else ((),)
    return [row for row in first if all(row in rows for rows in others)]


def _of_clause(facts, promise, clause):
    given = facts.given
    notes = [c.words for c in facts.changes if c.clause == clause.id and isinstance(c.what, Terms)]
    rows = [
        ("How the trust's status is made", roll_up_words(given, clause)),
        ("Due", _due(given, promise, clause)),
        ("Note", notes[-1] if notes else ""),
    ]
    return [(term, words) for term, words in rows if words]


def _of_measure(facts, on):
    """What is counted, of whom, when, from which counts, for which groups."""
    measure, about = on.measure, facts.definitions[on.measure.id]
    yield "What counts", about.what_counts
    if measure.register:
        yield "Source", "Worked out from the trust's list of schools"
    else:
        yield "Who is asked", _who_is_asked(measure, about)
    if about.numerator_name or about.denominator_name:
        part, whole = about.numerator_name, about.denominator_name
        yield "Made from", f"{part}, of {lower_first(whole)}" if part and whole else part or whole
    groups = list(about.groups.values())
    if len(groups) > 1:
        yield "Pupil groups", ", ".join(groups)
    minimum = measure.min_to_judge
    if minimum is None and measure.about_pupils and measure.counts != "none":
        minimum = facts.given.settings.min_to_judge
    if minimum:
        yield "Too few to judge", f"Fewer than {minimum} pupils or answers"


def lower_first(words):
    """In the middle of a sentence, if it is no abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _who_is_asked(measure, about):
    who = ASKED_OF[measure.of]
    if about.office:
        who = (
            f"{about.office} at the trust" if measure.of == "trust" else f"{who}, by {about.office}"
        )
    if measure.asked == {1, 2, 3}:
        when = "every term"
    else:
        when = f"in {' and '.join(PARTS[part] for part in sorted(measure.asked))}"
    about_when = ", about the term or year before" if measure.about_last else ""
    return f"{who}, {when}{about_when}" if measure.asked else who


def _due(given, promise, clause):
    due = due_of(given, promise, clause)
    if due.day is None:
        return due.label
    words = written(due.day)
    if due.label and due.label != words:
        words = f"{due.label} ({words})"
    if due.moved:
        words += f", moved {'once' if due.moved == 1 else f'{due.moved} times'}"
    return words


def _numbers(facts, on, said):
    """Margin, target, baseline and the outside figure of a reading that judges a figure."""
    if on.terms.rule not in FIGURE_RULES:
        return
    given = facts.given
    if on.terms.rule in ("threshold", "band", "compare"):
        yield "Close to target within", on.shown.distance(on.margin) if on.margin else "none"
    if on.terms.rule in ("compare", "gap") and on.tolerance:
        yield "Counts as in line within", on.shown.distance(on.tolerance)
    mine = [change for change in facts.changes if change.reading == on.reading.id]
    for change in mine:
        if isinstance(change.what, Aim) and change.unit == given.trust:
            yield "Target", target_words(on, change)
    starts = [change for change in mine if isinstance(change.what, read.PrintedStart)]
    for change in starts:
        yield from _start(given, on, change)
    if not starts and on.terms.baseline is not None:
        yield "Baseline", f"the figures of {on.terms.baseline.name}, unit by unit"
    if on.measure.series is not None and on.terms.rule in ("compare", "gap", "threshold"):
        yield "Compared with", _compared(facts, on, said)


def _start(given, on, change):
    start, difference = change.what.start, change.what.difference
    whose = "" if change.unit == given.trust else f"{given.units[change.unit].name}: "
    yield "Baseline", f"{whose}{baseline_words(on, start)}"
    if difference is not None:
        yield "Printed difference", _difference(on, start, difference)


def baseline_words(on, start):
    """A typed baseline: the figure, the words it was printed with, and its date if it has one."""
    if start.entry_period is not None:
        return f"the figure of {start.entry_period.name}"
    if start.level is not None:
        version, place = start.level
        names = [
            one.levels[place].name
            for one in on.given.scales.get(on.measure.scale, ())
            if one.id == version
        ]
        return names[0] if names else "a level"
    words = on.shown.write(start.value)
    if start.printed:
        words += f', printed with "{start.printed}"'
    words += f", {start.dated.name}" if start.dated else ", without a date"
    season = SEASONS[start.season]
    return f"{words}, for {season}" if season else words


def _difference(on, start, difference):
    """What the plan prints of a benchmark, and what follows from it: never judged."""
    amount, kind = difference.amount, difference.kind
    plain = on.shown.plain(amount)
    whom = difference.benchmark or "the benchmark"
    if kind == "relative":
        words = f"{plain}% from {whom}, relative"
    elif kind == "points":
        words = f"{plain} points from {whom}"
    else:
        words = f"{plain} from {whom}, points or relative not stated"
    if start.value is not None and kind == "points":
        words += f". That puts {whom} at {on.shown.write(start.value - amount)}"
    return f"{words}: derived, not judged"


def target_words(on, change):
    """A target with the words that the plan prints, if it prints any."""
    aim = change.what
    if aim.value is not None:
        words = on.shown.write(aim.value)
    elif aim.low is not None and aim.high is not None:
        words = f"{on.shown.write(aim.low)} to {on.shown.write(aim.high)}"
    else:
        return f'"{change.words}", and no number is set'
    path = {"even": ", in even steps", "steps": ", by steps"}.get(aim.path, "")
    beside = f" ({change.words})" if change.words else ""
    return f"{words}{path}{beside}, from {term_name(change.from_index)}"


def _compared(facts, on, said):
    """Whose figures, which release was used, and where they come from."""
    series = outside.series_for(facts.given, on.measure, on.terms)
    if series is None:
        return f"{on.terms.provider or 'an outside figure'}: no figures have been brought in"
    words = series.provider
    if series.example and "invented" not in series.provider:
        words += " (invented)"
    period = said.period if said else None
    period = period or asked_period(facts.given, on.measure, facts.given.term.index)
    figures = [figure for figure in series.figures if period and _is_about(figure, period)]
    used = [figure for figure in figures if not figure.not_published]
    if used:
        words += f", {used[-1].period.name}, {used[-1].release}"
        source = facts.sources.get((series.id, used[-1]))
        if source and source.title:
            words += f". Source: {source.title}"
        if source and source.published_on:
            words += f", published {written(source.published_on)}"
    elif any(figure.not_published for figure in figures):
        words += ": not published for this period"
    else:
        words += ": no figure for this period yet"
    return words


def _is_about(figure, period):
    return figure.period.span == period.span and figure.period.index == period.index
