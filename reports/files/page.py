"""A frozen document as HTML: the fragment that is stored, and the style sheet stored with it.

Both are made once, when a version is published, and served as they are stored
for ever after. Frame, menu and what has happened since stand outside of them.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from ..shapes import Document, Entry, Exceptional, KpiRow, Section

OWN_SHEET = Path(__file__).parent / "report.css"
TOKENS = "css/tokens.css"


@dataclass(frozen=True, slots=True)
class Linked:
    """A KPI's row, and where on the page its meaning stands, "" where it does not."""

    row: KpiRow
    anchor: str


@dataclass(frozen=True, slots=True)
class Named:
    """An exception, and where page 1 comes to speak of it: (words, anchor)."""

    exceptional: Exceptional
    at: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Milestones, actions or risks; a column that would be empty is left out."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def judged(self) -> bool:
        return any(one.chip for one in self.entries)

    @property
    def dated(self) -> bool:
        return any(one.due for one in self.entries)

    @property
    def owned(self) -> bool:
        return any(one.who for one in self.entries)


@dataclass(frozen=True, slots=True)
class DrawnSection:
    section: Section
    anchor: str
    kpis: tuple[Linked, ...]
    lists: tuple[Listed, ...]


def html_of(document: Document) -> str:
    """The fragment. It asks nothing of a request: the same document is the same text."""
    anchors = {one.key: f"kpi-{place}" for place, one in enumerate(document.definitions, 1)}
    sections = tuple(
        DrawnSection(
            section=section,
            anchor=f"priority-{place}",
            kpis=tuple(Linked(row, anchors.get(row.key, "")) for row in section.kpis),
            lists=lists_of(section),
        )
        for place, section in enumerate(document.sections, 1)
    )
    lists = [
        ("Worst", "off target", document.worst),
        ("Improving", "improving", document.improving),
        ("On target but falling", "on target but falling", document.falling),
    ]
    about = {"doc": document, "sections": sections, "lists": lists, "named": _named(document)}
    return render_to_string("reports/_document.html", about)


def lists_of(section: Section) -> tuple[Listed, ...]:
    """What the priority has of milestones, actions and risks, in this order."""
    lists = (
        Listed("Milestones", section.milestones),
        Listed("Actions", section.actions),
        Listed("Risks", section.risks),
    )
    return tuple(one for one in lists if one.entries)


def _named(document: Document) -> tuple[Named, ...]:
    places: dict[str, list[tuple[str, str]]] = {}
    for ask in document.asks:
        places.setdefault(ask.at, []).append(
            (f"What we ask of you, {ask.number}", f"ask-{ask.number}")
        )
    for place, question in enumerate(document.questions, 1):
        places.setdefault(question.at, []).append(("A question you might ask", f"question-{place}"))
    return tuple(Named(one, tuple(places.get(one.number, ()))) for one in document.exceptions)


def sheet() -> str:
    """The whole style of a report, colours included, for nothing outside of it."""
    tokens = (settings.BASE_DIR / "static" / TOKENS).read_text(encoding="utf-8")
    tokens = tokens[tokens.index("@layer tokens {") :]
    return tokens.replace(":root", ".report") + OWN_SHEET.read_text(encoding="utf-8")
