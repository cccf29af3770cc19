"""What is told of a run, and kept in docs/benchmarks.md."""

import gzip
import platform
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .dashboard import Page
from .rounds import ratio
from .site import html_of
from .split import ORDER
from .stage import SMALL

MATRIX, PAGE, OWN_FILES = 15, 40, 40  # kilobytes, compressed
CELLS = 396
BEGIN, END = "<!-- results -->", "<!-- end of results -->"


@dataclass(frozen=True)
class Row:
    name: str
    cpu: float
    wall: float
    against: str = ""
    ratio: float | None = None
    limit: float | None = None

    @property
    def kept(self):
        return None if self.ratio is None or self.limit is None else self.ratio <= self.limit


@dataclass(frozen=True)
class Size:
    name: str
    kilobytes: float
    limit: float | None = None

    @property
    def kept(self):
        return None if self.limit is None else self.kilobytes <= self.limit


def table(measured):
    """A row for each thing measured, with its ratio where it has a floor in the same run."""
    named = {one.name: one for one in measured}
    return [
        Row(
            one.name,
            one.cpu,
            one.wall,
            one.against,
            ratio(one, named[one.against]) if one.against in named else None,
            one.limit,
        )
        for one in measured
    ]


def sizes_of(stage):
    """What goes over the wire, of the small trust: the page, and so many cells of its matrix."""
    if SMALL not in stage.grounds:
        return []
    body = Page(stage, stage.grounds[SMALL]).get()
    html = html_of(body)
    matrix = re.search(rb"<table.*</table>", html, re.S)[0]
    cells = [found.start() for found in re.finditer(rb"<td class=\"?cell", matrix)]
    part = matrix[: cells[CELLS]] if len(cells) > CELLS else matrix
    found = [
        Size("the whole page", len(body) / 1000, PAGE),
        Size(f"{CELLS} cells of its matrix", len(gzip.compress(part, 6)) / 1000, MATRIX),
    ]
    found.append(Size("own styles and scripts", _own_files(), OWN_FILES))
    return found


def _own_files():
    """All of them together, those that one page does not need too."""
    folder = Path(settings.BASE_DIR) / "static"
    own = [
        path
        for path in folder.rglob("*")
        if path.suffix in (".css", ".js") and "vendor" not in path.parts
    ]
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in own) / 1000


def told(rows, sizes, parts, chosen, clock):
    """The tables, as they stand in the page."""
    lines = [
        f"{timezone.localdate():%-d %B %Y}, {_machine()}, {_database()}. "
        f"{chosen.rounds} rounds, seed {chosen.seed}."
        + ("" if clock.sees_database else " The database's own processor time was out of sight."),
        "",
        "| measured | processor ms | wall ms | against | times | limit | kept |",
        "|---|---:|---:|---|---:|---:|---|",
    ]
    for row in rows:
        times = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(
            f"| {row.name} | {row.cpu:.1f} | {row.wall:.1f} | {row.against} | {times} |"
            f" {row.limit or ''} | {_kept(row.kept)} |"
        )
    if sizes:
        lines += ["", "| compressed | kB | limit | kept |", "|---|---:|---:|---|"]
        lines += [
            f"| {size.name} | {size.kilobytes:.1f} | {size.limit or ''} | {_kept(size.kept)} |"
            for size in sizes
        ]
    if parts:
        lines += ["", f"| cold page, ms | {' | '.join(ORDER)} |", "|---|" + "---:|" * len(ORDER)]
        lines += [
            f"| {size} | {' | '.join(f'{spent[part]:.1f}' for part in ORDER)} |"
            for size, spent in parts.items()
        ]
    return "\n".join(lines) + "\n"


def _kept(kept):
    return "" if kept is None else "yes" if kept else "NO"


def _machine():
    model = platform.processor() or platform.machine()
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        model = found[1].strip() if found else model
    except OSError:
        pass
    return f"{model}, Python {platform.python_version()}"


def _database():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def keep(page, text):
    """Put the results in the place of the last ones."""
    path = Path(page)
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
