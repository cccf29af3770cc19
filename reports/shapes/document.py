"""The whole document, and how it is frozen and read again."""

import json
import types
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from .appendix import Definition, Explained, Matrix, Release
from .drawn import Counts
from .exceptions import Exceptional, Restatement
from .first import Ask, Header, Question, Result
from .priorities import Section

# Raised when a stored snapshot could no longer be read as it is; `read` then takes both.
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one board report."""

    header: Header
    asks: tuple[Ask, ...]
    summary: tuple[str, ...]
    counts: Counts
    worst: tuple[Result, ...]
    improving: tuple[Result, ...]
    falling: tuple[Result, ...]
    questions: tuple[Question, ...]
    exceptions: tuple[Exceptional, ...]
    sections: tuple[Section, ...]
    restatements: tuple[Restatement, ...]
    matrix: Matrix | None
    definitions: tuple[Definition, ...]
    explained: tuple[Explained, ...]
    releases: tuple[Release, ...]
    schema: int = SCHEMA

    def as_json(self) -> str:
        """The snapshot as it is stored: the same document is always the same text."""
        return json.dumps(_plain(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Document":
        return _read(cls, json.loads(text))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        return _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(inner, one) for one in value)
    if is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], one) for name, one in value.items()})
    return Decimal(value) if kind is Decimal else value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
