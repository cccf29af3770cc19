"""What stands above the matrix: tiles, tabs, chips, the order and the axes, as links."""

from collections import Counter

from kpis.rag.judging import schools_of
from kpis.rag.verdict import Status
from schools.models import Phase

from ..addresses import Link
from ..results import ORDER
from .changes import difference_words, differences, is_comparable
from .choices import EVERY, SORTS
from .filters import CHIPS, SHOW, TILES, counted, statuses
from .grid import FilterGroup, Tile


class Above:
    """The links of one person's page. Each changes one choice and keeps the others."""

    def __init__(self, chosen, addresses):
        self.chosen, self.addresses = chosen, addresses

    def here(self, **changes):
        """This page with other choices, from its first page on, nothing opened.

        One that says nothing would have what was chosen last: it says so.
        """
        changes = {"page": None, "open": None, **changes}
        kept = any(name not in changes for name, _ in self.addresses.choices)
        if not kept and not any(changes.values()):
            changes["priority"] = EVERY
        return self.addresses.here(**changes)

    def tiles(self, tally, since):
        """How many results stand where, and how many more than last term."""
        found, late = statuses(tally), counted(tally, "late")
        changed = differences(tally) if since and is_comparable(tally) else None
        return tuple(
            Tile(
                status=status,
                count=found.get(status, 0),
                change="" if changed is None else difference_words(changed.get(status, 0)),
                note=_late_words(late, found[status]) if status is Status.GREY and late else "",
                url=self._toggled(TILES[status]),
                current=self.chosen.show == TILES[status],
            )
            for status in ORDER
        )

    def _toggled(self, show):
        """The filter of a tile; chosen again, it lets go."""
        return self.here(show=None if self.chosen.show == show else show)

    def tabs(self, names, tallies):
        """Each priority with how many results are off target: names and tallies by its key."""
        every = sum(tallies.values(), Counter())
        links = [self._tab("All priorities", "", every)]
        links += [self._tab(name, key, tallies[key]) for key, name in names.items()]
        return tuple(links)

    def _tab(self, name, key, tally):
        is_current = self.chosen.priority == key
        url = self.here(priority=key or EVERY)
        return Link(name, url, is_current, counted(tally, "off"))

    def filters(self, tally, given, sight):
        """One choice per group: results, and the schools of a phase."""
        found = FilterGroup("Show results", tuple(self._shows(tally)))
        phases = self._phases(given, sight)
        if len(phases) < 2:
            return (found,)
        everyone = Link("All schools", self.here(phase=None), not self.chosen.phase)
        return found, FilterGroup("Show schools", (everyone, *phases))

    def _shows(self, tally):
        chosen = self.chosen.show
        yield Link("All", self.here(show=None), not chosen)
        shows = [show for show in SHOW if show in CHIPS or show == chosen]
        for show in shows:
            url = self.here(show=show)
            yield Link(SHOW[show].label, url, show == chosen, counted(tally, show))

    def _phases(self, given, sight):
        units = Counter(unit.phase for unit in schools_of(given) if sight.is_mine(unit.id))
        return [
            Link(
                phase.label,
                self.here(phase=phase.value),
                self.chosen.phase == phase,
                units[phase.value],
            )
            for phase in Phase
            if units[phase.value]
        ]

    def sorts(self, tally):
        """The orders; what changed most only where there is something to compare."""
        shown = [sort for sort in SORTS if sort != "changed" or is_comparable(tally)]
        return tuple(
            Link(SORTS[sort], self.here(sort=sort or None), sort == self.chosen.sort)
            for sort in shown
        )

    def views(self, down, schools):
        """Turn the axes round, where there are two; forget what was chosen, if anything was."""
        other = "kpis" if down == "schools" else "schools"
        links = [Link("Swap rows and columns", self.here(down=other))] if schools > 1 else []
        if self.chosen.kept or self.chosen.show:
            links.append(Link("Reset view", self.addresses.matrix(priority=EVERY)))
        return tuple(links)

    def pages(self, count, size):
        """Where the rest is, if not everything fits on a page."""
        if count <= size:
            return ()
        pages = range(1, -(-count // size) + 1)
        return tuple(
            Link(
                f"KPIs {(page - 1) * size + 1} to {min(page * size, count)}",
                self.addresses.here(page=page if page > 1 else None, open=None),
                page == min(self.chosen.page, len(pages)),
            )
            for page in pages
        )


def _late_words(late, grey):
    return "all late" if late == grey else f"{late} late"
