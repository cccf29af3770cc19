"""The pages of a plan as tables: the tree, what it serves, what it lacks."""

from .tables import Book, Table, columns, marks_in_words
from .written import number_in

TREE = columns(
    ("Under", 34),
    ("Level", 20),
    "Code",
    ("Entry", 40),
    ("In the plan's words", 60),
    ("Status", 15),
    "Figure",
    ("As shown", 16),
    ("Target", 16),
    ("Marks", 22),
    ("Said of it", 60),
)
CARDS = columns(
    ("Level", 20), "Code", ("Entry", 40), ("In the plan's words", 60), ("Under", 30), ("Holds", 34)
)
COVERAGE = columns(("Item", 44), ("Strand", 44), ("Level", 20), ("Named by", 44), "KPIs served")
LACKS = columns(
    ("Kind", 30),
    ("Entry", 40),
    ("Level", 16),
    ("What is lacking", 44),
    ("Key in the plan file", 30),
)


def plan_book(plan):
    """The tree if the page shows it, else the strategy on a page."""
    if plan.view == "tree":
        rows = [row for section in plan.sections for part in section.parts for row in _part(part)]
        table = Table("tree", "Plan", TREE, tuple(rows), fixed=4)
    else:
        rows = [_card(row.heading, card) for row in plan.rows for card in row.cards]
        table = Table("page", "Strategy on a page", CARDS, tuple(rows), fixed=3)
    about = (("Years", plan.years), ("Statuses", plan.statuses_note))
    return Book("plan", plan.title, (table,), tuple(row for row in about if row[1]))


def _part(part):
    """A part that is an entry of its own, then what stands in it."""
    if part.about is not None:
        yield _entry("", "", part.about)
    yield from _groups(part.groups, part.title if part.about is not None else "", part.title)


def _groups(groups, above, level=""):
    """``level`` is what groups without a name of their own are called."""
    for group in groups:
        for entry in group.entries:
            yield _entry(above, group.heading or level, entry)
            yield from _groups(entry.groups, _name(entry), group.heading or level)


def _name(entry):
    return f"{entry.code} {entry.title}".strip()


def _entry(above, level, entry):
    verdict = entry.verdict
    said = [
        f"{about.term}: {'; '.join(piece.text for piece in about.pieces)}" for about in entry.about
    ]
    said += [words for words in (entry.note, entry.empty) if words]
    said += [f"{one.name}: {one.verdict.sentence}" for one in entry.clauses]
    return (
        above,
        level,
        entry.code,
        entry.title,
        " ".join(words for words in (entry.words, entry.statement) if words),
        verdict.status.words if verdict else "",
        number_in(entry.figure or ""),
        entry.figure or "",
        entry.target or "",
        marks_in_words(entry.marks),
        "\n".join(said),
    )


def _card(level, card):
    return (level, card.code, card.title, card.statement, card.above, card.counts)


def coverage_book(coverage):
    """A table for each framework."""
    tables = tuple(
        Table(one.key, one.name, COVERAGE, tuple(_items(one.rows)), fixed=2)
        for one in coverage.frameworks
    )
    findings = tuple((one.name, one.finding) for one in coverage.frameworks)
    return Book("coverage", f"Coverage of {coverage.title}", tables, findings)


def _items(rows):
    """A row for each entry that names an item, and one for an item that none names."""
    item = ""
    for row in rows:
        item = item if row.is_strand else row.name
        strand = row.name if row.is_strand else ""
        named = [(one.level, one.piece.text) for one in row.named_by] or [("", "")]
        for level, name in named:
            yield item, strand, level, name, row.counted


def readiness_book(readiness):
    rows = [
        (table.name, row.name, row.level, row.what, row.where)
        for table in readiness.tables
        for row in table.rows
    ]
    table = Table("lacks", "What is lacking", LACKS, tuple(rows), fixed=2)
    means = tuple((one.name, f"{one.means} {one.mended}") for one in readiness.tables)
    return Book("readiness", f"Readiness of {readiness.title}", (table,), means)
