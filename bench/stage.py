"""All that a benchmark needs: the site, the bare driver, and a trust of each size."""

from contextlib import contextmanager

from .bare import Bare
from .ground import Ground, database
from .site import Site

SMALL, LARGE = "10x49", "100x100"


class Stage:
    def __init__(self, sizes, seed, bare, tell):
        self.bare = bare
        self.grounds = {}
        for size in sizes:
            tell(f"a trust of {size}")
            self.grounds[size] = Ground(size, seed)
        self.site = Site()

    @property
    def largest(self):
        return list(self.grounds.values())[-1]


@contextmanager
def stage(sizes, seed, tell, *, keep):
    """Set up, and cleared away at the end unless it is to be kept."""
    with database(keep):
        bare = Bare()
        try:
            yield Stage(sizes, seed, bare, tell)
        finally:
            bare.close()
