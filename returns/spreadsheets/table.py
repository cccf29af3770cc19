"""A sheet as plain text, whatever kind of file it came in."""

from dataclasses import dataclass, field

Place = tuple[int, int]  # the row's number as it is shown, the column counted from 0


@dataclass(slots=True)
class Table:
    """The rows of one sheet that say something, each with the number that is shown.

    ``kinds`` names the cells that were no plain text or number: "percent",
    "date", "boolean". ``wrongs`` says of cells why they cannot be read at all.
    ``merged`` are areas: first row, first column, last row, last column.
    ``file`` is which workbook of a zip it stands in.
    """

    sheet: str = ""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    kinds: dict[Place, str] = field(default_factory=dict)
    wrongs: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    file: str = ""

    @property
    def name(self) -> str:
        """Where it stands, as a person finds it: "Ashdale.xlsx, Autumn"."""
        return f"{self.file}, {self.sheet}" if self.file else self.sheet
