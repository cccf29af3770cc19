"""Two files of links: when a school joined its trust, and which URN came before which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from . import codes
from .files import BadRegister, Problems, header_of, read_rows

# "grouplinks_edubaseallacademiesandfree": a school's trusts, with the day it joined.
GROUP_LINKS = ["URN", "Linked UID", "Group Type", "Joined date"]
NEVER_FILLED = "HasSharedHT"  # 17 columns and 16 cells, in the file of 1 June 2019
# "links_edubasealldata": a school's predecessors and successors.
SCHOOL_LINKS = ["URN", "LinkURN", "LinkType"]

PREDECESSOR = "predecessor"


@dataclass(slots=True)
class Links:
    """What the links say of the schools that were asked for.

    ``joined``: by URN and trust UID, the first day in that trust; None where
    no group links were given. ``predecessors``: by URN, the URNs before it,
    each with the register's word for the link; None without school links.
    """

    joined: dict[tuple[str, str], date] | None = None
    predecessors: dict[str, list[tuple[str, str]]] | None = None
    names: list[str] = field(default_factory=list)

    def joined_on(self, urn: str, uid: str) -> date | None:
        return (self.joined or {}).get((urn, uid))


def read_links(paths: Sequence[Path], urns: Collection[str]) -> Links:
    """The links of the schools ``urns``, from files of either kind, told apart by columns.

    BadRegister with every problem.
    """
    links, sentences = Links(), []
    for path in paths:
        problems = Problems(path.name)
        try:
            header = header_of(path)
            if set(GROUP_LINKS) <= set(header):
                links.joined = links.joined or {}
                _read_group_links(path, urns, links.joined, problems)
            elif set(SCHOOL_LINKS) <= set(header):
                links.predecessors = links.predecessors or {}
                _read_school_links(path, urns, links.predecessors, problems)
            else:
                problems.add(
                    f"this is no file of links: group links have {', '.join(GROUP_LINKS)}, "
                    f"links of schools {', '.join(SCHOOL_LINKS)}.",
                    1,
                )
            problems.stop()
        except BadRegister as why:
            sentences += why.problems
        links.names.append(path.name)
    if sentences:
        raise BadRegister(sentences)
    return links


def _read_group_links(
    path: Path, urns: Collection[str], joined: dict[tuple[str, str], date], problems: Problems
) -> None:
    """A sponsored academy is there twice, under its trust and its sponsor; trusts only."""
    for row in read_rows(path, GROUP_LINKS, problems, NEVER_FILLED):
        if row.raw("URN") not in urns:
            continue
        if row.raw("Group Type").casefold() not in codes.TRUST_TYPES:
            continue
        on = row.day("Joined date")
        key = row.raw("URN"), row.raw("Linked UID")
        if on is not None:
            # The latest: a school may have left a trust and come back.
            joined[key] = max(on, joined.get(key, on))


def _read_school_links(
    path: Path,
    urns: Collection[str],
    predecessors: dict[str, list[tuple[str, str]]],
    problems: Problems,
) -> None:
    for row in read_rows(path, SCHOOL_LINKS, problems):
        urn, kind = row.raw("URN"), row.raw("LinkType").casefold()
        if urn not in urns or not kind.startswith(PREDECESSOR):
            continue
        before = row.urn("LinkURN")
        if before is not None and (before, kind) not in predecessors.setdefault(urn, []):
            predecessors[urn].append((before, kind))
