"""What has been made once and may be shown again: kept in this process's memory.

Nothing is ever put right here: the versions of all that a thing was made from
are part of its key, so a thing that is out of date is simply not asked for any
more, and gives way to others after a while. Two people who ask for the same at
the same moment may both make it.
"""

from collections import OrderedDict
from threading import Lock
from weakref import WeakSet

_every = WeakSet()


class Kept:
    """Things under their keys, the last used for longest, up to a weight in all."""

    def __init__(self, at_most, weigh=len):
        self.at_most, self.weigh = at_most, weigh
        self._things, self._weight, self._lock = OrderedDict(), 0, Lock()
        _every.add(self)

    def get(self, key):
        """The thing under a key, or None."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def put(self, key, thing):
        """Keep a thing; what was used least lately gives way. Nothing too heavy is kept."""
        weight = self.weigh(thing)
        if weight > self.at_most:
            return
        with self._lock:
            self._drop(key)
            self._things[key] = thing, weight
            self._weight += weight
            while self._weight > self.at_most:
                self._drop(next(iter(self._things)))

    def clear(self):
        """Forget everything."""
        with self._lock:
            self._things.clear()
            self._weight = 0

    def _drop(self, key):
        if key in self._things:
            self._weight -= self._things.pop(key)[1]


def forget():
    """Forget all that this process keeps: after another database has taken the place of ours."""
    for kept in _every:
        kept.clear()
