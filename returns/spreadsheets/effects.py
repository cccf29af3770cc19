"""What the rows of a file name, what may be done with them, and what they make of a line."""

from dataclasses import dataclass
from typing import NamedTuple

from kpis.models import Measure, PupilGroup

from ..asked.asking import Asked
from ..asked.questions import Typed
from ..life.states import Action
from ..models import Return
from ..typed.cells import Wanted
from .files import Row
from .lines_now import LineNow


class Told(NamedTuple):
    """One row that names its unit, measure, group and period rightly."""

    row: Row
    unit: int
    measure: Measure
    group: PupilGroup
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Door:
    """What one person may do with one return, whichever of its lines a row is about.

    ``closed`` says why nothing can be typed now, "" where something can.
    """

    is_held: bool
    is_whole: bool
    action: Action
    closed: str


class Effect(NamedTuple):
    """What the file makes of one line: what it says now, and what it will say.

    ``rows`` are those that tell it. ``clashes``: somebody has changed the line
    since the template was made, and the row was changed too; ``is_left`` says
    that theirs is kept.
    """

    rows: tuple[Row, ...]
    return_: Return
    asked: Asked
    line: LineNow | None
    held: Typed
    typed: Typed
    action: Action
    clashes: bool = False
    is_left: bool = False

    @property
    def place(self):
        return self.return_.unit_id, self.return_.term_id

    @property
    def version(self):
        return self.line.version if self.line else 0

    @property
    def changes(self):
        return self.typed != self.held
