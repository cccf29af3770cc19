"""A figure as a page writes it, read back as the number that it is.

Pages are handed ready text, so a file of the same rows cannot say anything
else than the page. `kpis.rag.shown` writes the text; this is its inverse.
"""

import re
from decimal import Decimal

from kpis.rag.shown import MINUS

NUMBER = re.compile(
    rf"(?P<minus>{MINUS}?)£?(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?)"
    r"(?P<unit>%| points?| (?!of |to |out of )[^\d(),;]+| per [\d,]+ [^\d(),;]+)?"
    r"(?P<counts> \([\d,]+ of [\d,]+\))?"
)
# What stands where a figure is missing, and what files write in its place.
WORDS = {"n/a": "z", "Not applicable": "z", "few": "c", "Too few pupils": "c", "hidden": "c"}
LATER = ("Later", "Not available yet")


def number_in(words):
    """The number of a written figure, with its decimals; None where it is none.

    >>> number_in("93.4%"), number_in("−£340,000"), number_in("1.40 per 100 pupils")
    (Decimal('93.4'), Decimal('-340000'), Decimal('1.40'))
    >>> number_in("14 of 15"), number_in("Good"), number_in("80.0% now, 85.0% in the end")
    (None, None, None)
    """
    found = NUMBER.fullmatch(words)
    if found is None:
        return None
    number = Decimal(found["number"].replace(",", ""))
    return -number if found["minus"] else number


def code_in(words):
    """z not applicable, c too few or kept back, x not available yet; "" for all else."""
    return "x" if words.startswith(LATER) else WORDS.get(words, "")


def figure_cells(words):
    """A written figure for three columns: the number, the code in its place, the words."""
    number = number_in(words)
    return number, "" if number is not None else code_in(words), words
