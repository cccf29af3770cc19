"""The benchmarks by name. A new one is a module with ``measured(stage)`` and a line here."""

from . import dashboard, kpi

BENCHMARKS = {"dashboard": dashboard.measured, "kpi": kpi.measured}
