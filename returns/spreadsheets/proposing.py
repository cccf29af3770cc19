"""What the heads of another program's export may mean, as a proposal and never more. Pure.

A head is proposed only where one meaning fits and no other: a wrong one that
nobody looks at would put figures where they do not belong.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

M = TypeVar("M", bound=Hashable)

# How other programs call the columns that tell of every row what it is about.
SPELLINGS = {
    "unit": ("unit", "school", "urn", "school urn", "school code", "establishment", "academy"),
    "measure_code": ("measure code", "measure", "measure name", "indicator", "kpi", "metric"),
    "academic_year": ("academic year", "school year"),
    "term": ("term", "academic term"),
    "pupil_group": ("pupil group", "group", "cohort", "subgroup"),
    "value": ("value", "result", "figure", "actual"),
    "numerator": ("numerator",),
    "denominator": ("denominator",),
    "on": ("on", "date"),
    "respondents": ("respondents", "responses"),
    "invited": ("invited",),
    "reviewer": ("reviewer", "reviewed by"),
    "evidence": ("evidence",),
    "why": ("why", "comment", "comments", "reason", "commentary"),
    "what_next": ("what next", "action", "actions", "next steps"),
}
# How other programs call groups of pupils: each line is one group, whatever its code here.
ALL_SPELT = ("all", "all pupils", "whole school")
GROUPS = (
    ("disadvantaged", "pupil premium", "pp", "ppg", "dis", "disadv"),
    ("send", "sen", "special educational needs"),
    ("sen support", "senk", "sen k"),
    ("ehcp", "ehc plan", "ehc"),
    ("eal", "english as an additional language"),
    ("fsm", "free school meals"),
    ("boys", "male"),
    ("girls", "female"),
    ("looked after", "lac", "cla", "looked after children"),
    ("child in need", "cin"),
)
SHORT = {
    "att": "attendance",
    "attd": "attendance",
    "pa": "persistent absence",
    "susp": "suspension",
    "suspens": "suspension",
    "pex": "permanent exclusion",
    "perm": "permanent",
    "excl": "exclusion",
    "exp": "expected",
    "rwm": "reading writing math",
    "eng": "english",
    "maths": "math",
    "prog": "progress",
    "attain": "attainment",
    "pct": "",
    "percent": "",
    "percentage": "",
    "per": "",
    "cent": "",
    "rate": "",
    "standard": "",
    "of": "",
    "the": "",
    "in": "",
    "and": "",
}
NEAR, APART = 0.88, 0.08  # a slip of the hand is near; what is nearly as near leaves it open


def spellings_of(code: str, name: str) -> tuple[str, ...]:
    """How a group of pupils may be called: by its code, its name, and what others say for it.

    >>> spellings_of("send", "SEND")
    ('send', 'sen', 'special educational needs')
    """
    own = {words_of(code), words_of(name)}
    usual = [texts for texts in GROUPS if own & set(map(words_of, texts))]
    spellings = (code, name, *(text for texts in usual for text in texts))
    return tuple({words_of(text): text for text in reversed(spellings)}.values())[::-1]


def words_of(text: str) -> tuple[str, ...]:
    """The words that tell one name from another, in the order of the alphabet.

    >>> words_of("Att. %"), words_of("persistent_absence"), words_of("% Persistent Absences")
    (('attendance',), ('absence', 'persistent'), ('absence', 'persistent'))
    """
    found: list[str] = []
    for word in re.findall(r"[a-z]+|[0-9]+", text.casefold()):
        found += SHORT.get(word, word).split()
    return tuple(sorted(_singular(word) for word in found))


def _singular(word: str) -> str:
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def proposed(
    heads: Iterable[str], meanings: Mapping[M, Iterable[str]], taken: Iterable[M] = ()
) -> dict[str, M]:
    """For each head the one meaning that its words fit; a head that fits two or none is left out.

    ``meanings`` are the spellings of each; one that is ``taken`` is not proposed.
    """
    spelt = {meaning: {words_of(text) for text in texts} for meaning, texts in meanings.items()}
    found = {}
    for head in heads:
        if (words := words_of(head)) and (meaning := _fits(words, spelt)) is not None:
            found[head] = meaning
    many = Counter([*found.values(), *taken])
    return {head: meaning for head, meaning in found.items() if many[meaning] == 1}


def _fits(words: tuple[str, ...], spelt: Mapping[M, set[tuple[str, ...]]]) -> M | None:
    same = [meaning for meaning, texts in spelt.items() if words in texts]
    if same:
        return same[0] if len(same) == 1 else None
    scores = sorted(
        (
            (max((_alike(words, text) for text in texts), default=0.0), at, meaning)
            for at, (meaning, texts) in enumerate(spelt.items())
        ),
        reverse=True,
    )
    best, _, meaning = scores[0] if scores else (0.0, 0, None)
    second = scores[1][0] if len(scores) > 1 else 0.0
    return meaning if best >= NEAR and best - second >= APART else None


def _alike(words: tuple[str, ...], text: tuple[str, ...]) -> float:
    """How near two names are, word by word; 0 for one that begins otherwise: "unauthorised"."""
    if len(words) != len(text):
        return 0.0
    pairs = list(zip(words, text, strict=True))
    if any(one[:2] != other[:2] for one, other in pairs):
        return 0.0
    return min(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs)
