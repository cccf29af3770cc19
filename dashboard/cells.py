"""What stands in one cell: the figure or the word in its place, how it moved, the sentence."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from kpis.rag.dates import written
from kpis.rag.due import due_of
from kpis.rag.given import Basis, WhyNone
from kpis.rag.outcome import Said
from kpis.rag.periods import about
from kpis.rag.verdict import Mark, Reason, Status, Verdict

from .small_numbers import SHORT as KEPT_BACK

TERMS = ("Autumn", "Spring", "Summer")
# These verdicts are about a figure that stands, or about no figure at all.
WITH_FIGURE = frozenset(
    {
        Reason.NO_TARGET,
        Reason.NO_COMPARATOR,
        Reason.NO_LIKE_FOR_LIKE,
        Reason.BASELINE_YEAR,
        Reason.NO_MAPPING,
    }
)
# A rating is a word, and a cell has little room.
RATED = {status.words: status.words.removesuffix(" to target") for status in Status}
RATED |= {Status.GREEN.words: "On", Status.RED.words: "Off"}

# The marks as a sentence says them; beside a chip each is one word.
SPOKEN = {
    Mark.PARTIAL: "Partly known",
    Mark.PART_DUE: "Part of it is not due yet",
    Mark.PROVISIONAL: "Sent in, not approved yet",
    Mark.CARRIED: "Carried from an earlier term",
    Mark.BY_PLAN: "A plan counts",
    Mark.MANUAL: "Set by hand",
    Mark.LATE: "Late",
}


@dataclass(frozen=True, slots=True)
class Movement:
    """What the number did, and apart from it whether that was for the worse."""

    direction: str  # up, down
    worse: bool
    words: str


class Cell(NamedTuple):
    """One result as the matrix shows it; ``spoken`` is the sentence for those who listen.

    ``value`` is the figure as a number and ``code`` the letter that files write
    in the place of one: what the words of ``figure`` say to people. ``said`` is
    whether somebody has commented on it.
    """

    status: Status | None
    figure: str
    spoken: str
    movement: Movement | None = None
    provisional: bool = False
    marks: tuple[Mark, ...] = ()
    url: str = ""
    note: str = ""
    dim: bool = False
    value: Decimal | None = None
    code: str = ""
    said: bool = False


class Result(NamedTuple):
    """One verdict, and what the clause that decides it says of the unit."""

    verdict: Verdict
    said: Said | None = None
    clause: object = None
    unit: int | None = None


# Periods


def term_name(index):
    """The term with this index: Autumn 2025."""
    year, part = divmod(index, 3)
    return f"{TERMS[part]} {year if part == 0 else year + 1}"


def when(period):
    """A period as people say it beside its basis: the term in which it ends, or its day."""
    return period.name if period.basis is Basis.DATE else term_name(period.index)


def short_when(index):
    """A term where there is little room: Aut 25."""
    term, year = term_name(index).split()
    return f"{term[:3]} {year[2:]}"


def short_day(day, as_at):
    """The month of a day, with its year where that is not clear: Mar, Aug 28."""
    _, month, year = written(day).split()
    is_near = abs((day - as_at).days) < 300
    return month[:3] if is_near else f"{month[:3]} {year[2:]}"


# Movement


def movement_of(said):
    """How the figure moved since the last like-for-like period; None inside the steady band."""
    if said is None or said.before_period is None or said.shown is None:
        return None
    moved = said.moved
    if moved is None:
        return None
    rose, worse = moved > 0, said.got_worse
    words = f"{'rose' if rose else 'fell'} {said.shown.distance(abs(moved))}"
    words += f" since {when(said.before_period)}"
    if said.better != "none":
        words += ", got worse" if worse else ", got better"
    return Movement("up" if rose else "down", worse, words)


# The figure, or the word in its place


def figure_of(given, promise, result):
    """The text of the cell and the small note under it. Never empty, and 0 is a figure."""
    verdict, said = result.verdict, result.said
    match verdict.reason:
        case Reason.NOT_APPLICABLE | Reason.NO_COHORT:
            return "n/a", ""
        case Reason.NO_DATA:
            return _missing(given, result), _old_figure(said)
        case Reason.NOT_AVAILABLE_YET:
            return _later(given, result), _old_figure(said)
        case Reason.SUPPRESSED:
            return "few", ""
        case Reason.NOT_JUDGED:
            return "Not yet", ""
        case Reason.NO_DATE:
            return verdict.figure or "No date", ""
        case Reason.STALE:
            return _stale(said)
        case Reason.NOT_DUE:
            return _not_due(given, promise, result)
        case Reason.PARTIAL:
            return _partial(verdict, said), ""
    text = plain_figure(verdict, said)
    if text is None:
        text = _counted(result) or verdict.status.words
    # The mark goes up from every part; the note is about the figure in the cell.
    is_carried = said is not None and not said.asked and said.period is not None
    return RATED.get(text, text), short_when(said.period.index) if is_carried else ""


def plain_figure(verdict, said):
    """The figure without its unit, which stands in the head of the row; None without one."""
    if said is not None and said.figure is not None and said.shown is not None:
        return said.shown.plain(said.figure)
    return verdict.figure


def distance_or_figure(clause, said):
    """How a number of this clause is written: a gap is a distance, in points."""
    is_gap = clause is not None and clause.terms[-1].rule == "gap"
    return said.shown.distance if is_gap else said.shown.write


def written_figure(result):
    """The figure with its unit, "" where there is none."""
    said = result.said
    if said is not None and said.figure is not None and said.shown is not None:
        return distance_or_figure(result.clause, said)(said.figure)
    return result.verdict.figure or _counted(result)


def _counted(result):
    """How many of how many units stand on target, by the clause that decides."""
    verdicts = [result.verdict, result.said.verdict] if result.said else [result.verdict]
    counts = next((v.counts for v in verdicts if v.counts is not None and v.counts.of), None)
    return f"{counts.green} of {counts.of}" if counts else ""


# For files: the figure as a number, or the code in its place

WITHOUT_A_VALUE = frozenset(
    {
        Reason.NOT_APPLICABLE,
        Reason.NO_COHORT,
        Reason.NO_DATA,
        Reason.NOT_AVAILABLE_YET,
        Reason.SUPPRESSED,
        Reason.NOT_JUDGED,
        Reason.NO_DATE,
    }
)
CODES = {
    Reason.NOT_APPLICABLE: "z",
    Reason.NO_COHORT: "z",
    Reason.SUPPRESSED: "c",
    Reason.NOT_AVAILABLE_YET: "x",
}


def value_of(result):
    """The figure of a result as a number, as shown and judged; None where none counts.

    A blank is never a zero: what is late, not due or kept back has no number.
    """
    said, reason = result.said, result.verdict.reason
    if said is None or said.shown is None or reason in WITHOUT_A_VALUE:
        return None
    return said.last if reason is Reason.STALE else said.figure


def code_of(result):
    """z not applicable, c too few or kept back, x not available yet; "" for all else."""
    verdict = result.verdict
    return "c" if verdict.figure == KEPT_BACK else CODES.get(verdict.reason, "")


def answer_behind(given, result):
    """The answer that says why there is no figure; None where nobody has answered."""
    said, clause = result.said, result.clause
    if said is None or clause is None or said.measure is None or said.period is None:
        return None
    group = clause.in_force(given.term.index).group
    answers = given.answers.get((said.measure, result.unit, group), ())
    found = about(answers, said.period)
    return found if found is not None and found.why_none is not None else None


def _missing(given, result):
    answer = answer_behind(given, result)
    if answer is not None and answer.why_none is WhyNone.NOT_APPLICABLE:
        return "n/a?"
    if answer is not None and answer.why_none is WhyNone.TOO_FEW:
        return "few?"
    if Mark.LATE in result.verdict.marks:
        return "Late"
    unit = given.units.get(result.unit)
    due = (unit.due if unit else None) or given.term.due
    return f"Due {short_day(due, given.term.as_at)}"


def _old_figure(said):
    """What was there before, in grey beside the word."""
    if said is None or said.last is None or said.last_period is None or said.shown is None:
        return ""
    return f"{said.shown.plain(said.last)} {short_when(said.last_period.index)}"


def _later(given, result):
    answer = answer_behind(given, result)
    if answer is None or answer.expected_on is None:
        return "Later"
    return f"Later ({short_day(answer.expected_on, given.term.as_at)})"


def _stale(said):
    if said is None or said.last is None or said.shown is None or said.last_period is None:
        return "Too old", ""
    return said.shown.plain(said.last), short_when(said.last_period.index)


def _not_due(given, promise, result):
    """A figure that is too early to judge, how many are there yet, or when it is due."""
    verdict, said = result.verdict, result.said
    if said is not None and said.figure is not None and said.shown is not None:
        return said.shown.plain(said.figure), _due_note(given, promise, result)
    if verdict.counts is not None and verdict.figure:
        return verdict.figure, _due_note(given, promise, result)
    is_thing = result.clause is not None and verdict.figure is not None
    day = due_of(given, promise, result.clause).day if is_thing else None
    if day is not None:
        return f"Due {short_day(day, given.term.as_at)}", ""
    following = _next_asked(given, said)
    return f"Due {following}" if following else "Not due", _old_figure(said)


def _due_note(given, promise, result):
    if result.clause is None:
        return ""
    terms = result.clause.in_force(given.term.index)
    if not terms.by_a_date and terms.rule != "done":
        return ""
    day = due_of(given, promise, result.clause).day
    return f"Due {short_day(day, given.term.as_at)}" if day else ""


def _next_asked(given, said):
    """The next term whose returns ask for the measure: Sum 26."""
    measure = given.measures.get(said.measure) if said is not None else None
    if measure is None:
        return ""
    later = range(given.term.index + 1, given.term.index + 4)
    return next((short_when(index) for index in later if index % 3 + 1 in measure.asked), "")


def _partial(verdict, said):
    """How many are in, of those that should be."""
    if verdict.counts is not None and verdict.counts.of:
        return f"{verdict.counts.of - verdict.counts.unknown} of {verdict.counts.of}"
    standing = [part.verdict for part in verdict.parts if not part.verdict.drops_out]
    if standing:
        known = sum(part.status is not Status.GREY for part in standing)
        return f"{known} of {len(standing)}"
    return plain_figure(verdict, said) or "Partly"


# The cell


def cell_of(given, promise, result, name, url="", dim=False, said=False):
    """The cell of one result. ``name`` is whose it is, as the sentence says it."""
    verdict = result.verdict
    text, note = figure_of(given, promise, result)
    movement = movement_of(result.said)
    marks = tuple(sorted(verdict.marks)) if verdict.marks else ()
    if Mark.MANUAL in marks:
        note = ", ".join(words for words in (note, Mark.MANUAL.words) if words)
    return Cell(
        status=verdict.status,
        figure=text,
        spoken=spoken(name, verdict, movement, marks),
        movement=movement,
        provisional=Mark.PROVISIONAL in verdict.marks,
        marks=marks,
        url=url,
        note=note,
        dim=dim,
        value=value_of(result),
        code=code_of(result),
        said=said,
    )


def spoken(name, verdict, movement, marks):
    """The whole sentence: whose, the verdict with its numbers, how it moved, the marks."""
    sentence = f"{name}. {verdict.sentence}"
    if movement is None and not marks:
        return sentence
    parts = [sentence]
    if movement is not None:
        parts.append(f"{movement.words[0].upper()}{movement.words[1:]}.")
    parts += [f"{SPOKEN[mark]}." for mark in marks]
    return " ".join(parts)
