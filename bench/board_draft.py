"""The draft of a board report, as a leader opens it and as it is previewed.

Against the dashboard with every KPI of the same trust, both with nothing kept.
"""

from datetime import date

from django.utils import timezone

from reports.building.drafting import begin, suggestions_for
from reports.freezing.board import board_of
from reports.models import Meeting, Pick, Report
from schools.tenancy import inside

from .dashboard import Page
from .rounds import Measured
from .stage import LARGE

# The preview draws the last terms of every KPI, for which each school is judged in each.
LIMITS = {"draft": 2.5, "preview": 8.0}
EXCEPTIONS = 14


def measured(stage):
    ground = stage.largest
    with inside(ground.trust):
        report = _drafted(ground)
    whole = Page(stage, ground)
    name = f"dashboard {ground.size}, nothing kept"
    yield Measured(name, whole.get, whole.forgotten)
    for path, limit in LIMITS.items():
        page = Page(stage, ground, (f"reports/{report.pk}/{path}/", ""))
        limit = limit if ground.size == LARGE else None
        yield Measured(f"{path} of a report {ground.size}", page.get, page.forgotten, name, limit)


def _drafted(ground):
    """The draft of the last term with the first exceptions that are suggested."""
    if held := Report.objects.filter(term=ground.term).first():
        return held
    now = timezone.now()
    meeting = Meeting.objects.create(trust=ground.trust, name="Board", on=date(2026, 12, 1))
    report = begin(meeting, ground.term, by=ground.leader, at=now, today=now.date())
    board = board_of(ground.trust, report.plan, ground.term, now.date())
    for order, one in enumerate(suggestions_for(report, board)[:EXCEPTIONS], 1):
        about = {"node_id": one.candidate.kpi, "unit_id": one.candidate.unit}
        Pick.objects.create(report=report, order=order, rule=one.rule, **about)
    return report
