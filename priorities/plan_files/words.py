"""The words of a plan file and the columns that they fill, said once for both ways.

Loading reads words into columns, export writes columns back as words. What a
file leaves out is the word's default, so export leaves it out again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .columns import plain_flag, plain_number, plain_whole


@dataclass(frozen=True)
class Form:
    """How a value stands in a file, and as the text of a column.

    ``read`` takes the file's value (text, list or map), ``write`` the column's text.
    """

    read: Callable
    write: Callable = str


TEXT = Form(str)
NUMBER = Form(plain_number)
WHOLE = Form(plain_whole)
FLAG = Form(plain_flag)
SEVERAL = Form(lambda said: " ".join(sorted(said)), str.split)


@dataclass(frozen=True)
class Word:
    """One word of a plan file: ``place`` is where it stands, "ask.by" for by inside ask.

    ``default`` is the column's text where the file does not say it, or what
    gives that text from the map that the word is missing from.
    """

    column: str
    place: str = ""
    form: Form = TEXT
    default: str | Callable = ""

    @property
    def steps(self):
        """The names that lead to the word from the map of its entry."""
        return (self.place or self.column).split(".")

    def unsaid(self, said):
        """The text of the column where ``said`` has no such word."""
        return self.default(said) if callable(self.default) else self.default


def columns_of(words, said):
    """What a map of a plan file says, as columns of text."""
    columns = {}
    for word in words:
        value = _at(said, word.steps)
        columns[word.column] = word.unsaid(said) if value is None else word.form.read(value)
    return columns


def said_of(words, columns):
    """Columns of text as the map that a plan file has for them, defaults left out."""
    said = {}
    for word in words:
        text = columns[word.column]
        if text != word.unsaid(said):
            _put(said, word.steps, word.form.write(text))
    return said


def _at(said, steps):
    for step in steps:
        if not isinstance(said, dict) or step not in said:
            return None
        said = said[step]
    return said


def _put(said, steps, value):
    *outer, last = steps
    for step in outer:
        said = said.setdefault(step, {})
    said[last] = value
