"""Figures and counts: what was typed as numbers, read."""

from datetime import date
from decimal import Decimal

from kpis.rag.shown import divided, rounded

from ..asked.questions import Answer, Question, Typed, Wrong, past_day
from .spelling import PLACES, TOO_BIG, Misspelt, lower_first, number
from .spelling import tidy as tidied
from .spelling import word as in_words

_LIKE = {"number": "12", "score": "−0.12", "money": "12,500", "rate": "1.4"}


def read_figure(question: Question, typed: Typed, today: date) -> Answer | None:
    """A figure, worked out from two counts where they are asked; None for none.

    Raises Wrong with what to do about it.
    """
    if not (typed.value or typed.numerator or typed.denominator):
        if typed.respondents or typed.invited or typed.provider:
            raise Wrong("value", f"Enter {question.name} too, or leave the line empty.")
        return None
    numerator = denominator = None
    match question.counts:
        case "both":
            value, numerator, denominator = _from_counts(question, typed)
        case "weight":
            value, denominator = _weighted(question, typed)
        case _:
            value = _value(question, typed.value)
    on = None
    if question.dated and not question.rated and typed.on:
        on = past_day(question, "on", typed.on, today)
        if not question.starts <= on <= question.ends:
            raise Wrong("on", f"The day of {question.name} must lie in the term that asks for it.")
    respondents, invited = _asked_people(question, typed, denominator)
    return Answer(
        value=value,
        numerator=numerator,
        denominator=denominator,
        on=on,
        respondents=respondents,
        invited=invited,
        provider=tidied(typed.provider),
    )


def _value(question: Question, text: str) -> Decimal:
    percent = question.kind == "percentage"
    try:
        value = number(text, percent=percent, pounds=question.kind == "money")
    except Misspelt as why:
        raise Wrong("value", _question_or(str(why), question)) from None
    if percent and 0 < abs(value) < 1 and "%" not in text:
        percents = (value * 100).normalize()
        raise Wrong(
            "value",
            f"Is {question.name} {percents:f}% or {value.normalize():f}%? "
            f"Enter {percents:f}, or {value.normalize():f}% with its sign.",
        )
    _inside(question, "value", value)
    return value


def _question_or(asks: str, question: Question) -> str:
    if asks:
        return f"{asks} Enter {question.name} without a comma."
    return f"Enter {question.name} as a number, like {_like(question)}."


def _like(question: Question) -> str:
    if question.kind == "percentage":
        return "94.1" if question.decimals else "94"
    return _LIKE[question.kind]


def _inside(question: Question, part: str, value: Decimal) -> None:
    lowest, highest = question.lowest, question.highest
    if question.kind == "percentage":
        lowest = Decimal(0) if lowest is None else lowest
        highest = Decimal(100) if highest is None else highest
    if lowest is not None and highest is not None and not lowest <= value <= highest:
        limits = f"between {plain(lowest)} and {plain(highest)}"
    elif lowest is not None and value < lowest:
        limits = f"of {plain(lowest)} or more"
    elif highest is not None and value > highest:
        limits = f"of {plain(highest)} or less"
    else:
        return
    raise Wrong(part, f"Enter {question.name} as a number {limits}.")


def _from_counts(question: Question, typed: Typed) -> tuple[Decimal, Decimal, Decimal]:
    """The figure, worked out from its two counts."""
    part, whole = question.parts
    if not (typed.numerator or typed.denominator):
        both = f"{lower_first(part)}, and {lower_first(whole)}"
        raise Wrong("numerator", f"Enter the two counts of {question.name}: {both}.")
    numerator = _count(question, "numerator", part, typed.numerator)
    denominator = _count(question, "denominator", whole, typed.denominator)
    if denominator < 0:
        raise Wrong("denominator", f"{whole} cannot be below zero.")
    is_share = question.kind == "percentage" and question.highest in (None, 100)
    if is_share and numerator > denominator:
        words = f"{part} ({plain(numerator)}) cannot be more than {lower_first(whole)}"
        raise Wrong("numerator", f"{words} ({plain(denominator)}).")
    if denominator == 0:
        if numerator:
            raise Wrong("denominator", f"{part} is {plain(numerator)}, so this cannot be 0.")
        return Decimal(0), numerator, denominator
    value = divided(numerator * question.per, denominator, PLACES)
    if abs(value) >= TOO_BIG:
        raise Wrong("denominator", f"Check the two counts of {question.name}.")
    _inside(question, "numerator", value)
    if typed.value and _value(question, typed.value) != rounded(value, question.decimals):
        shown = plain(rounded(value, question.decimals))
        raise Wrong(
            "value", f"{question.name} is {shown} by its two counts. Correct one of the three."
        )
    return value, numerator, denominator


