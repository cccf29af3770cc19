"""How to read the statuses: every way a result can stand, as the dashboard draws it."""
