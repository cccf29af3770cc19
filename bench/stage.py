"""All that a benchmark needs: the site, the bare driver, and a trust of each size."""

from functools import cached_property

from .bare import Bare
from .ground import Ground
from .site import Site

SMALL, LARGE = "10x49", "100x100"


class Stage:
    def __init__(self, sizes, seed, tell):
        self.grounds = {}
        for size in sizes:
            tell(f"a trust of {size}")
            self.grounds[size] = Ground(size, seed)
        self.site = Site()

    @cached_property
    def bare(self):
        return Bare()

    @property
    def largest(self):
        return list(self.grounds.values())[-1]
