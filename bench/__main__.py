"""The command: ``python -m bench``, or ``make bench``; --help lists what can be chosen."""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROUNDS, SEED = 9, 1


def main(arguments=None):
    chosen = _read(arguments)
    with ExitStack() as stack:
        folder = chosen.keep or stack.enter_context(tempfile.TemporaryDirectory())
        Path(folder).mkdir(parents=True, exist_ok=True)
        os.environ["BENCH_FOLDER"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        import django

        django.setup()
        # Settings come first: what is measured is the site.
        from .running import run

        return run(chosen, _tell)


def _read(arguments):
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", action="append", help="schools x KPIs, such as 10x49")
    parser.add_argument("--only", action="append", help="a benchmark by its name")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help="the small size, three rounds")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the database for the next run")
    parser.add_argument("--profile", action="store_true", help="where the cold page spends time")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", metavar="PAGE", help="keep the results in this page")
    chosen = parser.parse_args(arguments)
    if chosen.quick:
        chosen.size = chosen.size or ["10x49"]
        chosen.rounds = min(chosen.rounds, 3)
    chosen.size = chosen.size or ["10x49", "100x100"]
    return chosen


def _tell(words):
    """What is going on, for whoever waits at a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{words}")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
