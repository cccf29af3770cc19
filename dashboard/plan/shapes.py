"""The shapes of the full tree of a plan: what its template is handed, ready to be drawn."""

from dataclasses import dataclass

from kpis.rag.verdict import Mark, Verdict


def anchor_of(key):
    """Where an entry stands in the full tree."""
    return f"entry-{key}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, a link where they name another entry of the plan."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """One thing that is said of an entry: a term and one or several answers."""

    term: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ClauseStanding:
    """How one of several clauses of an entry stands."""

    name: str
    verdict: Verdict
    figure: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the tree. Without the right to see how it stands, verdict is None.

    ``words`` is the plan's own sentence and ``statement`` its second one, ""
    where they are no more than the title. ``line`` is where it stands in the
    printed plan, 0 where nobody has noted it. ``key`` is "" where the entry is
    shown a second time, and then only by its name and how it stands.
    """

    key: str
    code: str
    title: str
    words: str = ""
    statement: str = ""
    url: str = ""
    verdict: Verdict | None = None
    marks: tuple[Mark, ...] = ()
    figure: str = ""
    target: str = ""
    clauses: tuple[ClauseStanding, ...] = ()
    about: tuple[About, ...] = ()
    note: str = ""
    line: int = 0
    empty: str = ""
    groups: tuple["Group", ...] = ()

    @property
    def anchor(self):
        return anchor_of(self.key) if self.key else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one level that stand together, under the plan's name for the level."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What opens and closes: one entry on the plan itself, or a whole list of them."""

    anchor: str
    code: str
    title: str
    counts: str
    about: Entry | None
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The parts of one level."""

    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PhaseTable:
    """Which entry is in which phase of carrying out the plan: a row per year."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Piece, ...], ...]], ...]
