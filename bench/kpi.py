"""The page of one KPI, with two clauses and fifteen terms, at the large size."""

from kpis.models import KPI
from schools.tenancy import inside

from .floor_kpi import KpiFloor
from .history import MEASURED
from .rounds import Measured
from .site import forget
from .stage import LARGE

LIMIT = 5.0


def measured(stage):
    ground = stage.largest
    with inside(ground.trust):
        node = KPI.objects.filter(title__startswith=MEASURED).order_by("pk").first().pk
    floor = KpiFloor(stage.bare, ground, node)
    name = f"floor of a KPI {ground.size}"
    yield Measured(name, floor.page)
    yield Measured(
        f"KPI page {ground.size}",
        lambda: stage.site.get(ground, f"kpis/{node}/"),
        forget,
        name,
        LIMIT if ground.size == LARGE else None,
    )
