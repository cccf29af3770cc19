"""A term is opened, run and closed."""
