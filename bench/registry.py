"""The benchmarks by name. A new one is a module with ``measured(stage)`` and a line here."""

from . import board_draft, board_pdf, browser, dashboard, grid, importing, kpi, returning

BENCHMARKS = {
    "dashboard": dashboard.measured,
    "kpi": kpi.measured,
    "returning": returning.measured,
    "grid": grid.measured,
    "importing": importing.measured,
    "board-draft": board_draft.measured,
    "board-pdf": board_pdf.measured,
    "browser": browser.measured,
}
# Those that run when nothing is chosen. A browser is a part of its own.
USUAL = ("dashboard", "kpi", "returning", "grid", "importing", "board-draft", "board-pdf")
