"""Read a plan file as text, and know on which line everything stands.

YAML guesses: ``no`` becomes false, 012 ten, 0.10 loses its zero, and of two
equal keys the last one wins in silence. A plan's words and figures must come
in as they were typed, so every scalar stays text, and whatever could hide a
second meaning (equal keys, aliases, tags) is refused.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

SCHEMA = Path(__file__).with_name("plan.schema.json")
LARGEST = 2_000_000  # bytes; the largest plan known takes about 60,000
DEEPEST = 12  # levels; a plan needs 7
MOST_COMPLAINTS = 50


class PlanFileRefused(Exception):
    """Nothing of this file was taken; ``complaints`` are sentences, in the order of its lines."""

    def __init__(self, complaints):
        self.complaints = list(complaints)
        super().__init__("\n".join(self.complaints))


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: where it stands, what it is, what would be right."""

    path: tuple
    says: str
    allowed: str = ""


@dataclass
class PlanFile:
    """What a plan file says: ``data`` is dicts, lists and text, nothing else."""

    name: str
    data: dict
    lines: dict = field(repr=False)

    def line(self, path):
        """The line of an entry; of the nearest one around it if it has none."""
        path = tuple(path)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def written(self, path):
        """A path as people read it: list entries by their key, kpis/a1/clauses/c2."""
        steps, at = [], self.data
        for step in path:
            at = _inner(at, step)
            named = isinstance(step, int) and isinstance(at, dict)
            name = (at.get("key") or at.get("code")) if named else None
            steps.append(name if isinstance(name, str) else _step(step))
        return "/".join(steps) or "the file"

    def refuse(self, faults):
        """Raise PlanFileRefused if there is any fault: file, line, path, what is allowed."""
        faults = sorted(set(faults), key=lambda fault: (self.line(fault.path), fault.says))
        if not faults:
            return
        complaints = [self._complaint(fault) for fault in faults[:MOST_COMPLAINTS]]
        if more := len(faults) - len(complaints):
            complaints.append(f"{self.name}: {more} more of this kind; mend these first.")
        raise PlanFileRefused(complaints)

    def _complaint(self, fault):
        allowed = f"; allowed: {fault.allowed}" if fault.allowed else ""
        place = f"{self.name}, line {self.line(fault.path)}, {self.written(fault.path)}"
        return f"{place}: {fault.says}{allowed}."


def _inner(at, step):
    try:
        return at[step]
    except (KeyError, IndexError, TypeError):
        return None


def _step(step):
    return str(step + 1) if isinstance(step, int) else step


def read_path(path):
    """Read a plan file from disk. Raises PlanFileRefused, also if there is no such file."""
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise PlanFileRefused([f"{path.name}: larger than {LARGEST:,} bytes."])
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PlanFileRefused([f"{path.name}: not UTF-8 text ({error.reason})."]) from error
    except OSError as error:
        raise PlanFileRefused([f"{path}: {error.strerror}."]) from error
    return read(text, path.name)


def read(text, name):
    """Read a plan file, and hold it against the schema.

    Returns a PlanFile. Raises PlanFileRefused with everything that is wrong.
    """
    plan_file = parse(text, name)
    plan_file.refuse(_against_schema(plan_file.data))
    return plan_file


def parse(text, name):
    """Turn YAML into dicts, lists and text. Raises PlanFileRefused."""
    builder = _Builder()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        says = error.problem or error.context
        raise PlanFileRefused([f"{name}, line {line}: not YAML, {says}."]) from error
    except _Stop as stop:
        raise PlanFileRefused([f"{name}, line {stop.line}: {stop.says}."]) from stop
    except YAMLError as error:
        says = str(error).splitlines()[0]
        raise PlanFileRefused([f"{name}: not YAML, {says}."]) from error
    if not isinstance(builder.root, dict):
        raise PlanFileRefused([f"{name}, line 1: a plan file begins with plan: and its title."])
    plan_file = PlanFile(name, builder.root, builder.lines)
    plan_file.refuse(builder.faults)
    return plan_file


class _Stop(Exception):
    def __init__(self, line, says):
        self.line, self.says = line, says


