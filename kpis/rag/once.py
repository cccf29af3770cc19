"""What is worked out once for each Given, however many cells ask for it.

Most of what a cell is judged by is the same for every unit: which period a
term asks about, which version of a clause is in force, what England is. What
has been found is kept with the Given and is gone with it; a Given with other
answers begins with nothing. One of another term does too, but for what `ever`
remembers: what follows from the facts, whichever term they are looked at in.

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


def ever(work: _Work) -> _Work:
    """The same of what does not ask which term is looked at: another term finds it too."""

    @wraps(work)
    def known(given: Given, *about: Any) -> Any:
        found = given.ever[work].get(about, _NOTHING)
        if found is _NOTHING:
            found = given.ever[work][about] = work(given, *about)
        return found

    return cast(_Work, known)
