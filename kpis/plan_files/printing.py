"""Plain data as the text of a plan file: every scalar as it is, what is short on one line."""

from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.tag import Tag

HEADING = "# A plan file: every value is text. docs/plan-files.md explains it.\n"
ONE_LINE = 100  # characters; longer maps and lists get a line for each part
TEXT = Tag(suffix="tag:yaml.org,2002:str")  # never written: what stands there is text anyway
FEW_WORDS = 3
NO_LIMIT = 1_000_000  # a long sentence stays on its line, so that two files compare by lines


def printed(data):
    """The text of a plan file with this data, lists, maps and text at any depth.

    Equal data give equal text, byte by byte.
    """
    parts = [HEADING]
    for name, said in data.items():
        parts.append(_yaml({name: said}))
    return "\n".join(parts)


def _yaml(data):
    yaml, stream = YAML(typ="safe", pure=True), StringIO()
    yaml.width = NO_LIMIT
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.emit(_events(data), stream)
    return stream.getvalue()


def _events(data):
    yield StreamStartEvent()
    yield DocumentStartEvent(explicit=False)
    yield from _value(data, depth=0)
    yield DocumentEndEvent(explicit=False)
    yield StreamEndEvent()


def _value(value, depth):
    # The name of a list and the list itself never share a line at the top.
    flow = depth > 1 and _is_plain(value) and 2 * depth + _length(value) <= ONE_LINE
    match value:
        case dict():
            yield MappingStartEvent(None, None, implicit=True, flow_style=flow)
            for name, said in value.items():
                yield ScalarEvent(None, TEXT, (True, True), name)
                yield from _value(said, depth + 1)
            yield MappingEndEvent()
        case list():
            yield SequenceStartEvent(None, None, implicit=True, flow_style=flow)
            for one in value:
                yield from _value(one, depth + 1)
            yield SequenceEndEvent()
        case _:
            yield ScalarEvent(None, TEXT, (True, True), value, style=_style(value))


def _style(text):
    """Quotes round what could be taken for anything but words; None leaves it to YAML."""
    plain = text[:1].isalnum() or text.startswith(("(", "-", "£"))
    return None if plain and text.isprintable() else '"'


def _is_plain(value):
    """Whether a value is no list of maps with much in them: clauses have a line each."""
    match value:
        case dict():
            return all(_is_plain(said) for said in value.values())
        case list():
            return all(len(one) <= FEW_WORDS or not isinstance(one, dict) for one in value)
    return True


def _length(value):
    """About how long a value is on one line."""
    match value:
        case dict():
            return 2 + sum(len(name) + _length(said) + 4 for name, said in value.items())
        case list():
            return 2 + sum(_length(one) + 2 for one in value)
    return len(value) if "\n" not in value else ONE_LINE
