"""What was typed for one question, read: an answer, a rating, or what is wrong with it.

The form, the check before submitting and uploaded files all ask ``read``, so
the same text means the same everywhere. Pure: no database, no clock.
"""

from collections.abc import Iterator
from datetime import date

from ..asked.questions import (
    NAMES,
    SAYING,
    Answer,
    Problem,
    Question,
    Rating,
    Read,
    Typed,
    Wrong,
    day_of,
    past_day,
)
from .figures import read_cases, read_figure
from .spelling import DONE, KINDS, RATINGS, REASONS
from .spelling import tidy as tidied
from .spelling import word as in_words


def read(question: Question, typed: Typed, today: date) -> Read:
    """Read a line. Never raises: what is wrong comes back as problems.

    >>> spring = date(2026, 1, 5), date(2026, 4, 1)
    >>> attendance = Question("Attendance", "percentage", *spring, decimals=1)
    >>> read(attendance, Typed("94.1"), date(2026, 4, 2)).answer.value
    Decimal('94.1')
    >>> read(attendance, Typed("lots"), date(2026, 4, 2)).problems[0].words
    'Enter Attendance as a number, like 94.1.'
    """
    answer, problems = None, [*_misplaced(question, typed)]
    try:
        answer = _answer(question, typed, today)
    except Wrong as wrong:
        problems.append(wrong.problem)
    rating = None
    if question.is_rated:
        rater = _Rater(question, typed, today)
        problems += rater.problems
        rating = rater.made
    if problems:
        return Read(problems=tuple(dict.fromkeys(problems)))
    return Read(answer, rating)


def answers_in_full(question: Question, typed: Typed, today: date) -> bool:
    """Whether it is an answer that could be sent as it stands.

    One count without the other is none yet, nor is a text that nobody can read.

    >>> spring = date(2026, 1, 5), date(2026, 4, 1)
    >>> present = Question("Attendance", "percentage", *spring, counts="both")
    >>> answers_in_full(present, Typed(numerator="188"), date(2026, 4, 2))
    False
    """
    said = read(question, typed, today)
    return not said.problems and (said.answer is not None or said.rating is not None)


_ALWAYS = frozenset({"value", "why_none", "until", *SAYING})
_COUNTED = _ALWAYS | {"numerator", "denominator"}


def _misplaced(question: Question, typed: Typed) -> Iterator[Problem]:
    """What was typed into a part that this question does not have."""
    asked = _COUNTED if question.counts == "both" or question.kind == "cases" else _ALWAYS
    told = [name for name, text in zip(NAMES, typed, strict=True) if text and name not in asked]
    if not told:  # as most are
        return
    beside = set()
    if question.counts == "weight":
        beside.add("denominator")
    if question.survey:
        beside |= {"respondents", "invited", "provider"}
    if question.is_rated:
        beside |= {"rating", "reviewer", "kind", "evidence"}
    if question.is_rated or question.dated or question.kind in ("yes_no", "date"):
        beside.add("on")
    for name in told:
        if name not in beside:
            yield Problem(name, f"{question.name} does not ask for this. Leave it empty.")


def _answer(question: Question, typed: Typed, today: date) -> Answer | None:
    if why_none := _reason(question, typed):
        return _why_none(question, typed, why_none)
    if question.is_figure:
        return read_figure(question, typed, today)
    match question.kind:
        case "cases":
            return read_cases(question, typed)
        case "yes_no":
            return _done(question, typed, today)
        case "date":
            return _date(question, typed, today)
        case "level":
            return _level(question, typed, today)
    return None  # a rating is no entry


# Why there is none


def _reason(question: Question, typed: Typed) -> str | None:
    """The reason that was chosen, or typed where the answer goes."""
    if not typed.why_none:
        found = (in_words(text, REASONS) for text in _boxes(typed) if text)
        return next((reason for reason in found if reason), None)
    reason = in_words(typed.why_none, REASONS)
    if reason is None:
        raise Wrong("why_none", f"Choose one of the reasons why {question.name} has no answer.")
    return reason


def _boxes(typed: Typed) -> tuple[str, str, str]:
    return typed.value, typed.numerator, typed.denominator


