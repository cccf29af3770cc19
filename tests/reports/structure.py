"""A PDF as a screen reader has it: the tree of what it is made of, and its text."""

from dataclasses import dataclass, field
from io import BytesIO

from pypdf import PdfReader


@dataclass
class Element:
    """One tag: its kind without the slash, what it says instead, what stands in it."""

    kind: str
    alt: str = ""
    scope: str = ""
    inside: list = field(default_factory=list)

    def every(self, *kinds):
        """All of these kinds below, in reading order."""
        for one in self.inside:
            if one.kind in kinds:
                yield one
            yield from one.every(*kinds)


class Paper:
    """``root`` is its tree; ``words`` its text without spaces and line ends."""

    def __init__(self, body):
        self.body = body
        self.reader = PdfReader(BytesIO(body))
        self.catalogue = self.reader.trailer["/Root"]
        [self.root] = _elements(self.catalogue["/StructTreeRoot"]["/K"])
        self.pages = [page.extract_text() for page in self.reader.pages]
        self.words = squeezed("".join(self.pages))

    def bookmarks(self):
        """(depth, title) of each, from top to bottom."""
        return list(_bookmarks(self.reader.outline, 1))


def squeezed(text):
    return "".join(text.replace("\u200b", "").split())


def _elements(kids):
    kids = kids.get_object()
    found = []
    for kid in kids if isinstance(kids, list) else [kids]:
        one = kid.get_object() if hasattr(kid, "get_object") else kid
        if not isinstance(one, dict) or "/S" not in one:
            continue
        element = Element(one["/S"][1:], str(one.get("/Alt", "")), _scope(one))
        if "/K" in one:
            element.inside = _elements(one["/K"])
        found.append(element)
    return found


def _scope(one):
    attributes = one.get("/A", [])
    attributes = attributes.get_object() if hasattr(attributes, "get_object") else attributes
    for each in attributes if isinstance(attributes, list) else [attributes]:
        if scope := each.get_object().get("/Scope"):
            return scope[1:]
    return ""


def _bookmarks(outline, depth):
    for one in outline:
        if isinstance(one, list):
            yield from _bookmarks(one, depth + 1)
        else:
            yield depth, one.title
