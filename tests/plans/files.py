"""The plan files that tests go through, as text by name."""

from datetime import date
from pathlib import Path

from demo.outside import COMPARED, INVENTED
from demo.plan import written
from demo.timetable import timetable

ROOT = Path(__file__).parents[2]
FULL = Path(__file__).with_name("full.yaml").read_text(encoding="utf-8")


def plan_files():
    """All plan files that there are: the plans, the example's, and two of the tests."""
    files = {
        file.stem: file.read_text(encoding="utf-8")
        for file in sorted((ROOT / "fixtures" / "plans").glob("*.yaml"))
    }
    example = written(timetable(date(2026, 11, 22)), dict.fromkeys(COMPARED, INVENTED))
    small = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")
    return files | {"the example": example, "small": small, "full": FULL}
