"""The full tree of a plan: every entry with what stands beside it, under the plan's own names."""

from collections import Counter
from itertools import groupby

from priorities.models import NodeCost, NodeRole

from .dates import NO_DATE, dates_in_words
from .shapes import About, Entry, Group, Part, PhaseTable, Piece, Section

UNMEASURED = "No KPI measures this yet."
UNLINKED = "not linked to an outcome"
UNMITIGATED = "No mitigation in the plan."
# In the order in which they stand under another entry.
ROLES = (
    NodeRole.THEME,
    NodeRole.PRIORITY,
    NodeRole.STRAND,
    NodeRole.OUTCOME,
    NodeRole.GROUP,
    NodeRole.KPI,
    NodeRole.MILESTONE,
    NodeRole.ACTION,
    NodeRole.RISK,
    NodeRole.MITIGATION,
)
# What opens and closes on its own; of other entries on the plan itself, the whole list does.
FOLDING = (NodeRole.THEME, NodeRole.PRIORITY, NodeRole.GROUP)
COUNTED = tuple(role for role in ROLES if role not in (NodeRole.THEME, NodeRole.MITIGATION))
ORDER = {role: order for order, role in enumerate((NodeRole.PRINCIPLE, *ROLES))}
# A link as it reads from its own entry, and from the other one.
FORWARD = {
    "tags": "Tagged with",
    "restates": "Says again",
    "next_bar": "Next bar",
    "pairs": "Goes with",
    "same_as": "Same as",
}
BACK = {
    "tags": "Tagged by",
    "restates": "Said again by",
    "next_bar": "Bar before it",
    "pairs": "Goes with",
    "same_as": "Referred to by",
}
CERTAINTY = {
    NodeCost.Certainty.CERTAIN: "",
    NodeCost.Certainty.TO_BE_CONFIRMED: "to be confirmed",
    NodeCost.Certainty.QUESTION: "an open question",
}


