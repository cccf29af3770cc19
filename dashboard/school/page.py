"""A school on a page: how one school is doing against the plan."""

from collections import Counter
from dataclasses import replace

from kpis.rag.judging import schools_of
from kpis.rag.verdict import Status
from priorities.models import NodeRole
from schools.models import Phase

from .. import charts
from ..addresses import Link
from ..matrix.grid import Empty
from ..results import ORDER, counts_of, school_result
from .first import RULE, going_well, look_first
from .its_return import return_of
from .rows import RowMaker, has_similar
from .shapes import Count, Said, SchoolPage, Section

ENGLAND = "DfE"
OTHERS = {"site": "Sites", "body": "Governing bodies"}


class Hidden(LookupError):
    """There is no such school, or it is not for this person."""


def find_school(given, sight, code):
    """The school with this code, one that has left too; Hidden for any other."""
    for unit in given.units.values():
        if unit.kind == "school" and unit.code == code and sight.is_mine(unit.id):
            return unit
    raise Hidden


class SchoolReader:
    """One school as one person may read it."""

    def __init__(self, facts, school, sight, addresses):
        self.facts, self.given, self.school = facts, facts.given, school
        self.sight, self.addresses = sight, addresses
        self.branches = {branch.id: branch for branch in facts.tree}

    def page(self, judged, term, memberships):
        """The page. ``judged`` are the promises as this person may see them."""
        if self.school not in schools_of(self.given):
            return self._away(term)
        kpis = [one for one in judged if one.promise.role == NodeRole.KPI]
        comments = self._comments()
        maker = RowMaker(self.facts, self.school, self.addresses)
        rows = {
            one.promise.id: row
            for one in kpis
            if (row := maker.row(one, comments.get(one.promise.id))) is not None
        }
        shown = {pk: row for pk, row in rows.items() if _applies(row)}
        results = [row.result for row in shown.values()]
        listed, counts = list(shown.values()), counts_of(results)
        return SchoolPage(
            name=self.school.name,
            lead=self._lead(),
            term=self.given.term.period.name,
            notes=tuple(self._notes()),
            counts=tuple(_count(status, number) for status, number in counts),
            stack=charts.stack(counts) if results else None,
            return_=return_of(self.facts, self.school, term, memberships),
            first=tuple(listed[place] for place in look_first(results)),
            well=tuple(listed[place] for place in going_well(results)),
            rule=RULE,
            sections=self._sections(shown),
            **self._outside(listed),
            similar=has_similar(self.facts, self.school),
            not_applicable=tuple(
                Link(row.name, row.url) for row in rows.values() if not _applies(row)
            ),
            trust_wide=_trust_wide(sum(one.is_trust_wide for one in kpis)),
            comments=tuple(comments.values()),
            compare_url=self._compare_url(),
            empty=None if rows else Empty("Nothing in the plan asks anything of this school."),
        )

    def _away(self, term):
        """A school that is not in the trust at any time of this term."""
        return SchoolPage(
            name=self.school.name,
            lead=self._lead(),
            term=self.given.term.period.name,
            empty=self._gone() or self._to_come(),
        )

    def _gone(self):
        left = self.school.left
        if left is None or left >= self.given.term.period.starts:
            return None
        words = f"{self.school.name} left the trust on {left.day} {left:%B %Y}, before this term."
        last = self._last_term(left)
        if last is None:
            return Empty(words)
        url = self.addresses.school(self.school.code, term=slug_of(last))
        return Empty(words, url, f"See {last.name}, its last term here")

    def _last_term(self, day):
        told = [
            one.period
            for index, one in sorted(self.facts.terms.items())
            if self.given.days_of(index)[0] <= day
        ]
        return told[-1] if told else None

    def _to_come(self):
        day = self.school.joined
        words = f"{self.school.name} joins the trust on {day.day} {day:%B %Y}, after this term."
        return Empty(words, self.addresses.schools(), "See the schools of this term")

    # What is said of the school itself

    def _lead(self):
        school = self.school
        words = [Phase(school.phase).label]
        if school.pupils is not None:
            words.append(f"{school.pupils:,} pupils")
        words.append(f"joined {school.joined:%B %Y}")
        if school.left is not None:
            words.append(f"left {school.left:%B %Y}")
        return " · ".join(words)

    def _notes(self):
        yield from self._newness()
        its = [
            unit
            for unit in self.given.units.values()
            if unit.parent == self.school.id or self.school.id in unit.serves
        ]
        parts = [unit.phase for unit in its if unit.kind == "part"]
        if parts:
            yield (
                f"In parts: {' and '.join(sorted(parts))}. Where England publishes by phase each "
                "part answers for itself, and the school shows the worse one."
            )
        for kind, words in OTHERS.items():
            names = [unit.name for unit in its if unit.kind == kind]
            if len(names) > 1:
                yield f"{words}: {'; '.join(names)}."

    def _newness(self):
        """What a new school has nothing to compare with."""
        joined, now = self.school.joined, self.given.term.index
        if joined > self.given.days_of(now - 1)[0]:
            yield f"Joined {joined:%B %Y}, so there is no earlier term."
        elif joined > self.given.days_of(now - 3)[0]:
            year_ago = self.facts.terms.get(now - 3)
            name = year_ago.period.name if year_ago else "a year ago"
            yield f"Joined {joined:%B %Y}, so there is no figure of {name} to compare with."

    # The scorecard

    def _sections(self, rows):
        by_top = {}
        for pk, row in rows.items():
            by_top.setdefault(self._top(pk), []).append(row)
        return tuple(
            Section(
                title=branch.title,
                url=self.addresses.matrix(priority=branch.key),
                count_words=_stand(by_top[branch.id]),
                rows=tuple(by_top[branch.id]),
            )
            for branch in self.facts.tree
            if branch.id in by_top
        )

    def _top(self, pk):
        """The priority above a KPI, or the entry on the plan itself."""
        branch = self.branches[pk]
        while branch.parent is not None and branch.role != NodeRole.PRIORITY:
            branch = self.branches[branch.parent]
        return branch.id

    def _outside(self, rows):
        """The head of the outside figures' column, and whose they are."""
        providers = sorted({row.england.provider for row in rows if row.england.figure})
        series = self.given.series.values()
        invented = {one.provider for one in series if one.example}
        is_england = all(one == ENGLAND or one in invented for one in providers)
        return {
            "outside_head": "England" if is_england else "Outside figure",
            "outside_note": f"Outside figures: {'; '.join(providers)}." if providers else "",
        }

    def _comments(self):
        """What was written about this school's results of the term, by KPI."""
        said = {}
        for one in sorted(self.facts.comments, key=lambda one: (one.node, one.is_reply)):
            branch = self.branches.get(one.node)
            if branch is None or one.unit != self.school.id:
                continue
            if one.is_reply and one.node in said:
                said[one.node] = replace(said[one.node], reply=one.why)
                continue
            said[one.node] = Said(
                key=branch.key,
                kpi=branch.title,
                url=self.addresses.kpi(one.node, school=self.school.code),
                who=one.who,
                when=one.when,
                why="" if one.is_reply else one.why,
                what_next=one.what_next,
                reply=one.why if one.is_reply else "",
            )
        return said

    def _compare_url(self):
        mine = [unit for unit in schools_of(self.given) if self.sight.is_mine(unit.id)]
        return self.addresses.compare([self.school.code]) if len(mine) > 1 else ""


def judged_for(judged, small):
    """The KPIs as a person may see them: what is small is hidden first."""
    return [small.of(one) for one in judged if one.promise.role == NodeRole.KPI]


def results_of(judged, school):
    """What is counted of a school: all results but those that do not apply to it."""
    told = (school_result(one, school) for one in judged)
    return [r for r in told if r is not None and r.verdict.status is not Status.NOT_APPLICABLE]


def slug_of(period):
    """A term's name in an address: 2025-autumn."""
    season, year = period.name.split()
    return f"{year}-{season.lower()}"


def _applies(row):
    return row.status is not Status.NOT_APPLICABLE


def _count(status, number):
    return Count(status, f"{number} {status.words.lower()}")


def _stand(rows):
    """The counts of a priority, the worst first, without those of which there are none."""
    tally = Counter(row.status for row in rows)
    told = [f"{tally[status]} {status.words.lower()}" for status in ORDER if tally[status]]
    return ", ".join(told)


def _trust_wide(number):
    if not number:
        return ""
    things = "1 KPI is" if number == 1 else f"{number} KPIs are"
    return f"{things} measured for the trust as a whole and not here."
