"""How numbers, days and reasons are typed: one parser for the form and for files.

``float`` and ``int`` would take "nan", "9_3" and the digits of other scripts,
so the spellings that are taken are written down here, and nothing else is.
"""

import re
from calendar import month_name
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\t"), " ")
_MINUS = "-\N{MINUS SIGN}\N{EN DASH}"

_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{0,30})?|\.[0-9]{1,30}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([, ])[0-9]{3}(\1[0-9]{3}){0,3}(\.[0-9]{1,30})?")
_COMMA_FOR_POINT = re.compile(r"[0-9]+,[0-9]+")

# What a column holds; how much of it is shown, the measure's own decimals decide.
PLACES = 6
TOO_BIG = 10**12


class Misspelt(ValueError):
    """What was typed is no number or no day; the message asks, if there is something to ask."""


def tidy(text: str) -> str:
    """Without the spaces around it, and every kind of space an ordinary one.

    >>> tidy("  94\u202f000\u00a0")
    '94 000'
    """
    if text.isascii() and text.isprintable() and " " not in text:  # as most are
        return text
    return " ".join(text.translate(_SPACES).split())


def number(text: str, *, percent: bool = False, pounds: bool = False) -> Decimal:
    """A number as people and spreadsheets write it; Misspelt if it is none.

    A sign of "%" is taken where ``percent``, "£" where ``pounds``. Rounded half
    up at six places, as a spreadsheet may give sixteen.

    >>> number("1,204"), number("(0.4)"), number("−0.12"), number("93.5 %", percent=True)
    (Decimal('1204'), Decimal('-0.4'), Decimal('-0.12'), Decimal('93.5'))
    >>> number("93,5")
    Traceback (most recent call last):
        ...
    returns.typed.spelling.Misspelt: Is this 93.5 or 935?
    """
    if _PLAIN.fullmatch(text):  # as most are
        return _amount(text)
    rest, negative = _without_sign(tidy(text))
    if pounds and rest.startswith("£"):
        rest, after = _without_sign(rest[1:].lstrip())
        negative ^= after
    if percent and rest.endswith("%"):
        rest = rest[:-1].rstrip()

    if _GROUPED.fullmatch(rest):
        rest = re.sub("[, ]", "", rest)
    elif _COMMA_FOR_POINT.fullmatch(rest):
        raise Misspelt(f"Is this {rest.replace(',', '.')} or {rest.replace(',', '')}?")
    if not _PLAIN.fullmatch(rest):
        raise Misspelt
    amount = _amount(rest)
    return -amount if negative else amount


def _amount(plain: str) -> Decimal:
    amount = Decimal(plain)
    if len(plain.partition(".")[2]) > PLACES:
        amount = amount.quantize(Decimal((0, (1,), -PLACES)), ROUND_HALF_UP)
    if amount >= TOO_BIG:
        raise Misspelt
    return amount


def _without_sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text[:1] in _MINUS and text:
        return text[1:].lstrip(), True
    return text.removeprefix("+").lstrip(), False


_MONTHS = [month.lower() for month in month_name[1:]]
_BY_NUMBERS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})([ t]00:00(:00)?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+) ([0-9]{4})")
_MONTH_FIRST = re.compile(r"([a-z]+) ([0-9]{1,2})(?:st|nd|rd|th)? ([0-9]{4})")


def day(text: str) -> date:
    """A day as it is written in England, or as 2025-11-22; Misspelt if it is none.

    >>> day("22/11/2025") == day("22nd Nov 2025") == day("2025-11-22") == date(2025, 11, 22)
    True
    """
    rest = tidy(text).lower().replace(",", "")
    if found := _ISO.fullmatch(rest):
        year, month, number = (int(part) for part in found.groups()[:3])
    elif found := _BY_NUMBERS.fullmatch(rest):
        number, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    elif found := _DAY_FIRST.fullmatch(rest):
        number, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif found := _MONTH_FIRST.fullmatch(rest):
        number, month, year = int(found[2]), _month(found[1]), int(found[3])
    else:
        raise Misspelt
    if not 1990 <= year <= 2100:
        raise Misspelt
    try:
        return date(year, month, number)
    except ValueError:
        raise Misspelt from None


def _month(word: str) -> int:
    for number, name in enumerate(_MONTHS, start=1):
        if word == name or (len(word) >= 3 and word == name[: len(word)]):
            return number
    raise Misspelt


def lower_first(words: str) -> str:
    """As in the middle of a sentence, if it is no abbreviation: "disadvantaged", "SEND"."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


# Words for what is no number, in lower case, with the codes of published statistics.
REASONS = {
    "n/a": "not_applicable",
    "na": "not_applicable",
    "z": "not_applicable",
    "not applicable": "not_applicable",
    "not_applicable": "not_applicable",
    "few": "too_few",
    "c": "too_few",
    "too few": "too_few",
    "too few pupils": "too_few",
    "too_few": "too_few",
    "later": "not_available",
    "x": "not_available",
    "not available yet": "not_available",
    "not_available": "not_available",
}
DONE = {
    "yes": "yes",
    "y": "yes",
    "done": "yes",
    "no": "not_yet",
    "n": "not_yet",
    "not yet": "not_yet",
    "not_yet": "not_yet",
    "at risk": "at_risk",
    "at_risk": "at_risk",
    "not yet, and at risk": "at_risk",
}
RATINGS = {
    "green": "green",
    "g": "green",
    "on target": "green",
    "amber": "amber",
    "a": "amber",
    "close to target": "amber",
    "close": "amber",
    "red": "red",
    "r": "red",
    "off target": "red",
}
KINDS = {"internal": "internal", "external": "external"}


def word(text: str, words: dict[str, str]) -> str | None:
    """What a word means, however it is capitalised; None if it is not in the list.

    >>> word(" N/A ", REASONS), word("nought", REASONS)
    ('not_applicable', None)
    """
    return words.get(tidy(text).lower())
