"""What is worked out once for each Given, however many cells ask for it.

Most of what a cell is judged by is the same for every unit: which period a
term asks about, which version of a clause is in force, what England is. What
has been found is kept with the Given and is gone with it; a Given of another
term, or with other answers, begins with nothing.

Source: docs/rag.md, What is judged.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from kpis.rag.given import Given

_Work = TypeVar("_Work", bound=Callable[..., Any])
_NOTHING = object()


def once(work: _Work) -> _Work:
    """Remember what ``work`` says of a Given and what else it is asked about, by position.

    Two things are the same where they are equal: a promise as a leader is just
    changing it is never taken for the one that is kept.
    """

    @wraps(work)
    def known(given: Given, *about: Any) -> Any:
        found = given.memo[work].get(about, _NOTHING)
        if found is _NOTHING:
            found = given.memo[work][about] = work(given, *about)
        return found

    return cast(_Work, known)
