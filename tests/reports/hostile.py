"""A document in which every place where people type says something else, and nothing nice."""

import re
from dataclasses import fields, is_dataclass, replace

TYPED = "typed here"
# What templates, formulas, markup and paper could trip over.
STRINGS = (
    "<script>alert(1)</script>",
    "=SUM(A1)",
    "#panic(1)",
    "*x* _y_ $z$ `w`",
    '#read("/etc/passwd")',
    ']]) #eval("1")',
    "@ref <label> // no comment",
    "= heading",
    "\\u{41} \\ \\n",
    "“ŵ” £5 − ≥ 10%",
    "well done \N{THUMBS UP SIGN}",
    "日本",
    "+1",
    "@SUM(A1)",
    "<r><t>bold</t></r>",
    "&amp; &lt; ]]>",
    "{{ 7|add:7 }} {% now %}",
    "''quoted'' \"twice\"",
    "-1 --- ...",
    "internal:Sheet1!A1 http://example.org",
    "_x0041_",
    "two\nlines\ttabbed",
    "NUL\x00 bell\x07 \u202eturned\u202c",
)


def each_different(value, told=None):
    """The same with another string in each place of ``TYPED``, and the list of them."""
    told = [] if told is None else told
    if isinstance(value, str):
        if value != TYPED:
            return value, told
        told.append(f"{STRINGS[len(told) % len(STRINGS)]} no{len(told)}.")
        return told[-1], told
    if isinstance(value, tuple):
        return tuple(each_different(one, told)[0] for one in value), told
    if is_dataclass(value):
        parts = {
            one.name: each_different(getattr(value, one.name), told)[0] for one in fields(value)
        }
        return replace(value, **parts), told
    return value, told


def told_in(*values):
    """Every string that ``each_different`` put into these."""
    for value in values:
        if isinstance(value, str):
            if re.search(r" no\d+\.$", value):
                yield value
        elif isinstance(value, tuple):
            yield from told_in(*value)
        elif is_dataclass(value):
            yield from told_in(*(getattr(value, one.name) for one in fields(value)))
