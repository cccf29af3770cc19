"""Time as it is spent: by our process, by the database's, and on the wall."""

import gc
import time
from pathlib import Path
from typing import NamedTuple

from django.db import connection


class Spent(NamedTuple):
    """Seconds. ``cpu`` is our process and the database's together."""

    cpu: float
    wall: float


class Clock:
    """Measures one act. The database's time is seen if it runs on this machine."""

    def __init__(self):
        self.sees_database = True
        self._backends = []
        if connection.vendor == "postgresql":
            self.look_again()
            self.sees_database = bool(self._backends)

    def look_again(self):
        """Find the processes that serve our database, those of later connections too."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            files = [Path(f"/proc/{pid}") for (pid,) in cursor.fetchall()]
        self._backends = [
            path / "schedstat" for path in files if "postgres" in _text(path / "comm")
        ]

    def time(self, act):
        """What an act costs, after the rubbish of others has been swept.

        An act that has a better clock, a browser's, answers what it took.
        """
        gc.collect()
        cpu, wall = self._cpu(), time.perf_counter()
        told = act()
        if isinstance(told, Spent):
            return told
        return Spent(self._cpu() - cpu, time.perf_counter() - wall)

    def _cpu(self):
        theirs = sum(int(_text(path).split()[0]) for path in self._backends)
        return time.process_time() + theirs / 1e9


def _text(path):
    try:
        return path.read_text()
    except OSError:
        return "0"
