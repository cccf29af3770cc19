"""The PDF of a board report, against the same library laying out the same as a static page.

49 KPIs and 12 schools, 14 exceptions and 4 priorities: what a large board pack
has. Both are made in a process of their own, as they are when a report is
published; what is counted is the processor time of that process and of ours.
"""

import resource
import tempfile
import time
from pathlib import Path

from reports.pdf import paper
from tests.reports.documents import make_document

from .clock import Spent
from .floor_pdf import source
from .rounds import Measured

LIMIT = 1.5
SIZE = {"kpis": 49, "schools": 12, "exceptions": 14, "priorities": 4}


def measured(stage):
    document = make_document(**SIZE)
    folder = tempfile.TemporaryDirectory()
    stage.at_end(folder.cleanup)
    script = static(Path(folder.name), document)
    pages = f"{SIZE['kpis']} KPIs, {SIZE['schools']} schools"
    floor = f"static PDF, {pages}"
    yield Measured(floor, lambda: _timed(lambda: paper.typeset(b"{}", script=script)))
    yield Measured(
        f"PDF of a report, {pages}",
        lambda: _timed(lambda: paper.written(document)),
        against=floor,
        limit=LIMIT,
    )


def static(folder, document):
    """The process that typesets, with a static page in the place of our template."""
    here = paper.TYPESETTING.parent
    (folder / "template").mkdir()
    (folder / "template" / "report.typ").write_text(source(document), encoding="utf-8")
    (folder / "fonts").symlink_to(here / "fonts")
    script = folder / paper.TYPESETTING.name
    script.write_bytes(paper.TYPESETTING.read_bytes())
    return script


def _timed(act):
    """Our processor time and that of the processes that have ended meanwhile."""
    cpu, wall = _cpu(), time.perf_counter()
    act()
    return Spent(_cpu() - cpu, time.perf_counter() - wall)


def _cpu():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
