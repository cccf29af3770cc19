"""The matrix: KPIs and schools, arranged from what was judged.

Everything is ready text and ready numbers; nothing after it does sums. A head
or editor gets the columns of their own schools and the trust's, and of the
others counts only. Up to twenty schools stand across, more stand below each
other; what would be too much for a browser comes page by page.
"""

from collections import Counter
from dataclasses import replace
from functools import partial

from kpis.rag.judging import schools_of
from kpis.rag.verdict import Status

from ..addresses import at_school
from ..small_numbers import SmallNumbers
from .above import Above
from .across import all_across
from .by_priority import by_priority
from .changes import sentences
from .choices import SORTS
from .filters import SHOW, spread_words, statuses
from .grid import Column, Empty, Matrix, Section, nothing_to_judge
from .order import by
from .rows import MatrixRows

__all__ = ["Arranging", "nothing"]

HEADING = "Trust dashboard"
ACROSS = 20  # so many schools stand across
CELLS = 2_600  # so many a browser on a slow laptop shows at once
WIDE = 26  # so many KPIs stand across


class Arranging:
    """Arranges the KPIs of one judged plan for one person; ``kept`` is what it was last time.

    ``beside`` says where somebody has commented.
    """

    def __init__(self, facts, judged, sight, chosen, addresses, past, beside, kept):
        self.facts, self.given, self.sight, self.past = facts, facts.given, sight, past
        schools = schools_of(self.given)
        small = SmallNumbers(self.given, sight)
        self.every = all_across(facts, judged, small, sight, schools, past, beside.said, kept)
        self.kept, self.told = kept, beside.told
        self.tally = sum((one.tally for one in self.every), Counter())
        if chosen.phase:
            schools = [unit for unit in schools if unit.phase == chosen.phase]
            units = {unit.id for unit in schools}
            self.every = [
                kept.of(("phase", one.promise.id), (one,), partial(one.only, units))
                for one in self.every
            ]
        branches = {branch.id: branch for branch in facts.tree}
        self.priorities = {across.top: branches[across.top] for across in self.every}
        if chosen.priority not in {branch.key for branch in self.priorities.values()}:
            # It may be remembered from another plan.
            chosen = replace(chosen, priority="")
            addresses = replace(addresses, choices=chosen.choices())
        self.chosen, self.addresses = chosen, addresses
        self.above = Above(chosen, addresses)
        self.columns = tuple(map(self._column, filter(self._is_mine, schools)))
        self.down = chosen.down or ("kpis" if len(self.columns) <= ACROSS else "schools")

    def _is_mine(self, unit):
        return self.sight.is_mine(unit.id)

    def _column(self, unit):
        url = self.addresses.school(unit.code)
        return Column(unit.id, unit.name, self.facts.shorts[unit.id], url, at_school(unit.code))

    def matrix(self):
        """The whole page, without what is said of progress and what is to do."""
        in_view = [one for one in self.every if self._is_in_view(one)]
        tally = sum((one.tally for one in in_view), Counter())
        kept = self._kept(in_view)
        empty = self._empty(tally, kept)
        page = Matrix(
            heading=HEADING,
            late=sum(count for one, count in tally.items() if one.late),
            tiles=self.above.tiles(tally, self.past.name),
            since=self.past.name,
            changes=sentences([(one.branch.title, one.tally) for one in in_view], self.addresses),
            not_applicable=statuses(tally).get(Status.NOT_APPLICABLE, 0),
            tabs=self._tabs(),
            filters=self.above.filters(tally, self.given, self.sight),
            sorts=self.above.sorts(tally),
            views=self.above.views(self.down, len(self.columns)),
            down=self.down,
            empty=empty,
            tally=self.tally,
        )
        if empty:
            return page
        if self._is_by_priority():
            return self._counted(page)
        return self._filled(page, in_view, kept)

    def _is_in_view(self, one):
        return self.chosen.priority in ("", self.priorities[one.top].key)

    def _tabs(self):
        names = {branch.key: branch.title for branch in self.priorities.values()}
        tallies = {
            branch.key: sum((one.tally for one in self.every if one.top == top), Counter())
            for top, branch in self.priorities.items()
        }
        return self.above.tabs(names, tallies)

    # Which rows and columns, and in which order

    def _kept(self, in_view):
        """The KPIs that the filter keeps, in the order chosen."""
        kept = [one for one in in_view if not self.chosen.show or self._keeps(one.tally)]
        return sorted(kept, key=lambda one: by(self.chosen.sort, one.tally))

    def _keeps(self, tally):
        return any(map(SHOW[self.chosen.show].keeps, tally))

    def _is_by_priority(self):
        """Many schools and every priority: counts, and no cell."""
        chosen = self.chosen
        is_wide = self.down == "schools" and len(self.columns) > 1
        return is_wide and not (chosen.priority or chosen.show or chosen.all)

    def _counted(self, page):
        names = {top: branch.title for top, branch in self.priorities.items()}
        columns = self._sorted_columns(self.every)
        table = by_priority(
            self.every, names, columns, self.given.trust, page.tabs[1:], self.addresses
        )
        caption = f"{_many(len(self.every), 'KPI')}, {_many(len(columns), 'school')}: "
        return replace(
            page,
            caption=f"{caption}how many results stand where under each priority",
            columns=columns,
            by_priority=table,
            on_paper=self._on_paper(),
        )

    def _sorted_columns(self, shown):
        """The schools as rows: with what each counts, those that the filter keeps, in order."""
        tallies = {column.id: Counter() for column in self.columns}
        for one in shown:
            for unit, standing in one.standings.items():
                if unit in tallies:
                    tallies[unit][standing] += 1
        columns = [
            replace(column, spread=spread_words(tallies[column.id]))
            for column in self.columns
            if not self.chosen.show or self._keeps(tallies[column.id])
        ]
        return tuple(sorted(columns, key=lambda column: by(self.chosen.sort, tallies[column.id])))

    # The cells

    def _filled(self, page, in_view, kept):
        """The rows of this page, each in its section, and what they are called together."""
        is_down = self.down == "schools"
        if is_down:  # what no school has a cell for stands last
            kept = sorted(kept, key=lambda one: one.is_whole)
        size = self._size(is_down, len(kept))
        pages = self.above.pages(len(kept), size)
        last = max(-(-len(kept) // size), 1)
        first = (min(self.chosen.page, last) - 1) * size
        shown = kept[first : first + size]
        columns = self._sorted_columns(shown) if is_down else self.columns
        return replace(
            page,
            pages=pages,
            caption=self._caption(in_view, kept, columns),
            announced=self._announced(kept),
            on_paper=self._on_paper(),
            columns=columns,
            sections=self._sections(shown, columns, is_down),
        )

    def _size(self, is_down, count):
        """How many KPIs go on a page."""
        if self.chosen.all:
            return max(count, 1)
        fits = max(CELLS // max(len(self.columns), 1), 1)
        return min(fits, WIDE) if is_down else fits

    def _sections(self, shown, columns, is_down):
        """The rows under their priorities; one list where another order crosses them."""
        rows = MatrixRows(
            self.facts, self.sight, self.chosen, self.addresses, columns, self.kept, self.told
        )
        names = {top: branch.title for top, branch in self.priorities.items()}
        if self.chosen.sort and not self.chosen.priority and not is_down:
            written = rows.written(shown, above=names)
            title = SORTS[self.chosen.sort]
            return (Section(title, "", _many(len(written), "KPI"), written),)
        written = rows.written(shown)
        sections = {}
        for one, row in zip(shown, written, strict=True):
            sections.setdefault(one.top, []).append(row)
        order = [top for top in self.priorities if top in sections]
        return tuple(self._section(top, tuple(sections[top])) for top in order)

    def _section(self, top, rows):
        branch = self.priorities[top]
        url = self.above.here(priority=branch.key)
        return Section(branch.title, url, _many(len(rows), "KPI"), rows)

    # What is said of it

    def _caption(self, in_view, kept, columns):
        kpis = _many(len(in_view), "KPI")
        if not self.chosen.show:
            return f"{kpis}, {_many(len(columns), 'school')}"
        words, verb = SHOW[self.chosen.show].words, "has" if len(kept) == 1 else "have"
        return f"{len(kept)} of {kpis} {verb} a result {words}: {self._found(kept)}"

    def _announced(self, kept):
        return f"{self._found(kept)} shown" if self.chosen.show else ""

    def _found(self, kept):
        keeps = SHOW[self.chosen.show].keeps
        tallies = [one.tally for one in kept]
        found = sum(count for each in tallies for one, count in each.items() if keeps(one))
        return _many(found, "result")

    def _on_paper(self):
        """What a print shows: there the links are gone."""
        chosen = self.chosen
        told = [self.given.term.period.name]
        told += [b.title for b in self.priorities.values() if b.key == chosen.priority]
        told += [SHOW[chosen.show].label] if chosen.show else []
        told += [f"{chosen.phase.replace('_', ' ')} schools"] if chosen.phase else []
        told += [SORTS[chosen.sort].lower()] if chosen.sort else []
        return ", ".join(told)

    def _empty(self, tally, kept):
        if not self.every:
            return Empty("There is no plan with KPIs yet.", self.addresses.plan(), "See the plan")
        if not self.chosen.show or kept:
            return None
        sentence = f"No results {SHOW[self.chosen.show].none}."
        return Empty(sentence, self.above.here(show=None), "Show all")


def _many(count, thing):
    return f"{count} {thing}{'' if count == 1 else 's'}"


def nothing(term):
    """The page of a trust that has no plan, or no term that has opened."""
    return Matrix(heading=HEADING, empty=nothing_to_judge(term))
