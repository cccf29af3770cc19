"""One way in which a result can stand, told in plain words."""

from dataclasses import dataclass

from kpis.rag.given import Given

from ..cells import Result
from .examples import HOUSE

NOTHING = "Nothing to do."


@dataclass(frozen=True, slots=True)
class Way:
    """What it is called, what it means and what to do next, with an example of it."""

    name: str
    means: str
    next: str
    result: Result
    given: Given = HOUSE
    dim: bool = False  # as the dashboard greys what a filter leaves out
    said: bool = False  # somebody has commented on it
    is_whole: bool = False  # one cell across all schools
