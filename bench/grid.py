"""The entry grid of sixty lines, read and drawn, beside the same rows as joined strings."""

from django.utils import timezone

from returns.grid.sheet import Sheet
from returns.models import Return
from returns.views import drawn_sections, forms_of
from schools.tenancy import inside

from .floor_grid import GridFloor
from .ground import Ground, cookie_of
from .returning import COUNT, SIZE, Typing
from .rounds import Measured

SHOWN = 10.0


def measured(stage):
    """The grid of a return that has been typed, and the whole page that it stands on."""
    grid = Grid(Typing(Ground(SIZE, stage.seed), COUNT), stage.site)
    strings = f"joined strings, {COUNT} lines"
    yield Measured(strings, GridFloor(stage.bare, grid.typing).page, grid.found)
    yield Measured(f"grid of {COUNT} lines", grid.show, grid.found, strings, SHOWN)
    yield Measured(f"page with a grid of {COUNT} lines", grid.page, grid.found, strings)


class Grid:
    """One return, all of it typed; what its term asks is known, as after the first who came."""

    def __init__(self, typing, site=None):
        self.typing, self.site = typing, site

    def found(self):
        self.typing.full()
        self.show()

    def show(self):
        """What the page shows between its head and its foot, from the first query on."""
        typing = self.typing
        with inside(typing.trust):
            seen = Return.objects.seen_by(typing.memberships).to_show().with_facts_version()
            return_ = seen.get(pk=typing.return_.pk)
            sheet = Sheet(return_, typing.memberships, timezone.localdate())
            return drawn_sections(sheet, forms_of(sheet))

    def page(self):
        path = f"/t/{self.typing.trust.slug}/returns/{self.typing.return_.pk}/"
        return self.site.answer(path, "", cookie_of(self.typing.ground.manager))
