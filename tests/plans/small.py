"""A small plan file that is right, to be broken in one place at a time."""

from pathlib import Path

SMALL = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")


def broken(find, put):
    """The small plan with one piece of text replaced."""
    assert SMALL.count(find) == 1, f"{find!r} stands {SMALL.count(find)} times in the small plan"
    return SMALL.replace(find, put)


def line_of(text, piece):
    """The line on which a piece of text stands, counted from 1."""
    return text[: text.index(piece)].count("\n") + 1
