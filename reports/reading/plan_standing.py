"""How the entries of a plan stand in the latest published report: read from its snapshot."""

from dataclasses import dataclass

from dashboard.plan.published import knows
from kpis.rag.verdict import Mark, Status
from priorities.models import Node

from ..models import Published
from ..shapes import Document

MARKS = {mark.words: mark for mark in Mark}


@dataclass(frozen=True, slots=True)
class FrozenVerdict:
    """A status as it was published, with its sentence."""

    status: Status
    sentence: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenResult:
    verdict: FrozenVerdict


class FrozenStanding:
    """The same questions as `dashboard.plan.standing.Standing` answers, of what was published."""

    is_live = False
    judged = {}

    def __init__(self, document, keys):
        """``keys`` are those of the plan's entries by number."""
        self.keys = keys
        self.kpis = {row.key: row for section in document.sections for row in section.kpis}
        self.rows = {row.key: row for row in document.matrix.rows} if document.matrix else {}
        self.entries = {
            entry.key: entry
            for section in document.sections
            for entry in (*section.milestones, *section.actions, *section.risks)
            if entry.chip
        }

    def verdict(self, pk):
        key = self.keys.get(pk)
        if key in self.kpis:
            return _verdict(self.kpis[key].chip, self.kpis[key].say)
        if key in self.entries:
            return _verdict(self.entries[key].chip, self.entries[key].words)
        return None

    def results(self, pk):
        """What is counted of a KPI: each school's result, or that of the trust as a whole."""
        key = self.keys.get(pk)
        row = self.rows.get(key)
        if row is not None and row.cells:
            return [
                FrozenResult(FrozenVerdict(Status(cell.status), cell.say)) for cell in row.cells
            ]
        verdict = self.verdict(pk)
        return [FrozenResult(verdict)] if verdict and key in self.kpis else []

    def shown(self, pk):
        """The columns of an entry: verdict, figure and target; none where the report is silent."""
        verdict = self.verdict(pk)
        if verdict is None:
            return {}
        row = self.kpis.get(self.keys[pk])
        return {
            "verdict": verdict,
            "marks": verdict.marks,
            "figure": row.figure if row else "",
            "target": row.target if row else "",
        }

    def clauses(self, pk):
        """A report says how an entry stands, not each of its parts."""
        return ()


def _verdict(chip, say):
    marks = tuple(MARKS[words] for words in chip.marks if words in MARKS)
    return FrozenVerdict(Status(chip.status), say, marks)


@knows
def standing_of(plan):
    """As the latest report on this plan says, and which report that is."""
    newest = Published.objects.filter(report__plan=plan).newest_for()
    if newest is None:
        return None
    document = Document.read(newest.snapshot)
    keys = dict(Node.objects.filter(plan=plan).values_list("pk", "key"))
    note = f"Statuses as in the {document.header.title}, {document.header.as_at}"
    return FrozenStanding(document, keys), note.replace("the Board report", "the board report")
