"""The dashboard: cold, warm, and after one school has sent one figure."""

from .floor import Floor
from .rounds import Measured
from .saving import OneFigure
from .site import forget
from .stage import LARGE, SMALL

COLD = {SMALL: 4.5, LARGE: 4.0}
WARM, AFTER_A_SAVE = 1.3, 0.25
EMPTY = "empty page"


def whole_matrix():
    """Path and query of the page with every KPI and every school on it."""
    return "dashboard/", "&all=1"


class Page:
    """The dashboard of one trust, and whether the site has just shown it."""

    def __init__(self, stage, ground, address=None):
        self.stage, self.ground = stage, ground
        self.address = address or whole_matrix()
        self.is_known = False

    def get(self):
        self.is_known = True
        return self.stage.site.get(self.ground, *self.address)

    def forgotten(self):
        forget()
        self.is_known = False

    def known(self):
        if not self.is_known:
            self.get()


def measured(stage):
    """Each size: its floor, then the page cold and warm; the large one after a save too."""
    first = next(iter(stage.grounds.values()))
    yield Measured(EMPTY, lambda: stage.site.get(first, "empty/"))
    for size, ground in stage.grounds.items():
        floor, page = Floor(stage.bare, ground), Page(stage, ground)
        cold = f"dashboard {size}, cold"
        yield Measured(f"floor {size}", floor.page)
        yield Measured(cold, page.get, page.forgotten, f"floor {size}", COLD.get(size))
        yield Measured(f"dashboard {size}, warm", page.get, page.known, EMPTY, WARM)
        if ground is stage.largest:
            after = _after(page, OneFigure(ground))
            limit = AFTER_A_SAVE if size == LARGE else None
            yield Measured(f"dashboard {size}, after a save", page.get, after, cold, limit)
            opened = Page(stage, ground, ("dashboard/", ""))
            name = f"dashboard {size}, as it opens, cold"
            yield Measured(name, opened.get, opened.forgotten, f"floor {size}")


def _after(page, saving):
    def prepare():
        page.known()
        saving.send()

    return prepare