def _why_none(question: Question, typed: Typed, reason: str) -> Answer:
    name = question.name
    told_too = (text for text in _boxes(typed) if text and in_words(text, REASONS) != reason)
    if any(told_too) or typed.rating:
        raise Wrong("why_none", f"Give {name}, or say why there is none, not both.")
    if reason not in question.reasons:
        said = {"too_few": "too few pupils", "not_available": "not available yet"}.get(reason)
        raise Wrong("why_none", f'{name} cannot be "{said}". Give an answer or leave it empty.')
    if reason != "not_available":
        return Answer(why_none=reason)
    expected = day_of(question, "until", typed.until)
    if expected is None:
        raise Wrong("until", f"Enter the day when {name} is expected, like 13 February 2026.")
    return Answer(why_none=reason, expected_on=expected)


# Days and levels


def _done(question: Question, typed: Typed, today: date) -> Answer | None:
    name = question.name
    done = in_words(typed.value, DONE)
    if done is None:
        if typed.value or typed.on:
            raise Wrong("value", f"Answer {name} with yes, not yet or at risk.")
        return None
    if done != "yes":
        if typed.on:
            raise Wrong("on", f"{name} has a day only when the answer is yes.")
        return Answer(done=done)
    if not typed.on:
        raise Wrong("on", f"Enter the day when {name} was done, like 22 November 2025.")
    return Answer(done=done, done_on=past_day(question, "on", typed.on, today))


def _date(question: Question, typed: Typed, today: date) -> Answer | None:
    part = "value" if typed.value else "on"
    text = typed.value or typed.on
    if not text:
        return None
    return Answer(done="yes", done_on=past_day(question, part, text, today))


def _level(question: Question, typed: Typed, today: date) -> Answer | None:
    name = question.name
    if not (typed.value or typed.on):
        return None
    if question.inspection and not typed.on:
        raise Wrong("on", f"Enter the day of the inspection for {name}, like 22 November 2025.")
    on = past_day(question, "on", typed.on, today) if typed.on else None
    levels = question.levels_on(on or question.ends)
    said = tidied(typed.value).casefold()
    for level in levels:
        if said in (level.name.casefold(), level.key.casefold()):
            return Answer(level=level.id, on=on)
    names = ", ".join(level.name for level in levels)
    raise Wrong("value", f"Choose {name} from: {names}.")


# Ratings


class _Rater:
    """Reads the rating of a line, and gathers all that is missing in it at once."""

    def __init__(self, question: Question, typed: Typed, today: date):
        self.question, self.typed, self.today = question, typed, today
        self.problems: list[Problem] = []
        self.made: Rating | None = None
        if not self._says_nothing():
            self._read()

    def _says_nothing(self) -> bool:
        typed = self.typed
        if self.question.kind == "rating" and (
            typed.why_none or in_words(typed.value, REASONS) is not None
        ):
            return True
        own = typed.value if self.question.kind == "rating" else ""
        return not (own or typed.rating or typed.reviewer or typed.evidence or typed.on)

    def _read(self) -> None:
        name, typed = self.question.name, self.typed
        said = typed.rating or (typed.value if self.question.kind == "rating" else "")
        rating = in_words(said, RATINGS)
        if rating is None:
            self._wrong("rating", f"Rate {name}: on target, close to target or off target.")
        kind = in_words(typed.kind, KINDS)
        if kind is None:
            self._wrong("kind", f"Say whether the rating of {name} is internal or external.")
        reviewer = tidied(typed.reviewer)
        if not 0 < len(reviewer) <= 120:
            self._wrong("reviewer", f"Name who rated {name}, in 120 characters or less.")
        evidence = typed.evidence.strip()
        if not evidence:
            self._wrong("evidence", f"Say on what evidence {name} was rated.")
        on = None
        try:
            on = past_day(self.question, "on", typed.on, self.today)
        except Wrong as wrong:
            self.problems.append(wrong.problem)
        if rating and kind and on and not self.problems:
            self.made = Rating(rating, on, kind, reviewer, evidence)

    def _wrong(self, part: str, words: str) -> None:
        self.problems.append(Problem(part, words))