class _Builder:
    """Puts the parser's events together; a stack, so depth costs no recursion."""

    def __init__(self):
        self.root = None
        self.lines = {}
        self.faults = []
        self._stack = []  # [container, path, key waiting for its value]
        self._documents = 0

    def take(self, event):
        """Add one event of the parser; _Stop if it could hide a second meaning."""
        line = event.start_mark.line + 1
        match event:
            case DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise _Stop(line, "a second document (---) begins; a plan file is one")
            case AliasEvent():
                raise _Stop(line, f"aliases are not allowed (*{event.anchor}); write it out")
            case ScalarEvent() | MappingStartEvent() | SequenceStartEvent():
                self._begin(event, line)
            case MappingEndEvent() | SequenceEndEvent():
                self._stack.pop()

    def _begin(self, event, line):
        if event.anchor:
            raise _Stop(line, f"anchors are not allowed (&{event.anchor}); write it out")
        if event.ctag is not None and str(event.ctag) != "!":
            raise _Stop(line, f"tags are not allowed ({event.ctag}); every value is text")
        if self._stack and isinstance(self._stack[-1][0], dict) and self._stack[-1][2] is None:
            self._key(event, line)
            return
        match event:
            case ScalarEvent():
                self._place(event.value, line)
            case MappingStartEvent():
                self._open({}, line)
            case _:
                self._open([], line)

    def _key(self, event, line):
        if not isinstance(event, ScalarEvent):
            raise _Stop(line, "a name must be plain text, not a list or a map")
        container, path, _ = self._stack[-1]
        if event.value in container:
            self.faults.append(
                Fault((*path, event.value), f"{event.value} stands here twice (line {line})")
            )
        self._stack[-1][2] = event.value
        self.lines.setdefault((*path, event.value), line)

    def _place(self, value, line):
        """Put a value where it belongs and give its path."""
        if not self._stack:
            self.root = value
            return ()
        container, path, key = self._stack[-1]
        if isinstance(container, dict):
            container[key] = value
            self._stack[-1][2] = None
            return (*path, key)
        container.append(value)
        path = (*path, len(container) - 1)
        self.lines[path] = line
        return path

    def _open(self, container, line):
        if len(self._stack) >= DEEPEST:
            raise _Stop(line, f"more than {DEEPEST} levels deep")
        path = self._place(container, line)
        self._stack.append([container, path, None])


@cache
def schema():
    """The JSON Schema of a plan file (Draft 2020-12)."""
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


@cache
def words_of_rule(rule):
    """The words that a clause with this rule may have."""
    for one in schema()["$defs"]["clause"]["allOf"]:
        if one["if"]["properties"]["rule"]["const"] == rule:
            return frozenset(one["then"]["propertyNames"]["enum"])
    raise ValueError(f"There is no rule {rule}.")


FORMATS = FormatChecker(["date"])


@FORMATS.checks("academic-year")
def _is_academic_year(text):
    """Two years that follow each other: 2024/25, but not 2024/26."""
    first, _, second = text.partition("/") if isinstance(text, str) else ("", "", "")
    return not (first + second).isdecimal() or (int(first) + 1) % 100 == int(second)


def _against_schema(data):
    validator = Draft202012Validator(schema(), format_checker=FORMATS)
    for error in validator.iter_errors(data):
        yield from _faults(error)


def _faults(error):
    """One schema error as faults, in words; what is allowed comes from the schema."""
    path, value = tuple(error.absolute_path), error.validator_value
    described = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    if "propertyNames" in error.absolute_schema_path:
        name = error.instance
        yield Fault((*path, name), f"{name} does not belong here", described)
        return
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for name in error.instance:
                if name not in known:
                    yield Fault((*path, name), f"{name} is not known here", ", ".join(known))
        case "required":
            for name in value:
                if name not in error.instance:
                    yield Fault(path, f"{name} is missing")
        case "enum":
            yield Fault(path, f"{_said(error.instance)} is not known here", ", ".join(value))
        case "const":
            yield Fault(path, f"{_said(error.instance)} is not known here", str(value))
        case "type":
            yield Fault(path, f"this is {_kind(error.instance)}", described or _type(value))
        case "pattern" | "format":
            yield Fault(path, f"{_said(error.instance)} cannot be read", described or str(value))
        case "minLength" | "minItems":
            yield Fault(path, "nothing stands here", described)
        case "maxLength":
            yield Fault(path, f"longer than {value} characters ({len(error.instance)})")
        case "uniqueItems":
            yield Fault(path, "something stands here twice")
        case _:
            yield Fault(path, f"{_said(error.instance)} does not fit", described)


def _said(value):
    return f'"{value}"' if isinstance(value, str) else _kind(value)


def _kind(value):
    return {str: "text", list: "a list", dict: "a map"}.get(type(value), "something else")


def _type(value):
    return {"string": "text", "array": "a list", "object": "a map"}.get(value, str(value))
