"""The boxes of the entry grid. There are hundreds on a page, so each is one joined string."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

NUL = "\x00"


@dataclass(frozen=True, slots=True)
class Box:
    """A place to type into; it takes any text that fits.

    ``about`` are its attributes as they are written, and ours: nobody types them.
    """

    name: str
    label: str
    longest: int
    about: str = ""

    kind = "text"
    one_word = "Figure"

    def problem(self, text):
        """Why a text cannot be kept, however it is meant; "" if it can."""
        if NUL in text:
            return "Type this again: it has characters that nobody can read."
        return f"Shorten this to {self.longest:,} characters." if len(text) > self.longest else ""

    def html(self, name, text, more=""):
        """Written with this text in it; ``name`` is the whole one, ``more`` further attributes."""
        value = f' value="{escape(text)}"' if text else ""
        longest = f' maxlength="{self.longest}"' if self.kind == "text" else ""
        return (
            f'<input type="{self.kind}" name="{name}"{value}{self.about}{longest}{more}'
            f' id="id_{name}">'
        )


class HiddenBox(Box):
    __slots__ = ()
    kind = "hidden"


class AreaBox(Box):
    __slots__ = ()

    def html(self, name, text, more=""):
        about = f'{self.about} maxlength="{self.longest}"{more} id="id_{name}"'
        return f'<textarea name="{name}"{about}>\n{escape(text)}</textarea>'


@dataclass(frozen=True, slots=True)
class ListBox(Box):
    """A list of answers in which what was typed in other words keeps its own words.

    ``means`` gives the meaning of a text: "green" stands at "On target", and
    is posted as it was typed; what means nothing stands at the end.
    """

    choices: tuple[tuple[str, str], ...] = ()
    means: Callable[[str], str] = str

    one_word = "Answer"

    def options(self, text):
        """Value and words of each answer while ``text`` is the one that was given."""
        if any(value == text for value, _ in self.choices):
            return self.choices
        found, said = [], self.means(text)
        for value, words in self.choices:
            is_it = said is not None and self.means(value) == said
            found.append((text, words) if is_it else (value, words))
            said = None if is_it else said
        return [*found, (text, text)] if said is not None else found

    def html(self, name, text, more=""):
        options = "".join(
            f'\n  <option value="{escape(value)}"{" selected" if value == text else ""}>'
            f"{escape(words)}</option>"
            for value, words in self.options(text)
        )
        return f'<select name="{name}"{self.about}{more} id="id_{name}">{options}\n</select>'
