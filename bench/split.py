"""Where a cold page spends its time: read, judge, arrange, render, compress.

Samples the processor's clock and asks each time in which part of the code we
are. A part is that of the outermost call: what is rounded or said while cells
are arranged is arranging.
"""

import signal
import time
from collections import Counter

EVERY = 0.001  # seconds of processor time
PARTS = [
    ("read", "/kpis/facts/"),
    ("judge", "/kpis/rag/"),
    ("compress", "/schools/compressed.py"),
    ("compress", "/django/middleware/gzip.py"),
    ("render", "/django/template/"),
    ("render", "/dashboard/html"),
    ("arrange", "/dashboard/"),
]
# These call the others.
CALLERS = ("/dashboard/views.py", "/schools/middleware.py", "process_response")
ORDER = ["read", "judge", "arrange", "render", "compress", "the rest"]


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
        spent[_part_of(frame)] += now - last[0]
        last[0] = now

    before = signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        act()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _part_of(frame):
    """The part of the outermost frame that belongs to one."""
    part = "the rest"
    while frame is not None:
        path = frame.f_code.co_filename
        if "/dashboard/views.py" not in path:
            found = next((name for name, where in PARTS if where in path), None)
            # A middleware that compresses also calls all the rest.
            if found == "compress" and frame.f_code.co_name == "__call__":
                found = None
            part = found or part
        frame = frame.f_back
    return part
