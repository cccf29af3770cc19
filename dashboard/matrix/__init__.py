"""The trust dashboard: every KPI at every school."""
