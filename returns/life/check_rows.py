"""A return as it is read before it is sent, when it is approved, and as it was sent."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse

from kpis.rag.verdict import Status

from ..grid.rows import (
    EMPTY,
    REASONS,
    anchor_of,
    evidence_url,
    history_url,
    sections_of,
    shown_words,
)
from ..models import Line
from ..typed.as_typed import NOTHING, AsTyped
from .entering import read_lines
from .states import Action, State
from .wanting import Kind, wanting

CLAIMS = {REASONS["not_applicable"], REASONS["too_few"]}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One question and what was typed for it, to be read."""

    name: str
    group: str
    shown: str
    before: str
    before_period: str
    status: Status | None
    queries: list
    comments: list
    problems: list
    edit_url: str
    history_url: str
    evidence: list = field(default_factory=list)
    evidence_url: str = ""
    pk: int | None = None
    claim_words: str = ""
    may_accept: bool = False
    changed_words: str = ""
    asked: str = ""
    question: Any = None

    @property
    def is_empty(self):
        return self.shown == EMPTY

    @property
    def is_news(self):
        """Whether somebody who approves wants to see it before the rest."""
        return bool(self.queries or self.claim_words or self.changed_words or self.is_bad)

    @property
    def is_bad(self):
        return self.status is Status.RED


@dataclass(frozen=True, slots=True)
class Decision:
    """What who approves needs beside each line: a box to ask in, and what was sent before."""

    question_of: Any
    was: dict = field(default_factory=dict)


class Checked:
    """All that was typed into a return, read and judged as if it were sent as it stands."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.typed = AsTyped(sheet.return_, sheet.memberships, sheet.today)
        self.results, self.odd = self.typed.judged()

    @cached_property
    def wanted(self):
        """What is to do first; of a reopened return only what was reopened counts."""
        sheet = self.sheet
        lines = [line for line in sheet.lines.values() if sheet.return_.is_open_to(line)]
        found = read_lines(sheet.return_, sheet.asking, lines, sheet.today)
        return wanting(sheet.return_, found, sheet.memberships, sheet.today, self.typed)

    def to_do(self):
        """What is to do first, each with the row where it is done: (words, address)."""
        edit = reverse("returns:return-edit", args=[self.sheet.memberships.trust, self._pk])
        return [
            (want.words, f"{edit}#{anchor_of(one)}")
            for one in self.sheet.asked
            for want in self.wanted
            if want.key == one.key
        ]

    @property
    def _pk(self):
        return self.sheet.return_.pk

    def sentence(self):
        """What was sent, in one sentence: "29 of 30 figures, 5 off target, all explained."."""
        figures, asked = self.sheet.counts()
        off = [one for one in self.sheet.asked if self.result_of(one).status is Status.RED]
        of = f" of {asked}" if figures < asked else ""
        said = [f"{figures}{of} figure{'' if asked == 1 else 's'}"]
        if off:
            stories = {k[:2] for k, line in self.sheet.lines.items() if line.why and line.what_next}
            told = sum(one.key[:2] in stories for one in off)
            said.append(f"{len(off)} off target")
            said.append("all explained" if told == len(off) else f"{told} explained")
        return f"{', '.join(said)}."

    def result_of(self, asked):
        question = asked.measure.pk, asked.unit.id, asked.group.code
        return self.results.get(question, NOTHING)

    def sections(self, decision=None):
        """The rows by priority, in the order of the plan."""
        problems = {}
        if self.sheet.is_asking or self.sheet.return_.is_reopened:
            for want in self.wanted:
                words = want.words if want.kind == Kind.ERROR else ""
                problems.setdefault(want.key, []).append(words)
        row = _Rows(self, problems, decision).row
        sheet = self.sheet
        return sections_of(sheet, row, lambda one: one.number == 1 or sheet.has_answer(one))


class _Rows:
    """Makes the row of a question; what all rows share is read once."""

    def __init__(self, checked, problems, decision):
        self.checked, self.problems, self.decision = checked, problems, decision
        sheet = self.sheet = checked.sheet
        self.before = sheet.before()
        trust, return_ = sheet.memberships.trust, sheet.return_
        self.edit = reverse("returns:return-edit", args=[trust, return_.pk])
        self.may_change = return_.allows(Action.SAVE, sheet.memberships, sheet.today)
        self.is_sent = return_.state == State.SUBMITTED
        self.accepted = set()
        if self.is_sent:
            lines = Line.objects.filter(return_to=return_, entry__claim_accepted=True)
            self.accepted = set(lines.values_list("pk", flat=True))

    def row(self, asked):
        sheet, line = self.sheet, self.sheet.lines.get(asked.key) or Line()
        figure, period = self.before.get(asked.key, ("", ""))
        shown = shown_words(sheet, asked)[0]
        may_change = self.may_change and sheet.return_.is_open_to(sheet.lines.get(asked.key))
        question = asked.measure.pk, asked.unit.id, asked.group.code
        is_claim = self.is_sent and shown in CLAIMS
        is_accepted = line.pk in self.accepted
        result = self.checked.result_of(asked)
        return CheckRow(
            name=sheet.name_of(asked),
            group=sheet.group_of(asked),
            shown=shown,
            before=figure,
            before_period=period,
            status=result.status,
            queries=self.checked.odd.get(question, []),
            comments=_comments(line),
            problems=[words for words in self.problems.get(asked.key, []) if words],
            edit_url=f"{self.edit}#{anchor_of(asked)}" if may_change else "",
            history_url=history_url(sheet, asked),
            evidence=sheet.evidence_of(asked),
            evidence_url=evidence_url(sheet, asked),
            pk=line.pk,
            claim_words=_claim_words(shown, is_accepted) if is_claim else "",
            may_accept=is_claim and not is_accepted and self.decision is not None,
            **(self._for_decision(line) if self.decision and line.pk else {}),
        )

    def _for_decision(self, line):
        question_of = self.decision.question_of
        return {
            "asked": line.question,
            "question": question_of(line) if question_of else None,
            "changed_words": self.decision.was.get(line.key, ""),
        }


def _claim_words(shown, is_accepted):
    return f"{shown}: accepted." if is_accepted else f"{shown}: approving accepts it."


def _comments(line):
    said = [
        ("Why it is right", line.note),
        ("Why", line.why),
        ("What next", line.what_next),
        ("Evidence", line.evidence),
    ]
    return [(label, text) for label, text in said if text]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows under a title."""

    title: str
    rows: list


def news_first(sections):
    """The same rows, with what is odd, changed, claimed or off target on top."""
    news = [row for section in sections for row in section.rows if row.is_news]
    rest = [
        Rows(section.title, [row for row in section.rows if not row.is_news])
        for section in sections
    ]
    return [Rows("Queries and big changes", news), *[rows for rows in rest if rows.rows]]
