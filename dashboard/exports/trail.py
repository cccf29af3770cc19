"""The history of a trust as a table: a row for each thing that was changed."""

from django.utils import timezone

from ..trail.page import KINDS, every, step_of, who_of
from .tables import Book, Table, columns

MOST = 10_000  # rows of one file; for older ones a time is chosen
AT_ONCE = 500  # rows read at once: what a row says before and after can be a whole plan

COLUMNS = columns(
    ("When", 18),
    ("When (ISO)", 24),
    ("Who", 24),
    ("For", 24),
    ("Done", 20),
    ("What", 44),
    ("School", 30),
    ("Before", 40),
    ("After", 40),
    ("How", 16),
    ("Reason", 40),
)
LEFT_OUT = "left out"
HARMLESS = frozenset({"state", "due", "answers"})  # of a return; answers are only counted


def trail_book(wanted, sight):
    """The rows that the page's choices leave, the newest first, `MOST` of them."""
    found = every(wanted)[: MOST + 1].iterator(chunk_size=AT_ONCE)
    rows = [_row(row, sight.in_file) for row in found]
    is_cut = len(rows) > MOST
    table = Table("history", "History", COLUMNS, tuple(rows[:MOST]), fixed=2)
    changes = f"the newest {MOST:,} of those that fit" if is_cut else f"all {len(rows):,} that fit"
    about = [("Changes", changes), *_choices(wanted)]
    if sight.in_file:
        words = f"What was answered is on the page. Here it is {LEFT_OUT}, of large schools too"
        about.append(("Figures", words))
    return Book("history", "History", (table,), tuple(about), of_term=False)


def _choices(wanted):
    """What was chosen on the page, in its words."""
    told = (
        ("Shown", KINDS[wanted.kind][0] if wanted.kind else ""),
        ("Of school", wanted.unit),
        ("What has in it", wanted.words),
        ("Who has in it", wanted.person),
        ("From", wanted.since.isoformat() if wanted.since else ""),
        ("To", wanted.until.isoformat() if wanted.until else ""),
        ("One entry", "" if wanted.batch is None else "yes"),
    )
    return [(name, value) for name, value in told if value]


def _row(row, hides_figures):
    at = timezone.localtime(row.at)
    changes = step_of(row).changes
    if hides_figures and row.thing_kind.startswith(tuple(KINDS["figures"][1])):
        changes = [_without_figure(change) for change in changes]
    return (
        at.replace(tzinfo=None, microsecond=0),
        at.isoformat(timespec="seconds"),
        who_of(row),
        str(row.on_behalf_of or ""),
        row.action,
        row.thing_name,
        str(row.unit or ""),
        "; ".join(_said(name, before) for name, before, _ in changes if before),
        "; ".join(_said(name, after) for name, _, after in changes if after),
        row.how,
        row.reason,
    )


def _without_figure(change):
    name, before, after = change
    if name in HARMLESS:
        return change
    return name, before and LEFT_OUT, after and LEFT_OUT


def _said(name, value):
    """A part and what it was; what has one part only may have no name."""
    return f"{name}: {value}" if name else value
