"""The page "How to read the statuses", and its rows."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.safestring import mark_safe

from kpis.rag.verdict import Mark, Reason, Status
from schools.access import EVERYBODY, access
from schools.terms import choose_term

from ..addresses import Addresses
from ..cells import Cell, Movement, cell_of, movement_of
from ..matrix.drawing import WHOLE, Drawing
from ..matrix.views import READERS
from . import beside, no_figure, on_target, short
from .examples import PROMISE


@dataclass(frozen=True, slots=True)
class Line:
    """One way a result can stand: as a cell, as a chip, and in plain words."""

    name: str
    means: str
    next: str
    cell: Cell
    status: Status
    reason: Reason
    marks: tuple[Mark, ...]
    movement: Movement | None
    sentence: str
    drawn: str


@dataclass(frozen=True, slots=True)
class Section:
    """Ways that belong together, under the words that people know."""

    key: str
    title: str
    about: str
    lines: tuple[Line, ...]


SECTIONS = (
    (
        "off",
        "Off target",
        "A dark square and the letter R. The worst is always the darkest, on paper too.",
        short.OFF,
    ),
    (
        "close",
        "Close to target",
        "A diamond and the letter A. It is off target by no more than the margin that the plan"
        " allows, or on the way there.",
        short.CLOSE,
    ),
    (
        "on",
        "On target",
        "A circle and the letter G. On target says nothing about the direction: look at the arrow.",
        on_target.ON,
    ),
    (
        "none",
        "No status, or not applicable",
        "No letter and no colour. The cell says why. No cell is left empty, and late never looks"
        " like not applicable.",
        no_figure.NO_FIGURE,
    ),
    (
        "marks",
        "Words beside a status",
        "They can stand beside any colour.",
        beside.MARKS,
    ),
    (
        "moved",
        "Arrows",
        "The arrow says what the number did since the last term that it can be compared with. A"
        " disc round the arrow says that this was for the worse.",
        beside.MOVED,
    ),
    (
        "table",
        "In the table of the dashboard",
        "Three things more that you meet there.",
        beside.IN_THE_TABLE,
    ),
)


def sections():
    """Every way a result can stand, drawn as the dashboard draws it."""
    draw = Drawing()
    return tuple(
        Section(key, title, about, tuple(_line(way, draw) for way in ways))
        for key, title, about, ways in SECTIONS
    )


def _line(way, draw):
    verdict, said = way.result.verdict, way.result.said
    whose = "Ashdale" if way.result.unit else "The trust"
    cell = cell_of(way.given, PROMISE, way.result, whose, dim=way.dim, said=way.said)
    drawn = f'<td class="whole">{WHOLE}</td>' if way.is_whole else draw.cell(cell)
    return Line(
        name=way.name,
        means=way.means,
        next=way.next,
        cell=cell,
        status=verdict.status,
        reason=verdict.reason,
        marks=tuple(sorted(verdict.marks)),
        movement=movement_of(said),
        sentence=verdict.sentence,
        drawn=mark_safe(drawn),  # noqa: S308 - every piece has been escaped by Drawing
    )


@access(GET=EVERYBODY)
def how_to_read(request, trust):
    """What does this sign mean, and what do I do about it?"""
    term = choose_term(request)
    page = {"sections": sections()}
    if term:
        back = Addresses(trust.slug, term.slug)
        judged = request.memberships.has(*READERS)
        page["breadcrumbs"] = [("Dashboard", back.matrix()) if judged else ("Plan", back.plan())]
    return render(request, "dashboard/reading.html", page)
