"""Text as paper can print it: nothing that cannot be seen, and no sign that the font lacks.

A sign without a shape in the font would be an empty box on paper and nothing
to a screen reader, and a PDF/UA file may not hold one. So such a sign is
written by its name: "(thumbs up sign)".
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
BREAK, PIECE = "\u200b", 8
ENDLESS = re.compile(r"[^\s/?&=-]{28,}")
LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\t": " ", "\x0b": "\n", "\x0c": "\n"})
# Controls, marks that say how others are drawn, halves of pairs, and what means nothing.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def printable(text: str) -> str:
    """The text with its lines, without what is unseen, and other signs by their names.

    >>> printable("Well done \N{THUMBS UP SIGN}\\x00, Ll\\u0302yr\\r\\n")
    'Well done (thumbs up sign), Ll̂yr\\n'
    """
    told = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not (told.isascii() and told.isprintable()):
        told = "".join(_printed(sign) for sign in told.translate(LINE_ENDS))
    return ENDLESS.sub(_may_break, told)


def _may_break(word: re.Match[str]) -> str:
    """A word longer than a column, with places where a line may end."""
    whole = word[0]
    return BREAK.join(whole[start : start + PIECE] for start in range(0, len(whole), PIECE))


def printable_all(value: object) -> object:
    """The same for every text in lists and maps of plain values."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [printable_all(one) for one in value]
    if isinstance(value, dict):
        return {key: printable_all(one) for key, one in value.items()}
    return value


@cache
def _printed(sign: str) -> str:
    if sign == "\n":
        return sign
    kind = unicodedata.category(sign)
    if kind in UNSEEN or _chooses_a_look(sign):
        return ""
    if kind == "Zs" and ord(sign) not in covered():
        return " "
    if ord(sign) in covered():
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    if plain != sign and all(ord(one) in covered() for one in plain):
        return plain
    return f"({unicodedata.name(sign, f'sign U+{ord(sign):04X}').lower()})"


def _chooses_a_look(sign: str) -> bool:
    """Whether it only chooses between looks of the sign before it."""
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


@cache
def covered() -> frozenset[int]:
    """The signs that every one of our fonts has."""
    found = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            found.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*found))
