"""Where a cold page spends its time: read, judge, say, arrange, render, compress.

Samples the processor's clock and asks each time in which part of the code we
are. What the rules do while they judge is judging; what they do for somebody
who has asked for a sentence or a figure in words is saying.
"""

import signal
import time
from collections import Counter

EVERY = 0.001  # seconds of processor time
# The first that is anywhere in the stack.
PARTS = [
    ("read", "/kpis/facts/"),
    ("judge", "/kpis/rag/judging.py"),
    ("compress", "/schools/compressed.py"),
    ("compress", "/django/middleware/gzip.py"),
    ("say", "/kpis/rag/"),
    ("render", "/django/template/"),
    ("arrange", "/dashboard/"),
]
ORDER = ["read", "judge", "say", "arrange", "render", "compress", "the rest"]


def split(act, times=3):
    """{part: milliseconds}, the mean of some runs."""
    spent = Counter()
    for _ in range(times):
        _sample(act, spent)
    return {part: spent[part] * 1000 / times for part in ORDER}


def _sample(act, spent):
    last = [time.process_time()]

    def note(signum, frame):
        now = time.process_time()
        spent[part_of(_files(frame))] += now - last[0]
        last[0] = now

    before = signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        act()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _files(frame):
    found = set()
    while frame is not None:
        found.add(frame.f_code.co_filename)
        frame = frame.f_back
    return found


def part_of(files):
    """The part that a stack belongs to, by the files of its frames."""
    there = (part for part, where in PARTS if any(where in path for path in files))
    return next(there, "the rest")
