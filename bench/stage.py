"""All that a benchmark needs: the site, the bare driver, and a trust of each size."""

from contextlib import ExitStack, contextmanager

from .bare import Bare
from .ground import Ground, database
from .site import Site

SMALL, LARGE = "10x49", "100x100"


class Stage:
    def __init__(self, sizes, seed, bare, tell, at_end):
        self.bare, self.seed, self.at_end = bare, seed, at_end
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
    with database(keep), ExitStack() as stack:
        bare = Bare()
        stack.callback(bare.close)
        yield Stage(sizes, seed, bare, tell, stack.callback)
