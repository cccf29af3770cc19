"""One run from end to end: build, measure, tell, keep."""

import cProfile
import gc
import pstats
import sys
from itertools import chain

from . import rounds
from .clock import Clock
from .dashboard import Page
from .registry import BENCHMARKS, USUAL
from .report import keep, sizes_of, table, told
from .split import split
from .stage import stage as set_up


def run(chosen, tell):
    """0 if every limit that was measured is kept, else 1."""
    with set_up(chosen.size, chosen.seed, tell, keep=bool(chosen.keep)) as stage:
        if chosen.profile:
            return _profile(stage)
        names = chosen.only or USUAL
        measured = list(chain.from_iterable(BENCHMARKS[name](stage) for name in names))
        clock = Clock()
        gc.collect()
        gc.freeze()
        rounds.run(measured, chosen.rounds, clock, tell)
        parts = _parts(stage, tell) if "dashboard" in names else {}
        tell("")
        rows = table(measured)
        sizes = sizes_of(stage) if "dashboard" in names else []
        page = told(rows, sizes, parts, chosen, clock)
        sys.stdout.write(page)
        if chosen.write:
            keep(chosen.write, page)
        return 0 if all(row.kept is not False for row in [*rows, *sizes]) else 1


def _parts(stage, tell):
    found = {}
    for size, place in stage.grounds.items():
        tell(f"where the time goes, {size}")
        page = Page(stage, place)

        def cold(page=page):
            page.forgotten()
            page.get()

        found[size] = split(cold)
    return found


def _profile(stage):
    for place in stage.grounds.values():
        page = Page(stage, place)
        page.get()
        page.forgotten()
        profile = cProfile.Profile()
        profile.runcall(page.get)
        for order in ("cumulative", "tottime"):
            pstats.Stats(profile, stream=sys.stdout).sort_stats(order).print_stats(40)
    return 0
