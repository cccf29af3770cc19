"""A count below which no figure is wanted: "too few pupils" is set in its place.

The server decides, once the row has been left; it is said on screen and can be
undone. Pure.
"""

from ..asked.questions import Question, Typed
from .spelling import REASONS, Misspelt, number, word

FEW = "too_few"


def in_place_of(
    question: Question, typed: Typed, held: Typed, minimum: int, *, settle: bool = False
) -> Typed | None:
    """What the line says instead, if its count has just been typed and is too small.

    Who takes the reason away and gives the counts has decided otherwise, and
    so has who was asked before: then it stays as it is typed. ``settle`` asks
    about a count that was kept while the row was still being typed into.

    >>> from datetime import date
    >>> days = date(2026, 1, 5), date(2026, 4, 1)
    >>> meals = Question("Meals", "percentage", *days, counts="both")
    >>> few = in_place_of(meals, Typed(numerator="3", denominator="4"), Typed(), 6)
    >>> few.why_none, few.numerator, few.denominator
    ('too_few', '', '')
    >>> in_place_of(meals, Typed(numerator="3", denominator="4"), few, 6)
    """
    if FEW not in question.reasons or question.counts == "none" or typed.why_none:
        return None
    if word(held.why_none, REASONS) == FEW:
        return None
    if typed.denominator == held.denominator and not settle:
        return None
    try:
        count = number(typed.denominator)
    except Misspelt:
        return None
    if not 0 < count < minimum:
        return None
    return typed._replace(why_none=FEW, value="", numerator="", denominator="")


def words_of(name: str, minimum: int) -> str:
    """What is said of it on screen."""
    return f"{name} is set to too few pupils: the count is below {minimum}."
