"""The page of one KPI."""
