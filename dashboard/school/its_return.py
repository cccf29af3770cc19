"""The return of one school beside its figures: its state, what it lacks, what to do next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from kpis.rag.choose import LASTING
from kpis.rag.outside import is_not_published
from kpis.rag.periods import asked_period
from returns.grid.rows import late_words, moment_words
from returns.grid.sheet import day_words
from returns.life.states import Action, State
from returns.models import Line, Return
from returns.typed.as_typed import question_in
from returns.typed.reading import answers_in_full

from ..matrix.progress import is_answered, owed

ENDED = {State.APPROVED: "approved_at", State.SUBMITTED: "submitted_at"}


@dataclass(frozen=True, slots=True)
class ReturnSaid:
    """``words`` say the state, ``todo`` what this person has to do with it now.

    ``missing`` are the measures without an answer that counts, ``missing_words``
    how many figures that are and when they were due.
    """

    words: str
    late: str
    url: str
    missing: tuple[str, ...] = ()
    missing_words: str = ""
    todo: str = ""
    todo_url: str = ""


def return_of(facts, school, term, memberships):
    """What the page says of the school's return of this term. One query."""
    found = (
        Return.objects.seen_by(memberships).for_term(term).filter(unit=school.id).to_show().first()
    )
    missing, number, asked = lacking(facts, school)
    now, today = timezone.now(), timezone.localdate()
    if found is None:
        url = reverse("returns:return-list", args=[memberships.trust], query={"term": term.slug})
        return ReturnSaid(
            "Return not started",
            "",
            url,
            missing,
            _since(facts, school, term, number) if missing else "",
        )
    state = found.state_on(today)
    todo, page = _todo(facts, found, memberships, today, asked)
    at = [memberships.trust, found.pk]
    return ReturnSaid(
        words=_state_words(found, state),
        late=late_words(found, now),
        url=reverse(_page(found, memberships, today), args=at),
        missing=missing,
        missing_words=_since(facts, school, term, number) if missing else "",
        todo=todo,
        todo_url=reverse(page, args=at) if todo else "",
    )


def lacking(facts, school):
    """The measures that its return lacks, how many figures that are, and of how many."""
    asked = [
        (measure, unit, group)
        for measure, unit, group in owed(facts)
        if facts.definitions[measure.id].office_id is None
        and not _is_not_published(facts.given, measure, unit)
        and (unit.id == school.id or (unit.kind == "part" and unit.parent == school.id))
    ]
    missing = [one for one in asked if not is_answered(facts.given, *one)]
    asked = [one for one in asked if not _was_done_before(facts.given, *one)]
    names = tuple(dict.fromkeys(measure.name for measure, _, _ in missing))
    return names, len(missing), len(asked)


def _was_done_before(given, measure, unit, group):
    """Whether it was answered with yes in an earlier term, so that the return asks no more."""
    answers = given.answers.get((measure.id, unit.id, group), ())
    return measure.kind in LASTING and any(
        answer.done == "yes" and answer.collected < given.term.index for answer in answers
    )


def _is_not_published(given, measure, unit):
    """Whether nobody gives the figure for this time, so that the return does not ask for it."""
    period = asked_period(given, measure, given.term.index)
    return period is not None and is_not_published(given, measure, unit, period)


def _since(facts, school, term, number):
    figures = f"{number} figure{'' if number == 1 else 's'}"
    if term.closed_at is not None:
        return f"{figures} not sent before the term was closed"
    due = school.due or facts.given.term.due
    if facts.given.term.is_history:
        return f"{figures} not brought in from before the trust began here"
    if facts.given.term.is_over(due):
        return f"{figures} late: due {day_words(due)}"
    return f"{figures} not sent yet, due {day_words(due)}"


def _state_words(found, state):
    words = f"Return {state.label.lower()}"
    at = getattr(found, ENDED[state]) if state in ENDED else None
    if at is not None:
        day = timezone.localdate(at)
        words += f" {day.day} {day:%B %Y}"
    return words


def _page(found, memberships, today):
    is_to_approve = found.allows(Action.APPROVE, memberships, today)
    return "returns:return-approve" if is_to_approve else "returns:return-edit"


def _todo(facts, found, memberships, today, asked):
    """What is left to do for whoever may submit it, and where. One query more for them."""
    if not found.allows(Action.SUBMIT, memberships, today) or memberships.sees_all:
        return "", ""
    if found.state_on(today) is State.SENT_BACK:
        return "Your return was sent back to you with questions.", "returns:return-edit"
    figures_in = _figures_in(facts, found, today)
    if figures_in >= asked:
        return "Your return is ready to check and submit.", "returns:return-check"
    due = moment_words(getattr(found, "own_due", None) or found.term.due, weekday=True)
    return (
        f"{figures_in} of {asked} figures of your return are in. Due {due}.",
        "returns:return-edit",
    )


def _figures_in(facts, return_, today):
    """How many of its figures are answered in full."""
    lines = Line.objects.filter(return_to=return_, number=1).select_related("measure", "group")
    return sum(
        line.typed.has_answer
        and answers_in_full(question_in(facts.given, line.measure, line.group), line.typed, today)
        for line in lines
    )