def _weighted(question: Question, typed: Typed) -> tuple[Decimal, Decimal]:
    """A figure, and how many it is about."""
    whole = question.parts[1]
    if not typed.value:
        raise Wrong("value", f"Enter {question.name} too, or leave the line empty.")
    value = _value(question, typed.value)
    denominator = _count(question, "denominator", whole, typed.denominator)
    if denominator <= 0:
        advice = "If it is about nobody, choose not applicable."
        raise Wrong("denominator", f"Enter how many {question.name} is about. {advice}")
    return value, denominator


def _count(question: Question, part: str, label: str, text: str) -> Decimal:
    # Named in full: in the list of what is to do, nothing stands beside it.
    asked = f"{lower_first(label)} for {question.name}"
    if not text:
        raise Wrong(part, f"Enter {asked} too.")
    try:
        count = number(text, pounds=question.kind == "money")
    except Misspelt as why:
        if str(why):
            raise Wrong(part, f"{label} for {question.name}: {why}") from None
        raise Wrong(part, f"Enter {asked} as a number, like 412.") from None
    whole_ones = question.about_pupils or question.kind == "cases"
    if whole_ones and (count != count.to_integral_value() or count < 0):
        raise Wrong(part, f"Enter {asked} as a whole number, like 412.")
    return count


def _asked_people(
    question: Question, typed: Typed, denominator: Decimal | None
) -> tuple[int | None, int | None]:
    """How many answered a survey and how many were asked, where that was typed."""
    if not question.survey:
        return None, None
    answered = typed.respondents or ("" if denominator is None else str(int(denominator)))
    respondents = _people(question, "respondents", "people who answered", answered)
    invited = _people(question, "invited", "people who were asked", typed.invited)
    if respondents is None:
        raise Wrong("respondents", f"Enter how many people answered for {question.name}.")
    if denominator is not None and denominator > respondents:
        raise Wrong("respondents", "More answers are counted than people answered.")
    if invited is not None and respondents > invited:
        raise Wrong("invited", "More people answered than were asked.")
    return respondents, invited


def _people(question: Question, part: str, label: str, text: str) -> int | None:
    if not text:
        return None
    try:
        people = number(text)
    except Misspelt:
        people = Decimal(-1)
    if people < 0 or people != int(people) or people > 2_000_000_000:
        raise Wrong(part, f"Enter the {label} for {question.name} as a whole number, like 140.")
    return int(people)


def plain(amount: Decimal) -> str:
    """A number without zeros at its end and with commas: "1,204", "0.5"."""
    return f"{amount.normalize():,f}"


def read_cases(question: Question, typed: Typed) -> Answer | None:
    """Those overdue now, of all; 0 of 0 says that there were none."""
    if in_words(typed.value, {"none": "0", "0": "0"}):
        typed_too = typed.numerator or typed.denominator
        if typed_too:
            raise Wrong("value", f"{question.name}: give the two counts, or say none, not both.")
        return Answer(value=Decimal(0), numerator=Decimal(0), denominator=Decimal(0))
    part, whole = question.parts
    if typed.value:
        raise Wrong("value", f"Enter two counts for {question.name}: {part}, and {whole}.")
    if not (typed.numerator or typed.denominator):
        return None
    overdue = _count(question, "numerator", part, typed.numerator)
    every = _count(question, "denominator", whole, typed.denominator)
    if overdue > every:
        words = f"{part} ({plain(overdue)}) cannot be more than {lower_first(whole)}"
        raise Wrong("numerator", f"{words} ({plain(every)}).")
    return Answer(value=every, numerator=overdue, denominator=every)
