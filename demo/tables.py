"""The example's own tables in fixtures/demo: read as text, and asked by unit."""

import csv
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"


def rows(name):
    """The lines of one table, each a dict of text by column."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class ByUnit:
    """A table that says of each measure what holds for which units.

    A line that names units is for those; the line that names none is for all
    the others. What a school has, its parts have too.
    """

    def __init__(self, name):
        self._named, self._usual = {}, {}
        for row in rows(name):
            question = row["measure"], row.get("group") or "all"
            for code in row["units"].split():
                self._named[(*question, code)] = row
            if not row["units"]:
                self._usual[question] = row

    def find(self, measure, code, group="all"):
        """The line for one unit's question; None where there is none."""
        school = code.partition("-")[0]
        for own in (code, school):
            if (measure, group, own) in self._named:
                return self._named[measure, group, own]
        return self._usual.get((measure, group))
