"""A leader drafts a report: its meeting, its exceptions, its texts, and whether it is ready."""
