"""What must change so that the database says what a plan file says.

Pure: three states are compared, thing by thing and column by column: what the
file wants, what the database holds, and what the last load of this plan wrote.
What differs from the last load was changed by people since; it is never
overwritten.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Change:
    """One thing to make (nothing before), to change, or to take away (nothing after).

    ``before`` and ``after`` hold only the columns that change.
    """

    path: tuple
    before: dict | None
    after: dict | None

    @property
    def is_new(self):
        """Whether the database has nothing of it yet."""
        return self.before is None

    @property
    def is_gone(self):
        """Whether the file has nothing of it any more."""
        return self.after is None


@dataclass
class Merge:
    """The outcome of a comparison; ``kept`` and ``conflicts`` are (path, sentence)."""

    changes: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    conflicts: list = field(default_factory=list)


def merge(wanted, held, recorded):
    """Compare three states, each of paths to columns of text. Returns a Merge.

    A thing that the database holds and no load of this plan ever wrote must be
    as the file defines it, column by column; otherwise that is a conflict.
    """
    result = Merge()
    for path in [*wanted, *(path for path in held if path not in wanted)]:
        want, have, wrote = wanted.get(path), held.get(path), recorded.get(path)
        if want == have:
            continue
        if have is None:
            _missing(result, path, want, wrote)
        elif want is None:
            _gone(result, path, have, wrote)
        else:
            _columns(result, path, want, have, wrote)
    return result


def _missing(result, path, want, wrote):
    if wrote is None:
        result.changes.append(Change(path, None, want))
    elif wrote == want:
        result.kept.append((path, "taken away on screen since the last load"))
    else:
        says = "taken away on screen since the last load, and the file now says something else"
        result.conflicts.append((path, says))


def _gone(result, path, have, wrote):
    if wrote is None:
        result.kept.append((path, "added on screen, and not in the file"))
    elif wrote != have:
        says = "gone from the file, but changed on screen since the last load"
        result.conflicts.append((path, says))
    else:
        result.changes.append(Change(path, have, None))


def _columns(result, path, want, have, wrote):
    before, after = {}, {}
    for name in want:
        if want[name] == have.get(name):
            continue
        said = f"{name}: the file says {_said(want[name])}, the trust has {_said(have.get(name))}"
        if wrote is None:
            result.conflicts.append((path, f"defined otherwise already. {said}"))
        elif have.get(name) == wrote.get(name, have.get(name)):  # a column may be newer
            before[name], after[name] = have.get(name), want[name]
        elif want[name] == wrote.get(name):
            result.kept.append((path, f"changed on screen since the last load. {said}"))
        else:
            both = f"changed on screen and in the file since the last load. {said}"
            result.conflicts.append((path, both))
    if after:
        result.changes.append(Change(path, before, after))


def _said(text):
    return f'"{text}"' if text else "nothing"


def joined(path):
    """A path as people read it: clause/a5/c1."""
    return "/".join(path)


def pointer(path):
    """A path as one text that can be taken apart again, written as a JSON Pointer (RFC 6901).

    >>> pointer(("owner", "a1", "Head / CEO"))
    'owner/a1/Head ~1 CEO'
    """
    return "/".join(step.replace("~", "~0").replace("/", "~1") for step in path)


def from_pointer(text):
    """The path that ``pointer`` has written."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/"))