class Tree:
    """Arranges the tree of one plan for one person."""

    def __init__(self, plan, tree, details, addresses, standing=None):
        self.plan, self.tree, self.details = plan, tree, details
        self.addresses, self.standing = addresses, standing
        self.branches = {branch.id: branch for branch in tree}
        self.children, self.serving = {}, {}
        for branch in tree:
            self.children.setdefault(branch.parent, []).append(branch)
            for outcome in branch.serves:
                self.serving.setdefault(outcome, []).append(branch)
        self._shown = set()

    def below(self, pk):
        """Every entry under another, in order."""
        for child in self.children.get(pk, ()):
            yield child
            yield from self.below(child.id)

    def of_role(self, role):
        return [branch for branch in self.tree if branch.role == role]

    def counts(self, pk):
        """How many of which levels stand under an entry, in the plan's own words."""
        found = Counter(
            (branch.role, self.details.own_word(branch))
            for branch in self.below(pk)
            if not branch.is_note
        )
        return " · ".join(
            f"{self.details.level(number, role, own)} {number}"
            for role in COUNTED
            for (of_role, own), number in found.items()
            if of_role == role
        )

    def url_of(self, branch):
        return self.addresses.entry(branch.key)

    def sections(self):
        """The whole tree, level by level. Call it once: what is shown twice is shorter then."""
        self._shown = set()
        tops = self.children.get(None, ())
        return tuple(self._section(role, own, some) for role, own, some in self.by_level(tops))

    def by_level(self, branches):
        """(role, own word, entries) of each level, and of each own word of entries in it."""
        ordered = sorted(branches, key=lambda branch: ORDER[branch.role])
        word = self.details.own_word
        for (role, own), some in groupby(ordered, key=lambda one: (one.role, word(one))):
            yield role, own, list(some)

    def _section(self, role, own, branches):
        heading = self.details.level(len(branches), role, own)
        if role in FOLDING:
            return Section(heading, tuple(self._part(branch) for branch in branches))
        group = Group("", tuple(self._entry(branch) for branch in branches))
        # The first of the list lends it a name that no other part has.
        anchor = f"from-{branches[0].key}"
        return Section("", (Part(anchor, "", heading, str(len(branches)), None, (group,)),))

    def _part(self, top):
        entry = self._entry(top)
        return Part(
            anchor=entry.anchor,
            code=entry.code,
            title=entry.title,
            counts=self.counts(top.id),
            about=entry,
            groups=entry.groups,
        )

    def _grouped(self, branches, above=None):
        """What stands under an entry, by level.

        What is of the same level as the entry ``above`` needs no name of its own.
        """
        same = (above.role, self.details.own_word(above)) if above else None
        for role, own, some in self.by_level(branches):
            yield Group(
                heading="" if (role, own) == same else self._heading(role, own, some),
                entries=tuple(self._entry(branch) for branch in some),
            )

    def _heading(self, role, own, branches):
        words = self.details.level(len(branches), role, own)
        is_loose = role == NodeRole.KPI and self.serving and not any(b.serves for b in branches)
        return f"{words}, {UNLINKED}" if is_loose else words

    def _inside(self, branch):
        """What stands under an entry. A KPI that an outcome below shows is not shown again."""
        children = self.children.get(branch.id, ())
        inner = {one.id for one in self.below(branch.id)}
        here = [
            child
            for child in children
            if child.role != NodeRole.KPI or not inner.intersection(child.serves)
        ]
        serving = self.serving.get(branch.id, ()) if branch.role == NodeRole.OUTCOME else ()
        return (*self._serving(serving), *self._grouped(here, branch))

    def _serving(self, kpis):
        if kpis:
            words = self.details.level(len(kpis), NodeRole.KPI)
            yield Group(words, tuple(self._entry(kpi) for kpi in kpis))

    def _entry(self, branch):
        name = {"code": branch.code, "title": self.details.of(branch.id).title or branch.title}
        columns = self.columns(branch)
        if branch.id in self._shown:
            return Entry(key="", **name, **columns)
        self._shown.add(branch.id)
        detail = self.details.of(branch.id)
        return Entry(
            key=branch.key,
            **name,
            words=branch.words if branch.words != name["title"] else "",
            statement=detail.statement,
            **columns,
            clauses=self._clauses(branch),
            about=tuple(self._about(branch, detail)),
            note=detail.note,
            line=detail.line,
            empty=self._empty(branch, detail),
            groups=self._inside(branch),
        )

    def columns(self, branch):
        """How an entry stands; nothing for those who may not see it."""
        if self.standing is None or branch.is_note:
            return {}
        columns = self.standing.shown(branch.id)
        if columns and branch.role == NodeRole.KPI and self.standing.is_live:
            columns["url"] = self.addresses.kpi(branch.id)
        return columns

    def _clauses(self, branch):
        """A KPI has a page of its own for them."""
        if self.standing is None or branch.is_note or branch.role == NodeRole.KPI:
            return ()
        return self.standing.clauses(branch.id)

    def _empty(self, branch, detail):
        if branch.role == NodeRole.RISK and not self.children.get(branch.id):
            return UNMITIGATED
        return UNMEASURED if self.is_unmeasured(branch) else ""

    def is_unmeasured(self, branch):
        """Whether no KPI serves an outcome, in a plan whose KPIs serve any."""
        is_outcome = branch.role == NodeRole.OUTCOME and not self.details.of(branch.id).clauses
        return is_outcome and not self.serving.get(branch.id) and bool(self.serving)

    def measured_by(self, branch):
        """The KPIs that serve an outcome; of another entry, those below it."""
        if branch.role == NodeRole.OUTCOME:
            return self.serving.get(branch.id, [])
        return [below for below in self.below(branch.id) if below.role == NodeRole.KPI]

    def _about(self, branch, detail):
        if branch.is_note:
            label = self.details.label(NodeRole.MILESTONE).lower()
            yield About("Note only", (Piece(f"A remark, no {label}: it is never due"),))
        dates = dates_in_words(detail.dates, self.plan.ends, detail.clauses, branch.dues)
        if branch.role == NodeRole.MILESTONE and not branch.is_note:
            dates = dates or [NO_DATE]
        if dates:
            yield _several("Due", "Due", dates)
        if detail.owners:
            # A list of jobs reads as one line.
            yield About(
                "Owner" if len(detail.owners) == 1 else "Owners",
                (Piece(", ".join(detail.owners)),),
            )
        if detail.costs:
            yield _several("Cost", "Costs", [_cost(cost) for cost in detail.costs])
        if detail.phases:
            yield About("Phase", (Piece(", ".join(self._phases(detail))),))
        if detail.likelihood:
            yield About("Likelihood", (Piece(f"{detail.likelihood} of 5"),))
        if detail.impact:
            yield About("Impact", (Piece(f"{detail.impact} of 5"),))
        yield from self._links(FORWARD, detail.links)
        yield from self._links(BACK, detail.linked_from)
        for framework, items in detail.serves.items():
            yield About(framework, (Piece(", ".join(items)),))

    def _phases(self, detail):
        for one in detail.phases:
            doubt = "" if one.certain else " (not certain)"
            yield f"{self.details.phases[one.phase]} {year_name(one.year)}{doubt}"

    def _links(self, words, links):
        for kind, term in words.items():
            others = [self.branches[pk] for of_kind, pk in links if of_kind == kind]
            if others:
                yield About(term, tuple(self.piece(other) for other in others))

    def piece(self, branch):
        """An entry as others name it, linked to where it stands."""
        title = self.details.of(branch.id).title or branch.title
        above = self.branches.get(branch.parent)
        # Letters begin anew under each entry: alone they say nothing elsewhere.
        is_lettered = branch.role in (NodeRole.STRAND, NodeRole.MITIGATION) and branch.code
        code = f"{above.code} {branch.code}" if is_lettered and above else branch.code
        return Piece(f"{code} {title}".strip(), self.url_of(branch))

    def phase_table(self):
        """The phases of carrying out the plan, year by year; None where no entry is in one."""
        cells = {}
        for branch in self.tree:
            for one in self.details.of(branch.id).phases:
                piece = self.piece(branch)
                if not one.certain:
                    piece = Piece(f"{piece.text} (not certain)", piece.url)
                cells.setdefault((one.year, one.phase), []).append(piece)
        if not cells:
            return None
        return PhaseTable(
            heads=tuple(self.details.phases.values()),
            rows=tuple(
                (
                    year_name(year),
                    tuple(tuple(cells.get((year, phase), ())) for phase in self.details.phases),
                )
                for year in sorted({year for year, _ in cells})
            ),
        )


def _several(one, more, texts):
    return About(one if len(texts) == 1 else more, tuple(Piece(text) for text in texts))


def _cost(cost):
    """The plan's words, with the amount where they do not hold it already."""
    words = cost.words
    if cost.amount is not None:
        amount = f"£{cost.amount:,.2f}".removesuffix(".00")
        words = words if amount in words else f"{words}: {amount}"
    doubt = CERTAINTY[cost.certainty]
    return f"{words} ({doubt})" if doubt else words


def year_name(starts_in):
    """An academic year by the year in which it begins: 2025/26."""
    return f"{starts_in}/{(starts_in + 1) % 100:02}"
