"""What people say of the results on the dashboard, each under the KPI that it is about.

It stands on the cards of a phone, and beside the table where a figure is read in
words. What has no room is on the pages of the KPIs.
"""

from dataclasses import dataclass

from kpis.rag.verdict import Status

AT_MOST = 24_000  # characters on one page; the rest stands on the pages of the KPIs


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one result, whose it is, and the address of its cell."""

    name: str
    url: str
    why: str = ""
    what_next: str = ""
    reply: str = ""

    @property
    def length(self):
        return len(self.why) + len(self.what_next) + len(self.reply)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one KPI: the trust first, then who is off target. ``more`` have no room."""

    words: tuple[Words, ...]
    more: int = 0

    @property
    def count(self):
        return len(self.words) + self.more


def said_of(page, facts):
    """What is said of the cells that stand on a page, by the key of their row."""
    texts = _texts(facts.comments)
    ids = {branch.key: branch.id for branch in facts.tree}
    found = [
        (place, row.key, Words(name, url, **texts[ids[row.key], unit]))
        for section in page.sections
        for row in section.rows
        for place, unit, name, url in _cells(row, page.columns, facts.given.trust)
        if texts.get((ids[row.key], unit))
    ]
    said, room = {}, AT_MOST
    for _, key, words in sorted(found, key=lambda one: one[0]):
        room -= words.length
        told = said.setdefault(key, Said(()))
        if room >= 0:
            said[key] = Said((*told.words, words), told.more)
        else:
            said[key] = Said(told.words, told.more + 1)
    return said


def _texts(comments):
    """{(entry of the plan, unit): its parts}."""
    texts = {}
    for one in comments:
        its = texts.setdefault((one.node, one.unit), {})
        told = {"reply": one.why} if one.is_reply else {"why": one.why, "what_next": one.what_next}
        its.update({part: text for part, text in told.items() if text})
    return texts


def _cells(row, columns, trust):
    """(what comes first, unit, whose, its address) of each cell of a row."""
    yield 0, trust, "The trust", row.url
    for column, cell in zip(columns, row.cells, strict=False):
        is_off = cell.status is Status.RED
        yield 1 if is_off else 2, column.id, column.name, row.url + column.query
